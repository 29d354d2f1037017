package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Snapshot tells of a copy of the database.
type Snapshot struct {
	Size   int64
	SHA256 string
	Counts map[string]int64 // rows of the main tables
	At     Time
}

// Snapshot writes a complete, verified copy of the database to a file, in one step on a connection of its own: writers
// go on meanwhile. The file appears whole, by rename, or not at all. In the place of the database itself, or of a file that
// belongs to it, none is written.
func (db *DB) Snapshot(ctx context.Context, path string) (s Snapshot, err error) {
	if db.owns(path) {
		return s, fmt.Errorf("%s belongs to the database itself: choose another name for its copy", path)
	}
	err = db.copyTo(ctx, path, func(c *conn) (err error) {
		if err = verify(ctx, c); err == nil {
			s.Counts, err = counts(ctx, c)
		}
		return err
	})
	if err == nil {
		s.Size, s.SHA256, err = digestFile(path)
	}
	s.At = db.now()
	return s, err
}

// owns tells whether a path is that of the database or of a file beside it that belongs to it.
func (db *DB) owns(path string) bool {
	there, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return false
	}
	here, err := os.Stat(filepath.Dir(db.path))
	return err == nil && os.SameFile(there, here) && strings.HasPrefix(filepath.Base(path), filepath.Base(db.path))
}

// copyTo writes a copy that check has found good, or nothing.
func (db *DB) copyTo(ctx context.Context, path string, check func(*conn) error) error {
	if free, total := room(filepath.Dir(path)); total > 0 && free < sizeOf(db.path)+min(spared, total/50) {
		return fmt.Errorf("copy: %w", ErrFull) // before it is full, and because of it
	}
	temp := fmt.Sprintf("%s.%s.tmp", path, rand.Text()[:8])
	defer os.Remove(temp)
	c, err := dial(uri(db.path, ""), common...)
	if err != nil {
		return err
	}
	if err = errors.Join(c.copyTo(uri(temp, "")), c.close()); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	if err := seal(ctx, temp, check); err != nil {
		return err
	}
	return Replace(temp, path)
}

// seal makes one file of a copy, gives it a number of its own, so that no log of another file is ever applied to it
// unnoticed, and has it checked.
func seal(ctx context.Context, path string, check func(*conn) error) error {
	c, err := dial(uri(path, ""), "journal_mode(DELETE)")
	if err != nil {
		return err
	}
	if err = ours(ctx, c); err == nil {
		_, err = c.exec(ctx, setMeta, generationKey, "copy "+rand.Text())
	}
	if err == nil {
		err = check(c)
	}
	return errors.Join(err, c.close())
}

// ours refuses a file that SQLite reads and that is none of ours, such as an empty one.
func ours(ctx context.Context, c *conn) error {
	var tables int64
	err := c.query(ctx, func(row *statement) error { return row.scan([]any{&tables}) },
		`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('meta', 'workspaces', 'conversations')`)
	if err == nil && tables < 3 {
		err = errors.New("it holds no database of Deskbell")
	}
	return err
}

// counts are the rows of the main tables.
func counts(ctx context.Context, c *conn) (map[string]int64, error) {
	all := map[string]int64{}
	for _, t := range []string{"users", "workspaces", "visitors", "conversations", "messages", "attachments"} {
		var n int64
		if err := c.query(ctx, func(row *statement) error { return row.scan([]any{&n}) }, `SELECT count(*) FROM `+t); err != nil {
			return nil, err
		}
		all[t] = n
	}
	return all, nil
}

// verify holds a file against SQLite's own checks.
func verify(ctx context.Context, c *conn) error {
	for _, check := range []string{"PRAGMA quick_check", "PRAGMA foreign_key_check"} {
		if err := sound(ctx, c, check); err != nil {
			return fmt.Errorf("the copy is not sound: %w", err)
		}
	}
	return nil
}

func sound(ctx context.Context, c *conn, check string) error {
	return c.query(ctx, func(row *statement) error {
		if s := row.text(0); s != "ok" {
			return fmt.Errorf("%s says: %s", check, s)
		}
		return nil
	}, check)
}

func digestFile(path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return n, hex.EncodeToString(h.Sum(nil)), err
}

// Replace puts a file in another's place so that a power cut leaves one or the other.
func Replace(temp, path string) error {
	f, err := os.OpenFile(temp, os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Restored says what became of the former database, and what is to know of the new one.
type Restored struct {
	Aside   string // where the former database is now; empty where there was none
	Partial bool   // the file was taken from a running Deskbell without its log: what was newest then is missing
}

// Restore puts a snapshot in the place of the database at path, and moves what was there aside. It is refused while a
// process uses the database, and for a file that is not a sound database of ours.
func Restore(ctx context.Context, path, from string) (out Restored, err error) {
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return out, err
	}
	defer lock.Close()
	temp := path + ".restore.tmp"
	defer func() { os.Remove(temp); os.Remove(temp + "-wal") }()
	if err := copyTo(from, temp); err != nil {
		return out, err
	}
	if mark, err := generationOf(temp); err == nil && strings.HasPrefix(mark, "open ") {
		if out.Partial = sizeOf(from+"-wal") == 0; !out.Partial {
			if err := copyTo(from+"-wal", temp+"-wal"); err != nil {
				return out, err
			}
		}
	}
	if err := seal(ctx, temp, func(c *conn) error {
		err := verify(ctx, c)
		if err == nil {
			_, err = counts(ctx, c)
		}
		return err
	}); err != nil {
		return out, fmt.Errorf("%s cannot be restored: %w", from, err)
	}
	stamp := time.Now().UTC().Format("20060102-150405")
	for _, ext := range []string{"", "-wal", "-shm", ".stamp"} {
		old := path + ext
		if _, err := os.Stat(old); err != nil {
			continue
		}
		if err := os.Rename(old, path+".before-"+stamp+ext); err != nil {
			return out, err
		}
		out.Aside = path + ".before-" + stamp
	}
	return out, Replace(temp, path)
}

func copyTo(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
