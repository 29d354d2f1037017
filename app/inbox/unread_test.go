package inbox_test

import (
	"fmt"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/store"
)

// unread tells what waits for somebody: how many, and the newest previews.
func unread(d *apptest.Desk, token string) string {
	d.T.Helper()
	out := d.OK(token, "conversations.unreadForMe", m{})
	s := fmt.Sprint(out["total"])
	if list := d.OK(token, "conversations.listForInbox", m{"status": "open", "unreadForMe": true})["items"].([]any); float64(len(list)) != out["total"] {
		d.T.Errorf("the list has %d, the count says %v", len(list), out["total"])
	}
	for _, v := range out["items"].([]any) {
		s += " " + v.(m)["preview"].(string)
	}
	return s
}

func TestUnreadIsEachAgentsOwn(t *testing.T) {
	d := apptest.New(t)
	agent := d.Member("agent")
	clara, bo := d.Visitor("clara"), d.Visitor("bo")
	a, b := d.Say(clara, "One"), d.Say(bo, "Two")
	for who, token := range map[string]string{"the owner": d.Owner, "the agent": agent} {
		if got := unread(d, token); got != "2 Two One" {
			t.Errorf("%s: %s", who, got)
		}
	}
	d.OK(agent, "conversations.markAsRead", m{"conversationId": a})
	if mine, other := unread(d, agent), unread(d, d.Owner); mine != "1 Two" || other != "2 Two One" {
		t.Errorf("after reading: the agent %s, the owner %s", mine, other)
	}

	// A note hides nothing; an answer takes the conversation off everybody's list; what a colleague holds is theirs.
	d.OK(agent, "messages.send", m{"conversationId": b, "content": "a note", "internal": true})
	if got := unread(d, d.Owner); got != "2 Two One" {
		t.Errorf("after a colleague's note: %s", got)
	}
	if got := unread(d, agent); got != "0" {
		t.Errorf("who wrote it has read what stands above it: %s", got)
	}
	d.OK(agent, "messages.send", m{"conversationId": a, "content": "an answer"})
	if got := unread(d, d.Owner); got != "1 Two" {
		t.Errorf("after a colleague's answer: %s", got)
	}
	d.OK(d.Owner, "conversations.assign", m{"conversationId": b, "assigneeId": d.OK(agent, "users.me", m{})["user"].(m)["id"]})
	d.OK(bo, "messages.send", m{"conversationId": b, "content": "Three"})
	if mine, other := unread(d, agent), unread(d, d.Owner); mine != "1 Three" || other != "0" {
		t.Errorf("after assigning: the agent %s, the owner %s", mine, other)
	}
	d.OK(agent, "conversations.setStatus", m{"conversationId": b, "status": "closed"})
	if got := unread(d, agent); got != "0" {
		t.Errorf("after closing: %s", got)
	}
}

// When the team first answered is kept: by a person, to the visitor, once.
func TestTheFirstAnswerIsKept(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v := d.Visitor("clara")
	c := d.Say(v, "Hello?")
	id, err := store.ParseID(c)
	if err != nil {
		t.Fatal(err)
	}
	kept := func(want store.Time) {
		t.Helper()
		err := d.App.DB.Read(t.Context(), d.Space(), func(tx *store.Tx) error {
			c, err := tx.Conversations.ByID(id)
			if err == nil && c.FirstResponseAt != want {
				t.Errorf("first answered at %d, want %d", c.FirstResponseAt, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	kept(0)
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "among us", "internal": true})
	kept(0)
	d.Later(5 * time.Minute)
	first := store.Time(d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Here we are"})["createdAt"].(float64))
	kept(first)
	d.Later(5 * time.Minute)
	d.OK(v, "messages.send", m{"conversationId": c, "content": "And now?"})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Still here"})
	kept(first)
}

// What one side has read the other side sees, message by message; an answer tells it too, a note or the AI agent does not.
func TestEachSideSeesWhatTheOtherHasRead(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "One")
	read := func(who string) (out string) {
		for _, x := range d.OK(who, "messages.list", m{"conversationId": c})["items"].([]any) {
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
		if staff, visitor := read(d.Owner), read(v); staff != want || visitor != want {
			t.Errorf("%s: the team sees %q, the visitor %q, want %q", when, staff, visitor, want)
		}
	}
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "a note", "internal": true})
	expect("before anybody read", "One ")
	d.OK(d.Owner, "conversations.markAsRead", m{"conversationId": c})
	expect("after the agent read", "One✓ ")
	d.OK(v, "messages.send", m{"conversationId": c, "content": "Two"})
	expect("after one more", "One✓ Two ")
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Three"})
	expect("after an answer", "One✓ Two✓ Three ")
	d.OK(v, "messages.send", m{"conversationId": c, "content": "Four"})
	expect("after the visitor's next", "One✓ Two✓ Three✓ Four ")
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Five"})
	d.OK(v, "conversations.markAsRead", m{"conversationId": c})
	expect("after the visitor read", "One✓ Two✓ Three✓ Four✓ Five✓ ")
}

func TestUnreadForMeIsLive(t *testing.T) {
	d := apptest.New(t)
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "conversations.unreadForMe", "args": m{}})
	total := func(n float64) func(m) bool {
		return func(a m) bool { v, ok := a["value"].(m); return ok && v["total"] == n }
	}
	d.Hear(ws, total(0))
	c := d.Say(d.Visitor("clara"), "Hello")
	d.Hear(ws, total(1))
	d.OK(d.Owner, "conversations.markAsRead", m{"conversationId": c})
	d.Hear(ws, total(0))
}

func TestATagChangesWhereverItIsPut(t *testing.T) {
	d := apptest.New(t)
	c := d.Say(d.Visitor("clara"), "Hello")
	tag := d.OK(d.Owner, "tags.create", m{"name": "repair"})["id"]
	d.OK(d.Owner, "tags.create", m{"name": "Sales"})
	d.OK(d.Owner, "conversations.addTag", m{"conversationId": c, "tagId": tag})
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "conversations.get", "args": m{"conversationId": c}})
	d.Hear(ws, func(a m) bool { return a["value"] != nil })

	d.OK(d.Owner, "tags.update", m{"tagId": tag, "name": "Repairs", "color": "#c97d14"})
	d.Hear(ws, func(a m) bool {
		v, _ := a["value"].(m)
		label := v["tags"].([]any)[0].(m)
		return label["name"] == "Repairs" && label["color"] == "#c97d14"
	})
	if got := d.OK(d.Owner, "tags.update", m{"tagId": tag, "color": ""}); got["name"] != "Repairs" || got["color"] != "" {
		t.Errorf("clearing a colour: %v", got)
	}
	d.Refused("conflict", d.Owner, "tags.update", m{"tagId": tag, "name": "sales"})
	d.Refused("invalid", d.Owner, "tags.update", m{"tagId": tag, "name": " "})
	d.Refused("invalid", d.Owner, "tags.update", m{"tagId": tag, "color": "red"})
	d.Refused("forbidden", d.Member("agent"), "tags.update", m{"tagId": tag, "name": "x"})
	d.OK(d.Owner, "tags.remove", m{"tagId": tag})
	if tags := d.OK(d.Owner, "conversations.get", m{"conversationId": c})["tags"].([]any); len(tags) != 0 {
		t.Errorf("a deleted tag stayed: %v", tags)
	}
}
