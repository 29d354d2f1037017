// Package clock tells the time, so that tests can set it.
package clock

import (
	"sync"
	"time"

	"deskbell/store"
)

// Clock tells the time in milliseconds.
type Clock interface{ Now() store.Time }

// System is the clock of the machine.
type System struct{}

// Now is the machine's time.
func (System) Now() store.Time { return store.At(time.Now()) }

// Manual is a clock that moves only when told.
type Manual struct {
	mu  sync.Mutex
	now store.Time
}

// NewManual starts a manual clock at a time.
func NewManual(at time.Time) *Manual { return &Manual{now: store.At(at)} }

// Now is the time it was last set to.
func (m *Manual) Now() store.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock forward.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}
