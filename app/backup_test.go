package app_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/store"
)

// F-16: the file to copy is there soon after the start, and never older than a quarter of an hour of which something is to be
// kept.
func TestTheBackupIsAQuarterOfAnHourOldAtTheMost(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v := d.Visitor("clara")
	c := d.Say(v, "one")
	made := func() (at, messages int64) {
		last, err := d.App.Backups.Last()
		if err != nil {
			t.Fatal(err)
		}
		return int64(last.At), last.Counts["messages"]
	}
	holds := func(want int64) {
		t.Helper()
		d.Until("the backup holds what was said", func() bool { _, n := made(); return n == want })
	}
	d.Later(time.Minute)
	holds(1)
	first, _ := made()
	d.OK(v, "messages.send", m{"conversationId": c, "content": "two"})
	d.Later(15 * time.Minute)
	holds(2)
	second, _ := made()
	if got := time.Duration(second-first) * time.Millisecond; got != 15*time.Minute {
		t.Errorf("%v between two", got)
	}
	if s := d.OK(d.Owner, "backups.status", m{}); s["lastBackupAt"] != float64(second) || s["error"] != nil {
		t.Errorf("the status: %v", s)
	}
	d.Later(-time.Hour) // the clock is put right: what is said then is kept too
	d.OK(v, "messages.send", m{"conversationId": c, "content": "three"})
	holds(3)
	d.End()
	again := d.Again() // what the last process left undone is done
	again.Later(time.Minute)
	again.Until("there is one after a restart", func() bool { last, err := again.App.Backups.Last(); return err == nil && last.Counts["messages"] == 3 })
}

// The one file holds all workspaces: whoever founds another one does not get the first one's conversations with it.
func TestTheFileIsForTheOwnerOfTheFirstWorkspaceAlone(t *testing.T) {
	d := apptest.New(t)
	d.Say(d.Visitor("clara"), "Hello")
	agent := d.Member("agent")
	own := d.OK(agent, "workspaces.create", m{"name": "Mine"})["id"].(string)
	for what, c := range map[string]struct {
		token, workspace string
		want             int
	}{
		"the owner": {d.Owner, d.Workspace, 200}, "an agent": {agent, d.Workspace, 403}, "an agent with a workspace of their own": {agent, own, 403}, "a stranger": {d.Stranger(), d.Workspace, 404},
		"an admin": {d.Member("admin"), d.Workspace, 403}, "a visitor": {d.Visitor("clara"), d.Workspace, 403}, "nobody": {"", d.Workspace, 401},
	} {
		status, body := d.Download(c.token, c.workspace)
		if status != c.want || (len(body) > 15 && string(body[:15]) == "SQLite format 3") != (c.want == 200) {
			t.Errorf("%s: %d with %d bytes, want %d", what, status, len(body), c.want)
		}
	}
	if s := d.OK(d.Owner, "backups.status", m{}); s["mine"] != true || s["size"].(float64) == 0 {
		t.Errorf("the owner's status: %v", s)
	}
	if s := d.OK(agent, "backups.status", m{"workspaceId": own}); s["mine"] != false || s["size"].(float64) != 0 {
		t.Errorf("another owner's status: %v", s)
	}
	_, body := d.Download(d.Owner, d.Workspace)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
