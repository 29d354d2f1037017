package app_test

import (
	"fmt"
	"testing"
)

// unread tells what waits for somebody: how many, and the newest previews.
func (d *desk) unread(token string) string {
	d.t.Helper()
	out := d.ok(token, "conversations.unreadForMe", m{})
	s := fmt.Sprint(out["total"])
	if list := d.ok(token, "conversations.listForInbox", m{"status": "open", "unreadForMe": true})["items"].([]any); float64(len(list)) != out["total"] {
		d.t.Errorf("the list has %d, the count says %v", len(list), out["total"])
	}
	for _, v := range out["items"].([]any) {
		s += " " + v.(m)["preview"].(string)
	}
	return s
}

func TestUnreadIsEachAgentsOwn(t *testing.T) {
	d := newDesk(t)
	agent := d.member("agent")
	clara, bo := d.visitor("clara"), d.visitor("bo")
	a, b := d.say(clara, "One"), d.say(bo, "Two")
	for who, token := range map[string]string{"the owner": d.owner, "the agent": agent} {
		if got := d.unread(token); got != "2 Two One" {
			t.Errorf("%s: %s", who, got)
		}
	}
	d.ok(agent, "conversations.markAsRead", m{"conversationId": a})
	if mine, other := d.unread(agent), d.unread(d.owner); mine != "1 Two" || other != "2 Two One" {
		t.Errorf("after reading: the agent %s, the owner %s", mine, other)
	}

	// A note hides nothing; an answer takes the conversation off everybody's list; what a colleague holds is theirs.
	d.ok(agent, "messages.send", m{"conversationId": b, "content": "a note", "internal": true})
	if got := d.unread(d.owner); got != "2 Two One" {
		t.Errorf("after a colleague's note: %s", got)
	}
	d.ok(agent, "messages.send", m{"conversationId": a, "content": "an answer"})
	if got := d.unread(d.owner); got != "1 Two" {
		t.Errorf("after a colleague's answer: %s", got)
	}
	d.ok(d.owner, "conversations.assign", m{"conversationId": b, "assigneeId": d.ok(agent, "users.me", m{})["user"].(m)["id"]})
	d.ok(bo, "messages.send", m{"conversationId": b, "content": "Three"})
	if mine, other := d.unread(agent), d.unread(d.owner); mine != "1 Three" || other != "0" {
		t.Errorf("after assigning: the agent %s, the owner %s", mine, other)
	}
	d.ok(agent, "conversations.setStatus", m{"conversationId": b, "status": "closed"})
	if got := d.unread(agent); got != "0" {
		t.Errorf("after closing: %s", got)
	}
}

// What one side has read the other side sees, message by message; an answer tells it too, a note or the AI agent does not.
func TestEachSideSeesWhatTheOtherHasRead(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	c := d.say(v, "One")
	read := func(who string) (out string) {
		for _, x := range d.ok(who, "messages.list", m{"conversationId": c})["items"].([]any) {
			if x.(m)["kind"] != "message" {
				continue
			}
			out += x.(m)["content"].(string)
			if x.(m)["seenAt"] != nil {
				out += "✓"
			}
			out += " "
		}
		return out
	}
	expect := func(when, want string) {
		t.Helper()
		if staff, visitor := read(d.owner), read(v); staff != want || visitor != want {
			t.Errorf("%s: the team sees %q, the visitor %q, want %q", when, staff, visitor, want)
		}
	}
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "a note", "internal": true})
	expect("before anybody read", "One ")
	d.ok(d.owner, "conversations.markAsRead", m{"conversationId": c})
	expect("after the agent read", "One✓ ")
	d.ok(v, "messages.send", m{"conversationId": c, "content": "Two"})
	expect("after one more", "One✓ Two ")
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "Three"})
	expect("after an answer", "One✓ Two✓ Three ")
	d.ok(v, "messages.send", m{"conversationId": c, "content": "Four"})
	expect("after the visitor's next", "One✓ Two✓ Three✓ Four ")
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "Five"})
	d.ok(v, "conversations.markAsRead", m{"conversationId": c})
	expect("after the visitor read", "One✓ Two✓ Three✓ Four✓ Five✓ ")
}

func TestUnreadForMeIsLive(t *testing.T) {
	d := newDesk(t)
	ws := d.socket(d.owner)
	ws.WriteJSON(m{"id": 1, "view": "conversations.unreadForMe", "args": m{}})
	total := func(n float64) func(m) bool {
		return func(a m) bool { v, ok := a["value"].(m); return ok && v["total"] == n }
	}
	d.hear(ws, total(0))
	c := d.say(d.visitor("clara"), "Hello")
	d.hear(ws, total(1))
	d.ok(d.owner, "conversations.markAsRead", m{"conversationId": c})
	d.hear(ws, total(0))
}

func TestATagChangesWhereverItIsPut(t *testing.T) {
	d := newDesk(t)
	c := d.say(d.visitor("clara"), "Hello")
	tag := d.ok(d.owner, "tags.create", m{"name": "repair"})["id"]
	d.ok(d.owner, "tags.create", m{"name": "Sales"})
	d.ok(d.owner, "conversations.addTag", m{"conversationId": c, "tagId": tag})
	ws := d.socket(d.owner)
	ws.WriteJSON(m{"id": 1, "view": "conversations.get", "args": m{"conversationId": c}})
	d.hear(ws, func(a m) bool { return a["value"] != nil })

	d.ok(d.owner, "tags.update", m{"tagId": tag, "name": "Repairs", "color": "#c97d14"})
	d.hear(ws, func(a m) bool {
		v, _ := a["value"].(m)
		label := v["tags"].([]any)[0].(m)
		return label["name"] == "Repairs" && label["color"] == "#c97d14"
	})
	if got := d.ok(d.owner, "tags.update", m{"tagId": tag, "color": ""}); got["name"] != "Repairs" || got["color"] != "" {
		t.Errorf("clearing a colour: %v", got)
	}
	d.refused("conflict", d.owner, "tags.update", m{"tagId": tag, "name": "sales"})
	d.refused("invalid", d.owner, "tags.update", m{"tagId": tag, "name": " "})
	d.refused("invalid", d.owner, "tags.update", m{"tagId": tag, "color": "red"})
	d.refused("forbidden", d.member("agent"), "tags.update", m{"tagId": tag, "name": "x"})
	d.ok(d.owner, "tags.remove", m{"tagId": tag})
	if tags := d.ok(d.owner, "conversations.get", m{"conversationId": c})["tags"].([]any); len(tags) != 0 {
		t.Errorf("a deleted tag stayed: %v", tags)
	}
}
