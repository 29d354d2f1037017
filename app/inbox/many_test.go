package inbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/store"
)

// standing tells of conversations where they stand, who holds them and how they are labelled.
func standing(d *apptest.Desk, ids ...string) string {
	d.T.Helper()
	var out []string
	for _, id := range ids {
		c := d.OK(d.Owner, "conversations.get", m{"conversationId": id})
		holder := "nobody"
		if a, ok := c["assignee"].(m); ok {
			holder = a["name"].(string)
		}
		out = append(out, fmt.Sprintf("%v %v %d", c["status"], holder, len(c["tags"].([]any))))
	}
	return strings.Join(out, ", ")
}

// Several conversations are changed at once. What cannot be changed is told of and left; the others are changed all the same, once.
func TestManyConversationsAreChangedAlike(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v := d.Visitor("clara")
	a, b, merged := d.Say(v, "One"), d.Say(v, "Two"), d.Say(v, "Three")
	d.OK(d.Owner, "conversations.merge", m{"conversationId": merged, "intoConversationId": a})
	missing := "0SAZPVHNMQ3QW"
	tag := d.OK(d.Owner, "tags.create", m{"name": "repair"})["id"]
	me := d.OK(d.Owner, "users.me", m{})["user"].(m)
	all := []string{a, merged, b, missing, a}
	before := len(thread(d, d.Owner, a))

	for _, step := range []struct {
		door string
		args m
		want string
	}{
		{"conversations.assignMany", m{"assigneeId": me["id"]}, "open %s 0, open %s 0"},
		{"conversations.addTagMany", m{"tagId": tag}, "open %s 1, open %s 1"},
		{"conversations.snoozeMany", m{"until": store.At(time.Now().Add(time.Hour))}, "snoozed %s 1, snoozed %s 1"},
		{"conversations.setStatusMany", m{"status": "closed"}, "closed %s 1, closed %s 1"},
		{"conversations.removeTagMany", m{"tagId": tag}, "closed %s 0, closed %s 0"},
	} {
		step.args["conversationIds"] = all
		out := d.OK(d.Owner, step.door, step.args)
		if got := fmt.Sprint(out["done"]); got != fmt.Sprint([]string{a, b}) {
			t.Errorf("%s: %v are done", step.door, got)
		}
		if got := apptest.JSON(out["failed"]); !strings.Contains(got, merged) || !strings.Contains(got, "conflict") || !strings.Contains(got, missing) || !strings.Contains(got, "not_found") {
			t.Errorf("%s: %s are left", step.door, got)
		}
		if got, want := standing(d, a, b), fmt.Sprintf(step.want, me["name"], me["name"]); got != want {
			t.Errorf("%s: they stand %s, want %s", step.door, got, want)
		}
	}
	if n := len(thread(d, d.Owner, a)) - before; n != 3 {
		t.Errorf("assigned, snoozed and closed are %d events, want each once", n)
	}
	if got := counts(d); got != "open 0 closed 3 unassigned 0" {
		t.Errorf("the numbers are %s", got)
	}
	d.OK(d.Owner, "conversations.assignMany", m{"conversationIds": []string{a, b}, "assigneeId": nil})
	d.OK(d.Owner, "conversations.setStatusMany", m{"conversationIds": []string{a, b}, "status": "open"})
	if got := standing(d, a, b); got != "open nobody 0, open nobody 0" {
		t.Errorf("taken back they stand %s", got)
	}
}

// What is wrong for all is refused for all, and changes none; so it is with whoever may not, and with another workspace's.
func TestManyAreRefusedTogether(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v := d.Visitor("clara")
	a, b := d.Say(v, "One"), d.Say(v, "Two")
	both := []string{a, b}
	gone := "0SAZPVHNMQ3QW"
	for _, w := range []struct {
		code, door string
		args       m
	}{
		{"invalid", "conversations.assignMany", m{"assigneeId": gone}},
		{"invalid", "conversations.snoozeMany", m{"until": store.At(time.Now().Add(-time.Hour))}},
		{"not_found", "conversations.addTagMany", m{"tagId": gone}},
		{"not_found", "conversations.removeTagMany", m{"tagId": gone}},
		{"invalid", "conversations.setStatusMany", m{"status": "snoozed"}},
	} {
		w.args["conversationIds"] = both
		d.Refused(w.code, d.Owner, w.door, w.args)
	}
	d.Refused("invalid", d.Owner, "conversations.setStatusMany", m{"conversationIds": []string{}, "status": "closed"})
	d.Refused("invalid", d.Owner, "conversations.setStatusMany", m{"conversationIds": make([]string, 101), "status": "closed"})
	viewer := d.Member("viewer")
	for door, args := range map[string]m{"assignMany": {"assigneeId": nil}, "setStatusMany": {"status": "closed"}, "snoozeMany": {"until": store.At(time.Now().Add(time.Hour))}} {
		args["conversationIds"] = both
		d.Refused("forbidden", viewer, "conversations."+door, args)
		d.Refused("forbidden", v, "conversations."+door, args)
	}
	stranger := d.Stranger()
	d.Refused("not_found", stranger, "conversations.setStatusMany", m{"workspaceId": d.Workspace, "conversationIds": both, "status": "closed"})
	if got := standing(d, both...); got != "open nobody 0, open nobody 0" {
		t.Errorf("after all refusals they stand %s", got)
	}
}

// A request for many things costs as much of the rate limit as one for each of them.
func TestManyAreAsDearAsEachOfThem(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	id := d.Say(d.Visitor("clara"), "One")
	ids := slices.Repeat([]string{id}, 100)
	refused := 0
	for i := range 12 {
		tag := []string{"open", "closed"}[i%2]
		status, out := d.Call(d.Owner, "conversations.setStatusMany", m{"conversationIds": ids, "status": tag})
		switch {
		case status == 429:
			refused++
			if out["retryAfter"] == nil && out["detail"] == nil {
				t.Errorf("it does not say why: %v", out)
			}
		case status != 200 || refused > 0:
			t.Fatalf("call %d is answered with %d: %v", i, status, out)
		}
	}
	if refused < 2 {
		t.Errorf("1,200 changes at once: %d of 12 requests are refused", refused)
	}
}
