package helpcenter

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskbell/store"
)

// marker finds the words of a question in texts.
type marker struct {
	words  []string
	dense  []string   // those of scripts without spaces, which stand within words
	firsts [0x80]bool // letters that words begin with
}

func marking(terms []string) *marker {
	m := &marker{}
	for _, t := range terms {
		for _, w := range strings.Fields(t) {
			m.words = append(m.words, w)
			if store.Spread(w) != w {
				m.dense = append(m.dense, w)
			}
			if w[0] < utf8.RuneSelf {
				m.firsts[w[0]] = true
			}
		}
	}
	return m
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// spans are hits in a text from a byte on, as pairs of offsets; at most so many, if most is not 0.
func (m *marker) spans(text string, most int) [][2]int {
	var out [][2]int
	for i := 0; i < len(text) && (most == 0 || len(out) < most); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			i += n
			continue
		}
		end, ascii := i+n, r < utf8.RuneSelf
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !inWord(r) {
				break
			}
			ascii = ascii && r < utf8.RuneSelf
			end += n
		}
		if first := text[i] | 0x20; ascii && !m.firsts[text[i]] && !m.firsts[first&0x7f] {
			i = end
			continue
		}
		whole := strings.ToLower(text[i:end])
		if from, to := m.fits(whole); to > from && to <= end-i {
			if len(whole) == end-i {
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
func (m *marker) fits(word string) (int, int) {
	for _, t := range m.words {
		if strings.HasPrefix(word, t) || len(word) >= 4 && strings.HasPrefix(t, word) && len(t)-len(word) <= 2 {
			return 0, len(word)
		}
	}
	for _, t := range m.dense {
		if at := strings.Index(word, t); at >= 0 {
			return at, at + len(t)
		}
	}
	return 0, 0
}

// mark is a text as HTML with the terms marked.
func (m *marker) mark(text string) string {
	var b strings.Builder
	last := 0
	for _, s := range m.spans(text, 0) {
		b.WriteString(html.EscapeString(text[last:s[0]]) + "<mark>" + html.EscapeString(text[s[0]:s[1]]) + "</mark>")
		last = s[1]
	}
	b.WriteString(html.EscapeString(text[last:]))
	return b.String()
}

const window = 160

// excerpt is the part of a text around the first term, or the description where the text has none of them.
func (m *marker) excerpt(text, description string) string {
	found := m.spans(text, 1)
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
