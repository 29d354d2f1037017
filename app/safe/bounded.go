package safe

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Some of CommonMark costs the square of its length: each * looks back at all before it, each [ may be a link, each row
// of a table has as many cells as the widest. Nobody writes thousands of those into one paragraph but to hurt; what is
// beyond these bounds stays plain text.
const (
	mostMarks = 600 // of one kind in one paragraph, heading or cell
	widest    = 60  // columns of a table
)

// cautious is Markdown with GitHub's tables, strikethrough, task lists and links, within the bounds.
func cautious(options ...parser.Option) goldmark.Option {
	return within(parser.DefaultBlockParsers(), parser.DefaultInlineParsers(), options)
}

// literal is cautious where HTML is no markup but what somebody wrote and wants to be read: it stands there to the letter. Only
// <br> breaks a line.
func literal(options ...parser.Option) goldmark.Option {
	var blocks, inline []util.PrioritizedValue
	for _, p := range parser.DefaultBlockParsers() {
		if p.Value != any(parser.NewHTMLBlockParser()) {
			blocks = append(blocks, p)
		}
	}
	for _, p := range parser.DefaultInlineParsers() {
		if p.Value == any(parser.NewRawHTMLParser()) {
			p.Value = breaks{}
		}
		inline = append(inline, p)
	}
	return within(blocks, inline, options)
}

// breaks parses <br>, and nothing else that begins like HTML.
type breaks struct{}

// Trigger is how it begins.
func (breaks) Trigger() []byte { return []byte{'<'} }

// Parse gives a line break.
func (breaks) Parse(_ ast.Node, r text.Reader, _ parser.Context) ast.Node {
	line, _ := r.PeekLine()
	for _, tag := range []string{"<br>", "<br/>", "<br />"} {
		if len(line) >= len(tag) && bytes.EqualFold(line[:len(tag)], []byte(tag)) {
			r.Advance(len(tag))
			n := ast.NewText()
			n.SetHardLineBreak(true)
			return n
		}
	}
	return nil
}

func within(blocks, inlines []util.PrioritizedValue, options []parser.Option) goldmark.Option {
	inline := []util.PrioritizedValue{util.Prioritized(&bounded{InlineParser: extension.NewStrikethroughParser()}, 500)}
	for _, p := range inlines {
		if one := p.Value.(parser.InlineParser); bytes.ContainsAny(one.Trigger(), "*[") {
			p.Value = &bounded{InlineParser: one}
		}
		inline = append(inline, p)
	}
	options = append(options, parser.WithBlockParsers(blocks...), parser.WithInlineParsers(inline...),
		parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(), util.Prioritized(tables{extension.NewTableParagraphTransformer()}, 200))...),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)))
	return goldmark.WithParser(parser.NewParser(options...))
}

// rendering writes what cautious adds to CommonMark.
func rendering() renderer.Option {
	return renderer.WithNodeRenderers(util.Prioritized(extension.NewTableHTMLRenderer(), 500), util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500))
}

// bounded is a parser that gives up after so many marks in one block.
type bounded struct{ parser.InlineParser }

var countKey = parser.NewContextKey()

type count struct {
	block ast.Node
	marks int
}

// Parse parses a mark, as long as there are not too many.
func (b *bounded) Parse(block ast.Node, r text.Reader, pc parser.Context) ast.Node {
	line, _ := r.PeekLine()
	if len(line) > 0 && line[0] != ']' {
		c, _ := pc.Get(countKey).(*count)
		if c == nil || c.block != block {
			c = &count{block: block}
			pc.Set(countKey, c)
		}
		if c.marks++; c.marks > mostMarks {
			return nil
		}
	}
	return b.InlineParser.Parse(block, r, pc)
}

// CloseBlock lets the parser finish with a block.
func (b *bounded) CloseBlock(block ast.Node, r text.Reader, pc parser.Context) {
	if c, ok := b.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(block, r, pc)
	}
}

// tables makes tables of paragraphs that are not wider than any table is.
type tables struct{ parser.ParagraphTransformer }

// Transform makes a table of a paragraph that is one.
func (t tables) Transform(p *ast.Paragraph, r text.Reader, pc parser.Context) {
	for i := range p.Lines().Len() {
		line := p.Lines().At(i)
		if bytes.Count(line.Value(r.Source()), []byte("|")) > widest+1 {
			return
		}
	}
	t.ParagraphTransformer.Transform(p, r, pc)
}
