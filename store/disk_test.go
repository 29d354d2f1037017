package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// F-09: a read that takes long keeps the log from being folded in. Past a length of the log it is ended, and the log
// shrinks again; what is short is left alone.
func TestALongReadCannotLetTheLogGrowWithoutEnd(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	db.check.stop() // its bounds are made small, and it begins again
	db.longest, db.oldest = 8<<20, 100*time.Millisecond
	db.check.quit = make(chan struct{})
	db.check.done.Go(db.check.run)

	held := make(chan error, 1)
	reading := make(chan struct{})
	go func() {
		held <- db.Slowly(context.Background(), 0, func(tx *Tx) error {
			for n := 0; ; n++ {
				if _, err := column[string](tx.session, `SELECT name FROM workspaces LIMIT 1`); err != nil {
					return err
				}
				if n == 0 {
					close(reading)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}()
	<-reading
	var ended error
	for n := 0; ended == nil; n++ {
		if _, err := db.Write(t.Context(), 0, func(tx *Tx) error {
			return tx.Meta.Set(fmt.Sprint("filler ", n%50), strings.Repeat(fmt.Sprint(n%10), 200<<10))
		}); err != nil {
			t.Fatal(err)
		}
		if n > 5000 {
			t.Fatal("the read was never ended")
		}
		select {
		case ended = <-held:
		default:
		}
	}
	if !errors.Is(ended, ErrBusy) {
		t.Errorf("the read ended with %v, want ErrBusy", ended)
	}
	if size := sizeOf(db.path + "-wal"); size > walCap+db.longest {
		t.Errorf("the log has %d bytes", size)
	}
	if err := db.Slowly(t.Context(), 0, func(tx *Tx) error { _, err := tx.Meta.Value("filler 0"); return err }); err != nil {
		t.Error("a short read afterwards:", err)
	}
}

// While the disk is full only what is vital is written; a write that is refused runs not at all.
func TestOnlyVitalWritesUseTheLastOfTheDisk(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	db.disk.full.Store(true)
	ran := false
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { ran = true; return nil }); !errors.Is(err, ErrFull) || ran {
		t.Errorf("an ordinary write: %v, ran: %v", err, ran)
	}
	if _, err := db.Write(Vital(t.Context()), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "vital"); return err }); err != nil {
		t.Error("a vital write:", err)
	}
	if db.Space().Room != None {
		t.Errorf("room: %v", db.Space().Room)
	}
	db.disk.full.Store(false)
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "again"); return err }); err != nil {
		t.Error("afterwards:", err)
	}
	if got := names(t, db); fmt.Sprint(got) != "[vital again]" {
		t.Errorf("got %v", got)
	}
}

// F-08: once the disk refused a write, the reserve that it gave back does not count as room for everybody, however long ago
// that was; more than that does, and so does a disk that had room all along (a quota).
func TestTheReserveIsNoRoomForEverybody(t *testing.T) {
	for _, c := range []struct {
		free int64
		want Room
	}{{20<<20 + 1, None}, {49 << 20, None}, {51 << 20, Low}, {400 << 20, Enough}} {
		d := &disk{path: filepath.Join(t.TempDir(), "d.db")}
		d.press()
		d.pressed.Store(0) // long ago
		d.judge(Space{Room: Enough, Free: c.free, Total: 1000 << 20})
		if d.space.Room != c.want || d.none() != (c.want == None) {
			t.Errorf("%d MB free of 1,000: %q, want %q", c.free>>20, d.space.Room, c.want)
		}
	}
	d := &disk{path: filepath.Join(t.TempDir(), "d.db")}
	d.judge(Space{Room: Enough, Free: 20<<20 + 1, Total: 1000 << 20})
	if d.space.Room != Low || d.none() {
		t.Errorf("a disk that refused nothing yet is %q", d.space.Room)
	}
}
