package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// statement is one prepared statement, and while it runs the row it stands on.
type statement struct {
	conn            *conn
	at              uintptr // sqlite3_stmt*
	columns, params int
	room            uintptr // SQLite's memory for the texts of one run
	size            int     // of room
	running         bool
}

// roomy is how much memory for texts a statement keeps from one run to the next.
const roomy = 64 << 10

func (s *statement) close() {
	sqlite3.Xsqlite3_finalize(s.conn.tls, s.at)
	s.resize(0)
}

func (s *statement) resize(size int) {
	if s.room != 0 {
		libc.Xfree(s.conn.tls, s.room)
	}
	s.room, s.size = 0, size
	if size > 0 {
		s.room = libc.Xmalloc(s.conn.tls, types.Size_t(size))
	}
}

// step goes to the next row, and says whether there is one.
func (s *statement) step(ctx context.Context) (bool, error) {
	s.conn.waitFor(ctx)
	switch rc := sqlite3.Xsqlite3_step(s.conn.tls, s.at); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		err := s.conn.classed(rc)
		if gone := ctx.Err(); gone != nil && rc&0xff == sqlite3.SQLITE_INTERRUPT {
			return false, gone
		}
		return false, err
	}
}

// end makes the statement ready for its next run.
func (s *statement) end() {
	sqlite3.Xsqlite3_reset(s.conn.tls, s.at) // says again what step said
	s.running = false
	if s.size > roomy {
		sqlite3.Xsqlite3_clear_bindings(s.conn.tls, s.at)
		s.resize(0)
	}
}

// bind sets the parameters. Texts are copied into the statement's own memory, where they stay until the next run.
func (s *statement) bind(args []any) error {
	if len(args) != s.params {
		return fmt.Errorf("%d values for %d parameters", len(args), s.params)
	}
	need := 1 // an empty text has an address too
	for _, a := range args {
		need += len(textOf(a))
	}
	if need > s.size {
		s.resize(max(need, 256))
		if s.room == 0 {
			return fmt.Errorf("no memory for %d bytes", need)
		}
	}
	free := s.room
	for i, a := range args {
		rc, err := s.set(int32(i+1), a, &free)
		if err != nil {
			return err
		}
		if rc != sqlite3.SQLITE_OK {
			return s.conn.failure(rc)
		}
	}
	return nil
}

// orNull is NULL for no ID, for columns that refer to a row which need not be there.
func orNull(id ID) any {
	if id == 0 {
		return nil
	}
	return id
}

// textOf are the bytes of a text or a blob.
func textOf(a any) string {
	switch v := a.(type) {
	case string:
		return v
	case []byte:
		return unsafe.String(unsafe.SliceData(v), len(v))
	case json.RawMessage:
		return unsafe.String(unsafe.SliceData(v), len(v))
	case ID, Time, int64, int, bool, nil, float64:
		return ""
	}
	if r := reflect.ValueOf(a); r.Kind() == reflect.String {
		return r.String()
	}
	return ""
}

// set binds one of the types that callers pass as one of SQLite's five.
func (s *statement) set(i int32, a any, free *uintptr) (int32, error) {
	tls := s.conn.tls
	switch v := a.(type) {
	case nil:
		return sqlite3.Xsqlite3_bind_null(tls, s.at, i), nil
	case ID:
		return sqlite3.Xsqlite3_bind_int64(tls, s.at, i, int64(v)), nil
	case Time:
		return sqlite3.Xsqlite3_bind_int64(tls, s.at, i, int64(v)), nil
	case int64:
		return sqlite3.Xsqlite3_bind_int64(tls, s.at, i, v), nil
	case int:
		return sqlite3.Xsqlite3_bind_int64(tls, s.at, i, int64(v)), nil
	case bool:
		return sqlite3.Xsqlite3_bind_int64(tls, s.at, i, int64(libc.Bool32(v))), nil
	case float64:
		return sqlite3.Xsqlite3_bind_double(tls, s.at, i, v), nil
	case []byte:
		if v == nil {
			return sqlite3.Xsqlite3_bind_null(tls, s.at, i), nil
		}
		at := s.put(textOf(a), free)
		return sqlite3.Xsqlite3_bind_blob(tls, s.at, i, at, int32(len(v)), 0), nil
	case string, json.RawMessage:
	default:
		if t := reflect.TypeOf(a); t.Kind() != reflect.String {
			return 0, fmt.Errorf("a %s cannot be stored", t.String())
		}
	}
	text := textOf(a)
	at := s.put(text, free)
	return sqlite3.Xsqlite3_bind_text(tls, s.at, i, at, int32(len(text)), 0), nil
}

// put copies a text into the statement's memory and says where it stands.
func (s *statement) put(text string, free *uintptr) uintptr {
	at := *free
	copy(memory(at, len(text)), text)
	*free += uintptr(len(text))
	return at
}

// scan puts the row's values where they belong. NULL becomes the zero value.
func (s *statement) scan(dest []any) error {
	if s.columns != len(dest) {
		return fmt.Errorf("%d columns for %d fields", s.columns, len(dest))
	}
	for i, d := range dest {
		if err := s.assign(d, i); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

func (s *statement) assign(dest any, column int) error {
	i := int32(column)
	switch kind := sqlite3.Xsqlite3_column_type(s.conn.tls, s.at, i); kind {
	case sqlite3.SQLITE_NULL:
		reflect.ValueOf(dest).Elem().SetZero()
	case sqlite3.SQLITE_INTEGER:
		return assignInt(dest, s.integer(column))
	case sqlite3.SQLITE_FLOAT:
		d, ok := dest.(*float64)
		if !ok {
			return fmt.Errorf("a float does not fit %T", dest)
		}
		*d = sqlite3.Xsqlite3_column_double(s.conn.tls, s.at, i)
	case sqlite3.SQLITE_TEXT:
		return assignText(dest, s.bytes(column))
	default:
		switch d := dest.(type) {
		case *[]byte:
			*d = append([]byte{}, s.bytes(column)...)
		case *string:
			*d = string(s.bytes(column))
		default:
			return fmt.Errorf("bytes do not fit %T", dest)
		}
	}
	return nil
}

func assignInt(dest any, v int64) error {
	switch d := dest.(type) {
	case *ID:
		*d = ID(v)
	case *Time:
		*d = Time(v)
	case *int64:
		*d = v
	case *int:
		*d = int(v)
	case *bool:
		*d = v != 0
	case *float64:
		*d = float64(v)
	default:
		return fmt.Errorf("an integer does not fit %T", dest)
	}
	return nil
}

// assignText copies a text.
func assignText(dest any, v []byte) error {
	switch d := dest.(type) {
	case *string:
		*d = string(v)
	case *json.RawMessage:
		*d = append(json.RawMessage{}, v...)
	case *[]byte:
		*d = append([]byte{}, v...)
	default:
		r := reflect.ValueOf(dest).Elem()
		if r.Kind() != reflect.String {
			return fmt.Errorf("text does not fit %T", dest)
		}
		r.SetString(string(v))
	}
	return nil
}

// integer is a column's value as a whole number.
func (s *statement) integer(column int) int64 {
	return sqlite3.Xsqlite3_column_int64(s.conn.tls, s.at, int32(column))
}

// bytes are those of a text or a blob, in SQLite's memory: they are gone with the row.
func (s *statement) bytes(column int) []byte {
	at := sqlite3.Xsqlite3_column_blob(s.conn.tls, s.at, int32(column))
	n := sqlite3.Xsqlite3_column_bytes(s.conn.tls, s.at, int32(column))
	if at == 0 {
		return nil
	}
	return memory(at, int(n))
}

// text is a column's value in words, for what people read.
func (s *statement) text(column int) string {
	return libc.GoString(sqlite3.Xsqlite3_column_text(s.conn.tls, s.at, int32(column)))
}
