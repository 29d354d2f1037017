package store

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"
)

const (
	turning = 4000     // frames after which the log begins again from the front
	walCap  = 64 << 20 // size of the log at which it is shortened
)

// checkpointer folds the log into the file on a connection of its own, so that no writer pays for it. PASSIVE
// never waits for anybody; but while writers are at it it neither syncs the file nor lets the log begin again. So it is
// synced here before the log begins again, and what little is left then the writer folds in itself between two commits.
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
		if size > ch.db.longest {
			if n := ch.db.slow.evict(ch.db.oldest); n > 0 {
				ch.db.log.Warn("a read was ended because the log grew too long behind it", "log", size)
			}
		}
		if seq := int64(ch.db.Seq()); size > 1<<20 && seq != last {
			last = seq
			frames, err := checkpoint(ch.conn, "PASSIVE")
			if err == nil && frames > turning { // the disk is given rest until the log is to begin again
				err = ch.conn.sync()
			}
			if errors.Is(err, ErrBroken) {
				ch.db.fail(err)
			} else if err != nil {
				ch.db.log.Warn("checkpoint", "error", err)
			}
			if frames > turning || size > walCap {
				ch.db.writer.full.Store(true)
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
	_, err := checkpoint(ch.conn, "TRUNCATE")
	if end := ch.conn.close(); err == nil {
		err = end
	}
	return err
}

// fold has the log begin again between two commits. While a snapshot is open it cannot, and must not wait. The log keeps
// its length until it is past the cap: writing over what is there costs the disk less than making a file longer.
func (w *writer) fold() {
	mode := "RESTART"
	if info, err := os.Stat(w.db.path + "-wal"); err == nil && info.Size() > walCap {
		mode = "TRUNCATE"
	}
	ctx := context.Background()
	w.conn.exec(ctx, "PRAGMA busy_timeout = 0")
	defer w.conn.exec(ctx, "PRAGMA busy_timeout = 5000")
	if _, err := checkpoint(w.conn, mode); errors.Is(err, ErrBroken) {
		w.db.fail(err)
	} else if err != nil {
		w.db.log.Debug("the log could not begin again", "error", err)
	}
}

// checkpoint folds what it can, and says how many frames the log has.
func checkpoint(c *conn, mode string) (frames int64, err error) {
	err = c.query(context.Background(), func(s *statement) error {
		frames = s.integer(1) // busy, frames of the log, those that were folded
		return nil
	}, "PRAGMA wal_checkpoint("+mode+")")
	return frames, err
}
