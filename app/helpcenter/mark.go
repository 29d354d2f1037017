package helpcenter

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskbell/store"
)

// hits of words in a text, as pairs of byte offsets.
func spans(text string, terms []string) [][2]int {
	var out [][2]int
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			i += n
			continue
		}
		end := i
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !inWord(r) {
				break
			}
			end += n
		}
		if from, to := fits(strings.ToLower(text[i:end]), terms); to > from && to <= end-i {
			if whole := strings.ToLower(text[i:end]); len(whole) == end-i {
				out = append(out, [2]int{i + from, i + to})
			} else {
				out = append(out, [2]int{i, end})
			}
		}
		i = end
	}
	return out
}

// fits says which part of a word is to be marked: all of it, if it begins as a term or the term as it; in scripts
// without spaces the term within it.
func fits(word string, terms []string) (int, int) {
	for _, t := range terms {
		for _, t := range strings.Fields(t) {
			switch {
			case strings.HasPrefix(word, t), len(word) >= 4 && strings.HasPrefix(t, word) && len(t)-len(word) <= 2:
				return 0, len(word)
			case store.Spread(t) != t:
				if at := strings.Index(word, t); at >= 0 {
					return at, at + len(t)
				}
			}
		}
	}
	return 0, 0
}

// mark is a text as HTML with the terms marked.
func mark(text string, terms []string) string {
	var b strings.Builder
	last := 0
	for _, s := range spans(text, terms) {
		b.WriteString(html.EscapeString(text[last:s[0]]) + "<mark>" + html.EscapeString(text[s[0]:s[1]]) + "</mark>")
		last = s[1]
	}
	b.WriteString(html.EscapeString(text[last:]))
	return b.String()
}

const window = 160

// excerpt is the part of a text around the first term, or the description where the text has none of them.
func excerpt(text, description string, terms []string) string {
	if len(text) > 5000 {
		text = strings.ToValidUTF8(text[:5000], "")
	}
	text = strings.Join(strings.Fields(text), " ")
	found := spans(text, terms)
	if len(found) == 0 && description != "" {
		return description
	}
	start := 0
	if len(found) > 0 && found[0][0] > window/2 {
		start = found[0][0] - window/2
		for start > 0 && !utf8.RuneStart(text[start]) {
			start--
		}
		if space := strings.IndexByte(text[start:], ' '); space >= 0 && start+space < found[0][0] {
			start += space + 1
		}
	}
	end := min(len(text), start+window)
	if end < len(text) {
		if space := strings.LastIndexByte(text[start:end], ' '); space > window/2 {
			end = start + space
		}
		for !utf8.RuneStart(text[end]) {
			end--
		}
	}
	out := text[start:end]
	if start > 0 {
		out = "… " + out
	}
	if end < len(text) {
		out += " …"
	}
	return out
}
