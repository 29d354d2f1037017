package inbox_test

import (
	"fmt"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// upload stages a file as somebody and gives its id.
func upload(d *apptest.Desk, token, name, content string) string {
	d.T.Helper()
	return d.File(token, name, []byte(content))["id"].(string)
}

// thread gives what stands in a conversation, a line a message.
func thread(d *apptest.Desk, token, conversation string) (lines []string) {
	d.T.Helper()
	for _, v := range d.OK(token, "messages.list", m{"conversationId": conversation})["items"].([]any) {
		v := v.(m)
		line := v["content"].(string)
		if n := len(v["attachments"].([]any)); n > 0 {
			line += fmt.Sprintf(" +%d", n)
		}
		lines = append(lines, line)
	}
	return lines
}

// counts are the numbers beside the views.
func counts(d *apptest.Desk) string {
	d.T.Helper()
	n := d.OK(d.Owner, "conversations.counts", m{})
	return fmt.Sprintf("open %v closed %v unassigned %v", n["all"], n["closed"], n["unassigned"])
}

func TestMergingPutsBothHistoriesInTheOrderOfTime(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	a := d.Say(v, "My lamp flickers")
	b := d.Say(v, "It is me again")
	d.OK(d.Owner, "messages.send", m{"conversationId": b, "content": "Which lamp?"})
	d.OK(v, "messages.send", m{"conversationId": a, "content": "A photo", "attachmentIds": []string{upload(d, v, "lamp.txt", "a lamp")}, "clientId": "same"})
	d.OK(v, "messages.send", m{"conversationId": b, "content": "The Skagen", "clientId": "same"})
	tag := d.OK(d.Owner, "tags.create", m{"name": "repair"})["id"]
	d.OK(d.Owner, "conversations.addTag", m{"conversationId": a, "tagId": tag})
	d.OK(d.Owner, "conversations.setPriority", m{"conversationId": a, "priority": "high"})
	d.OK(d.Owner, "conversations.setStatus", m{"conversationId": b, "status": "closed"})

	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": b}, "patch": true})
	d.Hear(ws, func(a m) bool { return a["value"] != nil })
	got := d.OK(d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	d.Hear(ws, func(a m) bool {
		return strings.Contains(apptest.JSON(a), "lamp.txt") && strings.Contains(apptest.JSON(a), "merged_in")
	})

	want := "[My lamp flickers It is me again Which lamp? A photo +1 The Skagen closed merged_in]"
	if lines := fmt.Sprint(thread(d, d.Owner, b)); lines != want {
		t.Errorf("merged: %s, want %s", lines, want)
	}
	if lines := fmt.Sprint(thread(d, d.Owner, a)); lines != "[merged]" {
		t.Errorf("the emptied one: %s", lines)
	}
	if got["id"] != b || got["status"] != "open" || got["priority"] != "high" || got["unreadByAgent"] != 3.0 || got["messageCount"] != 5.0 || len(got["tags"].([]any)) != 1 || got["lastMessage"].(m)["preview"] != "The Skagen" {
		t.Errorf("merged into: %v", got)
	}
	from := d.OK(d.Owner, "conversations.get", m{"conversationId": a})
	if from["status"] != "closed" || from["mergedInto"] != b || from["unreadByAgent"] != 0.0 {
		t.Errorf("the emptied one: %v", from)
	}
	if n := counts(d); n != "open 1 closed 1 unassigned 1" {
		t.Error(n)
	}

	// The visitor has one conversation, and what their open messenger still sends to the other arrives there, once.
	mine := d.OK(v, "conversations.listForVisitor", m{})["items"].([]any)
	if len(mine) != 1 || mine[0].(m)["id"] != b || fmt.Sprint(thread(d, v, b)) != "[My lamp flickers It is me again Which lamp? A photo +1 The Skagen]" {
		t.Errorf("the visitor sees %v: %v", mine, thread(d, v, b))
	}
	for range 2 {
		late := d.OK(v, "messages.send", m{"conversationId": a, "content": "Late", "clientId": "late"})
		if late["conversationId"] != b {
			t.Errorf("a late message went to %v", late["conversationId"])
		}
	}
	d.OK(d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	if lines := thread(d, d.Owner, b); len(lines) != 8 || lines[7] != "Late" {
		t.Errorf("after merging twice: %v", lines)
	}
}

func TestMergingKeepsWhatIsUnread(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	a, b := d.Say(v, "First"), d.Say(v, "Second")
	d.OK(d.Owner, "conversations.markAsRead", m{"conversationId": a})
	d.OK(d.Owner, "messages.send", m{"conversationId": a, "content": "Answer"})
	d.OK(v, "messages.send", m{"conversationId": a, "content": "Unread"})
	d.OK(d.Owner, "conversations.markAsRead", m{"conversationId": b})
	got := d.OK(d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	if got["unread"] != true || got["unreadByAgent"] != 1.0 {
		t.Errorf("the unread message was lost: %v", got)
	}
	got = d.OK(d.Owner, "conversations.markAsRead", m{"conversationId": b})
	if got["unread"] != false || got["unreadByAgent"] != 0.0 {
		t.Errorf("reading did not count: %v", got)
	}
	if n := d.OK(v, "conversations.getTotalUnreadForVisitor", m{})["total"]; n != 0.0 {
		t.Errorf("the visitor has %v unread, want 0: they wrote after the answer", n)
	}
}

func TestMergingRefusesWhatIsNotOnePersons(t *testing.T) {
	d := apptest.New(t)
	clara, mallory := d.Visitor("clara"), d.Visitor("mallory")
	a, b, c := d.Say(clara, "One"), d.Say(clara, "Two"), d.Say(clara, "Three")
	foreign := d.Say(mallory, "Mine")
	viewer := d.Member("viewer")
	d.Refused("invalid", d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": foreign})
	d.Refused("invalid", d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": a})
	d.Refused("forbidden", viewer, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	d.Refused("forbidden", clara, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	d.OK(d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	d.Refused("conflict", d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": c})
	d.Refused("conflict", d.Owner, "conversations.merge", m{"conversationId": c, "intoConversationId": a})
	d.Refused("conflict", d.Owner, "conversations.setStatus", m{"conversationId": a, "status": "open"})
	d.OK(d.Owner, "conversations.merge", m{"conversationId": b, "intoConversationId": c})
	if got := d.OK(clara, "messages.send", m{"conversationId": a, "content": "Where am I?"})["conversationId"]; got != c {
		t.Errorf("a message to the first went to %v, want the last", got)
	}
	if lines := thread(d, mallory, foreign); len(lines) != 1 || lines[0] != "Mine" {
		t.Errorf("another person's conversation changed: %v", lines)
	}
	d.Refused("not_found", mallory, "messages.list", m{"conversationId": a})
}

func TestMergingKeepsWhatAnAIAnswerRestsOn(t *testing.T) {
	d := apptest.New(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "name": "Bell"})
	d.Article("Returning a lamp", "You can return a lamp within **30 days**. Use the label in the box; the parcel is free of charge.")
	d.Learned(1)
	v := d.Visitor("clara")
	a := d.Say(v, "How many days do I have to return a lamp?")
	d.Shows(v, a, func(x m) bool { return x["senderType"] == "bot" })
	if n := d.OK(d.Owner, "conversations.counts", m{})["aiHandled"]; n != 1.0 {
		t.Errorf("%v conversations count as answered by the AI agent, want 1", n)
	}
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": false})
	b := d.Say(v, "Another thing")
	d.OK(d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	answer := d.Shows(v, b, func(x m) bool { return x["senderType"] == "bot" })
	if len(answer["sources"].([]any)) != 1 {
		t.Errorf("the answer lost its sources: %v", answer)
	}
	if runs := d.OK(d.Owner, "aiAgent.getConversationResponses", m{"conversationId": b})["items"].([]any); len(runs) != 1 {
		t.Errorf("runs: %v", runs)
	}
	if n := d.OK(d.Owner, "conversations.counts", m{}); n["aiHandled"] != 0.0 || n["all"] != 1.0 {
		t.Errorf("counts: %v", n)
	}
}
