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

func (e *Engine) begin(en *entry) (whole bool, rows []store.ID) {
	en.queued, en.running = false, true
	whole, rows = en.whole || !en.ran || en.err != nil || !en.value.list, en.rows
	en.whole, en.rows = false, nil
	return whole, rows
}

var errWindow = errors.New("a row left a full list")

// refresh runs an entry and hands out what is new. Only one worker has the entry at a time.
func (e *Engine) refresh(ctx context.Context, en *entry, whole bool, rows []store.ID) {
	start := time.Now()
	var now value
	read := func(tx *store.Tx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic in a view: %v\n%s", p, debug.Stack())
			}
		}()
		bound, err := en.view.Admit(tx, *en.who)
		if err != nil {
			return err
		}
		if tx.Workspace != bound.Workspace {
			tx = tx.In(bound.Workspace)
		}
		if !whole {
			now, err = byRow(tx, en, bound, rows)
			if !errors.Is(err, errWindow) {
				return err
			}
			whole = true
		}
		v, err := en.view.Run(tx, bound)
		if err != nil {
			return err
		}
		now, err = newValue(v)
		return err
	}
	topics, seq, err := e.db.Watching(ctx, en.who.Workspace, read)
	if err != nil && ctx.Err() != nil {
		return
	}
	if err != nil && fault.Is(err, fault.Internal) {
		e.log.Error("live view", "view", en.key, "error", err)
	}
	e.finish(en, whole, marksOf(topics), seq, now, err, start)
}

func byRow(tx *store.Tx, en *entry, bound actor.Actor, rows []store.ID) (value, error) {
	k := en.view.Keyed()
	read := make(map[store.ID]json.RawMessage, len(rows))
	for _, id := range rows {
		row, ok, err := k.Row(tx, bound, id)
		if err != nil {
			return value{}, err
		}
		read[id] = nil
		if ok {
			if read[id], err = encode(row); err != nil {
				return value{}, err
			}
		}
	}
	now, ok := en.value.with(read, k.Limit, k.Cut)
	if !ok {
		return value{}, errWindow
	}
	return now, nil
}

func (e *Engine) finish(en *entry, whole bool, topics []mark, seq uint64, now value, err error, start time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.runs.Add(1)
	en.running = false
	if len(en.subs) == 0 {
		return
	}
	if whole {
		en.last, en.took = time.Since(e.begun), time.Since(start)
		e.retopic(en, topics)
	} else {
		e.keyed.Add(1)
		e.retopic(en, union(en.topics, topics))
	}
	en.clean = seq
	changed := true
	var p json.RawMessage
	if en.ran && en.err == nil && err == nil {
		p, changed = diff(&en.value, &now)
	}
	e.spent.Add(int64(time.Since(start)))
	if changed {
		if en.step = nil; p != nil {
			en.step = &step{en.seq, p}
		}
		en.seq, en.value, en.err = max(seq, en.seq+1), now, err
	}
	en.ran = true
	for _, s := range append([]*Subscription(nil), en.subs...) {
		e.tell(s, changed)
	}
	e.missed(en, seq)
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

// missed looks for commits since the run began that touched what it depends on: its topics were not known before.
func (e *Engine) missed(en *entry, since uint64) {
	if n := len(e.recent); n == 0 || e.recent[n-1].Seq <= since {
		return
	}
	if e.recent[0].Seq > since+1 && len(e.recent) >= remember/2 {
		en.whole = true // more has happened than is remembered
		return
	}
	for i := len(e.recent) - 1; i >= 0 && e.recent[i].Seq > since; i-- {
		c := &e.recent[i]
		for _, t := range c.Topics {
			if en.reads(t) {
				e.touched(en, c)
				break
			}
		}
	}
}

// reads reports whether the entry's last run depended on a topic.
func (en *entry) reads(t store.Topic) bool {
	_, hit := slices.BinarySearch(en.topics, markOf(t))
	return hit
}

func (e *Engine) touched(en *entry, c *store.Commit) {
	if len(c.Changes) == 0 {
		en.whole = true
		return
	}
	en.running = true // only marks; finish enqueues
	for i := range c.Changes {
		for _, t := range c.Changes[i].Topics {
			if en.reads(t) {
				e.stale(en, &c.Changes[i])
				break
			}
		}
	}
	en.running = false
}

func union(a, b []mark) []mark {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// retopic notes what an entry depends on now.
func (e *Engine) retopic(en *entry, topics []mark) {
	if slices.Equal(en.topics, topics) {
		return
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
	en.topics = slices.Clip(topics)
	for _, t := range topics {
		e.readers[t] = append(e.readers[t], en)
	}
}

// Take is the newest answer of a subscription; false when the client has it already.
func (e *Engine) Take(s *Subscription) (Answer, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	en := s.entry
	if s.closed || !en.ran {
		return Answer{}, false
	}
	a := Answer{ID: s.ID, Seq: en.seq}
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
