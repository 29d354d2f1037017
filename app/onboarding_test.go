package app_test

import (
	"strings"
	"testing"

	"deskbell/app/apptest"
)

func steps(d *apptest.Desk) m {
	d.T.Helper()
	return d.OK(d.Owner, "onboarding.get", m{})["steps"].(m)
}

func TestTheFirstStepsTickThemselves(t *testing.T) {
	d := apptest.New(t)
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "onboarding.get", "args": m{}})
	ticked := func(step string) {
		t.Helper()
		d.Hear(ws, func(a m) bool { v, ok := a["value"].(m); return ok && v["steps"].(m)[step] == true })
	}
	for step, done := range steps(d) {
		if done != false {
			t.Errorf("%s is done before anything was", step)
		}
	}
	boot := func(url string) {
		d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": strings.Repeat("b", 43), "url": url})
	}
	boot(d.URL + "/demo")
	if steps(d)["widget"] != false {
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
	if status, _ := d.Download(d.Owner, d.Workspace); status != 200 {
		t.Fatalf("a backup: %d", status)
	}
	ticked("backup")
	c := d.OK(d.Owner, "onboarding.sendTestMessage", m{})["conversationId"]
	if steps(d)["answer"] != false {
		t.Error("nobody has answered yet")
	}
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "It works."})
	ticked("answer")
}

func TestATestMessageIsARealOne(t *testing.T) {
	d := apptest.New(t)
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

// A workspace that greets in its founder's language from the first day on is not made one's own by that.
func TestTheFirstGreetingIsNoChangeOfTheMessenger(t *testing.T) {
	d := apptest.New(t)
	const hello = "Wie können wir Ihnen heute helfen?"
	made := d.OK(d.Owner, "workspaces.create", m{"name": "Laden", "welcomeMessage": hello + "\u0007 "})["id"]
	greeting := func() any { return d.OK(d.Owner, "messengerSettings.get", m{"workspaceId": made})["welcomeMessage"] }
	own := func() any {
		return d.OK(d.Owner, "onboarding.get", m{"workspaceId": made})["steps"].(m)["messenger"]
	}
	if greeting() != hello || own() != false {
		t.Errorf("it greets with %v, made one's own: %v", greeting(), own())
	}
	d.OK(d.Owner, "messengerSettings.update", m{"workspaceId": made, "welcomeMessage": hello})
	if own() != true {
		t.Error("whoever saved the settings has made them their own")
	}
	plain := d.OK(d.Owner, "workspaces.create", m{"name": "Shop"})["id"]
	if v := d.OK(d.Owner, "messengerSettings.get", m{"workspaceId": plain})["welcomeMessage"]; v != "How can we help you today?" {
		t.Errorf("without a greeting of its own it greets with %v", v)
	}
	d.Refused("invalid", d.Owner, "workspaces.create", m{"name": "Shop", "welcomeMessage": strings.Repeat("x", 501)})
}
