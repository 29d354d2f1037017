package may

import (
	"strings"
	"testing"

	"deskbell/app/actor"
)

// matrix says which roles have which permission by themselves: o(wner), a(dmin), g (agent), v(iewer).
const matrix = `
conversations.read    oagv
conversations.reply   oag
conversations.assign  oag
conversations.close   oag
conversations.delete  oa
users.read            oagv
users.invite          oa
users.manage          oa
users.remove          oa
articles.read         oagv
articles.create       oa
articles.publish      oa
articles.delete       oa
snippets.manage       oag
tours.manage          oa
checklists.manage     oag
settings.workspace    oa
settings.security     oa
settings.integrations oa
settings.billing      o
data.export           oa
data.delete           oa
audit.read            oav`

// The 23 permissions and what each role has of them, one by one. A list of one's own replaces the role's, the empty one too.
func TestRolesHaveTheirRightsAndNoOthers(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(matrix), "\n")
	if len(lines) != 23 || len(All) != 23 {
		t.Fatalf("%d permissions are listed here, %d there are, want 23", len(lines), len(All))
	}
	for _, line := range lines {
		name, who, _ := strings.Cut(line, " ")
		p := actor.Permission(name)
		if !Known(p) {
			t.Errorf("there is no %s", p)
		}
		for role, letter := range map[string]string{RoleOwner: "o", RoleAdmin: "a", RoleAgent: "g", RoleViewer: "v", "": "-", "root": "-"} {
			if got, want := Effective(role, nil).Has(p), strings.Contains(who, letter); got != want {
				t.Errorf("%q has %s: %v, want %v", role, p, got, want)
			}
			if Effective(role, actor.Permissions{}).Has(p) || !Effective(role, actor.Permissions{p}).Has(p) {
				t.Errorf("%q with a list of their own: %s is not as the list says", role, p)
			}
		}
	}
	if Known("conversations") || Known("") || Known("conversations.*") {
		t.Error("there is a permission that is none")
	}
	if !(Rank(RoleOwner) > Rank(RoleAdmin) && Rank(RoleAdmin) > Rank(RoleAgent) && Rank(RoleAgent) > Rank(RoleViewer) && Rank(RoleViewer) > Rank("")) {
		t.Error("the roles are not in their order")
	}
}

// A rule that names nobody lets nobody pass; rules together ask for both, or for either.
func TestRulesLetPassWhomTheyName(t *testing.T) {
	agent := actor.Actor{Kind: actor.Staff, User: 1, Workspace: 1, Role: RoleAgent, Permissions: Effective(RoleAgent, nil)}
	outside := agent
	outside.Workspace, outside.Role, outside.Permissions = 0, "", nil
	visitor := actor.Actor{Kind: actor.Visitor, Workspace: 1, Visitor: 1}
	key := agent
	key.Kind = actor.Key
	nobody := actor.Actor{Kind: actor.Anonymous}
	for name, c := range map[string]struct {
		rule Rule
		pass []actor.Actor
		stop []actor.Actor
	}{
		"none":               {Rule{}, nil, []actor.Actor{agent, outside, visitor, key, nobody, {}}},
		"anyone":             {Anyone, []actor.Actor{agent, visitor, nobody}, nil},
		"signed in":          {SignedIn, []actor.Actor{agent, outside}, []actor.Actor{visitor, key, nobody, {}}},
		"a member":           {Member, []actor.Actor{agent, key}, []actor.Actor{outside, visitor, nobody, {}}},
		"the owner":          {Owner, nil, []actor.Actor{agent, key, visitor, nobody}},
		"a right":            {Has(Reply), []actor.Actor{agent, key}, []actor.Actor{outside, visitor, nobody}},
		"another right":      {Has(ExportData), nil, []actor.Actor{agent, key, visitor, nobody}},
		"a right, in person": {Person(Reply), []actor.Actor{agent}, []actor.Actor{key, outside, visitor, nobody}},
		"both":               {Has(Reply).And(Has(ExportData)), nil, []actor.Actor{agent, visitor}},
		"either":             {Has(ExportData).Or(OwnVisitor), []actor.Actor{visitor}, []actor.Actor{agent, nobody}},
		"both that one has":  {Has(Reply).And(Has(Assign)), []actor.Actor{agent}, []actor.Actor{visitor, outside}},
	} {
		for _, a := range c.pass {
			if !c.rule.Allows(a) {
				t.Errorf("%s: %v in workspace %d may not pass", name, a.Kind, a.Workspace)
			}
		}
		for _, a := range c.stop {
			if c.rule.Allows(a) {
				t.Errorf("%s: %v in workspace %d may pass", name, a.Kind, a.Workspace)
			}
		}
	}
}
