package saved_test

import (
	"strings"
	"testing"

	"deskbell/app/apptest"
)

func names(list m) (out []string) {
	for _, x := range list["items"].([]any) {
		out = append(out, x.(m)["name"].(string))
	}
	return out
}

func TestSavedRepliesAreTheTeamsOrOnesOwn(t *testing.T) {
	d := apptest.New(t)
	agent, viewer := d.Member("agent"), d.Member("viewer")
	shared := d.OK(d.Owner, "savedReplies.create", m{"shared": true, "name": "Returns", "shortcut": "/Return", "folder": "Orders", "content": "Hello {{visitor.firstName|there}}, you have 30 days."})
	if shared["shortcut"] != "return" || shared["folder"] != "Orders" || shared["author"] != "Ann Berg" {
		t.Errorf("made %v", shared)
	}
	own := d.OK(agent, "savedReplies.create", m{"name": "Mine", "shortcut": "return", "content": "My own words"}) // the team's shortcut does not bar one's own
	if got := names(d.OK(agent, "savedReplies.list", m{})); strings.Join(got, ",") != "Mine,Returns" {
		t.Errorf("the agent sees %v", got)
	}
	for who, token := range map[string]string{"owner": d.Owner, "viewer": viewer} {
		if got := names(d.OK(token, "savedReplies.list", m{})); strings.Join(got, ",") != "Returns" {
			t.Errorf("the %s sees %v: another's own is nobody's", who, got)
		}
	}
	d.Refused("not_found", d.Owner, "savedReplies.update", m{"savedReplyId": own["id"], "name": "Taken over"})
	d.Refused("not_found", d.Owner, "savedReplies.remove", m{"savedReplyId": own["id"]})
	d.Refused("forbidden", viewer, "savedReplies.create", m{"name": "x", "content": "y"})

	plain := d.OK(d.Owner, "workspaceMembers.list", m{})["items"].([]any)
	for _, x := range plain {
		if x.(m)["email"] == "agent@shop.test" { // who may answer, but not manage the team's
			d.OK(d.Owner, "workspaceMembers.setPermissions", m{"memberId": x.(m)["id"], "permissions": []string{"conversations.read", "conversations.reply"}})
		}
	}
	d.Refused("forbidden", agent, "savedReplies.update", m{"savedReplyId": shared["id"], "name": "x"})
	d.Refused("forbidden", agent, "savedReplies.remove", m{"savedReplyId": shared["id"]})
	d.Refused("forbidden", agent, "savedReplies.update", m{"savedReplyId": own["id"], "shared": true})
	if v := d.OK(agent, "savedReplies.update", m{"savedReplyId": own["id"], "shortcut": "", "content": "Other words"}); v["shortcut"] != nil || v["content"] != "Other words" || v["name"] != "Mine" {
		t.Errorf("changed to %v", v)
	}
	d.Refused("conflict", d.Owner, "savedReplies.create", m{"shared": true, "name": "Again", "shortcut": "return", "content": "x"})
	d.OK(agent, "savedReplies.remove", m{"savedReplyId": own["id"]})
	d.Refused("not_found", agent, "savedReplies.remove", m{"savedReplyId": own["id"]})
}

func TestSavedRepliesRefuseWhatCannotBeSaid(t *testing.T) {
	d := apptest.New(t)
	for what, in := range map[string]m{
		"no name": {"name": " ", "content": "x"}, "no text": {"name": "x", "content": " \n"}, "a long name": {"name": strings.Repeat("x", 101), "content": "x"},
		"a long text": {"name": "x", "content": strings.Repeat("ä", 20001)}, "a shortcut with spaces": {"name": "x", "content": "x", "shortcut": "a b"},
		"an unknown placeholder": {"name": "x", "content": "Hi {{visitor.password}}"}, "an open placeholder": {"name": "x", "content": "Hi {{visitor.name"},
		"one's own for the AI agent": {"name": "x", "content": "x", "forAi": true},
	} {
		status, out := d.Call(d.Owner, "savedReplies.create", in)
		if status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	if got := names(d.OK(d.Owner, "savedReplies.list", m{})); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
	d.OK(d.Owner, "savedReplies.create", m{"name": "All", "content": "{{visitor.name}} {{ visitor.email|no mail }} {{agent.firstName}} {{workspace.name}} {{visitor.attributes.plan|free}}"})
}

// A member's own saved replies go with them, and what they were is not found any more.
func TestOwnSavedRepliesGoWithTheirOwner(t *testing.T) {
	d := apptest.New(t)
	agent := d.Member("agent")
	d.OK(agent, "savedReplies.create", m{"name": "Mine", "content": "x"})
	d.OK(agent, "savedReplies.create", m{"shared": true, "name": "Ours", "content": "x"})
	d.OK(agent, "workspaceMembers.leave", m{})
	if got := names(d.OK(d.Owner, "savedReplies.list", m{})); strings.Join(got, ",") != "Ours" {
		t.Errorf("left %v", got)
	}
}

// What the agent may say to visitors is what the team marked so, and what is said has nothing of a name that only a conversation knows.
func TestTheAgentSaysOnlyTheSavedRepliesThatItMay(t *testing.T) {
	d := apptest.New(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true})
	hidden := d.OK(d.Owner, "savedReplies.create", m{"shared": true, "name": "Gift wrapping, grumpy people", "content": "Hello {{visitor.firstName|there}}, we wrap gifts for 4 euros."})["id"]
	d.Learned(1)
	ask := func() m { return d.OK(d.Owner, "aiAgent.ask", m{"question": "Do you wrap gifts?"}) }
	if out := ask(); out["decision"] != "handed_over" || strings.Contains(apptest.JSON(out), "4 euros") {
		t.Errorf("said what is the team's: %v", out)
	}
	d.OK(d.Owner, "savedReplies.update", m{"savedReplyId": hidden, "forAi": true})
	v := d.Visitor("clara")
	d.Until("it may be said", func() bool { return ask()["decision"] == "answered" })
	answer := d.Shows(v, d.Say(v, "Do you wrap gifts?"), func(x m) bool { return x["senderType"] == "bot" })
	if answer["content"] != "Hello there, we wrap gifts for 4 euros." || len(answer["sources"].([]any)) != 0 || strings.Contains(apptest.JSON(answer), "grumpy") {
		t.Errorf("said %v", answer)
	}
	d.OK(d.Owner, "savedReplies.update", m{"savedReplyId": hidden, "forAi": false})
	if out := ask(); out["decision"] != "handed_over" || strings.Contains(apptest.JSON(out), "4 euros") {
		t.Errorf("still says %v", out)
	}
	d.OK(d.Owner, "savedReplies.update", m{"savedReplyId": hidden, "forAi": true})
	d.OK(d.Owner, "savedReplies.remove", m{"savedReplyId": hidden})
	if out := ask(); out["decision"] != "handed_over" || strings.Contains(apptest.JSON(out), "4 euros") {
		t.Errorf("says what was deleted: %v", out)
	}
}
