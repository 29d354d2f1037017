// Package job runs what has to happen after a commit: durably, at least once, with retries, and visibly when it is
// stuck. The queue is a table; a job row is written in the transaction that made it necessary.
package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"deskbell/app/safe"
	"deskbell/store"
)

const (
	workers = 4
	waiting = 64 // jobs that wait for somebody outside
	batch   = 16
	first   = 2 * time.Second // the wait after the first failure; it doubles
	longest = time.Hour
	relief  = 2 * time.Second // after which a full disk is looked at again
)

// Runner takes due jobs and runs them.
type Runner struct {
	db    *store.DB
	log   *slog.Logger
	kinds map[string]func(context.Context, []byte) error
	waits map[string]bool
	clock *cron.Cron
	wake  chan struct{}
}

// New makes a runner that wakes when a job is committed.
func New(db *store.DB, log *slog.Logger) *Runner {
	r := &Runner{db: db, log: log, kinds: map[string]func(context.Context, []byte) error{}, waits: map[string]bool{}, clock: cron.New(cron.WithLocation(time.UTC)), wake: make(chan struct{}, 1)}
	db.Watch(func(c store.Commit) {
		if c.In("jobs") {
			r.nudge()
		}
	})
	return r
}

// Handle names what runs jobs of a kind.
func (r *Runner) Handle(kind string, run func(ctx context.Context, payload []byte) error) {
	r.kinds[kind] = run
}

// HandleWaiting is Handle for jobs that spend their time waiting for somebody outside: they have slots of their own, so
// that those that do not wait never wait for them.
func (r *Runner) HandleWaiting(kind string, run func(ctx context.Context, payload []byte) error) {
	r.kinds[kind], r.waits[kind] = run, true
}

// Schedule enqueues a job of a kind by the clock, under one key: a job that is late is never piled up.
func (r *Runner) Schedule(kind, spec string) error {
	_, err := r.clock.AddFunc(spec, func() {
		_, err := r.db.Write(context.Background(), 0, func(tx *store.Tx) error {
			return tx.Jobs.Add(store.Job{Kind: kind, Key: "clock", RunAt: tx.Now(), MaxAttempts: 3})
		})
		if err != nil && !errors.Is(err, store.ErrClosed) && !errors.Is(err, store.ErrFull) {
			r.log.Error("enqueue by the clock", "job", kind, "error", err)
		}
	})
	if err != nil {
		return fmt.Errorf("schedule %s: %w", kind, err)
	}
	return nil
}

func (r *Runner) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// lane is jobs that share slots.
type lane struct {
	store.Lane
	slots chan struct{}
}

// Run serves until ctx ends, and then waits for the jobs that run.
func (r *Runner) Run(ctx context.Context) error {
	if _, err := r.db.Write(store.Vital(ctx), 0, func(tx *store.Tx) error { return tx.Jobs.Revive() }); err != nil {
		return err
	}
	r.clock.Start()
	defer r.clock.Stop()
	waits := slices.Sorted(maps.Keys(r.waits))
	lanes := []lane{{store.Lane{Kinds: waits, Others: true}, make(chan struct{}, workers)}, {store.Lane{Kinds: waits}, make(chan struct{}, waiting)}}
	var running sync.WaitGroup
	defer running.Wait()
	for ctx.Err() == nil {
		var next store.Time
		more := false
		for _, l := range lanes {
			free := cap(l.slots) - len(l.slots)
			if free == 0 {
				continue // the end of one of its jobs wakes us
			}
			jobs, due, err := r.claim(ctx, l.Lane, min(free, batch))
			if err != nil && ctx.Err() == nil {
				r.log.Error("claim jobs", "error", err)
			}
			for _, j := range jobs {
				l.slots <- struct{}{}
				running.Go(func() {
					defer func() { <-l.slots; r.nudge() }()
					r.do(ctx, j)
				})
			}
			more = more || len(jobs) == batch
			if due != 0 && (next == 0 || due < next) {
				next = due
			}
		}
		if !more {
			r.sleep(ctx, next)
		}
	}
	return nil
}

func (r *Runner) claim(ctx context.Context, l store.Lane, n int) (jobs []store.Job, due store.Time, err error) {
	if r.db.Space().Room == store.None { // what a job has done could not be kept: it waits
		return nil, store.At(time.Now().Add(relief)), nil
	}
	err = r.db.Read(ctx, 0, func(tx *store.Tx) error {
		due, err = tx.Jobs.Due(l)
		return err
	})
	if err != nil || due == 0 || due.Sub(r.db.Now()) > 0 {
		return nil, due, err
	}
	_, err = r.db.Write(ctx, 0, func(tx *store.Tx) error {
		jobs, err = tx.Jobs.Claim(l, n)
		return err
	})
	return jobs, 0, err
}

func (r *Runner) sleep(ctx context.Context, due store.Time) {
	wait := time.Minute
	if due != 0 {
		wait = max(10*time.Millisecond, min(wait, time.Until(due.Std())))
	}
	sleep(ctx, r.wake, wait)
}

func sleep(ctx context.Context, wake <-chan struct{}, wait time.Duration) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}

// do runs a job and writes down how it went. When the process dies in between, the job is revived and runs again.
func (r *Runner) do(ctx context.Context, j store.Job) {
	err := r.call(ctx, j)
	if ctx.Err() != nil && err != nil { // it was not at fault: it goes on at the next start
		r.db.Write(store.Vital(context.WithoutCancel(ctx)), 0, func(tx *store.Tx) error { return tx.Jobs.Postpone(j.ID, tx.Now(), "") })
		return
	}
	write := r.settle(ctx, j, err)
	for errors.Is(write, store.ErrFull) && ctx.Err() == nil { // or it would be taken to run until the next start
		sleep(ctx, nil, relief)
		write = r.settle(ctx, j, err)
	}
	if err != nil {
		r.log.Warn("job failed", "job", j.Kind, "attempt", j.Attempts, "error", err)
	}
	if write != nil && !errors.Is(write, store.ErrClosed) {
		r.log.Error("job outcome", "job", j.Kind, "error", write)
	}
}

// settle writes down how a job went. That the disk was full is not held against it.
func (r *Runner) settle(ctx context.Context, j store.Job, err error) error {
	_, write := r.db.Write(store.Vital(context.WithoutCancel(ctx)), 0, func(tx *store.Tx) error {
		switch {
		case err == nil:
			return tx.Jobs.Done(j.ID)
		case errors.Is(err, store.ErrFull):
			return tx.Jobs.Postpone(j.ID, tx.Now().Add(relief), told(err))
		case j.Attempts >= j.MaxAttempts:
			return tx.Jobs.Park(j.ID, told(err))
		}
		return tx.Jobs.Retry(j.ID, tx.Now().Add(Backoff(j.Attempts)), told(err))
	})
	return write
}

func (r *Runner) call(ctx context.Context, j store.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	run := r.kinds[j.Kind]
	if run == nil {
		return fmt.Errorf("nobody runs jobs of kind %q", j.Kind)
	}
	return run(ctx, j.Payload)
}

// Backoff is how long to wait after the n-th failure: doubling, with full jitter (AWS Architecture Blog, "Exponential
// Backoff And Jitter"), but never less than half a second.
func Backoff(n int) time.Duration {
	most := min(longest, first<<min(n-1, 20))
	return 500*time.Millisecond + rand.N(most)
}

// told is what of an error is kept with its job.
func told(err error) string { return safe.ClipBytes(err.Error(), 500) }
