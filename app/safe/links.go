package safe

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Links lists where the links of a Markdown text lead, as HTML would have them, and reports whether it has images or
// raw HTML.
func Links(markdownText string) (to []string, foreign bool) {
	source := []byte(markdownText)
	root := markdown.Parser().Parse(text.NewReader(source))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			to = append(to, string(n.Destination))
		case *ast.AutoLink:
			u := string(n.URL(source))
			if n.AutoLinkType == ast.AutoLinkEmail {
				u = "mailto:" + u
			}
			to = append(to, u)
		case *ast.Image, *ast.RawHTML, *ast.HTMLBlock:
			foreign = true
		}
		return ast.WalkContinue, nil
	})
	return to, foreign
}

var (
	images = regexp.MustCompile(`!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])?`)
	inline = regexp.MustCompile(`\[([^\[\]]*)\]\(\s*<?([^\s)>]*)>?[^)]*\)`)
	gaps   = regexp.MustCompile(` +([.,;:!?])`)
	tagged = regexp.MustCompile(`(?s)<!--.*?-->|</?[a-zA-Z][^>]*>`)
)

// Bare takes images and raw HTML out of a Markdown text, and of links to where they may not lead it leaves the words.
// What is left may still hold links in other notations: ask Links.
func Bare(markdownText string, allowed func(url string) bool) string {
	s := images.ReplaceAllString(markdownText, "")
	s = inline.ReplaceAllStringFunc(s, func(m string) string {
		part := inline.FindStringSubmatch(m)
		if allowed(part[2]) {
			return "[" + part[1] + "](" + part[2] + ")"
		}
		return part[1]
	})
	if s = tagged.ReplaceAllString(s, ""); s != markdownText {
		s = gaps.ReplaceAllString(s, "$1")
	}
	return s
}
