package app_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

func (d *desk) steps() m {
	d.T.Helper()
	return d.OK(d.Owner, "onboarding.get", m{})["steps"].(m)
}

func TestTheFirstStepsTickThemselves(t *testing.T) {
	d := newDesk(t)
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "onboarding.get", "args": m{}})
	ticked := func(step string) {
		t.Helper()
		d.Hear(ws, func(a m) bool { v, ok := a["value"].(m); return ok && v["steps"].(m)[step] == true })
	}
	for step, done := range d.steps() {
		if done != false {
			t.Errorf("%s is done before anything was", step)
		}
	}
	boot := func(url string) {
		d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": strings.Repeat("b", 43), "url": url})
	}
	boot(d.URL + "/demo")
	if d.steps()["widget"] != false {
		t.Error("our own page counts as a customer's site")
	}
	boot("https://shop.example/lamps")
	ticked("widget")
	d.Member("agent")
	ticked("invite")
	d.OK(d.Owner, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example"}})
	ticked("origins")
	d.OK(d.Owner, "messengerSettings.update", m{"welcomeMessage": "Good evening"})
	ticked("messenger")
	r, _ := http.NewRequest("GET", d.URL+"/api/backups.download?workspaceId="+d.Workspace, nil)
	r.Header.Set("Authorization", "Bearer "+d.Owner)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	ticked("backup")
	c := d.OK(d.Owner, "onboarding.sendTestMessage", m{})["conversationId"]
	if d.steps()["answer"] != false {
		t.Error("nobody has answered yet")
	}
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "It works."})
	ticked("answer")
}

func TestATestMessageIsARealOne(t *testing.T) {
	d := newDesk(t)
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "conversations.listForInbox", "args": m{}, "patch": true})
	d.Hear(ws, func(a m) bool { return a["value"] != nil })
	first := d.OK(d.Owner, "onboarding.sendTestMessage", m{"name": "Testbesuch", "content": "Hallo!"})["conversationId"].(string)
	d.Hear(ws, func(a m) bool {
		return strings.Contains(apptest.JSON(a), "Hallo!") && strings.Contains(apptest.JSON(a), "Testbesuch")
	})
	second := d.OK(d.Owner, "onboarding.sendTestMessage", m{})["conversationId"].(string)
	if people := d.OK(d.Owner, "visitors.list", m{})["items"].([]any); len(people) != 1 || first == second {
		t.Errorf("two test messages made %d people, conversations %s and %s", len(people), first, second)
	}
	d.Refused("forbidden", d.Member("viewer"), "onboarding.sendTestMessage", m{})
	d.Refused("forbidden", d.Visitor("clara"), "onboarding.sendTestMessage", m{})
}
