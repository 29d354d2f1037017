package store

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A disk that fills up stops writes before the last of it is gone. What is left over then is for what must work on a
// full disk as well: signing in, ending sessions, folding the log in. And because it may be somebody else who fills the
// disk, as much again is held by a file beside the database, which is given back at that moment.

const (
	spared = 32 << 20 // bytes of the disk that only vital writes may use, and as many in the reserve; at most a 50th of it each
	scarce = 1 << 30  // bytes below which the disk is called low; at most a tenth of it
	glance = time.Second
	relent = 2 * time.Second // how long after a refusal by the disk itself the next write is tried
)

// Room says how much of the disk is left.
type Room string

// The rooms.
const (
	Enough Room = "ok"
	Low    Room = "low"  // it will soon be full, or the next backup does not fit any longer
	None   Room = "full" // only vital writes are taken
)

// Space is how the disk stands.
type Space struct {
	Room        Room
	Free, Total int64 // bytes; 0 where the machine does not say
	Log         int64 // bytes of the write-ahead log
	File        int64 // bytes of the database without it
}

type disk struct {
	path    string
	full    atomic.Bool
	pressed atomic.Int64 // until when, in Unix nanoseconds, writes are refused because the disk refused one
	mu      sync.Mutex
	space   Space
	reserve bool // the file is there
}

type vitalKey struct{}

// Vital marks the writes of a call as such that may use the last of the disk.
func Vital(ctx context.Context) context.Context { return context.WithValue(ctx, vitalKey{}, true) }

func vital(ctx context.Context) bool { v, _ := ctx.Value(vitalKey{}).(bool); return v }

// SpaceTopic is announced when there is another room on the disk, or, while it is short, another size of it.
func SpaceTopic() Topic { return Aside("disk", 0) }

// Space is how the disk stood a moment ago.
func (db *DB) Space() Space {
	db.disk.mu.Lock()
	defer db.disk.mu.Unlock()
	s := db.disk.space
	if db.disk.none() {
		s.Room = None
	}
	return s
}

// WatchDisk keeps an eye on how much room the disk has, and announces when that changes, until ctx ends.
func (db *DB) WatchDisk(ctx context.Context) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	last := Space{Room: Enough}
	for {
		db.disk.look()
		db.disk.hold()
		now := db.Space()
		if now.Room != last.Room {
			db.log.Warn("room on the disk", "is", now.Room, "was", last.Room, "free", now.Free, "database", now.File, "log", now.Log)
		}
		if now.Room != last.Room || now.Room != Enough && now.Free>>23 != last.Free>>23 {
			db.Touch(SpaceTopic())
			last = now
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (d *disk) none() bool { return d.full.Load() || time.Now().UnixNano() < d.pressed.Load() }

func sizeOf(path string) int64 {
	info, err := os.Stat(path) // only looks; opening the live file would be wrong
	if err != nil {
		return 0
	}
	return info.Size()
}

func (d *disk) reservePath() string { return filepath.Join(filepath.Dir(d.path), "reserve") }

// look measures the disk, and gives the reserve back when it is full.
func (d *disk) look() {
	d.mu.Lock()
	defer d.mu.Unlock()
	free, total := room(filepath.Dir(d.path))
	d.judge(Space{Room: Enough, Free: free, Total: total, Log: sizeOf(d.path + "-wal"), File: sizeOf(d.path)})
}

func (d *disk) judge(s Space) {
	if s.Total > 0 {
		floor := min(spared, s.Total/50)
		least := floor
		if d.full.Load() {
			least = 2*floor + floor/2 // room for the reserve, and for not being full at once again
		}
		switch {
		case s.Free < least:
			s.Room = None
		case s.Free < min(scarce, s.Total/10), s.Free < s.File+floor: // a backup is a second file of that size
			s.Room = Low
		}
	}
	d.full.Store(s.Room == None)
	if s.Room == None {
		d.release()
	}
	d.space = s
}

// press notes that the disk refused a write, whatever it says of its room (a quota, a limit), and gives the reserve back. It is
// full then until there is more than the reserve, or what is not vital would take that at once.
func (d *disk) press() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pressed.Store(time.Now().Add(relent).UnixNano())
	d.full.Store(true)
	d.release()
}

func (d *disk) release() {
	os.Remove(d.reservePath())
	d.reserve = false
}

// hold makes the reserve when there is room for it.
func (d *disk) hold() {
	d.mu.Lock()
	defer d.mu.Unlock()
	size := min(spared, d.space.Total/50)
	if d.reserve || size == 0 || d.none() || d.space.Free < 3*size {
		return
	}
	if sizeOf(d.reservePath()) == size {
		d.reserve = true
		return
	}
	f, err := os.OpenFile(d.reservePath(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	if err := errors.Join(occupy(f, size), f.Close()); err != nil {
		os.Remove(d.reservePath())
		return
	}
	d.reserve = true
}

// occupyByWriting fills a file with what no file system can make smaller.
func occupyByWriting(f *os.File, size int64) error {
	b := make([]byte, 1<<20)
	for ; size > 0; size -= int64(len(b)) {
		b = b[:min(size, int64(len(b)))]
		rand.Read(b)
		if _, err := f.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// Filled reports whether an error of the operating system says that a disk, a quota or a limit is used up.
func Filled(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
