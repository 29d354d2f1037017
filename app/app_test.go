package app_test

import (
	"strings"
	"testing"

	"deskbell/app/apptest"
)

func TestAMessageAppearsOnBothSides(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	agent := d.Socket(d.Owner)
	agent.WriteJSON(m{"id": 1, "view": "conversations.listForInbox", "args": m{"workspaceId": d.Workspace}, "patch": true})
	agent.WriteJSON(m{"id": 2, "view": "onboarding.get", "args": m{"workspaceId": d.Workspace}})
	d.Hear(agent, func(a m) bool { return a["id"] == 1.0 && a["value"] != nil })
	c := d.Say(v, "Hello **there**")
	d.Hear(agent, func(a m) bool { return a["id"] == 1.0 && strings.Contains(apptest.JSON(a), "Hello there") })

	visitor := d.Socket(v)
	visitor.WriteJSON(m{"id": 7, "view": "messages.list", "args": m{"conversationId": c}, "patch": true})
	d.Hear(visitor, func(a m) bool { return a["id"] == 7.0 && a["value"] != nil })
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "a secret of the team", "internal": true})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Good morning"})
	got := d.Hear(visitor, func(a m) bool { return strings.Contains(apptest.JSON(a), "Good morning") })
	if strings.Contains(apptest.JSON(got), "secret") {
		t.Errorf("a note reached the visitor: %v", got)
	}
	agent.WriteJSON(m{"fence": d.App.DB.Seq()})
	d.Hear(agent, func(a m) bool { return a["fence"] != nil })
}

func TestTheSameClientIsTheSameVisitor(t *testing.T) {
	d := apptest.New(t)
	c := d.Say(d.Visitor("clara"), "Hello")
	again := d.Visitor("clara")
	list := d.OK(again, "conversations.listForVisitor", m{})["items"].([]any)
	if len(list) != 1 || list[0].(m)["id"] != c {
		t.Errorf("got %v", list)
	}
	ws := d.Socket(again)
	ws.WriteJSON(m{"id": 1, "view": "conversations.listForVisitor", "args": m{}, "patch": true})
	d.Hear(ws, func(a m) bool { return strings.Contains(apptest.JSON(a), c) })
	other := d.Visitor("mallory")
	d.Refused("not_found", other, "messages.list", m{"conversationId": c})
	d.Refused("not_found", other, "messages.send", m{"conversationId": c, "content": "x"})
}
