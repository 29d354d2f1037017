package store

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// change is one row that is about to change, while SQLite's pre-update hook runs
// (https://sqlite.org/c3ref/preupdate_blobwrite.html).
type change struct {
	conn           *conn
	what           int32
	name           uintptr
	oldRow, newRow int64
}

// watch has fn hear of each row that the connection changes.
func (c *conn) watch(fn func(change)) {
	c.saw = fn
	sqlite3.Xsqlite3_preupdate_hook(c.tls, c.db, pointer(changing), c.db)
}

func changing(_ *libc.TLS, handle, _ uintptr, op int32, _, table uintptr, oldRow, newRow int64) {
	if c, ok := conns.Load(handle); ok {
		c := c.(*conn)
		c.saw(change{c, op, table, oldRow, newRow})
	}
}

// table is the table's name, in SQLite's memory.
func (d change) table() []byte {
	return memory(d.name, int(libc.Xstrlen(d.conn.tls, d.name)))
}

func (d change) op() Op {
	switch d.what {
	case sqlite3.SQLITE_INSERT:
		return Insert
	case sqlite3.SQLITE_UPDATE:
		return Update
	}
	return Delete
}

// watchedValue is a value of a watched column: a whole number, or the hash of a text. Other kinds are 0 and tell nothing.
type watchedValue struct {
	kind   int32
	number int64
}

// before reads the leading columns of the row as it was.
func (d change) before(dest []watchedValue) {
	for i := range dest {
		dest[i] = d.value(sqlite3.Xsqlite3_preupdate_old(d.conn.tls, d.conn.db, int32(i), d.conn.out))
	}
}

// now reads the leading columns of the row as it will be.
func (d change) now(dest []watchedValue) {
	for i := range dest {
		dest[i] = d.value(sqlite3.Xsqlite3_preupdate_new(d.conn.tls, d.conn.db, int32(i), d.conn.out))
	}
}

func (d change) value(rc int32) watchedValue {
	if rc != sqlite3.SQLITE_OK {
		return watchedValue{}
	}
	tls, v := d.conn.tls, d.conn.pointed()
	switch sqlite3.Xsqlite3_value_type(tls, v) {
	case sqlite3.SQLITE_INTEGER:
		return watchedValue{sqlite3.SQLITE_INTEGER, sqlite3.Xsqlite3_value_int64(tls, v)}
	case sqlite3.SQLITE_TEXT:
		return watchedValue{sqlite3.SQLITE_TEXT, int64(words(libc.GoString(sqlite3.Xsqlite3_value_text(tls, v))))}
	}
	return watchedValue{}
}
