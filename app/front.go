package app

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/store"
)

//go:embed front.html
var frontHTML string

var front = template.Must(template.New("front").Funcs(template.FuncMap{"linked": linked}).Parse(frontHTML))

// words are what the server's own pages say, by language.
var words = map[string]map[string]string{
	"en": {"title": "Help desk", "lead": "Chat, shared inbox and everything around them, in one place.", "in": "Sign in", "needed": "This help desk is not set up yet. Open the link that the server printed when it started.", "api": "API reference", "health": "Status",
		"missing": "This page does not exist", "missingHint": "It may have been moved or deleted, or the link has run out.", "sorry": "This page cannot be shown now", "sorryHint": "Try again in a moment."},
	"de": {"title": "Helpdesk", "lead": "Chat, gemeinsamer Eingang und alles darum herum, an einem Ort.", "in": "Anmelden", "needed": "Dieser Helpdesk ist noch nicht eingerichtet. Öffnen Sie den Link, den der Server beim Start ausgegeben hat.", "api": "API-Referenz", "health": "Zustand",
		"missing": "Diese Seite gibt es nicht", "missingHint": "Sie wurde vielleicht verschoben oder gelöscht, oder der Link ist abgelaufen.", "sorry": "Diese Seite lässt sich gerade nicht zeigen", "sorryHint": "Versuchen Sie es gleich noch einmal."},
}

// language is the better of ours for a reader.
func language(r *http.Request) string {
	for _, l := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		l, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(l)), "-")
		l, _, _ = strings.Cut(l, ";")
		if words[l] != nil {
			return l
		}
	}
	return "en"
}

// frontPages hangs the pages that the server writes itself: the landing page and the reference of the API.
func (a *App) frontPages() {
	a.Doors.Serve("GET", "/", a.landing)
	a.Doors.Serve("GET", "/api/docs", a.reference())
}

// landing is what stands at the root: the way in.
func (a *App) landing(w http.ResponseWriter, r *http.Request) {
	if a.Help.Greets(w, r) { // a help center has this domain for itself
		return
	}
	var state account.SetupState
	err := a.DB.Read(r.Context(), 0, func(tx *store.Tx) (err error) {
		state, err = a.Accounts.SetupStatus(tx, actor.Actor{}, account.SetupStatus{})
		return err
	})
	if err != nil {
		a.Web.Refuse(w, r, err)
		return
	}
	l := language(r)
	a.show(w, "landing", map[string]any{"Language": l, "Words": words[l], "Needed": state.Needed})
}

// reference is the API for people: every door with who may pass it, what it takes and what it gives. Anybody may ask for
// it, and it is much work: it is made once, but for its nonce.
func (a *App) reference() http.HandlerFunc {
	const nonce = "NONCE-OF-THE-REFERENCE"
	page := sync.OnceValues(func() ([]byte, error) {
		var b bytes.Buffer
		err := front.Execute(&b, map[string]any{"Page": "reference", "Nonce": nonce, "Language": "en", "Version": a.Version, "URL": a.URL, "Doors": a.Doors.Reference()})
		return b.Bytes(), err
	})
	return func(w http.ResponseWriter, r *http.Request) {
		b, err := page()
		if err != nil {
			a.Web.Refuse(w, r, err)
			return
		}
		fresh := heads(w)
		w.Write(bytes.ReplaceAll(b, []byte(nonce), []byte(fresh)))
	}
}

// sorry is the page for an address that cannot be shown. It says the same whether nothing is there or it is not for the reader.
func (a *App) sorry(w http.ResponseWriter, r *http.Request, status int) {
	l, what := language(r), "sorry"
	if status == http.StatusNotFound || status == http.StatusForbidden || status == http.StatusUnauthorized {
		what = "missing"
	}
	a.showAs(w, status, "sorry", map[string]any{"Language": l, "Title": words[l][what], "Lead": words[l][what+"Hint"]})
}

// show writes a page that loads nothing: no scripts, and only its own style.
func (a *App) show(w http.ResponseWriter, name string, data map[string]any) {
	a.showAs(w, http.StatusOK, name, data)
}

func (a *App) showAs(w http.ResponseWriter, status int, name string, data map[string]any) {
	data["Nonce"], data["Page"] = heads(w), name
	w.WriteHeader(status)
	if err := front.Execute(w, data); err != nil {
		a.Log.Error("page", "page", name, "error", err)
	}
}

// heads writes what stands before such a page, and gives the nonce of its style.
func heads(w http.ResponseWriter) string {
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	return nonce
}

var identifier = regexp.MustCompile(`\b[A-Z]\w+\b`)

// linked writes a type with its names as links to them.
func linked(s string) template.HTML {
	s = template.HTMLEscapeString(s)
	return template.HTML(identifier.ReplaceAllStringFunc(s, func(name string) string {
		if name == "Array" || name == "Record" {
			return name
		}
		return `<a href="#type-` + name + `">` + name + `</a>`
	}))
}
