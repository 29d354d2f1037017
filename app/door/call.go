package door

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/live"
	"deskbell/app/may"
	"deskbell/app/safe"
	"deskbell/app/strict"
	"deskbell/store"
)

// Call is a request that has been read: the typed input, and the workspace that staff named.
type Call struct {
	entry     *Entry
	in        any
	workspace store.ID
}

// Workspace is the workspace that the request names, 0 if it names none.
func (c Call) Workspace() store.ID { return c.workspace }

// Weight is what a call costs of the caller's rate limit beside its door's own: a request that changes a hundred things is
// dear as a hundred that change one.
func (c Call) Weight() int {
	if w, ok := c.in.(interface{ Weight() int }); ok {
		return w.Weight()
	}
	return 0
}

// Read reads a request for a door strictly. Nothing of it is ever echoed.
func (d *Doors) Read(e *Entry, body []byte) (Call, error) {
	v, err := strict.Parse(body)
	if err != nil {
		return Call{}, fault.New(fault.Invalid, "%s", err)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return Call{}, fault.New(fault.Invalid, "The request must be a JSON object.")
	}
	c := Call{entry: e}
	if e.Need.ForStaff() || e.Need.Public() {
		if c.workspace, err = envelope(m, e.envelope); err != nil {
			return Call{}, err
		}
	}
	if err := d.validate(e, m); err != nil {
		return Call{}, err
	}
	c.in, err = e.decode(body, m)
	return c, err
}

// envelope takes the workspace that staff name beside the input.
func envelope(m map[string]any, take bool) (store.ID, error) {
	v, ok := m["workspaceId"]
	if take {
		delete(m, "workspaceId")
	}
	if !ok || v == nil {
		return 0, nil
	}
	s, _ := v.(string)
	id, err := store.ParseID(s)
	if err != nil {
		return 0, fault.New(fault.Invalid, "This is not an id of a workspace.").On("workspaceId")
	}
	return id, nil
}

type checker struct {
	path   *huma.PathBuffer
	result huma.ValidateResult
}

var checkers = sync.Pool{New: func() any { return &checker{path: huma.NewPathBuffer(make([]byte, 0, 128), 0)} }}

func (d *Doors) validate(e *Entry, m map[string]any) error {
	c := checkers.Get().(*checker)
	defer checkers.Put(c)
	c.path.Reset()
	c.result.Reset()
	huma.Validate(d.registry, e.schema, c.path, huma.ModeWriteToServer, m, &c.result)
	if len(c.result.Errors) == 0 {
		return nil
	}
	f := fault.New(fault.Invalid, "The request is not valid.")
	for i, err := range c.result.Errors {
		if i == 20 {
			break
		}
		field := fault.Field{Message: "is not valid"}
		if detail, ok := err.(*huma.ErrorDetail); ok {
			field = fault.Field{Field: short(detail.Location), Message: short(detail.Message)}
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

// short bounds what a library says of a request, which may quote it.
func short(s string) string { return strings.ToValidUTF8(safe.ClipBytes(s, 120), "") }

// admit binds staff to the workspace they named and holds them against the door's rule.
func (d *Doors) admit(tx *store.Tx, e *Entry, who actor.Actor, workspace store.ID) (actor.Actor, error) {
	if who.IsStaff() && e.Need.ForStaff() {
		bound, err := d.bind(tx, who, workspace)
		if err != nil {
			return who, err
		}
		who = bound
	}
	return d.allow(e, who)
}

func (d *Doors) allow(e *Entry, who actor.Actor) (actor.Actor, error) {
	if e.Need.Allows(who) {
		return who, nil
	}
	if who.Kind == actor.Anonymous || who.Kind == "" {
		return who, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	return who, fault.New(fault.Forbidden, "You do not have the permission for this.")
}

// Do passes a call through its door: the verb runs, or the view is read on one snapshot.
func (d *Doors) Do(ctx context.Context, who actor.Actor, c Call) (out any, err error) {
	e := c.entry
	if e.View {
		err = d.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
			out, err = d.read(tx, e, who, c)
			return err
		})
		return out, err
	}
	if who, err = d.enter(ctx, e, who, c.workspace); err != nil {
		return nil, err
	}
	if e.Vital {
		ctx = store.Vital(ctx)
	}
	return e.verb(ctx, who, c.in)
}

// enter is admit for verbs, which need no snapshot for it: who somebody is in a workspace is remembered until any
// membership changes.
func (d *Doors) enter(ctx context.Context, e *Entry, who actor.Actor, workspace store.ID) (actor.Actor, error) {
	if !who.IsStaff() || !e.Need.ForStaff() {
		return d.admit(nil, e, who, workspace)
	}
	k := bindingKey{who.User, who.Session, workspace}
	if bound, ok := d.bindings.find(k); ok {
		bound.IP, bound.Origin, bound.UserAgent, bound.Device = who.IP, who.Origin, who.UserAgent, who.Device
		return d.allow(e, bound)
	}
	seq := d.db.Seq()
	bound := who
	err := d.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		bound, err = d.bind(tx, who, workspace)
		return err
	})
	if err != nil {
		return who, err
	}
	d.bindings.keep(k, bound, func() bool { return d.db.Seq() == seq })
	return d.allow(e, bound)
}

func (d *Doors) read(tx *store.Tx, e *Entry, who actor.Actor, c Call) (any, error) {
	who, err := d.admit(tx, e, who, c.workspace)
	if err != nil {
		return nil, err
	}
	return e.view(tx.In(who.Workspace), who, c.in)
}

// Views are the views as the live engine opens them: binding and permission are part of every run, so that a view
// also depends on its actor's membership.
func (d *Doors) Views() []live.View {
	var list []live.View
	for _, e := range d.Entries() {
		if e.View {
			list = append(list, live.View{Name: e.Name, Open: func(args json.RawMessage) (live.Opened, error) {
				c, err := d.Read(e, args)
				return opened{d, c}, err
			}})
		}
	}
	return list
}

// opened is a call held open.
type opened struct {
	doors *Doors
	Call
}

func (o opened) Admit(tx *store.Tx, who actor.Actor) (actor.Actor, error) {
	return o.doors.admit(tx, o.entry, who, o.workspace)
}

func (o opened) Run(tx *store.Tx, bound actor.Actor) (any, error) {
	return o.entry.view(tx, bound, o.in)
}
func (o opened) Shared() bool { return o.entry.Shared }

func (o opened) Public() bool { return o.entry.ForAll }

func (o opened) Keyed() *live.Keyed {
	if o.entry.keyed == nil {
		return nil
	}
	return o.entry.keyed(o.in)
}

// Encode writes a value as JSON with [] for empty lists and without HTML escapes.
func Encode(v any) ([]byte, error) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice && r.IsNil() {
		return []byte("[]"), nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Admit binds an actor to a workspace given as text (empty: their only one) and holds them against a rule: for plain
// pages that need what doors have.
func (d *Doors) Admit(ctx context.Context, need may.Rule, who actor.Actor, workspace string) (out actor.Actor, err error) {
	var id store.ID
	if workspace != "" {
		if id, err = store.ParseID(workspace); err != nil {
			return who, fault.New(fault.Invalid, "This is not an id of a workspace.").On("workspaceId")
		}
	}
	err = d.db.Read(ctx, 0, func(tx *store.Tx) error {
		out, err = d.admit(tx, &Entry{Need: need}, who, id)
		return err
	})
	return out, err
}
