package store

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"
)

// checkpointer folds the log into the file on a connection of its own, so that no writer pays for it. PASSIVE
// never waits for anybody; but it cannot shorten the log while writers are at it, so past the cap the writer
// truncates it itself between two commits.
type checkpointer struct {
	db   *DB
	conn *conn
	quit chan struct{}
	done sync.WaitGroup
}

func newCheckpointer(db *DB, d Durability) (*checkpointer, error) {
	c, err := dial(uri(db.path, ""), writerPragmas(d)...)
	if err != nil {
		return nil, err
	}
	ch := &checkpointer{db: db, conn: c, quit: make(chan struct{})}
	ch.done.Go(ch.run)
	return ch, nil
}

func (ch *checkpointer) run() {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	last := int64(-1)
	for {
		select {
		case <-tick.C:
		case <-ch.quit:
			return
		}
		info, err := os.Stat(ch.db.path + "-wal") // only looks; opening the file would be wrong
		if err != nil {
			continue
		}
		size := info.Size()
		if size > walCap {
			ch.db.writer.full.Store(true)
		}
		if size > ch.db.longest {
			if n := ch.db.slow.evict(ch.db.oldest); n > 0 {
				ch.db.log.Warn("a read was ended because the log grew too long behind it", "log", size)
			}
		}
		if seq := int64(ch.db.Seq()); size > 1<<20 && seq != last {
			last = seq
			if err := checkpoint(ch.conn, "PASSIVE"); errors.Is(err, ErrBroken) {
				ch.db.fail(err)
			} else if err != nil {
				ch.db.log.Warn("checkpoint", "error", err)
			}
		}
	}
}

func (ch *checkpointer) stop() {
	select {
	case <-ch.quit:
	default:
		close(ch.quit)
	}
	ch.done.Wait()
}

// finish leaves one file: everybody else is gone, so the log can be folded in whole. SQLite removes the log when
// the last connection closes.
func (ch *checkpointer) finish() error {
	err := checkpoint(ch.conn, "TRUNCATE")
	if end := ch.conn.close(); err == nil {
		err = end
	}
	return err
}

// fold truncates the log between two commits. While a snapshot is open it cannot, and must not wait.
func (w *writer) fold() {
	ctx := context.Background()
	w.conn.exec(ctx, "PRAGMA busy_timeout = 0")
	defer w.conn.exec(ctx, "PRAGMA busy_timeout = 5000")
	if err := checkpoint(w.conn, "TRUNCATE"); errors.Is(err, ErrBroken) {
		w.db.fail(err)
	} else if err != nil {
		w.db.log.Debug("the log could not be truncated", "error", err)
	}
}

func checkpoint(c *conn, mode string) error {
	return c.query(context.Background(), func(*statement) error { return nil }, "PRAGMA wal_checkpoint("+mode+")")
}
