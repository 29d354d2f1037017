package safe

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Articles are Markdown as messages are, with more allowed: headings with addresses, pictures of our own, callouts
// (`> [!WARNING]`), and videos of a few hosts (a link that stands alone in its paragraph).

var articles = goldmark.New(
	cautious(parser.WithAutoHeadingID()),
	goldmark.WithExtensions(extension.Linkify, extension.TaskList),
	goldmark.WithRendererOptions(rendering(), renderer.WithNodeRenderers(util.Prioritized(videos{}, 100))),
)

// Own says how an address of our own pictures begins.
const Own = "/help/-/asset/"

var articlePolicy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "b", "em", "i", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[\p{L}\p{N}-]+$`)).OnElements("h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^callout (note|tip|warning)$`)).OnElements("blockquote")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-z0-9+#-]{1,20}$`)).OnElements("code")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^(https?://[a-zA-Z0-9.:\[\]-]+)?/help/-/asset/[0-9A-Za-z]+/[0-9A-Za-z_-]+$`)).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[1-9][0-9]{0,4}$`)).OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img", "iframe")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^https://(www\.youtube-nocookie\.com/embed/[\w-]{6,20}|player\.vimeo\.com/video/[0-9]{4,14}(\?dnt=1)?)$`)).OnElements("iframe")
	p.AllowAttrs("title").OnElements("iframe")
	p.AllowAttrs("allowfullscreen").Matching(regexp.MustCompile(`^$`)).OnElements("iframe")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("mailto", "tel")
	outward(p)
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()

var strip = bluemonday.StrictPolicy()

// Heading is one of an article, with its address on the page.
type Heading struct {
	ID, Text string
	Level    int
}

// Rendered is an article as it may be shown.
type Rendered struct {
	HTML     string
	Plain    string // without markup
	Picture  string // the address of its first picture of our own
	Headings []Heading
}

// Article renders an article and sanitises it. resolve gives the address of what our own references name (asset:ID,
// article:ID), or nothing. Pictures of other hosts would tell them who reads when: they become links.
func Article(source string, resolve func(ref string) Target) Rendered {
	return article(source, resolve, "")
}

// Still is Article for where nothing may play, such as a frame without scripts: instead of a video there is a link to it, with a
// hint that says why.
func Still(source string, resolve func(ref string) Target, hint string) Rendered {
	return article(source, resolve, hint)
}

func article(source string, resolve func(ref string) Target, still string) Rendered {
	if !tame(source) {
		return Rendered{HTML: articlePolicy.Sanitize(plain(source)), Plain: source}
	}
	src := []byte(source)
	doc := articles.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext(parser.WithIDs(&headingIDs{seen: map[string]int{}}))))
	out := Rendered{}
	for _, n := range gather(doc) {
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = max(n.Level, 2)
			id, _ := n.AttributeString("id")
			b, _ := id.([]byte)
			out.Headings = append(out.Headings, Heading{ID: string(b), Text: plainOf(n, src), Level: n.Level})
		case *ast.Image:
			if to := picture(n, src, resolve); out.Picture == "" {
				out.Picture = to
			}
		case *ast.Link:
			if to, ours := reference(string(n.Destination), resolve); ours {
				n.Destination = []byte(to.URL)
			}
		case *ast.Blockquote:
			callout(n, src)
		case *ast.Paragraph:
			if hollow(n, src) {
				n.Parent().RemoveChild(n.Parent(), n)
				continue
			}
			embed(n, src, still)
		}
	}
	var b bytes.Buffer
	if err := articles.Renderer().Render(&b, src, doc); err != nil {
		b.Reset()
		b.WriteString(plain(source))
	}
	out.HTML = strings.TrimSpace(articlePolicy.Sanitize(b.String()))
	spaced := strings.NewReplacer("</p>", "\n", "</li>", "\n", "</h2>", "\n", "</h3>", "\n", "</h4>", "\n", "</tr>", "\n", "</td>", " ", "</th>", " ", "<br", "\n<br").Replace(out.HTML)
	out.Plain = strings.TrimSpace(html.UnescapeString(strip.Sanitize(spaced)))
	return out
}

// gather lists the nodes first: the walk must not run through what it changes.
func gather(doc ast.Node) (list []ast.Node) {
	ast.Walk(doc, func(n ast.Node, in bool) (ast.WalkStatus, error) {
		if in {
			list = append(list, n)
		}
		return ast.WalkContinue, nil
	})
	return list
}

// hollow reports whether a paragraph is a line that an editor left empty.
func hollow(p *ast.Paragraph, src []byte) bool {
	text := strings.TrimSpace(string(p.Lines().Value(src)))
	return text == "&nbsp;" || text == "\u00a0" || text == ""
}

func plainOf(n ast.Node, src []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, in bool) (ast.WalkStatus, error) {
		switch t := n.(type) {
		case *ast.Text:
			if in {
				b.Write(t.Segment.Value(src))
			}
		case *ast.String:
			if in {
				b.Write(t.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return html.UnescapeString(b.String())
}

// Target is where one of our own references leads, and for a picture its size, so that a page keeps its place.
type Target struct {
	URL           string
	Width, Height int
}

// reference resolves asset:ID and article:ID#place, and says whether it was one of ours.
func reference(name string, resolve func(string) Target) (to Target, ours bool) {
	if !strings.HasPrefix(name, "asset:") && !strings.HasPrefix(name, "article:") {
		return Target{URL: name}, false
	}
	ref, place, found := strings.Cut(name, "#")
	if resolve != nil {
		to = resolve(ref)
	}
	if found && to.URL != "" {
		to.URL += "#" + place
	}
	return to, true
}

// picture has one of our own shown, and says where it is; it makes a link of any other.
func picture(n *ast.Image, src []byte, resolve func(string) Target) string {
	target, ours := reference(string(n.Destination), resolve)
	to := target.URL
	if ours && to != "" {
		n.Destination = []byte(to)
		n.SetAttributeString("loading", []byte("lazy"))
		if target.Width > 0 && target.Height > 0 {
			n.SetAttributeString("width", []byte(itoa(target.Width)))
			n.SetAttributeString("height", []byte(itoa(target.Height)))
		}
		return to
	}
	link := ast.NewLink()
	if u, err := url.Parse(to); !ours && err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		link.Destination = []byte(to)
	}
	name := plainOf(n, src)
	if name == "" {
		name = to
	}
	link.AppendChild(link, ast.NewString([]byte(escape(name))))
	n.Parent().ReplaceChild(n.Parent(), n, link)
	return ""
}

var calloutMark = regexp.MustCompile(`^\[!(NOTE|INFO|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$`)

var calloutKind = map[string]string{"NOTE": "note", "INFO": "note", "TIP": "tip", "IMPORTANT": "note", "WARNING": "warning", "CAUTION": "warning"}

// callout makes a callout of a quote whose first line is its mark.
func callout(n *ast.Blockquote, src []byte) {
	p, ok := n.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return
	}
	line := p.Lines().At(0)
	found := calloutMark.FindSubmatch(bytes.TrimSpace(line.Value(src)))
	if found == nil {
		return
	}
	n.SetAttributeString("class", []byte("callout "+calloutKind[string(found[1])]))
	for c := p.FirstChild(); c != nil; {
		next := c.NextSibling()
		t, isText := c.(*ast.Text)
		if isText && t.Segment.Start >= line.Stop {
			break
		}
		p.RemoveChild(p, c)
		if isText && (t.SoftLineBreak() || t.HardLineBreak()) {
			break
		}
		c = next
	}
	if p.ChildCount() == 0 {
		n.RemoveChild(n, p)
	}
}

var hosts = []struct {
	match *regexp.Regexp
	embed string
	name  string
}{
	{regexp.MustCompile(`^https://(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?v=|embed/|shorts/)([\w-]{6,20})(?:[&?].*)?$`), "https://www.youtube-nocookie.com/embed/%", "YouTube"},
	{regexp.MustCompile(`^https://youtu\.be/([\w-]{6,20})(?:\?.*)?$`), "https://www.youtube-nocookie.com/embed/%", "YouTube"},
	{regexp.MustCompile(`^https://(?:www\.|player\.)?vimeo\.com/(?:video/)?([0-9]{4,14})(?:\?.*)?$`), "https://player.vimeo.com/video/%?dnt=1", "Vimeo"},
}

// embed makes a video of a link that stands alone in its paragraph; with a hint, a link with that below it.
func embed(p *ast.Paragraph, src []byte, still string) {
	if p.ChildCount() != 1 || p.Parent() == nil {
		return
	}
	var to string
	switch l := p.FirstChild().(type) {
	case *ast.AutoLink:
		to = string(l.URL(src))
	case *ast.Link:
		to = string(l.Destination)
	}
	for _, h := range hosts {
		if m := h.match.FindStringSubmatch(to); m != nil {
			p.Parent().ReplaceChild(p.Parent(), p, &video{src: strings.Replace(h.embed, "%", m[1], 1), name: h.name, link: to, still: still})
			return
		}
	}
}

var videoKind = ast.NewNodeKind("Video")

type video struct {
	ast.BaseBlock
	src, name, link, still string
}

func (v *video) Kind() ast.NodeKind         { return videoKind }
func (v *video) Dump(src []byte, level int) { ast.DumpHelper(v, src, level, nil, nil) }

type videos struct{}

func (videos) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(videoKind, func(w util.BufWriter, _ []byte, n ast.Node, in bool) (ast.WalkStatus, error) {
		if v := n.(*video); in && v.still != "" {
			w.WriteString(`<blockquote class="callout note"><p><a href="` + html.EscapeString(v.link) + `">` + v.name + `</a><br>` + html.EscapeString(v.still) + "</p></blockquote>\n")
		} else if in {
			w.WriteString(`<iframe src="` + v.src + `" title="` + v.name + `" loading="lazy" allowfullscreen=""></iframe>` + "\n")
		}
		return ast.WalkSkipChildren, nil
	})
}

// headingIDs gives headings of any script an address.
type headingIDs struct{ seen map[string]int }

func (h *headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	base := Slug(string(value))
	id := base
	for h.seen[id] > 0 {
		h.seen[base]++ // so that the next one need not try all numbers again
		id = base + "-" + itoa(h.seen[base])
	}
	h.seen[id] = 1
	return []byte(id)
}

func (h *headingIDs) Put(value []byte) { h.seen[string(value)] = 1 }
