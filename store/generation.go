package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
)

// What keeps a file from being opened.
var (
	ErrLocked     = errors.New("another process is using this data directory")
	ErrForeignWAL = errors.New("the log beside the database belongs to another file")
)

// A log (-wal) that is applied to a file it was not written for corrupts that file silently: that is what happens
// when somebody copies a backup over a file whose process died. So each opening stamps the file and remembers the
// stamp beside it; every snapshot carries a stamp of its own. A log next to a file with a stranger's stamp is refused.

const generationKey = "generation"

func stampPath(path string) string { return path + ".stamp" }

// refuseForeignWAL compares the stamps when there is a log left by a crash.
func refuseForeignWAL(path string) error {
	info, err := os.Stat(path + "-wal")
	if err != nil || info.Size() == 0 {
		return nil
	}
	want, err := os.ReadFile(stampPath(path))
	if err != nil {
		return nil
	}
	got, err := generationOf(path)
	if err != nil {
		return nil // torn by the crash: the log repairs it
	}
	if got != strings.TrimSpace(string(want)) {
		return fmt.Errorf("%s-wal: %w. A database was copied over a live one; use `deskbell restore FILE`, or move the -wal and -shm files aside", path, ErrForeignWAL)
	}
	return nil
}

// generationOf reads the stamp of a file as it is without its log.
func generationOf(path string) (string, error) {
	c, err := dial(uri(path, "immutable=1&mode=ro"))
	if err != nil {
		return "", err
	}
	defer c.close()
	var got string
	err = c.query(context.Background(), func(row *statement) error {
		return row.scan([]any{&got})
	}, `SELECT value FROM meta WHERE key = ?`, generationKey)
	return got, err
}

// stamp gives this opening its own generation, in the file itself and beside it. The file gets it first: a crash in
// between leaves no log, because it has just been folded in.
func (db *DB) stamp(c *conn) error {
	generation := rand.Text()
	ctx := context.Background()
	if _, err := c.exec(ctx, setMeta, generationKey, generation); err != nil {
		return err
	}
	if err := checkpoint(c, "TRUNCATE"); err != nil {
		return err
	}
	return os.WriteFile(stampPath(db.path), []byte(generation+"\n"), 0o600)
}
