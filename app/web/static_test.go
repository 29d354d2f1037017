package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// The front ends come packed for whom packs, whole for whom does not, and not again to whom has them; what has a hash in its
// name is kept for ever, what has none is asked for again.
func TestFrontEndsComePackedAndOnce(t *testing.T) {
	d := apptest.New(t)
	_, index := d.Ask("", "GET", "/app/", nil)
	assets := regexp.MustCompile(`(?:src|href)="(/app/assets/[^"]+\.(?:js|css))"`).FindAllSubmatch(index, -1)
	apptest.Needed(t, len(assets) > 0, "run go generate ./... first")
	paths := map[string]string{"/widget.js": "public, max-age=300"}
	for _, a := range assets {
		paths[string(a[1])] = "public, max-age=31536000, immutable"
	}
	for path, kept := range paths {
		plain, whole := d.Ask("", "GET", path, nil)
		if plain.StatusCode != 200 || plain.Header.Get("Content-Encoding") != "" || plain.Header.Get("Cache-Control") != kept || plain.ContentLength != int64(len(whole)) || len(whole) == 0 {
			t.Errorf("%s: %d %v, %d bytes", path, plain.StatusCode, plain.Header, len(whole))
		}
		packed, small := d.Ask("", "GET", path, http.Header{"Accept-Encoding": {"gzip, deflate"}})
		r, err := gzip.NewReader(bytes.NewReader(small))
		if err != nil || packed.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s packed: %v %v", path, packed.Header, err)
			continue
		}
		if again, err := io.ReadAll(r); err != nil || !bytes.Equal(again, whole) {
			t.Errorf("%s packed is something else: %v", path, err)
		}
		if best, b := d.Ask("", "GET", path, http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}}); best.Header.Get("Content-Encoding") != "br" || len(b) > len(small) {
			t.Errorf("%s for a browser: %v, %d bytes", path, best.Header, len(b))
		}
		for header, want := range map[string]string{"br;q=0, gzip": "gzip", "BR ; Q=0.5, gzip;q=0": "br", "br;q=0, gzip;q=0.0": "", "brotli, x-gzip": "", "br;q=much": ""} {
			if res, _ := d.Ask("", "GET", path, http.Header{"Accept-Encoding": {header}}); res.Header.Get("Content-Encoding") != want {
				t.Errorf("%s for %q comes as %q, not %q", path, header, res.Header.Get("Content-Encoding"), want)
			}
		}
		for _, res := range []*http.Response{plain, packed} {
			if !strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Accept-Encoding") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %v", path, res.Header)
			}
		}
		tag := plain.Header.Get("ETag")
		if res, b := d.Ask("", "GET", path, http.Header{"If-None-Match": {tag}}); tag == "" || res.StatusCode != 304 || len(b) != 0 {
			t.Errorf("%s again: %d, %d bytes", path, res.StatusCode, len(b))
		}
		if res, _ := d.Ask("", "GET", path, http.Header{"If-None-Match": {`"another"`}}); res.StatusCode != 200 {
			t.Errorf("%s changed: %d", path, res.StatusCode)
		}
	}
}

// Who may frame which page is told to browsers, and nothing runs there that is not ours.
func TestPagesSayWhoMayFrameThem(t *testing.T) {
	d := apptest.New(t)
	d.OK(d.Owner, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example", "https://*.lamps.example", "http://localhost:*"}})
	for path, want := range map[string]string{
		"/app/": "frame-ancestors 'none'", "/app/inbox": "frame-ancestors 'none'", "/setup": "frame-ancestors 'none'", "/": "frame-ancestors 'none'", "/api/docs": "frame-ancestors 'none'",
		"/widget/messenger.html":                                        "frame-ancestors 'self'",
		"/widget/messenger.html?workspace=0SAZPVHNMQ3QW":                "frame-ancestors 'self'",
		"/widget/messenger.html?workspace=x%0d%0aX-Evil:1":              "frame-ancestors 'self'",
		"/widget/messenger.html?workspace=" + d.Workspace:               "frame-ancestors 'self' https://shop.example https://*.lamps.example http://localhost:*",
		"/widget/messenger.html?workspace=" + d.Workspace + "&x=" + "y": "frame-ancestors 'self' https://shop.example https://*.lamps.example http://localhost:*",
	} {
		res, page := d.Ask("", "GET", path, nil)
		policy := res.Header.Get("Content-Security-Policy")
		if res.StatusCode != 200 || !strings.HasSuffix(policy, want) || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "base-uri 'none'") || strings.Contains(policy, "'unsafe-eval'") ||
			regexp.MustCompile(`script-src[^;]*'unsafe-inline'`).MatchString(policy) || res.Header.Get("X-Evil") != "" {
			t.Errorf("%s: %d %q, want it to end with %q", path, res.StatusCode, policy, want)
		}
		if framed := res.Header.Get("X-Frame-Options"); (framed == "DENY") != strings.HasSuffix(want, "'none'") {
			t.Errorf("%s: X-Frame-Options %q", path, framed)
		}
		if regexp.MustCompile(`<script(?:\s[^>]*)?>[^<]`).Match(page) || regexp.MustCompile(`\son[a-z]+=`).Match(page) {
			t.Errorf("%s holds a script in its text", path)
		}
	}
}

// Every answer has an id that the log knows it by; a refusal is a problem document, or a page where a browser came.
func TestEveryAnswerHasAnID(t *testing.T) {
	d := apptest.New(t)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/app/", "/healthz", "/widget.js", "/nothing", "/api/nothing", "/api/users.me", "/files/0SAZPVHNMQ3QW", "/help/none/"} {
		res, b := d.Ask("", "GET", path, http.Header{"X-Request-Id": {"mine"}})
		id := res.Header.Get("X-Request-Id")
		if len(id) != 16 || seen[id] || id == "mine" {
			t.Errorf("%s: id %q", path, id)
		}
		seen[id] = true
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Referrer-Policy") == "" || res.Header.Get("Server") != "" {
			t.Errorf("%s: %v", path, res.Header)
		}
		if strings.HasPrefix(path, "/api/") && (res.Header.Get("Content-Type") != "application/problem+json" || !bytes.Contains(b, []byte(`"requestId":"`+id+`"`)) || !bytes.Contains(b, []byte(`"code":`))) {
			t.Errorf("%s: %v %s", path, res.Header, b)
		}
		if res.StatusCode >= 500 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// A verb tells which commit it was, so that whoever looks through a socket knows when it shows what they did.
func TestAVerbTellsItsCommit(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	ws := d.Socket(v)
	ws.WriteJSON(m{"id": 1, "view": "conversations.listForVisitor", "args": m{}})
	d.Hear(ws, func(a m) bool { return a["value"] != nil })
	last := ""
	for range 3 {
		r, _ := http.NewRequest("POST", d.URL+"/api/conversations.start", strings.NewReader(`{"content":"Hello"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+v)
		r.Header.Set("Origin", "https://shop.example")
		res, _ := d.Fetch(r)
		seq := res.Header.Get("X-Seq")
		if res.StatusCode != 200 || len(seq) < 16 || len(seq) == len(last) && seq <= last || !strings.Contains(res.Header.Get("Access-Control-Expose-Headers"), "X-Seq") || res.Header.Get("Access-Control-Allow-Origin") != "https://shop.example" {
			t.Errorf("%d, %q after %q, %v", res.StatusCode, seq, last, res.Header)
		}
		last = seq
	}
	ws.WriteMessage(1, []byte(`{"fence":`+last+`}`))
	count := 0
	d.Hear(ws, func(a m) bool {
		if v, _ := a["value"].(m); v != nil {
			count = len(v["items"].([]any))
		}
		return a["fence"] != nil
	})
	if count != 3 {
		t.Errorf("when the fence came, %d conversations were shown, want 3", count)
	}
}

// Whoever asks whether a page is there (HEAD), as watchers and previews of links do, hears what who asks for it hears, without
// the page; what is not there is not there, and nothing is opened that way.
func TestAPageIsThereForWhoOnlyAsks(t *testing.T) {
	d := apptest.New(t)
	f := d.File(d.Owner, "notes.txt", []byte("Hello"))
	for _, path := range []string{"/", "/healthz", "/app/", "/setup", "/widget.js", "/help", "/metrics", "/api/openapi.json", "/.well-known/deskbell.json", f["url"].(string), "/nothing", "/files/0SAZPVHNMQ3QW", "/demo", "/live", "/api/users.me"} {
		shown, page := d.Ask("", "GET", path, nil)
		told, body := d.Ask("", "HEAD", path, nil)
		if told.StatusCode != shown.StatusCode || len(body) != 0 || len(page) == 0 {
			t.Errorf("%s: %d with %d bytes, shown it is %d with %d", path, told.StatusCode, len(body), shown.StatusCode, len(page))
		}
		for _, name := range []string{"Content-Type", "Etag", "Cache-Control", "Location", "Content-Disposition"} {
			if told.Header.Get(name) != shown.Header.Get(name) {
				t.Errorf("%s: %s is %q, shown it is %q", path, name, told.Header.Get(name), shown.Header.Get(name))
			}
		}
	}
	if status, _ := d.Answered(d.Owner, "HEAD", "/api/auth.signOut", nil); status < 400 {
		t.Errorf("signing out by asking: %d", status)
	}
	d.OK(d.Owner, "users.me", m{})
}
