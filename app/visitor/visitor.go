// Package visitor is about the people who write in: how their browser or app proves to be the same as yesterday, what
// is known of them, and whether they are here now.
//
// A client holds a secret of its own (sessionId, 256 random bits) and boots a session with it: a token (wst_…) of
// bounded life. What a client says about its user (name, address, own id) only annotates: without proof it never opens
// another person's history.
package visitor

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/store"
)

// mostSessions is how many sessions one visitor has at a time, by tabs, browsers' restarts and devices; the oldest end.
const mostSessions = 50

// Visitors are the people who write in.
type Visitors struct {
	db       *store.DB
	secret   []byte // the machine's; tokens of refreshed sessions come from it
	url      string // the public base URL: a visit there is none of a customer's site
	presence presence

	mu    sync.Mutex
	cache map[string]cached // by token hash
}

type cached struct {
	who  actor.Actor
	ends store.Time
}

// New makes the visitors; secret is the machine's, url the public base URL.
func New(db *store.DB, secret []byte, url string) *Visitors {
	v := &Visitors{db: db, secret: secret, url: url, cache: map[string]cached{}}
	v.presence.init(db)
	db.Watch(func(c store.Commit) {
		for i := range c.Changes {
			if c.Changes[i].Table == "widget_sessions" && c.Changes[i].Op != store.Insert {
				v.mu.Lock()
				clear(v.cache)
				v.mu.Unlock()
				return
			}
		}
	})
	return v
}

// Open hangs everything about visitors on its doors.
func (v *Visitors) Open(d *door.Doors) {
	door.Verb(d, "widgetSessions.boot", may.Anyone, v.Boot, door.NoIdempotency())
	door.Verb(d, "widgetSessions.refresh", may.OwnVisitor, v.Refresh, door.NoIdempotency())
	door.Verb(d, "widgetSessions.revoke", may.OwnVisitor, v.Revoke, door.NoIdempotency(), door.Vital())
	door.Verb(d, "visitors.identify", may.OwnVisitor, v.Identify, door.NoIdempotency(), door.Keeps())
	door.Verb(d, "visitors.heartbeat", may.OwnVisitor, v.Heartbeat, door.NoIdempotency())
	door.View(d, "visitors.get", may.Has(may.ReadUsers), v.Get, door.Shared())
	door.View(d, "visitors.list", may.Has(may.ReadUsers), v.List, door.Shared())
	door.Verb(d, "visitors.update", may.Has(may.Reply), v.Update)
	v.openMessenger(d)

	door.Every(d, "visitor.purge", "@every 1m", func(ctx context.Context) error {
		_, err := v.db.Write(ctx, 0, func(tx *store.Tx) error { return tx.WidgetSessions.Purge() })
		return err
	})
}

// Empty is an input or output without fields.
type Empty struct{}

// Device is what a visitor reads on.
type Device struct {
	OS      string `json:"os"`
	Browser string `json:"browser"`
	Type    string `json:"type"`
}

// Visitor is a visitor as the wire tells it.
type Visitor struct {
	ID               store.ID        `json:"id"`
	ReadableID       string          `json:"readableId"`
	Name             *string         `json:"name"`
	Email            *string         `json:"email"`
	UserID           *string         `json:"userId"`
	Verified         bool            `json:"verified"`
	AvatarURL        *string         `json:"avatarUrl"`
	Online           bool            `json:"online"`
	LastSeenAt       store.Time      `json:"lastSeenAt"`
	FirstSeenAt      store.Time      `json:"firstSeenAt"`
	CurrentURL       *string         `json:"currentUrl"`
	CurrentTitle     *string         `json:"currentTitle"`
	Referrer         *string         `json:"referrer"`
	Device           Device          `json:"device"`
	Language         *string         `json:"language"`
	Timezone         *string         `json:"timezone"`
	CustomAttributes json.RawMessage `json:"customAttributes"`
	CreatedAt        store.Time      `json:"createdAt"`
}

// Key is the visitor's id.
func (v Visitor) Key() store.ID { return v.ID }

func shown(v *store.Visitor) Visitor {
	return Visitor{ID: v.ID, ReadableID: v.ReadableID, Name: door.Maybe(v.Name), Email: door.Maybe(v.Email), UserID: door.Maybe(v.ExternalUserID), Verified: v.Verified,
		AvatarURL: door.Maybe(v.AvatarURL), Online: v.Online, LastSeenAt: v.LastSeenAt, FirstSeenAt: v.FirstSeenAt, CurrentURL: door.Maybe(v.CurrentURL),
		CurrentTitle: door.Maybe(v.CurrentTitle), Referrer: door.Maybe(v.Referrer), Device: Device{v.OS, v.Browser, v.DeviceType}, Language: door.Maybe(v.Language),
		Timezone: door.Maybe(v.Timezone), CustomAttributes: v.CustomAttributes, CreatedAt: v.CreatedAt}
}

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

func newToken() (token string, hash []byte) {
	var b [32]byte
	rand.Read(b[:])
	token = "wst_" + hex.EncodeToString(b[:])
	return token, digest(token)
}

func digest(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
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
		visitor, err := tx.Visitors.BySecret(digest(secret))
		switch {
		case errors.Is(err, store.ErrNotFound):
			visitor = &store.Visitor{Referrer: pageURL(in.Referrer), CustomAttributes: attributes}
			v.note(tx, visitor, who, in)
			err = tx.Visitors.Add(visitor, digest(secret), readableID)
		case err == nil:
			known = true
			err = v.again(tx, visitor, who, in)
		}
		if err != nil {
			return err
		}
		s := &store.WidgetSession{Visitor: visitor.ID, ClientType: or(in.ClientType, "web_widget"), Version: in.ClientVersion, Origin: who.Origin,
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

// again brings what is known of a returning visitor up to date; nothing is written when nothing changed.
func (v *Visitors) again(tx *store.Tx, visitor *store.Visitor, who actor.Actor, in Boot) error {
	before := *visitor
	attributes, err := merged(visitor.CustomAttributes, in.User)
	if err != nil {
		return err
	}
	visitor.CustomAttributes = attributes
	v.note(tx, visitor, who, in)
	stale := tx.Now().Sub(before.LastSeenAt) > time.Minute
	if stale {
		visitor.LastSeenAt = tx.Now()
	}
	if !stale && before.Name == visitor.Name && before.Email == visitor.Email && before.ExternalUserID == visitor.ExternalUserID && before.CurrentURL == visitor.CurrentURL && before.CurrentTitle == visitor.CurrentTitle && bytes.Equal(before.CustomAttributes, attributes) {
		return nil
	}
	return tx.Visitors.Update(visitor)
}

func (v *Visitors) note(_ *store.Tx, visitor *store.Visitor, who actor.Actor, in Boot) {
	visitor.OS, visitor.Browser, visitor.DeviceType = device(who.UserAgent)
	if in.Device != nil {
		visitor.Language, visitor.Timezone = in.Device.Language, in.Device.Timezone
	}
	if page := pageURL(in.URL); page != "" {
		visitor.CurrentURL, visitor.CurrentTitle = page, account.OneLine(in.Title)
	}
	annotate(visitor, in.User)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var errSession = fault.New(fault.Unauthenticated, "This session has ended. Boot a new one.")

// Who finds the visitor that a token belongs to.
func (v *Visitors) Who(ctx context.Context, token string) (actor.Actor, error) {
	hash := digest(token)
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

// grown is how long a refreshed session's old token works beside the new one.
const grown = time.Minute

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
		return tx.WidgetSessions.Renew(s.ID, digest(token), until, tx.Now().Add(grown))
	})
	return out, err
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
