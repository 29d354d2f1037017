package store

import (
	"path/filepath"
	"slices"
	"testing"
)

func TestTheAuditKnowsWhatAStatementReads(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	var read, saw []string
	db.Audit(func(r, s []string) { read, saw = r, s })
	look := func(tx *Tx) error {
		_, err := column[ID](tx.session, `SELECT c.id FROM conversations c JOIN visitors v ON v.workspace_id = c.workspace_id AND v.id = c.visitor_id WHERE c.workspace_id = ?`, 1)
		tx.saw("visitors", "id", 7)
		return err
	}
	err := db.Watching(t.Context(), func(tx *Tx, _ uint64) error {
		_, err := tx.Watched(1, look)
		return err
	})
	if err != nil || !slices.Equal(read, []string{"conversations", "visitors"}) || !slices.Equal(saw, []string{"visitors"}) {
		t.Errorf("read %v, saw %v, %v", read, saw, err)
	}
}
