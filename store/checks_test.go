package store

import (
	"path/filepath"
	"strings"
	"testing"
)

// A CHECK with IN builds a table in each statement; and said otherwise it must still refuse.
func TestHotTablesCheckWithoutBuildingTables(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	for table, wrong := range map[string][]string{
		"messages":      {"kind", "sender_type", "delivery_status"},
		"conversations": {"status", "ai_state", "priority"},
		"jobs":          {"state"},
	} {
		err := db.Read(t.Context(), 0, func(tx *Tx) error {
			list, err := column[string](tx.session, `SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?`, table)
			if err == nil && (len(list) != 1 || strings.Contains(list[0], " IN (")) {
				t.Errorf("%s: %s", table, list)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range wrong {
			_, err := db.Write(t.Context(), 0, func(tx *Tx) error {
				if _, err := insertWorkspace(tx, "w"); err != nil {
					return err
				}
				for _, q := range []string{
					`INSERT INTO visitors (workspace_id, id, readable_id, first_seen_at, last_seen_at, created_at) SELECT id, 1, '', 0, 0, 0 FROM workspaces`,
					`INSERT INTO conversations (workspace_id, id, visitor_id, last_message_at, created_at, updated_at) SELECT workspace_id, 1, 1, 0, 0, 0 FROM visitors`,
					`INSERT INTO messages (workspace_id, conversation_id, id, sender_type, content, content_html, created_at) SELECT workspace_id, 1, 1, 'agent', '', '', 0 FROM visitors`,
					`INSERT INTO jobs (kind, id, run_at, created_at, updated_at) VALUES ('x', 1, 0, 0, 0)`,
				} {
					if _, err := exec(tx.session, q); err != nil {
						return err
					}
				}
				_, err := exec(tx.session, `UPDATE `+table+` SET `+column+` = 'nonsense'`)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "CHECK constraint failed") {
				t.Errorf("%s.%s took nonsense: %v", table, column, err)
			}
		}
	}
}
