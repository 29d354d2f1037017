package door

import (
	"sync"

	"deskbell/app/actor"
	"deskbell/store"
)

// bindingKey is a session in a workspace.
type bindingKey struct{ user, session, workspace store.ID }

// bindings is a cache of who sessions are in workspaces: what Binder said of them. Whatever could change that clears it.
type bindings struct {
	mu    sync.Mutex
	cache map[bindingKey]actor.Actor
}

const mostBindings = 4096

func (b *bindings) find(k bindingKey) (actor.Actor, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	who, ok := b.cache[k]
	return who, ok
}

// keep remembers a binding if nothing was committed since it was read.
func (b *bindings) keep(k bindingKey, who actor.Actor, fresh func() bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cache == nil || len(b.cache) >= mostBindings {
		b.cache = map[bindingKey]actor.Actor{}
	}
	if fresh() {
		b.cache[k] = who
	}
}

// committed runs before the writer of the commit is answered, so that a right that was taken is gone by then.
func (b *bindings) committed(c store.Commit) {
	if c.In("members", "users", "workspaces", "sessions", "api_keys") {
		b.mu.Lock()
		clear(b.cache)
		b.mu.Unlock()
	}
}
