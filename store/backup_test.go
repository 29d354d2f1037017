package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Copies of a snapshot that is replaced under load always open and verify, and a snapshot loses nothing that was
// answered before it began.
func TestSnapshotsUnderLoadAreSound(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "d.db"))
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if _, err := db.Write(context.Background(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, fmt.Sprint(n, ".", i)); return err }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	backup := filepath.Join(dir, "backup.db")
	for i := range 10 {
		before := len(names(t, db))
		s, err := db.Snapshot(t.Context(), backup)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(dir, fmt.Sprintf("copy%d.db", i))
		copyFile(t, backup, copied)
		other := open(t, copied)
		if err := other.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if got := len(names(t, other)); got < before || int64(got) != s.Counts["workspaces"] {
			t.Errorf("the copy has %d rows; there were %d before and the snapshot says %d", got, before, s.Counts["workspaces"])
		}
		other.Close()
	}
	stop()
	wg.Wait()
}

func TestRestorePutsTheOldFileAside(t *testing.T) {
	dir := t.TempDir()
	live, backup := filepath.Join(dir, "d.db"), filepath.Join(dir, "b.db")
	db := open(t, live)
	db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "kept"); return err })
	if _, err := db.Snapshot(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "later"); return err })
	if _, err := Restore(t.Context(), live, backup); err == nil {
		t.Error("restored while serving")
	}
	db.Close()
	for name, bad := range map[string]struct{ content, says string }{"text": {"not a database", "not a database"}, "empty": {"", "holds no database of Deskbell"}} {
		file := filepath.Join(dir, name)
		os.WriteFile(file, []byte(bad.content), 0o600)
		if _, err := Restore(t.Context(), live, file); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("restored from a file that is %s: %v", name, err)
		}
	}
	restored, err := Restore(t.Context(), live, backup)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, open(t, live)); len(got) != 1 || got[0] != "kept" {
		t.Errorf("got %v", got)
	}
	if _, err := os.Stat(restored.Aside); err != nil {
		t.Error("the old file is gone:", err)
	}
}
