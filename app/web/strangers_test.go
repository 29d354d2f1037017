package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"deskbell/app/apptest"
)

// A token is a bearer's however the word is written, and nobody's under another word; a cookie beside it counts for nothing.
func TestATokenIsSentAsABearers(t *testing.T) {
	d := apptest.New(t)
	for said, want := range map[string]int{"Bearer " + d.Owner: 200, "bearer " + d.Owner: 200, "BEARER  " + d.Owner: 200, "Basic " + d.Owner: 401, d.Owner: 401, "Bearer": 401, "Bearer\t" + d.Owner: 401, "Bearers " + d.Owner: 401, "Bearer " + d.Owner + " x": 401} {
		h := http.Header{"Authorization": {said}, "Cookie": {"deskbell=" + d.Owner}, "Origin": {d.URL}}
		if status, out := d.Raw("", "users.me", []byte("{}"), h); status != want {
			t.Errorf("%.12q: %d %v, want %d", said, status, out, want)
		}
	}
}

// Another site's page cannot sign in, set up or join for whoever looks at it, nor read what comes of it: at those doors
// only our own pages ask. Doors for customers' sites go on answering them.
func TestForeignPagesReachNoDoorOfTheTeams(t *testing.T) {
	d := apptest.New(t)
	evil := http.Header{"Origin": {"https://evil.example"}}
	_, token := d.Invited(d.Owner, "new@shop.test", "agent")
	for door, body := range map[string]m{
		"auth.signIn": {"email": apptest.Ann, "password": apptest.Right, "token": true}, "setup.status": {}, "setup.complete": {"token": "x", "name": "x", "email": "x@y.zz", "password": "xxxxxxxx", "workspaceName": "x"},
		"invitations.get": {"token": token}, "invitations.accept": {"token": token, "name": "Eve", "password": "battery staple"}, "users.me": {}, "conversations.listForInbox": {},
	} {
		if allowed := asks(d, "/api/"+door, "https://evil.example"); allowed != "" {
			t.Errorf("%s lets %s ask", door, allowed)
		}
		if status, out := d.Raw("", door, []byte(apptest.JSON(body)), evil); status != 403 && status != 401 {
			t.Errorf("%s from another site: %d %v", door, status, out)
		}
		if status, out := d.Raw("", door, []byte(apptest.JSON(body)), http.Header{"Origin": {"null"}}); status != 403 && status != 401 {
			t.Errorf("%s from nowhere: %d %v", door, status, out)
		}
	}
	if d.Team() != 1 {
		t.Error("somebody joined")
	}
	d.Wrote("Bulbs", "x", nil)
	for door, body := range map[string]m{"widgetSessions.boot": {"workspaceId": d.Workspace}, "helpCenter.get": {"workspaceId": d.Workspace}, "helpCenter.search": {"workspaceId": d.Workspace, "q": "x"}} {
		if status, out := d.Raw("", door, []byte(apptest.JSON(body)), http.Header{"Origin": {"https://shop.example"}}); status != 200 {
			t.Errorf("%s from a customer's site: %d %v", door, status, out)
		}
	}
	if status, _ := d.Raw("", "auth.signIn", []byte(apptest.JSON(m{"email": apptest.Ann, "password": apptest.Right})), http.Header{"Origin": {d.URL}}); status != 200 {
		t.Errorf("our own page: %d", status)
	}
}

// A socket is no way around the bounds of a door: one session opens so many views, however many sockets it has, and
// what is open goes on.
func TestViewsAreBoundedBySessionNotBySocket(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	d.Stop()
	keep := d.Socket(v)
	keep.WriteJSON(m{"id": 1, "view": "conversations.listForVisitor", "args": m{}})
	d.Hear(keep, func(a m) bool { return a["id"] == 1.0 })
	opened, refused := 0, 0
	for range 8 {
		ws := d.Socket(v)
		for id := range 100 {
			ws.WriteJSON(m{"id": id + 1, "view": "helpCenter.get", "args": m{"workspaceId": d.Workspace}})
			a := d.Hear(ws, func(a m) bool { return a["id"] == float64(id+1) })
			switch e, _ := a["error"].(m); {
			case e == nil:
				opened++
			case e["code"] == "rate_limited":
				refused++
			default:
				t.Fatalf("%v", a)
			}
			ws.WriteJSON(m{"id": id + 1})
		}
		ws.Close()
	}
	if opened != 399 || refused != 401 {
		t.Errorf("%d views were opened by one session, %d refused, want 399 and 401", opened, refused)
	}
	d.Say(v, "What is open goes on")
	d.Hear(keep, func(a m) bool { return a["id"] == 1.0 && a["value"] != nil })
	other := d.Socket(d.Visitor("paul"))
	other.WriteJSON(m{"id": 1, "view": "conversations.listForVisitor", "args": m{}})
	d.Hear(other, func(a m) bool { return a["id"] == 1.0 && a["value"] != nil })
}

// Strangers share nothing: the key under which one of them sends a request is not taken for another.
func TestStrangersKeysAreNotShared(t *testing.T) {
	d := apptest.Behind(t)
	one, two := d.Wrote("Bulbs", "x", nil), d.Wrote("Lamps", "y", nil)
	for i, id := range []string{one, two, one} {
		status, out := d.Raw("", "helpCenter.submitFeedback", []byte(apptest.JSON(m{"workspaceId": d.Workspace, "articleId": id, "helpful": true})), http.Header{"Idempotency-Key": {"1"}, "X-Forwarded-For": {fmt.Sprintf("203.0.113.%d", i+1)}})
		if status != 200 {
			t.Errorf("stranger %d: %d %v", i, status, out)
		}
	}
	for id, want := range map[string]float64{one: 2, two: 1} {
		if a := d.OK(d.Owner, "articles.get", m{"articleId": id}); a["helpful"] != want {
			t.Errorf("%v readers found it helpful, want %v", a["helpful"], want)
		}
	}
}

// The pages that anybody may ask for are bounded by where one comes from, each and all together.
func TestOpenPagesAreBounded(t *testing.T) {
	d := apptest.Behind(t)
	pages := []string{"/api/openapi.json", "/healthz", "/api/docs", "/", "/.well-known/deskbell.json"}
	ask := func(from string, i int) int {
		status, _ := d.Answered("", "GET", pages[i%len(pages)], http.Header{"X-Forwarded-For": {from}})
		return status
	}
	d.Stop()
	if n := till(t, 2000, func(i int) int { return ask("203.0.113.9", i) }); n != 1000 {
		t.Errorf("%d pages at once, want 1000", n)
	}
	if status := ask("203.0.113.10", 0); status != 200 {
		t.Errorf("another reader: %d", status)
	}
	if status := ask("203.0.113.9", 0); status != 429 {
		t.Errorf("at once again: %d", status)
	}
}
