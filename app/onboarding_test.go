package app_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func (d *desk) steps() m {
	d.t.Helper()
	return d.ok(d.owner, "onboarding.get", m{})["steps"].(m)
}

func TestTheFirstStepsTickThemselves(t *testing.T) {
	d := newDesk(t)
	ws := d.socket(d.owner)
	ws.WriteJSON(m{"id": 1, "view": "onboarding.get", "args": m{}})
	ticked := func(step string) {
		t.Helper()
		d.hear(ws, func(a m) bool { v, ok := a["value"].(m); return ok && v["steps"].(m)[step] == true })
	}
	for step, done := range d.steps() {
		if done != false {
			t.Errorf("%s is done before anything was", step)
		}
	}
	boot := func(url string) {
		d.ok("", "widgetSessions.boot", m{"workspaceId": d.workspace, "sessionId": strings.Repeat("b", 43), "url": url})
	}
	boot(d.url + "/demo")
	if d.steps()["widget"] != false {
		t.Error("our own page counts as a customer's site")
	}
	boot("https://shop.example/lamps")
	ticked("widget")
	d.member("agent")
	ticked("invite")
	d.ok(d.owner, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example"}})
	ticked("origins")
	d.ok(d.owner, "messengerSettings.update", m{"welcomeMessage": "Good evening"})
	ticked("messenger")
	r, _ := http.NewRequest("GET", d.url+"/api/backups.download?workspaceId="+d.workspace, nil)
	r.Header.Set("Authorization", "Bearer "+d.owner)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	ticked("backup")
	c := d.ok(d.owner, "onboarding.sendTestMessage", m{})["conversationId"]
	if d.steps()["answer"] != false {
		t.Error("nobody has answered yet")
	}
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "It works."})
	ticked("answer")
}

func TestATestMessageIsARealOne(t *testing.T) {
	d := newDesk(t)
	ws := d.socket(d.owner)
	ws.WriteJSON(m{"id": 1, "view": "conversations.listForInbox", "args": m{}, "patch": true})
	d.hear(ws, func(a m) bool { return a["value"] != nil })
	first := d.ok(d.owner, "onboarding.sendTestMessage", m{"name": "Testbesuch", "content": "Hallo!"})["conversationId"].(string)
	d.hear(ws, func(a m) bool {
		return strings.Contains(jsonOf(a), "Hallo!") && strings.Contains(jsonOf(a), "Testbesuch")
	})
	second := d.ok(d.owner, "onboarding.sendTestMessage", m{})["conversationId"].(string)
	if people := d.ok(d.owner, "visitors.list", m{})["items"].([]any); len(people) != 1 || first == second {
		t.Errorf("two test messages made %d people, conversations %s and %s", len(people), first, second)
	}
	d.refused("forbidden", d.member("viewer"), "onboarding.sendTestMessage", m{})
	d.refused("forbidden", d.visitor("clara"), "onboarding.sendTestMessage", m{})
}
