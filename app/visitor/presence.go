package visitor

import (
	"context"
	"errors"
	"sync"
	"time"

	"deskbell/app/actor"
	"deskbell/store"
)

// quiet is how long a visitor without a socket counts as here after a heartbeat, and grace after the last socket.
const (
	quiet = 2 * time.Minute
	grace = 20 * time.Second
)

// presence knows who is here: by open sockets, or by heartbeats. It writes only when somebody comes or goes; after a
// start nobody is here until they say so.
type presence struct {
	db   *store.DB
	mu   sync.Mutex
	here map[key]*stay
	came chan key
}

type key struct{ workspace, visitor, user store.ID }

type stay struct {
	sockets int
	until   store.Time // without sockets
	written bool
}

func (p *presence) init(db *store.DB) {
	p.db, p.here, p.came = db, map[key]*stay{}, make(chan key, 4096)
}

func keyOf(who actor.Actor) key {
	if who.IsVisitor() {
		return key{workspace: who.Workspace, visitor: who.Visitor}
	}
	return key{user: who.User}
}

// Came hears of an opened socket. It does not block.
func (v *Visitors) Came(who actor.Actor) { v.came(who, 1) }

// Left hears of a closed socket. It does not block.
func (v *Visitors) Left(who actor.Actor) { v.came(who, -1) }

func (v *Visitors) came(who actor.Actor, n int) {
	if who.Kind != actor.Key { // a program is not a person who is there
		v.presence.socket(keyOf(who), n)
	}
}

func (p *presence) socket(k key, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stay(k)
	s.sockets += n
	s.until = p.db.Now().Add(grace)
	if n > 0 && !s.written {
		select {
		case p.came <- k:
		default: // the sweep finds it
		}
	}
}

func (p *presence) stay(k key) *stay {
	s := p.here[k]
	if s == nil {
		s = &stay{}
		p.here[k] = s
	}
	return s
}

// beat notes a heartbeat, and reports whether the visitor was not here before.
func (p *presence) beat(who actor.Actor) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stay(keyOf(who))
	s.until = p.db.Now().Add(quiet)
	fresh := !s.written
	s.written = true // Heartbeat itself writes
	return fresh
}

// Run writes who comes and goes until ctx ends.
func (v *Visitors) Run(ctx context.Context) error {
	p := &v.presence
	if _, err := p.db.Write(store.Vital(ctx), 0, func(tx *store.Tx) error { return errors.Join(tx.Visitors.AllOffline(), tx.Members.AllOffline()) }); err != nil {
		return err
	}
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case k := <-p.came:
			p.arrive(ctx, k)
		case <-tick.C:
			p.sweep(ctx)
		}
	}
}

func (p *presence) arrive(ctx context.Context, k key) {
	p.mu.Lock()
	s := p.here[k]
	write := s != nil && !s.written
	if write {
		s.written = true
	}
	p.mu.Unlock()
	if write && p.write(ctx, k, true) != nil {
		p.mu.Lock()
		s.written = false // the next sweep tries again
		p.mu.Unlock()
	}
}

func (p *presence) sweep(ctx context.Context) {
	var gone, late []key
	now := p.db.Now()
	p.mu.Lock()
	for k, s := range p.here {
		if latest := now.Add(quiet); s.until.After(latest) { // the clock was put back
			s.until = latest
		}
		switch {
		case s.sockets <= 0 && now.After(s.until):
			delete(p.here, k)
			if s.written {
				gone = append(gone, k)
			}
		case !s.written:
			late = append(late, k)
		}
	}
	p.mu.Unlock()
	for _, k := range late {
		p.arrive(ctx, k)
	}
	for _, k := range gone {
		if p.write(ctx, k, false) != nil {
			p.mu.Lock()
			p.stay(k).written = true // still here, as far as others know: the next sweep tries again
			p.mu.Unlock()
		}
	}
}

func (p *presence) write(ctx context.Context, k key, online bool) error {
	_, err := p.db.Write(ctx, k.workspace, func(tx *store.Tx) error {
		if k.user != 0 {
			return tx.Members.SetOnline(k.user, online)
		}
		return tx.Visitors.SetOnline(k.visitor, online)
	})
	return err
}
