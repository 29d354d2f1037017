package web

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Listen serves on a listener until ctx ends, then lets running requests finish, within seconds.
func (s *Server) Listen(ctx context.Context, l net.Listener) error {
	return s.serve(ctx, l, s.Handler(), nil)
}

const (
	toRead   = 2 * time.Minute // a request
	toWrite  = 5 * time.Minute // an answer
	toFinish = 7 * time.Second // what is under way when we end: who ends us may wait ten in all, as Docker does
)

func (s *Server) serve(ctx context.Context, l net.Listener, h http.Handler, secure *tls.Config) error {
	srv := &http.Server{
		Handler: h, TLSConfig: secure, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: toRead, WriteTimeout: toWrite,
		IdleTimeout: 75 * time.Second, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.Background(), toFinish)
		defer cancel()
		err := srv.Shutdown(grace)
		if errors.Is(err, context.DeadlineExceeded) {
			err = srv.Close() // nobody who is slow may decide how we end
		}
		stopped <- err
	})
	defer stop()
	l = newBounded(l, func(addr netip.Addr) bool { return !s.proxy(addr) })
	run := func() error { return srv.Serve(l) }
	if secure != nil {
		run = func() error { return srv.ServeTLS(l, "", "") }
	}
	if err := run(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// pace is what a connection must carry of a large file at the least, in bytes a second.
const pace = 64 << 10

// Reading gives who sends a file of n bytes the time that it takes, besides what every request has.
func Reading(w http.ResponseWriter, n int64) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(toRead + time.Duration(n/pace)*time.Second))
}

// Writing gives who is sent a file of n bytes the time that it takes, besides what every request has.
func Writing(w http.ResponseWriter, n int64) {
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(toWrite + time.Duration(n/pace)*time.Second))
}

const (
	mostConns = 30000
	mostPerIP = 12000 // behind one address there may be a whole office, or a bench
	keptFiles = 128   // descriptors that connections leave for the database, uploads and calls to others
)

// room is how many connections fit: each is a descriptor, of which the system gives so many.
func room() int {
	files := descriptors()
	if files == 0 {
		return mostConns
	}
	return max(16, min(mostConns, files-keptFiles))
}

// bounded is a listener that holds only so many connections, and only so many from one address.
type bounded struct {
	net.Listener
	bound func(netip.Addr) bool // whether an address is bounded at all
	most  int

	mu    sync.Mutex
	total int
	perIP map[netip.Addr]int
}

func newBounded(l net.Listener, bound func(netip.Addr) bool) *bounded {
	return &bounded{Listener: l, bound: bound, most: room(), perIP: map[netip.Addr]int{}}
}

// Accept closes at once what is over the bound: a refused connection must cost nothing.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		addr := address(c)
		if b.take(addr) {
			return &counted{Conn: c, at: b, from: addr}, nil
		}
		c.Close()
	}
}

// address is where a connection comes from; the zero Addr where there is none.
func address(c net.Conn) netip.Addr {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

func (b *bounded) take(from netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.total >= b.most || b.perIP[from] >= mostPerIP && b.bound(from) {
		return false
	}
	b.total++
	b.perIP[from]++
	return true
}

func (b *bounded) give(from netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.total--
	if b.perIP[from]--; b.perIP[from] == 0 {
		delete(b.perIP, from)
	}
}

type counted struct {
	net.Conn
	at     *bounded
	from   netip.Addr
	closed atomic.Bool
}

func (c *counted) Close() error {
	if !c.closed.Swap(true) {
		c.at.give(c.from)
	}
	return c.Conn.Close()
}
