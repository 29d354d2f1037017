package store

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// folded gathers the constant statements of this package: literals, constants and their sums.
func folded(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	consts, out := map[string]string{}, map[string]string{}
	var fold func(e ast.Expr) (string, bool)
	fold = func(e ast.Expr) (string, bool) {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(e.Value)
			return s, err == nil && e.Kind == token.STRING
		case *ast.Ident:
			s, ok := consts[e.Name]
			return s, ok
		case *ast.BinaryExpr:
			a, ok := fold(e.X)
			b, fine := fold(e.Y)
			return a + b, ok && fine
		}
		return "", false
	}
	var parsed []*ast.File
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	for range 3 { // constants made of constants
		for _, f := range parsed {
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
					for _, spec := range g.Specs {
						v := spec.(*ast.ValueSpec)
						for i, name := range v.Names {
							if i < len(v.Values) {
								if s, ok := fold(v.Values[i]); ok {
									consts[name.Name] = s
								}
							}
						}
					}
				}
			}
		}
	}
	verb := regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH) `)
	for i, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, a := range call.Args {
				if s, ok := fold(a); ok && verb.MatchString(s) {
					out[s] = files[min(i, len(files)-1)]
				}
			}
			return true
		})
	}
	return out
}

// walks are the statements that may walk a table or sort, and why that is right.
var walks = []struct{ part, why string }{
	{"FROM sqlite_schema", "the schema is small"},
	{"SELECT name FROM workspaces", "setup and demo"},
	{"FROM workspaces ORDER BY id LIMIT 2", "two rows of the primary key"},
	{"merged_into IS NULL ORDER BY last_message_at DESC", "a visitor has some dozens of conversations"},
	{"count(*)", "checks and the job counters: partial indices, or not interactive"},
	{"message_search MATCH", "the full-text index is walked newest first, within a window"},
	{"UPDATE visitors SET online = 0", "once, at a start"},
	{"UPDATE members SET online = 0", "once, at a start"},
	{"UPDATE jobs SET state = 'ready', updated_at = ? WHERE state = 'running'", "once, at a start"},
	{"UPDATE jobs SET state = 'parked', unique_key = NULL, last_error = 'the process ended while it ran'", "once, at a start"},
	{"FROM members m", "a team is small"},
	{"UPDATE api_keys SET expires_at = expires_at", "there are few keys, and it is once a minute"},
	{"FROM workspace_origins", "a list of origins is small"},
	{"DELETE FROM blobs", "a purge by the clock"},
	{"DELETE FROM ai_spent", "a purge by the clock"},
	{"LIMIT ?) c\n", "at most a window of an index"},
	{"FROM workspaces w WHERE EXISTS (SELECT 1 FROM recall_documents", "one row a workspace, when the embedder changes"},
	{"FROM help_centers WHERE policy", "one row a workspace"},
	{"FROM articles a JOIN article_texts t", "a workspace has some thousand articles, and their pages are kept by caches"},
	{"FROM article_tags t JOIN article_tags o", "the articles that share a tag with one, counted"},
	{"FROM failed_searches", "a bounded list for one report"},
	{"FROM collections WHERE workspace_id", "a workspace has some dozen collections"},
	{"GROUP BY purpose", "a bounded list for one report"},
	{"coalesce(sum(total), 0) FROM recall_indexes", "one short row a workspace"},
	{"coalesce((SELECT max(id)", "each is one step in an index"},
}

// Every constant statement fits the schema, and none walks a table or sorts unless it says why.
func TestStatementsFitTheSchemaAndUseIndices(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	all := folded(t)
	if len(all) < 80 {
		t.Fatalf("only %d statements were found: the gathering is broken", len(all))
	}
	for q := range all {
		var lines []string
		err := db.Read(context.Background(), 0, func(tx *Tx) error {
			if _, err := tx.conn.prepare(q); err != nil {
				return err
			}
			lines = plan(tx.conn, q)
			return nil
		})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		judge(t, q, lines)
	}
}

func judge(t *testing.T, q string, lines []string) {
	t.Helper()
	for _, w := range walks {
		if strings.Contains(q, w.part) {
			return
		}
	}
	for _, l := range lines {
		scan := strings.HasPrefix(l, "SCAN ") && !strings.Contains(l, "USING") && !strings.Contains(l, "VIRTUAL TABLE") && l != "SCAN CONSTANT ROW"
		if scan || strings.Contains(l, "TEMP B-TREE") {
			t.Errorf("%s\n  in %s", l, q)
		}
	}
}

// Many texts are looked up by their ids, however many: SQLite once took the workspace's index for cheaper.
func TestManyTextsAreLookedUp(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	err := db.Read(t.Context(), 0, func(tx *Tx) error {
		for _, table := range []string{"article_glances", "draft_glances"} {
			for _, n := range []int{1, 10, 40, 200} {
				if lines := plan(tx.conn, glanced(table, n)); len(lines) != 1 || !strings.Contains(lines[0], "USING INTEGER PRIMARY KEY") {
					t.Errorf("%d of %s: %q", n, table, lines)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The inbox's lists, with every filter, follow an index in their order.
func TestListsFollowAnIndex(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	status := []Status{"", StatusOpen, StatusClosed, StatusSnoozed}
	err := db.Read(t.Context(), 1, func(tx *Tx) error {
		for _, s := range status {
			for _, f := range []ConversationFilter{{}, {Assignee: 7}, {Unassigned: true}, {AIState: "handoff"}, {Unread: true}, {UnreadBy: true}, {Tag: 9}, {Last: 5, At: 5}, {Assignee: 7, Last: 5, At: 5}} {
				f.Status, f.Limit, f.Reader = s, 50, 3
				if _, err := tx.Conversations.List(f); err != nil {
					return err
				}
			}
		}
		_, err := tx.Visitors.List(VisitorFilter{Limit: 50})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for q, lines := range db.Plans() {
		if strings.Contains(q, "ORDER BY") {
			n++
			if strings.Contains(q, "c.status = ?") { // without a status there is no index in that order; nobody asks so often
				judge(t, q, lines)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d lists were looked at", n)
	}
}
