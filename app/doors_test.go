package app_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/apptest"
	"deskbell/app/may"
)

var update = flag.Bool("update", false, "write the generated files anew")

// held compares a generated file with what stands in the tree, or writes it with -update.
func held(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale (%v): go test ./app -run TestGenerated -update", path, err)
	}
}

// The surface of the program is a line a door: a change of it is seen in review.
func TestGeneratedFilesAreFresh(t *testing.T) {
	d := apptest.New(t)
	var list, types bytes.Buffer
	d.App.Doors.List(&list)
	d.App.Doors.TypeScript(&types)
	held(t, "../testdata/doors.txt", list.Bytes())
	held(t, "../widget/sdk/core/src/api.gen.ts", types.Bytes())
}

// Every door refuses everybody whom its rule does not let pass, whatever is asked, and a workspace that one does not
// belong to is not found.
func TestEveryDoorRefusesWhomItMust(t *testing.T) {
	d := apptest.New(t)
	tokens := map[string]string{"nobody": "", "visitor": d.Visitor("clara"), "owner": d.Owner}
	for _, role := range []string{"admin", "agent", "viewer"} {
		tokens[role] = d.Member(role)
	}
	stranger := d.Stranger()
	for _, e := range d.App.Doors.Entries() {
		for name, token := range tokens {
			who := actor.Actor{Kind: actor.Staff, Workspace: 1, Role: name, Permissions: may.Effective(name, nil)}
			switch name {
			case "nobody":
				who = actor.Actor{Kind: actor.Anonymous}
			case "visitor":
				who = actor.Actor{Kind: actor.Visitor, Workspace: 1, Visitor: 1}
			}
			if e.Need.Allows(who) {
				continue
			}
			status, out := d.Call(token, e.Name, d.Valid(e.Name))
			want := 403
			if name == "nobody" {
				want = 401
			}
			if status != want {
				t.Errorf("%s as %s: %d %v, want %d", e.Name, name, status, out, want)
			}
		}
		if e.Need.ForStaff() && !e.Need.Public() {
			in := d.Valid(e.Name)
			in["workspaceId"] = d.Workspace
			if status, out := d.Call(stranger, e.Name, in); status != 404 {
				t.Errorf("%s in a stranger's workspace: %d %v, want 404", e.Name, status, out)
			}
		}
	}
}

// Wrong input is refused at every door, says nothing of the value, and is no 5xx.
func TestEveryDoorRefusesWrongInput(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	for _, e := range d.App.Doors.Entries() {
		token := d.Owner
		if !e.Need.ForStaff() && e.Need.ForVisitors() && !e.Need.Public() {
			token = v
		}
		for what, body := range map[string]string{
			"unknown field": `{"zzz": "SECRET"}`, "broken": `{"a": "SECRET"`, "a list": `["SECRET"]`, "twice": `{"a":"SECRET","a":"SECRET"}`,
			"deep": strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60), "two values": `{} {"a":"SECRET"}`,
		} {
			status, out := d.Raw(token, e.Name, []byte(body), nil)
			if status != 422 || strings.Contains(apptest.JSON(out), "SECRET") {
				t.Errorf("%s with %s: %d %v", e.Name, what, status, out)
			}
		}
		if status, _ := d.Raw(token, e.Name, []byte(`{}`), http.Header{"Content-Type": {"text/plain"}}); status != 415 {
			t.Errorf("%s with text/plain: %d, want 415", e.Name, status)
		}
		if status, _ := d.Raw(token, e.Name, []byte(`{"a":"`+strings.Repeat("x", 2<<20)+`"}`), nil); status != 413 {
			t.Errorf("%s with 2 MB: %d, want 413", e.Name, status)
		}
	}
}
