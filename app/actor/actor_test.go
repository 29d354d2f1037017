package actor

import "testing"

// What may be shared among actors is told by their scope: two who may see different things never have the same.
func TestScopesTellApartWhoMaySeeDifferentThings(t *testing.T) {
	all := []Actor{
		{Kind: Staff, Workspace: 1, User: 1, Permissions: Set("a", "b")}, {Kind: Staff, Workspace: 1, User: 1, Permissions: Set("a")}, {Kind: Staff, Workspace: 2, User: 1, Permissions: Set("a", "b")}, {Kind: Staff, Workspace: 1, User: 1, Permissions: Set("ab")},
		{Kind: Key, Workspace: 1, User: 1, Permissions: Set("a", "b")}, {Kind: Visitor, Workspace: 1, Visitor: 1}, {Kind: Visitor, Workspace: 1, Visitor: 2}, {Kind: Staff, Workspace: 1}, {Kind: AI, Workspace: 1}, {},
	}
	seen := map[string]int{}
	for i, a := range all {
		if j, twice := seen[a.Scope()]; twice {
			t.Errorf("%+v and %+v share %q", a, all[j], a.Scope())
		}
		seen[a.Scope()] = i
	}
	one, other := Actor{Kind: Staff, Workspace: 1, User: 1, Session: 1, Permissions: Set("b", "a", "b")}, Actor{Kind: Staff, Workspace: 1, User: 2, Session: 9, Permissions: Set("a", "b")}
	if one.Scope() != other.Scope() || one.Personal() == other.Personal() {
		t.Errorf("%q %q", one.Scope(), other.Scope())
	}
}

func TestTheZeroActorMayNothing(t *testing.T) {
	a := Actor{}
	if a.Can("conversations.read") || a.IsStaff() || a.IsVisitor() {
		t.Error("nobody may something")
	}
	if !(Actor{Kind: System}).Can("anything") {
		t.Error("the system may not")
	}
}
