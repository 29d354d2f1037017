package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filled is the content of a database with some rows, which ended in order.
func filled(t *testing.T, path string) []byte {
	t.Helper()
	db := open(t, path)
	for i := range 40 {
		if _, err := db.Write(t.Context(), 0, func(tx *Tx) error {
			_, err := insertWorkspace(tx, fmt.Sprint("workspace ", i, strings.Repeat(" of some length", 20)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// crashed copies the files of an open database as a kill would leave them.
func crashed(t *testing.T, from, to string) {
	t.Helper()
	for _, ext := range []string{"", "-wal", ".stamp"} {
		copyFile(t, from+ext, to+ext)
	}
}

// F-15: a damaged file never makes the program panic. Where the damage is noticed, nothing more is written, and whoever
// runs the server is told of the newest backup.
func TestADamagedFileIsNeverServedSilently(t *testing.T) {
	dir := t.TempDir()
	good := filled(t, filepath.Join(dir, "good.db"))
	backup := filepath.Join(dir, "backup.db")
	copyFile(t, filepath.Join(dir, "good.db"), backup)
	dice := rand.New(rand.NewPCG(1, 15))
	spoil := func(n int) []byte {
		b := bytes.Clone(good)
		at := dice.IntN(len(b) - n)
		if dice.IntN(4) == 0 {
			at = dice.IntN(4096 - min(n, 4095))
		}
		for i := range n {
			b[at+i] = byte(dice.Uint32())
		}
		return b
	}
	kinds := map[string]func() []byte{
		"one byte": func() []byte { return spoil(1) }, "16 bytes": func() []byte { return spoil(16) }, "a page": func() []byte { return spoil(4096) },
		"cut short": func() []byte { return good[:1+dice.IntN(len(good)-1)] },
		"not ours":  func() []byte { return bytes.Repeat([]byte("This is a letter. "), 1000) },
	}
	noticed := map[string]int{}
	for what, make := range kinds {
		for n := range 40 {
			path := filepath.Join(dir, fmt.Sprint(strings.ReplaceAll(what, " ", "-"), n, ".db"))
			if err := os.WriteFile(path, make(), 0o600); err != nil {
				t.Fatal(err)
			}
			db, err := Open(t.Context(), Options{Path: path, Backup: backup})
			if err == nil {
				if err = db.Check(t.Context()); err == nil {
					_, err = db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "another"); return err })
				}
				if failure := db.Failure(); failure != nil {
					err = failure
					if _, again := db.Write(context.Background(), 0, func(tx *Tx) error { return tx.Meta.Set("a", "b") }); !errors.Is(again, ErrDamaged) {
						t.Errorf("%s: written after the damage was noticed: %v", what, again)
					}
				}
				db.Close()
			}
			if errors.Is(err, ErrDamaged) {
				noticed[what]++
				if !strings.Contains(err.Error(), "deskbell restore --data "+dir+" "+backup) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: no advice: %v", what, err)
				}
			}
			if (what == "cut short" || what == "not ours") && err == nil {
				t.Errorf("%s: opened and used", what)
			}
			for _, f := range []string{path, path + "-wal", path + "-shm", path + ".stamp", path + ".lock"} {
				os.Remove(f)
			}
		}
	}
	if noticed["a page"] < 5 {
		t.Errorf("a page that was overwritten was noticed only %d times", noticed["a page"])
	}
	t.Log(noticed, "of 40 each")
}

// F-15: an empty file, or none, where a database was, is not a new desk.
func TestAnEmptyFileWhereADatabaseWasIsRefused(t *testing.T) {
	for what, lose := range map[string]func(path string) error{"empty": func(path string) error { return os.Truncate(path, 0) }, "gone": os.Remove} {
		path := filepath.Join(t.TempDir(), "d.db")
		filled(t, path)
		if err := lose(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), "deskbell restore") {
			t.Errorf("%s: got %v, want ErrGone with advice", what, err)
		}
		if sizeOf(path) != 0 {
			t.Errorf("%s: a new database was made", what)
		}
	}
	path := filepath.Join(t.TempDir(), "d.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // a first start that was killed at once
		t.Fatal(err)
	}
	open(t, path)
}

// F-17: the file of a running Deskbell, copied without its log, is refused wherever it is put; `restore` takes it, and says
// that it is not whole. A file that ended in order, and a snapshot, are whole.
func TestAFileThatWasTakenWithoutItsLogIsRefused(t *testing.T) {
	dir := t.TempDir()
	live := filepath.Join(dir, "live.db")
	other := filepath.Join(dir, "other.db")
	filled(t, other)
	db := open(t, live)
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "newest"); return err }); err != nil {
		t.Fatal(err)
	}
	alone, nolog, over, snapshot := filepath.Join(dir, "alone.db"), filepath.Join(dir, "nolog.db"), filepath.Join(dir, "over.db"), filepath.Join(dir, "snapshot.db")
	whole := filepath.Join(dir, "whole.db")
	copyFile(t, live, alone)
	crashed(t, live, nolog)
	os.Remove(nolog + "-wal")
	copyFile(t, other, over)
	copyFile(t, other+".stamp", over+".stamp")
	copyFile(t, live, over) // over a database that ended in order
	crashed(t, live, whole)
	if _, err := db.Snapshot(t.Context(), snapshot); err != nil {
		t.Fatal(err)
	}
	pure := filepath.Join(dir, "pure.db")
	copyFile(t, snapshot, pure)
	db.Close()
	for what, path := range map[string]string{"alone in a new place": alone, "its log removed": nolog, "over another": over} {
		before, _ := os.ReadFile(path)
		if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrPartial) || !strings.Contains(err.Error(), "deskbell restore") {
			t.Errorf("%s: got %v, want ErrPartial with advice", what, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed", what)
		}
	}
	if got := names(t, open(t, whole)); fmt.Sprint(got) != "[newest]" {
		t.Errorf("after a kill: %v", got)
	}
	if got := names(t, open(t, snapshot)); fmt.Sprint(got) != "[newest]" {
		t.Errorf("a snapshot: %v", got)
	}
	moved := filepath.Join(dir, "moved.db")
	copyFile(t, live, moved)
	if got := names(t, open(t, moved)); fmt.Sprint(got) != "[newest]" {
		t.Errorf("a file that ended in order, moved: %v", got)
	}
	restored := filepath.Join(dir, "restored.db")
	out, err := Restore(t.Context(), restored, alone)
	if err != nil || !out.Partial {
		t.Errorf("restoring it: %+v %v, want a warning", out, err)
	}
	open(t, restored)
	if out, err := Restore(t.Context(), filepath.Join(dir, "again.db"), pure); err != nil || out.Partial {
		t.Errorf("restoring a snapshot: %+v %v", out, err)
	}
}

// A directory that a kill left can be opened again and again, whatever the kill interrupted.
func TestAKillWhileOpeningLeavesAFileThatOpens(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.db")
	db := open(t, path)
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "kept"); return err }); err != nil {
		t.Fatal(err)
	}
	for i := range 3 { // each is the directory of a process that was killed right after opening the last one's
		next := filepath.Join(dir, fmt.Sprint("next", i, ".db"))
		crashed(t, path, next)
		db.Close()
		db = open(t, next)
		if got := names(t, db); fmt.Sprint(got) != "[kept]" {
			t.Errorf("got %v", got)
		}
		path = next
	}
	// Between the stamp beside the file and the one in it.
	torn := filepath.Join(dir, "torn.db")
	crashed(t, path, torn)
	known, err := stamps(torn)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stampPath(torn), []byte("ANOTHER\n"+strings.Join(known, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := names(t, open(t, torn)); fmt.Sprint(got) != "[kept]" {
		t.Errorf("got %v", got)
	}
}

// F-14: what a crash did to the end of the log costs what stood there, and no more.
func TestADamagedEndOfTheLogLosesOnlyTheEnd(t *testing.T) {
	dir := t.TempDir()
	live := filepath.Join(dir, "live.db")
	db := open(t, live)
	for i := range 60 {
		if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, fmt.Sprintf("%02d", i)); return err }); err != nil {
			t.Fatal(err)
		}
	}
	pattern := filepath.Join(dir, "pattern.db")
	crashed(t, live, pattern)
	db.Close()
	log, err := os.ReadFile(pattern + "-wal")
	if err != nil || len(log) < 20*4120 {
		t.Fatalf("a log of %d bytes: %v", len(log), err)
	}
	dice := rand.New(rand.NewPCG(1, 14))
	most, least := 0, 60
	for n := range 30 {
		path := filepath.Join(dir, fmt.Sprint("n", n, ".db"))
		crashed(t, pattern, path)
		b := bytes.Clone(log)
		from := len(b) - 1 - dice.IntN(20*4120)
		if n%2 == 0 {
			b = b[:from]
		} else {
			for i := from; i < min(len(b), from+1+dice.IntN(200)); i++ {
				b[i] ^= byte(1 + dice.IntN(255))
			}
		}
		if err := os.WriteFile(path+"-wal", b, 0o600); err != nil {
			t.Fatal(err)
		}
		db := open(t, path)
		if err := db.Check(t.Context()); err != nil {
			t.Error(err)
		}
		got := names(t, db)
		for i, name := range got {
			if name != fmt.Sprintf("%02d", i) {
				t.Errorf("there is a hole before %s", name)
			}
		}
		if len(got) < 30 {
			t.Errorf("only %d of 60 rows are left", len(got))
		}
		most, least = max(most, len(got)), min(least, len(got))
		db.Close()
	}
	t.Logf("%d to %d of 60 rows", least, most)
}
