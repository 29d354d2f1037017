package app_test

import (
	"math"
	"strings"
	"testing"
)

func firstOf(out m) m { return out["items"].([]any)[0].(m) }

func TestTheTeamJudgesWhatTheAgentSaid(t *testing.T) {
	d := newDesk(t)
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true})
	d.article("Returning a lamp", "You can return a lamp within 30 days.")
	d.learned(1)
	agent, viewer := d.member("agent"), d.member("viewer")
	v := d.visitor("clara")
	c := d.say(v, "How many days do I have to return a lamp?")
	answer := d.shows(v, c, func(x m) bool { return x["senderType"] == "bot" })
	ask := m{"conversationId": c}
	run := firstOf(d.ok(agent, "aiAgent.getConversationResponses", ask))
	if run["review"] != nil {
		t.Errorf("judged before anybody did: %v", run)
	}
	d.refused("forbidden", viewer, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong"})
	d.refused("forbidden", v, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong"})
	d.refused("not_found", d.stranger(), "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong"})
	d.refused("invalid", agent, "aiAgent.judge", m{"runId": run["id"], "verdict": "so-so"})
	d.refused("invalid", agent, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong", "note": strings.Repeat("x", 2001)})

	d.ok(v, "aiAgent.submitFeedback", m{"conversationId": c, "messageId": answer["id"], "helpful": true})
	if r := d.ok(viewer, "aiAgent.getReport", m{}); r["judged"] != 1.0 || r["resolved"] != 1.0 || r["conversations"] != 1.0 || r["handedOver"] != 0.0 {
		t.Errorf("by the visitor's word: %v", r)
	}
	out := d.ok(agent, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong", "note": "It is 60 days."})
	if said := out["review"].(m); said["verdict"] != "wrong" || said["note"] != "It is 60 days." || said["by"] != "agent person" {
		t.Errorf("kept %v", said)
	}
	r := d.ok(viewer, "aiAgent.getReport", m{})
	if r["wrong"] != 1.0 || r["helpful"] != 1.0 || r["judged"] != 1.0 || r["resolved"] != 0.0 { // the team's word counts
		t.Errorf("by the team's word: %v", r)
	}
	full := m{}
	for _, x := range r["buckets"].([]any) {
		if b := x.(m); b["count"] != 0.0 {
			full = b
		}
	}
	sure := run["confidence"].(float64)
	if len(r["buckets"].([]any)) != 10 || full["count"] != 1.0 || full["right"] != 0.0 || full["said"] != sure || full["from"].(float64) > sure || full["to"].(float64) < sure {
		t.Errorf("sure by %v: %v", sure, full)
	}
	if math.Abs(full["high"].(float64)-0.7935) > 0.001 || full["low"] != 0.0 { // 0 of 1
		t.Errorf("bounds of 0 of 1: %v", full)
	}
	d.ok(agent, "aiAgent.judge", m{"runId": run["id"], "verdict": nil})
	if run := firstOf(d.ok(agent, "aiAgent.getConversationResponses", ask)); run["review"] != nil {
		t.Errorf("not taken back: %v", run)
	}
	if list := d.ok(v, "messages.list", ask); strings.Contains(jsonOf(list), "60 days") {
		t.Errorf("the visitor sees what the team said of it: %v", list)
	}

	// Where nothing could be said there is nothing to judge.
	mute := d.say(d.visitor("paul"), "Can I talk to a human please")
	d.until("handed over", func() bool {
		return len(d.ok(agent, "aiAgent.getConversationResponses", m{"conversationId": mute})["items"].([]any)) == 1
	})
	none := firstOf(d.ok(agent, "aiAgent.getConversationResponses", m{"conversationId": mute}))
	d.refused("conflict", agent, "aiAgent.judge", m{"runId": none["id"], "verdict": "right"})
	r = d.ok(viewer, "aiAgent.getReport", m{})
	outcomes := r["outcomes"].([]any)
	if r["handedOver"] != 1.0 || jsonOf(r["reasons"]) != `[{"count":1,"reason":"requested"}]` || len(outcomes) != 2 || outcomes[0].(m)["forced"] != true || outcomes[1].(m)["forced"] != false || outcomes[1].(m)["least"] != sure {
		t.Errorf("after a hand-over: %v", jsonOf(r))
	}

	// A greeting is answered, but it is no question: it counts for nothing.
	guest := d.visitor("guest")
	d.shows(guest, d.say(guest, "Hello!"), func(x m) bool { return x["senderType"] == "bot" })
	if r := d.ok(viewer, "aiAgent.getReport", m{}); r["conversations"] != 2.0 || r["questions"] != 2.0 || len(r["outcomes"].([]any)) != 2 {
		t.Errorf("with a greeting: %v", jsonOf(r))
	}

	// A person who answers too has resolved it.
	d.ok(agent, "messages.send", m{"conversationId": c, "content": "It is 60 days."})
	other := d.visitor("rosa")
	d.shows(other, d.say(other, "How many days do I have to return a lamp?"), func(x m) bool { return x["senderType"] == "bot" })
	if r := d.ok(viewer, "aiAgent.getReport", m{}); r["resolved"] != 1.0 || r["conversations"] != 3.0 {
		t.Errorf("in the end: %v", r)
	}
}

func TestUnansweredQuestionsAreGathered(t *testing.T) {
	d := newDesk(t)
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true})
	d.article("Returning a lamp", "You can return a lamp within 30 days.")
	d.learned(1)
	handled := 0
	for i, q := range []string{"Do you offer gift wrapping?", "Can I pay with bitcoin?", "Can you wrap it as a gift?", "Is gift wrapping available?"} {
		c := d.say(d.visitor("v"+string(rune('a'+i))), q)
		handled++
		d.until("handed over", func() bool { return d.ok(d.owner, "conversations.get", m{"conversationId": c})["aiState"] == "handoff" })
	}
	asked := d.say(d.visitor("x"), "Can I talk to a human please") // not a question without an answer
	d.until("handed over", func() bool {
		return d.ok(d.owner, "conversations.get", m{"conversationId": asked})["aiState"] == "handoff"
	})
	out := d.ok(d.member("viewer"), "aiAgent.listUnanswered", m{})
	groups := out["items"].([]any)
	if out["total"] != 4.0 || out["pending"] != 0.0 || out["complete"] != true || len(groups) != 2 {
		t.Fatalf("gathered %v", jsonOf(out))
	}
	gift, coin := groups[0].(m), groups[1].(m)
	if gift["count"] != 3.0 || !strings.Contains(gift["question"].(string), "gift") || len(gift["questions"].([]any)) != 3 || coin["count"] != 1.0 || coin["question"] != "Can I pay with bitcoin?" {
		t.Errorf("gathered %v", jsonOf(out))
	}
	if again := d.ok(d.owner, "aiAgent.listUnanswered", m{}); jsonOf(again) != jsonOf(out) {
		t.Errorf("another time %v", jsonOf(again))
	}
	stranger := d.stranger()
	if out := d.ok(stranger, "aiAgent.listUnanswered", m{}); out["total"] != 0.0 || len(out["items"].([]any)) != 0 {
		t.Errorf("another workspace sees %v", out)
	}
	if r := d.ok(stranger, "aiAgent.getReport", m{}); r["questions"] != 0.0 || len(r["outcomes"].([]any)) != 0 {
		t.Errorf("another workspace counts %v", r)
	}
	if out := d.ok(stranger, "aiAgent.settleQuestions", m{"runIds": gift["runIds"]}); out["count"] != 0.0 {
		t.Errorf("another workspace settled %v", out)
	}
	if out := d.ok(d.owner, "aiAgent.settleQuestions", m{"runIds": gift["runIds"]}); out["count"] != 3.0 {
		t.Errorf("settled %v", out)
	}
	if out := d.ok(d.owner, "aiAgent.listUnanswered", m{}); out["total"] != 1.0 {
		t.Errorf("left %v", out)
	}
}
