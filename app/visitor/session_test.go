package visitor_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/apptest"
)

type m = map[string]any

func TestMain(m *testing.M) { apptest.Main(m) }

const view = "conversations.getTotalUnreadForVisitor"

// A refresh gives a new token and a full life: the old token ends a minute later, what is open stays open.
func TestARefreshKeepsTheSessionAndItsSockets(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	old := d.Visitor("clara")
	c := d.Say(old, "Hello")
	ws := d.Socket(old)
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": c}})
	d.Hear(ws, func(a m) bool { return a["value"] != nil })
	d.Later(20 * time.Hour)
	out := d.OK(old, "widgetSessions.refresh", m{})
	token := out["sessionToken"].(string)
	if token == old || !strings.HasPrefix(token, "wst_") || out["expiresAt"].(float64) < float64(time.Now().Add(43*time.Hour).UnixMilli()) {
		t.Errorf("refreshed: %v", out)
	}
	d.OK(token, view, m{})
	d.OK(old, view, m{})
	d.Later(time.Minute)
	d.Refused("unauthenticated", old, view, m{})
	d.Refused("unauthenticated", old, "widgetSessions.refresh", m{})
	d.OK(token, view, m{})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Still there?"})
	d.Hear(ws, func(a m) bool { return strings.Contains(apptest.JSON(a), "Still there?") })
	late := d.Socket(old)
	if code := apptest.Closed(t, late); code != websocket.ClosePolicyViolation {
		t.Errorf("a socket with the old token: %d", code)
	}
	d.OK(token, "widgetSessions.revoke", m{})
	if code := apptest.Closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("the socket of the ended session: %d", code)
	}
	d.Refused("unauthenticated", token, view, m{})
	if list := d.OK(d.Visitor("clara"), "conversations.listForVisitor", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("after a new boot: %v", list)
	}
}

// Several refreshes at once, from tabs that share a token or after an answer that was lost, end with one token that works.
func TestRefreshesAtOnceGiveOneToken(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	old := d.Visitor("clara")
	const many = 8
	tokens := make([]string, many)
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			status, out := d.Call(old, "widgetSessions.refresh", m{})
			if status != 200 {
				t.Errorf("refresh %d of several at once: %d %v", i, status, out)
				return
			}
			tokens[i] = out["sessionToken"].(string)
		})
	}
	wg.Wait()
	d.Later(30 * time.Second)
	late := d.OK(old, "widgetSessions.refresh", m{})
	if life := late["lifetimeMs"].(float64); life != float64((24*time.Hour - 30*time.Second).Milliseconds()) {
		t.Errorf("half a minute later %v ms are left", life)
	}
	tokens = append(tokens, late["sessionToken"].(string), d.OK(tokens[0], "widgetSessions.refresh", m{})["sessionToken"].(string))
	for i, token := range tokens {
		if token != tokens[0] || token == old {
			t.Errorf("refresh %d gave another token", i)
		}
	}
	d.Later(2 * time.Minute)
	d.Refused("unauthenticated", old, view, m{})
	next := d.OK(tokens[0], "widgetSessions.refresh", m{})["sessionToken"].(string)
	if next == tokens[0] || next == old {
		t.Error("a later refresh gives no new token")
	}
	d.OK(next, "widgetSessions.revoke", m{})
	for what, token := range map[string]string{"the newest": next, "the one before": tokens[0]} {
		d.Refused("unauthenticated", token, view, m{})
		if status, _ := d.Call(token, "widgetSessions.refresh", m{}); status != 401 {
			t.Errorf("%s token of an ended session is refreshed: %d", what, status)
		}
	}
	if other := d.OK(d.Visitor("paul"), "widgetSessions.refresh", m{})["sessionToken"]; other == next {
		t.Error("two sessions have one token")
	}
}

// A session lives as long as the workspace says, between an hour and a week.
func TestASessionLivesAsLongAsTheWorkspaceSays(t *testing.T) {
	d := apptest.New(t)
	const hour, week = int64(3600000), int64(7 * 24 * 3600000)
	for _, bad := range []int64{0, -1, hour - 1, week + 1} {
		d.Refused("invalid", d.Owner, "workspaces.update", m{"sessionLifetimeMs": bad})
	}
	if w := d.OK(d.Owner, "workspaces.get", m{}); w["sessionLifetimeMs"] != float64(24*hour) {
		t.Errorf("a day by itself: %v", w["sessionLifetimeMs"])
	}
	for _, life := range []int64{hour, week} {
		d.OK(d.Owner, "workspaces.update", m{"sessionLifetimeMs": life})
		token := d.Visitor(fmt.Sprint("of", life))
		d.Later(time.Duration(life)*time.Millisecond - time.Minute)
		d.OK(token, view, m{})
		fresh := d.OK(token, "widgetSessions.refresh", m{}) // a whole life again
		d.Later(2 * time.Minute)
		d.Refused("unauthenticated", token, view, m{})
		token = fresh["sessionToken"].(string)
		d.Later(time.Duration(life)*time.Millisecond - 3*time.Minute)
		d.OK(token, view, m{})
		d.Later(2 * time.Minute)
		d.Refused("unauthenticated", token, view, m{})
		if fresh["lifetimeMs"] != float64(life) {
			t.Errorf("refreshed for %v, want %v", fresh["lifetimeMs"], life)
		}
	}
}

// S-94: a visitor has fifty sessions at most. One more ends the oldest, and nobody else's.
func TestTheOldestOfTooManySessionsEnds(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	other := d.Visitor("paul")
	tokens := []string{}
	for range 52 {
		d.Later(time.Minute) // and not all at once, which another bound is for
		tokens = append(tokens, d.Visitor("clara"))
	}
	for i, token := range tokens {
		if i < 2 {
			d.Refused("unauthenticated", token, "conversations.getTotalUnreadForVisitor", m{})
			continue
		}
		d.OK(token, "conversations.getTotalUnreadForVisitor", m{})
	}
	d.OK(other, "conversations.getTotalUnreadForVisitor", m{})
}

// A visitor is here while a socket is open, or a heartbeat has just come; the team sees it at once.
func TestWhoIsHereIsShown(t *testing.T) {
	d := apptest.New(t)
	boot := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": strings.Repeat("c", 43)})
	token, id := boot["sessionToken"].(string), boot["visitor"].(m)["id"].(string)
	if boot["visitor"].(m)["online"] != false {
		t.Error("a boot alone is no presence")
	}
	agent := d.Socket(d.Owner)
	agent.WriteJSON(m{"id": 1, "view": "visitors.get", "args": m{"visitorId": id}})
	is := func(want bool) func(a m) bool {
		return func(a m) bool { v, _ := a["value"].(m); return v != nil && v["online"] == want }
	}
	d.Hear(agent, is(false))
	ws := d.Socket(token)
	ws.WriteJSON(m{"id": 1, "view": view, "args": m{}})
	d.Hear(agent, is(true))
	if n := len(d.OK(d.Owner, "visitors.list", m{"online": true})["items"].([]any)); n != 1 {
		t.Errorf("%d visitors are here, want 1", n)
	}
	other := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": strings.Repeat("p", 43)})
	beat := d.OK(other["sessionToken"].(string), "visitors.heartbeat", m{"url": "https://shop.example/lamps?id=1", "title": "Lamps"})
	agent.WriteJSON(m{"id": 2, "view": "visitors.get", "args": m{"visitorId": other["visitor"].(m)["id"]}})
	seen := d.Hear(agent, func(a m) bool { return a["id"] == 2.0 && a["value"] != nil })["value"].(m)
	if seen["online"] != true || seen["currentUrl"] != "https://shop.example/lamps?id=1" || seen["currentTitle"] != "Lamps" {
		t.Errorf("after a heartbeat (%v): %v", beat, seen)
	}
	here := other["sessionToken"].(string)
	title := func(want string) {
		t.Helper()
		if v := d.OK(d.Owner, "visitors.get", m{"visitorId": other["visitor"].(m)["id"]}); v["currentTitle"] != want {
			t.Errorf("the page is called %v, want %s", v["currentTitle"], want)
		}
	}
	d.OK(here, "visitors.heartbeat", m{"url": "https://shop.example/lamps?id=1", "title": "Havn 40"})
	title("Havn 40") // many sites name their page after they have shown it
	d.OK(here, "visitors.heartbeat", m{"url": "https://shop.example/lamps?id=1"})
	title("Havn 40")
	for _, bad := range []string{"javascript:alert(1)", "file:///etc/passwd", "not an address"} {
		d.Call(other["sessionToken"].(string), "visitors.heartbeat", m{"url": bad})
		if v := d.OK(d.Owner, "visitors.get", m{"visitorId": other["visitor"].(m)["id"]}); v["currentUrl"] != "https://shop.example/lamps?id=1" {
			t.Errorf("a page of %q is shown as %v", bad, v["currentUrl"])
		}
	}
}

// After a start nobody is here until they say so, whoever was when the server ended.
func TestNobodyIsHereAfterAStart(t *testing.T) {
	d := apptest.New(t)
	d.Stop() // so that nobody leaves meanwhile
	v, gone := d.Visitor("clara"), d.Visitor("paul")
	d.Socket(v)
	d.OK(gone, "visitors.heartbeat", m{})
	here := func(d *apptest.Desk) int {
		return len(d.OK(d.Owner, "visitors.list", m{"online": true})["items"].([]any))
	}
	d.Until("both are here", func() bool { return here(d) == 2 })
	again := d.Again()
	again.Until("nobody is here", func() bool { return here(again) == 0 })
	again.OK(v, "visitors.heartbeat", m{})
	if n := here(again); n != 1 {
		t.Errorf("%d are here, want the one who says so", n)
	}
}

// The name that the team calls an unknown visitor by is given once, and stays.
func TestAVisitorKeepsTheirName(t *testing.T) {
	d := apptest.New(t)
	boot := func() m {
		return d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": strings.Repeat("c", 43), "url": "https://shop.example/", "referrer": "https://search.example/?q=lamps"})["visitor"].(m)
	}
	first := boot()
	d.Later(100 * 24 * time.Hour)
	again := boot()
	if first["readableId"] == "" || first["readableId"] != again["readableId"] || first["id"] != again["id"] || again["referrer"] != "https://search.example/?q=lamps" {
		t.Errorf("first %v, then %v", first, again)
	}
	if other := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace})["visitor"].(m); other["id"] == first["id"] {
		t.Error("a client without a secret is somebody else's visitor")
	}
}

// What a site or a stranger calls somebody is one line that can be seen, and turns nothing around it.
func TestWhatPeopleAreCalledIsOneLine(t *testing.T) {
	d := apptest.New(t)
	const turned, unseen = "\u202eAnn\u2066 \u0007\n B\u202derg\t", "\u200b\u2060 \u00ad"
	boot := func(name string) m {
		return d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "url": "https://shop.example/", "title": turned, "user": m{"name": name, "customAttributes": m{turned: turned}}})
	}
	v := boot(turned)["visitor"].(m)
	if v["name"] != "Ann Berg" || v["currentTitle"] != "Ann Berg" || apptest.JSON(v["customAttributes"]) != `{"Ann Berg":"Ann \n Berg"}` {
		t.Errorf("got %s", apptest.JSON(v))
	}
	if v := boot(unseen)["visitor"].(m); v["name"] != nil {
		t.Errorf("a name of nothing: %q", v["name"])
	}
	token := d.Visitor("clara")
	if v := d.OK(token, "visitors.identify", m{"name": "Größe 日本 👋"}); v["name"] != "Größe 日本 👋" {
		t.Errorf("a name of any script: %v", v["name"])
	}
	d.Refused("invalid", token, "visitors.identify", m{"customAttributes": m{"\u202e": 1}})
	d.Refused("invalid", d.Owner, "users.updateProfile", m{"name": unseen})
	d.Refused("invalid", d.Owner, "workspaces.update", m{"name": unseen})
	if me := d.OK(d.Owner, "users.updateProfile", m{"name": turned}); me["name"] != "Ann Berg" {
		t.Errorf("a colleague is called %v", me["name"])
	}
	page := d.OK(token, "visitors.heartbeat", m{"url": "https://shop.example/a", "title": turned})
	list := d.OK(d.Owner, "visitors.list", m{"q": "Größe"})["items"].([]any)
	if len(list) != 1 || list[0].(m)["currentTitle"] != "Ann Berg" {
		t.Errorf("after a heartbeat (%v): %v", page, list)
	}
}

// A site is connected once somebody's browser has the messenger there. Pages of Deskbell's own are no site.
func TestASiteIsConnectedByItsVisitors(t *testing.T) {
	d := apptest.New(t)
	seen := func(page string) (any, any) {
		d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": strings.Repeat("c", 43), "url": page})
		out := d.OK(d.Owner, "onboarding.get", m{})
		return out["widgetSeenAt"], out["widgetSeenUrl"]
	}
	for _, own := range []string{d.URL, d.URL + "/demo", d.URL + "/help/shop/", "javascript:alert(1)", ""} {
		if at, url := seen(own); at != nil || url != nil {
			t.Errorf("%q connects: %v %v", own, at, url)
		}
	}
	for _, page := range []string{d.URL[:len(d.URL)-1] + "/demo", "https://shop.example/lamps"} {
		if at, url := seen(page); at == nil || url != page {
			t.Errorf("%q does not connect: %v %v", page, at, url)
		}
		d.Later(2 * time.Minute)
	}
}
