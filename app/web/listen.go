package web

import (
	"net"
	"sync"
)

const (
	mostConns = 30000
	mostPerIP = 12000 // behind one address there may be a whole office, or a bench
)

// bounded is a listener that holds only so many connections, and only so many from one address.
type bounded struct {
	net.Listener
	bound func(ip string) bool // whether an address is bounded at all

	mu    sync.Mutex
	total int
	perIP map[string]int
}

func newBounded(l net.Listener, bound func(string) bool) *bounded {
	return &bounded{Listener: l, bound: bound, perIP: map[string]int{}}
}

// Accept closes at once what is over the bound: a refused connection must cost nothing.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		ip, _, _ := net.SplitHostPort(c.RemoteAddr().String())
		if b.take(ip) {
			return &counted{Conn: c, done: sync.OnceFunc(func() { b.give(ip) })}, nil
		}
		c.Close()
	}
}

func (b *bounded) take(ip string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.total >= mostConns || b.perIP[ip] >= mostPerIP && b.bound(ip) {
		return false
	}
	b.total++
	b.perIP[ip]++
	return true
}

func (b *bounded) give(ip string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.total--
	if b.perIP[ip]--; b.perIP[ip] == 0 {
		delete(b.perIP, ip)
	}
}

type counted struct {
	net.Conn
	done func()
}

func (c *counted) Close() error {
	c.done()
	return c.Conn.Close()
}
