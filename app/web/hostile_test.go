package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/apptest"
	"deskbell/store"
)

// messages counts what was ever said.
func messages(d *apptest.Desk) int {
	d.T.Helper()
	n := 0
	err := d.App.DB.Read(d.T.Context(), 0, func(tx *store.Tx) error {
		list, err := tx.Messages.Feed(0, 1000)
		n = len(list)
		return err
	})
	if err != nil {
		d.T.Fatal(err)
	}
	return n
}

func TestExpiredSessionsAreRefused(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	d.Later(25 * time.Hour) // a widget session lives 24
	d.Refused("unauthenticated", v, "messages.send", m{"conversationId": c, "content": "late"})
	d.Refused("unauthenticated", v, "widgetSessions.refresh", m{})
	d.OK(d.Owner, "conversations.listForInbox", m{})
	d.Later(60 * 24 * time.Hour)
	d.Refused("unauthenticated", d.Owner, "messages.send", m{"conversationId": c, "content": "late"})
	if n := messages(d); n != 1 {
		t.Errorf("%d messages, want the 1 of before", n)
	}
	again := d.Visitor("clara") // the client's secret still opens its own history
	if list := d.OK(again, "conversations.listForVisitor", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("after a new boot: %v", list)
	}
}

func TestARevokedSessionClosesItsSocketAndAnExpiredOneSoonAfter(t *testing.T) {
	d := apptest.New(t)
	for what, end := range map[string]func(token string){
		"revoked": func(token string) { d.OK(token, "widgetSessions.revoke", m{}) },
		"signed out": func(string) {
			in := d.OK("", "auth.signIn", m{"email": "ann@shop.test", "password": "correct horse", "token": true})
			d.OK(in["token"].(string), "sessions.revokeOthers", m{})
			d.Owner = in["token"].(string)
		},
	} {
		token := d.Visitor("clara")
		if what == "signed out" {
			token = d.Owner
		}
		ws := d.Socket(token)
		view := "conversations.listForVisitor"
		if what == "signed out" {
			view = "conversations.listForInbox"
		}
		ws.WriteJSON(m{"id": 1, "view": view, "args": m{}})
		d.Hear(ws, func(a m) bool { return a["id"] == 1.0 })
		end(token)
		ws.SetReadDeadline(time.Now().Add(time.Minute))
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				if !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
					t.Errorf("%s: %v, want 1008", what, err)
				}
				break
			}
		}
	}
}

// A page on a site that the workspace does not name begins no session, says nothing and reads nothing; one on a site that it
// names does, and so does what is no browser.
func TestForeignSitesAreRefused(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	d.OK(d.Owner, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example", "https://*.shop.example"}})
	say := fmt.Sprintf(`{"conversationId":%q,"content":"from a page"}`, c)
	ours := fmt.Sprintf(`{"workspaceId":%q}`, d.Workspace)
	visitors := func() int { return len(d.OK(d.Owner, "visitors.list", m{"limit": 100})["items"].([]any)) }
	for origin, want := range map[string]int{
		"https://shop.example": 200, "https://eu.shop.example": 200, d.URL: 200, "": 200,
		"https://evil.example": 403, "http://shop.example": 403, "https://shop.example.evil.example": 403, "https://notshop.example": 403,
		"https://a.b@shop.example": 403, "null": 403, "https://shop.example:8443": 403,
	} {
		h := http.Header{}
		if origin != "" {
			h.Set("Origin", origin)
		}
		before := messages(d)
		status, out := d.Raw(v, "messages.send", []byte(say), h)
		if status != want {
			t.Errorf("from %q: %d %v, want %d", origin, status, out, want)
		}
		if sent := messages(d) - before; (sent == 1) != (want == 200) {
			t.Errorf("from %q: %d messages were kept", origin, sent)
		}
		known := visitors()
		if status, out := d.Raw("", "widgetSessions.boot", []byte(ours), h); status != want || (visitors()-known == 1) != (want == 200) {
			t.Errorf("a session from %q: %d %v, want %d, and %d more visitors", origin, status, out, want, visitors()-known)
		}
		if status, _ := d.Raw("", "helpCenter.search", []byte(fmt.Sprintf(`{"workspaceId":%q,"q":"lamp"}`, d.Workspace)), h); status != want {
			t.Errorf("a search from %q: %d, want %d", origin, status, want)
		}
	}
	if status, _ := d.Raw(d.Owner, "conversations.listForInbox", []byte(ours), http.Header{"Origin": {"https://shop.example"}}); status != 403 {
		t.Errorf("a staff door answered a customer's site: %d", status)
	}
}

// endless is a body of a gigabyte that is made while it is read, and knows how much was taken.
type endless struct{ left, taken atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left.Load() <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.left.Load())
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left.Add(-n)
	e.taken.Add(n)
	return int(n), nil
}

func TestAGigabyteIsRefusedWithoutReadingIt(t *testing.T) {
	d := apptest.New(t)
	for _, path := range []string{"/api/messages.send", "/api/files.upload"} {
		body := &endless{}
		body.left.Store(1 << 30)
		r, _ := http.NewRequest("POST", d.URL+path, struct{ io.Reader }{body})
		r.ContentLength = 1 << 30
		r.Header.Set("Authorization", "Bearer "+d.Owner)
		r.Header.Set("Content-Type", "application/json")
		if path == "/api/files.upload" {
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			res.Body.Close()
			if res.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s: %d, want 413", path, res.StatusCode)
			}
		}
		if body.taken.Load() > 64<<20 {
			t.Errorf("%s: %d MB were taken in", path, body.taken.Load()>>20)
		}
	}
	d.OK(d.Owner, "conversations.listForInbox", m{})
}

// Thousands of peers that say nothing, or a byte at a time, cost little, keep nobody from being served, and are gone
// after a while.
func TestSlowPeersAreOutlasted(t *testing.T) {
	d := apptest.New(t)
	d.Visitor("clara")
	host := strings.TrimPrefix(d.URL, "http://")
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const peers = 2500 // of each kind
	var open []net.Conn
	var mu sync.Mutex
	var wg sync.WaitGroup
	work := make(chan string, 2*peers)
	for range peers {
		work <- "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
		work <- "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	}
	close(work)
	for range 16 {
		wg.Go(func() {
			for request := range work {
				c, err := net.Dial("tcp", host)
				if err != nil {
					t.Error(err)
					return
				}
				io.WriteString(c, request)
				mu.Lock()
				open = append(open, c)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	d.OK(d.Owner, "conversations.listForInbox", m{})
	d.Say(d.Visitor("paul"), "Is anybody there?")
	runtime.GC()
	runtime.ReadMemStats(&during)
	if grown := int64(during.HeapAlloc) - int64(before.HeapAlloc); grown > 150<<20 {
		t.Errorf("%d slow peers took %d MB of heap", 2*peers, grown>>20)
	}
	deadline := time.Now().Add(time.Minute) // headers have 5 seconds, the first frame 10
	for _, c := range open {
		c.SetReadDeadline(deadline)
		r := bufio.NewReader(c)
		if _, err := io.Copy(io.Discard, r); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Fatal("a slow peer is still served after a minute")
		}
	}
	d.Until("all sockets are closed", func() bool { return d.App.Socket.Open() == 0 })
}
