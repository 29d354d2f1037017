package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// conn is one connection with the statements it has prepared. It belongs to one goroutine at a time. It talks to
// the driver itself: on the write path database/sql would cost as much as SQLite does.
type conn struct {
	raw   driver.Conn
	stmts map[string]*statement
	args  []driver.NamedValue
	ran   map[string]struct{} // what ran, where somebody audits; see DB.Audit
	shaky bool                // a statement failed in a way that may have ended the transaction
}

type statement struct {
	stmt   driver.Stmt
	values []driver.Value
}

// enough is how many statements a connection keeps; a program has a few hundred, lists with filters make more.
const enough = 1000

func dial(dsn string) (*conn, error) {
	raw, err := driverOf().Open(dsn)
	if err != nil {
		return nil, err
	}
	return &conn{raw: raw, stmts: map[string]*statement{}}, nil
}

// close lets the statements go before the connection: SQLite keeps a handle with open statements alive.
func (c *conn) close() error {
	for _, s := range c.stmts {
		s.stmt.Close()
	}
	clear(c.stmts)
	return c.raw.Close()
}

func (c *conn) prepare(query string) (*statement, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	if len(c.stmts) >= enough {
		for q, s := range c.stmts {
			s.stmt.Close()
			delete(c.stmts, q)
		}
	}
	stmt, err := c.raw.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, c.classed(err))
	}
	s := &statement{stmt: stmt}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) bind(args []any) ([]driver.NamedValue, error) {
	c.args = c.args[:0]
	for i, a := range args {
		v, err := value(a)
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return c.args, nil
}

// exec runs a statement without rows and says how many it changed.
func (c *conn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := c.prepare(query)
	if err != nil {
		return 0, err
	}
	bound, err := c.bind(args)
	if err != nil {
		return 0, err
	}
	r, err := s.stmt.(driver.StmtExecContext).ExecContext(ctx, bound)
	if err != nil {
		return 0, c.classed(err)
	}
	return r.RowsAffected()
}

// query runs a statement and hands each row's values to fn, which must not keep them.
func (c *conn) query(ctx context.Context, fn func([]driver.Value) error, query string, args ...any) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	bound, err := c.bind(args)
	if err != nil {
		return err
	}
	if c.ran != nil {
		c.ran[query] = struct{}{}
	}
	rows, err := s.stmt.(driver.StmtQueryContext).QueryContext(ctx, bound)
	if err != nil {
		return c.classed(err)
	}
	defer rows.Close()
	if s.values == nil {
		s.values = make([]driver.Value, len(rows.Columns()))
	}
	for {
		switch err := rows.Next(s.values); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return c.classed(err)
		}
		if err := fn(s.values); err != nil {
			return err
		}
	}
}

// damage reports whether an error of SQLite says that a file is damaged, or none of its own.
func damage(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// errWriting is a failed write of which SQLite does not say whether the disk is full or broken; see disk.judge.
var errWriting = errors.New("writing failed")

// classed gives SQLite's errors the names that callers know.
func (c *conn) classed(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		c.shaky = true
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		c.shaky = true
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_IOERR:
		c.shaky = true
		switch e.Code() {
		case sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE:
			return fmt.Errorf("%w: %w", ErrBroken, err)
		case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMMAP:
			return fmt.Errorf("%w: %w", errWriting, err)
		}
		return err
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		c.shaky = true
		if e.Code() == sqlite3.SQLITE_CORRUPT_VTAB { // an index of words, which can be made anew
			return err
		}
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case sqlite3.SQLITE_CONSTRAINT:
		if c := e.Code(); c == sqlite3.SQLITE_CONSTRAINT_UNIQUE || c == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || c == sqlite3.SQLITE_CONSTRAINT_ROWID {
			return fmt.Errorf("%w: %w", ErrConflict, err)
		}
		return err
	}
	c.shaky = true
	return err
}
