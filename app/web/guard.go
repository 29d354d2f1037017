package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/safe"
)

// cookie is the name of the staff session's cookie. The __Host- prefix (RFC 6265bis) binds it to this host and TLS.
func (s *Server) cookie() string {
	if s.URL.Scheme == "https" {
		return "__Host-deskbell"
	}
	return "deskbell"
}

const year = 365 * 24 * time.Hour

// setCookie hands a browser something to keep, or takes it back.
func (s *Server) setCookie(w http.ResponseWriter, name, token string, life time.Duration) {
	c := &http.Cookie{Name: name, Value: token, Path: "/", HttpOnly: true, Secure: s.URL.Scheme == "https", SameSite: http.SameSiteLaxMode, MaxAge: int(life.Seconds())}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// Enter finds who asks and whether they may ask from where they are. visitors says whether the door answers
// customers' sites.
func (s *Server) Enter(w http.ResponseWriter, r *http.Request, visitors bool) (actor.Actor, error) {
	base := actor.Actor{Kind: actor.Anonymous, IP: s.IP(r), Origin: originOf(r), UserAgent: safe.ClipBytes(r.UserAgent(), 400)}
	if c, err := r.Cookie(s.cookie() + "-device"); err == nil {
		base.Device = safe.ClipBytes(c.Value, 200)
	}
	who := base
	switch {
	case r.Header.Get("Authorization") != "":
		token, ok := Bearer(r)
		if !ok {
			return base, fault.New(fault.Unauthenticated, "Send the token as a bearer token.")
		}
		found, err := s.Who(r, token)
		if err != nil {
			return base, err
		}
		who = found
	default:
		if c, err := r.Cookie(s.cookie()); err == nil && s.sameSite(r) {
			if found, err := s.Staff(r.Context(), c.Value); err == nil {
				who = found
			} else if !fault.Is(err, fault.Unauthenticated) {
				return base, err
			}
		}
	}
	who.IP, who.Origin, who.UserAgent, who.Device = base.IP, base.Origin, base.UserAgent, base.Device
	return who, s.origin(w, r, who, visitors)
}

// Bearer is the token of a request's Authorization header; ok says whether it is of that kind, whose name may be written in
// any case (RFC 9110, section 11.1).
func Bearer(r *http.Request) (token string, ok bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimLeft(token, " "), strings.EqualFold(scheme, "Bearer")
}

// Who finds who a bearer token belongs to.
func (s *Server) Who(r *http.Request, token string) (actor.Actor, error) {
	switch {
	case strings.HasPrefix(token, "wst_"):
		return s.Visitor(r.Context(), token)
	case strings.HasPrefix(token, "dbs_"), strings.HasPrefix(token, "dbk_"):
		return s.Staff(r.Context(), token)
	}
	return actor.Actor{}, fault.New(fault.Unauthenticated, "This token is not known.")
}

// sameSite reports whether a browser's request with a cookie comes from our own pages: only then the cookie counts.
// Reading without side effects (GET) may also come from a link.
func (s *Server) sameSite(r *http.Request) bool {
	if r.Method == http.MethodGet && r.URL.Path != "/live" {
		return true
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		return strings.EqualFold(origin, s.own)
	}
	return r.Header.Get("Sec-Fetch-Site") == "same-origin"
}

// originOf is the site whose page asks. One that is longer than any name of a host is none that could be allowed, and is
// not kept.
func originOf(r *http.Request) string {
	origin := r.Header.Get("Origin")
	if len(origin) > 300 {
		return "null"
	}
	return origin
}

// origin holds a browser's Origin against what the caller may come from, and answers CORS.
func (s *Server) origin(w http.ResponseWriter, r *http.Request, who actor.Actor, visitors bool) error {
	if err := s.checkOrigin(r.Context(), who, visitors); err != nil {
		return err
	}
	if who.Origin != "" && !strings.EqualFold(who.Origin, s.own) {
		s.cors(w, who.Origin)
	}
	return nil
}

// from holds the page that opens a socket against where its holder may come from, as at the doors.
func (s *Server) from(who actor.Actor) error { return s.checkOrigin(context.Background(), who, true) }

// checkOrigin refuses whoever comes from a page that is not theirs.
func (s *Server) checkOrigin(ctx context.Context, who actor.Actor, visitors bool) error {
	origin := who.Origin
	if origin == "" || strings.EqualFold(origin, s.own) {
		return nil
	}
	switch {
	case who.IsVisitor():
		list, err := s.Origins(ctx, who.Workspace)
		if err != nil {
			return err
		}
		if !visitors || !s.Allowed(list, origin) {
			return fault.New(fault.Forbidden, "This site is not among the workspace's allowed origins.")
		}
	case s.listed(origin):
	case !visitors || who.IsStaff():
		return fault.New(fault.Forbidden, "This page may not use staff doors. Deskbell is at %s: open it there, or start it with --url.", s.own)
	}
	return nil
}

func (s *Server) listed(origin string) bool {
	for _, o := range s.Apps {
		if strings.EqualFold(o, origin) {
			return true
		}
	}
	return false
}

func (s *Server) cors(w http.ResponseWriter, origin string) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Add("Vary", "Origin")
	h.Set("Access-Control-Expose-Headers", "X-Seq, Retry-After, X-Request-Id")
}

// preflight answers a browser that asks beforehand. Whose workspace it is shows only in the request itself.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request, sites bool) {
	origin := originOf(r)
	if origin != "" && (sites || s.listed(origin)) {
		s.cors(w, origin)
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key")
		w.Header().Set("Access-Control-Max-Age", "7200")
	}
	w.WriteHeader(http.StatusNoContent)
}

// socket upgrades to the live socket. A cookie counts only when the page is exactly ours.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	base := actor.Actor{Kind: actor.Anonymous, IP: s.IP(r), Origin: originOf(r), UserAgent: safe.ClipBytes(r.UserAgent(), 400)}
	byCookie := base
	if c, err := r.Cookie(s.cookie()); err == nil && strings.EqualFold(base.Origin, s.own) {
		if who, err := s.Staff(r.Context(), c.Value); err == nil {
			who.IP, who.Origin, who.UserAgent = base.IP, base.Origin, base.UserAgent
			byCookie = who
		}
	}
	s.Socket.Serve(w, r, byCookie, base)
}

// Refuse answers any request with a problem document.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) { s.refuse(w, r, err) }
