package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

const (
	waiting = 4096 // writes that may wait; one more is ErrBusy
	group   = 256  // writes of one commit at most
	caution = 64   // commits with savepoints after one that had to be undone
)

// Write runs fn in a transaction bound to a workspace (0: none) and returns once its commit is durable and
// announced, with the number it was announced under. fn fails alone: its changes are undone, the others of its
// group stay. fn may run more than once and so must assign its results anew each time. The caller's context is
// looked at only before fn starts; after that Write returns the real outcome.
func (db *DB) Write(ctx context.Context, workspace ID, fn func(*Tx) error) (uint64, error) {
	if db.disk.none() && !vital(ctx) {
		return 0, ErrFull
	}
	return db.writer.write(ctx, &job{ctx: ctx, workspace: workspace, fn: keyed(ctx, fn), done: make(chan struct{})})
}

type job struct {
	ctx       context.Context
	workspace ID
	fn        func(*Tx) error
	aside     func(*conn) // runs outside a transaction instead
	seq       uint64
	err       error
	done      chan struct{}
}

// writer owns the only connection that writes. It drains whatever waits into one transaction (group commit): no
// timer, so that a lonely caller never waits for company. Callers are answered when the disk has what they wrote; by then
// the writer is at the next transaction.
type writer struct {
	db       *DB
	conn     *conn
	observed observer
	queue    chan *job
	turn     sync.Mutex // of whoever writes; landing follows in the order of the turns
	landing  sync.Mutex // of whoever waits for the disk, so that what comes meanwhile makes one group, not many
	log      *walFile   // nil: a commit is durable when it returns
	done     sync.WaitGroup
	closing  sync.RWMutex
	closed   bool
	flight   flight      // the group that is being written
	careful  int         // commits whose jobs get savepoints from the beginning: of late one failed
	full     atomic.Bool // the log is to begin again
}

func newWriter(db *DB, d Durability) (*writer, error) {
	c, err := dial(uri(db.path, vfsOf(d)), writerPragmas(d)...)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, conn: c, queue: make(chan *job, waiting)}
	if log := c.log(); log != nil && log.fd >= 0 {
		w.log = log
	}
	w.observed.fresh = &db.fresh
	c.hot = hot{}
	w.observed.hot = c.hot
	c.watch(w.observed.saw)
	w.done.Go(w.run)
	w.done.Go(w.run)
	return w, nil
}

func (w *writer) write(ctx context.Context, j *job) (uint64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	w.closing.RLock()
	if w.closed {
		w.closing.RUnlock()
		return 0, ErrClosed
	}
	select {
	case w.queue <- j:
		w.closing.RUnlock()
	default:
		w.closing.RUnlock()
		return 0, ErrBusy
	}
	<-j.done
	return j.seq, j.err
}

// aside runs fn on the writer's connection between two commits.
func (w *writer) aside(fn func(*conn)) {
	_, _ = w.write(context.Background(), &job{ctx: context.Background(), aside: fn, done: make(chan struct{})})
}

func (w *writer) stop() error {
	w.closing.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.closing.Unlock()
	w.done.Wait()
	if err := w.db.sealed(w.conn); err != nil {
		return err
	}
	return w.conn.close()
}

// run takes the writer's turns. Two goroutines do: while the one waits for the disk to have its group, the other is at the
// next. Asides and a log that is to begin again wait until the group before them is answered.
func (w *writer) run() {
	for {
		w.turn.Lock()
		j, open := <-w.queue
		if !open {
			w.turn.Unlock()
			return
		}
		batch, asides := w.drain(j)
		w.flight = flight{jobs: batch}
		w.commit(batch)
		f := w.flight
		alone := len(asides) > 0 || w.full.Load()
		w.landing.Lock() // the group before is answered
		if !alone {
			w.turn.Unlock()
		}
		w.land(f)
		w.landing.Unlock()
		if !alone {
			continue
		}
		for _, j := range asides {
			j.aside(w.conn)
			close(j.done)
		}
		if w.full.Swap(false) {
			w.fold()
		}
		w.turn.Unlock()
	}
}

// drain is a job and whatever waits behind it.
func (w *writer) drain(j *job) (batch, asides []*job) {
	batch = make([]*job, 0, min(1+len(w.queue), group))
	for more := true; more; {
		if j.aside != nil {
			asides = append(asides, j)
		} else {
			batch = append(batch, j)
		}
		if len(batch) == group {
			break
		}
		select {
		case j, more = <-w.queue:
		default:
			more = false
		}
	}
	return batch, asides
}

var errGone = errors.New("the transaction is gone")

// commit runs the jobs in one transaction. As long as all go well none needs a savepoint of its own. When one fails
// after it has changed something, the jobs run again, each behind a savepoint; when the transaction itself breaks (disk
// full, I/O error), they run again one by one, so that each gets its own true outcome.
func (w *writer) commit(batch []*job) {
	if len(batch) == 0 {
		return
	}
	guarded := w.careful > 0
	if guarded {
		w.careful--
	}
	err := w.attempt(batch, guarded)
	if errors.Is(err, errSpoilt) {
		w.careful = caution
		err = w.attempt(batch, true)
	}
	if err == nil {
		return
	}
	full := errors.Is(err, ErrFull)
	for _, j := range batch {
		if full && !vital(j.ctx) || !full && len(batch) == 1 || w.db.Failure() != nil {
			j.err = err
		} else if err := w.attempt([]*job{j}, true); err != nil {
			j.err = err
		}
	}
}

var errSpoilt = errors.New("a job failed after it had changed something")

// attempt is one transaction. A disk that is full gives its reserve back; one that failed to keep what it was given ends
// all writing.
func (w *writer) attempt(batch []*job, guarded bool) error {
	err := w.db.Failure()
	if err == nil {
		err = w.transact(batch, guarded)
	}
	switch {
	case errors.Is(err, ErrFull):
		w.db.disk.press()
	case errors.Is(err, ErrBroken):
		w.db.fail(err)
	case errors.Is(err, ErrDamaged):
		w.db.fail(w.db.damaged(err))
	}
	return err
}

func (w *writer) transact(batch []*job, guarded bool) (err error) {
	ctx := context.Background()
	defer func() {
		if err != nil {
			clear(w.conn.hot)
		}
	}()
	w.observed.reset()
	w.db.fresh.undone()
	w.conn.shaky = false
	if _, err := w.conn.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, j := range batch {
		if !guarded {
			touched := w.observed.touched
			if j.err = w.bare(ctx, j); w.conn.shaky || j.err != nil && touched != w.observed.touched {
				w.conn.exec(ctx, "ROLLBACK") // already rolled back where the transaction is gone
				return errSpoilt
			}
			continue
		}
		if j.err = w.one(ctx, j); errors.Is(j.err, errGone) {
			w.conn.exec(ctx, "ROLLBACK") // already rolled back where the statement fails
			return errors.Unwrap(j.err)
		}
	}
	owed, err := w.end(ctx)
	if err != nil {
		w.conn.exec(ctx, "ROLLBACK")
		return fmt.Errorf("commit: %w", err)
	}
	if owed {
		w.flight.log = w.log
	}
	w.db.fresh.done()
	w.flight.parts = append(w.flight.parts, part{batch, w.observed.taken()})
	return nil
}

// end commits, and reports whether the log is still to be synced.
func (w *writer) end(ctx context.Context) (owed bool, err error) {
	if w.log == nil {
		_, err = w.conn.exec(ctx, "COMMIT")
		return false, err
	}
	w.log.late, w.log.owed = true, false
	_, err = w.conn.exec(ctx, "COMMIT")
	w.log.late = false
	return w.log.owed, err
}

// bare runs a job. A caller that gave up before its turn is not served.
func (w *writer) bare(ctx context.Context, j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	return w.call(ctx, j)
}

// one runs a job within its savepoint.
func (w *writer) one(ctx context.Context, j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	if _, err := w.conn.exec(ctx, "SAVEPOINT job"); err != nil {
		return gone(err)
	}
	mark := len(w.observed.changes)
	failed := w.call(ctx, j)
	if failed != nil {
		w.observed.back(mark)
		w.db.fresh.undone()
		clear(w.conn.hot)
		if _, err := w.conn.exec(ctx, "ROLLBACK TO job"); err != nil {
			return gone(failed)
		}
	}
	if _, err := w.conn.exec(ctx, "RELEASE job"); err != nil {
		return gone(err)
	}
	return failed
}

func gone(err error) error { return &goneError{err} }

// goneError says that the whole transaction was lost, and why.
type goneError struct{ cause error }

func (e *goneError) Error() string        { return e.cause.Error() }
func (e *goneError) Unwrap() error        { return e.cause }
func (e *goneError) Is(target error) bool { return target == errGone }

// call keeps a panic of one caller from taking the others with it.
func (w *writer) call(ctx context.Context, j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
	}()
	return j.fn(newTx(&session{Workspace: j.workspace, conn: w.conn, ctx: ctx, db: w.db}))
}
