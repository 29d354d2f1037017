package visitor

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

const (
	attributesMost = 50
	attributeKey   = 64
	attributeValue = 1024
)

// annotate takes over what a site says of its user. An address that is none is left out: a mistake of the site must
// not lock its visitors out.
func annotate(v *store.Visitor, p *Person) {
	if p == nil {
		return
	}
	if name, err := account.Named("name", p.Name); err == nil {
		v.Name = name
	}
	if email, err := account.Address("email", p.Email); err == nil {
		v.Email = email
	}
	if p.UserID != "" {
		v.ExternalUserID = p.UserID
	}
}

// merged adds a site's attributes to those there are; null removes one.
func merged(old json.RawMessage, p *Person) (json.RawMessage, error) {
	if p == nil || len(p.CustomAttributes) == 0 {
		return old, nil
	}
	all := map[string]any{}
	if err := json.Unmarshal(old, &all); err != nil {
		return nil, err
	}
	for k, val := range p.CustomAttributes {
		if len(k) == 0 || len(k) > attributeKey {
			return nil, fault.New(fault.Invalid, "An attribute's name has 1 to %d bytes.", attributeKey).On("customAttributes")
		}
		if k = account.OneLine(k); k == "" {
			return nil, fault.New(fault.Invalid, "An attribute needs a name.").On("customAttributes")
		}
		switch x := val.(type) {
		case nil:
			delete(all, k)
			continue
		case string:
			if len(x) > attributeValue {
				return nil, fault.New(fault.Invalid, "An attribute has at most %d bytes.", attributeValue).On("customAttributes")
			}
			val = safe.Text(x)
		case bool, float64:
		default:
			return nil, fault.New(fault.Invalid, "An attribute is a text, a number or true or false.").On("customAttributes")
		}
		all[k] = val
	}
	if len(all) > attributesMost {
		return nil, fault.New(fault.Invalid, "A person has at most %d attributes.", attributesMost).On("customAttributes")
	}
	return json.Marshal(all)
}

// Identify annotates the visitor who asks.
func (v *Visitors) Identify(ctx context.Context, who actor.Actor, in Person) (out Visitor, err error) {
	if in.Email != "" {
		if _, err := account.Address("email", in.Email); err != nil {
			return out, err
		}
	}
	_, err = v.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		visitor, err := tx.Visitors.ByID(who.Visitor)
		if err != nil {
			return err
		}
		if visitor.CustomAttributes, err = merged(visitor.CustomAttributes, &in); err != nil {
			return err
		}
		annotate(visitor, &in)
		out = shown(visitor)
		return tx.Visitors.Update(visitor)
	})
	return out, err
}

// Beat is where a visitor is.
type Beat struct {
	URL   string `json:"url,omitempty" maxLength:"2048"`
	Title string `json:"title,omitempty" maxLength:"300"`
}

// Heartbeat says that the visitor is here. Only a change of page or of presence is written.
func (v *Visitors) Heartbeat(ctx context.Context, who actor.Actor, in Beat) (Empty, error) {
	fresh := v.presence.beat(who)
	page, title := pageURL(in.URL), account.OneLine(in.Title)
	if !fresh && page == "" {
		return Empty{}, nil
	}
	var visitor *store.Visitor
	if err := v.db.Read(ctx, who.Workspace, func(tx *store.Tx) (err error) { visitor, err = tx.Visitors.ByID(who.Visitor); return err }); err != nil {
		return Empty{}, err
	}
	same := page == "" || page == visitor.CurrentURL && (title == "" || title == visitor.CurrentTitle)
	if visitor.Online && same {
		return Empty{}, nil
	}
	_, err := v.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		visitor, err := tx.Visitors.ByID(who.Visitor)
		if err != nil {
			return err
		}
		visitor.Online, visitor.LastSeenAt = true, tx.Now()
		if !same {
			visitor.CurrentURL, visitor.CurrentTitle = page, title
		}
		return tx.Visitors.Update(visitor)
	})
	return Empty{}, err
}

// Which names a visitor.
type Which struct {
	VisitorID store.ID `json:"visitorId"`
}

// Get tells all about one visitor.
func (v *Visitors) Get(tx *store.Tx, _ actor.Actor, in Which) (Visitor, error) {
	visitor, err := tx.Visitors.ByID(in.VisitorID)
	if err != nil {
		return Visitor{}, err
	}
	return shown(visitor), nil
}

// List says which visitors to list.
type List struct {
	Q      string `json:"q,omitempty" maxLength:"100"`
	Online bool   `json:"online,omitempty"`
	Limit  int    `json:"limit,omitempty" minimum:"1" maximum:"100"`
	Cursor string `json:"cursor,omitempty" maxLength:"100"`
}

// List lists visitors, last seen first.
func (v *Visitors) List(tx *store.Tx, _ actor.Actor, in List) (page door.Page[Visitor], err error) {
	f := store.VisitorFilter{Query: strings.TrimSpace(in.Q), Online: in.Online}
	if f.Before, f.Last, err = door.ReadCursor(in.Cursor); err != nil {
		return page, err
	}
	limit := cmp.Or(in.Limit, 50)
	f.Limit = limit + 1
	list, err := tx.Visitors.List(f)
	if err != nil {
		return page, err
	}
	list, next := door.Cut(list, limit, func(v *store.Visitor) (store.Time, store.ID) { return v.LastSeenAt, v.ID })
	out := make([]Visitor, 0, len(list))
	for i := range list {
		out = append(out, shown(&list[i]))
	}
	return door.NewPage(out, next), nil
}

// Update is what staff may correct of a visitor.
type Update struct {
	VisitorID store.ID           `json:"visitorId"`
	Name      door.Patch[string] `json:"name,omitempty" maxLength:"400"`
	Email     door.Patch[string] `json:"email,omitempty" maxLength:"254"`
	Set       map[string]any     `json:"customAttributes,omitempty"`
}

// Update corrects a visitor.
func (v *Visitors) Update(ctx context.Context, who actor.Actor, in Update) (out Visitor, err error) {
	name, email := in.Name.Or(""), in.Email.Or("")
	if name != "" {
		if name, err = account.Named("name", name); err != nil {
			return out, err
		}
	}
	if email != "" {
		if email, err = account.Address("email", email); err != nil {
			return out, err
		}
	}
	_, err = v.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		visitor, err := tx.Visitors.ByID(in.VisitorID)
		if err != nil {
			return err
		}
		if in.Name.Set {
			visitor.Name = name
		}
		if in.Email.Set {
			visitor.Email = email
		}
		if visitor.CustomAttributes, err = merged(visitor.CustomAttributes, &Person{CustomAttributes: in.Set}); err != nil {
			return err
		}
		out = shown(visitor)
		return tx.Visitors.Update(visitor)
	})
	return out, err
}
