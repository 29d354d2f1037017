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
// go on meanwhile. The file appears whole, by rename, or not at all.
func (db *DB) Snapshot(ctx context.Context, path string) (s Snapshot, err error) {
	if free, total := room(filepath.Dir(path)); total > 0 && free < sizeOf(db.path)+min(spared, total/50) {
		return s, fmt.Errorf("copy: %w", ErrFull) // before it is full, and because of it
	}
	temp := fmt.Sprintf("%s.%s.tmp", path, rand.Text()[:8])
	defer os.Remove(temp)
	c, err := dial(uri(db.path, ""), common...)
	if err != nil {
		return s, err
	}
	if err = errors.Join(c.copyTo(uri(temp, "")), c.close()); err != nil {
		return s, fmt.Errorf("copy: %w", err)
	}
	if s.Counts, err = seal(ctx, temp); err != nil {
		return s, err
	}
	if s.Size, s.SHA256, err = digestFile(temp); err != nil {
		return s, err
	}
	s.At = db.now()
	return s, replace(temp, path)
}

// seal makes one file of a copy, gives it a stamp of its own, so that no log of another file is ever applied to it
// unnoticed, and verifies it.
func seal(ctx context.Context, path string) (map[string]int64, error) {
	c, err := dial(uri(path, ""), "journal_mode(DELETE)")
	if err != nil {
		return nil, err
	}
	_, err = c.exec(ctx, setMeta, generationKey, "copy "+rand.Text())
	if err == nil {
		err = verify(ctx, c)
	}
	counts := map[string]int64{}
	for _, t := range []string{"users", "workspaces", "visitors", "conversations", "messages", "attachments"} {
		if err != nil {
			break
		}
		var n int64
		err = c.query(ctx, func(row *statement) error { return row.scan([]any{&n}) }, `SELECT count(*) FROM `+t)
		counts[t] = n
	}
	return counts, errors.Join(err, c.close())
}

// verify holds a file against SQLite's own checks.
func verify(ctx context.Context, c *conn) error {
	for _, check := range []string{"PRAGMA quick_check", "PRAGMA foreign_key_check"} {
		err := c.query(ctx, func(row *statement) error {
			if s := row.text(0); s != "ok" {
				return fmt.Errorf("%s says: %s", check, s)
			}
			return nil
		}, check)
		if err != nil {
			return fmt.Errorf("the copy is not sound: %w", err)
		}
	}
	return nil
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

// replace puts a file in another's place so that a power cut leaves one or the other.
func replace(temp, path string) error {
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

// Restore puts a snapshot in the place of the database at path, and moves what was there aside. It is refused while a
// process uses the database, and for a file that is not a sound database of ours.
func Restore(ctx context.Context, path, from string) (aside string, err error) {
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return "", err
	}
	defer lock.Close()
	temp := path + ".restore.tmp"
	defer os.Remove(temp)
	if err := copyTo(from, temp); err != nil {
		return "", err
	}
	if _, err := seal(ctx, temp); err != nil {
		return "", fmt.Errorf("%s cannot be restored: %w", from, err)
	}
	stamp := time.Now().UTC().Format("20060102-150405")
	for _, ext := range []string{"", "-wal", "-shm", ".stamp"} {
		old := path + ext
		if _, err := os.Stat(old); err != nil {
			continue
		}
		if err := os.Rename(old, path+".before-"+stamp+ext); err != nil {
			return "", err
		}
		aside = path + ".before-" + stamp
	}
	return aside, replace(temp, path)
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
