// Package account is about the people of the team: who they are, how they sign in, and how the first of them sets
// Deskbell up.
//
// A user has one password and any number of sessions. A session is a token of 256 random bits of which only the hash
// is kept; it lives for thirty days after its last use, and ends at once when it is revoked.
package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/safe"
	"deskbell/store"
)

const (
	life   = 30 * 24 * time.Hour // of a session after its last use
	coarse = 5 * time.Minute     // how exactly the last use is kept

	mostSessions = 100 // of a user: as many as are listed; the oldest end
)

// Accounts are the people of the team and their sign-ins.
type Accounts struct {
	db     *store.DB
	url    string
	key    []byte // of the notes that browsers keep
	failed throttle
	ended  atomic.Int64 // until when it was looked which keys have expired, in milliseconds

	mu    sync.Mutex
	cache map[string]cached // by token hash
}

type cached struct {
	who  actor.Actor
	seen store.Time
	ends store.Time
}

// New makes the accounts; url is the public base URL, and secret the machine's.
func New(db *store.DB, secret []byte, url string) *Accounts {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("deskbell known browsers"))
	a := &Accounts{db: db, url: url, key: mac.Sum(nil), cache: map[string]cached{}}
	db.Watch(func(c store.Commit) {
		if c.In("sessions", "users", "api_keys") {
			a.mu.Lock()
			clear(a.cache)
			a.mu.Unlock()
		}
	})
	return a
}

// Open hangs everything about accounts on its doors.
func (a *Accounts) Open(d *door.Doors) {
	door.View(d, "setup.status", may.Anyone, a.SetupStatus)
	door.Verb(d, "setup.complete", may.Anyone, a.CompleteSetup, door.NoIdempotency(), door.Cost(20))
	door.Verb(d, "auth.signIn", may.Anyone, a.SignIn, door.NoIdempotency(), door.Cost(20), door.Vital())
	door.Verb(d, "auth.signOut", may.SignedIn, a.SignOut, door.NoIdempotency(), door.Vital())
	door.Verb(d, "auth.changePassword", may.SignedIn, a.ChangePassword, door.NoIdempotency(), door.Cost(20), door.Vital())
	door.View(d, "sessions.list", may.SignedIn, a.Sessions)
	door.Verb(d, "sessions.revoke", may.SignedIn, a.Revoke, door.Vital())
	door.Verb(d, "sessions.revokeOthers", may.SignedIn, a.RevokeOthers, door.Vital())
	door.View(d, "users.me", may.SignedIn, a.Me)
	door.Verb(d, "users.updateProfile", may.SignedIn, a.UpdateProfile)

	a.openKeys(d)

	door.Every(d, "account.purge", "@every 1m", a.Purge)
}

// Empty is an input or output without fields.
type Empty struct{}

// User is a person of the team as the wire tells it.
type User struct {
	ID        store.ID   `json:"id"`
	Email     string     `json:"email"`
	Name      string     `json:"name"`
	AvatarURL *string    `json:"avatarUrl"`
	CreatedAt store.Time `json:"createdAt"`
}

func person(u *store.User) User {
	out := User{ID: u.ID, Email: u.Email, Name: u.Name, CreatedAt: u.CreatedAt}
	if u.AvatarURL != "" {
		out.AvatarURL = &u.AvatarURL
	}
	return out
}

var errSignIn = fault.New(fault.Unauthenticated, "Sign in first.")

// Who finds the user that a token belongs to, or whom a key acts as.
func (a *Accounts) Who(ctx context.Context, token string) (actor.Actor, error) {
	if strings.HasPrefix(token, keyPrefix) {
		return a.WhoHolds(ctx, token)
	}
	hash := HashToken(token)
	now := a.db.Now()
	a.mu.Lock()
	c, ok := a.cache[string(hash)]
	a.mu.Unlock()
	if ok && c.ends > now && now.Sub(c.seen) < coarse {
		return c.who, nil
	}
	seq := a.db.Seq()
	err := a.db.Read(ctx, 0, func(tx *store.Tx) error {
		s, err := tx.Sessions.ByToken(hash)
		if err != nil {
			return err
		}
		u, err := tx.Users.ByID(s.User)
		if err != nil {
			return err
		}
		c = cached{who: actor.Actor{Kind: actor.Staff, User: u.ID, Session: s.ID, Name: u.Name}, seen: s.LastSeenAt, ends: s.ExpiresAt}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return actor.Actor{}, errSignIn
	}
	if err != nil {
		return actor.Actor{}, err
	}
	if now.Sub(c.seen) >= coarse {
		if _, err := a.db.Write(store.Vital(ctx), 0, func(tx *store.Tx) error { return tx.Sessions.Seen(c.who.Session, tx.Now().Add(life)) }); err != nil && !errors.Is(err, store.ErrFull) {
			return actor.Actor{}, err
		}
		return c.who, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.db.Seq() == seq && len(a.cache) < 10000 { // nothing was revoked meanwhile
		a.cache[string(hash)] = c
	}
	return c.who, nil
}

// Alive fails once a staff session or a key has ended.
func (a *Accounts) Alive(tx *store.Tx, who actor.Actor) error {
	if who.Kind == actor.Key {
		k, err := tx.In(who.Workspace).APIKeys.ByID(who.Session)
		if err == nil && k.ExpiresAt != 0 && k.ExpiresAt <= tx.Now() {
			err = store.ErrNotFound
		}
		return err
	}
	s, err := tx.Sessions.ByID(who.User, who.Session)
	if err == nil && s.ExpiresAt <= tx.Now() {
		err = store.ErrNotFound
	}
	return err
}

// Bind gives a user the role and rights they hold in a workspace; 0 is the only one they belong to.
func Bind(tx *store.Tx, who actor.Actor, workspace store.ID) (actor.Actor, error) {
	if who.Kind == actor.Key {
		return holds(tx, who, workspace)
	}
	if workspace == 0 {
		list, err := tx.Members.OfUser(who.User)
		switch {
		case err != nil:
			return who, err
		case len(list) != 1:
			return who, fault.New(fault.Invalid, "Name the workspace.").On("workspaceId")
		}
		return bound(who, &list[0])
	}
	m, err := tx.Members.Of(workspace, who.User)
	if err != nil {
		return who, err
	}
	return bound(who, m)
}

func bound(who actor.Actor, m *store.Member) (actor.Actor, error) {
	who.Workspace, who.Role = m.Workspace, m.Role
	custom, err := Permissions(m)
	who.Permissions = may.Effective(m.Role, custom)
	return who, err
}

// Permissions reads a member's own rights; nil is none of their own.
func Permissions(m *store.Member) (actor.Permissions, error) {
	if m.Permissions == "" {
		return nil, nil
	}
	list := actor.Permissions{}
	err := json.Unmarshal([]byte(m.Permissions), &list)
	return actor.Set(list...), err
}

// Address normalises an e-mail address, or says what is wrong with it.
func Address(field, s string) (string, error) {
	s = canonical(s)
	at := strings.LastIndexByte(s, '@')
	addr, err := mail.ParseAddress(s)
	if err != nil || addr.Address != s || at < 1 || !strings.Contains(s[at:], ".") || len(s) > 254 {
		return "", fault.New(fault.Invalid, "This is not an e-mail address.").On(field)
	}
	return s, nil
}

// Named trims a name and bounds it.
func Named(field, s string) (string, error) {
	s = OneLine(s)
	if n := utf8.RuneCountInString(s); n > 100 || s == "" {
		return "", fault.New(fault.Invalid, "Give a name of 1 to 100 characters.").On(field)
	}
	return s, nil
}

// OneLine is what somebody wrote as one line, without what turns the text around it or cannot be seen.
func OneLine(s string) string { return strings.Join(strings.Fields(safe.Text(s)), " ") }

// Purge removes sessions that have expired, and ends the sockets of keys that have.
func (a *Accounts) Purge(ctx context.Context) error {
	since, now := store.Time(a.ended.Load()), store.Time(0)
	_, err := a.db.Write(ctx, 0, func(tx *store.Tx) error {
		now = tx.Now()
		return errors.Join(tx.Sessions.Purge(), tx.APIKeys.Ended(since), tx.IdempotencyKeys.Purge())
	})
	if err == nil {
		a.ended.Store(int64(now))
	}
	return err
}
