package door

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/event"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/store"
)

type input struct {
	Content string         `json:"content" maxLength:"80"`
	Count   int            `json:"count,omitempty" minimum:"-5" maximum:"1000"`
	Big     int64          `json:"big,omitempty"`
	Share   float64        `json:"share,omitempty"`
	Ref     store.ID       `json:"ref,omitempty"`
	At      store.Time     `json:"at,omitempty"`
	List    []string       `json:"list,omitempty" maxItems:"3"`
	Kind    string         `json:"kind,omitempty" enum:"a,b"`
	Name    Patch[string]  `json:"name,omitempty"`
	More    map[string]any `json:"more,omitempty"`
	Deep    *struct {
		Yes bool `json:"yes"`
	} `json:"deep,omitempty"`
}

type output struct {
	Said string `json:"said"`
}

func newDoors(t testing.TB) *Doors {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return New(db, func(_ *store.Tx, who actor.Actor, workspace store.ID) (actor.Actor, error) {
		if workspace != 7 {
			return who, store.ErrNotFound
		}
		who.Workspace, who.Role, who.Permissions = workspace, may.RoleAgent, actor.Set(may.Reply)
		return who, nil
	})
}

func hung(t testing.TB) (*Doors, *[]input) {
	d, heard := newDoors(t), &[]input{}
	Verb(d, "things.do", may.Has(may.Reply), func(_ context.Context, _ actor.Actor, in input) (output, error) {
		*heard = append(*heard, in)
		return output{fmt.Sprint(len(*heard))}, nil
	})
	View(d, "things.see", may.Has(may.Reply).Or(may.OwnVisitor), func(_ *store.Tx, who actor.Actor, _ struct{}) (output, error) {
		return output{string(who.Kind)}, nil
	})
	return d, heard
}

func TestWhatADoorDoesNotKnowIsRefused(t *testing.T) {
	d, heard := hung(t)
	e := d.Entry("things.do")
	for what, body := range map[string]string{
		"nothing": ``, "a list": `[]`, "null": `null`, "a missing field": `{"count":1}`, "an unknown field": `{"content":"x","zzz":1}`, "another case": `{"Content":"x"}`, "a number for text": `{"content":1}`, "null for text": `{"content":null}`,
		"text for a number": `{"content":"x","count":"1"}`, "a fraction": `{"content":"x","count":1.5}`, "too many": `{"content":"x","count":1001}`, "too few": `{"content":"x","count":-6}`, "beyond int64": `{"content":"x","big":1e19}`, "too long": `{"content":"` + strings.Repeat("x", 81) + `"}`,
		"no id": `{"content":"x","ref":"1"}`, "a number as id": `{"content":"x","ref":7}`, "too long a list": `{"content":"x","list":["1","2","3","4"]}`, "a list of numbers": `{"content":"x","list":[1]}`, "another word": `{"content":"x","kind":"c"}`,
		"text for yes": `{"content":"x","deep":{"yes":"true"}}`, "one for yes": `{"content":"x","deep":{"yes":1}}`, "unknown deeper": `{"content":"x","deep":{"yes":true,"no":1}}`, "a broken workspace": `{"content":"x","workspaceId":"7"}`, "a list as workspace": `{"content":"x","workspaceId":[]}`,
	} {
		c, err := d.Read(e, []byte(body))
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
			d.Do(t.Context(), actor.Actor{Kind: actor.Staff, User: 1}, c)
		}
	}
	if len(*heard) != 0 {
		t.Errorf("the verb heard %v", *heard)
	}
}

// S-15: what a type does not name cannot be set, and what it tells apart stays apart.
func TestAbsentNullAndValueAreThreeThings(t *testing.T) {
	d, heard := hung(t)
	staff := actor.Actor{Kind: actor.Staff, User: 1, Session: 2}
	for body, want := range map[string]Patch[string]{`{}`: {}, `{"name":null}`: {Set: true, Null: true}, `{"name":"x"}`: {Set: true, Value: "x"}} {
		body = `{"content":"c","workspaceId":"` + store.ID(7).String() + `",` + strings.TrimPrefix(body, "{")
		c, err := d.Read(d.Entry("things.do"), []byte(strings.Replace(body, ",}", "}", 1)))
		if err != nil {
			t.Fatal(body, err)
		}
		if _, err := d.Do(t.Context(), staff, c); err != nil {
			t.Fatal(err)
		}
		if got := (*heard)[len(*heard)-1].Name; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v, want %+v", body, got, want)
		}
	}
}

// Nobody passes a door whose rule does not name them, and the default is nobody.
func TestADoorAsksForItsPermission(t *testing.T) {
	d, heard := hung(t)
	Verb(d, "things.never", may.Rule{}, func(context.Context, actor.Actor, struct{}) (output, error) { return output{}, nil })
	ws := `{"content":"x","workspaceId":"` + store.ID(7).String() + `"}`
	other := `{"content":"x","workspaceId":"` + store.ID(8).String() + `"}`
	for what, c := range map[string]struct {
		who  actor.Actor
		door string
		body string
		want fault.Kind
	}{
		"nobody": {actor.Actor{}, "things.do", ws, fault.Unauthenticated}, "a visitor": {actor.Actor{Kind: actor.Visitor, Workspace: 7, Visitor: 1}, "things.do", `{"content":"x"}`, fault.Forbidden},
		"another workspace": {actor.Actor{Kind: actor.Staff, User: 1}, "things.do", other, fault.NotFound}, "no rule": {actor.Actor{Kind: actor.Staff, User: 1}, "things.never", `{}`, fault.Forbidden},
		"no rule, nobody": {actor.Actor{}, "things.never", `{}`, fault.Unauthenticated}, "a visitor of no workspace": {actor.Actor{Kind: actor.Visitor}, "things.see", `{}`, fault.Forbidden},
	} {
		call, err := d.Read(d.Entry(c.door), []byte(c.body))
		if err != nil {
			t.Fatal(what, err)
		}
		if _, err := d.Do(t.Context(), c.who, call); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
	if len(*heard) != 0 {
		t.Errorf("the verb heard %v", *heard)
	}
}

// S-15 F-37: the same request under one key is done once, another one under it is a conflict, and a failed one may be
// tried again.
func TestOneKeyIsOneEffect(t *testing.T) {
	d, heard := hung(t)
	fail := true
	Verb(d, "things.fail", may.SignedIn, func(context.Context, actor.Actor, struct{}) (output, error) {
		if fail {
			return output{}, fault.New(fault.Conflict, "Not now.")
		}
		return output{"done"}, nil
	})
	staff := actor.Actor{Kind: actor.Staff, User: 1, Session: 2}
	once := func(door, body, key string) (string, error) {
		c, err := d.Read(d.Entry(door), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		out, err := d.Once(t.Context(), staff, c, key, []byte(body))
		return string(out), err
	}
	a, b := `{"content":"a","workspaceId":"`+store.ID(7).String()+`"}`, `{"content":"b","workspaceId":"`+store.ID(7).String()+`"}`
	first, err := once("things.do", a, "k")
	again, err2 := once("things.do", a, "k")
	if err != nil || err2 != nil || first != again || len(*heard) != 1 {
		t.Errorf("%s %v, %s %v, heard %d times", first, err, again, err2, len(*heard))
	}
	if _, err := once("things.do", b, "k"); !fault.Is(err, fault.Conflict) || len(*heard) != 1 {
		t.Errorf("another request under the key: %v", err)
	}
	if _, err := once("things.do", a, strings.Repeat("k", 201)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a long key: %v", err)
	}
	if _, err := once("things.fail", `{}`, "f"); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	fail = false
	if out, err := once("things.fail", `{}`, "f"); err != nil || out != `{"said":"done"}` {
		t.Errorf("after a failure: %s %v", out, err)
	}
}

func TestEventsReachEveryListenerAsAJob(t *testing.T) {
	d := newDoors(t)
	On(d, "a.hears", func(context.Context, event.MessageSent) error { return nil })
	On(d, "b.hears", func(context.Context, event.MessageSent) error { return nil })
	Every(d, "c.ticks", "@every 1m", func(context.Context) error { return nil })
	if _, err := d.db.Write(t.Context(), 7, func(tx *store.Tx) error { return d.Emit(tx, event.MessageSent{Workspace: 7}) }); err != nil {
		t.Fatal(err)
	}
	if err := d.db.Read(t.Context(), 0, func(tx *store.Tx) error {
		c, err := tx.Jobs.Counts()
		if c.Ready != 2 {
			t.Errorf("%d jobs, want one for each listener", c.Ready)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(d.Jobs()) != 3 || len(d.Schedules()) != 1 {
		t.Errorf("%d jobs, %d schedules", len(d.Jobs()), len(d.Schedules()))
	}
}

// Whatever comes through a door is refused, or is what the body says: no field more, none changed.
func FuzzArgs(f *testing.F) {
	d, _ := hung(f)
	e := d.Entry("things.do")
	for _, s := range []string{
		`{"content":"x","count":3,"share":0.5,"list":["a"],"kind":"a","name":null,"deep":{"yes":true}}`, `{"content":"x","big":9007199254740993}`, `{"content":"x","big":1e18}`, `{"content":"x","content":"y"}`, `{"content":"\u0000"}`, "{\"content\":\"\xff\"}", `{"content":"x"} {}`,
		`{"content":"x","ref":"0SAZPVHNMQ3QW","at":1700000000000}`, `{"content":"x","count":-0}`, `{"content":"x","more":{"a":[1,{"b":null}]}}`, `{"content":"x","workspaceId":"0000000000007"}`, strings.Repeat(`{"more":`, 40), `{"CONTENT":"x"}`, `{"content":"x","at":-1e300}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := d.Read(e, body)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		in := c.in.(input)
		if n := len([]rune(in.Content)); n > 80 || in.Count < -5 || in.Count > 1000 || len(in.List) > 3 {
			t.Fatalf("%q passed as %+v", body, in)
		}
		var said map[string]any
		if err := json.Unmarshal(body, &said); err != nil {
			t.Fatalf("%q passed, though it is not JSON: %v", body, err)
		}
		for name, want := range map[string]any{"content": in.Content, "kind": in.Kind, "count": float64(in.Count), "share": in.Share, "big": float64(in.Big), "at": float64(in.At)} {
			if v, there := said[name]; there && v != nil && v != want { // null where nothing has to be is nothing
				t.Fatalf("%s of %q became %v", name, body, want)
			}
		}
		for name := range said {
			if _, known := reflect.TypeOf(in).FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) }); name != "workspaceId" && (!known || name != strings.ToLower(name)) {
				t.Fatalf("%q passed with %q", body, name)
			}
		}
	})
}
