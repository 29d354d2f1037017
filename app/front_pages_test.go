package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// frontPage is page in a language, which must be there.
func frontPage(d *apptest.Desk, path, language string) (string, http.Header) {
	d.T.Helper()
	status, header, body := d.Page(path, http.Header{"Accept-Language": {language}})
	if status != 200 {
		d.T.Fatalf("%s: %d", path, status)
	}
	return body, header
}

func TestTheServersOwnPagesLoadNothingForeign(t *testing.T) {
	d := apptest.New(t)
	landing, _ := frontPage(d, "/", "de-DE,de;q=0.9,en;q=0.5")
	if !strings.Contains(landing, `href="/app/"`) || !strings.Contains(landing, "Anmelden") {
		t.Errorf("no way in: %s", landing)
	}
	reference, header := frontPage(d, "/api/docs", "en")
	for _, e := range d.App.Doors.Entries() {
		if !strings.Contains(reference, `id="`+e.Name+`"`) {
			t.Errorf("%s is not in the reference", e.Name)
		}
	}
	if csp := header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
		t.Errorf("policy: %s", csp)
	}
	for _, link := range regexp.MustCompile(`(?:href|src)="(https?:)?//[^"]*"`).FindAllString(landing+reference, -1) {
		t.Errorf("a foreign link: %s", link)
	}
	for _, target := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(reference, -1) {
		if !strings.Contains(reference, `id="`+target[1]+`"`) {
			t.Errorf("a link to nothing: #%s", target[1])
		}
	}
}

func TestABrowserIsShownAPageWhereNothingIs(t *testing.T) {
	d := apptest.New(t)
	show := func(path string) (int, string, http.Header) {
		t.Helper()
		status, header, body := d.Page(path, http.Header{"Accept": {"text/html,application/xhtml+xml,*/*;q=0.8"}, "Accept-Language": {"de"}})
		return status, body, header
	}
	d.OK(d.Owner, "helpCenter.updateSettings", m{"slug": "lamps", "accessPolicy": "restricted"})
	_, none, header := show("/help/nobody/")
	if csp := header.Get("Content-Security-Policy"); !strings.HasPrefix(header.Get("Content-Type"), "text/html") || !strings.HasPrefix(csp, "default-src 'none'") || header.Get("Cache-Control") != "no-store" {
		t.Errorf("not a page: %v", header)
	}
	plain := func(body string) string { return regexp.MustCompile(`nonce="[^"]*"`).ReplaceAllString(body, "") }
	for _, path := range []string{"/help/lamps/", "/nothing", "/files/0SAZPVHNMQ3QW?e=1&s=x"} {
		if status, body, _ := show(path); status != 404 || !strings.Contains(body, "Diese Seite gibt es nicht") || plain(body) != plain(none) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if _, header, body := d.Page("/help/lamps/", nil); header.Get("Content-Type") != "application/problem+json" || strings.Contains(body, "<") {
		t.Errorf("a program gets %s", header.Get("Content-Type"))
	}
	if _, _, header := show("/api/messages.list"); header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a door answers a browser as everybody, not with %s", header.Get("Content-Type"))
	}
}

// What anybody may ask for as often as they like is made once, not for each who asks; and yet each gets a nonce of their own.
func TestPagesForEverybodyAreMadeOnce(t *testing.T) {
	d := apptest.New(t)
	for _, path := range []string{"/api/docs", "/api/openapi.json"} {
		ask := func() *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			w.Body.Grow(1 << 20)
			d.App.Web.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			return w
		}
		first, second := ask(), ask()
		if first.Code != 200 || first.Body.Len() < 50000 {
			t.Fatalf("%s: %d, %d bytes", path, first.Code, first.Body.Len())
		}
		if n := testing.AllocsPerRun(10, func() { ask() }); n > 2000 {
			t.Errorf("%s makes %.0f things for each who asks", path, n)
		}
		if path == "/api/openapi.json" {
			continue
		}
		nonce := func(w *httptest.ResponseRecorder) string {
			return regexp.MustCompile(`'nonce-([A-Z0-9]+)'`).FindStringSubmatch(w.Header().Get("Content-Security-Policy"))[1]
		}
		one, two := nonce(first), nonce(second)
		if one == two || !strings.Contains(first.Body.String(), `nonce="`+one+`"`) || strings.Contains(second.Body.String(), one) || !strings.Contains(second.Body.String(), `nonce="`+two+`"`) {
			t.Errorf("%s: nonces %s and %s", path, one, two)
		}
	}
}

// The document of the API holds every door with what it takes and gives, and each name in it leads to something.
func TestTheDocumentOfTheAPIIsWhole(t *testing.T) {
	d := apptest.New(t)
	_, body := d.Answered("", "GET", "/api/openapi.json", nil)
	var doc struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct{ Name, In string }
			RequestBody m            `json:"requestBody"`
			Responses   map[string]m `json:"responses"`
			Security    *[]m
		}
		Components struct {
			Schemas map[string]m
		}
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || doc.OpenAPI != "3.1.0" || doc.Servers[0].URL != d.URL {
		t.Fatalf("%v: %s, %v", err, doc.OpenAPI, doc.Servers)
	}
	seen := map[string]bool{}
	for _, e := range d.App.Doors.Entries() {
		path := doc.Paths["/api/"+e.Name]
		post, there := path["post"]
		if !there || post.OperationID != e.Name || post.RequestBody == nil || post.Responses["200"] == nil || post.Responses["default"] == nil || (post.Security != nil) != e.Need.Public() {
			t.Errorf("%s: %+v", e.Name, post)
		}
		get, there := path["get"]
		if there != e.GET || there && (len(get.Parameters) == 0 || get.RequestBody != nil) {
			t.Errorf("%s by GET: %+v", e.Name, get)
		}
		for _, op := range path {
			if seen[op.OperationID] {
				t.Errorf("there are two %s", op.OperationID)
			}
			seen[op.OperationID] = true
		}
	}
	if len(doc.Paths) != len(d.App.Doors.Entries()) {
		t.Errorf("%d paths for %d doors", len(doc.Paths), len(d.App.Doors.Entries()))
	}
	refs := regexp.MustCompile(`"\$ref":"([^"]*)"`).FindAllStringSubmatch(body, -1)
	for _, r := range refs {
		if name, local := strings.CutPrefix(r[1], "#/components/schemas/"); !local || doc.Components.Schemas[name] == nil {
			t.Errorf("%s leads nowhere", r[1])
		}
	}
	if len(refs) < 50 {
		t.Errorf("%d references", len(refs))
	}
}
