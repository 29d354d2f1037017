package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"deskbell/store"
)

func (d *desk) download(token, workspace string) (int, []byte) {
	d.t.Helper()
	r, _ := http.NewRequest("GET", d.url+"/api/backups.download?workspaceId="+workspace, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	path := filepath.Join(d.t.TempDir(), "download.db")
	f, err := os.Create(path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.ReadFrom(res.Body); err != nil {
		d.t.Fatal(err)
	}
	b, _ := os.ReadFile(path)
	return res.StatusCode, b
}

// The one file holds all workspaces: whoever founds another one does not get the first one's conversations with it.
func TestTheFileIsForTheOwnerOfTheFirstWorkspaceAlone(t *testing.T) {
	d := newDesk(t)
	d.say(d.visitor("clara"), "Hello")
	agent := d.member("agent")
	own := d.ok(agent, "workspaces.create", m{"name": "Mine"})["id"].(string)
	for what, c := range map[string]struct {
		token, workspace string
		want             int
	}{
		"the owner": {d.owner, d.workspace, 200}, "an agent": {agent, d.workspace, 403}, "an agent with a workspace of their own": {agent, own, 403}, "a stranger": {d.stranger(), d.workspace, 404},
		"an admin": {d.member("admin"), d.workspace, 403}, "a visitor": {d.visitor("clara"), d.workspace, 403}, "nobody": {"", d.workspace, 401},
	} {
		status, body := d.download(c.token, c.workspace)
		if status != c.want || (len(body) > 15 && string(body[:15]) == "SQLite format 3") != (c.want == 200) {
			t.Errorf("%s: %d with %d bytes, want %d", what, status, len(body), c.want)
		}
	}
	if s := d.ok(d.owner, "backups.status", m{}); s["mine"] != true || s["size"].(float64) == 0 {
		t.Errorf("the owner's status: %v", s)
	}
	if s := d.ok(agent, "backups.status", m{"workspaceId": own}); s["mine"] != false || s["size"].(float64) != 0 {
		t.Errorf("another owner's status: %v", s)
	}
	_, body := d.download(d.owner, d.workspace)
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
