package job_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/app/job"
	"deskbell/store"
)

// queue is a queue on a real file.
type queue struct {
	t     *testing.T
	path  string
	ahead atomic.Int64 // how far its time is ahead, in milliseconds
	still atomic.Int64 // where it stands, if it stands
	db    *store.DB
	log   bytes.Buffer
	r     *job.Runner
	stop  func()
}

func newQueue(t *testing.T) *queue {
	q := &queue{t: t, path: filepath.Join(t.TempDir(), "d.db")}
	q.open()
	return q
}

// open opens the file; kinds are handled, and run begins.
func (q *queue) open() {
	q.t.Helper()
	db, err := store.Open(q.t.Context(), store.Options{Path: q.path, Now: q.now})
	if err != nil {
		q.t.Fatal(err)
	}
	q.db, q.r = db, job.New(db, slog.New(slog.NewTextHandler(&q.log, nil)))
}

func (q *queue) now() store.Time {
	if at := q.still.Load(); at != 0 {
		return store.Time(at + q.ahead.Load())
	}
	return store.At(time.Now()) + store.Time(q.ahead.Load())
}

// stand has its time only pass when a test says so.
func (q *queue) stand() { q.still.Store(int64(store.At(time.Now()))) }

func (q *queue) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.r.Run(ctx) }()
	q.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, q.db.Close()); err != nil {
			q.t.Error(err)
		}
	})
	q.t.Cleanup(q.stop)
}

func (q *queue) add(j store.Job) {
	q.t.Helper()
	if _, err := q.db.Write(q.t.Context(), 0, func(tx *store.Tx) error {
		if j.RunAt == 0 {
			j.RunAt = tx.Now()
		}
		return tx.Jobs.Add(j)
	}); err != nil {
		q.t.Fatal(err)
	}
}

func (q *queue) counts() (c store.JobCounts) {
	q.t.Helper()
	if err := q.db.Read(q.t.Context(), 0, func(tx *store.Tx) (err error) { c, err = tx.Jobs.Counts(); return err }); err != nil {
		q.t.Fatal(err)
	}
	return c
}

// later lets time pass, and has the runner look.
func (q *queue) later(d time.Duration) {
	q.ahead.Add(d.Milliseconds())
	q.add(store.Job{Kind: "nothing", Key: fmt.Sprint(q.ahead.Load())})
}

func (q *queue) until(what string, done func() bool) {
	q.t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			q.t.Fatal("never: ", what)
		}
	}
}

func nothing(context.Context, []byte) error { return nil }

// What fails is tried again, later each time, and after as many times as it may is set aside: it is counted, and holds up
// nothing. What panics has failed.
func TestWhatFailsIsTriedAgainAndThenSetAside(t *testing.T) {
	q := newQueue(t)
	q.stand()
	var tries, panics atomic.Int64
	q.r.Handle("nothing", nothing)
	q.r.Handle("fails", func(context.Context, []byte) error { tries.Add(1); return errors.New("the other side is down") })
	q.r.Handle("panics", func(context.Context, []byte) error { panics.Add(1); panic("no") })
	q.run()
	q.add(store.Job{Kind: "fails", Key: "one", MaxAttempts: 4})
	q.add(store.Job{Kind: "panics", MaxAttempts: 2})
	for n := int64(1); n <= 4; n++ {
		q.until(fmt.Sprint("attempt ", n), func() bool { return tries.Load() == n && panics.Load() == min(n, 2) && q.counts().Running == 0 })
		if n < 4 {
			q.later(300 * time.Millisecond)
			q.until("nothing else is due", func() bool { c := q.counts(); return c.Running == 0 && c.Ready <= 2 })
			if tries.Load() != n {
				t.Fatalf("attempt %d came at once", tries.Load())
			}
		}
		q.later(time.Duration(1<<n)*2*time.Second + time.Second)
	}
	q.until("both are set aside", func() bool { c := q.counts(); return c.Parked == 2 && c.Ready == 0 })
	q.later(1000 * time.Hour)
	q.until("nothing is due", func() bool { return q.counts().Ready == 0 && q.counts().Running == 0 })
	if tries.Load() != 4 || panics.Load() != 2 {
		t.Errorf("%d and %d tries, want 4 and 2", tries.Load(), panics.Load())
	}
	q.add(store.Job{Kind: "fails", Key: "one", MaxAttempts: 1}) // the key is free again
	q.until("the next of its key", func() bool { return tries.Load() == 5 })
}

// One key is one job, as long as it waits or runs.
func TestOneKeyIsOneJob(t *testing.T) {
	q := newQueue(t)
	var ran atomic.Int64
	q.r.Handle("work", func(context.Context, []byte) error { ran.Add(1); return nil })
	q.r.Handle("nothing", nothing)
	for range 5 {
		q.add(store.Job{Kind: "work", Key: "a"})
		q.add(store.Job{Kind: "work"})
	}
	q.add(store.Job{Kind: "work", Key: "b"})
	q.run()
	q.until("all ran", func() bool { c := q.counts(); return c.Ready+c.Running == 0 })
	if ran.Load() != 7 {
		t.Errorf("%d ran, want 5 without a key and 2 with", ran.Load())
	}
	tomorrow := store.At(time.Now().Add(24 * time.Hour))
	q.add(store.Job{Kind: "work", Key: "c", RunAt: tomorrow})
	q.add(store.Job{Kind: "work", Key: "c", RunAt: tomorrow + 1})
	if c := q.counts(); c.Ready != 1 || ran.Load() != 7 {
		t.Errorf("%+v, %d ran: what is for tomorrow waits", c, ran.Load())
	}
	q.add(store.Job{Kind: "work", Key: "c"}) // the clock was put back meanwhile
	q.until("what is wanted earlier comes earlier", func() bool { c := q.counts(); return c.Ready+c.Running == 0 && ran.Load() == 8 })
}

// Jobs that wait for somebody outside, however many and however long, keep no other from running; and others that take
// long keep none that waits from beginning.
func TestWhoWaitsHoldsUpNobody(t *testing.T) {
	q := newQueue(t)
	release := make(chan struct{})
	var hanging, busy, ran, began atomic.Int64
	q.r.HandleWaiting("hangs", func(ctx context.Context, _ []byte) error {
		hanging.Add(1)
		<-release
		return nil
	})
	q.r.HandleWaiting("asks", func(context.Context, []byte) error { began.Add(1); return nil })
	q.r.Handle("works", func(context.Context, []byte) error { ran.Add(1); return nil })
	q.r.Handle("takes long", func(context.Context, []byte) error { busy.Add(1); <-release; return nil })
	q.run()
	for range 100 {
		q.add(store.Job{Kind: "hangs"})
	}
	q.until("as many hang as may", func() bool { return hanging.Load() == 64 })
	for range 50 {
		q.add(store.Job{Kind: "works"})
	}
	q.until("others run", func() bool { return ran.Load() == 50 })
	close(release)
	q.until("all that hung are done", func() bool { return hanging.Load() == 100 && q.counts().Running == 0 })

	release = make(chan struct{})
	for range 10 {
		q.add(store.Job{Kind: "takes long"})
	}
	q.until("as many work as may", func() bool { return busy.Load() == 4 })
	q.add(store.Job{Kind: "asks"})
	q.until("one that waits begins", func() bool { return began.Load() == 1 })
	q.until("the others wait on", func() bool { c := q.counts(); return c.Running == 4 && c.Ready == 6 })
	close(release)
	q.until("all are done", func() bool { c := q.counts(); return c.Ready+c.Running == 0 && busy.Load() == 10 })
}

// A job that was running when the process stopped runs again at the next start, and the stop is not held against it. One
// that was running each time the process died is set aside: it may be what the process dies of.
func TestARunningJobGoesOnAfterARestart(t *testing.T) {
	q := newQueue(t)
	began := make(chan struct{}, 10)
	var mu sync.Mutex
	var attempts []string
	long := func(ctx context.Context, payload []byte) error {
		began <- struct{}{}
		mu.Lock()
		attempts = append(attempts, string(payload))
		mu.Unlock()
		<-ctx.Done()
		return ctx.Err()
	}
	q.add(store.Job{Kind: "long", Payload: []byte(`"one"`), MaxAttempts: 2})
	for range 4 {
		q.r.Handle("long", long)
		q.run()
		<-began
		q.stop()
		q.open()
	}
	if c := q.counts(); c.Parked != 0 || c.Ready != 1 {
		t.Errorf("after stops: %+v, want it ready", c)
	}
	for range 2 { // and now it dies
		if _, err := q.db.Write(t.Context(), 0, func(tx *store.Tx) error {
			list, err := tx.Jobs.Claim(store.Lane{Others: true}, 10)
			if err == nil && len(list) != 1 {
				err = fmt.Errorf("%d jobs are due", len(list))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := q.db.Write(t.Context(), 0, func(tx *store.Tx) error { return tx.Jobs.Revive() }); err != nil {
			t.Fatal(err)
		}
	}
	if c := q.counts(); c.Parked != 1 || c.Ready != 0 {
		t.Errorf("after the process died of it twice: %+v, want it set aside", c)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(attempts) != 4 || slices.Contains(attempts, "") {
		t.Errorf("it began as %q", attempts)
	}
	q.db.Close()
}

// The clock only enqueues, and never piles up: while one job of a schedule waits or runs, the next is left out.
func TestTheClockDoesNotPileUp(t *testing.T) {
	q := newQueue(t)
	release := make(chan struct{})
	var began, ended atomic.Int64
	q.r.Handle("tick", func(context.Context, []byte) error { began.Add(1); <-release; ended.Add(1); return nil })
	if err := q.r.Schedule("tick", "@every 1s"); err != nil {
		t.Fatal(err)
	}
	var struck atomic.Int64
	q.r.Handle("tock", func(context.Context, []byte) error { struck.Add(1); return nil })
	if err := q.r.Schedule("tock", "@every 1s"); err != nil {
		t.Fatal(err)
	}
	if err := q.r.Schedule("tock", "now and then"); err == nil {
		t.Error("a schedule that says nothing was taken")
	}
	q.run()
	q.until("the clock has struck a few times", func() bool { return began.Load() == 1 && struck.Load() >= 3 })
	if c := q.counts(); began.Load() != 1 || c.Running < 1 || c.Running+c.Ready > 2 {
		t.Errorf("%d began, %+v", began.Load(), c)
	}
	close(release)
	q.until("the next one", func() bool { return ended.Load() >= 2 })
}

// The waits double, differ, and have an end.
func TestWaitsGrow(t *testing.T) {
	for n, most := range map[int]time.Duration{1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 12: time.Hour, 1000: time.Hour} {
		seen := map[time.Duration]bool{}
		for range 50 {
			d := job.Backoff(n)
			if d < 500*time.Millisecond || d > most+500*time.Millisecond {
				t.Errorf("after failure %d: %v, want at most %v", n, d, most)
			}
			seen[d] = true
		}
		if len(seen) < 40 {
			t.Errorf("after failure %d the waits are %d different ones of 50", n, len(seen))
		}
	}
}

// A job that could not be done because the disk was full is tried again as long as it takes, and that is not held against it.
func TestAFullDiskIsNotHeldAgainstAJob(t *testing.T) {
	q := newQueue(t)
	q.stand()
	var tries atomic.Int64
	q.r.Handle("nothing", nothing)
	q.r.Handle("keeps", func(context.Context, []byte) error {
		switch n := tries.Add(1); {
		case n <= 5:
			return fmt.Errorf("keep it: %w", store.ErrFull)
		case n == 6:
			return errors.New("the other side is down") // its first failure of two
		}
		return nil
	})
	q.run()
	q.add(store.Job{Kind: "keeps", MaxAttempts: 2})
	for n := int64(1); n <= 7; n++ {
		q.until(fmt.Sprint("try ", n), func() bool { return tries.Load() == n && q.counts().Running == 0 })
		q.later(time.Minute)
	}
	q.until("it is done", func() bool { c := q.counts(); return c.Ready+c.Running+c.Parked == 0 })
	if n := tries.Load(); n != 7 {
		t.Errorf("%d tries, want 7", n)
	}
}
