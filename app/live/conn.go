package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/strict"
)

// conn is one socket. Its reader is the only goroutine that lives as long as it does; a flusher exists only while
// there is something to write.
type conn struct {
	socket  *Socket
	ws      *websocket.Conn
	ip      string
	origin  string // of the page that opened it; forgotten once it is known whose it is
	session string // that it is counted to
	who     *actor.Actor
	guard   *Subscription
	slot    int
	window  int64 // in which frames are counted; the reader's alone
	frames  int

	mu       sync.Mutex
	subs     []*Subscription
	dirty    []*Subscription
	notes    [][]byte // fences, pings and errors that wait
	fences   []uint64
	flushing bool
	again    bool // a fence is to be looked at once more
	ended    bool
}

// frame is what a client says.
type frame struct {
	Auth  *string
	ID    *int
	View  string
	Args  json.RawMessage
	Patch bool
	Fence *uint64
	Pong  *int64
	Ping  *int64
}

var errMany = errors.New("too many frames")

// run serves the first frame, which says who is there.
func (c *conn) run(byCookie actor.Actor) {
	if !c.greet(byCookie) {
		c.gone()
		return
	}
	go c.serve() // takes the socket over
}

func (c *conn) greet(byCookie actor.Actor) bool {
	c.ws.SetReadLimit(inbound)
	c.ws.SetReadDeadline(time.Now().Add(hello))
	c.ws.SetPingHandler(func(data string) error {
		if !c.spend() {
			return errMany
		}
		c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		return nil
	})
	c.ws.SetPongHandler(func(string) error { return c.ws.SetReadDeadline(time.Now().Add(silence)) })
	first, ok := c.read()
	if !ok {
		return false
	}
	who := byCookie
	if first.Auth != nil {
		var err error
		if who, err = c.socket.Authenticate(context.Background(), *first.Auth); err != nil {
			c.end(websocket.ClosePolicyViolation, "sign in first")
			return false
		}
	}
	if who.Kind == actor.Anonymous || who.Kind == "" {
		c.end(websocket.ClosePolicyViolation, "sign in first")
		return false
	}
	if who.Origin, c.origin = c.origin, ""; c.socket.From != nil && c.socket.From(who) != nil {
		c.end(websocket.ClosePolicyViolation, "not from this site")
		return false
	}
	if !c.socket.known(c, string(who.Kind)+" "+who.Session.String()) {
		c.end(websocket.CloseTryAgainLater, "too many sockets")
		return false
	}
	who.IP, who.Origin, who.UserAgent, who.Device = "", "", "", "" // views depend on who asks alone, and a socket outlives its request
	c.who = &who
	c.guard = c.socket.Engine.Guard(c, c.who, c.socket.Alive)
	if c.socket.Opened != nil {
		c.socket.Opened(*c.who)
	}
	return first.Auth != nil || c.handle(first)
}

// serve reads one frame and serves it, and leaves the next to a fresh goroutine: opening a view takes a deep stack, and
// a goroutine that waits for years in its reader would keep it.
func (c *conn) serve() {
	c.ws.SetReadDeadline(time.Now().Add(silence))
	f, ok := c.read()
	if !ok || !c.handle(f) {
		c.gone()
		return
	}
	go c.serve()
}

func (c *conn) read() (f frame, ok bool) {
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return f, false
	}
	if kind != websocket.TextMessage {
		c.end(websocket.CloseUnsupportedData, "text only")
		return f, false
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return f, false
	}
	if !utf8.Valid(b.Bytes()) {
		c.end(websocket.CloseInvalidFramePayloadData, "not UTF-8")
		return f, false
	}
	if f, ok = parseFrame(b.Bytes()); !ok {
		c.end(websocket.ClosePolicyViolation, "not a frame of this protocol")
		return f, false
	}
	if !c.spend() {
		c.end(websocket.CloseTryAgainLater, "too many frames")
		return f, false
	}
	return f, true
}

// parseFrame reads what a client says. The arguments of a view are read by its door.
func parseFrame(b []byte) (f frame, ok bool) {
	fields, err := strict.Fields(b)
	if err != nil {
		return f, false
	}
	for name, raw := range fields {
		var to any
		switch name {
		case "auth":
			to = &f.Auth
		case "id":
			to = &f.ID
		case "view":
			to = &f.View
		case "args":
			f.Args = raw
			continue
		case "patch":
			to = &f.Patch
		case "fence":
			to = &f.Fence
		case "pong":
			to = &f.Pong
		case "ping":
			to = &f.Ping
		default:
			return f, false
		}
		if json.Unmarshal(raw, to) != nil {
			return f, false
		}
	}
	return f, true
}

// spend counts a frame, and says whether there were too many of late.
func (c *conn) spend() bool {
	if now := time.Now().Unix() / window; now != c.window {
		c.window, c.frames = now, 0
	}
	c.frames++
	return c.frames <= frames
}

func (c *conn) handle(f frame) bool {
	switch {
	case f.ID != nil && f.View != "":
		c.open(f)
	case f.ID != nil:
		c.drop(*f.ID)
	case f.Fence != nil:
		c.mu.Lock()
		full := len(c.fences) >= fences
		if !full {
			c.fences = append(c.fences, *f.Fence)
		}
		c.mu.Unlock()
		if full {
			c.end(websocket.CloseTryAgainLater, "too many fences")
			return false
		}
		c.Settled()
	case f.Ping != nil:
		c.note(fmt.Appendf(nil, `{"pong":%d}`, *f.Ping))
	case f.Pong != nil:
	default:
		c.end(websocket.ClosePolicyViolation, "not a frame of this protocol")
		return false
	}
	return true
}

func (c *conn) open(f frame) {
	c.drop(*f.ID)
	c.mu.Lock()
	most := views
	if c.who.IsVisitor() {
		most = fewer
	}
	full := len(c.subs) >= most
	c.mu.Unlock()
	if full {
		c.fail(*f.ID, fault.New(fault.RateLimited, "Too many views are open on this socket."))
		return
	}
	if c.socket.Allow != nil {
		if err := c.socket.Allow(*c.who); err != nil {
			c.fail(*f.ID, err)
			return
		}
	}
	sub, err := c.socket.Engine.Open(c, *f.ID, f.Patch, c.who, f.View, f.Args)
	if err != nil {
		c.fail(*f.ID, err)
		return
	}
	c.keep(sub)
	c.Changed(sub)
}

// keep puts a view on the socket's list, unless it has failed already.
func (c *conn) keep(sub *Subscription) {
	c.mu.Lock()
	c.subs = append(c.subs, sub)
	c.mu.Unlock()
	if c.socket.Engine.Closed(sub) {
		c.forget(sub)
	}
}

// forget closes a view and takes it off the socket's list.
func (c *conn) forget(sub *Subscription) {
	c.mu.Lock()
	if i := slices.Index(c.subs, sub); i >= 0 {
		c.subs = slices.Delete(c.subs, i, i+1)
	}
	c.mu.Unlock()
	c.close(sub)
}

// close ends a view that is on the socket's list no longer.
func (c *conn) close(sub *Subscription) {
	c.socket.Engine.Close(sub)
	c.mu.Lock()
	done := sub.shown
	sub.shown = nil
	c.mu.Unlock()
	if done != nil {
		done()
	}
}

func (c *conn) drop(id int) {
	c.mu.Lock()
	var old *Subscription
	for i, s := range c.subs {
		if s.ID == id {
			old = s
			c.subs = append(c.subs[:i], c.subs[i+1:]...)
			break
		}
	}
	c.mu.Unlock()
	if old != nil {
		c.close(old)
	}
}
