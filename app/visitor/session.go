package visitor

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// mostSessions is how many sessions one visitor has at a time, by tabs, browsers' restarts and devices; the oldest end.
const mostSessions = 50

// Boot begins a session for a client.
type Boot struct {
	WorkspaceID   store.ID `json:"workspaceId"`
	SessionID     string   `json:"sessionId,omitempty" minLength:"43" maxLength:"200" pattern:"^[A-Za-z0-9_-]+$"`
	User          *Person  `json:"user,omitempty"`
	Device        *Hints   `json:"device,omitempty"`
	URL           string   `json:"url,omitempty" maxLength:"2048"`
	Title         string   `json:"title,omitempty" maxLength:"300"`
	Referrer      string   `json:"referrer,omitempty" maxLength:"2048"`
	ClientType    string   `json:"clientType,omitempty" maxLength:"40"`
	ClientVersion string   `json:"clientVersion,omitempty" maxLength:"40"`
}

// Hints are what a client knows of its device.
type Hints struct {
	Language string `json:"language,omitempty" maxLength:"40"`
	Timezone string `json:"timezone,omitempty" maxLength:"60"`
}

// Person is what a site says of its user. Without a proof that the workspace accepts it only annotates.
type Person struct {
	Email            string         `json:"email,omitempty" maxLength:"254"`
	Name             string         `json:"name,omitempty" maxLength:"200"`
	UserID           string         `json:"userId,omitempty" maxLength:"200"`
	UserHash         string         `json:"userHash,omitempty" maxLength:"200"`
	UserJWT          string         `json:"userJwt,omitempty" maxLength:"4096"`
	CustomAttributes map[string]any `json:"customAttributes,omitempty"`
}

// Booted is the session.
type Booted struct {
	Visitor      Visitor    `json:"visitor"`
	SessionToken string     `json:"sessionToken"`
	ExpiresAt    store.Time `json:"expiresAt"`
	LifetimeMs   int64      `json:"lifetimeMs"`
	Settings     Settings   `json:"settings"`
}

// Boot finds the client's visitor again, or makes one, and begins a session.
func (v *Visitors) Boot(ctx context.Context, who actor.Actor, in Boot) (out Booted, err error) {
	attributes, err := merged(json.RawMessage("{}"), in.User)
	if err != nil {
		return out, err
	}
	token, hash := newToken()
	secret := in.SessionID
	if secret == "" {
		secret = token // a client without a secret of its own is new each time
	}
	_, err = v.db.Write(ctx, in.WorkspaceID, func(tx *store.Tx) error {
		w, err := tx.Workspaces.ByID(in.WorkspaceID)
		if err != nil {
			return err
		}
		known := false
		visitor, err := tx.Visitors.BySecret(account.HashToken(secret))
		switch {
		case errors.Is(err, store.ErrNotFound):
			visitor = &store.Visitor{Referrer: pageURL(in.Referrer), CustomAttributes: attributes}
			observe(visitor, who, in)
			err = tx.Visitors.Add(visitor, account.HashToken(secret), readableID)
		case err == nil:
			known = true
			err = returned(tx, visitor, who, in)
		}
		if err != nil {
			return err
		}
		s := &store.WidgetSession{Visitor: visitor.ID, ClientType: cmp.Or(in.ClientType, "web_widget"), Version: in.ClientVersion, Origin: who.Origin,
			LifetimeMs: w.SessionLifetimeMs, ExpiresAt: tx.Now().Add(time.Duration(w.SessionLifetimeMs) * time.Millisecond)}
		if err := tx.WidgetSessions.Add(s, hash); err != nil {
			return err
		}
		if known {
			if err := tx.WidgetSessions.Newest(visitor.ID, mostSessions); err != nil {
				return err
			}
		}
		if page := pageURL(in.URL); page != "" && !strings.HasPrefix(page+"/", v.url+"/") && tx.Now().Sub(w.WidgetSeenAt) > time.Minute {
			if err := tx.Workspaces.WidgetSeen(w.ID, page); err != nil {
				return err
			}
		}
		settings, err := settingsOf(tx)
		out = Booted{shown(visitor), token, s.ExpiresAt, s.LifetimeMs, settings}
		return err
	})
	return out, err
}

// returned brings what is known of a returning visitor up to date; nothing is written when nothing changed.
func returned(tx *store.Tx, visitor *store.Visitor, who actor.Actor, in Boot) error {
	before := *visitor
	attributes, err := merged(visitor.CustomAttributes, in.User)
	if err != nil {
		return err
	}
	visitor.CustomAttributes = attributes
	observe(visitor, who, in)
	stale := tx.Now().Sub(before.LastSeenAt) > time.Minute
	if stale {
		visitor.LastSeenAt = tx.Now()
	}
	if !stale && before.Name == visitor.Name && before.Email == visitor.Email && before.ExternalUserID == visitor.ExternalUserID && before.CurrentURL == visitor.CurrentURL && before.CurrentTitle == visitor.CurrentTitle && bytes.Equal(before.CustomAttributes, attributes) {
		return nil
	}
	return tx.Visitors.Update(visitor)
}

// observe takes over what a client's request tells of its visitor.
func observe(visitor *store.Visitor, who actor.Actor, in Boot) {
	visitor.OS, visitor.Browser, visitor.DeviceType = device(who.UserAgent)
	if in.Device != nil {
		visitor.Language, visitor.Timezone = in.Device.Language, in.Device.Timezone
	}
	if page := pageURL(in.URL); page != "" {
		visitor.CurrentURL, visitor.CurrentTitle = page, account.OneLine(in.Title)
	}
	annotate(visitor, in.User)
}

var errSession = fault.New(fault.Unauthenticated, "This session has ended. Boot a new one.")

// Who finds the visitor that a token belongs to.
func (v *Visitors) Who(ctx context.Context, token string) (actor.Actor, error) {
	hash := account.HashToken(token)
	v.mu.Lock()
	c, ok := v.cache[string(hash)]
	v.mu.Unlock()
	if ok && c.ends > v.db.Now() {
		return c.who, nil
	}
	seq := v.db.Seq()
	err := v.db.Read(ctx, 0, func(tx *store.Tx) error {
		s, ends, err := tx.WidgetSessions.ByToken(hash)
		if err == nil {
			c = cached{actor.Actor{Kind: actor.Visitor, Workspace: s.Workspace, Visitor: s.Visitor, Session: s.ID, Name: s.Name, Verified: s.Verified}, ends}
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return actor.Actor{}, errSession
	}
	if err != nil {
		return actor.Actor{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.db.Seq() == seq && len(v.cache) < 20000 {
		v.cache[string(hash)] = c
	}
	return c.who, nil
}

// Alive fails once a visitor's session has ended.
func (v *Visitors) Alive(tx *store.Tx, who actor.Actor) error {
	_, err := tx.WidgetSessions.ByID(who.Workspace, who.Session)
	return err
}

// Refreshed is a session with a new token.
type Refreshed struct {
	SessionToken string     `json:"sessionToken"`
	ExpiresAt    store.Time `json:"expiresAt"`
	LifetimeMs   int64      `json:"lifetimeMs"`
}

// overlap is how long a refreshed session's old token works beside the new one.
const overlap = time.Minute

// Refresh gives the session a new token and a full life; its sockets stay. The old token ends a minute later, and until then
// a refresh answers the same new token again: whoever asks twice, or in two tabs at once, ends up with one that works.
func (v *Visitors) Refresh(ctx context.Context, who actor.Actor, _ Empty) (out Refreshed, err error) {
	_, err = v.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		w, err := tx.Workspaces.ByID(who.Workspace)
		if err != nil {
			return err
		}
		s, err := tx.WidgetSessions.ByID(who.Workspace, who.Session)
		if errors.Is(err, store.ErrNotFound) {
			return errSession
		}
		if err != nil {
			return err
		}
		if s.PreviousAt > tx.Now() {
			out = Refreshed{v.successor(s.ID, s.Previous), s.ExpiresAt, int64(s.ExpiresAt - tx.Now())}
			return nil
		}
		token := v.successor(s.ID, s.Hash)
		until := tx.Now().Add(time.Duration(w.SessionLifetimeMs) * time.Millisecond)
		out = Refreshed{token, until, w.SessionLifetimeMs}
		return tx.WidgetSessions.Renew(s.ID, account.HashToken(token), until, tx.Now().Add(overlap))
	})
	return out, err
}

func newToken() (token string, hash []byte) {
	var b [32]byte
	rand.Read(b[:])
	token = "wst_" + hex.EncodeToString(b[:])
	return token, account.HashToken(token)
}

// successor is the token that follows another one, known by its hash, in a session. Nobody without the machine's secret
// can tell it from the one before.
func (v *Visitors) successor(session store.ID, hash []byte) string {
	h := hmac.New(sha256.New, v.secret)
	fmt.Fprintf(h, "deskbell visitor session %d: ", int64(session))
	h.Write(hash)
	return "wst_" + hex.EncodeToString(h.Sum(nil))
}

// Revoke ends the session; its sockets close.
func (v *Visitors) Revoke(ctx context.Context, who actor.Actor, _ Empty) (Empty, error) {
	_, err := v.db.Write(ctx, who.Workspace, func(tx *store.Tx) error { return tx.WidgetSessions.Remove(who.Session) })
	return Empty{}, err
}
