package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"deskbell/app/fault"
	"deskbell/app/safe"
)

// Page is a page of the site as an article. Its links to other pages that were chosen, and its pictures, are paths from
// the root (/a/b.md, /_pictures/x.png).
type Page struct {
	Path, Title, Description, Markdown string
	Shelves                            []string // from the page's breadcrumbs, from the top
}

// Problem is why an address is not among what was read.
type Problem struct {
	URL string `json:"url"`
	Why string `json:"why"`
}

// Harvest is what was read.
type Harvest struct {
	Pages    []Page
	Pictures map[string][]byte
	Problems []Problem
	LeftOut  []string // hosts of pictures that were not named
}

// Read reads pages of the site. done is told after each; when it fails, reading ends with its error.
func (s *Site) Read(ctx context.Context, pages []*url.URL, done func(n int) error) (*Harvest, error) {
	h := &harvesting{site: s, paths: paths(pages), known: map[string]string{}, out: &Harvest{Pictures: map[string][]byte{}}}
	for i, u := range pages {
		err := h.page(ctx, u)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			h.out.Problems = append(h.out.Problems, Problem{u.String(), Why(err)})
		}
		if err := done(i + 1); err != nil {
			return nil, err
		}
	}
	slices.Sort(h.out.LeftOut)
	return h.out, nil
}

// key is what tells pages apart: their fragment and a slash at the end do not.
func key(u *url.URL) string { return strings.TrimSuffix(u.Path, "/") + "?" + u.RawQuery }

// paths gives each page a file of its own, whatever else is read with it.
func paths(pages []*url.URL) map[string]string {
	out := map[string]string{}
	for _, u := range pages {
		var parts []string
		for _, p := range strings.Split(strings.Trim(u.Path, "/"), "/") {
			if p != "" {
				parts = append(parts, safe.Slug(strings.TrimSuffix(strings.TrimSuffix(p, ".html"), ".htm")))
			}
		}
		if len(parts) == 0 {
			parts = []string{"index"}
		}
		name := strings.Join(parts, "/")
		if u.RawQuery != "" || len(name) > 300 || "/"+name != strings.TrimSuffix(u.Path, "/") { // the address cannot be told from the name alone
			sum := sha256.Sum256([]byte(key(u)))
			name = clip(name, 300) + "-" + hex.EncodeToString(sum[:3])
		}
		out[key(u)] = name + ".md"
	}
	return out
}

type harvesting struct {
	site  *Site
	paths map[string]string // of pages, by their keys
	known map[string]string // paths of pictures, by their addresses; "" for those that could not be had
	out   *Harvest
}

func (h *harvesting) page(ctx context.Context, u *url.URL) error {
	f, err := h.site.get(ctx, u, h.site.own, pageBytes, "text/html", "application/xhtml+xml")
	if err != nil {
		return err
	}
	r, err := charset.NewReader(bytes.NewReader(f.body), f.head)
	if err != nil {
		return errType
	}
	doc, err := html.Parse(r)
	if err != nil {
		return errType
	}
	if len(all(doc)) > mostElements { // what looks through a page does so more than once
		return errLarge
	}
	p := Page{Path: h.paths[key(u)], Title: title(doc), Description: clip(meta(doc, "description"), 300), Shelves: breadcrumbs(doc)}
	body := content(doc)
	h.mend(ctx, body, f.from)
	if p.Markdown, err = markdown(body); err != nil {
		return err
	}
	if p.Title == "" || strings.TrimSpace(p.Markdown) == "" {
		return fault.New(fault.Invalid, "There is no article on this page.")
	}
	h.out.Pages = append(h.out.Pages, p)
	return nil
}

var converters = converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(),
	table.NewTablePlugin(table.WithNewlineBehavior(table.NewlineBehaviorPreserve), table.WithHeaderPromotion(true)), strikethrough.NewStrikethroughPlugin()))

func markdown(n *html.Node) (string, error) {
	out, err := converters.ConvertNode(n)
	return strings.TrimSpace(strings.ToValidUTF8(string(out), "")), err
}

// mend turns links and pictures into what they are called here, and videos into links.
func (h *harvesting) mend(ctx context.Context, body *html.Node, from *url.URL) {
	for _, n := range all(body) {
		switch n.DataAtom {
		case atom.A:
			set(n, "href", h.link(attr(n, "href"), from))
		case atom.Img:
			source := attr(n, "src")
			if source == "" || strings.HasPrefix(source, "data:") {
				source = attr(n, "data-src")
			}
			set(n, "src", h.picture(ctx, source, from))
			if attr(n, "src") == "" && n.Parent != nil {
				n.Parent.RemoveChild(n)
			}
		case atom.Iframe:
			if m := videos.FindStringSubmatch(attr(n, "src")); m != nil {
				to := "https://www.youtube.com/watch?v=" + m[1]
				if m[2] != "" {
					to = "https://vimeo.com/" + m[2]
				}
				link := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{{Key: "href", Val: to}}}
				link.AppendChild(&html.Node{Type: html.TextNode, Data: to})
				n.Parent.InsertBefore(&html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P, FirstChild: link, LastChild: link}, n)
				link.Parent = n.PrevSibling
			}
			n.Parent.RemoveChild(n)
		}
	}
}

var videos = regexp.MustCompile(`^(?:https?:)?//(?:www\.youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})|player\.vimeo\.com/video/([0-9]{4,14}))`)

func (h *harvesting) link(to string, from *url.URL) string {
	u, err := from.Parse(strings.TrimSpace(to))
	if err != nil || strings.HasPrefix(to, "#") {
		return to
	}
	if u.Host == from.Host {
		if path := h.paths[key(u)]; path != "" {
			if u.Fragment != "" {
				return "/" + path + "#" + u.EscapedFragment()
			}
			return "/" + path
		}
	}
	return u.String()
}

var endings = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/avif": ".avif"}

// picture fetches a picture once. One that cannot be had keeps its address; readers see a link to it.
func (h *harvesting) picture(ctx context.Context, source string, from *url.URL) string {
	u, err := from.Parse(strings.TrimSpace(source))
	if err != nil || source == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	u.Fragment = ""
	name, there := h.known[u.String()]
	if !there {
		if name, err = h.fetch(ctx, u); err != nil {
			h.out.Problems = append(h.out.Problems, Problem{u.String(), Why(err)})
		}
		h.known[u.String()] = name
	}
	if name == "" {
		return u.String()
	}
	return "/" + name
}

func (h *harvesting) fetch(ctx context.Context, u *url.URL) (string, error) {
	if !h.site.hosts[u.Host] {
		if !slices.Contains(h.out.LeftOut, u.Host) && len(h.out.LeftOut) < 20 {
			h.out.LeftOut = append(h.out.LeftOut, u.Host)
		}
		return "", nil
	}
	if len(h.known) > 10*MostPages {
		return "", errLarge
	}
	f, err := h.site.get(ctx, u, func(u *url.URL) bool { return h.site.hosts[u.Host] }, imageBytes, "image/*", "application/octet-stream")
	if err != nil {
		return "", err
	}
	kind, _, _ := strings.Cut(mimetype.Detect(f.body).String(), ";")
	ending := endings[kind]
	if ending == "" {
		return "", errType
	}
	sum := sha256.Sum256(f.body)
	name := "_pictures/" + hex.EncodeToString(sum[:8]) + ending
	h.out.Pictures[name] = f.body
	return name, nil
}

// all lists the elements below a node first: the walk must not run through what is changed.
func all(n *html.Node) (list []*html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode {
			list = append(list, c)
		}
	}
	return list
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func set(n *html.Node, key, value string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
	if value != "" {
		n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
	}
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func meta(doc *html.Node, name string) string {
	for _, n := range all(doc) {
		if n.DataAtom == atom.Meta && (attr(n, "name") == name || attr(n, "property") == name) {
			return strings.Join(strings.Fields(attr(n, "content")), " ")
		}
	}
	return ""
}

// title is what the page is called: by its first heading, or else by what it tells other sites.
func title(doc *html.Node) string {
	for _, n := range all(doc) {
		if n.DataAtom == atom.H1 {
			if t := text(n); t != "" {
				return clip(t, 200)
			}
		}
	}
	return clip(meta(doc, "og:title"), 200)
}

var crumbs = regexp.MustCompile(`(?i)\bbreadcrumbs?\b`)

// breadcrumbs are the collections that a page stands in: its trail without the first (the help center) and the last
// (the page).
func breadcrumbs(doc *html.Node) []string {
	for _, n := range all(doc) {
		if !crumbs.MatchString(attr(n, "class")) && !crumbs.MatchString(attr(n, "aria-label")) {
			continue
		}
		var names []string
		for _, c := range all(n) {
			if c.DataAtom == atom.A {
				if t := strings.ReplaceAll(text(c), " / ", " "); t != "" && len(names) < 6 {
					names = append(names, clip(t, 100))
				}
			}
		}
		if len(names) > 1 {
			if t := title(doc); names[len(names)-1] == t {
				names = names[:len(names)-1]
			}
			return names[1:]
		}
	}
	return nil
}

var beside = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Nav: true, atom.Footer: true, atom.Aside: true, atom.Form: true,
	atom.Button: true, atom.Input: true, atom.Select: true, atom.Textarea: true, atom.Svg: true, atom.Canvas: true, atom.Object: true, atom.Embed: true, atom.H1: true, atom.Video: true, atom.Audio: true}

// content is the part of the page that says something: what calls itself the body of the article, or else the article or
// main part with the most text, without what stands around it on every page.
func content(doc *html.Node) *html.Node {
	var best *html.Node
	rank, most := 0, 0
	for _, n := range all(doc) {
		r := 0
		switch class := " " + attr(n, "class") + " "; {
		case attr(n, "itemprop") == "articleBody", strings.Contains(class, " article-body "), strings.Contains(class, " article__body "):
			r = 4
		case n.DataAtom == atom.Article:
			r = 3
		case n.DataAtom == atom.Main, attr(n, "role") == "main":
			r = 2
		case n.DataAtom == atom.Body:
			r = 1
		}
		if r < rank || r == 0 {
			continue
		}
		if size := len(text(n)); r > rank && size > 0 || size > most {
			best, rank, most = n, r, size
		}
	}
	if best == nil {
		return doc
	}
	for _, n := range all(best) {
		gone := beside[n.DataAtom] || n.Data == "svg" || attr(n, "aria-hidden") == "true" || has(n, "hidden") || n.DataAtom == atom.Header && rank < 4 || crumbs.MatchString(attr(n, "class"))
		if gone && n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
	return best
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:n]))
}

// Name is what a page is likely called, by its address.
func Name(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	name := strings.TrimSuffix(path.Base(u.Path), path.Ext(u.Path))
	name = strings.Join(strings.FieldsFunc(numbers.ReplaceAllString(name, ""), func(r rune) bool { return r == '-' || r == '_' }), " ")
	if name == "" || name == "/" || name == "." {
		return u.Host
	}
	return name
}

var numbers = regexp.MustCompile(`^[0-9]+[-_]`)
