package inbox_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
)

func TestAnAnswerWaitsForItsTime(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	file := upload(d, d.Owner, "plan.txt", "a plan")
	agent, visitor := d.Socket(d.Owner), d.Socket(v)
	agent.WriteJSON(m{"id": 1, "view": "messages.scheduled", "args": m{"conversationId": c}})
	visitor.WriteJSON(m{"id": 2, "view": "messages.list", "args": m{"conversationId": c}, "patch": true})
	d.Hear(visitor, func(a m) bool { return a["value"] != nil })
	held := d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "In a moment", "delayMs": 700, "attachmentIds": []string{file}, "clientId": "x", "close": true})
	if held["deliveryStatus"] != "pending" || held["sendAt"] == nil {
		t.Errorf("held: %v", held)
	}
	d.Hear(agent, func(a m) bool {
		return strings.Contains(apptest.JSON(a), "In a moment") && strings.Contains(apptest.JSON(a), "plan.txt")
	})
	if again := d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "In a moment", "delayMs": 700, "clientId": "x"}); again["id"] != held["id"] {
		t.Errorf("sent again it waits twice: %v", again)
	}
	if n := thread(d, v, c); len(n) != 1 {
		t.Errorf("the visitor saw it before its time: %v", n)
	}
	d.Later(time.Second)
	got := d.Hear(visitor, func(a m) bool { return strings.Contains(apptest.JSON(a), "In a moment") })
	if !strings.Contains(apptest.JSON(got), "plan.txt") {
		t.Errorf("without its file: %v", got)
	}
	d.Hear(agent, func(a m) bool { v, ok := a["value"].(m); return ok && len(v["items"].([]any)) == 0 })
	if s := d.OK(d.Owner, "conversations.get", m{"conversationId": c}); s["status"] != "closed" || s["unreadByAgent"] != 0.0 {
		t.Errorf("after send and close: %v", s)
	}
	again := d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "In a moment", "delayMs": 700, "clientId": "x"})
	if lines := thread(d, v, c); len(lines) != 2 || again["deliveryStatus"] != "sent" {
		t.Errorf("delivered once, got %v; a repeated request said %v", lines, again)
	}
	d.Refused("not_found", d.Owner, "messages.cancelScheduled", m{"messageId": held["id"]})
}

// The server took an answer that waits, but the agent's browser never heard of it and asks again once it is online.
func TestAnAnswerThatWaitsIsTheSameAnswerHoweverItIsAskedForAgain(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	first := d.OK(v, "conversations.start", m{"content": "Hello"})
	c := first["conversation"].(m)["id"]
	seen := first["message"].(m)["id"]
	answer := m{"conversationId": c, "content": "It is", "delayMs": 60000, "clientId": "x", "lastSeenMessageId": seen}
	held := d.OK(d.Owner, "messages.send", answer)
	d.OK(v, "messages.send", m{"conversationId": c, "content": "Are you there?"})
	now := maps.Clone(answer)
	delete(now, "delayMs")
	for _, again := range []m{answer, now} {
		if got := d.OK(d.Owner, "messages.send", again); got["id"] != held["id"] {
			t.Errorf("asked again: %v, want %v", got["id"], held["id"])
		}
	}
	if lines := thread(d, v, c.(string)); len(lines) != 2 {
		t.Errorf("the visitor sees %v before its time", lines)
	}
	d.OK(d.Owner, "messages.sendScheduled", m{"messageId": held["id"]})
	d.OK(d.Owner, "messages.send", now)
	if lines := thread(d, v, c.(string)); len(lines) != 3 {
		t.Errorf("the visitor sees %v, want the answer once", lines)
	}
}

func TestAnAnswerIsTakenBack(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	file := upload(d, d.Owner, "plan.txt", "a plan")
	held := d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Wrong", "delayMs": 10000, "attachmentIds": []string{file}})
	viewer := d.Member("viewer")
	d.Refused("forbidden", viewer, "messages.cancelScheduled", m{"messageId": held["id"]})
	d.Refused("forbidden", v, "messages.scheduled", m{"conversationId": c})
	back := d.OK(d.Owner, "messages.cancelScheduled", m{"messageId": held["id"]})
	if back["content"] != "Wrong" || len(back["attachments"].([]any)) != 1 {
		t.Errorf("taken back: %v", back)
	}
	// Its file may be sent after all, and its time passes without it.
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Right", "attachmentIds": []string{file}})
	later := d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Soon", "delayMs": 400})
	d.Later(11 * time.Second)
	ws := d.Socket(v)
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": c}})
	got := d.Hear(ws, func(a m) bool { return strings.Contains(apptest.JSON(a), "Soon") })
	if strings.Contains(apptest.JSON(got), "Wrong") {
		t.Errorf("it was sent all the same: %v", got)
	}
	d.Refused("not_found", d.Owner, "messages.sendScheduled", m{"messageId": later["id"]})
}

func TestAnAnswerIsSentBeforeItsTimeAndFollowsAMerge(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	a, b := d.Say(v, "One"), d.Say(v, "Two")
	at := d.App.DB.Now().Add(24 * time.Hour)
	held := d.OK(d.Owner, "messages.send", m{"conversationId": a, "content": "Tomorrow", "sendAt": at})
	d.OK(d.Owner, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	if list := d.OK(d.Owner, "messages.scheduled", m{"conversationId": b})["items"].([]any); len(list) != 1 {
		t.Errorf("it did not follow: %v", list)
	}
	if got := d.OK(d.Owner, "messages.sendScheduled", m{"messageId": held["id"]}); got["conversationId"] != b {
		t.Errorf("sent to %v", got)
	}
	if lines := thread(d, v, b); len(lines) != 3 || lines[2] != "Tomorrow" {
		t.Errorf("the visitor sees %v", lines)
	}
	for what, in := range map[string]m{"the past": {"sendAt": 1}, "two years": {"sendAt": at.Add(2 * 365 * 24 * time.Hour)}, "a note": {"sendAt": at, "internal": true}} {
		in["conversationId"], in["content"] = b, "x"
		if status, out := d.Call(d.Owner, "messages.send", in); status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	d.Refused("invalid", v, "messages.send", m{"conversationId": b, "content": "x", "sendAt": at})
	d.Refused("invalid", v, "messages.send", m{"conversationId": b, "content": "x", "close": true})
}
