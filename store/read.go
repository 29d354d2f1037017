package store

import (
	"context"
	"errors"
	"time"
)

// Read runs fn on one consistent snapshot, bound to a workspace (0: none).
func (db *DB) Read(ctx context.Context, workspace ID, fn func(*Tx) error) error {
	return db.read(ctx, db.readers, workspace, nil, fn)
}

// Searching is Read for full text: few at a time, and stopped after two seconds.
func (db *DB) Searching(ctx context.Context, workspace ID, fn func(*Tx) error) error {
	return db.read(ctx, db.search, workspace, nil, fn)
}

// Slowly is Read for reports and exports: one at a time, never in the way of the inbox.
func (db *DB) Slowly(ctx context.Context, workspace ID, fn func(*Tx) error) error {
	return db.read(ctx, db.slow, workspace, nil, fn)
}

// Watching is Read that also says which topics fn depended on, and a sequence number that the snapshot is sure to
// contain. The topics hold even when fn failed: what was not found may come to be.
func (db *DB) Watching(ctx context.Context, workspace ID, fn func(*Tx) error) ([]Topic, uint64, error) {
	seen := make(map[Topic]struct{}, 8)
	seq := db.Seq() // before the snapshot: what was announced by now is in it
	err := db.read(ctx, db.readers, workspace, seen, fn)
	topics := make([]Topic, 0, len(seen))
	for t := range seen {
		topics = append(topics, t)
	}
	return topics, seq, err
}

func (db *DB) read(ctx context.Context, p *pool, workspace ID, seen map[Topic]struct{}, fn func(*Tx) error) (err error) {
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer p.give(c)
	// Interactive reads are bounded by their shape and run to their end; watching a context costs a goroutine a
	// statement. The slow pools watch theirs.
	inner := context.Background()
	if p.limit > 0 {
		var cancel context.CancelFunc
		inner, cancel = context.WithTimeout(ctx, p.limit)
		defer cancel()
	}
	if _, err := c.exec(context.Background(), "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if _, end := c.exec(context.Background(), "COMMIT"); end != nil {
			err = errors.Join(err, end)
		}
	}()
	if db.audit != nil && seen != nil {
		c.ran = map[string]struct{}{}
		defer func() { db.audited(c, seen) }()
	}
	return fn(newTx(&session{Workspace: workspace, conn: c, ctx: inner, db: db, seen: seen}))
}

// pool is a few connections that open when first needed.
type pool struct {
	dsn   string
	limit time.Duration // of one read; 0: none
	slots chan *conn    // nil: a place whose connection is not open yet
}

func newPool(dsn string, n int, limit time.Duration) *pool {
	p := &pool{dsn: dsn, limit: limit, slots: make(chan *conn, n)}
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
		c, err := dial(p.dsn)
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
