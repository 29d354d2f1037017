package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
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
	"deskbell/app/apptest"
	"deskbell/store"
)

// desk is a running Deskbell on a real file, and a way through its doors.
type desk struct {
	t         testing.TB
	app       *app.App
	url       string
	workspace string
	owner     string        // bearer token
	now       *atomic.Int64 // how far the store's time is ahead, in milliseconds
	still     *atomic.Int64 // where it stands, if it stands
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	return newDeskWith(t, app.Options{})
}

// newDeskWith is newDesk with what an owner may set otherwise.
func newDeskWith(t testing.TB, o app.Options) *desk {
	t.Helper()
	pattern, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	o.Data = t.TempDir()
	if err := os.CopyFS(o.Data, os.DirFS(pattern.dir)); err != nil {
		t.Fatal(err)
	}
	d := bareDesk(t, o)
	d.owner, d.workspace = pattern.owner, pattern.workspace
	return d
}

// bareDesk runs on a data directory as it is.
func bareDesk(t testing.TB, o app.Options) *desk {
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
	d := &desk{t: t, app: a, url: a.URL, now: ahead, still: still}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error("stopping:", err)
		}
	})
	// commands find it from now on
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
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

// pattern is a data directory that was migrated and set up once; every desk begins as a copy of it.
type pattern struct{ dir, owner, workspace string }

var prepared = sync.OnceValues(func() (p pattern, err error) {
	dir, err := os.MkdirTemp(scratch, "pattern-")
	if err != nil {
		return p, err
	}
	a, err := app.New(context.Background(), app.Options{Data: dir, Addr: "127.0.0.1:1", Version: "test"})
	if err != nil {
		return p, err
	}
	user, workspace, err := a.Accounts.Found(context.Background(), account.Founder{Name: "Ann Berg", Email: "ann@shop.test", Password: "correct horse", WorkspaceName: "Shop"})
	if err != nil {
		return p, err
	}
	in, err := a.Accounts.Welcome(context.Background(), actor.Actor{}, user, true)
	return pattern{dir, in.Token, workspace.String()}, errors.Join(err, a.DB.Close())
})

// scratch is removed when all tests are done.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "deskbell-test-")
	if err != nil {
		panic(err)
	}
	scratch = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// program is Deskbell as it is installed, built once for all tests that run it.
var program = sync.OnceValues(func() (string, error) { return apptest.Build(scratch, "..") })

type m = map[string]any

// call passes a request through a door and gives the status and the answer.
func (d *desk) call(token, door string, in any) (int, m) {
	d.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.raw(token, door, body, nil)
}

func (d *desk) raw(token, door string, body []byte, header http.Header) (int, m) {
	d.t.Helper()
	r, err := http.NewRequest("POST", d.url+"/api/"+door, bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	return d.send(r)
}

func (d *desk) send(r *http.Request) (int, m) {
	d.t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	var out m
	json.Unmarshal(raw, &out)
	return res.StatusCode, out
}

// ok is call that must succeed.
func (d *desk) ok(token, door string, in any) m {
	d.t.Helper()
	status, out := d.call(token, door, in)
	if status != 200 {
		d.t.Fatalf("%s: %d %v", door, status, out)
	}
	return out
}

// refused is call that must be answered with a code.
func (d *desk) refused(code, token, door string, in any) {
	d.t.Helper()
	if status, out := d.call(token, door, in); out["code"] != code {
		d.t.Errorf("%s: got %d %v, want %s", door, status, out, code)
	}
}

// later lets time pass in the store.
func (d *desk) later(by time.Duration) { d.now.Add(by.Milliseconds()) }

// stop has no time pass in the store but by later: whatever is bounded by time is counted exactly.
func (d *desk) stop() { d.still.Store(int64(store.At(time.Now()))) }

// visitor boots a visitor with a secret that is the same for the same name.
func (d *desk) visitor(name string) string {
	d.t.Helper()
	return d.ok("", "widgetSessions.boot", m{"workspaceId": d.workspace, "sessionId": (name + strings.Repeat("x", 43))[:43]})["sessionToken"].(string)
}

// say begins a conversation as a visitor and gives its id.
func (d *desk) say(visitor, text string) string {
	d.t.Helper()
	return d.ok(visitor, "conversations.start", m{"content": text})["conversation"].(map[string]any)["id"].(string)
}

// socket opens the live socket as somebody.
func (d *desk) socket(token string) *websocket.Conn {
	d.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(d.url, "http")+"/live", nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { ws.Close() })
	ws.WriteJSON(m{"auth": token})
	return ws
}

// hear reads answers until one fits.
func (d *desk) hear(ws *websocket.Conn, fits func(m) bool) m {
	d.t.Helper()
	ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		_, raw, err := ws.ReadMessage()
		if err != nil {
			d.t.Fatalf("socket: %v", err)
		}
		var many []m
		if json.Unmarshal(raw, &many) != nil {
			many = make([]m, 1)
			json.Unmarshal(raw, &many[0])
		}
		for _, one := range many {
			if fits(one) {
				return one
			}
		}
	}
}

func TestAMessageAppearsOnBothSides(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	agent := d.socket(d.owner)
	agent.WriteJSON(m{"id": 1, "view": "conversations.listForInbox", "args": m{"workspaceId": d.workspace}, "patch": true})
	agent.WriteJSON(m{"id": 2, "view": "onboarding.get", "args": m{"workspaceId": d.workspace}})
	d.hear(agent, func(a m) bool { return a["id"] == 1.0 && a["value"] != nil })
	c := d.say(v, "Hello **there**")
	d.hear(agent, func(a m) bool { return a["id"] == 1.0 && strings.Contains(jsonOf(a), "Hello there") })

	visitor := d.socket(v)
	visitor.WriteJSON(m{"id": 7, "view": "messages.list", "args": m{"conversationId": c}, "patch": true})
	d.hear(visitor, func(a m) bool { return a["id"] == 7.0 && a["value"] != nil })
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "a secret of the team", "internal": true})
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "Good morning"})
	got := d.hear(visitor, func(a m) bool { return strings.Contains(jsonOf(a), "Good morning") })
	if strings.Contains(jsonOf(got), "secret") {
		t.Errorf("a note reached the visitor: %v", got)
	}
	agent.WriteJSON(m{"fence": d.app.DB.Seq()})
	d.hear(agent, func(a m) bool { return a["fence"] != nil })
}

func jsonOf(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestTheSameClientIsTheSameVisitor(t *testing.T) {
	d := newDesk(t)
	c := d.say(d.visitor("clara"), "Hello")
	again := d.visitor("clara")
	list := d.ok(again, "conversations.listForVisitor", m{})["items"].([]any)
	if len(list) != 1 || list[0].(m)["id"] != c {
		t.Errorf("got %v", list)
	}
	ws := d.socket(again)
	ws.WriteJSON(m{"id": 1, "view": "conversations.listForVisitor", "args": m{}, "patch": true})
	d.hear(ws, func(a m) bool { return strings.Contains(jsonOf(a), c) })
	other := d.visitor("mallory")
	d.refused("not_found", other, "messages.list", m{"conversationId": c})
	d.refused("not_found", other, "messages.send", m{"conversationId": c, "content": "x"})
}
