package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// What keeps a file from being opened.
var (
	ErrLocked     = errors.New("another process is using this data directory")
	ErrForeignWAL = errors.New("the log beside the database belongs to another file")
	ErrGone       = errors.New("there was a database here, and it is gone")
	ErrPartial    = errors.New("the database was taken without its log, in which its newest changes stood")
	ErrDamaged    = errors.New("the database is damaged")
	ErrNewer      = errors.New("the database was written by a newer Deskbell")
)

// A database that is in use is two files: itself and its log (-wal). A log that is applied to a file it was not written
// for corrupts that file silently, and a file without its log lacks what was newest, or is torn. Both happen when somebody
// copies files by hand. So each opening marks the file with a word and a number of its own, and keeps the number beside it:
//
//	open N     in use; good only with its log, and where N is known
//	closed N   ended in order: whole
//	copy N     a snapshot: whole
//
// The stamp beside the file holds the numbers of files that the log may belong to.

const generationKey = "generation"

func stampPath(path string) string { return path + ".stamp" }

// inspect refuses what somebody has mixed up, before anything is changed. It says what the file's mark is, and whether
// the process that used it last died.
func (db *DB) inspect() (number string, died bool, err error) {
	known, err := stamps(db.path)
	if err != nil {
		return "", false, err
	}
	log, there := sizeOf(db.path+"-wal"), exists(db.path+"-wal")
	if sizeOf(db.path) == 0 {
		if known != nil || log > 0 {
			return "", false, fmt.Errorf("%s: %w. %s, or remove the files named deskbell.db.* to begin anew", db.path, ErrGone, db.advice())
		}
		return "", false, nil
	}
	mark, err := generationOf(db.path)
	if errors.Is(err, ErrDamaged) && log == 0 {
		return "", false, db.damaged(err)
	}
	if err != nil {
		return "", false, nil // torn by a crash, which the log repairs; or not yet a database of ours
	}
	word, number, ok := strings.Cut(mark, " ")
	if !ok {
		word, number = "", mark // from before there were words
	}
	switch mine := slices.Contains(known, number); {
	case mine && word == "open" && !there, !mine && word == "open" && log == 0:
		return "", false, fmt.Errorf("%s: %w. %s", db.path, ErrPartial, db.advice())
	case !mine && log > 0 && (known != nil || word == "copy" || word == "closed" || word == "open"):
		return "", false, fmt.Errorf("%s-wal: %w. A database was copied over a live one: %s, or move the -wal and -shm files aside", db.path, ErrForeignWAL, db.advice())
	default:
		return number, mine && word == "open", nil
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// stamps are the numbers that the log may belong to; nil where there is no stamp.
func stamps(path string) ([]string, error) {
	b, err := os.ReadFile(stampPath(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return strings.Fields(string(b)), err
}

// advice says how to go on with the newest backup.
func (db *DB) advice() string {
	info, err := os.Stat(db.backup)
	if db.backup == "" || err != nil {
		return "Put a backup back with `deskbell restore FILE`"
	}
	return fmt.Sprintf("The newest backup is of %s: `deskbell restore --data %s %s`", info.ModTime().UTC().Format(time.DateTime), filepath.Dir(db.path), db.backup)
}

// damaged says, in one line, that a file is damaged, how it shows, and what to do about it.
func (db *DB) damaged(err error) error {
	if said := new(damagedError); errors.As(err, &said) {
		return said
	}
	how := []rune(strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), ErrDamaged.Error()+": ", "")), " "))
	return &damagedError{fmt.Sprintf("%s: %s (%s). %s", db.path, ErrDamaged, string(how[:min(200, len(how))]), db.advice())}
}

type damagedError struct{ text string }

func (e *damagedError) Error() string        { return e.text }
func (e *damagedError) Is(target error) bool { return target == ErrDamaged }

// generationOf reads the mark of a file as it is without its log; "" where it has none.
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

// known keeps the numbers beside the file, so that a power cut leaves these or those before.
func (db *DB) known(numbers ...string) error {
	temp := stampPath(db.path) + ".tmp"
	err := os.WriteFile(temp, []byte(strings.TrimSpace(strings.Join(numbers, "\n"))+"\n"), 0o600)
	if err == nil {
		err = Replace(temp, stampPath(db.path))
	}
	if Filled(err) {
		err = fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// stamp gives this opening its own number, beside the file first.
func (db *DB) stamp(before string) error {
	number := rand.Text()
	if err := db.known(number, before); err != nil {
		return err
	}
	var err error
	db.writer.aside(func(c *conn) {
		if _, err = c.exec(context.Background(), setMeta, generationKey, "open "+number); err == nil {
			_, err = checkpoint(c, "TRUNCATE")
		}
	})
	if err != nil {
		return err
	}
	db.number = number
	return db.known(number)
}

// sealed marks the file as one that ended in order.
func (db *DB) sealed(c *conn) error {
	if db.number == "" {
		return nil
	}
	_, err := c.exec(context.Background(), setMeta, generationKey, "closed "+db.number)
	if errors.Is(err, ErrFull) {
		db.disk.press()
		_, err = c.exec(context.Background(), setMeta, generationKey, "closed "+db.number)
	}
	return err
}

// Verify looks at the whole file, once, where the process before this one died: a disk that lost power may have kept less
// than it said. Of a damaged file nothing more is served.
func (db *DB) Verify(ctx context.Context) error {
	if !db.died {
		return nil
	}
	start := time.Now()
	err := db.Slowly(ctx, 0, func(tx *Tx) error { return sound(ctx, tx.conn, "PRAGMA quick_check") })
	switch {
	case ctx.Err() != nil || errors.Is(err, ErrBusy) || errors.Is(err, ErrClosed):
	case err != nil:
		db.fail(db.damaged(err))
	default:
		db.log.Info("the last process did not end in order; the database is sound", "took", time.Since(start))
	}
	return nil
}
