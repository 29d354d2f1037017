package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/apptest"
)

// S-90: what is no frame of the protocol, or too much of it, ends that socket with a reason and harms nobody else.
func TestHostileFramesEndTheirSocketAlone(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	good := d.Socket(v)
	good.WriteJSON(m{"id": 1, "view": "conversations.listForVisitor", "args": m{}})
	d.Hear(good, func(a m) bool { return a["id"] == 1.0 })
	say := func(kind int, frames ...string) func(*websocket.Conn) {
		return func(ws *websocket.Conn) {
			for _, f := range frames {
				ws.WriteMessage(kind, []byte(f))
			}
		}
	}
	many := func(n int, f string) []string { return strings.Split(strings.Repeat(f+"\n", n-1)+f, "\n") }
	for what, c := range map[string]struct {
		do   func(*websocket.Conn)
		want []int
	}{
		"a large frame": {say(websocket.TextMessage, `{"id":1,"view":"`+strings.Repeat("x", 70<<10)+`"}`), []int{1009}}, "bytes": {say(websocket.BinaryMessage, `{"id":1}`), []int{1003}}, "no UTF-8": {say(websocket.TextMessage, "{\"id\":1,\"view\":\"\xff\xfe\"}"), []int{1007}},
		"no JSON": {say(websocket.TextMessage, `hello`), []int{1008}}, "null": {say(websocket.TextMessage, `null`), []int{1008}}, "a list of null": {say(websocket.TextMessage, `[null]`), []int{1008}}, "another case": {say(websocket.TextMessage, `{"ID":1,"VIEW":"x"}`), []int{1008}}, "an unknown word": {say(websocket.TextMessage, `{"id":1,"subscribe":"*"}`), []int{1008}},
		"a field twice": {say(websocket.TextMessage, `{"id":1,"id":2,"view":"x"}`), []int{1008}}, "a second sign-in": {say(websocket.TextMessage, `{"auth":"wst_x"}`), []int{1008}}, "endless frames": {say(websocket.TextMessage, many(1200, `{"pong":1}`)...), []int{1013, -1}}, "endless fences": {say(websocket.TextMessage, many(40, `{"fence":9007199254740000}`)...), []int{1013}},
		"endless pings": {func(ws *websocket.Conn) {
			for range 1200 {
				ws.WriteControl(websocket.PingMessage, []byte("x"), time.Now().Add(time.Second))
			}
		}, []int{1006, -1}},
	} {
		ws := d.Socket(v)
		c.do(ws)
		code := apptest.Closed(t, ws)
		if fits := code == c.want[0] || len(c.want) > 1 && code == c.want[1]; !fits {
			t.Errorf("%s: closed with %d, want %d", what, code, c.want[0])
		}
	}
	for token, most := range map[string]int{v: 24, d.Owner: 64} {
		full := d.Socket(token)
		for id := range most + 1 {
			full.WriteJSON(m{"id": id + 1, "view": "messengerSettings.get", "args": m{}})
		}
		refused := d.Hear(full, func(a m) bool { return a["error"] != nil })
		if refused["id"] != float64(most+1) || !strings.Contains(apptest.JSON(refused), "rate_limited") {
			t.Errorf("%v, want view %d refused", refused, most+1)
		}
		full.Close()
	}
	good.WriteJSON(m{"id": 2, "view": "messengerSettings.get", "args": m{}})
	d.Hear(good, func(a m) bool { return a["id"] == 2.0 && a["value"] != nil })
	if n := messages(d); n != 0 {
		t.Errorf("%d messages were kept", n)
	}
}

// Wrong arguments on the socket are refused as they are over HTTP, view by view, and say nothing of the value.
func TestViewsRefuseWrongArgumentsOnTheSocket(t *testing.T) {
	d := apptest.New(t)
	staff, visitor := d.Socket(d.Owner), d.Socket(d.Visitor("clara"))
	id := 0
	for _, e := range d.App.Doors.Entries() {
		if !e.View {
			continue
		}
		ws := staff
		if !e.Need.ForStaff() && e.Need.ForVisitors() && !e.Need.Public() {
			ws = visitor
		}
		for what, args := range map[string]string{"an unknown field": `{"zzz":"SECRET"}`, "twice": `{"a":"SECRET","a":"SECRET"}`, "a list": `["SECRET"]`, "text": `"SECRET"`, "deep": strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60), "NUL": `{"a":"SECRET\u0000"}`} {
			id++
			ws.WriteMessage(websocket.TextMessage, []byte(`{"id":`+apptest.JSON(id)+`,"view":"`+e.Name+`","args":`+args+`}`))
			a := d.Hear(ws, func(a m) bool { return a["id"] == float64(id) })
			if f, _ := a["error"].(m); f["code"] != "invalid" || strings.Contains(apptest.JSON(a), "SECRET") {
				t.Errorf("%s with %s: %v", e.Name, what, a)
			}
			if id%900 == 0 { // a socket may say so much in ten seconds
				staff, visitor = d.Socket(d.Owner), d.Socket(d.Visitor("clara"))
				ws = staff
			}
		}
	}
}

// S-97: another site's page cannot open the team's socket with the team's cookie.
func TestAForeignPageCannotUseTheTeamsCookie(t *testing.T) {
	d := apptest.New(t)
	in, _ := http.NewRequest("POST", d.URL+"/api/auth.signIn", strings.NewReader(`{"email":"ann@shop.test","password":"correct horse"}`))
	in.Header.Set("Content-Type", "application/json")
	res, _ := d.Fetch(in)
	if len(res.Cookies()) != 2 || res.Cookies()[0].Name != "deskbell" {
		t.Fatalf("cookies: %v", res.Cookies())
	}
	c := res.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie is %v", c)
	}
	for origin, want := range map[string]bool{d.URL: true, "": false, "null": false, "https://evil.example": false, d.URL + ".evil.example": false, strings.Replace(d.URL, "http:", "https:", 1): false} {
		h := http.Header{"Cookie": {c.Name + "=" + c.Value}}
		if origin != "" {
			h.Set("Origin", origin)
		}
		ws, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(d.URL, "http")+"/live", h)
		if err != nil {
			t.Fatal(err)
		}
		if res.Header.Get("Sec-WebSocket-Extensions") != "" {
			t.Error("compression was agreed on")
		}
		ws.WriteJSON(m{"id": 1, "view": "users.me"})
		if want {
			d.Hear(ws, func(a m) bool { return a["id"] == 1.0 && a["value"] != nil })
		} else if code := apptest.Closed(t, ws); code != websocket.ClosePolicyViolation {
			t.Errorf("from %q: closed with %d", origin, code)
		}
		ws.Close()
	}
	// S-98: nor can it act with it: not by a form, not as text, not by a link.
	body := `{"name":"Mallory"}`
	for what, head := range map[string]map[string]string{
		"another origin": {"Content-Type": "application/json", "Origin": "https://evil.example"}, "no origin": {"Content-Type": "application/json"}, "a cross-site fetch": {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, "a sibling": {"Content-Type": "application/json", "Sec-Fetch-Site": "same-site"},
		"a form": {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}, "text": {"Content-Type": "text/plain", "Origin": d.URL}, "null": {"Content-Type": "application/json", "Origin": "null"},
	} {
		r, _ := http.NewRequest("POST", d.URL+"/api/users.updateProfile", strings.NewReader(body))
		r.Header.Set("Cookie", c.Name+"="+c.Value)
		for k, v := range head {
			r.Header.Set(k, v)
		}
		if status, out := d.Send(r); status == 200 {
			t.Errorf("%s: %v", what, out)
		}
	}
	r, _ := http.NewRequest("GET", d.URL+"/api/users.updateProfile?name=Mallory", nil)
	r.Header.Set("Cookie", c.Name+"="+c.Value)
	if status, _ := d.Send(r); status == 200 {
		t.Error("a link changed something")
	}
	if me := d.OK(d.Owner, "users.me", m{})["user"].(m)["name"]; me != "Ann Berg" {
		t.Errorf("the name is %v now", me)
	}
}

// lengthy is a conversation whose newest page is four megabytes long, and its visitor.
func lengthy(d *apptest.Desk) (visitor, conversation string) {
	d.T.Helper()
	text := strings.Repeat("long ", 3900)
	visitor = d.Visitor("clara")
	conversation = d.Say(visitor, text)
	for range 99 {
		d.OK(d.Owner, "messages.send", m{"conversationId": conversation, "content": text})
	}
	return visitor, conversation
}

// look opens a view on a socket of its own, from a place.
func look(d *apptest.Desk, place, token, view string, args m) *websocket.Conn {
	d.T.Helper()
	ws := d.SocketFrom(token, http.Header{"X-Forwarded-For": {place}})
	ws.WriteJSON(m{"id": 1, "view": view, "args": args})
	return ws
}

// shown is 0 once a socket has shown a value, or the code with which it was closed instead.
func shown(ws *websocket.Conn) int {
	ws.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		_, raw, err := ws.ReadMessage()
		var c *websocket.CloseError
		switch {
		case errors.As(err, &c):
			return c.Code
		case err != nil:
			return -1
		case strings.Contains(string(raw[:min(len(raw), 200)]), `"value"`):
			return 0
		}
	}
}

// ends is shown of a socket that closes after it.
func ends(ws *websocket.Conn) int {
	defer ws.Close()
	return shown(ws)
}

// Sockets that look at much and read none of it have the server hold only so much for them: more are told to try later. What
// is small, another place and the team are served; and who leaves makes room.
func TestSocketsThatReadNothingAreNotHeldFor(t *testing.T) {
	d := apptest.Behind(t)
	v, c := lengthy(d)
	all := m{"conversationId": c, "limit": 100}
	var crowd []*websocket.Conn
	for range 40 {
		crowd = append(crowd, look(d, "203.0.113.7", v, "messages.list", all))
	}
	d.Until("one more is told to try later", func() bool {
		return ends(look(d, "203.0.113.7", v, "messages.list", all)) == websocket.CloseTryAgainLater
	})
	if got := ends(look(d, "203.0.113.7", v, "conversations.getTotalUnreadForVisitor", m{})); got != 0 {
		t.Errorf("something small from there: %d", got)
	}
	if got := ends(look(d, "203.0.113.8", v, "messages.list", all)); got != 0 {
		t.Errorf("from another place: %d", got)
	}
	if got := ends(look(d, "203.0.113.7", d.Owner, "messages.list", m{"conversationId": c, "limit": 100, "workspaceId": d.Workspace})); got != 0 {
		t.Errorf("the team from there: %d", got)
	}
	for _, ws := range crowd {
		ws.Close()
	}
	d.Until("there is room again", func() bool { return ends(look(d, "203.0.113.7", v, "messages.list", all)) == 0 })
}

// What visitors of one network look at is kept for as long as they look, also where they read all of it: 128 MB, and more
// are told to try later. What is small, another network and the team are served; and a view that is closed makes room.
func TestWhatOneNetworkLooksAtIsBounded(t *testing.T) {
	d := apptest.Behind(t)
	v, c := lengthy(d)
	all := m{"conversationId": c, "limit": 100}
	size := int64(len(apptest.JSON(d.OK(v, "messages.list", all))))
	fit := int(128 << 20 / size)
	var open []*websocket.Conn
	for place := 0; ; place++ { // of one network, wherever in it
		ws := look(d, fmt.Sprintf("2001:db8:0:1::%x", place+1), v, "messages.list", all)
		if code := shown(ws); code != 0 {
			if code != websocket.CloseTryAgainLater {
				t.Fatalf("view %d: %d", place, code)
			}
			break
		}
		if open = append(open, ws); len(open) > fit+2 {
			break
		}
	}
	if n := len(open); n < fit-1 || n > fit+1 {
		t.Errorf("%d views of %d bytes are open, want %d", n, size, fit)
	}
	const full = "2001:db8:0:1::ffff"
	if got := ends(look(d, full, v, "conversations.getTotalUnreadForVisitor", m{})); got != 0 {
		t.Errorf("something small from there: %d", got)
	}
	if got := ends(look(d, "2001:db8:0:2::1", v, "messages.list", all)); got != 0 {
		t.Errorf("from another network: %d", got)
	}
	if got := ends(look(d, full, d.Owner, "messages.list", m{"conversationId": c, "limit": 100, "workspaceId": d.Workspace})); got != 0 {
		t.Errorf("the team from there: %d", got)
	}
	open[0].WriteJSON(m{"id": 1}) // the view, not the socket
	d.Until("there is room again", func() bool { return ends(look(d, full, v, "messages.list", all)) == 0 })
}

// A view that was opened when there was little to see counts for what it has become.
func TestWhatGrowsWhileItIsLookedAtIsCounted(t *testing.T) {
	d := apptest.Behind(t)
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	text := strings.Repeat("long ", 3900)
	const views = 50                 // of 4 MB each in the end
	ended := make(chan error, views) // nil: it has seen the last message
	for range views {
		ws := d.SocketFrom(v, http.Header{"X-Forwarded-For": {"203.0.113.7"}})
		ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": c, "limit": 100}, "patch": true})
		if code := shown(ws); code != 0 {
			t.Fatalf("a short conversation: %d", code)
		}
		go func() { // ends with the socket
			ws.SetReadDeadline(time.Now().Add(3 * time.Minute))
			for {
				_, raw, err := ws.ReadMessage()
				if err != nil || strings.Contains(string(raw), "The last") {
					ended <- err
					return
				}
			}
		}()
	}
	for range 99 {
		d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": text})
	}
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "The last"})
	refused, held := 0, 0
	for range views {
		switch err := <-ended; {
		case err == nil:
			held++
		case websocket.IsCloseError(err, websocket.CloseTryAgainLater):
			refused++
		default:
			t.Error(err)
		}
	}
	if most := 128 << 20 / (100 * 2 * len(text)) * 5 / 4; refused == 0 || held > most {
		t.Errorf("%d views are held and %d were closed, of %d; want at most %d", held, refused, views, most)
	}
}
