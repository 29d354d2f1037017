package inbox_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
)

// events are what happened to a conversation, as the team sees it.
func events(d *apptest.Desk, conversation string) (list []string) {
	d.T.Helper()
	for _, x := range d.OK(d.Owner, "messages.list", m{"conversationId": conversation, "limit": 100})["items"].([]any) {
		if e, is := x.(m)["event"].(m); is {
			list = append(list, e["type"].(string))
		}
	}
	return list
}

func TestReplyReopensAClosedConversation(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	status := func() any { return d.OK(d.Owner, "conversations.get", m{"conversationId": c})["status"] }
	d.OK(d.Owner, "conversations.setStatus", m{"conversationId": c, "status": "closed"})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "One more thing"})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "To whom it concerns", "internal": true})
	if got := status(); got != "closed" {
		t.Errorf("the team's own words make it %v", got)
	}
	d.OK(v, "messages.send", m{"conversationId": c, "content": "Wait"})
	if got := status(); got != "open" {
		t.Errorf("a visitor's message leaves it %v", got)
	}
	if got := events(d, c); !slices.Equal(got, []string{"closed", "opened"}) {
		t.Errorf("its history: %v", got)
	}
	d.Refused("forbidden", v, "conversations.setStatus", m{"conversationId": c, "status": "closed"})
}

// What is put away comes back at its time and not before, at the top of the list; a visitor's message brings it back early.
func TestASnoozedConversationWakesAtItsTime(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	first, second := d.Say(v, "Is my lamp there?"), d.Say(v, "And the bulb?")
	at := func(by time.Duration) int64 { return time.Now().Add(by).UnixMilli() }
	for _, bad := range []int64{0, 1, at(-time.Minute), at(6 * 365 * 24 * time.Hour)} {
		d.Refused("invalid", d.Owner, "conversations.snooze", m{"conversationId": first, "until": bad})
	}
	d.OK(d.Owner, "conversations.snooze", m{"conversationId": first, "until": at(2 * time.Hour)})
	d.OK(d.Owner, "conversations.snooze", m{"conversationId": second, "until": at(2 * time.Hour)})
	wake := func() {
		t.Helper()
		if err := d.App.Inbox.WakeSnoozed(t.Context()); err != nil { // what the clock does each minute
			t.Fatal(err)
		}
	}
	state := func(c string) string {
		x := d.OK(d.Owner, "conversations.get", m{"conversationId": c})
		return fmt.Sprint(x["status"], " ", x["snoozedUntil"] != nil)
	}
	d.Later(time.Hour)
	wake()
	if state(first) != "snoozed true" || state(second) != "snoozed true" {
		t.Errorf("an hour early: %s, %s", state(first), state(second))
	}
	d.OK(v, "messages.send", m{"conversationId": second, "content": "It has come"})
	if state(second) != "open false" {
		t.Errorf("after the visitor wrote: %s", state(second))
	}
	d.Later(time.Hour + time.Minute)
	wake()
	wake()
	if state(first) != "open false" {
		t.Errorf("at its time: %s", state(first))
	}
	if got := events(d, first); !slices.Equal(got, []string{"snoozed", "opened"}) {
		t.Errorf("its history: %v", got)
	}
	if top := d.OK(d.Owner, "conversations.listForInbox", m{"status": "open"})["items"].([]any)[0].(m)["id"]; top != first {
		t.Error("it is not at the top of the list")
	}
	if x := d.OK(d.Owner, "conversations.get", m{"conversationId": first}); x["unreadByVisitor"] != 0.0 {
		t.Errorf("waking is no message to the visitor: %v", x["unreadByVisitor"])
	}
}

// Who answers has seen what was said: what came meanwhile is shown instead of the answer, and nothing is sent.
func TestNobodyWritesPastWhatTheyHaveNotSeen(t *testing.T) {
	d := apptest.New(t)
	v, colleague := d.Visitor("clara"), d.Member("agent")
	c := d.Say(v, "Hello")
	last := func() any {
		list := d.OK(d.Owner, "messages.list", m{"conversationId": c})["items"].([]any)
		return list[len(list)-1].(m)["id"]
	}
	seen := last()
	d.OK(v, "messages.send", m{"conversationId": c, "content": "I have found it myself"})
	d.OK(colleague, "messages.send", m{"conversationId": c, "content": "She is right", "internal": true})
	before := len(thread(d, d.Owner, c))
	status, out := d.Call(d.Owner, "messages.send", m{"conversationId": c, "content": "Where is it?", "lastSeenMessageId": seen})
	if status != 409 || !strings.Contains(apptest.JSON(out["missed"]), "found it myself") || !strings.Contains(apptest.JSON(out["missed"]), "She is right") {
		t.Errorf("%d %v", status, out)
	}
	if n := len(thread(d, d.Owner, c)); n != before {
		t.Errorf("%d messages, want %d", n, before)
	}
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Good", "lastSeenMessageId": last()})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "And one's own are seen", "lastSeenMessageId": seenBefore(d, c)})
	d.OK(v, "messages.send", m{"conversationId": c, "content": "A visitor is not held up", "lastSeenMessageId": seen})
}

// seenBefore is the last message that is not the owner's own.
func seenBefore(d *apptest.Desk, conversation string) any {
	list := d.OK(d.Owner, "messages.list", m{"conversationId": conversation})["items"].([]any)
	return list[len(list)-2].(m)["id"]
}

// Colleagues see who looks and who types; a visitor sees that somebody of the team types, by the first name, and neither
// who looks nor what is written.
func TestWhoTypesAndWhoLooksIsShownWhereItBelongs(t *testing.T) {
	d := apptest.New(t)
	d.Stop() // who types does so for a few seconds
	v, colleague := d.Visitor("clara"), d.Member("agent")
	c := d.Say(v, "Hello")
	agent, visitor := d.Socket(colleague), d.Socket(v)
	for _, ws := range []interface{ WriteJSON(any) error }{agent, visitor} {
		ws.WriteJSON(m{"id": 1, "view": "conversations.presence", "args": m{"conversationId": c}})
	}
	nobody := func(a m) bool {
		p, _ := a["value"].(m)
		return p != nil && len(p["typing"].([]any))+len(p["looking"].([]any)) == 0
	}
	d.Hear(agent, nobody)
	d.Hear(visitor, nobody)
	d.OK(d.Owner, "conversations.look", m{"conversationId": c})
	d.Hear(agent, func(a m) bool {
		return strings.Contains(apptest.JSON(a["value"]), `"looking":[{"id":`) && strings.Contains(apptest.JSON(a), "Ann Berg")
	})
	d.OK(d.Owner, "messages.typing", m{"conversationId": c})
	d.Hear(agent, func(a m) bool {
		p := a["value"].(m)
		return len(p["typing"].([]any)) == 1 && len(p["looking"].([]any)) == 1
	})
	told := d.Hear(visitor, func(a m) bool { p := a["value"].(m); return len(p["typing"].([]any)) == 1 })
	if s := apptest.JSON(told); strings.Contains(s, "Berg") || !strings.Contains(s, "Ann") || !strings.Contains(s, `"looking":[]`) {
		t.Errorf("the visitor learns %s", s)
	}
	d.OK(v, "messages.typing", m{"conversationId": c})
	d.Hear(agent, func(a m) bool { return len(a["value"].(m)["typing"].([]any)) == 2 })
	d.OK(v, "messages.send", m{"conversationId": c, "content": "There?"})
	d.OK(d.Owner, "messages.typing", m{"conversationId": c, "stopped": true})
	d.OK(d.Owner, "conversations.look", m{"conversationId": c, "left": true})
	d.Hear(agent, nobody)
	d.Hear(visitor, nobody)
	stranger := d.Visitor("mallory")
	for door, who := range map[string]string{"messages.typing": stranger, "conversations.presence": stranger, "conversations.look": d.Stranger()} {
		d.Refused("not_found", who, door, m{"conversationId": c, "workspaceId": d.Workspace})
	}
}

// A list is paged without holes and without anything twice, in its order, also while new ones come.
func TestListsArePagedWhole(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	var all []string
	for i := range 37 {
		all = append(all, d.Say(v, fmt.Sprint("conversation ", i)))
	}
	slices.Reverse(all)
	walk := func(door string, in m, between func()) (ids []string) {
		for n := 0; ; n++ {
			page := d.OK(d.Owner, door, in)
			for _, x := range page["items"].([]any) {
				ids = append(ids, x.(m)["id"].(string))
			}
			if page["nextCursor"] == nil {
				return ids
			}
			if n > 40 {
				t.Fatal("it never ends")
			}
			in["cursor"] = page["nextCursor"]
			between()
		}
	}
	if got := walk("conversations.listForInbox", m{"limit": 5}, func() { d.Say(v, "a new one") }); !slices.Equal(got, all) {
		t.Errorf("newest first: %d of %d, %v", len(got), len(all), got)
	}
	oldest := walk("conversations.listForInbox", m{"limit": 10, "sort": "oldest"}, func() {})
	slices.Reverse(all)
	if len(oldest) < len(all) || !slices.Equal(oldest[:len(all)], all) {
		t.Errorf("oldest first: %v", oldest)
	}
	for _, bad := range []string{"x", "AAAA", "MTcuMA", strings.Repeat("A", 90)} {
		d.Refused("invalid", d.Owner, "conversations.listForInbox", m{"cursor": bad})
	}
	d.Refused("invalid", d.Owner, "conversations.listForInbox", m{"limit": 101})
	c := all[0]
	for i := range 23 {
		d.OK(v, "messages.send", m{"conversationId": c, "content": fmt.Sprint("message ", i)})
	}
	said := whole(d, v, c, 4)
	if len(said) != 24 || said[0] != "conversation 0" || said[1] != "message 0" || said[23] != "message 22" {
		t.Errorf("%d messages: %v", len(said), said)
	}
}

// The numbers beside the views are those of the views, whatever happens to conversations.
func TestCountsAreThoseOfTheLists(t *testing.T) {
	d := apptest.New(t)
	me, colleague := d.User().String(), d.Member("agent")
	_, other := d.Colleague("agent")
	visitors := []string{d.Visitor("clara"), d.Visitor("paul")}
	var all []string
	whose := map[string]string{}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	for n := range 120 {
		pick := ""
		if len(all) > 0 {
			pick = all[r.IntN(len(all))]
		}
		switch k := r.IntN(9); {
		case k == 0 || pick == "":
			v := visitors[r.IntN(2)]
			pick = d.Say(v, "Hello")
			all, whose[pick] = append(all, pick), v
		case k == 1:
			d.OK(d.Owner, "conversations.setStatus", m{"conversationId": pick, "status": []string{"open", "closed"}[r.IntN(2)]})
		case k == 2:
			d.OK(d.Owner, "conversations.snooze", m{"conversationId": pick, "until": time.Now().Add(time.Hour).UnixMilli()})
		case k == 3:
			d.OK(d.Owner, "conversations.assign", m{"conversationId": pick, "assigneeId": []any{nil, me, other.String()}[r.IntN(3)]})
		case k == 4:
			d.OK(whose[pick], "messages.send", m{"conversationId": pick, "content": "More"})
		case k == 5:
			d.OK(colleague, "messages.send", m{"conversationId": pick, "content": "An answer", "close": r.IntN(2) == 0})
		case k == 6:
			d.OK(d.Owner, "conversations.markAsRead", m{"conversationId": pick})
		case k == 7 && len(all) > 2: // one visitor's two into one
			for _, into := range all {
				if into != pick && whose[into] == whose[pick] {
					d.OK(d.Owner, "conversations.merge", m{"conversationId": pick, "intoConversationId": into})
					all = slices.DeleteFunc(all, func(s string) bool { return s == pick })
					break
				}
			}
		}
		if n%10 != 9 {
			continue
		}
		counts := d.OK(d.Owner, "conversations.counts", m{})
		for name, filter := range map[string]m{"all": {"status": "open"}, "mine": {"status": "open", "assignee": "me"}, "unassigned": {"status": "open", "assignee": "none"}, "snoozed": {"status": "snoozed"}, "closed": {"status": "closed"}} {
			filter["limit"] = 100
			if got, want := counts[name], len(d.OK(d.Owner, "conversations.listForInbox", filter)["items"].([]any)); got != float64(want) {
				t.Fatalf("after %d steps %s counts %v, the list has %d", n+1, name, got, want)
			}
		}
	}
}

// F-13: the machine's clock may be put back or forward: what was said stays in its order, once; nobody is signed out by a jump
// of hours, and nobody waits for the clock to come round again.
func TestTheClockMayBePutRight(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "0")
	for i, by := range []time.Duration{0, -10 * time.Second, -time.Hour, 20 * time.Hour, -24 * time.Hour, 3 * time.Hour} {
		d.Later(by)
		in := m{"conversationId": c, "content": fmt.Sprint(2*i + 1), "clientId": fmt.Sprint("v", i)}
		first := d.OK(v, "messages.send", in)
		if again := d.OK(v, "messages.send", in); again["id"] != first["id"] {
			t.Errorf("after %v a message is there twice", by)
		}
		d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": fmt.Sprint(2*i + 2)})
	}
	said := whole(d, v, c, 3)
	for i, s := range said {
		if s != fmt.Sprint(i) || len(said) != 13 {
			t.Fatalf("in the order %v", said)
		}
	}
	if x := d.OK(d.Owner, "conversations.get", m{"conversationId": c}); x["lastMessage"].(m)["preview"] != "12" || x["unreadByAgent"] != 0.0 || x["unreadByVisitor"] != 1.0 {
		t.Errorf("the conversation: %v", x)
	}
	for range 9 {
		d.Call("", "auth.signIn", m{"email": apptest.Ann, "password": "a wrong guess"})
	}
	d.Refused("rate_limited", "", "auth.signIn", m{"email": apptest.Ann, "password": apptest.Right})
	d.Later(-23 * time.Hour)
	d.Refused("rate_limited", "", "auth.signIn", m{"email": apptest.Ann, "password": apptest.Right})
	d.Later(16 * time.Minute)
	d.OK("", "auth.signIn", m{"email": apptest.Ann, "password": apptest.Right})
}

// whole is a conversation from the first message to the last, read page by page from its end.
func whole(d *apptest.Desk, token string, conversation any, limit int) (said []string) {
	d.T.Helper()
	in := m{"conversationId": conversation, "limit": limit}
	for {
		page := d.OK(token, "messages.list", in)
		var part []string
		for _, x := range page["items"].([]any) {
			part = append(part, x.(m)["content"].(string))
		}
		said = append(part, said...)
		if page["nextCursor"] == nil {
			return said
		}
		in["before"] = page["nextCursor"]
	}
}

// What nobody can see is no message, at any door; what is written between such characters stays as it is.
func TestWhatCannotBeSeenIsNoMessage(t *testing.T) {
	d := apptest.New(t)
	clara := d.Visitor("clara")
	c := d.Say(clara, "Hello")
	count := func() any { return d.OK(d.Owner, "conversations.get", m{"conversationId": c})["messageCount"] }
	before := count()
	for _, nothing := range []string{"", " \n\t", "\u200b", "\u200b\u200d\ufeff\u2060", "\u00ad \u200e", "\u0000\u0007\u001b", "\u202e\u2066", "\ufe0f", "\u3164\u2800", "\u0301"} {
		d.Refused("invalid", clara, "conversations.start", m{"content": nothing})
		d.Refused("invalid", clara, "messages.send", m{"conversationId": c, "content": nothing})
		d.Refused("invalid", d.Owner, "messages.send", m{"conversationId": c, "content": nothing})
		d.Refused("invalid", d.Owner, "messages.send", m{"conversationId": c, "content": nothing, "internal": true})
		d.Refused("invalid", d.Owner, "messages.send", m{"conversationId": c, "content": nothing, "delayMs": 10000})
		d.Refused("invalid", d.Owner, "tags.create", m{"name": nothing})
		d.Refused("invalid", d.Owner, "savedReplies.create", m{"name": "Nothing", "content": nothing})
		d.Refused("invalid", d.Owner, "articles.create", m{"title": nothing})
		d.Refused("invalid", d.Owner, "aiAgent.updateSettings", m{"name": nothing})
	}
	if after := count(); after != before {
		t.Errorf("%v messages, were %v", after, before)
	}
	if list := d.OK(clara, "conversations.listForVisitor", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("%d conversations, want 1", len(list))
	}
	for _, something := range []string{"👨\u200d👩\u200d👧", "می\u200cخواهم", "?", "1", "\U0001FAE8"} {
		if got := d.OK(clara, "messages.send", m{"conversationId": c, "content": something})["content"]; got != something {
			t.Errorf("%q was kept as %q", something, got)
		}
	}
}
