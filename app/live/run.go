package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// turn is what a worker is to do for an entry.
type turn struct {
	*entry
	sits  *admission // from before, and still right
	whole bool       // run the view again
	rows  []store.ID // or read these rows anew
}

// result is what came of it.
type result struct {
	value   value // of a whole run
	patch   []byte
	changed bool
	read    []fresh // of the keyed path
	topics  []store.Topic
	seat    *admission // fresh
	err     error
}

// fresh is a row read anew; nil where it is not in the list.
type fresh struct {
	key store.ID
	raw json.RawMessage
}

func (en *entry) begin() turn {
	t := turn{en, en.seat, en.whole || !en.ran || en.err != nil || !en.value.list(), en.rows}
	en.queued, en.running, en.whole, en.rows = false, true, false, nil
	return t
}

// refresh runs entries on one snapshot and hands out what is new. Only one worker has an entry at a time.
func (e *Engine) refresh(ctx context.Context, todo []turn) {
	done := 0
	err := e.db.Watching(ctx, func(tx *store.Tx, seq uint64) error {
		for _, t := range todo {
			start := time.Now()
			r := t.run(tx)
			if fault.Is(r.err, fault.Internal) {
				e.log.Error("live view", "view", t.key, "error", r.err)
			}
			e.finish(t, r, seq, start)
			done++
		}
		return nil
	})
	if err == nil || ctx.Err() != nil {
		return
	}
	e.log.Error("live views", "error", err)
	for _, t := range todo[done:] {
		e.finish(t, result{err: err, changed: true}, e.db.Seq(), time.Now())
	}
}

// run reads what is new of an entry, and compares.
func (t *turn) run(tx *store.Tx) (r result) {
	defer func() {
		if r.err != nil {
			r.value, r.patch, r.changed, r.seat = value{}, nil, true, nil
		}
	}()
	seat := t.sits
	if seat == nil {
		seat = &admission{}
		seat.topics, r.err = tx.Watched(t.who.Workspace, func(tx *store.Tx) (err error) {
			defer caught(&err)
			seat.bound, err = t.view.Admit(tx, *t.who)
			return err
		})
		if r.err != nil {
			r.topics = seat.topics
			return r
		}
		if t.who.Kind == actor.Staff { // others are admitted without a look at the file, or until a time
			r.seat = seat
		}
	}
	bound := seat.bound
	r.topics, r.err = tx.Watched(bound.Workspace, func(tx *store.Tx) (err error) {
		defer caught(&err)
		if !t.whole {
			if r.read, err = t.byRow(tx, bound); !errors.Is(err, errWindow) {
				return err
			}
			t.whole = true
		}
		v, err := t.view.Run(tx, bound)
		if err != nil {
			return err
		}
		var from []int
		if r.value, from, err = newValue(v, &t.value); err != nil {
			return err
		}
		r.changed = true
		if t.ran && t.err == nil {
			r.patch, r.changed = diff(&t.value, &r.value, from)
		}
		return nil
	})
	r.topics = union(r.topics, seat.topics)
	return r
}

func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic in a view: %v\n%s", p, debug.Stack())
	}
}

var errWindow = errors.New("what follows cannot be known from the rows alone")

// byRow reads the changed rows. The list itself only changes hands under the lock.
func (t *turn) byRow(tx *store.Tx, bound actor.Actor) ([]fresh, error) {
	read := make([]fresh, 0, len(t.rows))
	for _, id := range t.rows {
		row, ok, err := t.keyed.Row(tx, bound, id)
		if err != nil {
			return nil, err
		}
		f := fresh{key: id}
		if ok {
			if f.raw, err = encode(row); err != nil {
				return nil, err
			}
		}
		read = append(read, f)
	}
	if !t.value.takes(read, t.keyed) {
		return nil, errWindow
	}
	return read, nil
}

func (e *Engine) finish(t turn, r result, seq uint64, start time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.runs.Add(1)
	en := t.entry
	en.running = false
	if len(en.subs) == 0 {
		return
	}
	if t.sits != nil && en.seat != t.sits { // who may see it has changed meanwhile: nothing of this is handed out
		en.whole = true
		e.enqueue(en)
		return
	}
	switch {
	case r.err != nil:
		en.seat = nil
	case r.seat != nil && !e.touched(r.seat.topics, seq):
		en.seat = r.seat
	}
	known := false
	if t.whole {
		en.last, en.took = time.Since(e.begun), time.Since(start)
		known = e.retopic(en, r.topics)
	} else {
		e.keyed.Add(1)
		known = e.retopic(en, union(en.topics, r.topics))
		if r.err == nil {
			r.patch, r.changed = en.value.apply(r.read, en.keyed)
		}
	}
	en.clean = seq
	if r.changed {
		if en.step = nil; r.patch != nil {
			en.step = &step{en.seq, r.patch}
		}
		en.seq, en.err = max(seq, en.seq+1), r.err
		if t.whole || r.err != nil {
			en.value = r.value
		}
	}
	en.ran = true
	e.spent.Add(int64(time.Since(start)))
	for _, s := range en.subs {
		e.tell(s, r.changed)
	}
	if !known {
		e.missed(en, seq)
	}
	if en.whole || len(en.rows) > 0 {
		e.enqueue(en)
	}
}

func (e *Engine) tell(s *Subscription, changed bool) {
	switch g := s.guards; {
	case !changed:
		e.skipped.Add(1)
		s.sink.Settled()
	case g != nil: // a gate: its refusal is its ward's
		if s.entry.err != nil {
			g.failed = s.entry.err
			g.sink.Changed(g)
		}
	default:
		e.pushes.Add(1)
		s.sink.Changed(s)
	}
}

// missed looks for commits since the run began that touched what it depends on: some of its topics were not known before.
func (e *Engine) missed(en *entry, since uint64) {
	if n := len(e.recent); n == 0 || e.recent[n-1].Seq <= since {
		return
	}
	if e.recent[0].Seq > since+1 && len(e.recent) >= remember/2 {
		en.whole = true // more has happened than is remembered
		return
	}
	en.running = true // only marks; finish enqueues
	for i := len(e.recent) - 1; i >= 0 && e.recent[i].Seq > since; i-- {
		c := &e.recent[i]
		if slices.ContainsFunc(c.Topics, en.reads) {
			en.whole = true
		}
		for j := range c.Changes {
			if slices.ContainsFunc(c.Changes[j].Topics, en.reads) {
				e.stale(en, &c.Changes[j])
			}
		}
	}
	en.running = false
}

// touched reports whether a commit since, or one that is not remembered, concerned any of these topics.
func (e *Engine) touched(topics []store.Topic, since uint64) bool {
	n := len(e.recent)
	if n == 0 || e.recent[n-1].Seq <= since {
		return false
	}
	if e.recent[0].Seq > since+1 {
		return true
	}
	reads := func(t store.Topic) bool { return holds(topics, t) }
	for i := n - 1; i >= 0 && e.recent[i].Seq > since; i-- {
		c := &e.recent[i]
		if slices.ContainsFunc(c.Topics, reads) || slices.ContainsFunc(c.Changes, func(ch store.Change) bool { return slices.ContainsFunc(ch.Topics, reads) }) {
			return true
		}
	}
	return false
}

// reads reports whether the entry's last run depended on a topic.
func (en *entry) reads(t store.Topic) bool {
	return holds(en.topics, t)
}

// holds reports whether a sorted list has a topic.
func holds(list []store.Topic, t store.Topic) bool {
	_, hit := slices.BinarySearch(list, t)
	return hit
}

// union merges two sorted lists; a itself when it holds all of b.
func union(a, b []store.Topic) []store.Topic {
	i := 0
	for _, t := range b {
		for i < len(a) && a[i] < t {
			i++
		}
		if i == len(a) || a[i] != t {
			out := append(slices.Clone(a), b...)
			slices.Sort(out)
			return slices.Compact(out)
		}
	}
	return a
}

// retopic notes what an entry depends on now, and reports whether that is what it did before.
func (e *Engine) retopic(en *entry, topics []store.Topic) (known bool) {
	if slices.Equal(en.topics, topics) {
		return true
	}
	for _, t := range en.topics {
		list := e.readers[t]
		if i := slices.Index(list, en); i >= 0 {
			list[i] = list[len(list)-1]
			list[len(list)-1] = nil
			list = list[:len(list)-1]
		}
		if e.readers[t] = list; len(list) == 0 {
			delete(e.readers, t)
		}
	}
	en.topics = slices.Clone(topics)
	for _, t := range topics {
		e.readers[t] = append(e.readers[t], en)
	}
	return false
}

// Take is the newest answer of a subscription; false when the client has it already.
func (e *Engine) Take(s *Subscription) (Answer, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	en := s.entry
	if s.closed || !en.ran {
		return Answer{}, false
	}
	a := Answer{ID: s.ID, Seq: en.seq, kept: en.value.size()}
	switch {
	case s.failed != nil:
		a.Err = s.failed
	case s.sent == en.seq && s.sent != 0:
		return Answer{}, false
	case en.err != nil:
		a.Err = en.err
	case s.Patches && en.step != nil && s.sent == en.step.base && s.sent != 0:
		a.Base, a.Patch = en.step.base, en.step.patch
	default:
		a.Value = en.value.bytes()
	}
	s.sent = en.seq
	return a, true
}

// Contains reports whether what was taken of a subscription holds every commit up to seq.
func (e *Engine) Contains(s *Subscription, seq uint64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	en := s.entry
	if s.closed {
		return true
	}
	if !en.ran || s.sent != en.seq && !s.Hidden {
		return false
	}
	busy := en.running || en.queued || en.waiting || en.whole || len(en.rows) > 0
	return en.clean >= seq || !busy && e.db.Seq() >= seq
}
