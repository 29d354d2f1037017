package inbox_test

import (
	"fmt"
	"strings"
	"testing"

	"deskbell/app/apptest"
	"deskbell/store"
)

func begun(d *apptest.Desk, token, conversation string) any {
	d.T.Helper()
	return d.OK(token, "drafts.get", m{"conversationId": conversation})["content"]
}

// A draft is where its writer signs in, on any machine, and nowhere else: no colleague sees it, nor does the visitor.
func TestADraftFollowsItsWriterAndNobodyElse(t *testing.T) {
	d := apptest.New(t)
	v, colleague := d.Visitor("clara"), d.Member("agent")
	c := d.Say(v, "Hello")
	other := d.Say(d.Visitor("bo"), "Hello too")
	if got := begun(d, d.Owner, c); got != "" {
		t.Errorf("before anything was written: %v", got)
	}
	mine, theirs := d.Socket(d.Owner), d.Socket(colleague)
	for _, ws := range []interface{ WriteJSON(any) error }{mine, theirs} {
		ws.WriteJSON(m{"id": 1, "view": "drafts.get", "args": m{"conversationId": c}})
	}
	says := func(words string) func(m) bool {
		return func(a m) bool { v, _ := a["value"].(m); return v != nil && v["content"] == words }
	}
	d.Hear(mine, says(""))
	d.Hear(theirs, says(""))
	d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": "SECRET-1"})
	d.Hear(mine, says("SECRET-1"))
	first := d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": "SECRET-2 of two"})
	d.Hear(mine, says("SECRET-2 of two"))
	second := d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": "SECRET-2 of two"})
	if first["revision"].(string) >= second["revision"].(string) {
		t.Errorf("the later revision %v is not larger than %v", second["revision"], first["revision"])
	}
	for _, token := range []string{colleague, d.Owner} {
		where := map[string]string{colleague: c, d.Owner: other}[token]
		if got := begun(d, token, where); got != "" {
			t.Errorf("somebody else, or another conversation, has %v", got)
		}
	}
	for _, door := range []string{"conversations.get", "messages.list", "conversations.presence"} {
		for _, token := range []string{v, colleague} {
			if got := apptest.JSON(d.OK(token, door, m{"conversationId": c})); strings.Contains(got, "SECRET") {
				t.Errorf("%s tells %s", door, got)
			}
		}
	}
	listed := func(token string) string { return apptest.JSON(d.OK(token, "drafts.list", m{})["items"]) }
	if got := listed(d.Owner); !strings.Contains(got, c) || strings.Contains(got, other) || strings.Contains(got, "SECRET") {
		t.Errorf("conversations with a draft are %s, want %s alone and no words", got, c)
	}
	if got := listed(colleague); got != "[]" {
		t.Errorf("a colleague's list names %s", got)
	}
	// A note stays one, so that it is not sent as an answer by mistake.
	d.OK(d.Owner, "drafts.save", m{"conversationId": other, "content": "Not for the visitor", "internal": true})
	if out := d.OK(d.Owner, "drafts.get", m{"conversationId": other}); out["internal"] != true || first["internal"] != false {
		t.Errorf("a note is read as %v, an answer as %v", out, first)
	}
	d.OK(d.Owner, "drafts.save", m{"conversationId": other, "content": ""})
	// What the colleague writes is theirs, and the first thing that they hear.
	d.OK(colleague, "drafts.save", m{"conversationId": c, "content": "Mine"})
	d.Hear(theirs, func(a m) bool {
		if strings.Contains(apptest.JSON(a), "SECRET") {
			t.Errorf("a colleague hears %v", a)
		}
		return says("Mine")(a)
	})
	if got := begun(d, d.Owner, c); got != "SECRET-2 of two" {
		t.Errorf("after a colleague began too: %v", got)
	}
	// White space ends it, twice as well as once.
	for range 2 {
		out := d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": " \n "})
		if out["content"] != "" || out["revision"].(string) <= second["revision"].(string) {
			t.Errorf("ended: %v", out)
		}
	}
	d.Hear(mine, says(""))
}

func TestADraftIsRefusedWhereItDoesNotBelong(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	in := m{"conversationId": c, "content": "x"}
	d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": "kept"})
	for token, code := range map[string]string{v: "forbidden", d.Member("viewer"): "forbidden", "": "unauthenticated"} {
		d.Refused(code, token, "drafts.save", in)
		d.Refused(code, token, "drafts.get", m{"conversationId": c})
	}
	d.Refused("not_found", d.Stranger(), "drafts.save", m{"conversationId": c, "content": "x", "workspaceId": d.Workspace})
	d.Refused("not_found", d.Owner, "drafts.save", m{"conversationId": "0SAZPVHNMQ3QW", "content": "x"})
	d.Refused("invalid", d.Owner, "drafts.save", m{"conversationId": c, "content": strings.Repeat("x", 20001)})
	d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": strings.Repeat("ü", 20000)})
	d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": "kept"})
	_, key := d.Key(d.Owner, "conversations.read", "conversations.reply")
	d.Refused("forbidden", key, "drafts.save", in) // a program has none, and not that of whoever made its key
	d.Refused("forbidden", key, "drafts.get", m{"conversationId": c})
	d.Refused("conflict", d.Owner, "drafts.save", m{"conversationId": c, "content": "of the one before", "userId": "0SAZPVHNMQ3QW"})
	d.OK(d.Owner, "drafts.save", m{"conversationId": c, "content": "kept", "userId": d.User()})
	if got := begun(d, d.Owner, c); got != "kept" {
		t.Errorf("after what was refused: %v", got)
	}
}

// What somebody began in a conversation that is merged goes with it, except where the same person has begun something in
// the other one: then each stays where it is.
func TestADraftGoesWithItsConversationWhenThatIsMerged(t *testing.T) {
	d := apptest.New(t)
	v, colleague := d.Visitor("clara"), d.Member("agent")
	from, to := d.Say(v, "One"), d.Say(v, "Two")
	d.OK(d.Owner, "drafts.save", m{"conversationId": from, "content": "of the owner"})
	d.OK(colleague, "drafts.save", m{"conversationId": from, "content": "of the agent"})
	d.OK(colleague, "drafts.save", m{"conversationId": to, "content": "there already"})
	d.OK(d.Owner, "conversations.merge", m{"conversationId": from, "intoConversationId": to})
	got := fmt.Sprint(begun(d, d.Owner, from), ", ", begun(d, d.Owner, to), ", ", begun(d, colleague, from), ", ", begun(d, colleague, to))
	if want := ", of the owner, of the agent, there already"; got != want {
		t.Errorf("after merging: %q, want %q", got, want)
	}
}

// Nothing is left of what a member who leaves had begun. Who has begun very much is told so, and can still change and end it.
func TestDraftsEndWithTheirWriterAndAreBounded(t *testing.T) {
	d := apptest.New(t)
	colleague := d.Member("agent")
	member, user := d.Colleague("agent")
	c := d.Say(d.Visitor("clara"), "Hello")
	d.OK(colleague, "drafts.save", m{"conversationId": c, "content": "one"})
	full, err := d.App.DB.Write(t.Context(), d.Space(), func(tx *store.Tx) error {
		id, _ := store.ParseID(c)
		one, err := tx.Conversations.ByID(id)
		if err != nil {
			return err
		}
		for range 499 {
			more := &store.Conversation{Visitor: one.Visitor, Status: one.Status, Channel: one.Channel}
			if err := tx.Conversations.Add(more, ""); err != nil {
				return err
			}
			if _, err := tx.Drafts.Keep(user, more.ID, "more", false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || full == 0 {
		t.Fatal(full, err)
	}
	further := d.Say(d.Visitor("bo"), "Hello too")
	d.Refused("conflict", colleague, "drafts.save", m{"conversationId": further, "content": "one too many"})
	d.OK(d.Owner, "drafts.save", m{"conversationId": further, "content": "of somebody else"})
	d.OK(colleague, "drafts.save", m{"conversationId": c, "content": "one, changed"})
	if got := fmt.Sprint(begun(d, colleague, further), begun(d, colleague, c)); got != "one, changed" {
		t.Errorf("at the limit: %q", got)
	}
	d.OK(colleague, "drafts.save", m{"conversationId": c, "content": ""})
	d.OK(colleague, "drafts.save", m{"conversationId": further, "content": "room again"})
	d.OK(d.Owner, "workspaceMembers.remove", m{"memberId": member})
	left := 0
	err = d.App.DB.Read(t.Context(), d.Space(), func(tx *store.Tx) (err error) {
		left, err = tx.Drafts.Count(user)
		return err
	})
	if err != nil || left != 0 {
		t.Errorf("%d drafts of somebody who left, %v", left, err)
	}
}
