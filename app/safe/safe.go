// Package safe turns strangers' text into what may be shown.
//
// Messages are Markdown (CommonMark with GitHub's extensions). There is one way from Markdown to HTML and one
// sanitiser behind it; nothing else in the program makes HTML of what people wrote.
package safe

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Linkify, extension.Strikethrough, extension.Table, extension.TaskList),
	goldmark.WithParserOptions(parser.WithAttribute()),
	goldmark.WithRendererOptions(html.WithHardWraps()), // raw HTML stays out: it is not WithUnsafe
)

// policy allows text markup and links. Images of other hosts would tell them who reads when, so there are none.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "b", "em", "i", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()

// HTML renders Markdown and sanitises it.
func HTML(text string) string {
	var b bytes.Buffer
	if !tame(text) || markdown.Convert([]byte(text), &b) != nil {
		return policy.Sanitize(plain(text))
	}
	return strings.TrimSpace(policy.Sanitize(b.String()))
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Text cleans what a person wrote: valid UTF-8, no control characters but line breaks and tabs, no direction
// overrides, no space at the ends.
func Text(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s))
}

var marks = regexp.MustCompile("(?m)^(#{1,6} |> ?|[-*+] |```.*$)|[*_~`]{1,3}|!?\\[([^\\]]*)\\]\\([^)]*\\)")

// Preview is the beginning of a message as one line of plain text, at most 140 characters.
func Preview(text string) string {
	if len(text) > 2000 {
		text = strings.ToValidUTF8(text[:2000], "")
	}
	text = strings.Join(strings.Fields(marks.ReplaceAllString(text, "$2")), " ")
	r := []rune(text)
	if len(r) > 140 {
		return strings.TrimSpace(string(r[:139])) + "…"
	}
	return text
}
