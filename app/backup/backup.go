// Package backup keeps a file beside the live database that may be copied at any time: complete, verified, at most a
// quarter of an hour old, replaced by rename.
package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/web"
	"deskbell/store"
)

const (
	every = 15 * time.Minute
	look  = 2 * time.Second
	share = 20 // a snapshot that took long waits this many times as long for the next
)

// Backups keep the snapshot.
type Backups struct {
	db   *store.DB
	path string
	log  *slog.Logger

	mu   sync.Mutex
	last store.Snapshot
	err  error
	busy sync.Mutex // one snapshot at a time

	changed atomic.Bool // what people see, since the last one that Run began
}

// Path is the backup of a data directory: the file to copy.
func Path(data string) string { return filepath.Join(data, "backup.db") }

// New keeps backup.db in the data directory.
func New(db *store.DB, data string, log *slog.Logger) *Backups {
	b := &Backups{db: db, path: Path(data), log: log}
	b.changed.Store(true) // since the last process made one, for all we know
	db.Watch(func(c store.Commit) {
		for i := range c.Changes {
			if c.Changes[i].Table != "jobs" { // those that the clock brings come every minute
				b.changed.Store(true)
				return
			}
		}
	})
	if info, err := os.Stat(b.path); err == nil {
		b.last = store.Snapshot{At: store.At(info.ModTime()), Size: info.Size()}
	}
	return b
}

// Open hangs the state of the backup and its download on their doors.
func (b *Backups) Open(d *door.Doors, enter func(http.ResponseWriter, *http.Request, bool) (actor.Actor, error), refuse func(http.ResponseWriter, *http.Request, error)) {
	door.View(d, "backups.status", may.Has(may.ExportData), b.Status)
	door.View(d, "storage.get", may.Member, b.Storage, door.Shared())
	d.Serve("GET", "/api/backups.download", func(w http.ResponseWriter, r *http.Request) {
		who, err := enter(w, r, false)
		if err == nil {
			who, err = d.Admit(r.Context(), may.Owner, who, r.URL.Query().Get("workspaceId"))
		}
		if err == nil {
			err = b.db.Read(r.Context(), 0, func(tx *store.Tx) error { return whole(tx, who) })
		}
		if err == nil {
			err = b.Now(r.Context())
		}
		if err == nil {
			_, err = b.db.Write(r.Context(), who.Workspace, func(tx *store.Tx) error { return tx.Workspaces.BackupTaken(who.Workspace) })
		}
		if err != nil {
			refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.sqlite3")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="deskbell-%s.db"`, time.Now().UTC().Format("20060102-1504")))
		w.Header().Set("Cache-Control", "no-store")
		last, _ := b.Last()
		web.Writing(w, last.Size)
		http.ServeFile(w, r, b.path)
	})
}

// whole refuses everybody but the owner of the workspace that Deskbell was set up with: the one file holds the
// conversations of all workspaces, and anybody of a team may found another one.
func whole(tx *store.Tx, who actor.Actor) error {
	first, err := tx.Workspaces.First()
	if err == nil && (who.Workspace != first || who.Role != may.RoleOwner) {
		err = fault.New(fault.Forbidden, "The file holds everything of all workspaces. Only the owner of the first one may take it away.")
	}
	return err
}

// Empty is an input without fields.
type Empty struct{}

// Status is how the backup stands.
type Status struct {
	LastBackupAt *store.Time `json:"lastBackupAt"`
	Size         int64       `json:"size"`
	Error        *string     `json:"error"`
	Mine         bool        `json:"mine"` // whether one may take it away
}

// Status tells how the backup stands.
func (b *Backups) Status(tx *store.Tx, who actor.Actor, _ Empty) (Status, error) {
	last, err := b.Last()
	refused := whole(tx, who)
	if refused != nil && !fault.Is(refused, fault.Forbidden) {
		return Status{}, refused
	}
	out := Status{Mine: refused == nil}
	if out.Mine {
		out.Size = last.Size
	}
	if last.At != 0 {
		out.LastBackupAt = &last.At
	}
	if err != nil {
		text := "The last backup failed. The server's log says why."
		if errors.Is(err, store.ErrFull) {
			text = "The last backup did not fit: the server's disk is too full."
		}
		out.Error = &text
	}
	return out, nil
}

// Storage is how the disk of the server stands.
type Storage struct {
	Room        string `json:"room" enum:"ok,low,full" doc:"low: soon full, or too full for the next backup; full: nothing new is saved"`
	FreeBytes   int64  `json:"freeBytes"`
	PercentFree int    `json:"percentFree"`
}

// Storage tells the team before the disk is full, and when it is.
func (b *Backups) Storage(tx *store.Tx, _ actor.Actor, _ Empty) (Storage, error) {
	tx.Saw(store.SpaceTopic())
	s := b.db.Space()
	out := Storage{Room: string(s.Room), FreeBytes: s.Free}
	if s.Total > 0 {
		out.PercentFree = int(100 * s.Free / s.Total)
	}
	return out, nil
}

// Last is the newest snapshot, and why the last attempt failed if it did.
func (b *Backups) Last() (store.Snapshot, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last, b.err
}

// Now makes a snapshot at once.
func (b *Backups) Now(ctx context.Context) error {
	b.busy.Lock()
	defer b.busy.Unlock()
	s, err := b.db.Snapshot(ctx, b.path)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err = err; err == nil {
		b.last = s
	}
	return err
}

// Run makes a snapshot every quarter of an hour in which something changed, and one soon after the start.
func (b *Backups) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	wait, last := time.Minute, b.db.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		now := b.db.Now()
		if now >= last && now.Sub(last) < wait { // a clock that was put back begins anew
			continue
		}
		if wait, last = every, now; b.changed.Swap(false) {
			wait = max(every, share*b.tried(ctx))
		}
	}
}

// tried makes a snapshot, and says how long it took.
func (b *Backups) tried(ctx context.Context) time.Duration {
	start := time.Now()
	if err := b.Now(ctx); err != nil {
		b.changed.Store(true)
		b.log.Error("backup", "error", err)
		return 0
	}
	return time.Since(start)
}
