package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"deskbell/migrations"
)

// older is a file as an earlier version left it, with one workspace.
func older(t *testing.T, path string, schema int64) {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, migrations.FS)
	if err == nil {
		_, err = p.UpTo(t.Context(), schema)
	}
	if err == nil {
		_, err = pool.Exec(`INSERT INTO workspaces (id, name, created_at, updated_at) VALUES (7, 'kept', 0, 0)`)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// An upgrade keeps the file from before it, which the version before can still use; only the newest of these is kept.
func TestAnUpgradeKeepsTheFileFromBefore(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.db")
	older(t, path, 5)
	if err := os.WriteFile(path+".before-schema-3", []byte("from long ago"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := names(t, open(t, path)); fmt.Sprint(got) != "[kept]" {
		t.Errorf("got %v after the upgrade", got)
	}
	kept, _ := filepath.Glob(path + ".before-schema-*")
	if len(kept) != 1 || kept[0] != path+".before-schema-5" {
		t.Fatalf("kept: %v", kept)
	}
	again := filepath.Join(dir, "again.db")
	if out, err := Restore(t.Context(), again, kept[0]); err != nil || out.Partial {
		t.Errorf("restoring it: %+v %v", out, err)
	}
	if got := names(t, open(t, again)); fmt.Sprint(got) != "[kept]" {
		t.Errorf("got %v from before the upgrade", got)
	}
	fresh := filepath.Join(dir, "fresh.db")
	open(t, fresh)
	if kept, _ := filepath.Glob(fresh + ".before-schema-*"); len(kept) > 0 {
		t.Errorf("a new file was kept from before: %v", kept)
	}
}

// F-35: a file of a newer version is refused, untouched, with the numbers and the way back.
func TestAFileOfANewerVersionIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	db := open(t, path)
	db.writer.aside(func(c *conn) {
		if _, err := c.exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (4711, 1)`); err != nil {
			t.Error(err)
		}
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	_, err := Open(t.Context(), Options{Path: path})
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "schema is 4711") || !strings.Contains(err.Error(), path+".before-schema-") {
		t.Errorf("got %v, want ErrNewer with the way back", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}
