package may

import (
	"testing"

	"deskbell/app/actor"
)

func TestThereAre23PermissionsAndEachRoleHoldsAPartOfTheNext(t *testing.T) {
	if len(All) != 23 {
		t.Fatalf("%d permissions", len(All))
	}
	for role, n := range map[string]int{RoleOwner: 23, RoleAdmin: 22, RoleAgent: 8, RoleViewer: 4} {
		if got := len(Effective(role, nil)); got != n {
			t.Errorf("a %s holds %d, want %d", role, got, n)
		}
		for _, p := range Effective(role, nil) {
			if !Known(p) {
				t.Errorf("a %s holds %q, which is none", role, p)
			}
		}
	}
	for _, p := range Effective(RoleAgent, nil) {
		if !Effective(RoleAdmin, nil).Has(p) {
			t.Errorf("an agent may %s and an admin may not", p)
		}
	}
	for _, p := range Effective(RoleViewer, nil) { // reads, and nothing else
		switch p {
		case ReadConversations, ReadUsers, ReadArticles, ReadAudit:
		default:
			t.Errorf("a viewer may %s", p)
		}
	}
	if Effective(RoleAdmin, nil).Has(SetBilling) || len(Effective("nobody", nil)) != 0 || Known("conversations") || Known("") {
		t.Error("somebody holds too much")
	}
}

func TestOwnRightsReplaceTheRoles(t *testing.T) {
	if got := Effective(RoleOwner, actor.Permissions{}); len(got) != 0 {
		t.Errorf("an empty list gives %v", got)
	}
	if got := Effective(RoleViewer, actor.Set(Reply)); len(got) != 1 || !got.Has(Reply) || got.Has(ReadConversations) {
		t.Errorf("got %v", got)
	}
}

func TestRanksAreInOrder(t *testing.T) {
	order := []string{"", RoleViewer, RoleAgent, RoleAdmin, RoleOwner}
	for i := range order[1:] {
		if Rank(order[i]) >= Rank(order[i+1]) {
			t.Errorf("%q is not below %q", order[i], order[i+1])
		}
	}
}

func TestRulesLetPassWhomTheyName(t *testing.T) {
	nobody, system := actor.Actor{}, actor.Actor{Kind: actor.System}
	visitor, lost := actor.Actor{Kind: actor.Visitor, Workspace: 1, Visitor: 2, Permissions: All}, actor.Actor{Kind: actor.Visitor}
	staff, unbound := actor.Actor{Kind: actor.Staff, Workspace: 1, Role: RoleAgent, Permissions: actor.Set(Reply)}, actor.Actor{Kind: actor.Staff, User: 1, Permissions: All}
	owner, key := actor.Actor{Kind: actor.Staff, Workspace: 1, Role: RoleOwner, Permissions: All}, actor.Actor{Kind: actor.Key, Workspace: 1, Role: RoleOwner, Permissions: actor.Set(Reply)}
	for name, c := range map[string]struct {
		rule  Rule
		pass  []actor.Actor
		stay  []actor.Actor
		staff bool
	}{
		"nothing": {Rule{}, nil, []actor.Actor{nobody, visitor, staff, owner, key}, false}, "anyone": {Anyone, []actor.Actor{nobody, visitor, staff, key}, nil, false},
		"signed in": {SignedIn, []actor.Actor{staff, unbound, owner}, []actor.Actor{nobody, visitor, key}, false}, "a member": {Member, []actor.Actor{staff, owner, key}, []actor.Actor{nobody, visitor, unbound}, true},
		"the owner": {Owner, []actor.Actor{owner}, []actor.Actor{staff, unbound, visitor, key, nobody}, true}, "a permission": {Has(Reply), []actor.Actor{staff, owner, key}, []actor.Actor{nobody, visitor, unbound}, true},
		"another one": {Has(SetBilling), []actor.Actor{owner}, []actor.Actor{staff, key, visitor}, true}, "one's own": {OwnVisitor, []actor.Actor{visitor}, []actor.Actor{lost, staff, owner, key, nobody}, false},
		"either": {Has(Reply).Or(OwnVisitor), []actor.Actor{visitor, staff, key}, []actor.Actor{nobody, lost}, true}, "both": {Has(Reply).And(Has(SetBilling)), []actor.Actor{owner}, []actor.Actor{staff, key, visitor, nobody}, true}, "a person": {Person(Reply), []actor.Actor{staff, owner}, []actor.Actor{key, visitor, nobody, unbound}, true},
	} {
		for _, a := range c.pass {
			if !c.rule.Allows(a) {
				t.Errorf("%s refuses %+v", name, a)
			}
		}
		for _, a := range c.stay {
			if c.rule.Allows(a) {
				t.Errorf("%s lets %+v pass", name, a)
			}
		}
		if !c.rule.Allows(system) || c.rule.ForStaff() != c.staff || c.rule.Public() != (name == "anyone") {
			t.Errorf("%s: the system, staff or the public are mistaken", name)
		}
	}
	if got := Has(Reply).Or(OwnVisitor); got.String() != "conversations.reply|OwnVisitor" || !got.ForVisitors() || Has(Reply).ForVisitors() {
		t.Errorf("it is called %s", got)
	}
}
