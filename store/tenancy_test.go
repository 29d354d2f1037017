package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// everybodys are the tables whose rows belong to no workspace, and why.
var everybodys = map[string]string{
	"meta": "of the machine", "users": "a person may belong to several workspaces", "sessions": "a person's", "workspaces": "the workspaces themselves", "blobs": "content by its hash; what may read it names a workspace",
	"blob_chunks": "as blobs", "idempotency_keys": "by actor and door", "sign_in_failures": "before anybody is anybody", "recall_models": "of the machine", "goose_db_version": "of the migrations",
}

// unbound are tables whose workspace need not be one that there is, and why.
var unbound = map[string]string{"jobs": "what the clock does for all workspaces has none; no door reads it"}

type tableColumn struct {
	Name    string
	NotNull bool
}

func (c *tableColumn) fields() []any { return []any{&c.Name, &c.NotNull} }

type foreignColumn struct {
	Key      int
	Table    string
	From, To string
}

func (f *foreignColumn) fields() []any { return []any{&f.Key, &f.Table, &f.From, &f.To} }

// S-08: a row belongs to a workspace that there is, or its table is one of those that belong to nobody. A reference
// to another workspace's row cannot be written.
func TestEveryRowBelongsToAWorkspace(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	scoped := 0
	err := db.Read(t.Context(), 0, func(tx *Tx) error {
		tables, err := column[string](tx.session, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
		if err != nil {
			return err
		}
		columns, foreign := map[string]map[string]bool{}, map[string]map[int][]foreignColumn{}
		for _, table := range tables {
			list, err := many[tableColumn](tx.session, `SELECT name, "notnull" FROM pragma_table_info(?)`, table)
			if err != nil {
				return err
			}
			columns[table] = map[string]bool{}
			for _, c := range list {
				columns[table][c.Name] = c.NotNull
			}
			refs, err := many[foreignColumn](tx.session, `SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?)`, table)
			if err != nil {
				return err
			}
			foreign[table] = map[int][]foreignColumn{}
			for _, f := range refs {
				foreign[table][f.Key] = append(foreign[table][f.Key], f)
			}
		}
		for _, table := range tables {
			required, has := columns[table]["workspace_id"]
			if !has {
				if everybodys[table] == "" && !strings.Contains(table, "_search") && !strings.Contains(table, "_words") {
					t.Errorf("%s has no workspace_id, and is in no list", table)
				}
				continue
			}
			scoped++
			bound := false
			for _, key := range foreign[table] {
				names, workspace := key[0].Table, false
				for _, f := range key {
					workspace = workspace || f.From == "workspace_id" && (f.To == "workspace_id" || names == "workspaces" && (f.To == "id" || f.To == ""))
				}
				bound = bound || workspace
				if _, theirs := columns[names]["workspace_id"]; theirs && !workspace && !strings.HasPrefix(key[0].From, "conversation_id") {
					t.Errorf("%s refers to %s by %s without the workspace", table, names, key[0].From)
				}
			}
			primary := table == "messenger_settings" || table == "help_centers" || !required // INTEGER PRIMARY KEY is never NULL
			if unbound[table] == "" && (!bound || !required && !primary) {
				t.Errorf("%s: workspace_id is required %v and refers to a workspace %v", table, required, bound)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if scoped < 25 {
		t.Errorf("only %d tables of workspaces were found", scoped)
	}
	ours, theirs := ID(0), ID(0)
	_, err = db.Write(t.Context(), 0, func(tx *Tx) (err error) {
		if ours, err = insertWorkspace(tx, "Ours"); err == nil {
			theirs, err = insertWorkspace(tx, "Theirs")
		}
		if err == nil {
			_, err = exec(tx.session, `INSERT INTO tags (workspace_id, id, name, created_at) VALUES (?, 11, 'x', 0)`, theirs)
		}
		if err == nil {
			_, err = exec(tx.session, `INSERT INTO visitors (workspace_id, id, readable_id, first_seen_at, last_seen_at, created_at) VALUES (?, 12, 'x', 0, 0, 0)`, theirs)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, q := range map[string]string{
		"no workspace": `INSERT INTO tags (workspace_id, id, name, created_at) VALUES (NULL, 1, 'x', 0)`, "workspace 0": `INSERT INTO tags (workspace_id, id, name, created_at) VALUES (0, 1, 'x', 0)`,
		"an empty text": `INSERT INTO tags (workspace_id, id, name, created_at) VALUES ('', 1, 'x', 0)`, "a missing one": `INSERT INTO tags (workspace_id, id, name, created_at) VALUES (77, 1, 'x', 0)`,
		"a conversation of their visitor": `INSERT INTO conversations (workspace_id, id, visitor_id, last_message_at, created_at, updated_at) VALUES (` + fmt.Sprint(int64(ours)) + `, 1, 12, 0, 0, 0)`,
		"no visitor's workspace":          `INSERT INTO visitors (workspace_id, id, readable_id, first_seen_at, last_seen_at, created_at) VALUES (NULL, 1, 'x', 0, 0, 0)`,
	} {
		if _, err := db.Write(t.Context(), 0, func(tx *Tx) error { _, err := exec(tx.session, q); return err }); err == nil {
			t.Errorf("%s was written", what)
		}
	}
	err = db.Read(t.Context(), ours, func(tx *Tx) error {
		tags, err := tx.Tags.List()
		if err == nil && len(tags) != 0 {
			t.Errorf("ours lists %v", tags)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
