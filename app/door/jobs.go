package door

import (
	"context"
	"encoding/json"

	"deskbell/app/event"
	"deskbell/store"
)

// Job is a durable consequence: Run is called at least once with what was enqueued under Kind.
type Job struct {
	Kind  string
	Run   func(ctx context.Context, payload []byte) error
	Waits bool // for somebody outside: it must not hold up those that do not
}

// Schedule enqueues a job by the clock, under a unique key.
type Schedule struct{ Kind, Spec string }

// Listener hears of an event by a job, where it wants to.
type Listener struct {
	Job
	wants func(*store.Tx, event.Event) (bool, error)
}

// Waits says that a listener spends its time waiting for somebody outside.
func Waits(l *Listener) { l.Waits = true }

// Where says, within the transaction that made a fact true, whether a listener has anything to do with it: a fact that
// concerns nobody leaves no job.
func Where[E event.Event](wants func(*store.Tx, E) (bool, error)) func(*Listener) {
	return func(l *Listener) {
		l.wants = func(tx *store.Tx, e event.Event) (bool, error) { return wants(tx, e.(E)) }
	}
}

// On has fn hear of an event, as a durable job of its own: at least once, retried, and visible when it is stuck.
func On[E event.Event](d *Doors, kind string, fn func(context.Context, E) error, opts ...func(*Listener)) {
	var zero E
	l := Listener{Job: Job{Kind: kind, Run: func(ctx context.Context, payload []byte) error {
		var e E
		if err := json.Unmarshal(payload, &e); err != nil {
			return err
		}
		return fn(ctx, e)
	}}}
	for _, o := range opts {
		o(&l)
	}
	d.addJob(l.Job)
	d.listeners[zero.Name()] = append(d.listeners[zero.Name()], l)
}

// Every has fn run by the clock (a cron line or "@every 1m"), as a durable job: one at a time, never piled up.
func Every(d *Doors, name, spec string, fn func(context.Context) error) {
	d.addJob(Job{Kind: name, Run: func(ctx context.Context, _ []byte) error { return fn(ctx) }})
	d.schedules = append(d.schedules, Schedule{Kind: name, Spec: spec})
}

// Later has fn run at a time that a verb chooses (Doors.Enqueue), as a durable job: at least once, retried.
func Later[T any](d *Doors, kind string, fn func(context.Context, T) error) {
	d.addJob(Job{Kind: kind, Run: func(ctx context.Context, payload []byte) error {
		var v T
		if err := json.Unmarshal(payload, &v); err != nil {
			return err
		}
		return fn(ctx, v)
	}})
}

// Enqueue has a job of Later run at a time, within the transaction that made it necessary. Where there is one of this kind
// and key already, that one will do, at the earlier of both times.
func (d *Doors) Enqueue(tx *store.Tx, kind, key string, at store.Time, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Jobs.Add(store.Job{Kind: kind, Key: key, Payload: payload, RunAt: at})
}

func (d *Doors) addJob(j Job) {
	if _, twice := d.jobs[j.Kind]; twice {
		panic("two jobs named " + j.Kind)
	}
	d.jobs[j.Kind] = j
}

// Emit tells the listeners of a fact, within the transaction that made it true.
func (d *Doors) Emit(tx *store.Tx, e event.Event) error {
	var payload []byte
	for _, l := range d.listeners[e.Name()] {
		if l.wants != nil {
			if yes, err := l.wants(tx, e); err != nil {
				return err
			} else if !yes {
				continue
			}
		}
		if payload == nil {
			var err error
			if payload, err = json.Marshal(e); err != nil {
				return err
			}
		}
		if err := tx.Jobs.Add(store.Job{Kind: l.Kind, Payload: payload, RunAt: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// Jobs lists what the job runner runs.
func (d *Doors) Jobs() map[string]Job { return d.jobs }

// Schedules lists what the clock enqueues.
func (d *Doors) Schedules() []Schedule { return d.schedules }
