// Package safe turns strangers' text into what may be shown.
//
// Messages are Markdown (CommonMark with GitHub's extensions). There is one way from Markdown to HTML and one
// sanitiser behind it; nothing else in the program makes HTML of what people wrote.
package safe

import (
	"bufio"
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

// markdown parses messages, unlinked those in which no address can be: looking for one at each word takes as long as the rest.
var markdown, unlinked = messages(extension.Linkify), messages()

func messages(more ...goldmark.Extender) goldmark.Markdown {
	return goldmark.New(
		literal(parser.WithAttribute()),
		goldmark.WithExtensions(append(more, extension.TaskList)...),
		goldmark.WithRendererOptions(html.WithHardWraps(), rendering()), // nor would raw HTML be let through: it is not WithUnsafe
	)
}

// linked reports whether an address may stand in a text.
func linked(text string) bool {
	return strings.Contains(text, "://") || strings.Contains(text, "@") || strings.Contains(text, "www.")
}

// markup are the elements of messages that need no attributes.
var markup = []string{"p", "br", "hr", "strong", "b", "em", "i", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}

// policy allows text markup and links. Images of other hosts would tell them who reads when, so there are none.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(markup...)
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("mailto", "tel")
	outward(p)
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()

// outward allows addresses of the web that name a host: browsers take http:path for a page of ours.
func outward(p *bluemonday.Policy) {
	for _, scheme := range []string{"http", "https"} {
		p.AllowURLSchemeWithCustomPolicy(scheme, func(u *url.URL) bool { return u.Host != "" })
	}
}

// HTML renders Markdown and sanitises it.
func HTML(text string) string {
	if html, done := prose(text); done {
		return html
	}
	if !linked(text) {
		return rendered(unlinked, text)
	}
	return rendered(markdown, text)
}

func rendered(markdown goldmark.Markdown, text string) string {
	var b bytes.Buffer
	w := writers.Get().(*bufio.Writer)
	defer writers.Put(w)
	w.Reset(&b)
	if !tame(text) || markdown.Convert([]byte(text), w) != nil || w.Flush() != nil {
		return policy.Sanitize(plain(text))
	}
	html, done := bare(b.String())
	if !done {
		html = policy.Sanitize(html)
	}
	return strings.TrimSpace(html)
}

// prose gives the HTML of a text in which nothing can be markup but **strong** words, nothing a link and nothing escaped:
// lines that begin with a letter, of letters, digits, single spaces and marks that mean nothing. Most messages are so, and
// parsing is the longest part of sending one.
func prose(text string) (html string, done bool) {
	parts, done := strong(text)
	if !done || strings.Contains(text, "www") || strings.Contains(text, "WWW") {
		return "", false
	}
	b := append(make([]byte, 0, len(text)+len(text)/8+64), "<p>"...)
	var before rune = '\n'
	for i, part := range parts {
		if i > 0 {
			b = append(b, [...]string{"</strong>", "<strong>"}[i%2]...)
		}
		for _, r := range part {
			switch {
			case unicode.IsLetter(r):
			case before == '\n': // a list, a heading, code, another paragraph
				return "", false
			case unicode.IsDigit(r), strings.ContainsRune(`,.;:?!'"()-%`, r):
			case r > unicode.MaxASCII && r != unicode.ReplacementChar && unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Z, r):
			case r == ' ' && before != ' ':
			case r == '\n' && before != ' ':
			default:
				return "", false
			}
			before = r
			switch r { // as the sanitiser writes them
			case '\n':
				b = append(b, "<br>\n"...)
			case '\'':
				b = append(b, "&#39;"...)
			case '"':
				b = append(b, "&#34;"...)
			default:
				b = utf8.AppendRune(b, r)
			}
		}
	}
	if before == '\n' || before == ' ' {
		return "", false
	}
	return string(append(b, "</p>"...)), true
}

// strong parts a text at its double stars: the second part is strong, and each second one behind it. It is done only where no
// star could mean anything else: the first two stand between a space and a letter, the last two between a letter and a space,
// an end or a mark that ends something (https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run).
func strong(text string) (parts []string, done bool) {
	if strings.IndexByte(text, '*') < 0 {
		return []string{text}, true
	}
	parts = strings.Split(text, "**")
	if len(parts)%2 == 0 {
		return nil, false
	}
	for i, part := range parts {
		if i%2 == 1 {
			first, _ := utf8.DecodeRuneInString(part)
			last, _ := utf8.DecodeLastRuneInString(part)
			if !unicode.IsLetter(first) || !unicode.IsLetter(last) || strings.Contains(part, "\n") {
				return nil, false
			}
			continue
		}
		if i > 0 && part != "" && !strings.ContainsRune(" \n,.;:?!)", rune(part[0])) || i < len(parts)-1 && !strings.HasSuffix(part, " ") {
			return nil, false
		}
	}
	return parts, true
}

// tags are what bare HTML may hold: each element of markup, opened and closed, to the letter.
var tags = func() map[string]bool {
	all := map[string]bool{}
	for _, name := range markup {
		all["<"+name+">"], all["</"+name+">"] = true, true
	}
	return all
}()

// bare gives HTML as the sanitiser would, where there is nothing for it to take out: every tag is one of those that are
// allowed, without any attribute, and every other mark is escaped. Most messages are so, and the sanitiser takes as long
// over them as over the rest.
func bare(html string) (string, bool) {
	for i := 0; i < len(html); i++ {
		switch html[i] {
		case '<':
			end := strings.IndexByte(html[i:], '>')
			if end < 0 || !tags[html[i:i+end+1]] {
				return html, false
			}
			i += end
		case '&':
			if !strings.HasPrefix(html[i:], "&amp;") && !strings.HasPrefix(html[i:], "&lt;") && !strings.HasPrefix(html[i:], "&gt;") && !strings.HasPrefix(html[i:], "&quot;") {
				return html, false
			}
		case '>', '\r', 0:
			return html, false
		}
	}
	return quotes.Replace(html), true
}

var quotes = strings.NewReplacer("'", "&#39;", `"`, "&#34;", "&quot;", "&#34;") // as the sanitiser writes them

var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 1024) }} // or goldmark makes one for each text

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Text cleans what a person wrote: valid UTF-8, no control characters but line breaks and tabs, no direction
// overrides, no space at the ends. Where nothing of it can be seen, nothing was written.
func Text(s string) string {
	if oneLine(s) && strings.IndexByte(s, 0x7F) < 0 {
		return s
	}
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s))
	if strings.IndexFunc(s, Seen) < 0 {
		return ""
	}
	return s
}

// Seen reports whether a character is one that people see by itself: no space, control or joiner, no mark that stands on
// another character, none of the blanks that Unicode counts among letters and signs (Hangul fillers, the empty Braille pattern).
func Seen(r rune) bool {
	return r != '\u2800' && !unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf, unicode.M, unicode.Other_Default_Ignorable_Code_Point)
}

// unmarked takes out what Markdown marks text with: headings, quotes, list items and fences at the beginning of a line,
// emphasis, and all of a link but its text. A regular expression would take as long as the rest of sending.
func unmarked(text string) string {
	if !strings.ContainsAny(text, "#>-+*_~`[") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		rest := text[i:]
		if i == 0 || text[i-1] == '\n' {
			if n := lead(rest); n > 0 {
				i += n
				continue
			}
		}
		switch c := rest[0]; c {
		case '*', '_', '~', '`':
			i++
			continue
		case '!', '[':
			if shown, n := link(rest); n > 0 {
				b.WriteString(shown)
				i += n
				continue
			}
		}
		b.WriteByte(rest[0])
		i++
	}
	return b.String()
}

// drawn is the line of a table that says where its head ends.
var drawn = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)

// untabled writes the rows of tables as their cells with commas between them, and leaves out the lines that only draw. A row
// need not have bars at its ends, and the last one may be cut off.
func untabled(text string) string {
	if !strings.Contains(text, "|") {
		return text
	}
	var out []string
	lines := strings.Split(text, "\n")
	within := false
	for i, line := range lines {
		row := strings.TrimSpace(line)
		draws := func(k int) bool {
			return k < len(lines) && strings.Contains(lines[k], "|") && drawn.MatchString(lines[k])
		}
		within = strings.Contains(row, "|") && (within || strings.HasPrefix(row, "|") || draws(i+1) || draws(i))
		if within {
			if strings.Trim(row, "|-: ") == "" {
				continue
			}
			cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			line = strings.Join(cells, ", ")
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// lead is the length of the mark that a line begins with.
func lead(line string) int {
	if strings.HasPrefix(line, "```") {
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			return end
		}
		return len(line)
	}
	switch n := len(line) - len(strings.TrimLeft(line, "#")); {
	case n > 6, n > 0 && !strings.HasPrefix(line[n:], " "):
		return 0
	case n > 0:
		return n + 1
	case strings.HasPrefix(line, "> "):
		return 2
	case line[0] == '>':
		return 1
	case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "), strings.HasPrefix(line, "+ "):
		return 2
	}
	return 0
}

// link is the text of the link or image that begins here, and the length of the whole.
func link(s string) (shown string, n int) {
	in := strings.TrimPrefix(s, "!")
	if !strings.HasPrefix(in, "[") {
		return "", 0
	}
	shown, after, ok := strings.Cut(in[1:], "]")
	if !ok || !strings.HasPrefix(after, "(") {
		return "", 0
	}
	_, after, ok = strings.Cut(after, ")")
	if !ok {
		return "", 0
	}
	return shown, len(s) - len(after)
}

// Preview is the beginning of a message as one line of plain text, at most 140 characters.
func Preview(text string) string {
	text = Line(text, 2000)
	n, cut := 0, 0
	for i := range text {
		if n == 139 {
			cut = i
		}
		if n++; n > 140 {
			return strings.TrimSpace(text[:cut]) + "…"
		}
	}
	return text
}

// Line is the beginning of a text, so many bytes of it, as one line without Markdown's marks.
func Line(text string, bytes int) string {
	text = untabled(unmarked(ClipBytes(text, bytes)))
	if oneLine(text) {
		return text
	}
	return strings.Join(strings.Fields(text), " ")
}

// oneLine reports whether a text has single spaces between its words and no others.
func oneLine(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c >= utf8.RuneSelf || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return before != ' '
}

// Clip is the beginning of a text, so many characters of it, with … where more stood.
func Clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// ClipBytes is the beginning of a text, at most so many bytes of it, without a character that is cut in two.
func ClipBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
