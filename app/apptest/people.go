package apptest

import (
	"strings"

	"deskbell/app/actor"
	"deskbell/store"
)

// Ann is the owner's address, Right her password.
const Ann, Right = "ann@shop.test", "correct horse"

// User is the owner's id.
func (d *Desk) User() store.ID {
	me := d.OK(d.Owner, "users.me", m{})
	id, _ := store.ParseID(me["user"].(m)["id"].(string))
	return id
}

// Member invites somebody as a role and gives their token.
func (d *Desk) Member(role string) string {
	d.T.Helper()
	email := role + "@shop.test"
	url := d.OK(d.Owner, "workspaceMembers.invite", m{"email": email, "role": role})["url"].(string)
	_, token, _ := strings.Cut(url, "token=")
	d.OK("", "invitations.accept", m{"token": token, "name": role + " person", "password": "correct horse"})
	return d.OK("", "auth.signIn", m{"email": email, "password": "correct horse", "token": true})["token"].(string)
}

// Stranger is somebody with a workspace of their own and no part in the desk's.
func (d *Desk) Stranger() string {
	d.T.Helper()
	url := d.OK(d.Owner, "workspaceMembers.invite", m{"email": "eve@else.test", "role": "viewer"})["url"].(string)
	_, token, _ := strings.Cut(url, "token=")
	d.OK("", "invitations.accept", m{"token": token, "name": "Eve Else", "password": "correct horse"})
	eve := d.OK("", "auth.signIn", m{"email": "eve@else.test", "password": "correct horse", "token": true})["token"].(string)
	d.OK(eve, "workspaceMembers.leave", m{})
	d.OK(eve, "workspaces.create", m{"name": "Else"})
	return eve
}

// Invited makes an invitation as somebody and gives its id and the secret of its link.
func (d *Desk) Invited(by, email, role string) (id, token string) {
	d.T.Helper()
	out := d.OK(by, "workspaceMembers.invite", m{"workspaceId": d.Workspace, "email": email, "role": role})
	_, token, _ = strings.Cut(out["url"].(string), "token=")
	return out["invitation"].(m)["id"].(string), token
}

// Team counts the members.
func (d *Desk) Team() int {
	return len(d.OK(d.Owner, "workspaceMembers.list", m{})["items"].([]any))
}

// Key makes an API key and gives its id and the key itself.
func (d *Desk) Key(token string, scopes ...string) (id, key string) {
	d.T.Helper()
	out := d.OK(token, "apiKeys.create", m{"name": "Shop", "scopes": scopes})
	return out["key"].(m)["id"].(string), out["token"].(string)
}

// Space is the desk's workspace.
func (d *Desk) Space() store.ID {
	d.T.Helper()
	id, err := store.ParseID(d.Workspace)
	if err != nil {
		d.T.Fatal(err)
	}
	return id
}

// Signed begins a session for a user without asking for the password.
func (d *Desk) Signed(user store.ID) string {
	d.T.Helper()
	in, err := d.App.Accounts.Welcome(d.T.Context(), actor.Actor{}, user, true)
	if err != nil {
		d.T.Fatal(err)
	}
	return in.Token
}

// Colleague is a member by role: the id of the membership and of the user.
func (d *Desk) Colleague(role string) (member string, user store.ID) {
	d.T.Helper()
	for _, v := range d.OK(d.Owner, "workspaceMembers.list", m{})["items"].([]any) {
		if v.(m)["role"] == role {
			user, err := store.ParseID(v.(m)["userId"].(string))
			if err != nil {
				d.T.Fatal(err)
			}
			return v.(m)["id"].(string), user
		}
	}
	d.T.Fatal("there is no " + role)
	return "", 0
}
