package helpcenter_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pressly/goose/v3"

	"deskbell/app"
	"deskbell/app/apptest"
	"deskbell/migrations"
)

// An upgrade that makes the indices anew fills them in the background: who may find what is as before, also where the process
// was stopped in the middle.
func TestAnUpgradeFillsTheIndicesAnew(t *testing.T) {
	pattern, err := apptest.Prepared()
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if err := os.CopyFS(data, os.DirFS(pattern.Dir)); err != nil {
		t.Fatal(err)
	}
	start := func() *apptest.Desk {
		d := apptest.Bare(t, app.Options{Data: data})
		d.Owner, d.Workspace = pattern.Owner, pattern.Workspace
		return d
	}
	d := start()
	d.OK(d.Owner, "helpCenter.updateSettings", m{"languages": []string{"es", "ja"}})
	id := d.Wrote("Dimmer", "It hums at night.", nil)
	d.Wrote("Lamps", "A dimmer is no switch.", nil)
	for language, title := range map[string]string{"es": "Regulador dimmer", "ja": "調光器の東京"} {
		d.OK(d.Owner, "articles.update", m{"articleId": id, "language": language, "title": title, "content": "x"})
		d.OK(d.Owner, "articles.publish", m{"articleId": id, "language": language})
	}
	d.OK(d.Owner, "articles.create", m{"title": "Dimmer draft", "content": "Not yet."})
	for range 30 { // more than are filled at once
		d.OK(d.Owner, "articles.create", m{"title": "Chair", "content": "A chair."})
	}
	found := func(q, language string) []string {
		return apptest.Titles(d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": q, "language": language}))
	}
	team := func() []string {
		return apptest.Titles(d.OK(d.Owner, "articles.search", m{"q": "dimmer", "limit": 50}))
	}
	check := func() {
		t.Helper()
		for _, c := range []struct {
			q, language string
			want        []string
		}{{"dimmer", "en", []string{"Dimmer", "Lamps"}}, {"dimmer", "es", []string{"Regulador dimmer", "Lamps"}}, {"東京", "ja", []string{"調光器の東京"}}, {"京東", "ja", nil}, {"draft", "en", nil}} {
			if got := found(c.q, c.language); !slices.Equal(got, c.want) {
				t.Errorf("%q in %s: %q instead of %q", c.q, c.language, got, c.want)
			}
		}
		if got := team(); len(got) != 3 || got[0] == "Lamps" {
			t.Errorf("the team finds %q", got)
		}
	}
	check()
	for range 2 {
		d.End()
		pool, err := sql.Open("sqlite", "file:"+filepath.Join(data, "deskbell.db"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := goose.NewProvider(goose.DialectSQLite3, pool, migrations.FS)
		if err == nil {
			_, err = p.DownTo(t.Context(), 27)
		}
		if err = errors.Join(err, pool.Close()); err != nil {
			t.Fatal(err)
		}
		d = start()
		d.End() // in the middle, or before it began
		d = start()
		d.Until("all is found again", func() bool {
			return len(team()) == 3 && len(found("東京", "ja")) == 1 && len(found("dimmer", "en")) == 2
		})
		check()
	}
	d.End()
	d = start()
	check() // nothing is filled twice
}
