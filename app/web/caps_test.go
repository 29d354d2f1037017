package web_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/apptest"
	"deskbell/store"
)

// S-94: one visitor begins so many conversations in a day and no more; what they have begun goes on, and nobody else
// hears of it.
func TestAVisitorBeginsSoManyConversationsADay(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	first := d.Say(v, "Hello")
	n := 1
	for ; n < 130; n++ {
		if status, out := d.Call(v, "conversations.start", m{"content": "Hello again"}); status != 200 {
			if status != 429 || !strings.Contains(out["detail"].(string), "conversations") {
				t.Fatalf("%d: %d %v", n, status, out)
			}
			break
		}
	}
	if n != 100 {
		t.Errorf("%d conversations in a day, want 100", n)
	}
	again := d.Visitor("clara") // another session is the same visitor
	d.Refused("rate_limited", again, "conversations.start", m{"content": "And again"})
	d.OK(again, "messages.send", m{"conversationId": first, "content": "Is anybody there?"})
	d.Say(d.Visitor("paul"), "Hello")
	d.Later(25 * time.Hour)
	d.Say(d.Visitor("clara"), "The next day")
}

// S-94: sessions are bounded by whose they are: the oldest end, and the newest go on.
func TestTheOldestSessionsEnd(t *testing.T) {
	d := apptest.New(t)
	other := d.Visitor("paul")
	var tokens []string
	for range 60 {
		tokens = append(tokens, d.Visitor("clara"))
	}
	works := func(token, door string) bool { status, _ := d.Call(token, door, m{}); return status == 200 }
	for i, token := range tokens {
		if got := works(token, "conversations.getTotalUnreadForVisitor"); got != (i >= 10) {
			t.Errorf("session %d of 60 works: %v", i, got)
		}
	}
	if !works(other, "conversations.getTotalUnreadForVisitor") {
		t.Error("another visitor's ended too")
	}
	agent := d.Member("agent")
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "users.me", "args": m{}})
	d.Hear(ws, func(a m) bool { return a["id"] == 1.0 })
	var last string
	for range 100 {
		last = d.Signed(d.User())
	}
	if works(d.Owner, "users.me") || !works(last, "users.me") || !works(agent, "users.me") {
		t.Error("not the oldest of her sessions ended")
	}
	if code := apptest.Closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("its socket closed with %d", code)
	}
}

// S-94: lists that everybody loads whole are bounded: tags, invitations, the workspaces of one person, what is known of
// one visitor.
func TestListsThatAreLoadedWholeAreBounded(t *testing.T) {
	d := apptest.New(t)
	_, err := d.App.DB.Write(t.Context(), d.Space(), func(tx *store.Tx) error {
		for i := range store.MostTags {
			if err := tx.Tags.Add(&store.Tag{Name: fmt.Sprint("tag ", i)}); err != nil {
				return err
			}
		}
		for i := range store.MostInvitations {
			if err := tx.Invitations.Add(&store.Invitation{Email: fmt.Sprintf("p%d@shop.test", i), Role: "agent", InvitedBy: d.User(), ExpiresAt: tx.Now() + 1}, []byte(fmt.Sprint(i))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Refused("conflict", d.Owner, "tags.create", m{"name": "one more"})
	d.Refused("conflict", d.Owner, "workspaceMembers.invite", m{"email": "one@shop.test", "role": "agent"})
	list := d.OK(d.Owner, "invitations.list", m{})["items"].([]any)
	d.OK(d.Owner, "invitations.cancel", m{"invitationId": list[0].(m)["id"]})
	d.OK(d.Owner, "workspaceMembers.invite", m{"email": "one@shop.test", "role": "agent"})
	d.OK(d.Owner, "tags.remove", m{"tagId": d.OK(d.Owner, "tags.list", m{})["items"].([]any)[0].(m)["id"]})
	d.OK(d.Owner, "tags.create", m{"name": "one more"})
	n := 1
	for ; n < 60; n++ {
		if status, out := d.Call(d.Owner, "workspaces.create", m{"name": "Another"}); status != 200 {
			if status != 409 {
				t.Errorf("%d %v", status, out)
			}
			break
		}
	}
	if n != 50 {
		t.Errorf("%d workspaces, want 50", n)
	}
	v := d.Visitor("clara")
	for i := range 50 {
		d.OK(v, "visitors.identify", m{"customAttributes": m{fmt.Sprint("a", i): i}})
	}
	d.Refused("invalid", v, "visitors.identify", m{"customAttributes": m{"b": 1}})
	d.OK(v, "visitors.identify", m{"customAttributes": m{"a1": nil, "b": 1}})
	d.Refused("invalid", v, "visitors.identify", m{"customAttributes": m{strings.Repeat("k", 65): 1}})
	d.Refused("invalid", v, "visitors.identify", m{"customAttributes": m{"b": strings.Repeat("x", 1025)}})
}

// One session holds so many sockets and no more; one that closes makes room.
func TestOneSessionHoldsSoManySockets(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	open := func(token string) (*websocket.Conn, bool) {
		ws := d.Socket(token)
		ws.WriteJSON(m{"id": 1, "view": "conversations.getTotalUnreadForVisitor", "args": m{}})
		ws.SetReadDeadline(time.Now().Add(time.Minute))
		_, _, err := ws.ReadMessage()
		if err != nil && !websocket.IsCloseError(err, websocket.CloseTryAgainLater) {
			t.Errorf("%v, want 1013", err)
		}
		return ws, err == nil
	}
	var first *websocket.Conn
	for i := range 100 {
		ws, ok := open(v)
		if !ok {
			t.Fatalf("socket %d is refused", i)
		}
		if first == nil {
			first = ws
		}
	}
	if _, ok := open(v); ok {
		t.Error("there is a hundred and first")
	}
	if _, ok := open(d.Visitor("paul")); !ok {
		t.Error("another visitor is refused")
	}
	first.Close()
	d.Until("there is room", func() bool { _, ok := open(v); return ok })
}

// What strangers write and send from one place is bounded by its size too, whoever they say they are, and the team goes
// on.
func TestStrangersDoNotFillTheDisk(t *testing.T) {
	d := apptest.New(t)
	large := []byte(`{"content":"` + strings.Repeat("x", 1<<20-100) + `"}`)
	d.Stop()
	n := 0
	for ; n < 60; n++ {
		status, out := d.Raw(d.Visitor(fmt.Sprint("mallory", n)), "conversations.start", large, nil)
		if status == 429 {
			break
		}
		if status != 422 {
			t.Fatalf("%d %v", status, out)
		}
	}
	if n != 19 {
		t.Errorf("%d megabytes of text from one place, want 19", n)
	}
	d.Say(d.Visitor("clara"), "A short word goes on")
	if status, _ := d.Raw(d.Owner, "conversations.listForInbox", large, nil); status != 422 {
		t.Errorf("the team: %d", status)
	}
	send := func(token string, size int64) int {
		status, _, _ := d.Untouched(fmt.Sprintf("POST /api/files.upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", token, size))
		return status
	}
	for n = 0; n < 200; n++ {
		if status := send(d.Visitor(fmt.Sprint("eve", n)), 25<<20); status == 429 {
			break
		} else if status != 422 {
			t.Fatalf("%d", status)
		}
	}
	if n != 80 {
		t.Errorf("%d files of 25 MB from one place, want 80", n)
	}
	if status := send(d.Visitor("clara"), 1000); status != 422 {
		t.Errorf("a small one goes on: %d", status)
	}
	if status := send(d.Owner, 25<<20); status != 422 {
		t.Errorf("the team's: %d", status)
	}
}

// What a stranger announces is counted before any of it is read: very many requests at once that say they are large hold
// no memory.
func TestAnnouncedBodiesAreCountedBeforeTheyAreRead(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	ask := func(length string) int {
		status, _, _ := d.Untouched("POST /api/widgetSessions.boot HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n" + length + "\r\nConnection: close\r\n\r\n")
		return status
	}
	n := 0
	for ; n < 100; n++ {
		if status := ask("Content-Length: 1000000"); status == 429 {
			break
		} else if status != 415 {
			t.Fatalf("%d", status)
		}
	}
	if n != 20 {
		t.Errorf("%d requests of a megabyte were let in, want 20", n)
	}
	if status := ask("Transfer-Encoding: chunked"); status != 429 {
		t.Errorf("one that does not say how large it is: %d", status)
	}
	if status := ask("Content-Length: 9223372036854775807"); status != 429 {
		t.Errorf("one that says it is endless: %d", status)
	}
	d.Say(d.Visitor("clara"), "A small one goes on")
}

// Short messages fill a disk as well as long ones: from one place so many are taken, as many visitors as somebody says they
// are, and then few. The team and other places go on.
func TestMessagesAreBoundedByWhereTheyComeFrom(t *testing.T) {
	d := apptest.Behind(t)
	d.Stop()
	from := func(place, token, door string, in m) int {
		status, _ := d.Raw(token, door, []byte(apptest.JSON(in)), http.Header{"X-Forwarded-For": {place}})
		return status
	}
	nowhere := m{"conversationId": "0SAZPVHNMQ3QW", "content": "x"}
	token, used, n := "", 120, 0
	for ; n < 13000; n++ {
		if used == 120 { // of one session at once
			token, used = d.Visitor(fmt.Sprint("mallory", n)), 0
		}
		used++
		status := from("203.0.113.7", token, "messages.send", nowhere)
		if status == http.StatusTooManyRequests {
			break
		}
		if status != http.StatusNotFound {
			t.Fatalf("message %d: %d", n, status)
		}
	}
	if n != 12000 {
		t.Errorf("%d messages from one place, want 12000", n)
	}
	fresh := d.Visitor("clara")
	if status := from("203.0.113.7", fresh, "conversations.start", m{"content": "x"}); status != http.StatusTooManyRequests {
		t.Errorf("a conversation from there: %d", status)
	}
	if status := from("203.0.113.7", fresh, "conversations.listForVisitor", m{}); status != 200 {
		t.Errorf("reading there: %d", status)
	}
	if status := from("203.0.113.7", d.Owner, "messages.send", nowhere); status != http.StatusNotFound {
		t.Errorf("the team there: %d", status)
	}
	if status := from("203.0.113.8", fresh, "conversations.start", m{"content": "x"}); status != 200 {
		t.Errorf("from another place: %d", status)
	}
}

// Answers are kept for an Idempotency-Key where the same request twice would do something twice, and of what a stranger may
// ask for again and again nowhere else: they could fill the disk with them.
func TestStrangersHaveNoAnswersKeptForThem(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	keyed := func(door, key string, in m) {
		t.Helper()
		if status, out := d.Raw(v, door, []byte(apptest.JSON(in)), http.Header{"Idempotency-Key": {key}}); status != 200 {
			t.Fatalf("%s: %d %v", door, status, out)
		}
	}
	c := d.Say(v, "Hello")
	keyed("messages.send", "kept-for-the-message", m{"conversationId": c, "content": "once"})
	keyed("messages.send", "kept-for-the-message", m{"conversationId": c, "content": "once"})
	for door, in := range map[string]m{"visitors.identify": {"name": "Clara"}, "visitors.heartbeat": {}, "conversations.markAsRead": {"conversationId": c}, "messages.typing": {"conversationId": c}, "widgetSessions.refresh": {}} {
		status, out := d.Raw(v, door, []byte(apptest.JSON(in)), http.Header{"Idempotency-Key": {"not-kept-" + door}})
		if status != 200 {
			t.Errorf("%s: %d %v", door, status, out)
		}
		if token, _ := out["sessionToken"].(string); token != "" {
			v = token
		}
	}
	if n := len(d.OK(v, "messages.list", m{"conversationId": c})["items"].([]any)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
	_, kept := d.Download(d.Owner, "")
	if !bytes.Contains(kept, []byte("kept-for-the-message")) || bytes.Contains(kept, []byte("not-kept-")) {
		t.Error("an answer is kept that nobody needs, or none at all")
	}
}

// Whoever asks for much and reads none of it has the server hold only so much; others, and the team, are served.
func TestWhoReadsNothingIsNotHeldFor(t *testing.T) {
	d := apptest.Behind(t)
	d.Stop()
	v := d.Visitor("clara")
	c := d.Say(v, strings.Repeat("long ", 3900))
	for range 99 {
		d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": strings.Repeat("long ", 3900)})
	}
	host := strings.TrimPrefix(d.URL, "http://")
	body := apptest.JSON(m{"conversationId": c, "limit": 100})
	ask := func(place string) net.Conn {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		conn.(*net.TCPConn).SetReadBuffer(4 << 10)
		fmt.Fprintf(conn, "POST /api/messages.list HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", place, v, len(body), body)
		return conn
	}
	for range 40 { // four megabytes each, of which the system takes some
		conn := ask("203.0.113.7")
		defer conn.Close()
	}
	status := func(place, token string) int {
		code, _ := d.Raw(token, "messages.list", []byte(body), http.Header{"X-Forwarded-For": {place}})
		return code
	}
	d.Until("one more is refused", func() bool { d.Later(time.Second); return status("203.0.113.7", v) == http.StatusTooManyRequests })
	if got := status("203.0.113.8", v); got != 200 {
		t.Errorf("from another place: %d", got)
	}
	if got := status("203.0.113.7", d.Owner); got != 200 {
		t.Errorf("the team from there: %d", got)
	}
	if code, _ := d.Raw(v, "conversations.getTotalUnreadForVisitor", []byte("{}"), http.Header{"X-Forwarded-For": {"203.0.113.7"}}); code != 200 {
		t.Errorf("something short from there: %d", code)
	}
}
