package workspace

import (
	"context"
	"errors"
	"time"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/store"
)

const open = 7 * 24 * time.Hour // how long an invitation works

// Invite is whom to invite, and as what.
type Invite struct {
	Email string `json:"email" maxLength:"254"`
	Role  string `json:"role" enum:"admin,agent,viewer"`
}

// Invitation is an invitation as the wire tells it.
type Invitation struct {
	ID        store.ID   `json:"id"`
	Email     string     `json:"email"`
	Role      string     `json:"role"`
	Status    string     `json:"status"`
	InvitedBy string     `json:"invitedBy"`
	ExpiresAt store.Time `json:"expiresAt"`
	CreatedAt store.Time `json:"createdAt"`
}

// Key is the invitation's id.
func (i Invitation) Key() store.ID { return i.ID }

func invitation(v *store.Invitation) Invitation {
	return Invitation{v.ID, v.Email, v.Role, v.Status, v.InviterName, v.ExpiresAt, v.CreatedAt}
}

// Invited is an invitation with its link: only its answer ever holds it.
type Invited struct {
	Invitation Invitation `json:"invitation"`
	URL        string     `json:"url"`
}

func (w *Workspaces) link(token string) string { return w.url + "/app/invite?token=" + token }

// Invite makes a link with which one person becomes a member.
func (w *Workspaces) Invite(ctx context.Context, who actor.Actor, in Invite) (out Invited, err error) {
	email, err := account.Address("email", in.Email)
	if err == nil {
		err = below(who, in.Role)
	}
	if err != nil {
		return out, err
	}
	token, hash := account.NewToken("")
	_, err = w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		u, err := tx.Users.ByEmail(email)
		if err == nil {
			if _, err = tx.Members.ByUser(u.ID); err == nil {
				return fault.New(fault.Conflict, "This person is a member already.").On("email")
			}
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		n, err := tx.Invitations.Count()
		if err == nil && n >= store.MostInvitations {
			err = fault.New(fault.Conflict, "%d people are invited already. Cancel some invitations first.", n)
		}
		if err != nil {
			return err
		}
		v := &store.Invitation{Email: email, Role: in.Role, InvitedBy: who.User, InviterName: who.Name, ExpiresAt: tx.Now().Add(open)}
		err = tx.Invitations.Add(v, hash)
		out = Invited{invitation(v), w.link(token)}
		return err
	})
	if errors.Is(err, store.ErrConflict) {
		err = fault.New(fault.Conflict, "This address has been invited already. Send the invitation again instead.").On("email")
	}
	return out, err
}

// Invitations lists who has been invited and has not come yet.
func (w *Workspaces) Invitations(tx *store.Tx, _ actor.Actor, _ Empty) (page door.Page[Invitation], err error) {
	list, err := tx.Invitations.List()
	out := make([]Invitation, 0, len(list))
	for i := range list {
		out = append(out, invitation(&list[i]))
	}
	return door.NewPage(out, ""), err
}

// WhichInvitation names an invitation.
type WhichInvitation struct {
	InvitationID store.ID `json:"invitationId"`
}

// Cancel ends an invitation; its link is dead.
func (w *Workspaces) Cancel(ctx context.Context, who actor.Actor, in WhichInvitation) (Empty, error) {
	_, err := w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error { return tx.Invitations.Settle(in.InvitationID, "cancelled") })
	return Empty{}, err
}

// Resend gives an invitation a new link; the old one is dead.
func (w *Workspaces) Resend(ctx context.Context, who actor.Actor, in WhichInvitation) (out Invited, err error) {
	token, hash := account.NewToken("")
	_, err = w.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		if err := w.renew(tx, who, in.InvitationID, hash); err != nil {
			return err
		}
		v, err := tx.Invitations.ByID(in.InvitationID)
		if err == nil {
			out = Invited{invitation(v), w.link(token)}
		}
		return err
	})
	return out, err
}

// renew makes an invitation one's own, which one must be able to give.
func (w *Workspaces) renew(tx *store.Tx, who actor.Actor, id store.ID, hash []byte) error {
	v, err := tx.Invitations.ByID(id)
	if err == nil {
		err = below(who, v.Role)
	}
	if err != nil {
		return err
	}
	return tx.Invitations.Renew(id, who.User, hash, tx.Now().Add(open))
}

// Token is the secret of an invitation's link.
type Token struct {
	Token string `json:"token" maxLength:"200"`
}

// Offer is what an invitation's link offers.
type Offer struct {
	WorkspaceName string `json:"workspaceName"`
	Email         string `json:"email"`
	Role          string `json:"role"`
	InviterName   string `json:"inviterName"`
	UserExists    bool   `json:"userExists"`
}

// stands finds the invitation that a link belongs to, while whoever made it may still invite to that role: what one
// could give away once is worth nothing after one has lost it.
func stands(tx *store.Tx, token []byte) (*store.Invitation, error) {
	v, err := tx.Invitations.ByToken(token)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errInvitation
	}
	if err != nil {
		return nil, err
	}
	who, err := account.Bind(tx, actor.Actor{Kind: actor.Staff, User: v.InvitedBy}, v.Workspace)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!who.Can(may.InviteUsers) || below(who, v.Role) != nil) {
		return nil, errInvitation
	}
	return v, err
}

var errInvitation = fault.New(fault.NotFound, "This invitation is not valid (any longer). Ask for a new one.")

// Invitation tells the holder of a link what it offers.
func (w *Workspaces) Invitation(tx *store.Tx, _ actor.Actor, in Token) (out Offer, err error) {
	v, err := stands(tx, account.HashToken(in.Token))
	if err != nil {
		return out, err
	}
	space, err := tx.Workspaces.ByID(v.Workspace)
	if err != nil {
		return out, err
	}
	_, err = tx.Users.ByEmail(v.Email)
	out = Offer{space.Name, v.Email, v.Role, v.InviterName, err == nil}
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return out, err
}

// Accept takes an invitation up: a new person with a name and a password, one who has an account with its password.
type Accept struct {
	Token    string `json:"token" maxLength:"200"`
	Name     string `json:"name,omitempty" maxLength:"400"`
	Password string `json:"password,omitempty" maxLength:"1000"`
}

// Accept makes the holder of a link a member and signs them in. The link works once. Whoever has an account proves it:
// the link alone must not open it.
func (w *Workspaces) Accept(ctx context.Context, who actor.Actor, in Accept) (out account.SignedIn, err error) {
	hash := account.HashToken(in.Token)
	var v *store.Invitation
	var u *store.User
	err = w.db.Read(ctx, 0, func(tx *store.Tx) error {
		if v, err = stands(tx, hash); err != nil {
			return err
		}
		if u, err = tx.Users.ByEmail(v.Email); errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return err
	})
	if err != nil {
		return out, err
	}
	fresh := u == nil
	if fresh {
		u, err = account.AddUser(ctx, in.Name, v.Email, in.Password)
	} else if who.User != u.ID {
		var ok bool
		if ok, err = w.accounts.Prove(ctx, who, u, in.Password); err == nil && !ok {
			err = fault.New(fault.Unauthenticated, "The password is wrong.").On("password")
		}
	}
	if err != nil {
		return out, err
	}
	_, err = w.db.Write(ctx, v.Workspace, func(tx *store.Tx) error {
		if _, err := stands(tx, hash); err != nil {
			return err
		}
		if fresh {
			if err := tx.Users.Add(u); err != nil {
				return err
			}
		}
		if _, err := tx.Members.Add(u.ID, v.Role); err != nil {
			return err
		}
		return tx.Invitations.Settle(v.ID, "accepted")
	})
	if err != nil {
		return out, err
	}
	return w.accounts.Welcome(ctx, who, u.ID, false)
}
