package app_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app"
)

// callers in the order of the columns below.
var callers = []string{"nobody", "visitor", "viewer", "agent", "admin", "owner", "stranger"}

// ways are all plain pages and what each caller is answered: a stranger is of another workspace and names this one.
// {…} stands for things of the workspace.
var ways = []struct{ route, path, want string }{
	{"POST /api/files.upload", "", "401 200 403 200 200 200 404"},
	{"OPTIONS /api/files.upload", "", "204 204 204 204 204 204 204"},
	{"GET /api/backups.download", "", "401 403 403 403 403 200 404"},
	{"POST /api/articles.uploadAsset", "", "401 403 403 403 200 200 404"},
	{"POST /api/helpCenter.import", "", "401 403 403 403 200 200 404"},
	{"GET /api/helpCenter.export", "", "401 403 403 403 200 200 404"},
	// A link to a file is for whoever holds it; without its signature it is nothing.
	{"GET /files/:id", "{file}", "200 200 200 200 200 200 200"},
	{"GET /files/:id", "/files/{fileId}", "404 404 404 404 404 404 404"},
	{"GET /files/:id", "/files/0SAZPVHNMQ3QW", "404 404 404 404 404 404 404"},
	// The help center is restricted here: it is there for the workspace's own.
	{"GET /help", "", "404 404 404 404 404 404 404"}, // it leads to public ones alone
	{"GET /help/*", "/help/shop/", "404 200 200 200 200 200 404"},
	{"GET /help/*", "/help/shop/a/bulbs", "404 200 200 200 200 200 404"},
	{"GET /help/*", "/help/shop/search?q=lumen", "404 200 200 200 200 200 404"},
	{"GET /help/*", "/help/shop/sitemap.xml", "404 404 404 404 404 404 404"},
	{"GET /help/*", "/help/none/a/bulbs", "404 404 404 404 404 404 404"},
	{"GET /help/*", "{asset}", "200 200 200 200 200 200 200"},
	{"GET /help/*", "/help/-/asset/{assetId}", "404 404 404 404 404 404 404"},
	{"POST /help/*", "/help/shop/feedback/{articleId}", "404 422 422 422 422 422 404"},
	// What is for everybody.
	{"GET /", "", "200 200 200 200 200 200 200"},
	{"GET /api/docs", "", "200 200 200 200 200 200 200"},
	{"GET /api/openapi.json", "", "200 200 200 200 200 200 200"},
	{"GET /.well-known/deskbell.json", "", "200 200 200 200 200 200 200"},
	{"GET /healthz", "", "200 200 200 200 200 200 200"},
	{"GET /metrics", "", "200 200 200 200 200 200 200"}, // from this machine; see below
	{"GET /app", "", "200 200 200 200 200 200 200"},
	{"GET /app/*", "/app/inbox", "200 200 200 200 200 200 200"},
	{"GET /app/*", "/app/assets/none.js", "404 404 404 404 404 404 404"},
	{"GET /setup", "", "200 200 200 200 200 200 200"},
	{"GET /favicon.ico", "", "200 200 200 200 200 200 200"},
	{"GET /widget.js", "", "200 200 200 200 200 200 200"},
	{"GET /widget/*", "/widget/messenger.html", "200 200 200 200 200 200 200"},
	{"GET /widget/*", "/widget/none.html", "404 404 404 404 404 404 404"},
	{"GET /live", "", "400 400 400 400 400 400 400"}, // without an upgrade; the socket has tests of its own
}

// answered asks for a page as it stands, without following where it leads.
func (d *desk) answered(token, method, path string, header http.Header) (int, string) {
	d.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = d.url + path
	}
	r, err := http.NewRequest(method, path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// Every way in beside the doors answers each caller as it is written down, and a way that is not written down is
// found: the list is the router's own.
func TestEveryPageAnswersWhomItMust(t *testing.T) {
	d := newDesk(t)
	eve := d.stranger()
	tokens := map[string]string{"nobody": "", "visitor": d.visitor("clara"), "owner": d.owner, "stranger": eve}
	for _, role := range []string{"viewer", "agent", "admin"} {
		tokens[role] = d.member(role)
	}
	file := d.file(d.owner, "a.txt", []byte("Hello"))
	_, asset := d.picture(d.owner, pngOf(2, 2))
	article := d.wrote("Bulbs", "Lumen tells how bright.", nil)
	d.ok(d.owner, "helpCenter.updateSettings", m{"accessPolicy": "restricted"})
	things := strings.NewReplacer("{file}", file["url"].(string), "{fileId}", file["id"].(string), "{asset}", asset["url"].(string), "{assetId}", asset["id"].(string), "{articleId}", article)
	tried := map[string]bool{}
	for _, way := range ways {
		tried[way.route] = true
		method, path, _ := strings.Cut(way.route, " ")
		if way.path != "" {
			path = things.Replace(way.path)
		}
		for i, want := range strings.Fields(way.want) {
			var status int
			ask := func(workspace string) (string, bool) {
				if _, needs := guarded[way.route]; !needs {
					var body string
					status, body = d.answered(tokens[callers[i]], method, path, nil)
					return body, false
				}
				var out m
				status, out = d.knock(tokens[callers[i]], way.route, workspace)
				delete(out, "requestId")
				return jsonOf(out), true
			}
			body, scoped := ask(d.workspace)
			if got := status; jsonOf(got) != want {
				t.Errorf("%s %s as %s: %d %.200s, want %s", method, path, callers[i], got, body, want)
			}
			if scoped && callers[i] == "stranger" {
				if missing, _ := ask("0SAZPVHNMQ3QW"); missing != body || status != http.StatusNotFound {
					t.Errorf("%s tells a foreign workspace from a missing one: %s, %s", way.route, body, missing)
				}
			}
		}
	}
	for _, route := range d.app.Web.Routes() {
		if !tried[route] && !strings.HasSuffix(route, " /api/:name") { // those are the doors, which have tests of their own
			t.Errorf("%s is in no list of this test", route)
		}
	}
	if routes := d.app.Web.Routes(); len(routes) < 25 || !slices.Contains(routes, "POST /api/:name") {
		t.Errorf("the router tells of %v", routes)
	}
}

// Where there is one public help center, /help leads there; of a restricted one nobody learns what it is called.
func TestNobodyIsLedToARestrictedHelpCenter(t *testing.T) {
	d := newDesk(t)
	d.wrote("Bulbs", "Lumen tells how bright.", nil)
	for policy, want := range map[string]int{"public": 302, "restricted": 404, "link": 404} {
		d.ok(d.owner, "helpCenter.updateSettings", m{"accessPolicy": policy})
		for _, path := range []string{"/help", "/help/"} {
			if status, body := d.answered("", "GET", path, nil); status != want || want == 404 && strings.Contains(body, "shop") {
				t.Errorf("%s of a %s one for nobody: %d %s", path, policy, status, body)
			}
		}
	}
}

// A door is entered by POST alone, and by GET where it says so: no other method does anything.
func TestNoOtherMethodOpensADoor(t *testing.T) {
	d := newDesk(t)
	for _, method := range []string{"PUT", "PATCH", "DELETE", "PROPFIND", "REPORT", "TRACE", "QUERY", "HEAD", "GET"} {
		for _, e := range d.app.Doors.Entries() {
			if method == "GET" && e.GET {
				continue
			}
			if status, body := d.answered(d.owner, method, "/api/"+e.Name+"?name=Mallory&workspaceId="+d.workspace, nil); status < 400 {
				t.Errorf("%s %s: %d %s", method, e.Name, status, body)
			}
		}
	}
	if name := d.ok(d.owner, "workspaces.get", m{})["name"]; name != "Shop" {
		t.Errorf("the workspace is called %v", name)
	}
}

// The numbers for operators are for callers on this machine: whoever comes through a proxy is elsewhere.
func TestMetricsStayOnTheMachine(t *testing.T) {
	d := newDeskWith(t, app.Options{Proxies: []string{"127.0.0.0/8"}})
	for from, want := range map[string]int{"": 200, "127.0.0.1": 200, "203.0.113.7": 404, "10.0.0.1": 404, "203.0.113.7, 127.0.0.1": 404, "127.0.0.1, 203.0.113.7": 404, "::ffff:203.0.113.7": 404, "2001:db8::1": 404} {
		h := http.Header{}
		if from != "" {
			h.Set("X-Forwarded-For", from)
		}
		if status, _ := d.answered(d.owner, "GET", "/metrics", h); status != want {
			t.Errorf("for %q: %d, want %d", from, status, want)
		}
	}
}

// untouched sends a request as it is written, byte by byte; status 0 is a connection that was closed without an answer.
func (d *desk) untouched(request string) (int, http.Header, string) {
	d.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(d.url, "http://"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(c, request)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, nil, ""
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(b)
}
