package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"deskbell/app"
	"deskbell/app/apptest"
)

// callers in the order of the columns below.
var callers = []string{"nobody", "visitor", "viewer", "agent", "admin", "owner", "stranger"}

// ways are all plain pages and what each caller is answered: a stranger is of another workspace and names this one.
// {…} stands for things of the workspace.
var ways = []struct{ route, path, want string }{
	{"POST /api/files.upload", "", "401 200 403 200 200 200 404"},
	{"OPTIONS /api/files.upload", "", "204 204 204 204 204 204 204"}, // what browsers ask beforehand
	{"OPTIONS /api/backups.download", "", "204 204 204 204 204 204 204"},
	{"OPTIONS /api/articles.uploadAsset", "", "204 204 204 204 204 204 204"},
	{"OPTIONS /api/helpCenter.import", "", "204 204 204 204 204 204 204"},
	{"OPTIONS /api/helpCenter.export", "", "204 204 204 204 204 204 204"},
	{"OPTIONS /api/docs", "", "204 204 204 204 204 204 204"},
	{"OPTIONS /api/openapi.json", "", "204 204 204 204 204 204 204"},
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

// Every way in beside the doors answers each caller as it is written down, and a way that is not written down is
// found: the list is the router's own.
func TestEveryPageAnswersWhomItMust(t *testing.T) {
	d := apptest.New(t)
	eve := d.Stranger()
	tokens := map[string]string{"nobody": "", "visitor": d.Visitor("clara"), "owner": d.Owner, "stranger": eve}
	for _, role := range []string{"viewer", "agent", "admin"} {
		tokens[role] = d.Member(role)
	}
	file := d.File(d.Owner, "a.txt", []byte("Hello"))
	_, asset := d.Picture(d.Owner, apptest.PNG(2, 2))
	article := d.Wrote("Bulbs", "Lumen tells how bright.", nil)
	d.OK(d.Owner, "helpCenter.updateSettings", m{"accessPolicy": "restricted"})
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
				if _, needs := apptest.Guarded[way.route]; !needs {
					var body string
					status, body = d.Answered(tokens[callers[i]], method, path, nil)
					return body, false
				}
				var out m
				status, out = d.Knock(tokens[callers[i]], way.route, workspace)
				delete(out, "requestId")
				return apptest.JSON(out), true
			}
			body, scoped := ask(d.Workspace)
			if got := status; apptest.JSON(got) != want {
				t.Errorf("%s %s as %s: %d %.200s, want %s", method, path, callers[i], got, body, want)
			}
			if scoped && callers[i] == "stranger" {
				if missing, _ := ask("0SAZPVHNMQ3QW"); missing != body || status != http.StatusNotFound {
					t.Errorf("%s tells a foreign workspace from a missing one: %s, %s", way.route, body, missing)
				}
			}
		}
	}
	for _, route := range d.App.Web.Routes() {
		if !tried[route] && !strings.HasSuffix(route, " /api/:name") { // those are the doors, which have tests of their own
			t.Errorf("%s is in no list of this test", route)
		}
	}
	if routes := d.App.Web.Routes(); len(routes) < 25 || !slices.Contains(routes, "POST /api/:name") {
		t.Errorf("the router tells of %v", routes)
	}
}

// Where there is one public help center, /help leads there; of a restricted one nobody learns what it is called.
func TestNobodyIsLedToARestrictedHelpCenter(t *testing.T) {
	d := apptest.New(t)
	d.Wrote("Bulbs", "Lumen tells how bright.", nil)
	for policy, want := range map[string]int{"public": 302, "restricted": 404, "link": 404} {
		d.OK(d.Owner, "helpCenter.updateSettings", m{"accessPolicy": policy})
		for _, path := range []string{"/help", "/help/"} {
			if status, body := d.Answered("", "GET", path, nil); status != want || want == 404 && strings.Contains(body, "shop") {
				t.Errorf("%s of a %s one for nobody: %d %s", path, policy, status, body)
			}
		}
	}
}

// A door is entered by POST alone, and by GET where it says so: no other method does anything.
func TestNoOtherMethodOpensADoor(t *testing.T) {
	d := apptest.New(t)
	for _, method := range []string{"PUT", "PATCH", "DELETE", "PROPFIND", "REPORT", "TRACE", "QUERY", "HEAD", "GET"} {
		for _, e := range d.App.Doors.Entries() {
			if (method == "GET" || method == "HEAD") && e.GET {
				continue
			}
			if status, body := d.Answered(d.Owner, method, "/api/"+e.Name+"?name=Mallory&workspaceId="+d.Workspace, nil); status < 400 {
				t.Errorf("%s %s: %d %s", method, e.Name, status, body)
			}
		}
	}
	if name := d.OK(d.Owner, "workspaces.get", m{})["name"]; name != "Shop" {
		t.Errorf("the workspace is called %v", name)
	}
}

// The numbers for operators are for callers on this machine, and elsewhere for who has their token: whoever comes through a
// proxy is elsewhere, also where nobody has named the proxy.
func TestMetricsStayOnTheMachine(t *testing.T) {
	const token = "numbers-for-prometheus"
	ask := func(d *apptest.Desk, want int, head ...string) {
		t.Helper()
		h := http.Header{}
		for i := 0; i < len(head); i += 2 {
			h.Set(head[i], head[i+1])
		}
		if status, body := d.Answered("", "GET", "/metrics", h); status != want || want == 404 && strings.Contains(body, "deskbell_") {
			t.Errorf("with %v: %d, want %d", head, status, want)
		}
	}
	named := apptest.With(t, app.Options{Proxies: []string{"127.0.0.0/8"}})
	for from, want := range map[string]int{"": 200, "127.0.0.1": 200, "203.0.113.7": 404, "10.0.0.1": 404, "203.0.113.7, 127.0.0.1": 404, "127.0.0.1, 203.0.113.7": 404, "::ffff:203.0.113.7": 404, "2001:db8::1": 404} {
		ask(named, want, "X-Forwarded-For", from)
	}
	ask(named, 404, "X-Forwarded-For", "203.0.113.7", "Authorization", "Bearer ") // there is no token, and an empty one is none
	for name, value := range map[string]string{"X-Forwarded-For": "203.0.113.7", "X-Real-Ip": "203.0.113.7", "Forwarded": "for=203.0.113.7", "Via": "1.1 caddy", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.example"} {
		ask(apptest.With(t, app.Options{}), 404, name, value)
	}
	open := apptest.With(t, app.Options{Proxies: []string{"127.0.0.0/8"}, MetricsToken: token})
	for said, want := range map[string]int{"Bearer " + token: 200, "bearer " + token: 200, "Basic " + token: 404, token: 404, "Bearer " + token + "x": 404, "Bearer " + token[1:]: 404, "Bearer": 404, "": 404, "Bearer " + open.Owner: 404} {
		ask(open, want, "X-Forwarded-For", "203.0.113.7", "Authorization", said)
	}
}
