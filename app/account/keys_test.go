package account_test

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/apptest"
)

func TestAKeyDoesWhatItsScopesSayAndNoMore(t *testing.T) {
	d := apptest.New(t)
	c := d.Say(d.Visitor("clara"), "Hello")
	id, key := d.Key(d.Owner, "conversations.read", "conversations.reply")
	if !strings.HasPrefix(key, "dbk_") || len(key) < 47 {
		t.Errorf("a key of %d characters", len(key))
	}
	d.OK(key, "conversations.listForInbox", m{})
	d.OK(key, "conversations.listForInbox", m{"workspaceId": d.Workspace})
	sent := d.OK(key, "messages.send", m{"conversationId": c, "content": "From the shop"})
	if sent["sender"].(m)["name"] != "Ann Berg" || sent["senderType"] != "agent" {
		t.Errorf("it was sent by %v", sent["sender"])
	}
	d.Refused("forbidden", key, "workspaces.update", m{"name": "Mine"})
	d.Refused("forbidden", key, "visitors.list", m{})
	d.Refused("forbidden", key, "workspaceMembers.transferOwnership", m{"memberId": "0SAZPVHNMQ3QW"})
	for _, door := range []string{"users.me", "sessions.list", "auth.signOut", "workspaces.create", "sessions.revokeOthers", "auth.changePassword"} {
		if status, out := d.Call(key, door, d.Valid(door)); status != 403 {
			t.Errorf("a key at %s: %d %v", door, status, out)
		}
	}
	if status, _ := d.Download(key, d.Workspace); status != 403 {
		t.Errorf("a key takes the backup: %d", status)
	}
	eve := d.Stranger()
	other := d.OK(eve, "users.me", m{})["memberships"].([]any)[0].(m)["workspaceId"]
	d.Refused("not_found", key, "conversations.listForInbox", m{"workspaceId": other})
	for what, bad := range map[string]string{"cut": key[:len(key)-1], "longer": key + "x", "upper case": strings.ToUpper(key), "another kind": "dbs_" + key[4:], "nothing": "dbk_"} {
		if status, _ := d.Call(bad, "conversations.listForInbox", m{}); status != 401 {
			t.Errorf("a key that is %s: %d", what, status)
		}
	}
	list := d.OK(d.Owner, "apiKeys.list", m{})["items"].([]any)
	if len(list) != 1 || list[0].(m)["lastUsedAt"] == nil || strings.Contains(apptest.JSON(list), key) || list[0].(m)["hint"] != key[len(key)-4:] {
		t.Errorf("the list: %v", list)
	}
	// A foreign page may not use it, and no cookie comes of it.
	if status, _ := d.Raw(key, "conversations.listForInbox", []byte(`{}`), http.Header{"Origin": {"https://evil.example"}}); status != 403 {
		t.Errorf("from a foreign page: %d", status)
	}
	d.OK(d.Owner, "apiKeys.revoke", m{"keyId": id})
	d.Refused("unauthenticated", key, "conversations.listForInbox", m{})
	d.Refused("not_found", d.Owner, "apiKeys.revoke", m{"keyId": id})
}

// S-16: nobody hands out more than they have, and a key hands out nothing.
func TestKeysGiveNothingAway(t *testing.T) {
	d := apptest.New(t)
	admin := d.Member("admin")
	d.Refused("forbidden", admin, "apiKeys.create", m{"name": "x", "scopes": []string{"settings.billing"}})
	d.Refused("forbidden", d.Member("agent"), "apiKeys.create", m{"name": "x", "scopes": []string{"conversations.read"}})
	for what, in := range map[string]m{"no scopes": {"name": "x", "scopes": []string{}}, "no name": {"name": " ", "scopes": []string{"users.read"}}, "an unknown scope": {"name": "x", "scopes": []string{"everything"}}, "too long": {"name": strings.Repeat("x", 101), "scopes": []string{"users.read"}}, "a past end": {"name": "x", "scopes": []string{"users.read"}, "expiresInDays": -1}} {
		if status, out := d.Call(d.Owner, "apiKeys.create", in); status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	_, key := d.Key(d.Owner, "settings.integrations", "users.manage", "users.read")
	d.Refused("forbidden", key, "apiKeys.create", m{"name": "x", "scopes": []string{"users.read"}})
	d.OK(key, "apiKeys.list", m{})
	if list := d.OK(d.Owner, "apiKeys.list", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("%d keys, want 1", len(list))
	}
}

// S-29: a key is worth what the member who made it is worth now, and its sockets end with it.
func TestAKeyFallsWithWhoMadeIt(t *testing.T) {
	d := apptest.New(t)
	admin := d.Member("admin")
	_, key := d.Key(admin, "conversations.read", "settings.workspace")
	d.OK(key, "workspaces.update", m{"name": "Shop"})
	listen := func(key string) *websocket.Conn {
		ws := d.Socket(key)
		ws.WriteJSON(m{"id": 1, "view": "conversations.listForInbox", "args": m{}})
		d.Hear(ws, func(a m) bool { return a["id"] == 1.0 && a["value"] != nil })
		return ws
	}
	ws := listen(key)
	var member any
	for _, v := range d.OK(d.Owner, "workspaceMembers.list", m{})["items"].([]any) {
		if v.(m)["role"] == "admin" {
			member = v.(m)["id"]
		}
	}
	d.OK(d.Owner, "workspaceMembers.updateRole", m{"memberId": member, "role": "viewer"})
	d.Refused("forbidden", key, "workspaces.update", m{"name": "Mine"})
	d.OK(key, "conversations.listForInbox", m{})
	d.OK(d.Owner, "workspaceMembers.remove", m{"memberId": member})
	d.Refused("unauthenticated", key, "conversations.listForInbox", m{})
	if code := apptest.Closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("its socket closed with %d", code)
	}
	id, short := d.Key(d.Owner, "conversations.read")
	ws = listen(short)
	d.OK(d.Owner, "apiKeys.revoke", m{"keyId": id})
	if code := apptest.Closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("the socket of a revoked key closed with %d", code)
	}
	brief := d.OK(d.Owner, "apiKeys.create", m{"name": "x", "scopes": []string{"conversations.read"}, "expiresInDays": 1})["token"].(string)
	ws = listen(brief)
	purge := func() {
		t.Helper()
		if err := d.App.Accounts.Purge(t.Context()); err != nil { // as every minute
			t.Fatal(err)
		}
	}
	purge()
	ws.WriteJSON(m{"id": 2, "view": "conversations.listForInbox", "args": m{}})
	d.Hear(ws, func(a m) bool { return a["id"] == 2.0 && a["value"] != nil })
	d.Later(25 * time.Hour)
	d.Refused("unauthenticated", brief, "conversations.listForInbox", m{})
	purge()
	if code := apptest.Closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("the socket of a key that has expired closed with %d", code)
	}
}

// S-100: what stands in the file opens nothing.
func TestTheFileHoldsNoKeys(t *testing.T) {
	d := apptest.New(t)
	_, key := d.Key(d.Owner, "conversations.read")
	v := d.Visitor("clara")
	invite := d.OK(d.Owner, "workspaceMembers.invite", m{"email": "new@shop.test", "role": "agent"})["url"].(string)
	_, invite, _ = strings.Cut(invite, "token=")
	_, body := d.Download(d.Owner, d.Workspace)
	for what, secret := range map[string]string{"an API key": key, "a session": d.Owner, "a visitor's session": v, "an invitation": invite, "a visitor's secret": ("clara" + strings.Repeat("x", 43))[:43], "a password": "correct horse"} {
		if strings.Contains(string(body), secret) || strings.Contains(string(body), strings.TrimLeft(secret[4:], "_")) {
			t.Errorf("%s stands in the file", what)
		}
	}
}

// The command line makes one while the server runs, and prints nothing else.
func TestAKeyFromTheCommandLine(t *testing.T) {
	d := apptest.New(t)
	binary, err := apptest.Program()
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, error) {
		out, err := exec.Command(binary, append([]string{"token", "create", "--data", d.App.Data, "--name", "Till"}, args...)...).Output()
		return strings.TrimSuffix(string(out), "\n"), err
	}
	key, err := run("--workspace", d.Workspace, "--scope", "conversations.read", "--scope", "users.read")
	if err != nil || strings.ContainsAny(key, " \n") {
		t.Fatalf("%q %v", key, err)
	}
	d.OK(key, "visitors.list", m{})
	d.Refused("forbidden", key, "tags.create", m{"name": "x"})
	for what, args := range map[string][]string{"an unknown scope": {"--workspace", d.Workspace, "--scope", "all"}, "an unknown workspace": {"--workspace", "0SAZPVHNMQ3QW", "--scope", "users.read"}, "no scope": {"--workspace", d.Workspace}} {
		if out, err := run(args...); err == nil || out != "" {
			t.Errorf("%s printed %q", what, out)
		}
	}
}

// A program that has a socket open is nobody who is here: whoever made its key is not shown as present.
func TestAKeyIsNobodyWhoIsHere(t *testing.T) {
	d := apptest.New(t)
	_, key := d.Key(d.Owner, "conversations.read")
	program := d.Socket(key)
	program.WriteJSON(m{"id": 1, "view": "conversations.listForInbox", "args": m{"workspaceId": d.Workspace}})
	d.Hear(program, func(a m) bool { return a["value"] != nil })
	d.Socket(d.Member("agent"))
	here := func(role string) bool {
		for _, v := range d.OK(d.Owner, "workspaceMembers.list", m{})["items"].([]any) {
			if v.(m)["role"] == role {
				return v.(m)["online"] == true
			}
		}
		return false
	}
	d.Until("the agent who came after it is here", func() bool { return here("agent") })
	if here("owner") {
		t.Error("the owner is here, because a program is")
	}
	d.Socket(d.Owner)
	d.Until("the owner is here", func() bool { return here("owner") })
}
