// Package door is where a capability hangs what it can do.
//
// A verb changes the world; a view is a pure function of a snapshot, an actor and arguments. Both are hung in one
// line that names who may use them: there is no door without a permission, and the default is to refuse. HTTP,
// the live socket, the clock and the AI agent all come through the same doors. From the Go types of inputs and
// outputs come validation, the OpenAPI document and the TypeScript types; none is written by hand.
package door

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/live"
	"deskbell/app/may"
	"deskbell/store"
)

// Entry is one door.
type Entry struct {
	Name       string
	Need       may.Rule
	View       bool
	Shared     bool // a view whose result depends on staff only through workspace and rights
	ForAll     bool // a shared view that depends on nothing but the workspace
	GET        bool // a view that may be read by GET as well
	Idempotent bool // takes an Idempotency-Key
	BodyLimit  int64
	Cost       int  // tokens of the caller's rate limit
	Vital      bool // works on a full disk too
	Keeps      bool // leaves something behind each time
	In, Out    reflect.Type
	envelope   bool // workspaceId is read beside the input
	schema     *huma.Schema
	decode     func(body []byte, m map[string]any) (any, error)
	verb       func(context.Context, actor.Actor, any) (any, error)
	view       func(*store.Tx, actor.Actor, any) (any, error)
	keyed      func(in any) *live.Keyed // a view's fast path, for these arguments; nil where there is none
}

// Route is a plain HTTP handler beside the doors.
type Route struct {
	Method, Path string
	Handler      http.HandlerFunc
	Sites        bool // customers' sites may ask for it, too
}

// Doors collects everything the program can do.
type Doors struct {
	entries   map[string]*Entry
	listeners map[string][]Listener
	jobs      map[string]Job
	schedules []Schedule
	routes    []Route
	registry  huma.Registry
	bind      Binder
	bindings  bindings
	db        *store.DB
	running   sync.Map // scope and key of the calls under an Idempotency-Key that are on their way
}

// Binder gives a member of staff the role and rights they hold in a workspace; 0 is the only one they belong to.
// A workspace they do not belong to is not found.
type Binder func(tx *store.Tx, who actor.Actor, workspace store.ID) (actor.Actor, error)

func init() {
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true // fields are called by their names
}

// New makes an empty set of doors.
func New(db *store.DB, bind Binder) *Doors {
	d := &Doors{
		entries: map[string]*Entry{}, listeners: map[string][]Listener{}, jobs: map[string]Job{}, db: db, bind: bind,
		registry: huma.NewMapRegistry("#/components/schemas/", schemaName),
	}
	db.Watch(d.bindings.committed)
	return d
}

// schemaName keeps the package in the name where two capabilities use one word.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	if p := t.PkgPath(); strings.Contains(p, "/app/") {
		pkg := p[strings.LastIndexByte(p, '/')+1:]
		return strings.ToUpper(pkg[:1]) + pkg[1:] + strings.ToUpper(name[:1]) + name[1:]
	}
	return name
}

// Option adjusts a door.
type Option func(*Entry)

// Shared says that a view's result depends on staff only through their workspace and rights, so that all who hold
// the same rights may share one result.
func Shared() Option { return func(e *Entry) { e.Shared = true } }

// SharedByAll says that a view's result depends on nothing but the workspace: visitors share it too.
func SharedByAll() Option { return func(e *Entry) { e.Shared, e.ForAll = true, true } }

// Keyed gives a view its fast path (live.Keyed), for the arguments where there is one.
func Keyed[In any](path func(in In) *live.Keyed) Option {
	return func(e *Entry) { e.keyed = func(in any) *live.Keyed { return path(in.(In)) } }
}

// PublicGET lets a public view be read by GET, with the arguments in the query.
func PublicGET() Option { return func(e *Entry) { e.GET = true } }

// NoIdempotency lets a door keep no answers for an Idempotency-Key: they hold a secret, or the same twice is the same once,
// and strangers could fill the disk with them.
func NoIdempotency() Option { return func(e *Entry) { e.Idempotent = false } }

// Cost makes a door dearer for the caller's rate limit than 1.
func Cost(n int) Option { return func(e *Entry) { e.Cost = n } }

// Keeps says that whoever comes through leaves something behind: of strangers only so much is taken from one place.
func Keeps() Option { return func(e *Entry) { e.Keeps = true } }

// Vital lets a verb work on a full disk as well: signing in, and what ends access.
func Vital() Option { return func(e *Entry) { e.Vital = true } }

// Verb hangs something that changes the world.
func Verb[In, Out any](d *Doors, name string, need may.Rule, fn func(context.Context, actor.Actor, In) (Out, error), opts ...Option) {
	e := hang[In, Out](d, name, need, opts)
	e.verb = func(ctx context.Context, who actor.Actor, in any) (any, error) { return fn(ctx, who, in.(In)) }
}

// View hangs something that may be watched. fn must be pure: the same snapshot, actor and arguments give the same.
func View[In, Out any](d *Doors, name string, need may.Rule, fn func(*store.Tx, actor.Actor, In) (Out, error), opts ...Option) {
	e := hang[In, Out](d, name, need, opts)
	e.View, e.Idempotent = true, false
	e.view = func(tx *store.Tx, who actor.Actor, in any) (any, error) { return fn(tx, who, in.(In)) }
}

func hang[In, Out any](d *Doors, name string, need may.Rule, opts []Option) *Entry {
	if d.entries[name] != nil {
		panic("two doors named " + name)
	}
	e := &Entry{Name: name, Need: need, Idempotent: true, BodyLimit: 1 << 20, Cost: 1, In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out]()}
	e.schema = d.registry.Schema(e.In, true, name+"Input")
	d.registry.Schema(e.Out, true, name+"Output")
	e.envelope = need.ForStaff() && !hasField(e.In, "workspaceId")
	e.decode = func(body []byte, m map[string]any) (any, error) {
		var in In
		if json.Unmarshal(body, &in) == nil {
			return in, nil
		}
		in = *new(In) // a number may be written in more ways than the library takes: 5e1 is 50
		raw, err := json.Marshal(m)
		if err == nil {
			err = json.Unmarshal(raw, &in)
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "The request does not fit this door.").Because(err)
		}
		return in, nil
	}
	for _, o := range opts {
		o(e)
	}
	d.entries[name] = e
	return e
}

// ForSites reports whether customers' sites may ask at this door: it is for visitors, or for anybody about a workspace
// that they name. Where the team signs in, sets up or joins, only our own pages ask.
func (e *Entry) ForSites() bool {
	return e.Need.ForVisitors() && (!e.Need.Public() || hasField(e.In, "workspaceId"))
}

func hasField(t reflect.Type, name string) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}

// Serve hangs a plain HTTP page.
func (d *Doors) Serve(method, path string, h http.HandlerFunc) {
	d.routes = append(d.routes, Route{Method: method, Path: path, Handler: h})
}

// ServeSites hangs one that customers' sites may ask for, too.
func (d *Doors) ServeSites(method, path string, h http.HandlerFunc) {
	d.routes = append(d.routes, Route{Method: method, Path: path, Handler: h, Sites: true})
}

// Entry finds a door by name, or nil.
func (d *Doors) Entry(name string) *Entry { return d.entries[name] }

// Entries lists the doors by name.
func (d *Doors) Entries() []*Entry {
	list := make([]*Entry, 0, len(d.entries))
	for _, e := range d.entries {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b *Entry) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Routes lists the plain HTTP handlers.
func (d *Doors) Routes() []Route { return d.routes }
