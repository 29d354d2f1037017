package app_test

import (
	"maps"
	"strings"
	"testing"
	"time"
)

func TestAnAnswerWaitsForItsTime(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	c := d.say(v, "Hello")
	file := d.upload(d.owner, "plan.txt", "a plan")
	agent, visitor := d.socket(d.owner), d.socket(v)
	agent.WriteJSON(m{"id": 1, "view": "messages.scheduled", "args": m{"conversationId": c}})
	visitor.WriteJSON(m{"id": 2, "view": "messages.list", "args": m{"conversationId": c}, "patch": true})
	d.hear(visitor, func(a m) bool { return a["value"] != nil })
	held := d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "In a moment", "delayMs": 700, "attachmentIds": []string{file}, "clientId": "x", "close": true})
	if held["deliveryStatus"] != "pending" || held["sendAt"] == nil {
		t.Errorf("held: %v", held)
	}
	d.hear(agent, func(a m) bool {
		return strings.Contains(jsonOf(a), "In a moment") && strings.Contains(jsonOf(a), "plan.txt")
	})
	if again := d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "In a moment", "delayMs": 700, "clientId": "x"}); again["id"] != held["id"] {
		t.Errorf("sent again it waits twice: %v", again)
	}
	if n := d.thread(v, c); len(n) != 1 {
		t.Errorf("the visitor saw it before its time: %v", n)
	}
	got := d.hear(visitor, func(a m) bool { return strings.Contains(jsonOf(a), "In a moment") })
	if !strings.Contains(jsonOf(got), "plan.txt") {
		t.Errorf("without its file: %v", got)
	}
	d.hear(agent, func(a m) bool { v, ok := a["value"].(m); return ok && len(v["items"].([]any)) == 0 })
	if s := d.ok(d.owner, "conversations.get", m{"conversationId": c}); s["status"] != "closed" || s["unreadByAgent"] != 0.0 {
		t.Errorf("after send and close: %v", s)
	}
	again := d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "In a moment", "delayMs": 700, "clientId": "x"})
	if lines := d.thread(v, c); len(lines) != 2 || again["deliveryStatus"] != "sent" {
		t.Errorf("delivered once, got %v; a repeated request said %v", lines, again)
	}
	d.refused("not_found", d.owner, "messages.cancelScheduled", m{"messageId": held["id"]})
}

// The server took an answer that waits, but the agent's browser never heard of it and asks again once it is online.
func TestAnAnswerThatWaitsIsTheSameAnswerHoweverItIsAskedForAgain(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	first := d.ok(v, "conversations.start", m{"content": "Hello"})
	c := first["conversation"].(m)["id"]
	seen := first["message"].(m)["id"]
	answer := m{"conversationId": c, "content": "It is", "delayMs": 60000, "clientId": "x", "lastSeenMessageId": seen}
	held := d.ok(d.owner, "messages.send", answer)
	d.ok(v, "messages.send", m{"conversationId": c, "content": "Are you there?"})
	now := maps.Clone(answer)
	delete(now, "delayMs")
	for _, again := range []m{answer, now} {
		if got := d.ok(d.owner, "messages.send", again); got["id"] != held["id"] {
			t.Errorf("asked again: %v, want %v", got["id"], held["id"])
		}
	}
	if lines := d.thread(v, c.(string)); len(lines) != 2 {
		t.Errorf("the visitor sees %v before its time", lines)
	}
	d.ok(d.owner, "messages.sendScheduled", m{"messageId": held["id"]})
	d.ok(d.owner, "messages.send", now)
	if lines := d.thread(v, c.(string)); len(lines) != 3 {
		t.Errorf("the visitor sees %v, want the answer once", lines)
	}
}

func TestAnAnswerIsTakenBack(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	c := d.say(v, "Hello")
	file := d.upload(d.owner, "plan.txt", "a plan")
	held := d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "Wrong", "delayMs": 10000, "attachmentIds": []string{file}})
	viewer := d.member("viewer")
	d.refused("forbidden", viewer, "messages.cancelScheduled", m{"messageId": held["id"]})
	d.refused("forbidden", v, "messages.scheduled", m{"conversationId": c})
	back := d.ok(d.owner, "messages.cancelScheduled", m{"messageId": held["id"]})
	if back["content"] != "Wrong" || len(back["attachments"].([]any)) != 1 {
		t.Errorf("taken back: %v", back)
	}
	// Its file may be sent after all, and its time passes without it.
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "Right", "attachmentIds": []string{file}})
	later := d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "Soon", "delayMs": 400})
	ws := d.socket(v)
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": c}})
	got := d.hear(ws, func(a m) bool { return strings.Contains(jsonOf(a), "Soon") })
	if strings.Contains(jsonOf(got), "Wrong") {
		t.Errorf("it was sent all the same: %v", got)
	}
	d.refused("not_found", d.owner, "messages.sendScheduled", m{"messageId": later["id"]})
}

func TestAnAnswerIsSentBeforeItsTimeAndFollowsAMerge(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	a, b := d.say(v, "One"), d.say(v, "Two")
	at := d.app.DB.Now().Add(24 * time.Hour)
	held := d.ok(d.owner, "messages.send", m{"conversationId": a, "content": "Tomorrow", "sendAt": at})
	d.ok(d.owner, "conversations.merge", m{"conversationId": a, "intoConversationId": b})
	if list := d.ok(d.owner, "messages.scheduled", m{"conversationId": b})["items"].([]any); len(list) != 1 {
		t.Errorf("it did not follow: %v", list)
	}
	if got := d.ok(d.owner, "messages.sendScheduled", m{"messageId": held["id"]}); got["conversationId"] != b {
		t.Errorf("sent to %v", got)
	}
	if lines := d.thread(v, b); len(lines) != 3 || lines[2] != "Tomorrow" {
		t.Errorf("the visitor sees %v", lines)
	}
	for what, in := range map[string]m{"the past": {"sendAt": 1}, "two years": {"sendAt": at.Add(2 * 365 * 24 * time.Hour)}, "a note": {"sendAt": at, "internal": true}} {
		in["conversationId"], in["content"] = b, "x"
		if status, out := d.call(d.owner, "messages.send", in); status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	d.refused("invalid", v, "messages.send", m{"conversationId": b, "content": "x", "sendAt": at})
	d.refused("invalid", v, "messages.send", m{"conversationId": b, "content": "x", "close": true})
}
