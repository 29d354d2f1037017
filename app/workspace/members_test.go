package workspace_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"deskbell/app/apptest"
)

type m = map[string]any

func TestMain(m *testing.M) { apptest.Main(m) }

// roles counts the members by role.
func roles(d *apptest.Desk) map[string]int {
	n := map[string]int{}
	for _, x := range d.OK(d.Owner, "workspaceMembers.list", m{})["items"].([]any) {
		n[x.(m)["role"].(string)]++
	}
	return n
}

// Who is removed has no part in the workspace from that moment: no door, no view they hold open, no word that comes after;
// what they held is nobody's. Their account and their other workspaces stay theirs.
func TestWhoIsRemovedSeesNothingMore(t *testing.T) {
	d := apptest.New(t)
	agent := d.Member("agent")
	member, user := d.Colleague("agent")
	own := d.OK(agent, "workspaces.create", m{"name": "Her own"})["id"].(string)
	c := d.Say(d.Visitor("clara"), "Hello")
	d.OK(d.Owner, "conversations.assign", m{"conversationId": c, "assigneeId": user.String()})
	ws := d.Socket(agent)
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"workspaceId": d.Workspace, "conversationId": c}, "patch": true})
	ws.WriteJSON(m{"id": 2, "view": "conversations.listForInbox", "args": m{"workspaceId": d.Workspace}, "patch": true})
	ws.WriteJSON(m{"id": 3, "view": "conversations.listForInbox", "args": m{"workspaceId": own}, "patch": true})
	open := map[any]bool{}
	d.Hear(ws, func(a m) bool { open[a["id"]] = a["value"] != nil; return len(open) == 3 })
	d.OK(d.Owner, "workspaceMembers.remove", m{"memberId": member})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "between us"})
	closed := map[any]any{}
	d.Hear(ws, func(a m) bool {
		if strings.Contains(apptest.JSON(a), "between us") {
			t.Errorf("it reached them: %v", a)
		}
		if e, _ := a["error"].(m); e != nil {
			closed[a["id"]] = e["code"]
		}
		return closed[1.0] != nil && closed[2.0] != nil
	})
	if closed[1.0] != "not_found" || closed[2.0] != "not_found" || closed[3.0] != nil {
		t.Errorf("the views closed with %v", closed)
	}
	for _, door := range []string{"conversations.listForInbox", "workspaces.get", "workspaceMembers.list"} {
		d.Refused("not_found", agent, door, m{"workspaceId": d.Workspace})
	}
	d.OK(agent, "conversations.listForInbox", m{"workspaceId": own})
	if list := d.OK(agent, "users.me", m{})["memberships"].([]any); len(list) != 1 {
		t.Errorf("memberships: %v", list)
	}
	if x := d.OK(d.Owner, "conversations.get", m{"conversationId": c}); x["assignee"] != nil {
		t.Errorf("it is held by %v", x["assignee"])
	}
}

// A workspace has one owner, always: who owns it cannot be removed, demoted or leave; it is handed over once, also when it is
// handed to two at the same time.
func TestThereIsAlwaysOneOwner(t *testing.T) {
	d := apptest.New(t)
	d.Member("admin")
	admin, _ := d.Colleague("admin")
	agent := d.Member("agent")
	other, _ := d.Colleague("agent")
	owner, _ := d.Colleague("owner")
	d.Refused("conflict", d.Owner, "workspaceMembers.leave", m{})
	d.Refused("forbidden", d.Owner, "workspaceMembers.remove", m{"memberId": owner})
	d.Refused("forbidden", d.Owner, "workspaceMembers.updateRole", m{"memberId": owner, "role": "agent"})
	d.Refused("invalid", d.Owner, "workspaceMembers.updateRole", m{"memberId": other, "role": "owner"})
	d.Refused("forbidden", d.Owner, "workspaceMembers.setPermissions", m{"memberId": owner, "permissions": []string{}})
	d.Refused("forbidden", agent, "workspaceMembers.transferOwnership", m{"memberId": other})
	var wg sync.WaitGroup
	for i := range 20 {
		to := []string{admin, other}[i%2]
		wg.Go(func() { d.Call(d.Owner, "workspaceMembers.transferOwnership", m{"memberId": to}) })
	}
	wg.Wait()
	if n := roles(d); n["owner"] != 1 || n["admin"]+n["agent"] != 2 {
		t.Errorf("after twenty handings over at once: %v", n)
	}
	d.Refused("forbidden", d.Owner, "workspaceMembers.transferOwnership", m{"memberId": owner})
}

// One sees where one is signed in, and ends any of it: the socket there closes, what one asks with goes on.
func TestASessionIsEndedFromElsewhere(t *testing.T) {
	d := apptest.New(t)
	in := d.OK("", "auth.signIn", m{"email": apptest.Ann, "password": apptest.Right, "token": true})["token"].(string)
	ws := d.Socket(in)
	ws.WriteJSON(m{"id": 1, "view": "users.me", "args": m{}})
	there := d.Hear(ws, func(a m) bool { return a["value"] != nil })["value"].(m)["session"].(m)["id"]
	list := d.OK(d.Owner, "sessions.list", m{})["items"].([]any)
	current := 0
	for _, s := range list {
		if s.(m)["current"] == true {
			current++
		}
		if s.(m)["ip"] == "" && s.(m)["id"] == there {
			t.Errorf("nothing is known of %v", s)
		}
	}
	if len(list) != 2 || current != 1 {
		t.Errorf("%d sessions, %d current: %v", len(list), current, list)
	}
	eve := d.Stranger()
	d.Call(eve, "sessions.revoke", m{"sessionId": there})
	d.OK(in, "users.me", m{})
	d.OK(d.Owner, "sessions.revoke", m{"sessionId": there})
	if code := apptest.Closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("its socket: %d", code)
	}
	d.Refused("unauthenticated", in, "users.me", m{})
	d.OK(d.Owner, "users.me", m{})
}
