package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/apptest"
	"deskbell/app/may"
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

// passed says whether a door let somebody pass, whatever it answered then.
func passed(status int, out m) bool {
	return status != http.StatusUnauthorized && (status != http.StatusForbidden || out["detail"] != "You do not have the permission for this.")
}

// broken says whether an answer tells nothing of a door: the program failed, or would not listen.
func broken(status int, out m) bool {
	return status == http.StatusInternalServerError || out["detail"] == "Too many requests. Try again in a moment."
}

// A door opens with the right that it says it needs, and with no other: to members with rights of their own, to
// programs with scopes, on the socket, and at the plain pages.
func TestADoorOpensWithTheRightItNamesAndNoOther(t *testing.T) {
	d := apptest.New(t)
	d.Member("admin")
	member, user := d.Colleague("admin")
	left := []string{"workspaceMembers.leave"} // it opens to every member, and ends this one
	for what, rights := range sets() {
		d.OK(d.Owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": append([]actor.Permission{}, rights...)})
		token := d.Signed(user)
		ws, id := d.Socket(token), 0
		for _, e := range d.App.Doors.Entries() {
			if !e.Need.ForStaff() || slices.Contains(left, e.Name) {
				continue
			}
			in := d.Valid(e.Name)
			in["workspaceId"] = d.Workspace
			want := opens(e.Need.String(), rights, true)
			if status, out := d.Call(token, e.Name, in); passed(status, out) != want || broken(status, out) {
				t.Errorf("%s with %s: %d %v, want it open: %v", e.Name, what, status, out, want)
			}
			if id++; e.View {
				if code := asked(d, ws, id, e.Name, in); (code != "forbidden") != want || code == "unauthenticated" || code == "rate_limited" {
					t.Errorf("%s with %s on the socket: %q, want it open: %v", e.Name, what, code, want)
				}
			}
		}
		for route, need := range apptest.Guarded {
			if status, out := d.Knock(token, route, d.Workspace); passed(status, out) != opens(need, rights, true) || broken(status, out) {
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
		_, key := d.Key(d.Owner, scopes...)
		for _, e := range d.App.Doors.Entries() {
			if !e.Need.ForStaff() || slices.Contains(left, e.Name) {
				continue
			}
			want := opens(e.Need.String(), rights, false)
			if status, out := d.Call(key, e.Name, d.Valid(e.Name)); passed(status, out) != want || broken(status, out) {
				t.Errorf("%s by a key with %s: %d %v, want it open: %v", e.Name, what, status, out, want)
			}
		}
		for route, need := range apptest.Guarded {
			if status, out := d.Knock(key, route, d.Workspace); passed(status, out) != opens(need, rights, false) || broken(status, out) {
				t.Errorf("%s by a key with %s: %d %v", route, what, status, out)
			}
		}
	}
}

// A right that is taken while somebody looks is gone at once: the view they hold open is closed with a refusal, and
// what happens afterwards does not reach them (S-05).
func TestALostRightClosesTheViewsThatNeedIt(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	d.Member("agent")
	member, user := d.Colleague("agent")
	ws := d.Socket(d.Signed(user))
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"workspaceId": d.Workspace, "conversationId": c}, "patch": true})
	ws.WriteJSON(m{"id": 2, "view": "conversations.listForInbox", "args": m{"workspaceId": d.Workspace}, "patch": true})
	ws.WriteJSON(m{"id": 3, "view": "articles.list", "args": m{"workspaceId": d.Workspace}})
	open := map[any]bool{}
	d.Hear(ws, func(a m) bool { open[a["id"]] = a["value"] != nil; return len(open) == 3 })
	d.OK(d.Owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": []string{"articles.read"}})
	d.OK(v, "messages.send", m{"conversationId": c, "content": "the number of my card"})
	closed := map[any]bool{}
	d.Hear(ws, func(a m) bool {
		if strings.Contains(apptest.JSON(a), "my card") {
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
	if code := asked(d, ws, 4, "articles.list", m{"workspaceId": d.Workspace}); code != "" {
		t.Errorf("what they may still see: %q", code)
	}
}

// Some fields of a door need more than the door: what a workspace lets in from outside, and what is the team's.
func TestFieldsThatNeedMoreThanTheirDoor(t *testing.T) {
	d := apptest.New(t)
	d.Member("admin")
	member, user := d.Colleague("admin")
	token := d.Signed(user)
	give := func(rights ...string) {
		d.OK(d.Owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": rights})
	}
	give("settings.workspace", "conversations.reply", "conversations.read")
	d.OK(token, "workspaces.update", m{"name": "Shop & Sons"})
	d.Refused("forbidden", token, "workspaces.update", m{"name": "Mine", "allowedOrigins": []string{"https://evil.example"}})
	d.Refused("forbidden", token, "workspaces.update", m{"sessionLifetimeMs": 3600000})
	d.Refused("forbidden", token, "savedReplies.create", m{"shared": true, "name": "x", "content": "x"})
	d.OK(token, "savedReplies.create", m{"name": "x", "content": "x"})
	w := d.OK(d.Owner, "workspaces.get", m{})
	if w["name"] != "Shop & Sons" || len(w["allowedOrigins"].([]any)) != 0 || w["sessionLifetimeMs"] != 86400000.0 {
		t.Errorf("what was refused changed something: %v", w)
	}
	give("settings.workspace", "settings.security", "snippets.manage")
	d.OK(token, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example"}})
	d.OK(token, "savedReplies.create", m{"shared": true, "name": "y", "content": "y"})
	give("users.manage", "users.read")
	_, other := d.Colleague("admin")
	if other != user {
		t.Fatal("there are two admins")
	}
	d.Member("agent")
	agent, _ := d.Colleague("agent")
	d.Refused("forbidden", token, "workspaceMembers.setPermissions", m{"memberId": agent, "permissions": []string{"data.export"}})
	d.OK(token, "workspaceMembers.setPermissions", m{"memberId": agent, "permissions": []string{"users.read"}})
}
