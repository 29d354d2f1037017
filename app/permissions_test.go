package app_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/may"
	"deskbell/store"
)

// opens says by the words of a rule alone, as the list of doors tells them, whether a member with these rights may
// pass. It is what a reader understands, not what the program does.
func opens(rule string, rights actor.Permissions, person bool) bool {
	return slices.ContainsFunc(strings.Split(rule, "|"), func(one string) bool {
		right, inPerson := strings.CutSuffix(one, " in person")
		switch {
		case one == "Member" || one == "Anyone":
			return true
		case one == "Owner" || one == "OwnVisitor" || inPerson && !person:
			return false
		}
		return !slices.ContainsFunc(strings.Split(right, "&"), func(p string) bool { return !rights.Has(actor.Permission(p)) })
	})
}

// sets are the rights that tell every door's need apart: each alone, and all but each.
func sets() map[string]actor.Permissions {
	out := map[string]actor.Permissions{"nothing": {}, "everything": may.All}
	for _, p := range may.All {
		out["only "+string(p)] = actor.Set(p)
		out["all but "+string(p)] = slices.DeleteFunc(slices.Clone(may.All), func(q actor.Permission) bool { return p == q })
	}
	return out
}

// signed begins a session for a user without asking for the password.
func (d *desk) signed(user store.ID) string {
	d.t.Helper()
	in, err := d.app.Accounts.Welcome(d.t.Context(), actor.Actor{}, user, true)
	if err != nil {
		d.t.Fatal(err)
	}
	return in.Token
}

// colleague is a member by role: the id of the membership and of the user.
func (d *desk) colleague(role string) (member string, user store.ID) {
	d.t.Helper()
	for _, v := range d.ok(d.owner, "workspaceMembers.list", m{})["items"].([]any) {
		if v.(m)["role"] == role {
			user, err := store.ParseID(v.(m)["userId"].(string))
			if err != nil {
				d.t.Fatal(err)
			}
			return v.(m)["id"].(string), user
		}
	}
	d.t.Fatal("there is no " + role)
	return "", 0
}

// passed says whether a door let somebody pass, whatever it answered then.
func passed(status int, out m) bool {
	return status != http.StatusUnauthorized && (status != http.StatusForbidden || out["detail"] != "You do not have the permission for this.")
}

// broken says whether an answer tells nothing of a door: the program failed, or would not listen.
func broken(status int, out m) bool {
	return status == http.StatusInternalServerError || out["detail"] == "Too many requests. Try again in a moment."
}

// guarded are the plain pages that ask for a right.
var guarded = map[string]string{
	"POST /api/files.upload":         "conversations.reply|OwnVisitor",
	"POST /api/articles.uploadAsset": "articles.create",
	"POST /api/helpCenter.import":    "articles.publish",
	"GET /api/helpCenter.export":     "data.export",
	"GET /api/backups.download":      "Owner",
}

// knock asks for a plain page with what it takes: a small form where it wants one.
func (d *desk) knock(token, route, workspace string) (int, m) {
	d.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	var body bytes.Buffer
	kind := ""
	if method == http.MethodPost {
		f := multipart.NewWriter(&body)
		name, content := "a.txt", []byte("Hello")
		switch {
		case strings.Contains(path, "Asset"):
			name, content = "a.png", pngOf(2, 2)
		case strings.Contains(path, "import"):
			name, content = "a.zip", zipped(d.t, map[string]string{"hello.md": "# Hello"})
		}
		w, _ := f.CreateFormFile("file", name)
		w.Write(content)
		f.Close()
		kind = f.FormDataContentType()
	}
	r, err := http.NewRequest(method, d.url+path+"?workspaceId="+workspace, &body)
	if err != nil {
		d.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return d.send(r)
}

// A door opens with the right that it says it needs, and with no other: to members with rights of their own, to
// programs with scopes, on the socket, and at the plain pages.
func TestADoorOpensWithTheRightItNamesAndNoOther(t *testing.T) {
	d := newDesk(t)
	d.member("admin")
	member, user := d.colleague("admin")
	left := []string{"workspaceMembers.leave"} // it opens to every member, and ends this one
	for what, rights := range sets() {
		d.ok(d.owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": append([]actor.Permission{}, rights...)})
		token := d.signed(user)
		ws, id := d.socket(token), 0
		for _, e := range d.app.Doors.Entries() {
			if !e.Need.ForStaff() || slices.Contains(left, e.Name) {
				continue
			}
			in := d.valid(e.Name)
			in["workspaceId"] = d.workspace
			want := opens(e.Need.String(), rights, true)
			if status, out := d.call(token, e.Name, in); passed(status, out) != want || broken(status, out) {
				t.Errorf("%s with %s: %d %v, want it open: %v", e.Name, what, status, out, want)
			}
			if id++; e.View {
				if code := d.asked(ws, id, e.Name, in); (code != "forbidden") != want || code == "unauthenticated" || code == "rate_limited" {
					t.Errorf("%s with %s on the socket: %q, want it open: %v", e.Name, what, code, want)
				}
			}
		}
		for route, need := range guarded {
			if status, out := d.knock(token, route, d.workspace); passed(status, out) != opens(need, rights, true) || broken(status, out) {
				t.Errorf("%s with %s: %d %v", route, what, status, out)
			}
		}
		ws.Close()
	}
	for what, rights := range sets() {
		if len(rights) == 0 {
			continue // there are no such keys
		}
		scopes := make([]string, len(rights))
		for i, p := range rights {
			scopes[i] = string(p)
		}
		_, key := d.key(d.owner, scopes...)
		for _, e := range d.app.Doors.Entries() {
			if !e.Need.ForStaff() || slices.Contains(left, e.Name) {
				continue
			}
			want := opens(e.Need.String(), rights, false)
			if status, out := d.call(key, e.Name, d.valid(e.Name)); passed(status, out) != want || broken(status, out) {
				t.Errorf("%s by a key with %s: %d %v, want it open: %v", e.Name, what, status, out, want)
			}
		}
		for route, need := range guarded {
			if status, out := d.knock(key, route, d.workspace); passed(status, out) != opens(need, rights, false) || broken(status, out) {
				t.Errorf("%s by a key with %s: %d %v", route, what, status, out)
			}
		}
	}
}

// A right that is taken while somebody looks is gone at once: the view they hold open is closed with a refusal, and
// what happens afterwards does not reach them (S-05).
func TestALostRightClosesTheViewsThatNeedIt(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	c := d.say(v, "Hello")
	d.member("agent")
	member, user := d.colleague("agent")
	ws := d.socket(d.signed(user))
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"workspaceId": d.workspace, "conversationId": c}, "patch": true})
	ws.WriteJSON(m{"id": 2, "view": "conversations.listForInbox", "args": m{"workspaceId": d.workspace}, "patch": true})
	ws.WriteJSON(m{"id": 3, "view": "articles.list", "args": m{"workspaceId": d.workspace}})
	open := map[any]bool{}
	d.hear(ws, func(a m) bool { open[a["id"]] = a["value"] != nil; return len(open) == 3 })
	d.ok(d.owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": []string{"articles.read"}})
	d.ok(v, "messages.send", m{"conversationId": c, "content": "the number of my card"})
	closed := map[any]bool{}
	d.hear(ws, func(a m) bool {
		if strings.Contains(jsonOf(a), "my card") {
			t.Errorf("it reached them: %v", a)
		}
		if e, _ := a["error"].(m); e != nil {
			closed[a["id"]] = e["code"] == "forbidden"
		}
		return closed[1.0] && closed[2.0]
	})
	if closed[3.0] {
		t.Error("the view that needs another right is closed as well")
	}
	if code := d.asked(ws, 4, "articles.list", m{"workspaceId": d.workspace}); code != "" {
		t.Errorf("what they may still see: %q", code)
	}
}

// Some fields of a door need more than the door: what a workspace lets in from outside, and what is the team's.
func TestFieldsThatNeedMoreThanTheirDoor(t *testing.T) {
	d := newDesk(t)
	d.member("admin")
	member, user := d.colleague("admin")
	token := d.signed(user)
	give := func(rights ...string) {
		d.ok(d.owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": rights})
	}
	give("settings.workspace", "conversations.reply", "conversations.read")
	d.ok(token, "workspaces.update", m{"name": "Shop & Sons"})
	d.refused("forbidden", token, "workspaces.update", m{"name": "Mine", "allowedOrigins": []string{"https://evil.example"}})
	d.refused("forbidden", token, "workspaces.update", m{"sessionLifetimeMs": 3600000})
	d.refused("forbidden", token, "savedReplies.create", m{"shared": true, "name": "x", "content": "x"})
	d.ok(token, "savedReplies.create", m{"name": "x", "content": "x"})
	w := d.ok(d.owner, "workspaces.get", m{})
	if w["name"] != "Shop & Sons" || len(w["allowedOrigins"].([]any)) != 0 || w["sessionLifetimeMs"] != 86400000.0 {
		t.Errorf("what was refused changed something: %v", w)
	}
	give("settings.workspace", "settings.security", "snippets.manage")
	d.ok(token, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example"}})
	d.ok(token, "savedReplies.create", m{"shared": true, "name": "y", "content": "y"})
	give("users.manage", "users.read")
	_, other := d.colleague("admin")
	if other != user {
		t.Fatal("there are two admins")
	}
	d.member("agent")
	agent, _ := d.colleague("agent")
	d.refused("forbidden", token, "workspaceMembers.setPermissions", m{"memberId": agent, "permissions": []string{"data.export"}})
	d.ok(token, "workspaceMembers.setPermissions", m{"memberId": agent, "permissions": []string{"users.read"}})
}
