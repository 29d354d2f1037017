package live

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/actor"
	"deskbell/store"
)

const (
	little   = 16 << 10         // bytes that are not worth counting
	inbound  = 64 << 10         // bytes of a client's frame
	views    = 64               // open views of one socket
	fewer    = 24               // of a visitor's, of whom there may be thousands
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
	// Allow refuses who opens views too often; nil refuses nobody.
	Allow func(who actor.Actor) error
	// Sending counts bytes that wait for a visitor who reads slowly, Showing those of values that are kept for what a visitor
	// looks at, both by where they come from, until the returned function is called; false where there are too many. nil
	// counts nothing.
	Sending, Showing func(ip string, n int64) (done func(), ok bool)
	// From refuses who comes from a page (their Origin) that is not theirs; nil refuses nobody.
	From func(who actor.Actor) error
	// Opened and Closed hear of sockets (presence). Both must not block.
	Opened, Closed func(who actor.Actor)
	// Most is how many sockets may be open in all, PerAddress how many from one address, PerSession how many by one
	// session.
	Most, PerAddress, PerSession int

	mu      sync.Mutex
	conns   map[*conn]struct{}
	perIP   map[string]int
	perOne  map[string]int // by session
	closing bool
	upgrade websocket.Upgrader
	buffers sync.Pool
	once    sync.Once
}

func (s *Socket) prepare() {
	s.once.Do(func() {
		s.conns, s.perIP, s.perOne = map[*conn]struct{}{}, map[string]int{}, map[string]int{}
		s.upgrade = websocket.Upgrader{
			ReadBufferSize: 256, WriteBufferSize: 4096, WriteBufferPool: &s.buffers, HandshakeTimeout: hello,
			CheckOrigin: func(*http.Request) bool { return true }, // cookies count only from our own origin: see Serve
		}
	})
}

// Open is how many sockets are open.
func (s *Socket) Open() int {
	s.prepare()
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
	c := &conn{socket: s, ws: ws, ip: base.IP, origin: base.Origin, slot: rand.IntN(10)}
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

// known counts a socket to the session that it belongs to, unless that has too many.
func (s *Socket) known(c *conn, session string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.PerSession > 0 && s.perOne[session] >= s.PerSession {
		return false
	}
	s.perOne[session]++
	c.session = session
	return true
}

func (s *Socket) release(c *conn, ip string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c != nil && c.session != "" {
		if s.perOne[c.session]--; s.perOne[c.session] <= 0 {
			delete(s.perOne, c.session)
		}
	}
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
