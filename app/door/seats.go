package door

import (
	"sync"

	"deskbell/app/actor"
	"deskbell/store"
)

// seat is a session in a workspace.
type seat struct{ user, session, workspace store.ID }

// seats remember who sessions are in workspaces. Whatever could change that forgets them all.
type seats struct {
	mu    sync.Mutex
	taken map[seat]actor.Actor
}

const mostSeats = 4096

func (s *seats) find(k seat) (actor.Actor, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, ok := s.taken[k]
	return who, ok
}

// keep remembers a binding if nothing was committed since it was read.
func (s *seats) keep(k seat, who actor.Actor, fresh func() bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken == nil || len(s.taken) >= mostSeats {
		s.taken = map[seat]actor.Actor{}
	}
	if fresh() {
		s.taken[k] = who
	}
}

// committed runs before the writer of the commit is answered, so that a right that was taken is gone by then.
func (s *seats) committed(c store.Commit) {
	if c.In("members", "users", "workspaces", "sessions", "api_keys") {
		s.mu.Lock()
		clear(s.taken)
		s.mu.Unlock()
	}
}
