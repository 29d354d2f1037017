package site

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"deskbell/app/fault"
)

// Map is what a sitemap lists of its own host, each address once, in its order.
type Map struct {
	Pages []string
	More  bool // there are more than are believed
}

var mapKinds = []string{"application/xml", "text/xml", "text/plain", "application/gzip", "application/x-gzip", "application/octet-stream"}

// Map reads the site's sitemap: the address itself if it is one, or those that robots.txt names, or the usual ones.
func (s *Site) Map(ctx context.Context) (Map, error) {
	ctx, cancel := context.WithTimeout(ctx, 45*time.Second)
	defer cancel()
	var out Map
	var last error
	for _, u := range s.candidates(ctx) {
		found, err := s.follow(ctx, u, &out)
		if found {
			return out, err
		}
		if last == nil {
			last = err
		}
	}
	return out, fault.New(fault.Invalid, "No sitemap was found there. Name its address, such as https://help.example.com/sitemap.xml. %s", Why(last)).On("address").Because(last)
}

// candidates are where a sitemap may be.
func (s *Site) candidates(ctx context.Context) (list []*url.URL) {
	if ext := path.Ext(s.start.Path); ext == ".xml" || ext == ".gz" {
		return []*url.URL{s.start}
	}
	if f, err := s.get(ctx, s.start.ResolveReference(&url.URL{Path: "/robots.txt"}), s.own, 64<<10, "text/plain"); err == nil {
		lines := bufio.NewScanner(bytes.NewReader(f.body))
		for lines.Scan() && len(list) < 5 {
			name, value, _ := strings.Cut(lines.Text(), ":")
			if !strings.EqualFold(strings.TrimSpace(name), "sitemap") {
				continue
			}
			if u, err := s.Own(strings.TrimSpace(value)); err == nil {
				list = append(list, u)
			}
		}
	}
	base := strings.TrimSuffix(s.start.Path, "/")
	list = append(list, s.start.ResolveReference(&url.URL{Path: base + "/sitemap.xml"}))
	if base != "" {
		list = append(list, s.start.ResolveReference(&url.URL{Path: "/sitemap.xml"}))
	}
	return list
}

// follow reads a sitemap and those that it leads to, and says whether it was one.
func (s *Site) follow(ctx context.Context, u *url.URL, out *Map) (bool, error) {
	seen := map[string]bool{}
	children, err := s.one(ctx, u, seen, out)
	if err != nil {
		return false, err
	}
	for i, c := range children {
		if i == mostMaps {
			out.More = true
			break
		}
		if _, err := s.one(ctx, c, seen, out); err != nil && ctx.Err() != nil {
			return true, fault.New(fault.Unavailable, "The site takes too long.").Because(err)
		}
	}
	return true, nil
}

// one reads one sitemap.
func (s *Site) one(ctx context.Context, u *url.URL, seen map[string]bool, out *Map) (children []*url.URL, err error) {
	f, err := s.get(ctx, u, s.own, mapBytes, mapKinds...)
	if err != nil {
		return nil, err
	}
	var r io.Reader = bytes.NewReader(f.body)
	if bytes.HasPrefix(f.body, []byte{0x1f, 0x8b}) {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, errType
		}
		r = io.LimitReader(r, mapBytes)
	}
	pages, maps, more, err := readSitemap(r, mostMapped-len(out.Pages))
	if err != nil {
		return nil, err
	}
	out.More = out.More || more
	for _, p := range pages {
		if u, err := s.Own(p); err == nil && !seen[u.String()] {
			seen[u.String()] = true
			out.Pages = append(out.Pages, u.String())
		}
	}
	for _, m := range maps {
		if u, err := s.Own(m); err == nil {
			children = append(children, u)
		}
	}
	return children, nil
}

var errSitemap = fault.New(fault.Invalid, "This is not a sitemap, or it is broken.").On("address")

// readSitemap reads a sitemap or an index of such (sitemaps.org), at most so many addresses of either kind. What declares
// entities or nests more deeply than a sitemap does is none.
func readSitemap(r io.Reader, most int) (pages, maps []string, more bool, err error) {
	d := xml.NewDecoder(r)
	var at []string
	var text strings.Builder
	root := ""
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && root != "" && len(at) == 0 {
			return pages, maps, false, nil
		}
		if err != nil {
			return nil, nil, false, errSitemap
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, nil, false, errSitemap
		case xml.StartElement:
			if len(at) == 0 {
				if root != "" || t.Name.Local != "urlset" && t.Name.Local != "sitemapindex" {
					return nil, nil, false, errSitemap
				}
				root = t.Name.Local
			}
			if at = append(at, t.Name.Local); len(at) > 8 {
				return nil, nil, false, errSitemap
			}
			text.Reset()
		case xml.CharData:
			text.Write(t[:min(len(t), 4000-min(text.Len(), 4000))]) // what is longer is no address anyway
		case xml.EndElement:
			if len(at) == 0 || at[len(at)-1] != t.Name.Local {
				return nil, nil, false, errSitemap
			}
			if where := strings.Join(at, " "); (where == "urlset url loc" || where == "sitemapindex sitemap loc") && text.Len() <= 2000 {
				if len(pages)+len(maps) >= max(most, 0) {
					return pages, maps, true, nil
				}
				switch loc := strings.TrimSpace(text.String()); {
				case loc == "":
				case root == "urlset":
					pages = append(pages, loc)
				default:
					maps = append(maps, loc)
				}
			}
			at = at[:len(at)-1]
			text.Reset()
		}
	}
}
