package store

import (
	"context"
	"slices"
	"strings"
)

// Audit has fn hear, after each Tx.Watched, which tables it read and which of them it said it saw: a view
// that reads without saying so would go stale. It is for tests, and set before the first read.
func (db *DB) Audit(fn func(read, saw []string)) { db.audit = fn }

// audited tells fn of one read.
func (db *DB) audited(c *conn, seen *seen) {
	var read []string
	ran := c.ran
	c.ran = nil // what follows is not the view's
	for q := range ran {
		read = append(read, c.tables(q)...)
	}
	saw := slices.Clone(seen.tables)
	slices.Sort(read)
	slices.Sort(saw)
	db.audit(slices.Compact(read), slices.Compact(saw))
}

// tables lists the tables whose pages a statement opens.
func (c *conn) tables(query string) (list []string) {
	names := map[int64]string{}
	c.explain(`SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0`, func(row *statement) {
		names[row.integer(0)] = row.text(1)
	})
	c.explain(`EXPLAIN `+query, func(row *statement) { // addr, opcode, p1, p2 …
		if row.text(1) == "OpenRead" {
			list = append(list, names[row.integer(3)])
		}
	})
	return list
}

// explain runs a statement that tells about others. What stands in the place of its parameters does not matter.
func (c *conn) explain(query string, fn func(*statement)) {
	s, err := c.prepare(query)
	if err == nil {
		err = c.query(context.Background(), func(row *statement) error { fn(row); return nil }, query, make([]any, s.params)...)
	}
	if err != nil {
		panic("store: audit: " + err.Error())
	}
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
	c.explain(`EXPLAIN QUERY PLAN `+query, func(row *statement) { lines = append(lines, row.text(3)) })
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
