// Package web is the HTTP door: it finds out who asks, guards the entrance (origins, cross-site requests, rates,
// sizes, time) and passes requests on to the doors. It is the only package that knows the HTTP framework.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
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
	leaving Quota  // what is on its way to who reads slowly
	shown   Quota  // values of what visitors look at
	own     string // our own origin
	warned  sync.Once
}

// New hangs all doors and pages on HTTP.
func New(o Options) *Server {
	s := &Server{Options: o, echo: echo.New(), limits: newLimiter(), leaving: Quota{Each: 64 << 20, All: 256 << 20}, shown: Quota{Each: 128 << 20, All: 512 << 20}, own: o.URL.Scheme + "://" + o.URL.Host}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = func(err error, c echo.Context) { s.refuse(c.Response(), c.Request(), unrouted(err)) }
	s.echo.Pre(s.middleware)
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
	s.Socket.Allow, s.Socket.From = s.limitViews, s.from
	s.Socket.Sending = func(ip string, n int64) (func(), bool) { return s.leaving.Take(actor.Network(ip), n) }
	s.Socket.Showing = func(ip string, n int64) (func(), bool) { return s.shown.Take(actor.Network(ip), n) }
	return s
}

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

// always are the headers of each answer. Their values are shared: nobody appends to them.
var always = http.Header{"X-Content-Type-Options": {"nosniff"}, "Referrer-Policy": {"strict-origin-when-cross-origin"}}

// middleware gives every request an id, the headers that every answer carries, and a line in the log.
func (s *Server) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, start := rand.Text()[:16], time.Now()
		r := c.Request().WithContext(context.WithValue(c.Request().Context(), requestIDKey, id))
		c.SetRequest(r)
		h := c.Response().Header()
		maps.Copy(h, always)
		h.Set("X-Request-Id", id)
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
			if !s.Log.Enabled(r.Context(), slog.LevelDebug) {
				return
			}
			s.Log.Debug("http", "request", id, "method", r.Method, "path", r.URL.Path, "status", c.Response().Status, "took", time.Since(start))
		}()
		return next(c)
	}
}

// Response and Request are the two sides of an exchange, for capabilities with pages of their own.
type (
	Response = http.ResponseWriter
	Request  = http.Request
)

// Page hangs a page after the server was made.
func (s *Server) Page(path string, h http.HandlerFunc) { s.handle("GET", path, h) }

// handle hangs a page on the framework's routes.
func (s *Server) handle(method, path string, h http.HandlerFunc) {
	s.echo.Add(method, path, echo.WrapHandler(h))
}
