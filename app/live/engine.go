package live

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

const (
	breath   = 25 * time.Millisecond // between two runs of an ordered view
	remember = 512                   // commits that are kept for runs that began before them
	most     = 16                    // quick runs on one snapshot
)

// Engine runs open views and runs them again when a commit has made them stale.
type Engine struct {
	db    *store.DB
	log   *slog.Logger
	begun time.Time
	views map[string]View

	mu      sync.Mutex
	more    sync.Cond
	entries map[string]*entry
	readers map[store.Topic][]*entry // slices: most topics have one reader, and a map for each would outweigh it
	recent  []store.Commit           // the newest commits, oldest first
	fast    []*entry                 // waiting to run: keyed ones first
	slow    []*entry
	ended   bool

	runs, keyed, pushes, skipped atomic.Uint64
	spent                        atomic.Int64
}

// Stats are counters since the start, and how much is open now.
type Stats struct {
	Entries             int
	Runs, Keyed, Pushes uint64
	Skipped             uint64        // runs that changed nothing
	Spent               time.Duration // on runs, with their comparison
}

// New makes an engine that hears the store's commits. All views are defined before the first is opened.
func New(db *store.DB, log *slog.Logger) *Engine {
	e := &Engine{db: db, log: log, begun: time.Now(), views: map[string]View{}, entries: map[string]*entry{}, readers: map[store.Topic][]*entry{}}
	e.more.L = &e.mu
	db.Watch(e.committed)
	return e
}

// Define adds a view.
func (e *Engine) Define(v View) { e.views[v.Name] = v }

// Stats tells the counters.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	n := len(e.entries)
	e.mu.Unlock()
	return Stats{Entries: n, Runs: e.runs.Load(), Keyed: e.keyed.Load(), Pushes: e.pushes.Load(), Skipped: e.skipped.Load(), Spent: time.Duration(e.spent.Load())}
}

// entry is one open view, shared by all who asked the same thing with the same rights. Every idle socket has a few:
// what an entry does not need all the time stands behind a pointer.
type entry struct {
	key    string
	view   Opened
	keyed  *Keyed
	who    *actor.Actor
	subs   []*Subscription
	topics []store.Topic // sorted
	seat   *admission    // of staff, as long as nothing has touched it

	ran, running, queued, waiting, whole bool
	rows                                 []store.ID // changed rows to read anew (keyed path)
	seq                                  uint64     // of the value
	clean                                uint64     // every commit up to here is in the value
	value                                value
	step                                 *step // from the value before, where there is one
	err                                  error
	last                                 time.Duration // when it last ran whole, since the engine began
	took                                 time.Duration
}

// admission is what Admit said, and what it depends on.
type admission struct {
	bound  actor.Actor
	topics []store.Topic // sorted
}

// step is the patch that makes the value of an entry from the one before.
type step struct {
	base  uint64
	patch json.RawMessage
}

// Subscription is one client's hold on a view.
type Subscription struct {
	ID      int
	Patches bool // the client can apply patches
	Hidden  bool // serves the connection itself; its value is never sent
	sink    Sink
	entry   *entry
	gate    *Subscription // watches this person's own right to a shared entry
	guards  *Subscription // of a gate: what it guards
	sent    uint64
	failed  error
	closed  bool
	shown   func() // takes back what was counted for its value; the sink's
	counted int    // bytes that were
}

// Open opens a view for a sink. The actor is kept for as long as the view is open.
func (e *Engine) Open(s Sink, id int, patches bool, who *actor.Actor, name string, args json.RawMessage) (*Subscription, error) {
	v, ok := e.views[name]
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no view of this name.")
	}
	o, err := v.Open(args)
	if err != nil {
		return nil, err
	}
	sub := &Subscription{ID: id, Patches: patches, sink: s}
	scope := who.Personal()
	if o.Shared() {
		bound := *who
		err := e.db.Read(context.Background(), who.Workspace, func(tx *store.Tx) (err error) {
			bound, err = o.Admit(tx, *who)
			return err
		})
		if err != nil {
			return nil, err
		}
		scope = bound.Scope()
		if p, ok := o.(Public); ok && p.Public() {
			scope = "workspace/" + bound.Workspace.String()
		}
		if who.IsStaff() {
			sub.gate = &Subscription{Hidden: true, sink: s, guards: sub}
			e.attach(sub.gate, "gate\x00"+name+"\x00"+who.Personal()+"\x00"+string(args), gate{o}, who)
		}
	}
	e.attach(sub, name+"\x00"+scope+"\x00"+string(args), o, who)
	return sub, nil
}

// Guard opens a hidden view for a sink: Admit runs whenever what it read changes, and its refusal reaches the sink.
func (e *Engine) Guard(s Sink, who *actor.Actor, admit func(*store.Tx, actor.Actor) error) *Subscription {
	sub := &Subscription{Hidden: true, sink: s}
	e.attach(sub, "guard\x00"+who.Personal(), guard(admit), who)
	return sub
}

type gate struct{ Opened }

func (gate) Run(*store.Tx, actor.Actor) (any, error) { return nil, nil }
func (gate) Keyed() *Keyed                           { return nil }

type guard func(*store.Tx, actor.Actor) error

func (g guard) Admit(tx *store.Tx, who actor.Actor) (actor.Actor, error) { return who, g(tx, who) }
func (guard) Run(*store.Tx, actor.Actor) (any, error)                    { return nil, nil }
func (guard) Keyed() *Keyed                                              { return nil }
func (guard) Shared() bool                                               { return false }

func (e *Engine) attach(sub *Subscription, key string, o Opened, who *actor.Actor) {
	e.mu.Lock()
	defer e.mu.Unlock()
	en := e.entries[key]
	if en == nil {
		en = &entry{key: key, view: o, keyed: o.Keyed(), who: who, whole: true}
		e.entries[key] = en
	}
	sub.entry = en
	en.subs = append(en.subs, sub)
	if !en.ran {
		e.enqueue(en)
	} else if sub.guards == nil {
		sub.sink.Changed(sub)
	}
}

// Close ends a subscription. Closing twice is fine.
func (e *Engine) Close(sub *Subscription) {
	if sub.gate != nil {
		e.Close(sub.gate)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if sub.closed {
		return
	}
	sub.closed = true
	en := sub.entry
	for i, s := range en.subs {
		if s == sub {
			en.subs = append(en.subs[:i:i], en.subs[i+1:]...)
			break
		}
	}
	if len(en.subs) == 0 {
		delete(e.entries, en.key)
		e.retopic(en, nil)
	}
}

// Closed reports whether a subscription has ended.
func (e *Engine) Closed(sub *Subscription) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return sub.closed
}

// committed marks what a commit has made stale. It runs on the writer's goroutine, so it only marks.
func (e *Engine) committed(c store.Commit) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.recent) >= remember {
		e.recent = append(e.recent[:0], e.recent[remember/2:]...)
	}
	e.recent = append(e.recent, c)
	if len(c.Changes) == 0 {
		for _, t := range c.Topics {
			for _, en := range e.readers[t] {
				en.unseat(t)
				e.stale(en, nil)
			}
		}
		return
	}
	for i := range c.Changes {
		for _, t := range c.Changes[i].Topics {
			for _, en := range e.readers[t] {
				en.unseat(t)
				e.stale(en, &c.Changes[i])
			}
		}
	}
}

// unseat has the actor admitted anew when what admitted them may be another.
func (en *entry) unseat(t store.Topic) {
	if en.seat != nil && holds(en.seat.topics, t) {
		en.seat = nil
	}
}

// stale notes what of an entry is out of date and has it run.
func (e *Engine) stale(en *entry, ch *store.Change) {
	if k := en.keyed; k != nil && ch != nil && ch.Table == k.Table {
		if id := store.ID(ch.Row); len(en.rows) == 0 || en.rows[len(en.rows)-1] != id {
			en.rows = append(en.rows, id)
		}
	} else {
		en.whole = true
	}
	if !en.running {
		e.enqueue(en)
	}
}

// enqueue has an entry run, ordered ones not more often than they should.
func (e *Engine) enqueue(en *entry) {
	if en.queued || en.waiting || e.ended {
		return
	}
	if en.ran && en.whole {
		if wait := min(max(breath, 10*en.took), time.Second) - (time.Since(e.begun) - en.last); wait > 0 {
			en.waiting = true
			time.AfterFunc(wait, func() {
				e.mu.Lock()
				defer e.mu.Unlock()
				en.waiting = false
				e.push(en)
			})
			return
		}
	}
	e.push(en)
}

func (e *Engine) push(en *entry) {
	if en.queued || en.running || len(en.subs) == 0 || e.ended {
		return
	}
	en.queued = true
	if en.whole {
		e.slow = append(e.slow, en)
	} else {
		e.fast = append(e.fast, en)
	}
	e.more.Signal()
}

// pop gives what is to run next: several rows' worth of the quick ones, for one snapshot, or one of the others.
func (e *Engine) pop() []*entry {
	for {
		if n := len(e.fast); n > 0 {
			n = min(n, most, (n+1)/2) // half: another worker may be free
			list := append([]*entry(nil), e.fast[:n]...)
			e.fast = shift(e.fast, n)
			return list
		}
		if len(e.slow) > 0 {
			en := e.slow[0]
			e.slow = shift(e.slow, 1)
			return []*entry{en}
		}
		if e.ended {
			return nil
		}
		e.more.Wait()
	}
}

// shift takes the first n from a queue, and lets go of it when it is empty.
func shift(queue []*entry, n int) []*entry {
	clear(queue[:n])
	if queue = queue[n:]; len(queue) == 0 {
		return nil
	}
	return queue
}

// Run serves until ctx ends.
func (e *Engine) Run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.ended = true
		e.more.Broadcast()
	})
	defer stop()
	var workers sync.WaitGroup
	for range max(2, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			var todo []turn
			for {
				e.mu.Lock()
				list := e.pop()
				if list == nil {
					e.mu.Unlock()
					return
				}
				todo = todo[:0]
				for _, en := range list {
					todo = append(todo, en.begin())
				}
				e.mu.Unlock()
				e.refresh(ctx, todo)
			}
		})
	}
	workers.Wait()
}
