// Package store keeps everything Deskbell remembers in one SQLite file, and is the only place with SQL.
//
// A transaction (Tx) belongs to one workspace and has a field per aggregate: tx.Conversations.ByID(id). Reads run
// on one consistent snapshot; writes run one after the other on a single connection and are committed in groups.
// What a write changed is observed, not declared: SQLite's pre-update hook turns each changed row into topics,
// which are announced once the commit is durable. Reads say what they saw.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver, for migrations

	"deskbell/migrations"
)

// Durability says what an answered write has survived.
type Durability string

// The durabilities. Full is the default.
const (
	Full   Durability = "full"   // a power cut: one fdatasync per group of writes
	Normal Durability = "normal" // a crash of the process; a power cut may take the last quarter of a second
)

// Options say where the file is and how to keep it.
type Options struct {
	Path       string // of the live file; its directory is made if need be
	Durability Durability
	Log        *slog.Logger
	Now        func() Time   // for tests; nil is the machine's clock
	Search     time.Duration // how long full text may take; 0 is two seconds
	Backup     string        // where the newest backup is, for advice; may be empty
}

// DB is one open file. Only one process may have it open.
type DB struct {
	path    string
	log     *slog.Logger
	now     func() Time
	ids     minter
	lock    *os.File
	readers *pool // interactive
	search  *pool // full text, with a deadline
	slow    *pool // reports, exports, backups

	writer *writer
	fresh  fresh
	check  *checkpointer
	disk   disk
	backup string // where the newest backup is, for advice
	number string // of this opening; see generation.go
	died   bool   // whether the process that had the file before this one died

	longest int64         // bytes of the log past which long reads are ended
	oldest  time.Duration // what they are allowed in any case

	failing sync.Once
	failed  chan struct{} // closed when the disk has failed
	failure error

	seq      atomic.Uint64
	announce sync.Mutex // commits and touches are announced one at a time, in the order of seq
	watchers []func(Commit)

	audit   func(read, saw []string) // see Audit
	closing sync.Once
	closed  error
}

// Open opens the file at its newest schema, and makes it when there is none. A second process is refused.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = func() Time { return At(time.Now()) }
	}
	if o.Durability == "" {
		o.Durability = Full
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	lock, err := lockFile(o.Path + ".lock")
	if err != nil {
		return nil, err
	}
	db := &DB{path: o.Path, log: o.Log, now: o.Now, lock: lock, disk: disk{path: o.Path}, backup: o.Backup, longest: 4 * walCap, oldest: 30 * time.Second, failed: make(chan struct{})}
	db.disk.look()
	db.seq.Store(uint64(time.Now().UnixMicro()))
	if err := db.open(ctx, o); err != nil {
		if errors.Is(err, ErrDamaged) {
			err = db.damaged(err)
			db.fail(err)
			return nil, errors.Join(err, db.lock.Close())
		}
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, o Options) error {
	ofd()
	number, died, err := db.inspect()
	if err != nil {
		return err
	}
	db.died = died
	if err := private(db.path); err != nil {
		return err
	}
	if number != "" { // whatever happens from here on, the log is this file's
		if err := db.known(number); err != nil {
			return err
		}
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	n := max(2, min(4, runtime.GOMAXPROCS(0)))
	db.readers = newPool(db.path, n, 0)
	db.search = newPool(db.path, 2, cmp.Or(o.Search, 2*time.Second))
	db.slow = newPool(db.path, 1, 10*time.Minute)
	if err := db.Read(ctx, 0, db.prime); err != nil {
		return err
	}
	w, err := newWriter(db, o.Durability)
	if err != nil {
		return err
	}
	db.writer = w
	if err := db.stamp(number); err != nil {
		return err
	}
	db.check, err = newCheckpointer(db, o.Durability)
	return err
}

// private keeps the file, and with it the log that SQLite makes in its likeness, from everybody else on the machine.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return os.Chmod(path, 0o600) // without opening it: closing would drop the locks of whoever has it open
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Pragmas of all connections, of those that read and of those that write.
var (
	common        = []string{"busy_timeout(5000)", "foreign_keys(1)", "trusted_schema(0)", "temp_store(2)"}
	readerPragmas = append(common[:len(common):len(common)], "query_only(1)", "cache_size(-2000)")
)

func writerPragmas(d Durability) []string {
	return append(common[:len(common):len(common)], "journal_mode(WAL)", "synchronous("+string(d)+")", "wal_autocheckpoint(0)", "cache_size(-16000)",
		"journal_size_limit(67108864)", "recursive_triggers(1)")
}

// uri names a file to SQLite (https://sqlite.org/uri.html).
func uri(path, query string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: query}
	return u.String()
}

// migrate brings the file to the newest schema. A migration is one transaction; before the first of them the file is kept
// aside as it is, so that there is a way back to the version before.
func (db *DB) migrate(ctx context.Context) error {
	pool, err := sql.Open("sqlite", uri(db.path, "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_txlock=immediate"))
	if err != nil {
		return err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, migrations.FS)
	if err != nil {
		return err
	}
	is, want, err := p.GetVersions(ctx)
	if err != nil {
		return db.unmigrated(err)
	}
	if is > want {
		return fmt.Errorf("%s: %w: its schema is %d, and this version knows %d. Use the newer version, or go back to the file from before the upgrade: `deskbell restore --data %s %s`",
			db.path, ErrNewer, is, want, filepath.Dir(db.path), db.before(want))
	}
	if 0 < is && is < want {
		if err := db.keepBefore(ctx, is); err != nil {
			db.log.Warn("no copy from before the upgrade was made", "error", err)
		}
	}
	if _, err = p.Up(ctx); err != nil {
		return db.unmigrated(err)
	}
	return db.upgraded()
}

// unmigrated says what to do where the schema could not be brought up to date.
func (db *DB) unmigrated(err error) error {
	if err == nil {
		return nil
	}
	if damage(err) {
		return db.damaged(err)
	}
	return fmt.Errorf("schema: %w", err)
}

// before is where the file of a schema is kept before it is upgraded.
func (db *DB) before(schema int64) string {
	return fmt.Sprintf("%s.before-schema-%d", db.path, schema)
}

const unfinished = ".unfinished"

// keepBefore keeps the file as it is before an upgrade. An upgrade that was begun before and did not end has its own.
func (db *DB) keepBefore(ctx context.Context, schema int64) error {
	if begun, _ := filepath.Glob(db.path + ".before-schema-*" + unfinished); len(begun) > 0 {
		return nil
	}
	return db.copyTo(ctx, db.before(schema)+unfinished, func(c *conn) error { return verify(ctx, c) })
}

// upgraded lets go of the files from before earlier upgrades.
func (db *DB) upgraded() error {
	begun, _ := filepath.Glob(db.path + ".before-schema-*" + unfinished)
	if len(begun) == 0 {
		return nil
	}
	old, _ := filepath.Glob(db.path + ".before-schema-*")
	for _, f := range old {
		if f != begun[0] {
			os.Remove(f)
		}
	}
	return os.Rename(begun[0], strings.TrimSuffix(begun[0], unfinished))
}

// prime checks that every table is watched or quiet, and makes new ids larger than all there are.
func (db *DB) prime(tx *Tx) error {
	tables, err := column[string](tx.session, `SELECT name FROM sqlite_schema WHERE type = 'table'`)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, ok := watched[t]; !ok && !quiet[t] {
			return fmt.Errorf("table %s is neither watched nor quiet (store/topic.go)", t)
		}
	}
	var last int64
	err = pick(tx.session, []any{&last}, `SELECT max(
		coalesce((SELECT max(id) FROM messages), 0), coalesce((SELECT max(id) FROM conversations), 0),
		coalesce((SELECT max(id) FROM visitors), 0), coalesce((SELECT max(id) FROM jobs), 0))`)
	db.ids.last = last
	return err
}

// Close lets running writes finish, folds the log into the file and lets go of it. Closing twice is fine.
func (db *DB) Close() error {
	db.closing.Do(func() { db.closed = db.close() })
	return db.closed
}

func (db *DB) close() error {
	if err := db.Failure(); err != nil {
		// What the disk did not keep must not be folded into the file by an orderly end: the log is read again at the next start.
		return errors.Join(err, db.lock.Close())
	}
	var errs []error
	if db.check != nil {
		db.check.stop()
	}
	if db.writer != nil {
		if err := db.writer.stop(); err != nil { // as after a crash: the log stays, and is read at the next start
			return errors.Join(err, db.lock.Close())
		}
	}
	for _, p := range []*pool{db.readers, db.search, db.slow} {
		if p != nil {
			errs = append(errs, p.close())
		}
	}
	if db.check != nil {
		errs = append(errs, db.check.finish())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}

// Failed is closed when the disk failed to keep what was written. From then on nothing is written any more: what a
// failed fsync has lost, the next one does not tell (Rebello et al., "Can Applications Recover from fsync Failures?").
// The process has to end; at its next start the log shows what was kept.
func (db *DB) Failed() <-chan struct{} { return db.failed }

// Failure is why, or nil.
func (db *DB) Failure() error {
	select {
	case <-db.failed:
		return db.failure
	default:
		return nil
	}
}

// fail ends all writing, for good.
func (db *DB) fail(err error) {
	db.failing.Do(func() {
		db.failure = err
		close(db.failed)
	})
}

// Now is the store's time: the machine's, or a test's.
func (db *DB) Now() Time { return db.now() }

// Path is where the live file is.
func (db *DB) Path() string { return db.path }

// Seq is the number of the newest announced commit. It starts at the time of opening in microseconds and only
// rises, across restarts too.
func (db *DB) Seq() uint64 { return db.seq.Load() }

// Watch calls fn for every commit, in order, before its writers are answered. fn must not block.
// All watchers are set before the first write.
func (db *DB) Watch(fn func(Commit)) {
	db.announce.Lock()
	defer db.announce.Unlock()
	db.watchers = append(db.watchers, fn)
}

// Touch announces that something outside the file changed (who is typing, who is looking).
func (db *DB) Touch(topics ...Topic) { db.publish(topics, nil) }

func (db *DB) publish(topics []Topic, changes []Change) uint64 {
	db.announce.Lock()
	defer db.announce.Unlock()
	c := Commit{Seq: db.seq.Load() + 1, Topics: topics, Changes: changes}
	db.seq.Store(c.Seq)
	for _, fn := range db.watchers {
		fn(c)
	}
	return c.Seq
}
