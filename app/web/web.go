// Package web is the HTTP door: it finds out who asks, guards the entrance (origins, cross-site requests, rates,
// sizes, time) and passes requests on to the doors. It is the only package that knows the HTTP framework.
package web

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/live"
	"deskbell/store"
)

// Options are what the server needs to know.
type Options struct {
	Doors   *door.Doors
	DB      *store.DB
	Socket  *live.Socket
	Log     *slog.Logger
	URL     *url.URL // public base URL: links and cookies come from it, never from the Host header
	Proxies []netip.Prefix
	Apps    []string // further origins that staff may sign in from (--app-origins)
	// Staff finds who a staff token (dbs_…) belongs to, Visitor a visitor's (wst_…).
	Staff, Visitor func(ctx context.Context, token string) (actor.Actor, error)
	// Origins are the sites a workspace allows to use its visitor doors; empty is every site.
	Origins func(ctx context.Context, workspace store.ID) ([]string, error)
	// Allowed holds an origin against such a list.
	Allowed func(list []string, origin string) bool
	// Sorry writes the page for somebody whose browser came to an address that cannot be shown.
	Sorry func(w http.ResponseWriter, r *http.Request, status int)
}

// Server answers HTTP.
type Server struct {
	Options
	echo    *echo.Echo
	limits  *limiter
	leaving Held   // what is on its way to who reads slowly
	shown   Held   // values of what visitors look at
	own     string // our own origin
	warned  sync.Once
}

// New hangs all doors and pages on HTTP.
func New(o Options) *Server {
	s := &Server{Options: o, echo: echo.New(), limits: newLimiter(), leaving: Held{Each: 64 << 20, All: 256 << 20}, shown: Held{Each: 128 << 20, All: 512 << 20}, own: o.URL.Scheme + "://" + o.URL.Host}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = func(err error, c echo.Context) { s.refuse(c.Response(), c.Request(), unrouted(err)) }
	s.echo.Pre(s.around)
	s.echo.Any("/api/:name", func(c echo.Context) error {
		s.api(c.Response(), c.Request(), c.Param("name"))
		return nil
	})
	s.echo.GET("/live", func(c echo.Context) error {
		s.socket(c.Response(), c.Request())
		return nil
	})
	for _, r := range o.Doors.Routes() {
		s.handle(r.Method, r.Path, s.bounded(r.Handler))
		if strings.HasPrefix(r.Path, "/api/") {
			s.handle(http.MethodOptions, r.Path, s.bounded(func(w http.ResponseWriter, req *http.Request) { s.preflight(w, req, r.Sites) }))
		}
	}
	s.Socket.Allow, s.Socket.From = s.opening, s.from
	s.Socket.Sending = func(ip string, n int64) (func(), bool) { return s.leaving.Take(actor.Network(ip), n) }
	s.Socket.Showing = func(ip string, n int64) (func(), bool) { return s.shown.Take(actor.Network(ip), n) }
	return s
}

func wrap(h http.HandlerFunc) echo.HandlerFunc { return echo.WrapHandler(h) }

// Handler is the server as a plain handler.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead { // GET without what it shows (RFC 9110, section 9.3.2), which is left out by who sends
			get := *r
			get.Method = http.MethodGet
			r = &get
		}
		s.echo.ServeHTTP(w, r)
	})
}

// Routes are all ways in, as "GET /path": what stands here and is tried by no test is a hole.
func (s *Server) Routes() []string {
	list := make([]string, 0, 64)
	for _, r := range s.echo.Routes() {
		list = append(list, r.Method+" "+r.Path)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// unrouted translates the framework's own errors (no such route, wrong method).
func unrouted(err error) error {
	var he *echo.HTTPError
	if errors.As(err, &he) && he.Code < 500 {
		return fault.New(fault.NotFound, "There is no such page here.")
	}
	return err
}

type contextKey int

const requestIDKey contextKey = iota

// RequestID is the id of the request that ctx belongs to.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey).(string)
	return id
}

// around gives every request an id, the headers that every answer carries, and a line in the log.
func (s *Server) around(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, start := rand.Text()[:16], time.Now()
		r := c.Request().WithContext(context.WithValue(c.Request().Context(), requestIDKey, id))
		c.SetRequest(r)
		h := c.Response().Header()
		h.Set("X-Request-Id", id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		if s.secured(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("panic", "request", id, "path", r.URL.Path, "panic", p)
				if !c.Response().Committed {
					s.refuse(c.Response(), r, fault.New(fault.Internal, "Something went wrong."))
				}
			}
			s.Log.Debug("http", "request", id, "method", r.Method, "path", r.URL.Path, "status", c.Response().Status, "took", time.Since(start))
		}()
		return next(c)
	}
}

// IP is the caller's address: the peer's, or what a trusted proxy says of it.
func (s *Server) IP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	s.unnamed(r, host)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(host); i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = addr.Unmap().String()
	}
	return host
}

// secured reports whether a browser's connection has TLS: with us, or with a trusted proxy that says so. Only there
// Strict-Transport-Security may be said (RFC 6797, section 7.2). Where the proxy says it too, browsers heed the first
// (section 8.1).
func (s *Server) secured(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && s.trusted(host) && strings.EqualFold(strings.TrimSpace(r.Header.Get("X-Forwarded-Proto")), "https")
}

// Relayed reports whether a request came through a proxy that is not named.
func (s *Server) Relayed(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || s.trusted(host) {
		return err != nil
	}
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// unnamed says once that a proxy on this machine or in its network is not named: then all its callers share one
// address, and the bounds of one.
func (s *Server) unnamed(r *http.Request, host string) {
	if r.Header.Get("X-Forwarded-For") == "" || s.trusted(host) {
		return
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || !addr.IsLoopback() && !addr.IsPrivate() {
		return
	}
	s.warned.Do(func() {
		s.Log.Warn("requests come through a proxy that is not named, and so all from one address: set --trusted-proxies", "proxy", addr.String())
	})
}

func (s *Server) trusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	return s.proxy(addr.Unmap())
}

func (s *Server) proxy(addr netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

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
	l = newBounded(l, s.IPLimit())
	run := func() error { return srv.Serve(l) }
	if secure != nil {
		run = func() error { return srv.ServeTLS(l, "", "") }
	}
	if err := run(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// IPLimit is how many connections one address may hold; trusted proxies are not bounded.
func (s *Server) IPLimit() func(netip.Addr) bool {
	return func(addr netip.Addr) bool { return !s.proxy(addr) }
}

// Response and Request are the two sides of an exchange, for capabilities with pages of their own.
type (
	Response = http.ResponseWriter
	Request  = http.Request
)

// Page hangs a page after the server was made.
func (s *Server) Page(path string, h http.HandlerFunc) { s.handle("GET", path, h) }
