package store

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
)

// Audit has fn hear, after each read of DB.Watching, which tables it read and which of them it said it saw: a view
// that reads without saying so would go stale. It is for tests, and set before the first read.
func (db *DB) Audit(fn func(read, saw []string)) { db.audit = fn }

// audited tells fn of one read.
func (db *DB) audited(c *conn, seen map[Topic]struct{}) {
	var read, saw []string
	ran := c.ran
	c.ran = nil // what follows is not the view's
	for q := range ran {
		read = append(read, c.tables(q)...)
	}
	for t := range seen {
		table, _, _ := strings.Cut(string(t), "/")
		table, _, _ = strings.Cut(table, "#")
		table, _, _ = strings.Cut(table, "!")
		saw = append(saw, table)
	}
	slices.Sort(read)
	slices.Sort(saw)
	db.audit(slices.Compact(read), slices.Compact(saw))
}

// tables lists the tables whose pages a statement opens.
func (c *conn) tables(query string) (list []string) {
	names := map[int64]string{}
	_ = c.query(context.Background(), func(v []driver.Value) error {
		root, _ := v[0].(int64)
		names[root], _ = v[1].(string)
		return nil
	}, `SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0`)
	_ = c.query(context.Background(), func(v []driver.Value) error {
		if op, _ := v[1].(string); op == "OpenRead" {
			root, _ := v[3].(int64)
			list = append(list, names[root])
		}
		return nil
	}, `EXPLAIN `+query)
	return list
}

// Plans tells how SQLite runs each statement that was prepared so far (EXPLAIN QUERY PLAN), for the tests that refuse
// table scans and sorting.
func (db *DB) Plans() map[string][]string {
	plans := map[string][]string{}
	for _, q := range db.statements() {
		_ = db.Read(context.Background(), 0, func(tx *Tx) error {
			plans[q] = plan(tx.conn, q)
			return nil
		})
	}
	return plans
}

func plan(c *conn, query string) (lines []string) {
	_ = c.query(context.Background(), func(v []driver.Value) error {
		line, _ := v[3].(string)
		lines = append(lines, line)
		return nil
	}, `EXPLAIN QUERY PLAN `+query)
	return lines
}

// statements lists the distinct statements prepared so far.
func (db *DB) statements() []string {
	seen := map[string]bool{}
	add := func(c *conn) {
		for q := range c.stmts {
			if !strings.HasPrefix(q, "EXPLAIN") {
				seen[q] = true
			}
		}
	}
	for _, p := range []*pool{db.readers, db.search, db.slow} {
		p.each(add)
	}
	db.writer.aside(add)
	out := make([]string, 0, len(seen))
	for q := range seen {
		out = append(out, q)
	}
	return out
}
