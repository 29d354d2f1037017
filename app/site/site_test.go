package site

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app/outside"
)

// serving is a site on this machine, which only a private reach lets in.
func serving(t *testing.T, pages map[string]string) (*httptest.Server, *[]string) {
	t.Helper()
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		body, there := pages[r.URL.RequestURI()]
		if !there {
			http.NotFound(w, r)
			return
		}
		kind, body, typed := strings.Cut(body, "\n\n")
		if !typed {
			t.Errorf("%s has no type", r.URL.Path)
		}
		if to, ok := strings.CutPrefix(kind, "to "); ok {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s, &asked
}

func opened(t *testing.T, address string, hosts ...string) *Site {
	t.Helper()
	s, err := Open(address, outside.Private, hosts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func reading(t *testing.T, s *Site, pages ...string) *Harvest {
	t.Helper()
	var list []*url.URL
	for _, p := range pages {
		u, err := s.start.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, u)
	}
	h, err := s.Read(t.Context(), list, func(int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const urlset = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`

func TestSitemapsAreFoundAndFollowed(t *testing.T) {
	pages := map[string]string{}
	s, _ := serving(t, pages)
	pages["/robots.txt"] = "text/plain\n\nUser-agent: *\nSitemap: " + s.URL + "/maps/all.xml\nSitemap: https://other.example/x.xml\n"
	pages["/maps/all.xml"] = "application/xml\n\n<?xml version=\"1.0\"?><sitemapindex><sitemap><loc>" + s.URL + "/maps/one.xml</loc></sitemap><sitemap><loc>http://169.254.169.254/latest</loc></sitemap></sitemapindex>"
	pages["/maps/one.xml"] = "text/xml\n\n" + urlset + "<url><loc> " + s.URL + "/a </loc><priority>1</priority></url><url><loc>" + s.URL + "/b?x=1&amp;y=2</loc></url><url><loc>" + s.URL + "/a</loc></url><url><loc>https://evil.example/x</loc></url><url><loc>file:///etc/passwd</loc></url></urlset>"
	m, err := opened(t, s.URL+"/help/").Map(t.Context())
	if want := []string{s.URL + "/a", s.URL + "/b?x=1&y=2"}; err != nil || !slices.Equal(m.Pages, want) || m.More {
		t.Errorf("got %v %v, want %v", m, err, want)
	}
	delete(pages, "/robots.txt")
	pages["/help/sitemap.xml"] = "application/xml\n\n" + urlset + "<url><loc>" + s.URL + "/help/c</loc></url></urlset>"
	if m, err := opened(t, s.URL+"/help").Map(t.Context()); err != nil || len(m.Pages) != 1 {
		t.Errorf("below the path: %v %v", m, err)
	}
	if _, err := opened(t, s.URL+"/none.xml").Map(t.Context()); err == nil {
		t.Error("a sitemap that is not there was found")
	}
}

// A sitemap is a stranger's: entity bombs, nesting, a million addresses and bytes without end are refused or cut short.
func TestHarmfulSitemapsAreRefusedOrCutShort(t *testing.T) {
	for name, body := range map[string]string{
		"entity bomb":    `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + urlset + `<url><loc>&b;</loc></url></urlset>`,
		"outer entity":   `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + urlset + `<url><loc>&a;</loc></url></urlset>`,
		"unknown entity": urlset + `<url><loc>&lol;</loc></url></urlset>`, "deep": strings.Repeat("<urlset>", 100000), "cut": urlset + "<url><loc>x", "html": "<html></html>",
		"two roots": urlset + "</urlset>" + urlset + "</urlset>", "crossed": urlset + "<url><loc>x</url></loc></urlset>", "empty": "", "binary": "\x00\x01", "text": "hello",
	} {
		if pages, maps, _, err := readSitemap(strings.NewReader(body), mostMapped); err == nil {
			t.Errorf("%s was read: %v %v", name, pages, maps)
		}
	}
	million := io.MultiReader(strings.NewReader(urlset), &repeated{s: "<url><loc>https://x.example/a</loc></url>", n: 1000000}, strings.NewReader("</urlset>"))
	if pages, _, more, err := readSitemap(million, mostMapped); err != nil || len(pages) != mostMapped || !more {
		t.Errorf("a million addresses: %d %v %v", len(pages), more, err)
	}
	long := urlset + "<url><loc>https://x.example/" + strings.Repeat("x", 100000) + "</loc></url></urlset>"
	if pages, _, _, err := readSitemap(strings.NewReader(long), mostMapped); err != nil || len(pages) != 0 {
		t.Errorf("a long address: %d %v", len(pages), err)
	}
}

type repeated struct {
	s    string
	n    int
	rest string
}

func (r *repeated) Read(b []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = r.s
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

const dot = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

func TestPagesBecomeMarkdownWithTheirPicturesAndLinks(t *testing.T) {
	pages := map[string]string{}
	s, _ := serving(t, pages)
	cdn, _ := serving(t, map[string]string{"/c.png": "image/png\n\n" + dot + "c"})
	pages["/hc/articles/12-Dimmers"] = `text/html; charset=utf-8

<!doctype html><html><head><title>Dimmers – Shop</title><meta name="description" content="What to look for."></head><body>
<nav><a href="/">All</a> Menu</nav><ol class="breadcrumbs"><li><a href="/hc">Shop</a></li><li><a href="/hc/c/1">Bulbs</a></li><li><a href="/hc/c/2">LED</a></li></ol>
<main><article><header><h1>Which dimmers <b>work</b></h1><span>by Ann</span></header>
<p onclick="go()">All of <b>them</b>, see <a href="13-bulbs.html#led">bulbs</a>, <a href="javascript:alert(1)">x</a> or <a href="https://other.example/y">y</a>.</p>
<table><tr><th>Name</th><th>Watt</th></tr><tr><td>A</td><td>5</td></tr></table>
<p><img src="/img/a.png" alt="A dimmer"><img src="` + cdn.URL + `/c.png" alt="c"><img src="data:image/png;base64,xx"><img data-src="../gone.png"></p>
<iframe src="https://www.youtube.com/embed/abcdefgh"></iframe><iframe src="https://evil.example/"></iframe>
<script>alert(1)</script><form><input value="secret"></form></article></main><footer>Imprint</footer></body></html>`
	pages["/hc/articles/13-bulbs.html"] = "text/html\n\n<h1>Bulbs</h1><p>See <a href='12-Dimmers'>dimmers</a></p>"
	pages["/img/a.png"] = "image/png\n\n" + dot + "a"
	site := opened(t, s.URL)
	h := reading(t, site, "/hc/articles/12-Dimmers", "/hc/articles/13-bulbs.html", "/gone")
	if len(h.Pages) != 2 || len(h.Pictures) != 1 {
		t.Fatalf("%d pages, %d pictures, %v", len(h.Pages), len(h.Pictures), h.Problems)
	}
	p := h.Pages[0]
	if p.Title != "Which dimmers work" || p.Description != "What to look for." || strings.Join(p.Shelves, "/") != "Bulbs/LED" {
		t.Errorf("head: %+v", p)
	}
	for _, want := range []string{"All of **them**", "[bulbs](/" + h.Pages[1].Path + "#led)", "[y](https://other.example/y)", "| Name", "![A dimmer](/_pictures/", "![c](" + cdn.URL + "/c.png)", "[https://www.youtube.com/watch?v=abcdefgh](https://www.youtube.com/watch?v=abcdefgh)"} {
		if !strings.Contains(p.Markdown, want) {
			t.Errorf("there is no %q in\n%s", want, p.Markdown)
		}
	}
	for _, bad := range []string{"Menu", "Imprint", "alert(1)</", "secret", "by Ann", "evil.example", "# Which"} {
		if strings.Contains(p.Markdown, bad) {
			t.Errorf("there is %q in\n%s", bad, p.Markdown)
		}
	}
	if !strings.Contains(h.Pages[1].Markdown, "[dimmers](/"+p.Path+")") {
		t.Errorf("the second: %s", h.Pages[1].Markdown)
	}
	if u, _ := url.Parse(cdn.URL); len(h.LeftOut) != 1 || h.LeftOut[0] != u.Host {
		t.Errorf("left out: %v", h.LeftOut)
	} else if h := reading(t, opened(t, s.URL, u.Host), "/hc/articles/12-Dimmers"); len(h.Pictures) != 2 || len(h.LeftOut) != 0 {
		t.Errorf("with its host named: %d pictures, %v", len(h.Pictures), h.LeftOut)
	}
	again := reading(t, opened(t, s.URL), "/hc/articles/13-bulbs.html")
	if again.Pages[0].Path != h.Pages[1].Path {
		t.Errorf("a page's file depends on what is read with it: %s, %s", again.Pages[0].Path, h.Pages[1].Path)
	}
}

// S-67, S-70: nothing inside is reached, whatever names it.
func TestSitesInsideAreRefused(t *testing.T) {
	s, asked := serving(t, map[string]string{"/": "text/html\n\n<h1>x</h1>y"})
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	for _, address := range []string{s.URL, "https://127.0.0.1" + port, "https://[::1]" + port, "https://169.254.169.254", "https://10.0.0.1", "https://100.64.0.1", "https://[fd00::1]", "https://0.0.0.0", "https://u:p@x.example",
		"ftp://x.example", "file:///etc/passwd", "https://", ""} {
		if s, err := Open(address, outside.Public, nil); err == nil {
			t.Errorf("%q was opened: %v", address, s.start)
		}
	}
	site, err := Open("https://localhost"+port, outside.Public, nil) // only dialing shows where a name leads
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	if h := reading(t, site, "/"); len(h.Pages) != 0 || h.Problems[0].Why != "It leads inside, not to the public internet." {
		t.Errorf("got %v", h)
	}
	if _, err := site.Map(t.Context()); err == nil || !errors.Is(err, outside.ErrPrivate) {
		t.Errorf("got %v", err)
	}
	if len(*asked) != 0 {
		t.Errorf("it was asked for %v", *asked)
	}
}

// S-68, S-81: each redirect is held against what the first address had to be; only the host that was named is read.
func TestRedirectsOfSitesAreLookedAt(t *testing.T) {
	inner, asked := serving(t, map[string]string{"/secret": "text/html\n\n<h1>Secret</h1>x", "/s.xml": "text/xml\n\n" + urlset + "</urlset>", "/p.png": "image/png\n\n" + dot})
	pages := map[string]string{
		"/away": "to " + inner.URL + "/secret\n\n", "/meta": "to http://169.254.169.254/latest/meta-data\n\n", "/file": "to file:///etc/passwd\n\n", "/gopher": "to gopher://x.example/\n\n",
		"/here": "to /there\n\n", "/there": "text/html\n\n<h1>Moved</h1>here", "/sitemap.xml": "to " + inner.URL + "/s.xml\n\n",
		"/pic": "text/html\n\n<h1>Picture</h1>x <img src='/p.png'>", "/p.png": "to " + inner.URL + "/p.png\n\n",
	}
	for i := range 8 {
		pages[fmt.Sprint("/hop", i)] = fmt.Sprintf("to /hop%d\n\n", i+1)
	}
	s, _ := serving(t, pages)
	h := reading(t, opened(t, s.URL), "/away", "/meta", "/file", "/gopher", "/hop0", "/here", "/pic")
	if len(h.Pages) != 2 || h.Pages[0].Title != "Moved" || len(h.Pictures) != 0 {
		t.Errorf("pages: %v", h.Pages)
	}
	if len(h.Problems) != 6 {
		t.Errorf("problems: %v", h.Problems)
	}
	if _, err := opened(t, s.URL).Map(t.Context()); err == nil {
		t.Error("a sitemap elsewhere was read")
	}
	if len(*asked) != 0 {
		t.Errorf("the other host was asked for %v", *asked)
	}
}

// S-55: answers without end, bombs and lies about types are cut short.
func TestHarmfulPagesAreCutShort(t *testing.T) {
	stop := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/endless":
			for {
				if _, err := io.WriteString(w, strings.Repeat("<p>x", 10000)); err != nil {
					return
				}
			}
		case "/bomb": // a gigabyte in a megabyte
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 1000 {
				if _, err := z.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
			z.Close()
		case "/deep":
			io.WriteString(w, "<h1>x</h1>"+strings.Repeat("<div>", 100000)+"deep")
		case "/many":
			io.WriteString(w, "<h1>x</h1>"+strings.Repeat("<b>y</b>", 100000))
		case "/claims":
			w.Header().Set("Content-Length", "99999999999")
		case "/zip":
			w.Header().Set("Content-Type", "application/zip")
			io.WriteString(w, "PK")
		case "/svg":
			io.WriteString(w, "<h1>x</h1>y<img src=/s.svg><img src=/h.png>")
		case "/s.svg", "/h.png":
			w.Header().Set("Content-Type", "image/png")
			io.WriteString(w, "<svg onload=alert(1)><html><script>alert(1)</script>")
		case "/slow":
			w.(http.Flusher).Flush()
			<-stop
		case "/good":
			io.WriteString(w, "<h1>Good</h1>words")
		}
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(stop) })
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	h := reading(t, opened(t, s.URL), "/endless", "/bomb", "/deep", "/many", "/claims", "/zip", "/svg", "/good")
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if len(h.Pages) > 2 || h.Pages[len(h.Pages)-1].Title != "Good" || len(h.Pictures) != 0 {
		t.Errorf("pages: %d, pictures: %d", len(h.Pages), len(h.Pictures))
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 400<<20 {
		t.Errorf("%d MB were taken", grown>>20)
	}
	t.Logf("took %s, %d MB in all, problems %v", took, (after.TotalAlloc-before.TotalAlloc)>>20, h.Problems)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	slow := opened(t, s.URL)
	u, _ := url.Parse(s.URL + "/slow")
	if _, err := slow.Read(ctx, []*url.URL{u}, func(int) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a page that never comes: %v", err)
	}
	for range 40 { // of all pages together
		if slow.left <= 0 {
			break
		}
		slow.get(t.Context(), u.ResolveReference(&url.URL{Path: "/endless"}), slow.own, pageBytes, "text/html")
	}
	if slow.left > pageBytes {
		t.Errorf("%d bytes are left after endless answers", slow.left)
	}
}

func FuzzSitemap(f *testing.F) {
	for _, s := range []string{urlset + "<url><loc>https://x.example/a</loc></url></urlset>", "<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>", "<urlset><url><loc>&amp;</loc>", "<!DOCTYPE a []><urlset/>", "<urlset/>\x00", "<a:urlset><a:url><a:loc>y</a:loc></a:url></a:urlset>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		pages, maps, more, err := readSitemap(strings.NewReader(s), 5)
		if len(pages)+len(maps) > 5 || more && len(pages)+len(maps) != 5 || err != nil && len(pages)+len(maps) > 0 {
			t.Errorf("%d pages, %d maps, %v, %v", len(pages), len(maps), more, err)
		}
		for _, p := range append(pages, maps...) {
			if len(p) > 2000 || strings.TrimSpace(p) != p {
				t.Errorf("an address as %q", p)
			}
		}
	})
}
