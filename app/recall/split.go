package recall

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Sizes of a part in bytes. The model reads 256 word pieces, which is about 1,100 bytes of English.
const (
	wished = 900
	most   = 1400
)

// Part is a piece of a text that stands for itself.
type Part struct {
	Heading string // the headings above it, outermost first, joined by " › "
	Body    string // Markdown, at most 1,400 bytes
}

var (
	atx    = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	fence  = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})")
	setext = regexp.MustCompile(`^ {0,3}(=+|-{2,})[ \t]*$`)
)

// Split cuts Markdown at its headings, and long sections between paragraphs. Code blocks and tables stay whole where
// they fit; where they do not, each piece has its fence or its head row.
func Split(markdown string) []Part {
	s := splitter{}
	lines := strings.Split(strings.ReplaceAll(strings.ToValidUTF8(markdown, "\uFFFD"), "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); {
		i = s.next(lines, i)
	}
	s.flush()
	return s.parts
}

type splitter struct {
	path  [6]string
	body  strings.Builder
	block []string // the lines of the paragraph that is being read
	parts []Part
}

// next reads the line at i, or the whole code block or table that starts there.
func (s *splitter) next(lines []string, i int) int {
	line := lines[i]
	switch {
	case fence.MatchString(line):
		return s.code(lines, i)
	case tableAt(lines, i):
		return s.table(lines, i)
	case len(s.block) == 1 && setext.MatchString(line):
		text := s.block[0]
		s.block = nil
		s.heading(1+strings.Count(strings.TrimSpace(line)[:1], "-"), text)
	case strings.TrimSpace(line) == "":
		s.paragraph()
	default:
		if m := atx.FindStringSubmatch(line); m != nil {
			s.paragraph()
			s.heading(len(m[1]), m[2])
		} else {
			s.block = append(s.block, line)
		}
	}
	return i + 1
}

func (s *splitter) heading(level int, text string) {
	s.flush()
	clear(s.path[level-1:])
	s.path[level-1] = clip(Plain(text), 200)
}

func (s *splitter) code(lines []string, i int) int {
	s.paragraph()
	mark := fence.FindStringSubmatch(lines[i])[1]
	end := i + 1
	for end < len(lines) && !strings.HasPrefix(strings.TrimLeft(lines[end], " "), mark) {
		end++
	}
	s.lines(clip(lines[i], 100), lines[i+1:end], clip(mark, 20))
	return min(end+1, len(lines))
}

func tableAt(lines []string, i int) bool {
	return i+1 < len(lines) && strings.Contains(lines[i], "|") && ruled(lines[i+1])
}

func ruled(line string) bool {
	return strings.Contains(line, "-") && strings.Contains(line, "|") && strings.Trim(line, " \t|:-") == ""
}

func (s *splitter) table(lines []string, i int) int {
	s.paragraph()
	end := i + 2
	for end < len(lines) && strings.Contains(lines[end], "|") && strings.TrimSpace(lines[end]) != "" {
		end++
	}
	s.lines(clip(lines[i], 300)+"\n"+clip(lines[i+1], 300), lines[i+2:end], "")
	return end
}

// lines adds rows below a head and above a foot, again for each piece where they do not fit into one.
func (s *splitter) lines(head string, rows []string, foot string) {
	var piece []string
	size := len(head) + len(foot) + 2
	out := func() {
		text := head + "\n" + strings.Join(piece, "\n")
		if foot != "" {
			text += "\n" + foot
		}
		s.add(strings.TrimRight(text, "\n"))
		piece, size = nil, len(head)+len(foot)+2
	}
	for _, row := range rows {
		for _, row := range cut(row, most-len(head)-len(foot)-4) {
			if size+len(row)+1 > most {
				out()
			}
			piece = append(piece, row)
			size += len(row) + 1
		}
	}
	out()
}

func (s *splitter) paragraph() {
	text := strings.Trim(strings.Join(s.block, "\n"), "\n")
	s.block = nil
	for _, piece := range cut(text, most) {
		s.add(piece)
	}
}

// add puts a block behind what the section has so far, or begins a part with it.
func (s *splitter) add(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if s.body.Len() > 0 && s.body.Len()+2+len(text) > wished {
		s.emit()
	}
	if s.body.Len() > 0 {
		s.body.WriteString("\n\n")
	}
	s.body.WriteString(text)
}

func (s *splitter) flush() {
	s.paragraph()
	s.emit()
}

func (s *splitter) emit() {
	if s.body.Len() == 0 {
		return
	}
	var path []string
	for _, h := range s.path {
		if h != "" {
			path = append(path, h)
		}
	}
	s.parts = append(s.parts, Part{Heading: strings.Join(path, " › "), Body: s.body.String()})
	s.body.Reset()
}

// cut makes pieces of at most n bytes: between lines, sentences, words, or at last letters.
func cut(text string, n int) []string {
	var out []string
	for len(text) > n {
		at := n
		for !utf8.RuneStart(text[at]) {
			at--
		}
		for _, mark := range []string{"\n", ". ", "? ", "! ", " "} {
			if k := strings.LastIndex(text[:at], mark); k > n/2 {
				at = k + len(mark)
				break
			}
		}
		out = append(out, strings.TrimSpace(text[:at]))
		text = strings.TrimLeft(text[at:], " \n")
	}
	return append(out, text)
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

var (
	images = regexp.MustCompile(`!\[([^\]]*)\]\([^)]*\)`)
	links  = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	tags   = regexp.MustCompile(`</?[A-Za-z][^<>]{0,400}>`)
	rules  = regexp.MustCompile(`(?m)^[ \t|:-]*-[ \t|:-]*$`)
	marks  = regexp.MustCompile("(?m)^ {0,3}(#{1,6} |> ?|[-*+] |\\d{1,9}[.)] |`{3,}.*$|~{3,}.*$)|[*`]{1,3}|~~|\\\\([-\\\\`*_{}\\[\\]()#+.!|>~])|\\|")
	spaces = regexp.MustCompile(`\s+`)
)

// Plain is what Markdown says, without marks, addresses and line breaks: what is compared, not what is shown.
func Plain(markdown string) string {
	s := images.ReplaceAllString(markdown, "$1")
	s = links.ReplaceAllString(s, "$1")
	s = tags.ReplaceAllString(s, " ")
	s = rules.ReplaceAllString(s, " ")
	s = marks.ReplaceAllString(s, " $2")
	return strings.TrimSpace(spaces.ReplaceAllString(s, " "))
}

// Quote is what a stranger's Markdown says, shortened to one line, as it may stand inside Markdown.
func Quote(markdown string) string {
	s := Plain(markdown)
	if r := []rune(s); len(r) > quote {
		s = string(r[:quote]) + "…"
	}
	return strings.NewReplacer("*", "\\*", "_", "\\_", "[", "\\[", "`", "\\`", "<", "&lt;").Replace(s)
}

const quote = 300 // characters of it
