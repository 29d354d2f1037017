package account

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/store"
)

// A key lets a program in. It acts as the member who made it: within its scopes, never beyond what that member may do
// at the moment, and no longer than they belong to the workspace. It is shown once and kept as a hash.

const (
	keyPrefix = "dbk_"
	mostKeys  = 100 // of a workspace
)

// NewKey is what a key is to be for.
type NewKey struct {
	Name      string   `json:"name" maxLength:"400"`
	Scopes    []string `json:"scopes" maxItems:"23"`
	ExpiresIn int      `json:"expiresInDays,omitempty" minimum:"0" maximum:"3650" doc:"0 or absent: never"`
}

// APIKey is a key as the wire tells it, without its secret.
type APIKey struct {
	ID         store.ID          `json:"id"`
	Name       string            `json:"name"`
	Hint       string            `json:"hint"` // its last characters
	Scopes     actor.Permissions `json:"scopes"`
	CreatedBy  string            `json:"createdBy"`
	LastUsedAt *store.Time       `json:"lastUsedAt"`
	ExpiresAt  *store.Time       `json:"expiresAt"`
	CreatedAt  store.Time        `json:"createdAt"`
}

// Key is the key's id.
func (k APIKey) Key() store.ID { return k.ID }

// MadeKey is a new key with its secret, which is never told again.
type MadeKey struct {
	Key   APIKey `json:"key"`
	Token string `json:"token"`
}

func (a *Accounts) openKeys(d *door.Doors) {
	door.View(d, "apiKeys.list", may.Has(may.SetIntegrations), a.Keys, door.Shared())
	door.Verb(d, "apiKeys.create", may.Person(may.SetIntegrations), a.CreateKey, door.NoIdempotency(), door.Cost(20))
	door.Verb(d, "apiKeys.revoke", may.Person(may.SetIntegrations), a.RevokeKey, door.Vital())
}

func shownKey(k *store.APIKey) (out APIKey, err error) {
	out = APIKey{ID: k.ID, Name: k.Name, Hint: k.Hint, CreatedBy: k.UserName, CreatedAt: k.CreatedAt, Scopes: actor.Permissions{}}
	if k.LastUsedAt != 0 {
		out.LastUsedAt = &k.LastUsedAt
	}
	if k.ExpiresAt != 0 {
		out.ExpiresAt = &k.ExpiresAt
	}
	return out, json.Unmarshal([]byte(k.Scopes), &out.Scopes)
}

// Keys lists the keys of the workspace.
func (a *Accounts) Keys(tx *store.Tx, _ actor.Actor, _ Empty) (page door.Page[APIKey], err error) {
	list, err := tx.APIKeys.List()
	if err != nil {
		return page, err
	}
	out := make([]APIKey, 0, len(list))
	for i := range list {
		k, err := shownKey(&list[i])
		if err != nil {
			return page, err
		}
		out = append(out, k)
	}
	return door.NewPage(out, ""), nil
}

// CreateKey makes a key with scopes that one holds oneself.
func (a *Accounts) CreateKey(ctx context.Context, who actor.Actor, in NewKey) (out MadeKey, err error) {
	name, err := Named("name", in.Name)
	if err != nil {
		return out, err
	}
	scopes := actor.Permissions{}
	for _, s := range in.Scopes {
		switch p := actor.Permission(s); {
		case !may.Known(p):
			return out, fault.New(fault.Invalid, "There is no such permission.").On("scopes")
		case !who.Can(p):
			return out, fault.New(fault.Forbidden, "You cannot give a permission that you do not have.")
		default:
			scopes = append(scopes, p)
		}
	}
	if len(scopes) == 0 {
		return out, fault.New(fault.Invalid, "Choose at least one permission.").On("scopes")
	}
	raw, err := json.Marshal(actor.Set(scopes...))
	if err != nil {
		return out, err
	}
	token, hash := NewToken(keyPrefix)
	_, err = a.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		list, err := tx.APIKeys.List()
		if err == nil && len(list) >= mostKeys {
			err = fault.New(fault.Conflict, "A workspace has at most %d keys. Revoke those that nobody uses.", mostKeys)
		}
		if err != nil {
			return err
		}
		k := &store.APIKey{User: who.User, UserName: who.Name, Name: name, Hint: token[len(token)-4:], Scopes: string(raw)}
		if in.ExpiresIn > 0 {
			k.ExpiresAt = tx.Now().Add(time.Duration(in.ExpiresIn) * 24 * time.Hour)
		}
		if err := tx.APIKeys.Add(k, hash); err != nil {
			return err
		}
		out.Token = token
		out.Key, err = shownKey(k)
		return err
	})
	return out, err
}

// WhichKey names a key.
type WhichKey struct {
	KeyID store.ID `json:"keyId"`
}

// RevokeKey ends a key at once; its sockets close.
func (a *Accounts) RevokeKey(ctx context.Context, who actor.Actor, in WhichKey) (Empty, error) {
	_, err := a.db.Write(ctx, who.Workspace, func(tx *store.Tx) error { return tx.APIKeys.Remove(in.KeyID) })
	return Empty{}, err
}

// WhoHolds finds who a key acts as. What it may do is found with the workspace (Bind).
func (a *Accounts) WhoHolds(ctx context.Context, token string) (actor.Actor, error) {
	hash, now := HashToken(token), a.db.Now()
	a.mu.Lock()
	c, ok := a.cache[string(hash)]
	a.mu.Unlock()
	if ok && (c.ends == 0 || c.ends > now) && now.Sub(c.seen) < coarse {
		return c.who, nil
	}
	seq := a.db.Seq()
	var k *store.APIKey
	err := a.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		k, err = tx.APIKeys.ByToken(hash)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return actor.Actor{}, fault.New(fault.Unauthenticated, "This key is not known (any longer).")
	}
	if err != nil {
		return actor.Actor{}, err
	}
	c = cached{who: actor.Actor{Kind: actor.Key, Workspace: k.Workspace, User: k.User, Session: k.ID, Name: k.UserName}, seen: k.LastUsedAt, ends: k.ExpiresAt}
	if now.Sub(k.LastUsedAt) >= coarse {
		_, err := a.db.Write(store.Vital(ctx), 0, func(tx *store.Tx) error { return tx.APIKeys.Used(k.ID) })
		if errors.Is(err, store.ErrFull) {
			err = nil // who may read need not be written down
		}
		return c.who, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.db.Seq() == seq && len(a.cache) < 10000 {
		a.cache[string(hash)] = c
	}
	return c.who, nil
}

// holds binds a key to its own workspace: what the member who made it may do there now, within its scopes.
func holds(tx *store.Tx, who actor.Actor, workspace store.ID) (actor.Actor, error) {
	if workspace != 0 && workspace != who.Workspace {
		return who, store.ErrNotFound
	}
	in := tx.In(who.Workspace)
	k, err := in.APIKeys.ByID(who.Session)
	if err != nil {
		return who, err
	}
	m, err := in.Members.Of(who.Workspace, who.User)
	if err != nil {
		return who, err
	}
	out, err := bound(who, m)
	if err != nil {
		return who, err
	}
	var scopes actor.Permissions
	if err := json.Unmarshal([]byte(k.Scopes), &scopes); err != nil {
		return who, err
	}
	rights := actor.Permissions{}
	for _, p := range actor.Set(scopes...) {
		if out.Permissions.Has(p) {
			rights = append(rights, p)
		}
	}
	out.Permissions = rights
	return out, nil
}

// KeyFor makes a key for the owner of a workspace, from the command line.
func (a *Accounts) KeyFor(ctx context.Context, workspace store.ID, in NewKey) (token string, err error) {
	who := actor.Actor{Kind: actor.Staff}
	err = a.db.Read(ctx, workspace, func(tx *store.Tx) error {
		if _, err := tx.Workspaces.ByID(workspace); err != nil {
			return err
		}
		list, err := tx.Members.List()
		for i := range list {
			if list[i].Role == may.RoleOwner && err == nil {
				who.User, who.Name = list[i].User, list[i].Name
				who, err = bound(who, &list[i])
			}
		}
		return err
	})
	if err != nil {
		return "", err
	}
	made, err := a.CreateKey(ctx, who, in)
	return made.Token, err
}
