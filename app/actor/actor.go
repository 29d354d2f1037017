// Package actor says who is asking.
//
// Every verb and view receives an Actor: a member of staff, an API key, a visitor, the AI agent or the system
// itself. An actor is bound to at most one workspace, and carries what it may do there.
package actor

import (
	"slices"
	"strconv"
	"strings"

	"deskbell/store"
)

// Kind is what sort of party asks.
type Kind string

// The kinds of actor.
const (
	Anonymous Kind = "anonymous"
	Staff     Kind = "staff"
	Key       Kind = "key"
	Visitor   Kind = "visitor"
	AI        Kind = "ai"
	System    Kind = "system"
)

// Permission is one right in one workspace, such as "conversations.reply". Package may lists them.
type Permission string

// Permissions is a sorted set of rights.
type Permissions []Permission

// Has reports whether p is in the set.
func (ps Permissions) Has(p Permission) bool {
	_, ok := slices.BinarySearch(ps, p)
	return ok
}

// Set sorts and de-duplicates rights into a set.
func Set(ps ...Permission) Permissions {
	out := slices.Clone(ps)
	slices.Sort(out)
	return slices.Compact(out)
}

// Actor is one party asking. The zero value is nobody in particular: anonymous, without workspace.
type Actor struct {
	Kind        Kind
	Workspace   store.ID // 0: not bound to one (yet)
	User        store.ID // staff
	Visitor     store.ID // visitor
	Session     store.ID // the row of the session that proves who this is: staff session or widget session
	Name        string
	Role        string // in the bound workspace: owner, admin, agent, viewer
	Permissions Permissions
	Verified    bool // a visitor who proved their identity

	IP        string // of the caller, after trusted proxies
	Origin    string // Origin header, "" when there was none
	UserAgent string
	Device    string // what the browser kept of an earlier sign-in; only package account can read it
}

// Can reports whether the actor holds a right in its workspace. The system may do everything.
func (a Actor) Can(p Permission) bool { return a.Kind == System || a.Permissions.Has(p) }

// IsStaff reports whether a person of the team (or their key) asks.
func (a Actor) IsStaff() bool { return a.Kind == Staff || a.Kind == Key }

// IsVisitor reports whether a visitor's session asks.
func (a Actor) IsVisitor() bool { return a.Kind == Visitor }

// Scope names whose answers may be shared among actors: everything a result may depend on but the person.
func (a Actor) Scope() string {
	if a.Kind == Visitor {
		return "visitor/" + strconv.FormatInt(int64(a.Visitor), 36)
	}
	var b strings.Builder
	b.WriteString(string(a.Kind))
	b.WriteByte('/')
	b.WriteString(strconv.FormatInt(int64(a.Workspace), 36))
	for _, p := range a.Permissions {
		b.WriteByte('/')
		b.WriteString(string(p))
	}
	return b.String()
}

// Personal names exactly this actor, for answers that depend on the person.
func (a Actor) Personal() string {
	return a.Scope() + "@" + strconv.FormatInt(int64(a.User), 36) + "." + strconv.FormatInt(int64(a.Session), 36)
}
