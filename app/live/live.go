// Package live keeps what clients look at up to date.
//
// A client holds a view open and always ends on the truth: whenever a commit touches a topic that the view's last
// run depended on, the view runs again and the client receives the newest value, or the difference to the value it
// has. It may skip values; it never sees an older one after a newer one. Equal views of equal scope share one run.
package live

import (
	"encoding/json"
	"strconv"

	"deskbell/app/actor"
	"deskbell/store"
)

// View is a named reading that clients may hold open.
type View struct {
	Name string
	// Open reads the arguments, once per opening.
	Open func(args json.RawMessage) (Opened, error)
}

// Opened is a view with its arguments.
type Opened interface {
	// Admit binds the actor to the workspace and holds it against the view's permission. It is part of every run,
	// so that the view also depends on its actor's membership.
	Admit(tx *store.Tx, who actor.Actor) (actor.Actor, error)
	// Run reads the value. It is pure.
	Run(tx *store.Tx, bound actor.Actor) (any, error)
	// Keyed is the fast path, or nil.
	Keyed() *Keyed
	// Shared reports whether the value depends on staff only through their workspace and rights.
	Shared() bool
}

// Public is an Opened view that may be the same for everybody in the workspace, visitors too.
type Public interface {
	// Public reports whether the value depends on nothing but the workspace.
	Public() bool
}

// Keyed is the fast path of a list that is the newest rows of one table in the order of their ids: changed rows are
// read one by one instead of running the view again.
type Keyed struct {
	Table string
	Limit int // rows in the list at most; the oldest fall off
	// Row reads one row as the actor may see it; false when it is not (or no longer) in the list.
	Row func(tx *store.Tx, bound actor.Actor, row store.ID) (any, bool, error)
	// Cut is what stands beside the rows (Lister's Rest) once older rows than the first have fallen off.
	Cut func(first store.ID) any
}

// Lister is a value whose rows are compared one by one. Rest is everything beside the rows, or nil.
type Lister interface {
	Each(row func(key store.ID, value any))
	Rest() any
}

// Sink hears that a subscription has something new. It must not block; it calls Take when it can send.
type Sink interface {
	// Changed says that Take has an answer.
	Changed(*Subscription)
	// Settled says that a run ended and changed nothing.
	Settled()
}

// Answer is what a client is told of one view: a value, a patch on the value it has, or an error, which closes it.
type Answer struct {
	ID    int
	Seq   uint64
	Base  uint64
	Value json.RawMessage
	Patch json.RawMessage
	Error any // as the wire tells Err
	Err   error

	kept int // bytes of the whole value
}

// append writes the answer as the wire tells it, at the end of b.
func (a *Answer) append(b []byte) ([]byte, error) {
	b = strconv.AppendInt(append(b, `{"id":`...), int64(a.ID), 10)
	if a.Seq != 0 {
		b = strconv.AppendUint(append(b, `,"seq":`...), a.Seq, 10)
	}
	if a.Base != 0 {
		b = strconv.AppendUint(append(b, `,"base":`...), a.Base, 10)
	}
	if a.Value != nil {
		b = append(append(b, `,"value":`...), a.Value...)
	}
	if a.Patch != nil {
		b = append(append(b, `,"patch":`...), a.Patch...)
	}
	if a.Error != nil {
		e, err := encode(a.Error)
		if err != nil {
			return b, err
		}
		b = append(append(b, `,"error":`...), e...)
	}
	return append(b, '}'), nil
}
