package ai

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"deskbell/app/safe"
	"deskbell/app/tongue"
)

// passage is something that an answer may rest on. Its id is drawn for one question, so that nobody can have written it
// down beforehand: not a visitor in a message, not somebody in an article.
type passage struct {
	id   string
	at   int    // in thought.found; -1: a tool's result
	text string // all of it, as it was given to the model
}

// reading hears what a model says, sentence by sentence, and lets through what it can show a source for.
//
// A sentence stays if it cites passages that were given, every number in it stands in them, and, where both are in one
// language, some of its words do. What cites nothing is dropped, and so are images, HTML, and links to anywhere but the
// allowed places. A line that ends in a colon, or a heading, stays if what follows it does. The first line says how
// sure the model is.
type reading struct {
	passages map[string]passage
	allowed  func(url string) bool
	never    []string // words that must not be said, folded

	sure    float64 // 0 to 1; -1: it did not say
	raw     strings.Builder
	pending string // not yet a whole sentence
	headed  bool   // the first line was read
	fenced  []string
	lead    string // a line that introduces what follows
	kept    strings.Builder
	wanted  string // space before the next sentence
	cited   map[string]bool
	dropped int
	count   int
	said    bool // a word that must not be said was
}

func newReading(list []passage, never []string, allowed func(string) bool) *reading {
	r := &reading{passages: map[string]passage{}, allowed: allowed, sure: -1, cited: map[string]bool{}}
	for _, p := range list {
		r.passages[p.id] = p
	}
	for _, w := range never {
		r.never = append(r.never, folded(w))
	}
	return r
}

// hear takes more of what the model says. It reports whether there is more to show.
func (r *reading) hear(text string) (more bool) {
	r.raw.WriteString(text)
	r.pending += text
	return r.read(false)
}

// end says that nothing follows.
func (r *reading) end() {
	r.read(true)
	r.fenced, r.lead = nil, ""
}

// text is what may be shown so far.
func (r *reading) text() string { return strings.TrimSpace(r.kept.String()) }

var surely = regexp.MustCompile(`(?i)^\W*sure\W+(\d{1,3})\b\D*$`)

func (r *reading) read(final bool) (more bool) {
	if !r.headed {
		line, rest, whole := strings.Cut(strings.TrimLeft(r.pending, " \n\r\t"), "\n")
		if !whole && !final && len(line) < 60 {
			return false
		}
		r.headed = true
		if m := surely.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			n, _ := strconv.Atoi(m[1])
			r.sure, r.pending = float64(min(n, 100))/100, rest
		}
	}
	before := r.kept.Len()
	for {
		sentence, rest, ok := cut(r.pending, final)
		if !ok {
			return r.kept.Len() > before
		}
		r.pending = rest
		r.take(sentence)
	}
}

// cut takes the first sentence or line off a text. Where the text may go on, a sentence whose end is not certain is none
// yet: the citation may follow the full stop.
func cut(s string, final bool) (sentence, rest string, ok bool) {
	for i, c := range s {
		if c == '\n' {
			return s[:i+1], s[i+1:], true
		}
		if !strings.ContainsRune(".!?…。！？", c) {
			continue
		}
		at := i + utf8.RuneLen(c)
		at += len(s[at:]) - len(strings.TrimLeft(s[at:], ".!?…。！？\"'”’»)*_"))
		tail := citations.FindString(s[at:])
		at += len(tail)
		next := strings.TrimLeft(s[at:], " \t")
		switch {
		case next == "" && !final, next != "" && next[0] == '[' && !strings.Contains(next, "]") && !final:
			return "", s, false
		case next == "" || next[0] == '\n':
			continue // the line's end is the sentence's
		case len(next) == len(s[at:]) && tail == "" && c < utf8.RuneSelf: // no space: 3.5, example.com
			continue
		}
		first, _ := utf8.DecodeRuneInString(next)
		if unicode.IsLower(first) || tail == "" && abbreviated(s[:i]) {
			continue
		}
		return s[:at], s[at:], true
	}
	if final && s != "" {
		return s, "", true
	}
	return "", s, false
}

var (
	oneID     = `[` + letters + `]{5}`
	citations = regexp.MustCompile(`^(?:\s?\[` + oneID + `(?:\s*[,;]\s*` + oneID + `)*\])+`)
	citation  = regexp.MustCompile(`\s?\[(` + oneID + `(?:\s*[,;]\s*` + oneID + `)*)\]`)
	address   = regexp.MustCompile("(?i)(?:https?:|www\\.|//)[^\\s<>)\\]\"'`]+")
	short     = regexp.MustCompile(`(?i)(?:^|[\s(])(?:e\.g|i\.e|z\.\s?b|d\.\s?h|u\.\s?a|bzw|ca|nr|no|dr|mr|mrs|ms|st|str|etc|min|max|approx|incl|inkl|ggf|evtl|usw|vs|art|tel|p\.\s?ej|\pL|\d{1,2})$`)
	marker    = regexp.MustCompile(`^\s*(?:(?:[-*+]|\d{1,3}[.)])\s+|>\s*)*`)
	numbers   = regexp.MustCompile(`\d+(?:[.,:]\d+)*`)
)

// abbreviated reports whether a full stop after this text may end a word rather than a sentence.
func abbreviated(before string) bool { return short.MatchString(before) }

// take judges a sentence, with the line end or the space that belongs to it.
func (r *reading) take(s string) {
	line := strings.TrimRight(s, "\n")
	trimmed := strings.TrimSpace(line)
	if strings.HasPrefix(trimmed, "```") || r.fenced != nil {
		r.code(s, trimmed)
		return
	}
	if trimmed == "" {
		if strings.HasSuffix(s, "\n") && r.kept.Len() > 0 {
			r.wanted = "\n\n"
		}
		return
	}
	if strings.HasSuffix(s, "\n") {
		defer func() {
			if r.wanted == " " {
				r.wanted = "\n"
			}
		}()
	}
	ids := r.ids(line)
	plain := safe.Bare(citation.ReplaceAllString(line, ""), func(url string) bool { return r.may(url, ids) })
	if r.wanted == " " {
		plain = strings.TrimLeft(plain, " \t")
	}
	head := marker.FindString(plain)
	words := strings.Join(strings.Fields(plain[len(head):]), " ")
	switch {
	case strings.Trim(words, ".!?*_ ") == "": // nothing but marks
		return
	case len(ids) == 0 && strings.HasSuffix(s, "\n") && introduces(words):
		r.lead = plain + "\n"
		if strings.HasPrefix(words, "#") {
			r.lead += "\n"
		}
		return
	}
	r.count++
	if !r.holds(r.lead+words, ids) {
		r.dropped++
		return
	}
	r.keep(head, words, ids)
}

func introduces(words string) bool {
	return strings.HasSuffix(strings.TrimRight(words, "*_ "), ":") || strings.HasPrefix(words, "#") || len(words) < 80 && strings.HasPrefix(words, "**") && strings.HasSuffix(words, "**")
}

// ids are the passages that a sentence cites, of those that were given.
func (r *reading) ids(s string) (list []string) {
	for _, m := range citation.FindAllStringSubmatch(s, -1) {
		for _, id := range strings.FieldsFunc(m[1], func(c rune) bool { return c == ',' || c == ';' || c == ' ' }) {
			if _, given := r.passages[id]; given {
				list = append(list, id)
			}
		}
	}
	return list
}

// holds holds a sentence against what it cites.
func (r *reading) holds(s string, ids []string) bool {
	if len(ids) == 0 {
		return false
	}
	var b strings.Builder
	for _, id := range ids {
		b.WriteString(r.passages[id].text + "\n")
	}
	source := b.String()
	has := map[string]bool{}
	for _, n := range numbers.FindAllString(source, -1) {
		has[digits(n)] = true
	}
	body := marker.ReplaceAllString(s, "")
	for _, n := range numbers.FindAllString(body, -1) {
		if !has[digits(n)] {
			return false
		}
	}
	w := content(body)
	return len(w) == 0 || tongue.Of(body) != tongue.Of(source) || coverage(w, source) >= supported
}

const supported = 0.25 // of a sentence's words stand in what it cites, where both are in one language

// digits is a number without what separates thousands or decimals, which languages write differently.
func digits(n string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, n)
}

// keep shows a sentence, unless what it makes of the answer must not be shown.
func (r *reading) keep(head, words string, ids []string) {
	so := r.kept.String()
	if so != "" {
		so += r.wanted
	}
	so += r.lead + head + words
	to, foreign := safe.Links(so)
	to = append(to, address.FindAllString(so, -1)...) // whoever shows it may make links of them
	for _, url := range to {
		foreign = foreign || !r.may(url, ids) && !strings.Contains(r.kept.String(), url)
	}
	if foreign {
		r.dropped++
		return
	}
	if r.forbidden(so) {
		r.said = true
		return
	}
	r.kept.Reset()
	r.kept.WriteString(so)
	r.wanted, r.lead = " ", ""
	for _, id := range ids {
		r.cited[id] = true
	}
}

// may reports whether a link may lead there: to the allowed places, and for addresses of mail and telephones, to those in
// the passages.
func (r *reading) may(url string, ids []string) bool {
	for _, scheme := range []string{"mailto:", "tel:"} {
		if to, is := strings.CutPrefix(strings.ToLower(url), scheme); is {
			for _, id := range ids {
				if strings.Contains(strings.ToLower(r.passages[id].text), to) {
					return to != ""
				}
			}
			return false
		}
	}
	return r.allowed(url)
}

// forbidden reports whether a text holds what must never be said.
func (r *reading) forbidden(s string) bool { return neverSaid(s, r.never) }

func neverSaid(s string, never []string) bool {
	s = folded(s)
	for _, w := range never {
		if w != "" && strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// folded is a text as it is compared with words that must not be said: in lower case, without marks, invisible characters, and
// accents of Latin letters, letters of every width as plain ones, with single spaces.
func folded(s string) string {
	latin := false
	s = strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Cf, c) || latin && unicode.Is(unicode.Mn, c) || strings.ContainsRune("*_`~\\", c) {
			return -1
		}
		latin = unicode.Is(unicode.Latin, c)
		return unicode.ToLower(c)
	}, norm.NFKD.String(s))
	return strings.Join(strings.Fields(s), " ")
}

// code takes a line of a fenced block, which stays if each of its lines stands in a passage.
func (r *reading) code(s, trimmed string) {
	if r.fenced == nil {
		r.fenced = []string{trimmed}
		return
	}
	r.fenced = append(r.fenced, strings.TrimRight(s, "\n"))
	if trimmed != "```" {
		return
	}
	block := r.fenced
	r.fenced = nil
	r.count++
	for _, line := range block[1 : len(block)-1] {
		line = strings.TrimSpace(line)
		known := line == ""
		for _, p := range r.passages {
			known = known || strings.Contains(p.text, line)
		}
		if !known {
			r.dropped++
			return
		}
	}
	so := strings.TrimRight(r.kept.String(), " \n") + "\n\n" + r.lead + strings.Join(block, "\n")
	if r.forbidden(so) {
		r.said = true
		return
	}
	r.kept.Reset()
	r.kept.WriteString(so)
	r.wanted, r.lead = "\n\n", ""
}
