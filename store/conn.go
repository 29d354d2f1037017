package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"syscall"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// conn is one connection with the statements it has prepared. It belongs to one goroutine at a time. It calls SQLite's
// own interface: on the hot paths the conversions of a driver cost as much as SQLite does (decision page 2).
type conn struct {
	tls   *libc.TLS
	db    uintptr // sqlite3*
	stmts map[string]*statement
	out   uintptr         // room for one pointer that SQLite writes, or for two values that it reads
	waits context.Context // of the statement that runs; nil where nothing ends it early
	saw   func(change)    // see watch
	ran   map[string]struct{}
	hot   hot  // nil but for the writer's
	shaky bool // a statement failed in a way that may have ended the transaction
}

// enough is how many statements a connection keeps; a program has a few hundred, lists with filters make more.
const enough = 1000

// conns finds the connection of a handle, for what SQLite calls back.
var conns sync.Map // uintptr -> *conn

// ofd makes locks belong to the open file, not to the process: closing some other descriptor of the file must not
// drop them. Where the kernel has none, the process simply never opens the live file otherwise.
var ofd = sync.OnceFunc(func() { _, _ = sqlite.OFDLocking(true) })

// dial opens a file, which it makes if need be, and sets the pragmas. A name that begins with "file:" is a URI.
func dial(name string, pragmas ...string) (*conn, error) {
	ofd()
	c := &conn{tls: libc.NewTLS(), stmts: map[string]*statement{}}
	c.out = libc.Xmalloc(c.tls, 16)
	text, err := libc.CString(name)
	if err != nil {
		c.tls.Close()
		return nil, err
	}
	// Nobody else uses the connection meanwhile, so that SQLite need not lock it.
	const flags = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_URI
	rc := sqlite3.Xsqlite3_open_v2(c.tls, text, c.out, flags, 0)
	libc.Xfree(c.tls, text)
	c.db = c.pointed()
	if rc == sqlite3.SQLITE_OK {
		rc = sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	}
	if rc == sqlite3.SQLITE_OK {
		// Plans must not depend on values: where they may, SQLite prepares a statement anew for each run.
		rc = sqlite3.Xsqlite3_db_config(c.tls, c.db, sqlite3.SQLITE_DBCONFIG_ENABLE_QPSG, libc.VaList(c.out, int32(1), uintptr(0)))
	}
	if rc != sqlite3.SQLITE_OK {
		err = c.failure(rc)
	}
	conns.Store(c.db, c)
	for _, p := range pragmas {
		if err == nil {
			_, err = c.exec(context.Background(), "PRAGMA "+p)
		}
	}
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	c.forget() // pragmas are set once
	return c, nil
}

// pointed is the pointer that SQLite wrote.
func (c *conn) pointed() uintptr {
	return *(*uintptr)(unsafe.Pointer(unsafe.SliceData(memory(c.out, 8))))
}

// memory is a piece of SQLite's memory, which is not the collector's.
func memory(at uintptr, n int) []byte { return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), n) }

// close lets the statements go before the connection: SQLite keeps a handle with open statements alive.
func (c *conn) close() error {
	c.forget()
	conns.Delete(c.db)
	var err error
	if rc := sqlite3.Xsqlite3_close_v2(c.tls, c.db); rc != sqlite3.SQLITE_OK {
		err = c.failure(rc)
	}
	libc.Xfree(c.tls, c.out)
	c.tls.Close()
	return err
}

// forget lets go of the statements that do not run.
func (c *conn) forget() {
	for q, s := range c.stmts {
		if !s.running {
			s.close()
			delete(c.stmts, q)
		}
	}
}

func (c *conn) prepare(query string) (*statement, error) {
	if s, ok := c.stmts[query]; ok {
		if s.running {
			return nil, fmt.Errorf("%q runs within itself", query)
		}
		return s, nil
	}
	if len(c.stmts) >= enough {
		c.forget()
	}
	text, err := libc.CString(query)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	if rc := sqlite3.Xsqlite3_prepare_v2(c.tls, c.db, text, int32(len(query)+1), c.out, 0); rc != sqlite3.SQLITE_OK {
		return nil, fmt.Errorf("prepare %q: %w", query, c.classed(rc))
	}
	s := &statement{conn: c, at: c.pointed()}
	s.columns = int(sqlite3.Xsqlite3_column_count(c.tls, s.at))
	s.params = int(sqlite3.Xsqlite3_bind_parameter_count(c.tls, s.at))
	c.stmts[query] = s
	return s, nil
}

// exec runs a statement to its end and says how many rows it changed.
func (c *conn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := c.begin(ctx, query, args)
	if err != nil {
		return 0, err
	}
	for more := true; more && err == nil; {
		more, err = s.step(ctx)
	}
	s.end()
	if err != nil {
		return 0, err
	}
	return sqlite3.Xsqlite3_changes64(c.tls, c.db), nil
}

// query runs a statement and shows each of its rows to fn, which must not keep the row.
func (c *conn) query(ctx context.Context, fn func(*statement) error, query string, args ...any) error {
	s, err := c.begin(ctx, query, args)
	if err != nil {
		return err
	}
	if c.ran != nil {
		c.ran[query] = struct{}{}
	}
	defer s.end()
	for {
		more, err := s.step(ctx)
		if err != nil || !more {
			return err
		}
		if err := fn(s); err != nil {
			return err
		}
	}
}

func (c *conn) begin(ctx context.Context, query string, args []any) (*statement, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := c.prepare(query)
	if err == nil {
		err = s.bind(args)
	}
	if err != nil {
		return nil, err
	}
	s.running = true
	return s, nil
}

// patient is after how many steps of SQLite's machine a statement with a deadline looks at it.
const patient = 1000

// waitFor lets a context end what runs from now on. Looking costs nothing where the context cannot end.
func (c *conn) waitFor(ctx context.Context) {
	if ctx.Done() == nil {
		c.waits = nil
		return
	}
	if c.waits == nil {
		sqlite3.Xsqlite3_progress_handler(c.tls, c.db, patient, pointer(progressed), c.db)
	}
	c.waits = ctx
}

func progressed(_ *libc.TLS, handle uintptr) int32 {
	if c, ok := conns.Load(handle); ok && c.(*conn).waits != nil && c.(*conn).waits.Err() != nil {
		return 1
	}
	return 0
}

// pointer is a function as SQLite calls it back: the address of its code, which stays where it is
// (https://go.dev/s/go11func). It must not be a closure.
func pointer[T any](fn T) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ fn T }{fn})) }

// sync has the disk keep what was written to the file.
func (c *conn) sync() error {
	if rc := sqlite3.Xsqlite3_file_control(c.tls, c.db, 0, sqlite3.SQLITE_FCNTL_FILE_POINTER, c.out); rc != sqlite3.SQLITE_OK {
		return c.classed(rc)
	}
	file := c.pointed()
	var sync func(tls *libc.TLS, file uintptr, flags int32) int32
	called(structAt[sqlite3.Tsqlite3_io_methods](structAt[sqlite3.Tsqlite3_file](file).FpMethods).FxSync, &sync)
	if rc := sync(c.tls, file, sqlite3.SQLITE_SYNC_NORMAL|sqlite3.SQLITE_SYNC_DATAONLY); rc != sqlite3.SQLITE_OK {
		return c.classed(rc)
	}
	return nil
}

// copyTo writes a copy of the database, in one step, into a new file.
func (c *conn) copyTo(name string) error {
	to, err := dial(name)
	if err != nil {
		return err
	}
	main, err := libc.CString("main")
	if err != nil {
		return errors.Join(err, to.close())
	}
	defer libc.Xfree(c.tls, main)
	b := sqlite3.Xsqlite3_backup_init(c.tls, to.db, main, c.db, main)
	if b == 0 {
		return errors.Join(to.failure(sqlite3.Xsqlite3_errcode(c.tls, to.db)), to.close())
	}
	rc := sqlite3.Xsqlite3_backup_step(c.tls, b, -1)
	if end := sqlite3.Xsqlite3_backup_finish(c.tls, b); rc == sqlite3.SQLITE_DONE {
		rc = end
	}
	if rc != sqlite3.SQLITE_OK {
		err = to.failure(rc)
	}
	return errors.Join(err, to.close())
}

// sqliteError is what SQLite says of a failure (https://sqlite.org/rescode.html).
type sqliteError struct {
	code int32 // extended
	text string
}

func (e *sqliteError) Error() string { return e.text + " (" + strconv.Itoa(int(e.code)) + ")" }

func (c *conn) failure(rc int32) error {
	text := libc.GoString(sqlite3.Xsqlite3_errstr(c.tls, rc))
	if more := libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db)); more != text {
		text += ": " + more
	}
	return &sqliteError{rc, text}
}

// damage reports whether an error of SQLite says that a file is damaged, or none of its own.
func damage(err error) bool {
	var e *sqlite.Error // of the driver, which migrations use
	return errors.Is(err, ErrDamaged) || errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// classed gives SQLite's errors the names that callers know.
func (c *conn) classed(rc int32) error {
	err := c.failure(rc)
	switch rc & 0xff {
	case sqlite3.SQLITE_FULL:
		c.shaky = true
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_IOERR:
		c.shaky = true
		switch rc {
		case sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE:
			return fmt.Errorf("%w: %w", ErrBroken, err)
		case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMMAP:
			if Filled(syscall.Errno(sqlite3.Xsqlite3_system_errno(c.tls, c.db))) { // SQLite knows ENOSPC alone; there are quotas and limits
				return fmt.Errorf("%w: %w", ErrFull, err)
			}
			return fmt.Errorf("%w: %w", ErrBroken, err)
		}
		return err
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		c.shaky = true
		if rc == sqlite3.SQLITE_CORRUPT_VTAB { // an index of words, which can be made anew
			return err
		}
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case sqlite3.SQLITE_CONSTRAINT:
		if rc == sqlite3.SQLITE_CONSTRAINT_UNIQUE || rc == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || rc == sqlite3.SQLITE_CONSTRAINT_ROWID {
			return fmt.Errorf("%w: %w", ErrConflict, err)
		}
		return err
	}
	c.shaky = true
	return err
}
