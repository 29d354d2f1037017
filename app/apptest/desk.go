package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app"
	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/store"
)

// Desk is a running Deskbell on a real file, and a way through its doors.
type Desk struct {
	T         testing.TB
	App       *app.App
	URL       string
	Workspace string
	Owner     string // bearer token
	End       func() // stops it before the test ends
	options   app.Options
	now       *atomic.Int64 // how far the store's time is ahead, in milliseconds
	still     *atomic.Int64 // where it stands, if it stands
}

// New runs on a data directory that is set up: Ann owns the workspace Shop.
func New(t testing.TB) *Desk {
	t.Helper()
	return With(t, app.Options{})
}

// With is New with what an owner may set otherwise.
func With(t testing.TB, o app.Options) *Desk {
	t.Helper()
	pattern, err := Prepared()
	if err != nil {
		t.Fatal(err)
	}
	o.Data = t.TempDir()
	if err := os.CopyFS(o.Data, os.DirFS(pattern.Dir)); err != nil {
		t.Fatal(err)
	}
	d := Bare(t, o)
	d.Owner, d.Workspace = pattern.Owner, pattern.Workspace
	return d
}

// Bare runs on a data directory as it is.
func Bare(t testing.TB, o app.Options) *Desk {
	t.Helper()
	ahead := new(atomic.Int64)
	still := new(atomic.Int64)
	now := func() store.Time {
		if at := still.Load(); at != 0 {
			return store.Time(at + ahead.Load())
		}
		return store.At(time.Now()) + store.Time(ahead.Load())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.Addr, o.Version, o.Now = l.Addr().String(), "test", now
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{T: t, App: a, URL: a.URL, now: ahead, still: still, options: o}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, l) }()
	d.End = sync.OnceFunc(func() {
		stop()
		if err := <-done; err != nil {
			t.Error("stopping:", err)
		}
	})
	t.Cleanup(d.End)
	// commands find it from now on
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("unix", filepath.Join(o.Data, "control.sock"))
		if err == nil {
			c.Close()
		}
		if err == nil || time.Now().After(deadline) {
			break
		}
	}
	return d
}

// Pattern is a data directory that was migrated and set up once; every desk begins as a copy of it.
type Pattern struct{ Dir, Owner, Workspace string }

// Prepared is the pattern.
var Prepared = sync.OnceValues(func() (p Pattern, err error) {
	dir, err := scratch()
	if err != nil {
		return p, err
	}
	dir = filepath.Join(dir, "pattern")
	a, err := app.New(context.Background(), app.Options{Data: dir, Addr: "127.0.0.1:1", Version: "test"})
	if err != nil {
		return p, err
	}
	user, workspace, err := a.Accounts.Found(context.Background(), account.Founder{Name: "Ann Berg", Email: Ann, Password: Right, WorkspaceName: "Shop"})
	if err != nil {
		return p, err
	}
	in, err := a.Accounts.Welcome(context.Background(), actor.Actor{}, user, true)
	return Pattern{dir, in.Token, workspace.String()}, errors.Join(err, a.DB.Close())
})

// Call passes a request through a door and gives the status and the answer.
func (d *Desk) Call(token, door string, in any) (int, m) {
	d.T.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		d.T.Fatal(err)
	}
	return d.Raw(token, door, body, nil)
}

// Raw is Call with the bytes as they are sent.
func (d *Desk) Raw(token, door string, body []byte, header http.Header) (int, m) {
	d.T.Helper()
	r, err := http.NewRequest("POST", d.URL+"/api/"+door, bytes.NewReader(body))
	if err != nil {
		d.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	return d.Send(r)
}

// Send makes a request of any kind and reads the answer as JSON.
func (d *Desk) Send(r *http.Request) (int, m) {
	d.T.Helper()
	res, raw := d.Fetch(r)
	var out m
	json.Unmarshal(raw, &out)
	return res.StatusCode, out
}

// OK is Call that must succeed.
func (d *Desk) OK(token, door string, in any) m {
	d.T.Helper()
	status, out := d.Call(token, door, in)
	if status != 200 {
		d.T.Fatalf("%s: %d %v", door, status, out)
	}
	return out
}

// Refused is Call that must be answered with a code.
func (d *Desk) Refused(code, token, door string, in any) {
	d.T.Helper()
	if status, out := d.Call(token, door, in); out["code"] != code {
		d.T.Errorf("%s: got %d %v, want %s", door, status, out, code)
	}
}

// Later lets time pass in the store.
func (d *Desk) Later(by time.Duration) { d.now.Add(by.Milliseconds()) }

// Stop has no time pass in the store but by later: whatever is bounded by time is counted exactly.
func (d *Desk) Stop() { d.still.Store(int64(store.At(time.Now()))) }

// Visitor boots a visitor with a secret that is the same for the same name.
func (d *Desk) Visitor(name string) string {
	d.T.Helper()
	return d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": (name + strings.Repeat("x", 43))[:43]})["sessionToken"].(string)
}

// Say begins a conversation as a visitor and gives its id.
func (d *Desk) Say(visitor, text string) string {
	d.T.Helper()
	return d.OK(visitor, "conversations.start", m{"content": text})["conversation"].(map[string]any)["id"].(string)
}

// Socket opens the live socket as somebody.
func (d *Desk) Socket(token string) *websocket.Conn {
	d.T.Helper()
	return d.SocketFrom(token, nil)
}

// SocketFrom is Socket with what the request that opens it says: an origin, a cookie, a place.
func (d *Desk) SocketFrom(token string, header http.Header) *websocket.Conn {
	d.T.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(d.URL, "http")+"/live", header)
	if err != nil {
		d.T.Fatal(err)
	}
	d.T.Cleanup(func() { ws.Close() })
	ws.WriteJSON(m{"auth": token})
	return ws
}

// Hear reads answers until one fits.
func (d *Desk) Hear(ws *websocket.Conn, fits func(m) bool) m {
	d.T.Helper()
	return Hear(d.T, ws, fits)
}

// JSON is a value as the wire tells it.
func JSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// Until waits for something that a job brings about.
func (d *Desk) Until(what string, done func() bool) {
	d.T.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.T.Fatal("never: " + what)
		}
	}
}

// Again stops it and starts it anew on the same file. Where its time stood, it stands.
func (d *Desk) Again() *Desk {
	d.T.Helper()
	d.End()
	again := Bare(d.T, d.options)
	again.now.Store(d.now.Load())
	again.still.Store(d.still.Load())
	again.Workspace, again.Owner = d.Workspace, d.Owner
	return again
}

// In is the same Deskbell, seen from another workspace.
func (d *Desk) In(workspace, owner string) *Desk {
	other := *d
	other.Workspace, other.Owner = workspace, owner
	return &other
}
