package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"deskbell/app"
	"deskbell/app/account"
	"deskbell/app/apptest"
)

// The commands of the help center work on a directory that nobody serves and on one that is served, mean the only
// workspace there is, and ask which where there are two.
func TestCommandsOfTheHelpCenter(t *testing.T) {
	docs := t.TempDir()
	if err := os.WriteFile(filepath.Join(docs, "returns.md"), []byte("# Returns\n\nWithin 30 days."), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(data string, c app.Command) app.Answer {
		t.Helper()
		out, err := app.Ask(context.Background(), data, c)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		return out
	}
	both := func(data string) {
		t.Helper()
		if out := ask(data, app.Command{Name: "help-import", Path: docs, DryRun: true}); len(out.Synced.Created) != 1 {
			t.Errorf("a trial would make %v", out.Synced.Created)
		}
		if out := ask(data, app.Command{Name: "help-import", Path: docs}); len(out.Synced.Created) != 1 {
			t.Errorf("made %v", out.Synced.Created)
		}
		file := filepath.Join(t.TempDir(), "out.zip")
		if out := ask(data, app.Command{Name: "help-export", Path: file}); out.Articles != 1 {
			t.Errorf("%d articles went out", out.Articles)
		}
		if b, err := os.ReadFile(file); err != nil || len(b) < 4 || string(b[:2]) != "PK" {
			t.Errorf("the zip: %d bytes, %v", len(b), err)
		}
	}
	idle := t.TempDir()
	ask(idle, app.Command{Name: "setup", Founder: account.Founder{Email: "ann@shop.test", Name: "Ann", WorkspaceName: "Shop", Password: "correct horse"}})
	both(idle)

	d := apptest.New(t)
	both(d.App.Data)
	if _, err := app.Ask(context.Background(), d.App.Data, app.Command{Name: "help-import", Path: filepath.Join(docs, "nothing")}); err == nil {
		t.Error("a folder that is not there was imported")
	}
	d.OK(d.Owner, "workspaces.create", m{"name": "Second"})
	if _, err := app.Ask(context.Background(), d.App.Data, app.Command{Name: "help-import", Path: docs}); err == nil {
		t.Error("it was not asked which workspace")
	}
	if _, err := app.Ask(context.Background(), d.App.Data, app.Command{Name: "help-import", Path: docs, Space: 7}); err == nil {
		t.Error("a workspace that is not there took an import")
	}
}
