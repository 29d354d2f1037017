package account

import (
	"context"
	"errors"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/store"
)

// SignIn is what one signs in with. Token asks for a bearer token besides the cookie.
type SignIn struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"1000"`
	Token    bool   `json:"token,omitempty"`
}

// SignedIn is who one is now.
type SignedIn struct {
	User       User              `json:"user"`
	Workspaces []WorkspaceOfUser `json:"workspaces"`
	Token      string            `json:"token,omitempty"`
}

// WorkspaceOfUser is a workspace that one belongs to.
type WorkspaceOfUser struct {
	ID   store.ID `json:"id"`
	Name string   `json:"name"`
	Role string   `json:"role"`
}

// SignIn checks an address and a password. Unknown addresses and wrong passwords look and last the same.
func (a *Accounts) SignIn(ctx context.Context, who actor.Actor, in SignIn) (SignedIn, error) {
	u, err := a.prove(ctx, who, canonical(in.Email), in.Password)
	if err == nil && u == nil {
		err = fault.New(fault.Unauthenticated, "E-mail or password is wrong.")
	}
	if err != nil {
		return SignedIn{}, err
	}
	return a.Welcome(ctx, who, u.ID, in.Token)
}

// Welcome begins a session for a user who has proven who they are.
func (a *Accounts) Welcome(ctx context.Context, who actor.Actor, user store.ID, bearer bool) (out SignedIn, err error) {
	token, hash := NewToken("dbs_")
	_, err = a.db.Write(ctx, 0, func(tx *store.Tx) error {
		err := tx.Sessions.Add(&store.Session{User: user, TokenHash: hash, UserAgent: who.UserAgent, IP: who.IP, ExpiresAt: tx.Now().Add(life)})
		if err == nil {
			err = tx.Sessions.Newest(user, mostSessions)
		}
		if err != nil {
			return err
		}
		out, err = profile(tx, user)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	door.SetSession(ctx, token, life)
	if _, known := a.knows(who.Device, user); !known {
		door.SetDevice(ctx, a.note(user))
	}
	if bearer {
		out.Token = token
	}
	return out, nil
}

func profile(tx *store.Tx, user store.ID) (SignedIn, error) {
	u, err := tx.Users.ByID(user)
	if err != nil {
		return SignedIn{}, err
	}
	list, err := tx.Members.OfUser(user)
	if err != nil {
		return SignedIn{}, err
	}
	out := SignedIn{User: person(u), Workspaces: []WorkspaceOfUser{}}
	for _, m := range list {
		w, err := tx.Workspaces.ByID(m.Workspace)
		if err != nil {
			return SignedIn{}, err
		}
		out.Workspaces = append(out.Workspaces, WorkspaceOfUser{ID: w.ID, Name: w.Name, Role: m.Role})
	}
	return out, nil
}

// SignOut ends the session that asks.
func (a *Accounts) SignOut(ctx context.Context, who actor.Actor, _ Empty) (Empty, error) {
	_, err := a.db.Write(ctx, 0, func(tx *store.Tx) error { return tx.Sessions.Remove(who.User, who.Session) })
	door.SetSession(ctx, "", 0)
	return Empty{}, err
}

// ChangePassword is the old and the new one.
type ChangePassword struct {
	CurrentPassword string `json:"currentPassword" maxLength:"1000"`
	NewPassword     string `json:"newPassword" maxLength:"1000"`
}

// ChangePassword replaces the password and ends all other sessions.
func (a *Accounts) ChangePassword(ctx context.Context, who actor.Actor, in ChangePassword) (Empty, error) {
	if err := checkPassword("newPassword", in.NewPassword); err != nil {
		return Empty{}, err
	}
	var u *store.User
	err := a.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		if err = a.remember(tx); err == nil {
			u, err = tx.Users.ByID(who.User)
		}
		return err
	})
	if err != nil {
		return Empty{}, err
	}
	under := []tally{{"change " + a.blind(u.Email), freeHere}}
	if wait := a.failed.begin(a.db.Now(), under); wait > 0 {
		return Empty{}, throttled(wait)
	}
	ok, err := passwordMatches(ctx, u.PasswordHash, in.CurrentPassword)
	if err != nil {
		return Empty{}, err
	}
	if ok {
		a.failed.forgive(under)
	}
	a.keep(ctx, under)
	if !ok {
		return Empty{}, fault.New(fault.Invalid, "The current password is wrong.").On("currentPassword")
	}
	return Empty{}, a.setPassword(ctx, who.User, in.NewPassword, who.Session)
}

func (a *Accounts) setPassword(ctx context.Context, user store.ID, password string, keep store.ID) error {
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	_, err = a.db.Write(ctx, 0, func(tx *store.Tx) error {
		if err := tx.Users.SetPassword(user, hash); err != nil {
			return err
		}
		_, err := tx.Sessions.RemoveOthers(user, keep)
		return err
	})
	return err
}

// ResetPassword sets a password from the command line, ends all sessions, and forgets failed sign-ins.
func (a *Accounts) ResetPassword(ctx context.Context, email, password string) error {
	if err := checkPassword("password", password); err != nil {
		return err
	}
	var u *store.User
	err := a.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		if err = a.remember(tx); err == nil {
			u, err = tx.Users.ByEmail(canonical(email))
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return fault.New(fault.NotFound, "Nobody has this e-mail address.")
	}
	if err != nil {
		return err
	}
	if err := a.setPassword(ctx, u.ID, password, 0); err != nil {
		return err
	}
	keys := a.failed.forget(a.blind(u.Email))
	_, err = a.db.Write(ctx, 0, func(tx *store.Tx) error {
		for _, key := range keys {
			if err := tx.Failures.Keep(store.Failure{Key: key}); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// Sign is one sign-in as the wire tells it.
type Sign struct {
	ID         store.ID   `json:"id"`
	Current    bool       `json:"current"`
	UserAgent  string     `json:"userAgent"`
	IP         string     `json:"ip"`
	CreatedAt  store.Time `json:"createdAt"`
	LastSeenAt store.Time `json:"lastSeenAt"`
}

// Key is the session's id.
func (s Sign) Key() store.ID { return s.ID }

// Sessions lists one's own sign-ins.
func (a *Accounts) Sessions(tx *store.Tx, who actor.Actor, _ Empty) (door.Page[Sign], error) {
	list, err := tx.Sessions.List(who.User)
	out := make([]Sign, 0, len(list))
	for _, s := range list {
		out = append(out, Sign{s.ID, s.ID == who.Session, s.UserAgent, s.IP, s.CreatedAt, s.LastSeenAt})
	}
	return door.NewPage(out, ""), err
}

// Revoke names a session.
type Revoke struct {
	SessionID store.ID `json:"sessionId"`
}

// Revoke ends one of one's own sessions; its sockets close.
func (a *Accounts) Revoke(ctx context.Context, who actor.Actor, in Revoke) (Empty, error) {
	_, err := a.db.Write(ctx, 0, func(tx *store.Tx) error { return tx.Sessions.Remove(who.User, in.SessionID) })
	return Empty{}, err
}

// Revoked says how many sessions ended.
type Revoked struct {
	Revoked int64 `json:"revoked"`
}

// RevokeOthers ends all of one's sessions but the one that asks.
func (a *Accounts) RevokeOthers(ctx context.Context, who actor.Actor, _ Empty) (out Revoked, err error) {
	_, err = a.db.Write(ctx, 0, func(tx *store.Tx) (err error) {
		out.Revoked, err = tx.Sessions.RemoveOthers(who.User, who.Session)
		return err
	})
	return out, err
}

// Membership is a workspace one belongs to, with one's rights there.
type Membership struct {
	WorkspaceID store.ID          `json:"workspaceId"`
	Name        string            `json:"name"`
	AccentColor string            `json:"accentColor"`
	Role        string            `json:"role"`
	Permissions actor.Permissions `json:"permissions"`
}

// Me is oneself.
type Me struct {
	User    User `json:"user"`
	Session struct {
		ID store.ID `json:"id"`
	} `json:"session"`
	Memberships []Membership `json:"memberships"`
}

// Me tells who one is and where one belongs.
func (a *Accounts) Me(tx *store.Tx, who actor.Actor, _ Empty) (out Me, err error) {
	u, err := tx.Users.ByID(who.User)
	if err != nil {
		return out, err
	}
	list, err := tx.Members.OfUser(who.User)
	if err != nil {
		return out, err
	}
	out.User, out.Session.ID, out.Memberships = person(u), who.Session, []Membership{}
	for _, m := range list {
		w, err := tx.Workspaces.ByID(m.Workspace)
		if err != nil {
			return out, err
		}
		custom, err := Permissions(&m)
		if err != nil {
			return out, err
		}
		rights := append(actor.Permissions{}, may.Effective(m.Role, custom)...)
		out.Memberships = append(out.Memberships, Membership{w.ID, w.Name, w.AccentColor, m.Role, rights})
	}
	return out, nil
}

// UpdateProfile is what one may change about oneself.
type UpdateProfile struct {
	Name *string `json:"name,omitempty" maxLength:"400"`
}

// UpdateProfile changes one's own name.
func (a *Accounts) UpdateProfile(ctx context.Context, who actor.Actor, in UpdateProfile) (out User, err error) {
	name := ""
	if in.Name != nil {
		if name, err = Named("name", *in.Name); err != nil {
			return out, err
		}
	}
	_, err = a.db.Write(ctx, 0, func(tx *store.Tx) error {
		if in.Name != nil {
			if err := tx.Users.SetName(who.User, name); err != nil {
				return err
			}
		}
		u, err := tx.Users.ByID(who.User)
		if err == nil {
			out = person(u)
		}
		return err
	})
	return out, err
}
