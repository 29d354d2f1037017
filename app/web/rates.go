package web

import (
	"net/http"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
)

// How often, and how much, one caller may: each of these takes tokens from a bucket (limiter) under a key of its own.

// throttle bounds what one caller may ask for: by address for strangers, by session for the rest. What is dear, or makes
// something for anybody, counts by address whoever asks.
func (s *Server) throttle(who actor.Actor, cost int, byAddress bool) error {
	key, every, burst := "ip "+actor.Network(who.IP), 20*time.Millisecond, 400
	switch {
	case byAddress:
		key = "public " + actor.Network(who.IP)
		every, burst = 100*time.Millisecond, 12000
	case who.IsStaff():
		key, every, burst = "staff "+who.Session.String(), 10*time.Millisecond, 1000
	case who.IsVisitor():
		key, every, burst = "visitor "+who.Session.String(), 100*time.Millisecond, 120
	}
	return s.spend(key, cost, every, burst)
}

// limitViews bounds how often one session opens views on its sockets, however many it has.
func (s *Server) limitViews(who actor.Actor) error {
	if who.IsVisitor() {
		return s.spend("views of visitor "+who.Session.String(), 1, 50*time.Millisecond, 400)
	}
	return s.spend("views of staff "+who.Session.String(), 1, 10*time.Millisecond, 2000)
}

// bounded bounds how often one address asks for plain pages of whatever kind, before anything is read.
func (s *Server) bounded(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := s.spend("pages "+actor.Network(s.IP(r)), 1, 10*time.Millisecond, 1000)
		done := func() {}
		if err == nil {
			done, err = s.hold(s.IP(r), piece)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		defer done()
		h(w, r)
	}
}

const (
	piece = 320 << 10 // what a plain page holds of what it sends, or of what it is sent
	small = 16 << 10  // an answer that the system takes at once
)

// hold counts what is held for somebody who reads slowly.
func (s *Server) hold(ip string, n int64) (done func(), err error) {
	done, ok := s.leaving.Take(actor.Network(ip), n)
	if !ok {
		return nil, fault.New(fault.RateLimited, "Too much is on its way to you already. Try again in a moment.").After(5 * time.Second)
	}
	return done, nil
}

// spend takes cost tokens from the bucket under a key, which holds burst of them and gets one more every so often; or it
// refuses, and says when to come again.
func (s *Server) spend(key string, cost int, every time.Duration, burst int) error {
	if d := s.limits.wait(s.DB.Now().Std(), key, cost, every, burst); d > 0 {
		return fault.New(fault.RateLimited, "Too many requests. Try again in a moment.").After(d)
	}
	return nil
}

const unsaid = 25 << 20 // what a body counts that does not say how large it is

// limitBytes bounds how much strangers write from one place: megabytes by the day, two thousand at once. Who fills the
// disk stops everybody, and may be as many visitors as they like.
func (s *Server) limitBytes(who actor.Actor, n int64) error {
	if who.IsStaff() || n >= 0 && n < 1<<20 {
		return nil
	}
	if n < 0 {
		n = unsaid
	}
	return s.spend("megabytes "+actor.Network(who.IP), int(min(n>>20, 2000)), 43*time.Second, 2000)
}

// limitBody does so for what is sent to doors, of which there may be many: kilobytes, ten in a second, twenty thousand at
// once. It counts what is announced, before any of it is read and held. What is shorter counts as a request alone.
func (s *Server) limitBody(who actor.Actor, r *http.Request, most int64) error {
	n := r.ContentLength
	if n < 0 || n > most {
		n = most
	}
	if who.IsStaff() || n < 1<<10 {
		return nil
	}
	return s.spend("kilobytes "+actor.Network(who.IP), int(n>>10), 100*time.Millisecond, 20000)
}

// limitMessages bounds how many messages visitors leave from one place, as many visitors as they say they are: a whole
// office may write at once, but nobody goes on like that all day.
func (s *Server) limitMessages(who actor.Actor, e *door.Entry) error {
	if !e.Keeps || !who.IsVisitor() {
		return nil
	}
	return s.spend("messages "+actor.Network(who.IP), 1, 200*time.Millisecond, 12000)
}
