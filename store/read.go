package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Read runs fn on one consistent snapshot, bound to a workspace (0: none).
func (db *DB) Read(ctx context.Context, workspace ID, fn func(*Tx) error) error {
	return db.read(ctx, db.readers, workspace, fn)
}

// Searching is Read for full text: few at a time, and stopped after a while (Options.Search).
func (db *DB) Searching(ctx context.Context, workspace ID, fn func(*Tx) error) error {
	return db.read(ctx, db.search, workspace, fn)
}

// Slowly is Read for reports and exports: one at a time, never in the way of the inbox.
func (db *DB) Slowly(ctx context.Context, workspace ID, fn func(*Tx) error) error {
	return db.read(ctx, db.slow, workspace, fn)
}

// Watching runs fn on one snapshot, with a sequence number that it is sure to contain.
func (db *DB) Watching(ctx context.Context, fn func(tx *Tx, seq uint64) error) error {
	seq := db.Seq() // before the snapshot: what was announced by now is in it
	return db.Read(ctx, 0, func(tx *Tx) error { return fn(tx, seq) })
}

// Watched runs fn on the same snapshot, bound to a workspace, and says which topics it depended on, sorted. The topics
// hold even when fn failed: what was not found may come to be.
func (tx *Tx) Watched(workspace ID, fn func(*Tx) error) ([]Topic, error) {
	s := *tx.session
	s.Workspace, s.seen = workspace, &seen{topics: make([]Topic, 0, 16)}
	if s.db.audit != nil {
		s.conn.ran = map[string]struct{}{}
	}
	err := fn(newTx(&s))
	if s.db.audit != nil {
		s.db.audited(s.conn, s.seen)
	}
	slices.Sort(s.seen.topics)
	return slices.Compact(s.seen.topics), err
}

func (db *DB) read(ctx context.Context, p *pool, workspace ID, fn func(*Tx) error) (err error) {
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer p.give(c)
	defer func() {
		if errors.Is(err, ErrDamaged) {
			db.fail(db.damaged(err))
		}
	}()
	// Interactive reads are bounded by their shape and run to their end. The slow pools watch a deadline.
	inner := context.Background()
	if p.limit > 0 {
		var cancel context.CancelFunc
		inner, cancel = context.WithTimeout(ctx, p.limit)
		defer cancel()
		began := &reading{time.Now(), cancel, false}
		p.begin(began)
		defer func() {
			if p.end(began) && err != nil {
				err = fmt.Errorf("%w: %w", ErrBusy, err)
			}
		}()
	}
	if _, err := c.exec(context.Background(), "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if _, end := c.exec(context.Background(), "COMMIT"); end != nil {
			err = errors.Join(err, end)
		}
	}()
	return fn(newTx(&session{Workspace: workspace, conn: c, ctx: inner, db: db}))
}

// pool is a few connections that open when first needed.
type pool struct {
	path  string
	limit time.Duration // of one read; 0: none
	slots chan *conn    // nil: a place whose connection is not open yet

	mu   sync.Mutex
	runs map[*reading]bool // reads of a limited pool that run
}

// reading is one read that may take long.
type reading struct {
	since   time.Time
	cancel  context.CancelFunc
	evicted bool
}

func (p *pool) begin(r *reading) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs[r] = true
}

// end reports whether the read was ended by evict.
func (p *pool) end(r *reading) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.runs, r)
	return r.evicted
}

// evict ends the reads that have held their snapshot for longer than a while: the log cannot be folded in past it.
func (p *pool) evict(age time.Duration) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for r := range p.runs {
		if !r.evicted && time.Since(r.since) > age {
			r.evicted = true
			r.cancel()
			n++
		}
	}
	return n
}

func newPool(path string, n int, limit time.Duration) *pool {
	p := &pool{path: path, limit: limit, slots: make(chan *conn, n), runs: map[*reading]bool{}}
	for range n {
		p.slots <- nil
	}
	return p
}

func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case c, ok := <-p.slots:
		if !ok {
			return nil, ErrClosed
		}
		if c != nil {
			return c, nil
		}
		c, err := dial(uri(p.path, ""), readerPragmas...)
		if err != nil {
			p.slots <- nil
			return nil, err
		}
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pool) give(c *conn) { p.slots <- c }

// close waits for the reads that run.
func (p *pool) close() error {
	var errs []error
	for range cap(p.slots) {
		if c := <-p.slots; c != nil {
			errs = append(errs, c.close())
		}
	}
	close(p.slots)
	return errors.Join(errs...)
}

// each visits the open connections while nobody uses them.
func (p *pool) each(fn func(*conn)) {
	all := make([]*conn, cap(p.slots))
	for i := range all {
		all[i] = <-p.slots
	}
	for _, c := range all {
		if c != nil {
			fn(c)
		}
		p.slots <- c
	}
}
