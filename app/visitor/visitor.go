// Package visitor is about the people who write in: how their browser or app proves to be the same as yesterday, what
// is known of them, and whether they are here now.
//
// A client holds a secret of its own (sessionId, 256 random bits) and boots a session with it: a token (wst_…) of
// bounded life. What a client says about its user (name, address, own id) only annotates: without proof it never opens
// another person's history.
package visitor

import (
	"context"
	"encoding/json"
	"sync"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/may"
	"deskbell/store"
)

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
