package live

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// view is one that fails or not.
type view struct{ fails bool }

func (view) Admit(_ *store.Tx, who actor.Actor) (actor.Actor, error) { return who, nil }
func (view) Keyed() *Keyed                                           { return nil }
func (view) Shared() bool                                            { return false }
func (v view) Run(*store.Tx, actor.Actor) (any, error) {
	if v.fails {
		return nil, fault.New(fault.NotFound, "There is nothing here.")
	}
	return map[string]bool{"here": true}, nil
}

// A view that fails is closed, itself and no other: not one that a client has opened under its id meanwhile. And it takes
// no room, however soon it fails.
func TestAViewThatFailsClosesItselfAlone(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	e := New(db, slog.New(slog.DiscardHandler))
	for name, v := range map[string]view{"good": {}, "bad": {fails: true}} {
		e.Define(View{Name: name, Open: func(json.RawMessage) (Opened, error) { return v, nil }})
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { e.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	c := &conn{socket: &Socket{Engine: e}, who: &actor.Actor{Kind: actor.Staff}, flushing: true} // nothing is written but by hand
	first, again := 1, 1
	c.open(frame{ID: &first, View: "bad"})
	bad := c.subs[0]
	for ran := false; !ran; {
		e.mu.Lock()
		ran = bad.entry.ran
		e.mu.Unlock()
	}
	c.open(frame{ID: &again, View: "good"}) // the client has taken the id for another
	good := c.subs[0]
	out := outframe{bytes: []byte{'['}}
	c.answer(&out, bad)
	if e.Closed(good) || len(c.subs) != 1 || c.subs[0] != good {
		t.Error("the view that took its id is closed")
	}

	late, err := e.Open(c, 2, false, c.who, "bad", nil) // fails before the socket has it on its list
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n == 0; {
		out = outframe{bytes: []byte{'['}}
		c.answer(&out, late)
		n = out.n
	}
	if !e.Closed(late) {
		t.Error("a view that fails stays open")
	}
	if c.keep(late); len(c.subs) != 1 {
		t.Error("a view that has failed takes room")
	}
}
