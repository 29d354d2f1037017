package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"deskbell/store"
)

// asset is a file that was embedded, with what is known of it beforehand. Its content stays where it is, in the program.
type asset struct {
	files  fs.FS
	plain  form
	packed map[string]form // by content coding
	kind   string
	tag    string
}

// form is one form of an asset.
type form struct {
	name string
	size int64
}

// load knows all files of a built front end, with their precompressed forms (.br, .gz) beside them.
func load(files fs.FS) map[string]*asset {
	out := map[string]*asset{}
	fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		ext := path.Ext(name)
		if err != nil || d.IsDir() || ext == ".br" || ext == ".gz" || d.Name() == ".gitkeep" {
			return err
		}
		f, err := files.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		n, err := io.Copy(sum, f)
		if err != nil {
			return err
		}
		a := &asset{files: files, plain: form{name, n}, packed: map[string]form{}, kind: mime.TypeByExtension(ext), tag: `"` + hex.EncodeToString(sum.Sum(nil)[:8]) + `"`}
		for coding, ext := range map[string]string{"br": ".br", "gzip": ".gz"} {
			if info, err := fs.Stat(files, name+ext); err == nil {
				a.packed[coding] = form{name + ext, info.Size()}
			}
		}
		out[name] = a
		return nil
	})
	return out
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", cache)
	h.Set("ETag", a.tag)
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Header.Get("If-None-Match") == a.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	accepted := r.Header.Get("Accept-Encoding")
	for _, coding := range []string{"br", "gzip"} {
		if f, ok := a.packed[coding]; ok && accepts(accepted, coding) {
			h.Set("Content-Encoding", coding)
			body = f
			break
		}
	}
	h.Set("Content-Length", strconv.FormatInt(body.size, 10))
	f, err := a.files.Open(body.name)
	if err != nil {
		return // what is embedded opens
	}
	defer f.Close()
	io.Copy(w, f)
}

// accepts reports whether an Accept-Encoding names a coding with a weight above 0 (RFC 9110, section 12.5.3).
func accepts(header, coding string) bool {
	for _, one := range strings.Split(header, ",") {
		name, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q, weighed := strings.CutPrefix(strings.ToLower(strings.TrimSpace(weight)), "q=")
			n, err := strconv.ParseFloat(q, 64)
			return !weighed || err == nil && n > 0
		}
	}
	return false
}

const (
	forever = "public, max-age=31536000, immutable" // for names that hold a hash
	shortly = "public, max-age=300"
	never   = "no-cache"
)

// html serves a page with a nonce of its own: no inline script runs, and only styles that carry the nonce.
func (a *asset) html(w http.ResponseWriter, ancestors string) {
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"+nonce+"'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob: https:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self' https://www.youtube-nocookie.com https://player.vimeo.com; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "+ancestors)
	page, _ := fs.ReadFile(a.files, a.plain.name) // what is embedded opens
	w.Write([]byte(strings.ReplaceAll(string(page), "__NONCE__", nonce)))
}

// Front serves the two front ends: the dashboard under /app and /setup, the widget under /widget.js and /widget/.
func (s *Server) Front(dashboard, widget fs.FS) {
	d, w := load(dashboard), load(widget)
	page := func(rw http.ResponseWriter, r *http.Request) {
		if name := strings.TrimPrefix(r.URL.Path, "/app/"); d[name] != nil && strings.HasPrefix(name, "assets/") {
			d[name].serve(rw, r, forever)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/app/assets/") {
			http.NotFound(rw, r)
			return
		}
		if d["index.html"] == nil {
			http.Error(rw, "The dashboard is not built. Run: go generate ./... && go run .", http.StatusServiceUnavailable)
			return
		}
		rw.Header().Set("X-Frame-Options", "DENY")
		d["index.html"].html(rw, "'none'")
	}
	s.handle("GET", "/app", page)
	s.handle("GET", "/app/*", page)
	s.handle("GET", "/setup", page)
	s.handle("GET", "/favicon.ico", func(rw http.ResponseWriter, r *http.Request) { // every browser asks for it
		if d["icon.svg"] == nil {
			http.NotFound(rw, r)
			return
		}
		d["icon.svg"].serve(rw, r, shortly)
	})
	s.handle("GET", "/widget.js", func(rw http.ResponseWriter, r *http.Request) {
		if w["widget.js"] == nil {
			http.Error(rw, "// The widget is not built. Run: go generate ./... && go run .", http.StatusServiceUnavailable)
			return
		}
		w["widget.js"].serve(rw, r, shortly)
	})
	s.handle("GET", "/widget/*", func(rw http.ResponseWriter, r *http.Request) {
		a := w[strings.TrimPrefix(r.URL.Path, "/widget/")]
		switch {
		case a == nil:
			http.NotFound(rw, r)
		case path.Ext(r.URL.Path) == ".html":
			a.html(rw, s.ancestors(r))
		default:
			a.serve(rw, r, forever)
		}
	})
}

// ancestors are the sites that may frame the messenger of the workspace that the address names: the browser enforces
// the workspace's allowed origins here.
func (s *Server) ancestors(r *http.Request) string {
	id, err := store.ParseID(r.URL.Query().Get("workspace"))
	if err != nil {
		return "'self'"
	}
	list, err := s.Origins(r.Context(), id)
	switch {
	case err != nil:
		return "'self'"
	case len(list) == 0:
		return "*"
	}
	return "'self' " + strings.Join(list, " ")
}
