package app_test

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// key makes an API key and gives its id and the key itself.
func (d *desk) key(token string, scopes ...string) (id, key string) {
	d.t.Helper()
	out := d.ok(token, "apiKeys.create", m{"name": "Shop", "scopes": scopes})
	return out["key"].(m)["id"].(string), out["token"].(string)
}

func TestAKeyDoesWhatItsScopesSayAndNoMore(t *testing.T) {
	d := newDesk(t)
	c := d.say(d.visitor("clara"), "Hello")
	id, key := d.key(d.owner, "conversations.read", "conversations.reply")
	if !strings.HasPrefix(key, "dbk_") || len(key) < 47 {
		t.Errorf("a key of %d characters", len(key))
	}
	d.ok(key, "conversations.listForInbox", m{})
	d.ok(key, "conversations.listForInbox", m{"workspaceId": d.workspace})
	sent := d.ok(key, "messages.send", m{"conversationId": c, "content": "From the shop"})
	if sent["sender"].(m)["name"] != "Ann Berg" || sent["senderType"] != "agent" {
		t.Errorf("it was sent by %v", sent["sender"])
	}
	d.refused("forbidden", key, "workspaces.update", m{"name": "Mine"})
	d.refused("forbidden", key, "visitors.list", m{})
	d.refused("forbidden", key, "workspaceMembers.transferOwnership", m{"memberId": "0SAZPVHNMQ3QW"})
	for _, door := range []string{"users.me", "sessions.list", "auth.signOut", "workspaces.create", "sessions.revokeOthers", "auth.changePassword"} {
		if status, out := d.call(key, door, d.valid(door)); status != 403 {
			t.Errorf("a key at %s: %d %v", door, status, out)
		}
	}
	if status, _ := d.download(key, d.workspace); status != 403 {
		t.Errorf("a key takes the backup: %d", status)
	}
	eve := d.stranger()
	other := d.ok(eve, "users.me", m{})["memberships"].([]any)[0].(m)["workspaceId"]
	d.refused("not_found", key, "conversations.listForInbox", m{"workspaceId": other})
	for what, bad := range map[string]string{"cut": key[:len(key)-1], "longer": key + "x", "upper case": strings.ToUpper(key), "another kind": "dbs_" + key[4:], "nothing": "dbk_"} {
		if status, _ := d.call(bad, "conversations.listForInbox", m{}); status != 401 {
			t.Errorf("a key that is %s: %d", what, status)
		}
	}
	list := d.ok(d.owner, "apiKeys.list", m{})["items"].([]any)
	if len(list) != 1 || list[0].(m)["lastUsedAt"] == nil || strings.Contains(jsonOf(list), key) || list[0].(m)["hint"] != key[len(key)-4:] {
		t.Errorf("the list: %v", list)
	}
	// A foreign page may not use it, and no cookie comes of it.
	if status, _ := d.raw(key, "conversations.listForInbox", []byte(`{}`), http.Header{"Origin": {"https://evil.example"}}); status != 403 {
		t.Errorf("from a foreign page: %d", status)
	}
	d.ok(d.owner, "apiKeys.revoke", m{"keyId": id})
	d.refused("unauthenticated", key, "conversations.listForInbox", m{})
	d.refused("not_found", d.owner, "apiKeys.revoke", m{"keyId": id})
}

// S-16: nobody hands out more than they have, and a key hands out nothing.
func TestKeysGiveNothingAway(t *testing.T) {
	d := newDesk(t)
	admin := d.member("admin")
	d.refused("forbidden", admin, "apiKeys.create", m{"name": "x", "scopes": []string{"settings.billing"}})
	d.refused("forbidden", d.member("agent"), "apiKeys.create", m{"name": "x", "scopes": []string{"conversations.read"}})
	for what, in := range map[string]m{"no scopes": {"name": "x", "scopes": []string{}}, "no name": {"name": " ", "scopes": []string{"users.read"}}, "an unknown scope": {"name": "x", "scopes": []string{"everything"}}, "too long": {"name": strings.Repeat("x", 101), "scopes": []string{"users.read"}}, "a past end": {"name": "x", "scopes": []string{"users.read"}, "expiresInDays": -1}} {
		if status, out := d.call(d.owner, "apiKeys.create", in); status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	_, key := d.key(d.owner, "settings.integrations", "users.manage", "users.read")
	d.refused("forbidden", key, "apiKeys.create", m{"name": "x", "scopes": []string{"users.read"}})
	d.ok(key, "apiKeys.list", m{})
	if list := d.ok(d.owner, "apiKeys.list", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("%d keys, want 1", len(list))
	}
}

// S-29: a key is worth what the member who made it is worth now, and its sockets end with it.
func TestAKeyFallsWithWhoMadeIt(t *testing.T) {
	d := newDesk(t)
	admin := d.member("admin")
	_, key := d.key(admin, "conversations.read", "settings.workspace")
	d.ok(key, "workspaces.update", m{"name": "Shop"})
	listen := func(key string) *websocket.Conn {
		ws := d.socket(key)
		ws.WriteJSON(m{"id": 1, "view": "conversations.listForInbox", "args": m{}})
		d.hear(ws, func(a m) bool { return a["id"] == 1.0 && a["value"] != nil })
		return ws
	}
	ws := listen(key)
	var member any
	for _, v := range d.ok(d.owner, "workspaceMembers.list", m{})["items"].([]any) {
		if v.(m)["role"] == "admin" {
			member = v.(m)["id"]
		}
	}
	d.ok(d.owner, "workspaceMembers.updateRole", m{"memberId": member, "role": "viewer"})
	d.refused("forbidden", key, "workspaces.update", m{"name": "Mine"})
	d.ok(key, "conversations.listForInbox", m{})
	d.ok(d.owner, "workspaceMembers.remove", m{"memberId": member})
	d.refused("unauthenticated", key, "conversations.listForInbox", m{})
	if code := closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("its socket closed with %d", code)
	}
	id, short := d.key(d.owner, "conversations.read")
	ws = listen(short)
	d.ok(d.owner, "apiKeys.revoke", m{"keyId": id})
	if code := closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("the socket of a revoked key closed with %d", code)
	}
	brief := d.ok(d.owner, "apiKeys.create", m{"name": "x", "scopes": []string{"conversations.read"}, "expiresInDays": 1})["token"].(string)
	d.ok(brief, "conversations.listForInbox", m{})
	d.later(25 * time.Hour)
	d.refused("unauthenticated", brief, "conversations.listForInbox", m{})
}

// S-100: what stands in the file opens nothing.
func TestTheFileHoldsNoKeys(t *testing.T) {
	d := newDesk(t)
	_, key := d.key(d.owner, "conversations.read")
	v := d.visitor("clara")
	invite := d.ok(d.owner, "workspaceMembers.invite", m{"email": "new@shop.test", "role": "agent"})["url"].(string)
	_, invite, _ = strings.Cut(invite, "token=")
	_, body := d.download(d.owner, d.workspace)
	for what, secret := range map[string]string{"an API key": key, "a session": d.owner, "a visitor's session": v, "an invitation": invite, "a visitor's secret": ("clara" + strings.Repeat("x", 43))[:43], "a password": "correct horse"} {
		if strings.Contains(string(body), secret) || strings.Contains(string(body), strings.TrimLeft(secret[4:], "_")) {
			t.Errorf("%s stands in the file", what)
		}
	}
}

// The command line makes one while the server runs, and prints nothing else.
func TestAKeyFromTheCommandLine(t *testing.T) {
	d := newDesk(t)
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, error) {
		out, err := exec.Command(binary, append([]string{"token", "create", "--data", d.app.Data, "--name", "Till"}, args...)...).Output()
		return strings.TrimSuffix(string(out), "\n"), err
	}
	key, err := run("--workspace", d.workspace, "--scope", "conversations.read", "--scope", "users.read")
	if err != nil || strings.ContainsAny(key, " \n") {
		t.Fatalf("%q %v", key, err)
	}
	d.ok(key, "visitors.list", m{})
	d.refused("forbidden", key, "tags.create", m{"name": "x"})
	for what, args := range map[string][]string{"an unknown scope": {"--workspace", d.workspace, "--scope", "all"}, "an unknown workspace": {"--workspace", "0SAZPVHNMQ3QW", "--scope", "users.read"}, "no scope": {"--workspace", d.workspace}} {
		if out, err := run(args...); err == nil || out != "" {
			t.Errorf("%s printed %q", what, out)
		}
	}
}
