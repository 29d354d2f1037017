package helpcenter

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/store"
)

//go:embed page
var files embed.FS

// pages are the public pages: made on the server, readable without JavaScript.
type pages struct {
	templates map[string]*template.Template // by language of the words
	style     string
	script    []byte
	build     string // names what belongs together, so that browsers may keep it
	enter     func(w http.ResponseWriter, r *http.Request, visitors bool) (actor.Actor, error)
	refuse    func(w http.ResponseWriter, r *http.Request, err error)
}

// Pages hangs the public pages, and the doors for files. enter and refuse are the web's.
func (h *HelpCenter) Pages(d *door.Doors, enter func(http.ResponseWriter, *http.Request, bool) (actor.Actor, error), refuse func(http.ResponseWriter, *http.Request, error)) {
	style, _ := files.ReadFile("page/style.css")
	script, _ := files.ReadFile("page/help.js")
	sum := sha256.Sum256(append(style, script...))
	p := &pages{style: string(style), script: script, build: hex.EncodeToString(sum[:4]), templates: map[string]*template.Template{}, enter: enter, refuse: refuse}
	for l := range words {
		p.templates[l] = template.Must(template.New("").Funcs(template.FuncMap{"icon": icon, "t": func(k string) string { return say(l, k) },
			"count": func(n int) string { return sayCount(l, n) }, "found": func(n int) string { return sayCount(l, n) },
			"minutes": func(n int) string { return fmt.Sprintf(say(l, "minutes"), n) }}).ParseFS(files, "page/*.html"))
	}
	h.pages = p
	d.Serve("GET", "/help", h.serve)
	d.Serve("GET", "/help/*", h.serve)
	d.Serve("POST", "/help/*", h.serve)
	d.Serve("POST", "/api/articles.uploadAsset", h.upload(d))
	d.Serve("POST", "/api/helpCenter.import", h.bringIn(d))
	d.Serve("GET", "/api/helpCenter.export", h.takeOut(d))
}

// template is that of the pages in a language, or in English where there are no words of it.
func (p *pages) template(language string) *template.Template {
	l, _, _ := strings.Cut(language, "-")
	if t := p.templates[l]; t != nil {
		return t
	}
	return p.templates["en"]
}

// Greets answers the first page of a domain that belongs to a help center, and says whether it did.
func (h *HelpCenter) Greets(w http.ResponseWriter, r *http.Request) bool {
	c, err := h.byHost(r)
	if err != nil || c == nil {
		return false
	}
	http.Redirect(w, r, "/help/", http.StatusFound)
	return true
}

// byHost finds the help center that a domain belongs to; nil where it is the server's own.
func (h *HelpCenter) byHost(r *http.Request) (c *store.HelpCenter, err error) {
	host := strings.ToLower(r.Host)
	if u, err := url.Parse(h.url); err == nil && u.Host == host {
		return nil, nil
	}
	if at := strings.LastIndexByte(host, ':'); at > 0 && !strings.HasSuffix(host, "]") {
		host = host[:at]
	}
	host = strings.TrimSuffix(host, ".")
	err = h.db.Read(r.Context(), 0, func(tx *store.Tx) error {
		c, err = tx.HelpCenters.ByDomain(host)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return c, err
}

// visit is a request for a page, as far as it is known whose.
type visit struct {
	w        http.ResponseWriter
	r        *http.Request
	who      actor.Actor
	center   *store.HelpCenter
	space    *store.Workspace
	base     string // of links: without a host, so that a page never depends on one
	language string
	rest     string // of the path
}

func (h *HelpCenter) serve(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/help"), "/")
	if own, ok := strings.CutPrefix(path, "-/"); ok {
		h.own(w, r, own)
		return
	}
	v, err := h.visit(w, r, path)
	if err == nil && v != nil {
		err = h.page(v)
	}
	if err != nil {
		h.missing(v, w, r, err)
	}
}

// visit finds whose help center is asked for; nil when the answer was given already.
func (h *HelpCenter) visit(w http.ResponseWriter, r *http.Request, path string) (*visit, error) {
	who, err := h.pages.enter(w, r, true)
	if err != nil {
		return nil, err
	}
	v := &visit{w: w, r: r, who: who, base: "/help", rest: path}
	if v.center, err = h.byHost(r); err != nil {
		return nil, err
	}
	if v.center == nil {
		if path == "" {
			return nil, h.only(w, r)
		}
		slug, rest, slash := strings.Cut(path, "/")
		if !slash {
			http.Redirect(w, r, "/help/"+url.PathEscape(slug)+"/", http.StatusMovedPermanently)
			return nil, nil
		}
		v.base, v.rest = "/help/"+slug, rest
		if v.center, err = h.bySlug(r, slug); err != nil {
			return nil, err
		}
	}
	v.language = v.center.Language
	if first, rest, ok := strings.Cut(v.rest, "/"); ok && spoken(v.center, first) == first {
		v.language, v.rest = first, rest
	}
	if given, err := h.opened(v); given || err != nil {
		return nil, err
	}
	err = h.db.Read(r.Context(), v.center.Workspace, func(tx *store.Tx) error {
		if _, _, err := h.reader(tx, v.who, v.center.Workspace); err != nil {
			return err
		}
		v.space, err = tx.Workspaces.ByID(v.center.Workspace)
		return err
	})
	return v, err
}

func (h *HelpCenter) bySlug(r *http.Request, slug string) (c *store.HelpCenter, err error) {
	err = h.db.Read(r.Context(), 0, func(tx *store.Tx) error {
		if c, err = tx.HelpCenters.BySlug(slug); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		id, bad := store.ParseID(slug)
		if bad != nil {
			return store.ErrNotFound
		}
		if _, err := tx.Workspaces.ByID(id); err != nil {
			return err
		}
		c, err = center(tx.In(id))
		return err
	})
	return c, err
}

// only leads to the help center where there is one.
func (h *HelpCenter) only(w http.ResponseWriter, r *http.Request) error {
	var list []store.HelpCenter
	err := h.db.Read(r.Context(), 0, func(tx *store.Tx) (err error) {
		list, err = tx.HelpCenters.First(2)
		return err
	})
	if err == nil && len(list) != 1 {
		err = store.ErrNotFound
	}
	if err == nil {
		http.Redirect(w, r, "/help/"+list[0].Slug+"/", http.StatusFound)
	}
	return err
}

// page answers one page of a help center.
func (h *HelpCenter) page(v *visit) error {
	kind, name, _ := strings.Cut(v.rest, "/")
	if v.r.Method == http.MethodPost {
		if kind == "feedback" {
			return h.vote(v, name)
		}
		return store.ErrNotFound
	}
	switch {
	case v.rest == "":
		return h.front(v)
	case kind == "c" && name != "":
		return h.shelfPage(v, name)
	case kind == "a" && name != "":
		return h.articlePage(v, name)
	case v.rest == "search":
		return h.searchPage(v)
	case v.center.Policy != "public": // what tells machines what there is is for public ones only
	case v.rest == "sitemap.xml":
		return h.sitemap(v)
	case v.rest == "feed.xml":
		return h.feed(v)
	case v.rest == "llms.txt":
		return h.llms(v)
	}
	return store.ErrNotFound
}

// read runs fn on a snapshot of the workspace.
func (h *HelpCenter) read(v *visit, fn func(tx *store.Tx) error) error {
	return h.db.Read(v.r.Context(), v.center.Workspace, fn)
}

// missing answers what is not there, in the help center's own dress where it is known.
func (h *HelpCenter) missing(v *visit, w http.ResponseWriter, r *http.Request, err error) {
	if !fault.Is(err, fault.NotFound) || v == nil || v.space == nil {
		h.pages.refuse(w, r, err)
		return
	}
	s := h.sheet(v, say(v.language, "missing"))
	s.NoIndex, s.Searching, s.status = true, false, http.StatusNotFound
	if err := h.show(v, "missing", s); err != nil {
		h.pages.refuse(w, r, err)
	}
}

// show renders a page, packed if the browser takes that, with a tag by which it need not be sent again.
func (h *HelpCenter) show(v *visit, name string, s *sheet) error {
	var b bytes.Buffer
	if err := h.pages.template(v.language).ExecuteTemplate(&b, name, s); err != nil {
		return err
	}
	v.w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+h.url+"; style-src 'self'; img-src 'self' data: "+h.url+"; font-src 'self'; connect-src 'self'; frame-src "+h.url+" https://www.youtube-nocookie.com https://player.vimeo.com; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.send(v, "text/html; charset=utf-8", s.status, b.Bytes())
	return nil
}

func (h *HelpCenter) send(v *visit, kind string, status int, body []byte) {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	head := v.w.Header()
	head.Set("Content-Type", kind)
	head.Set("ETag", tag)
	head.Add("Vary", "Accept-Encoding")
	if v.center.Policy == "public" {
		head.Set("Cache-Control", "public, max-age=0, must-revalidate")
	} else {
		head.Set("Cache-Control", "private, no-store")
		head.Set("X-Robots-Tag", "noindex, nofollow")
		head.Set("Referrer-Policy", "same-origin")
	}
	if status == 0 {
		status = http.StatusOK
	}
	if status == http.StatusOK && v.r.Header.Get("If-None-Match") == tag {
		v.w.WriteHeader(http.StatusNotModified)
		return
	}
	if len(body) > 1000 && strings.Contains(v.r.Header.Get("Accept-Encoding"), "gzip") {
		head.Set("Content-Encoding", "gzip")
		v.w.WriteHeader(status)
		z, _ := gzip.NewWriterLevel(v.w, 5)
		z.Write(body)
		z.Close()
		return
	}
	v.w.WriteHeader(status)
	v.w.Write(body)
}

// own answers what all help centers share: style, script, pictures.
func (h *HelpCenter) own(w http.ResponseWriter, r *http.Request, path string) {
	const forever = "public, max-age=31536000, immutable"
	switch {
	case strings.HasPrefix(path, "style-") && len(path) >= 12 && isHex(path[6:12]):
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", forever)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(dressed(h.pages.style, path[6:12])))
	case strings.HasPrefix(path, "help-"):
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", forever)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(h.pages.script))
	case strings.HasPrefix(path, "asset/"):
		h.asset(w, r, strings.TrimPrefix(path, "asset/"))
	default:
		h.pages.refuse(w, r, store.ErrNotFound)
	}
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}
