package store

import "strings"

// row is a noun that knows where its columns go: fields() stands beside the list of columns, once.
type row[T any] interface {
	*T
	fields() []any
}

// one reads the only row of a query, or ErrNotFound.
func one[T any, P row[T]](s *session, query string, args ...any) (*T, error) {
	var found *T
	err := s.conn.query(s.ctx, func(row *statement) error {
		found = new(T)
		return row.scan(P(found).fields())
	}, query, args...)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, ErrNotFound
	}
	return found, nil
}

// many reads all rows of a query; a list without rows is empty, never nil.
func many[T any, P row[T]](s *session, query string, args ...any) ([]T, error) {
	list := []T{}
	err := s.conn.query(s.ctx, func(row *statement) error {
		list = append(list, *new(T))
		return row.scan(P(&list[len(list)-1]).fields())
	}, query, args...)
	return list, err
}

// pick reads the columns of the only row into dest, or ErrNotFound.
func pick(s *session, dest []any, query string, args ...any) error {
	found := false
	err := s.conn.query(s.ctx, func(row *statement) error {
		found = true
		return row.scan(dest)
	}, query, args...)
	if err == nil && !found {
		return ErrNotFound
	}
	return err
}

// column reads the first column of all rows.
func column[T any](s *session, query string, args ...any) ([]T, error) {
	list := []T{}
	err := s.conn.query(s.ctx, func(row *statement) error {
		var v T
		if err := row.assign(&v, 0); err != nil {
			return err
		}
		list = append(list, v)
		return nil
	}, query, args...)
	return list, err
}

// exec runs a statement and says how many rows it changed.
func exec(s *session, query string, args ...any) (int64, error) {
	return s.conn.exec(s.ctx, query, args...)
}

// must is exec for a statement that has to change a row: none is ErrNotFound.
func must(s *session, query string, args ...any) error {
	n, err := exec(s, query, args...)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// where gathers the conditions of a query whose filters are optional.
type where struct {
	terms []string
	args  []any
}

func (w *where) and(term string, args ...any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, args...)
}

// String is " WHERE a AND b", or nothing.
func (w *where) String() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// difference gathers the columns of an UPDATE that changes only what is another than before.
type difference struct {
	columns []byte
	args    []any
}

func (d *difference) set(column string, value any) {
	if len(d.args) > 0 {
		d.columns = append(d.columns, ", "...)
	} else {
		d.columns, d.args = make([]byte, 0, 320), make([]any, 0, 16)
	}
	d.columns = append(append(d.columns, column...), " = ?"...)
	d.args = append(d.args, value)
}

func differs[T comparable](d *difference, column string, was, is T) {
	if was != is {
		d.set(column, is)
	}
}

// marks is "?,?,?" for n arguments.
func marks(n int) string {
	if n == 0 {
		return "NULL"
	}
	return strings.Repeat("?,", n-1) + "?"
}

// anys passes a list as arguments.
func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
