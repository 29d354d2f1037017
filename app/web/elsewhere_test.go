package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"deskbell/app"
	"deskbell/app/apptest"
)

// asks is what a browser asks beforehand: which origin it is told may go on.
func asks(d *apptest.Desk, path, origin string) string {
	d.T.Helper()
	res, _ := d.Ask("", "OPTIONS", path, http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"authorization, content-type"}})
	if res.StatusCode != http.StatusNoContent || res.Header.Get("Access-Control-Allow-Credentials") != "" {
		d.T.Errorf("%s from %s: %d, credentials %q", path, origin, res.StatusCode, res.Header.Get("Access-Control-Allow-Credentials"))
	}
	return res.Header.Get("Access-Control-Allow-Origin")
}

// from opens the live socket from a page, and gives the code with which it is closed, or 0 when it answers.
func from(d *apptest.Desk, origin, token, view string) int {
	d.T.Helper()
	h := http.Header{}
	if origin != "" {
		h.Set("Origin", origin)
	}
	ws := d.SocketFrom(token, h)
	defer ws.Close()
	ws.WriteJSON(m{"id": 1, "view": view, "args": m{}})
	if _, _, err := ws.ReadMessage(); err != nil {
		if c, is := err.(*websocket.CloseError); is {
			return c.Code
		}
		d.T.Fatal(err)
	}
	return 0
}

// A dashboard on an origin of its own does all that ours does, where that origin is listed: doors, plain pages, the
// socket. Where it is not, it does nothing.
func TestADashboardElsewhereWorksWhereItIsListed(t *testing.T) {
	const listed, evil = "https://desk.example", "https://evil.example"
	d := apptest.With(t, app.Options{Apps: []string{listed}})
	for _, path := range []string{"/api/auth.signIn", "/api/users.me", "/api/conversations.listForInbox", "/api/files.upload", "/api/articles.uploadAsset", "/api/helpCenter.import", "/api/helpCenter.export", "/api/backups.download"} {
		if got := asks(d, path, listed); got != listed {
			t.Errorf("%s from a listed origin: %q may go on", path, got)
		}
		if got := asks(d, path, evil); got != "" && path != "/api/files.upload" { // that is for visitors, too: who asks is seen then
			t.Errorf("%s from another site: %q may go on", path, got)
		}
	}
	in, out := d.Raw("", "auth.signIn", []byte(apptest.JSON(m{"email": apptest.Ann, "password": apptest.Right, "token": true})), http.Header{"Origin": {listed}})
	token, _ := out["token"].(string)
	if in != 200 || token == "" {
		t.Fatalf("signing in: %d %v", in, out)
	}
	upload := func(origin string) (int, string) {
		kind, body := apptest.Form(`form-data; name="file"; filename="a.png"`, apptest.PNG(2, 2))
		r, _ := http.NewRequest("POST", d.URL+"/api/files.upload", bytes.NewReader(body.Bytes()))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Origin", origin)
		res, _ := d.Fetch(r)
		return res.StatusCode, res.Header.Get("Access-Control-Allow-Origin")
	}
	if status, allowed := upload(listed); status != 200 || allowed != listed {
		t.Errorf("a file from a listed origin: %d, readable by %q", status, allowed)
	}
	if status, allowed := upload(evil); status != 403 || allowed != "" {
		t.Errorf("a file from another site: %d, readable by %q", status, allowed)
	}
	for origin, want := range map[string]int{listed: 0, "": 0, d.URL: 0, evil: websocket.ClosePolicyViolation, "null": websocket.ClosePolicyViolation, "https://desk.example.evil.example": websocket.ClosePolicyViolation} {
		if got := from(d, origin, token, "users.me"); got != want {
			t.Errorf("a socket from %q: %d, want %d", origin, got, want)
		}
	}
}

// However an owner writes our address and another dashboard's, they are what browsers call them.
func TestAddressesOfFlagsAreReadAsBrowsersWriteThem(t *testing.T) {
	d := apptest.With(t, app.Options{URL: "https://Help.Example.com:443/", Apps: []string{"HTTPS://Desk.Example:443/", "http://localhost:3000"}})
	if d.App.URL != "https://help.example.com" {
		t.Errorf("we are at %s", d.App.URL)
	}
	d.URL = "http://" + d.App.Addr
	for _, origin := range []string{"https://desk.example", "http://localhost:3000"} {
		if got := asks(d, "/api/users.me", origin); got != origin {
			t.Errorf("from %s: %q may go on", origin, got)
		}
	}
	sign := func(origin string) int {
		status, _ := d.Raw("", "auth.signIn", []byte(apptest.JSON(m{"email": apptest.Ann, "password": apptest.Right})), http.Header{"Origin": {origin}})
		return status
	}
	for origin, want := range map[string]int{"https://help.example.com": 200, "https://desk.example": 200, "https://evil.example": 403, "http://help.example.com": 403, "https://help.example.com:8443": 403} {
		if got := sign(origin); got != want {
			t.Errorf("signing in from %s: %d, want %d", origin, got, want)
		}
	}
}

// Who listens everywhere and names no public address is told one that a browser on this machine can open; and whoever opens
// another is told where to go.
func TestWhoNamesNoAddressIsToldOneThatOpens(t *testing.T) {
	data := t.TempDir()
	for listens, want := range map[string]string{"0.0.0.0:8080": "http://localhost:8080", "[::]:80": "http://localhost", "127.0.0.1:8080": "http://127.0.0.1:8080", "192.0.2.7:8080": "http://192.0.2.7:8080"} {
		a, err := app.New(t.Context(), app.Options{Data: data, Addr: listens})
		if err != nil {
			t.Fatal(err)
		}
		if a.DB.Close(); a.URL != want {
			t.Errorf("%s: %s, want %s", listens, a.URL, want)
		}
	}
	d := apptest.New(t)
	_, out := d.Raw("", "auth.signIn", []byte(apptest.JSON(m{"email": apptest.Ann, "password": apptest.Right})), http.Header{"Origin": {"http://help.example:8080"}})
	if detail, _ := out["detail"].(string); out["code"] != "forbidden" || !strings.Contains(detail, d.URL) || !strings.Contains(detail, "--url") {
		t.Errorf("from an address that is not ours: %v", out)
	}
}

// A visitor's socket is opened from where a visitor's doors are: our own frame, the sites that the workspace names, and
// what is no browser.
func TestASocketIsOpenedFromWhereTheDoorsAre(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	const view = "conversations.listForVisitor"
	if got := from(d, "https://anywhere.example", v, view); got != 0 {
		t.Errorf("before any site is named: %d", got)
	}
	d.OK(d.Owner, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example"}})
	for origin, want := range map[string]int{"https://shop.example": 0, d.URL: 0, "": 0, "https://evil.example": websocket.ClosePolicyViolation, "http://shop.example": websocket.ClosePolicyViolation, "null": websocket.ClosePolicyViolation} {
		if got := from(d, origin, v, view); got != want {
			t.Errorf("from %q: %d, want %d", origin, got, want)
		}
	}
}

// What a stranger's browser says of itself is kept within bounds, however much it says in its headers: it is counted by
// nobody, and kept for a day.
func TestHeadersAreNotKeptWithoutEnd(t *testing.T) {
	d := apptest.New(t)
	const mark = "endofthestory"
	boot := []byte(apptest.JSON(m{"workspaceId": d.Workspace}))
	for _, name := range []string{"Origin", "User-Agent", "Referer", "Accept-Language", "Idempotency-Key", "Cookie"} {
		value := "https://" + strings.Repeat("x", 20000) + mark
		if name == "Cookie" {
			value = "deskbell-device=" + value
		}
		status, out := d.Raw("", "widgetSessions.boot", boot, http.Header{name: {value}})
		if status != 200 && status != 403 {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "title": "this is kept: " + "titleofthepage", "url": "https://shop.example/"})
	status, kept := d.Download(d.Owner, "")
	if status != 200 || !bytes.Contains(kept, []byte("titleofthepage")) {
		t.Fatalf("the file: %d, %d bytes", status, len(kept))
	}
	if bytes.Contains(kept, []byte(mark)) || bytes.Contains(kept, bytes.Repeat([]byte("x"), 500)) {
		t.Error("a header is kept whole")
	}
}

// Where our address has TLS, cookies go nowhere else: under a name that browsers bind to this host and to TLS (RFC 6265bis,
// section 4.1.3), and for no script. A cookie of the plain name counts for nothing there.
func TestCookiesAreBoundToOurAddress(t *testing.T) {
	for address, want := range map[string]struct {
		name   string
		secure bool
	}{"https://help.example.com": {"__Host-deskbell", true}, "http://help.example.com": {"deskbell", false}} {
		d := apptest.With(t, app.Options{URL: address})
		d.URL = "http://" + d.App.Addr
		r, _ := http.NewRequest("POST", d.URL+"/api/auth.signIn", strings.NewReader(apptest.JSON(m{"email": apptest.Ann, "password": apptest.Right})))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", address)
		res, body := d.Fetch(r)
		if res.StatusCode != 200 || len(res.Cookies()) != 2 {
			t.Fatalf("%s: %d %s %v", address, res.StatusCode, body, res.Cookies())
		}
		for i, c := range res.Cookies() {
			if name := []string{want.name, want.name + "-device"}[i]; c.Name != name || c.Secure != want.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
				t.Errorf("%s: %v, want it to be called %s", address, c, name)
			}
		}
		for _, name := range []string{"__Host-deskbell", "deskbell"} {
			h := http.Header{"Cookie": {name + "=" + res.Cookies()[0].Value}, "Origin": {address}}
			if status, _ := d.Raw("", "users.me", []byte("{}"), h); (status == 200) != (name == want.name) {
				t.Errorf("%s: a cookie called %s is answered with %d", address, name, status)
			}
		}
	}
}
