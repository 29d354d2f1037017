package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/strict"
	"deskbell/store"
)

const (
	inbound  = 64 << 10         // bytes of a client's frame
	views    = 64               // open views of one socket
	fences   = 32               // waiting fences of one socket
	frames   = 1000             // of one socket within a window
	window   = 10               // seconds
	hello    = 10 * time.Second // until the first frame
	patience = 10 * time.Second // for a peer that does not read
	beat     = 30 * time.Second // between pings
	silence  = 90 * time.Second // after which a peer is gone
)

// Socket is what the assembler gives the live socket.
type Socket struct {
	Engine *Engine
	// Authenticate finds who a token of the first frame belongs to.
	Authenticate func(ctx context.Context, token string) (actor.Actor, error)
	// Alive fails once the session of an actor has ended; what it reads is watched.
	Alive func(tx *store.Tx, who actor.Actor) error
	// Opened and Closed hear of sockets (presence). Both must not block.
	Opened, Closed func(who actor.Actor)
	// Most is how many sockets may be open in all, PerAddress how many from one address.
	Most, PerAddress int

	mu      sync.Mutex
	conns   map[*conn]struct{}
	perIP   map[string]int
	closing bool
	upgrade websocket.Upgrader
	buffers sync.Pool
	once    sync.Once
}

func (s *Socket) prepare() {
	s.once.Do(func() {
		s.conns, s.perIP = map[*conn]struct{}{}, map[string]int{}
		s.upgrade = websocket.Upgrader{
			ReadBufferSize: 256, WriteBufferSize: 4096, WriteBufferPool: &s.buffers, HandshakeTimeout: hello,
			CheckOrigin: func(*http.Request) bool { return true }, // cookies count only from our own origin: see Serve
		}
	})
}

// Open is how many sockets are open.
func (s *Socket) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Serve upgrades a request and returns: one goroutine stays behind to read. byCookie is who the request's cookie
// belongs to, Anonymous unless the page is our own; base carries the address.
func (s *Socket) Serve(w http.ResponseWriter, r *http.Request, byCookie, base actor.Actor) {
	s.prepare()
	if !s.admit(base.IP) {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many sockets", http.StatusServiceUnavailable)
		return
	}
	ws, err := s.upgrade.Upgrade(w, r, nil)
	if err != nil {
		s.release(nil, base.IP)
		return
	}
	c := &conn{socket: s, ws: ws, ip: base.IP, slot: rand.IntN(10)}
	s.mu.Lock()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	go c.run(byCookie) // owned by the socket: Shutdown closes it and waits
}

func (s *Socket) admit(ip string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || s.Most > 0 && len(s.conns) >= s.Most || s.PerAddress > 0 && s.perIP[ip] >= s.PerAddress {
		return false
	}
	s.perIP[ip]++
	return true
}

func (s *Socket) release(c *conn, ip string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.perIP[ip]--; s.perIP[ip] <= 0 {
		delete(s.perIP, ip)
	}
	delete(s.conns, c)
}

// Run keeps the sockets alive with pings until ctx ends, and then closes them with 1012.
func (s *Socket) Run(ctx context.Context) {
	s.prepare()
	tick := time.NewTicker(beat / 10)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			s.shutdown()
			return
		case <-tick.C:
			s.ping(n % 10)
		}
	}
}

// ping beats one tenth of the sockets, so that they do not all wake at once.
func (s *Socket) ping(tenth int) {
	s.mu.Lock()
	list := make([]*conn, 0, len(s.conns)/10+1)
	for c := range s.conns {
		if c.slot == tenth {
			list = append(list, c)
		}
	}
	s.mu.Unlock()
	for _, c := range list {
		c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
	}
}

func (s *Socket) shutdown() {
	s.mu.Lock()
	s.closing = true
	list := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		list = append(list, c)
	}
	s.mu.Unlock()
	for _, c := range list {
		c.end(websocket.CloseServiceRestart, "restarting")
	}
	for deadline := time.Now().Add(3 * time.Second); s.Open() > 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
}

// conn is one socket. Its reader is the only goroutine that lives as long as it does; a flusher exists only while
// there is something to write.
type conn struct {
	socket *Socket
	ws     *websocket.Conn
	ip     string
	who    *actor.Actor
	guard  *Subscription
	slot   int
	window int64 // in which frames are counted; the reader's alone
	frames int

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
	who.IP, who.Origin, who.UserAgent = "", "", "" // views depend on who asks alone, and a socket outlives its request
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
	full := len(c.subs) >= views
	c.mu.Unlock()
	if full {
		c.fail(*f.ID, fault.New(fault.RateLimited, "Too many views are open on this socket."))
		return
	}
	sub, err := c.socket.Engine.Open(c, *f.ID, f.Patch, c.who, f.View, f.Args)
	if err != nil {
		c.fail(*f.ID, err)
		return
	}
	c.mu.Lock()
	c.subs = append(c.subs, sub)
	c.mu.Unlock()
	c.Changed(sub)
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
		c.socket.Engine.Close(old)
	}
}

// Problem is an error as the wire tells it.
func Problem(err error) any {
	f := fault.Of(err)
	return struct {
		Code   fault.Kind    `json:"code"`
		Detail string        `json:"detail"`
		Errors []fault.Field `json:"errors,omitempty"`
	}{f.Kind, f.Message, f.Fields}
}

func (c *conn) fail(id int, err error) {
	a := Answer{ID: id, Error: Problem(err)}
	if b, err := a.append(nil); err == nil {
		c.note(b)
	}
}

func (c *conn) note(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.notes) < 256 {
		c.notes = append(c.notes, b)
	}
	c.flush()
}

// Changed is the engine's word that a view has an answer. The engine holds its lock: only note it.
func (c *conn) Changed(s *Subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.dirty {
		if d == s {
			return
		}
	}
	c.dirty = append(c.dirty, s)
	c.flush()
}

// Settled is the engine's word that a run changed nothing; it may let a fence through.
func (c *conn) Settled() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.fences) > 0 {
		c.again = true
		c.flush()
	}
}

// flush starts a flusher unless there is one. The lock is held.
func (c *conn) flush() {
	if !c.flushing && !c.ended {
		c.flushing = true
		go c.write() // ends by itself as soon as nothing is left to write; every write has a deadline
	}
}

func (c *conn) write() {
	out := outgoing.Get().(*[]byte)
	defer func() {
		if cap(*out) <= 64<<10 {
			outgoing.Put(out)
		}
	}()
	for {
		c.mu.Lock()
		dirty, notes := c.dirty, c.notes
		c.dirty, c.notes, c.again = nil, nil, false
		asked := append([]uint64(nil), c.fences...)
		c.mu.Unlock()
		f := outframe{bytes: append((*out)[:0], '[')}
		for _, n := range notes {
			f.add(n)
		}
		for _, s := range dirty {
			c.answer(&f, s)
		}
		if len(asked) > 0 {
			for _, seq := range c.passed(asked) {
				f.add(fmt.Appendf(nil, `{"fence":%d}`, seq))
			}
		}
		*out = f.bytes
		if f.n > 0 && !c.send(f.whole()) {
			return
		}
		c.mu.Lock()
		if len(c.dirty) == 0 && len(c.notes) == 0 && !c.again {
			c.flushing = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
	}
}

var outgoing = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// outframe is a frame that is being made: one answer, or a list of answers.
type outframe struct {
	bytes []byte // begins with [
	n     int
}

func (f *outframe) next() {
	if f.n++; f.n > 1 {
		f.bytes = append(f.bytes, ',')
	}
}

func (f *outframe) add(b []byte) {
	f.next()
	f.bytes = append(f.bytes, b...)
}

func (f *outframe) whole() []byte {
	if f.n == 1 {
		return f.bytes[1:]
	}
	return append(f.bytes, ']')
}

// answer adds what is new of a subscription to a frame.
func (c *conn) answer(f *outframe, s *Subscription) {
	a, ok := c.socket.Engine.Take(s)
	switch {
	case !ok:
		return
	case s.Hidden: // the guard: what it guards is the socket
		if a.Err != nil {
			c.end(websocket.ClosePolicyViolation, "the session has ended")
		}
		return
	case a.Err != nil:
		c.drop(s.ID)
		a = Answer{ID: s.ID, Error: Problem(a.Err)}
	}
	before := *f
	f.next()
	var err error
	if f.bytes, err = a.append(f.bytes); err != nil {
		*f = before
	}
}

// passed takes the fences that every open view has reached.
func (c *conn) passed(asked []uint64) []uint64 {
	c.mu.Lock()
	subs := append([]*Subscription(nil), c.subs...)
	c.mu.Unlock()
	var done []uint64
	for _, f := range asked {
		reached := f <= c.socket.Engine.db.Seq()
		for _, s := range subs {
			reached = reached && c.socket.Engine.Contains(s, f)
		}
		if reached {
			done = append(done, f)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range done {
		for i, g := range c.fences {
			if f == g {
				c.fences = append(c.fences[:i], c.fences[i+1:]...)
				break
			}
		}
	}
	return done
}

func (c *conn) send(frame []byte) bool {
	c.ws.SetWriteDeadline(time.Now().Add(patience))
	if err := c.ws.WriteMessage(websocket.TextMessage, frame); err != nil {
		c.mu.Lock()
		c.ended = true
		c.mu.Unlock()
		c.ws.Close()
		return false
	}
	return true
}

// end says goodbye with a code and closes.
func (c *conn) end(code int, why string) {
	c.mu.Lock()
	already := c.ended
	c.ended = true
	c.mu.Unlock()
	if already {
		return
	}
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(time.Second))
	c.ws.Close()
}

func (c *conn) gone() {
	c.mu.Lock()
	c.ended = true
	subs := c.subs
	c.subs = nil
	c.mu.Unlock()
	c.ws.Close()
	for _, s := range subs {
		c.socket.Engine.Close(s)
	}
	if c.guard != nil {
		c.socket.Engine.Close(c.guard)
		if c.socket.Closed != nil {
			c.socket.Closed(*c.who)
		}
	}
	c.socket.release(c, c.ip)
}
