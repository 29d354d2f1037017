package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// open opens a database, and begins a new one as a copy of one that was migrated before.
func open(t testing.TB, path string) *DB {
	t.Helper()
	if _, err := os.Stat(path); os.IsNotExist(err) {
		fresh, err := migrated()
		if err == nil {
			err = os.WriteFile(path, fresh, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "deskbell-store-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "d.db")
	db, err := Open(context.Background(), Options{Path: path})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func insertWorkspace(tx *Tx, name string) (ID, error) {
	id := tx.NewID()
	_, err := exec(tx.session, `INSERT INTO workspaces (id, name, created_at, updated_at) VALUES (?, ?, ?, ?)`, id, name, tx.Now(), tx.Now())
	return id, err
}

func names(t testing.TB, db *DB) []string {
	t.Helper()
	var list []string
	err := db.Read(context.Background(), 0, func(tx *Tx) (err error) {
		list, err = column[string](tx.session, `SELECT name FROM workspaces ORDER BY id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestASecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	open(t, path)
	if _, err := Open(t.Context(), Options{Path: path}); !errors.Is(err, ErrLocked) {
		t.Fatalf("got %v, want ErrLocked", err)
	}
}

func TestAFailedWriteLeavesTheOthersOfItsGroup(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			_, err := db.Write(t.Context(), 0, func(tx *Tx) error {
				if _, err := insertWorkspace(tx, fmt.Sprintf("w%03d", i)); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return errors.New("changed my mind")
				case 2:
					panic("a bug of one caller")
				}
				return nil
			})
			if (err != nil) != (i%4 == 1 || i%4 == 2) {
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if got := names(t, db); len(got) != 100 {
		t.Errorf("%d rows, want the 100 of those who succeeded", len(got))
	}
}

// A caller that fails after it changed a table that nobody watches, or that hides the failure of a statement, is undone
// like any other; one that failed before it changed anything costs the others nothing.
func TestAFailedWriteIsUndoneWhateverItTouched(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	write := func(fn func(*Tx) error) error {
		_, err := db.Write(t.Context(), 0, fn)
		return err
	}
	if write(func(tx *Tx) error { return errors.Join(tx.Meta.Set("quiet", "no"), errors.New("changed my mind")) }) == nil {
		t.Error("the failure was hidden")
	}
	runs := 0
	if write(func(tx *Tx) error { runs++; return errors.New("no such thing") }) == nil || runs != 1 {
		t.Errorf("a caller that only looked ran %d times", runs)
	}
	if err := write(func(tx *Tx) error {
		id, err := insertWorkspace(tx, "kept")
		if err != nil {
			return err
		}
		if _, err := exec(tx.session, `INSERT INTO workspaces (id, name, created_at, updated_at) VALUES (?, 'twice', 0, 0)`, id); !errors.Is(err, ErrConflict) {
			return fmt.Errorf("got %v, want a conflict", err)
		}
		return nil // a conflict is an answer, not the end
	}); err != nil {
		t.Error(err)
	}
	db.Read(t.Context(), 0, func(tx *Tx) error {
		if v, err := tx.Meta.Value("quiet"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q stayed: %v", v, err)
		}
		return nil
	})
	if got := names(t, db); fmt.Sprint(got) != "[kept]" {
		t.Errorf("got %v", got)
	}
}

func TestOnlyWhatStaysIsAnnounced(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	var heard []Commit
	db.Watch(func(c Commit) { heard = append(heard, c) })
	var id ID
	seq, err := db.Write(t.Context(), 0, func(tx *Tx) (err error) {
		id, err = insertWorkspace(tx, "kept")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Write(t.Context(), 0, func(tx *Tx) error {
		insertWorkspace(tx, "dropped")
		return errors.New("no")
	})
	if len(heard) != 1 {
		t.Fatalf("%d announcements, want 1: %v", len(heard), heard)
	}
	want := []Topic{tableTopic("workspaces"), rowTopic("workspaces", int64(id)), keyTopic("workspaces", int64(id)), topicOf("workspaces", "id", int64(id))}
	if c := heard[0]; c.Seq != seq || len(c.Changes) != 1 || fmt.Sprint(c.Changes[0].Topics) != fmt.Sprint(want) {
		t.Errorf("got %+v, want seq %d %v", c, seq, want)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	err := db.Read(t.Context(), 0, func(tx *Tx) error {
		_, err := insertWorkspace(tx, "sneaky")
		return err
	})
	if err == nil || len(names(t, db)) != 0 {
		t.Errorf("a reader wrote: %v, %v", err, names(t, db))
	}
}

func TestACallerWhoGaveUpIsNotServed(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := db.Write(ctx, 0, func(tx *Tx) error {
		_, err := insertWorkspace(tx, "late")
		return err
	})
	if !errors.Is(err, context.Canceled) || len(names(t, db)) != 0 {
		t.Errorf("got %v and %v", err, names(t, db))
	}
}

func TestClosingLeavesOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	db := open(t, path)
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "a"); return err }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); !os.IsNotExist(err) {
		t.Errorf("the log is still there: %v", err)
	}
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("a write after closing: %v", err)
	}
	if got := names(t, open(t, path)); len(got) != 1 {
		t.Errorf("got %v after reopening", got)
	}
}

// A process that dies leaves its log; a database copied over the file then must not be opened with it.
func TestAForeignLogIsRefused(t *testing.T) {
	dir := t.TempDir()
	live, other := filepath.Join(dir, "live.db"), filepath.Join(dir, "other.db")
	open(t, other).Close()
	db := open(t, live)
	for i := range 50 {
		if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, fmt.Sprint(i)); return err }); err != nil {
			t.Fatal(err)
		}
	}
	dead := filepath.Join(dir, "dead.db") // the files as a kill would leave them
	for _, ext := range []string{"", "-wal", ".stamp"} {
		copyFile(t, live+ext, dead+ext)
	}
	db.Close()

	copyFile(t, other, dead) // the mistake
	if _, err := Open(t.Context(), Options{Path: dead}); !errors.Is(err, ErrForeignWAL) {
		t.Fatalf("got %v, want ErrForeignWAL", err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestIDsRiseAndSurviveTheWire(t *testing.T) {
	var m minter
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	last := ID(0)
	for i := range 10000 {
		id := m.next(now.Add(time.Duration(i%3-1) * time.Millisecond)) // the clock goes back and forth
		if id <= last {
			t.Fatalf("%d after %d", id, last)
		}
		last = id
		back, err := ParseID(strings.ToLower(id.String()))
		if err != nil || back != id {
			t.Fatalf("%s came back as %v, %v", id, back, err)
		}
	}
	for _, bad := range []string{"", "0000000000000", "123", "ZZZZZZZZZZZZZ", "01234567890IL", strings.Repeat("0", 14)} {
		if _, err := ParseID(bad); err == nil {
			t.Errorf("%q was read as an id", bad)
		}
	}
}

func TestRowsOutsideAWorkspaceAreAMistake(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	db.Read(t.Context(), 0, func(tx *Tx) error { tx.ws(); return nil })
}

func BenchmarkWrite(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "d.db"))
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := db.Write(context.Background(), 0, func(tx *Tx) error { _, err := insertWorkspace(tx, "x"); return err }); err != nil {
				b.Error(err)
			}
		}
	})
}

// A commit larger than what is gathered of the log at once is whole for a reader and after opening again.
func TestALargeCommitIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	for _, durability := range []Durability{Full, Normal} {
		db, err := Open(t.Context(), Options{Path: path, Durability: durability})
		if err != nil {
			t.Fatal(err)
		}
		content := bytes.Repeat([]byte(durability), 300_000)
		hash := sha256.Sum256(content)
		if err := db.KeepBlob(t.Context(), hash[:], int64(len(content)), bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		same := func() {
			t.Helper()
			b, err := db.Blob(t.Context(), hash[:])
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(b); err != nil || !bytes.Equal(got, content) {
				t.Fatalf("%d bytes (%v), not the %d that were kept", len(got), err, len(content))
			}
		}
		same()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if db, err = Open(t.Context(), Options{Path: path}); err != nil {
			t.Fatal(err)
		}
		same()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
