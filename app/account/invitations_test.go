package account_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/app/account"
	"deskbell/app/apptest"
)

// joins takes an invitation up as a new person.
func joins(d *apptest.Desk, token string) (int, m) {
	return d.Call("", "invitations.accept", m{"token": token, "name": "New Person", "password": "battery staple"})
}

// S-26: a link that has expired, was cancelled, was renewed, was never made, or whose maker may no longer invite to it,
// opens nothing.
func TestOnlyAStandingInvitationMakesAMember(t *testing.T) {
	d := apptest.New(t)
	admin := d.Member("admin")
	member, _ := d.Colleague("admin")
	before := d.Team()
	dead := func(what, token string) {
		t.Helper()
		if status, out := joins(d, token); status != 404 && status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
		if status, out := d.Call("", "invitations.get", m{"token": token}); status != 404 && status != 422 {
			t.Errorf("%s tells something: %d %v", what, status, out)
		}
	}
	id, token := d.Invited(d.Owner, "one@shop.test", "agent")
	hash := account.HashToken(token)
	for what, bad := range map[string]string{"nothing": "", "a space": " ", "NUL": "\x00", "a part": token[:20], "one less": token[:len(token)-1], "one more": token + "A", "a space behind": token + " ", "another case": strings.ToUpper(token), "what is kept of it": hex.EncodeToString(hash), "the bytes kept of it": string(hash), "its id": id} {
		dead(what, strings.ToValidUTF8(bad, "?"))
	}
	d.OK(d.Owner, "invitations.cancel", m{"invitationId": id})
	dead("a cancelled one", token)
	id, token = d.Invited(d.Owner, "two@shop.test", "agent")
	d.OK(d.Owner, "invitations.resend", m{"invitationId": id})
	dead("the link before the newest", token)
	_, byAdmin := d.Invited(admin, "three@shop.test", "admin")
	keep, _ := d.Invited(admin, "four@shop.test", "admin")
	d.OK(d.Owner, "workspaceMembers.updateRole", m{"memberId": member, "role": "agent"})
	dead("one by somebody who may invite nobody any longer", byAdmin)
	d.OK(d.Owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": []string{"users.invite"}})
	dead("one to a role above its maker's", byAdmin)
	again := d.OK(d.Owner, "invitations.resend", m{"invitationId": keep})["url"].(string)
	_, again, _ = strings.Cut(again, "token=")
	d.OK(d.Owner, "workspaceMembers.remove", m{"memberId": member})
	dead("one by somebody who has left", byAdmin)
	if status, out := joins(d, again); status != 200 {
		t.Errorf("the owner made it hers, and yet: %d %v", status, out)
	}
	_, token = d.Invited(d.Owner, "five@shop.test", "viewer")
	d.Later(8 * 24 * time.Hour)
	d.Owner = d.Signed(d.User())
	dead("one of eight days ago", token)
	if n := d.Team(); n != before {
		t.Errorf("%d members, want %d: one left and one came", n, before)
	}
	// Whoever is of the team already is not invited, in whatever way the address is written.
	for _, email := range []string{"ann@shop.test", "Ann@Shop.Test", " ann@shop.test "} {
		d.Refused("conflict", d.Owner, "workspaceMembers.invite", m{"email": email, "role": "agent"})
	}
	for _, email := range []string{"ann@shop.test\x00", "ann@shop.test, eve@else.test", "ann@shop.test\r\nBcc: eve@else.test", "<ann@shop.test>", "ann", "@", "Ann <ann@shop.test>", "a@b@c.test"} {
		if status, out := d.Call(d.Owner, "workspaceMembers.invite", m{"email": email, "role": "agent"}); status != 422 {
			t.Errorf("%q was invited: %d %v", email, status, out)
		}
	}
}

// S-26: who loses the right to invite while those invited choose their passwords lets none of them in any more.
func TestAnInvitationEndsWhileItIsTakenUp(t *testing.T) {
	d := apptest.New(t)
	admin := d.Member("admin")
	member, _ := d.Colleague("admin")
	var links []string
	for n := range 16 {
		_, token := d.Invited(admin, fmt.Sprintf("%d@shop.test", n), "agent")
		links = append(links, token)
	}
	before := d.Team()
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for _, token := range links {
		wg.Go(func() { // passwords are hashed a few at a time: the others wait between their two looks at the invitation
			switch status, out := joins(d, token); status {
			case 200:
				won.Add(1)
			case 404:
				lost.Add(1)
			default:
				t.Errorf("%d %v", status, out)
			}
		})
	}
	d.Until("the first came in", func() bool { return d.Team() > before })
	d.OK(d.Owner, "workspaceMembers.updateRole", m{"memberId": member, "role": "agent"})
	then := d.Team()
	wg.Wait()
	if n := d.Team(); n != then || n != before+int(won.Load()) || lost.Load() == 0 {
		t.Errorf("%d members before, %d when she could invite no more, %d after; %d came in, %d did not", before, then, n, won.Load(), lost.Load())
	}
}

// S-27: a link works once, whoever comes first; it is bound to the address it was made for, and to the account there.
func TestAnInvitationWorksOnceForItsAddress(t *testing.T) {
	d := apptest.New(t)
	_, token := d.Invited(d.Owner, "new@shop.test", "agent")
	for what, more := range map[string]m{"another address": {"email": "eve@else.test"}, "another role": {"role": "owner"}, "another workspace": {"workspaceId2": "x"}} {
		in := m{"token": token, "name": "Eve", "password": "battery staple"}
		for k, v := range more {
			in[k] = v
		}
		d.Refused("invalid", "", "invitations.accept", in)
		if n := d.Team(); n != 1 {
			t.Fatalf("with %s: %d members", what, n)
		}
	}
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if status, _ := joins(d, token); status == 200 {
				won.Add(1)
			} else if status == 404 || status == 409 {
				lost.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || lost.Load() != 19 || d.Team() != 2 {
		t.Errorf("of twenty at once %d came in and %d were refused; %d members", won.Load(), lost.Load(), d.Team())
	}
	if status, _ := joins(d, token); status != 404 {
		t.Errorf("once more: %d", status)
	}
	if status, _, _ := tried(d, "", "new@shop.test", "battery staple"); status != 200 {
		t.Errorf("the winner's password: %d", status)
	}
}

// S-31: whoever registers somebody else's address first gets nothing by it: no workspace that invites the address lets
// them in, and the one that they know the password of is not taken for the person invited.
func TestAnAddressRegisteredByAnotherOpensNothing(t *testing.T) {
	d := apptest.New(t)
	eve := d.Stranger()
	own := d.OK(eve, "users.me", m{})["memberships"].([]any)[0].(m)["workspaceId"]
	url := d.OK(eve, "workspaceMembers.invite", m{"workspaceId": own, "email": "victor@shop.test", "role": "agent"})["url"].(string)
	_, hers, _ := strings.Cut(url, "token=")
	d.OK("", "invitations.accept", m{"token": hers, "name": "Not Victor", "password": "eve's horse"})
	posing := d.OK("", "auth.signIn", m{"email": "victor@shop.test", "password": "eve's horse", "token": true})["token"].(string)
	_, token := d.Invited(d.Owner, "victor@shop.test", "admin")
	// The false Victor sees neither the invitation nor the workspace.
	if me := apptest.JSON(d.OK(posing, "users.me", m{})); strings.Contains(me, d.Workspace) || strings.Contains(me, token) {
		t.Errorf("the false one sees %s", me)
	}
	d.Refused("not_found", posing, "invitations.list", m{"workspaceId": d.Workspace})
	d.Refused("not_found", posing, "conversations.listForInbox", m{"workspaceId": d.Workspace})
	// The true one has the link and not the password: he does not become a member under eve's account unawares.
	if offer := d.OK("", "invitations.get", m{"token": token}); offer["userExists"] != true {
		t.Errorf("he is not told that there is an account: %v", offer)
	}
	if status, _ := joins(d, token); status != 401 || d.Team() != 1 {
		t.Errorf("joining with another password: %d, %d members", status, d.Team())
	}
	// Once the machine's owner has given him a password, what eve had is gone.
	if err := d.App.Accounts.ResetPassword(t.Context(), "victor@shop.test", "victor's own"); err != nil {
		t.Fatal(err)
	}
	d.Refused("unauthenticated", posing, "users.me", m{})
	if status, _ := d.Call("", "auth.signIn", m{"email": "victor@shop.test", "password": "eve's horse"}); status != 401 {
		t.Errorf("eve's password: %d", status)
	}
	d.OK("", "invitations.accept", m{"token": token, "password": "victor's own"})
	if d.Team() != 2 {
		t.Errorf("%d members", d.Team())
	}
}

// S-16: nobody invites to, or gives, a role that brings rights which they do not have: a member with rights of their own
// cannot make themselves a second self with all of them, nor can a program.
func TestNobodyGivesARoleBeyondTheirRights(t *testing.T) {
	d := apptest.New(t)
	d.Member("admin")
	d.Member("viewer")
	member, user := d.Colleague("admin")
	viewer, _ := d.Colleague("viewer")
	d.OK(d.Owner, "workspaceMembers.setPermissions", m{"memberId": member, "permissions": []string{"users.invite", "users.manage", "users.read"}})
	_, key := d.Key(d.Owner, "users.invite", "users.manage", "users.read")
	id, _ := d.Invited(d.Owner, "admin2@shop.test", "admin")
	for what, token := range map[string]string{"a member": d.Signed(user), "a key": key} {
		for _, role := range []string{"viewer", "agent", "admin"} {
			d.Refused("forbidden", token, "workspaceMembers.invite", m{"email": fmt.Sprintf("%s@else.test", role), "role": role})
			d.Refused("forbidden", token, "workspaceMembers.updateRole", m{"memberId": viewer, "role": role})
		}
		if status, out := d.Call(token, "invitations.resend", m{"invitationId": id}); status != 403 {
			t.Errorf("%s has a new link to an admin's place: %d %v", what, status, out)
		}
	}
	if list := d.OK(d.Owner, "invitations.list", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("%d invitations, want 1", len(list))
	}
	if m, _ := d.Colleague("viewer"); m != viewer {
		t.Error("the viewer is one no longer")
	}
}
