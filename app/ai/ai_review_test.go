package ai_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

func TestTheTeamJudgesWhatTheAgentSaid(t *testing.T) {
	d := newDesk(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true})
	d.Article("Returning a lamp", "You can return a lamp within 30 days.")
	d.Learned(1)
	agent, viewer := d.Member("agent"), d.Member("viewer")
	v := d.Visitor("clara")
	c := d.Say(v, "How many days do I have to return a lamp?")
	answer := d.Shows(v, c, func(x m) bool { return x["senderType"] == "bot" })
	ask := m{"conversationId": c}
	run := apptest.First(d.OK(agent, "aiAgent.getConversationResponses", ask))
	if run["review"] != nil {
		t.Errorf("judged before anybody did: %v", run)
	}
	d.Refused("forbidden", viewer, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong"})
	d.Refused("forbidden", v, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong"})
	d.Refused("not_found", d.Stranger(), "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong"})
	d.Refused("invalid", agent, "aiAgent.judge", m{"runId": run["id"], "verdict": "so-so"})
	d.Refused("invalid", agent, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong", "note": strings.Repeat("x", 2001)})

	d.OK(v, "aiAgent.submitFeedback", m{"conversationId": c, "messageId": answer["id"], "helpful": true})
	if r := d.OK(viewer, "aiAgent.getReport", m{}); r["judged"] != 1.0 || r["resolved"] != 1.0 || r["conversations"] != 1.0 || r["handedOver"] != 0.0 {
		t.Errorf("by the visitor's word: %v", r)
	}
	out := d.OK(agent, "aiAgent.judge", m{"runId": run["id"], "verdict": "wrong", "note": "It is 60 days."})
	if said := out["review"].(m); said["verdict"] != "wrong" || said["note"] != "It is 60 days." || said["by"] != "agent person" {
		t.Errorf("kept %v", said)
	}
	r := d.OK(viewer, "aiAgent.getReport", m{})
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
	d.OK(agent, "aiAgent.judge", m{"runId": run["id"], "verdict": nil})
	if run := apptest.First(d.OK(agent, "aiAgent.getConversationResponses", ask)); run["review"] != nil {
		t.Errorf("not taken back: %v", run)
	}
	if list := d.OK(v, "messages.list", ask); strings.Contains(apptest.JSON(list), "60 days") {
		t.Errorf("the visitor sees what the team said of it: %v", list)
	}

	// Where nothing could be said there is nothing to judge.
	mute := d.Say(d.Visitor("paul"), "Can I talk to a human please")
	d.Until("handed over", func() bool {
		return len(d.OK(agent, "aiAgent.getConversationResponses", m{"conversationId": mute})["items"].([]any)) == 1
	})
	none := apptest.First(d.OK(agent, "aiAgent.getConversationResponses", m{"conversationId": mute}))
	d.Refused("conflict", agent, "aiAgent.judge", m{"runId": none["id"], "verdict": "right"})
	r = d.OK(viewer, "aiAgent.getReport", m{})
	outcomes := r["outcomes"].([]any)
	if r["handedOver"] != 1.0 || apptest.JSON(r["reasons"]) != `[{"count":1,"reason":"requested"}]` || len(outcomes) != 2 || outcomes[0].(m)["forced"] != true || outcomes[1].(m)["forced"] != false || outcomes[1].(m)["least"] != sure {
		t.Errorf("after a hand-over: %v", apptest.JSON(r))
	}

	// A greeting is answered, but it is no question: it counts for nothing.
	guest := d.Visitor("guest")
	d.Shows(guest, d.Say(guest, "Hello!"), func(x m) bool { return x["senderType"] == "bot" })
	if r := d.OK(viewer, "aiAgent.getReport", m{}); r["conversations"] != 2.0 || r["questions"] != 2.0 || len(r["outcomes"].([]any)) != 2 {
		t.Errorf("with a greeting: %v", apptest.JSON(r))
	}

	// A person who answers too has resolved it.
	d.OK(agent, "messages.send", m{"conversationId": c, "content": "It is 60 days."})
	other := d.Visitor("rosa")
	d.Shows(other, d.Say(other, "How many days do I have to return a lamp?"), func(x m) bool { return x["senderType"] == "bot" })
	if r := d.OK(viewer, "aiAgent.getReport", m{}); r["resolved"] != 1.0 || r["conversations"] != 3.0 {
		t.Errorf("in the end: %v", r)
	}
}

func TestUnansweredQuestionsAreGathered(t *testing.T) {
	d := newDesk(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true})
	d.Article("Returning a lamp", "You can return a lamp within 30 days.")
	d.Learned(1)
	handled := 0
	for i, q := range []string{"Do you offer gift wrapping?", "Can I pay with bitcoin?", "Can you wrap it as a gift?", "Is gift wrapping available?"} {
		c := d.Say(d.Visitor("v"+string(rune('a'+i))), q)
		handled++
		d.Until("handed over", func() bool { return d.OK(d.Owner, "conversations.get", m{"conversationId": c})["aiState"] == "handoff" })
	}
	asked := d.Say(d.Visitor("x"), "Can I talk to a human please") // not a question without an answer
	d.Until("handed over", func() bool {
		return d.OK(d.Owner, "conversations.get", m{"conversationId": asked})["aiState"] == "handoff"
	})
	out := d.OK(d.Member("viewer"), "aiAgent.listUnanswered", m{})
	groups := out["items"].([]any)
	if out["total"] != 4.0 || out["pending"] != 0.0 || out["complete"] != true || len(groups) != 2 {
		t.Fatalf("gathered %v", apptest.JSON(out))
	}
	gift, coin := groups[0].(m), groups[1].(m)
	if gift["count"] != 3.0 || !strings.Contains(gift["question"].(string), "gift") || len(gift["questions"].([]any)) != 3 || coin["count"] != 1.0 || coin["question"] != "Can I pay with bitcoin?" {
		t.Errorf("gathered %v", apptest.JSON(out))
	}
	if again := d.OK(d.Owner, "aiAgent.listUnanswered", m{}); apptest.JSON(again) != apptest.JSON(out) {
		t.Errorf("another time %v", apptest.JSON(again))
	}
	stranger := d.Stranger()
	if out := d.OK(stranger, "aiAgent.listUnanswered", m{}); out["total"] != 0.0 || len(out["items"].([]any)) != 0 {
		t.Errorf("another workspace sees %v", out)
	}
	if r := d.OK(stranger, "aiAgent.getReport", m{}); r["questions"] != 0.0 || len(r["outcomes"].([]any)) != 0 {
		t.Errorf("another workspace counts %v", r)
	}
	if out := d.OK(stranger, "aiAgent.settleQuestions", m{"runIds": gift["runIds"]}); out["count"] != 0.0 {
		t.Errorf("another workspace settled %v", out)
	}
	if out := d.OK(d.Owner, "aiAgent.settleQuestions", m{"runIds": gift["runIds"]}); out["count"] != 3.0 {
		t.Errorf("settled %v", out)
	}
	if out := d.OK(d.Owner, "aiAgent.listUnanswered", m{}); out["total"] != 1.0 {
		t.Errorf("left %v", out)
	}
}

// What went to a person because the model failed or might cost no more had no answer either; of what a person answered since, an
// article can be made, with what is there already beside it.
func TestAnArticleIsWrittenFromUnansweredQuestions(t *testing.T) {
	d, s := newDeskWithModel(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "threshold": 0.9})
	near := d.Article("Wrapping paper in our shop", "We sell wrapping paper in three colours, for gifts of all kinds.")
	d.Learned(1)
	ask := func(who, question string) string {
		v := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": (who + strings.Repeat("x", 43))[:43], "user": m{"name": who + " Wenzel"}})["sessionToken"].(string)
		c := d.Say(v, question)
		d.Until("handed over", func() bool { return d.OK(d.Owner, "conversations.get", m{"conversationId": c})["aiState"] == "handoff" })
		return c
	}
	s.Behave(llmtest.Failing)
	failed := ask("Clara", "Do you offer gift wrapping? I am Clara, clara@example.test")
	d.OK(d.Owner, "aiAgent.updateModel", m{"dayBudget": 1, "enabled": true})
	ask("Paul", "Is gift wrapping available for my order?")
	out := d.OK(d.Owner, "aiAgent.listUnanswered", m{})
	groups := out["items"].([]any)
	reasons := apptest.JSON(d.OK(d.Owner, "aiAgent.getReport", m{})["reasons"])
	if out["total"] != 2.0 || len(groups) != 1 || !strings.Contains(reasons, "budget") || !strings.Contains(reasons, "failure") {
		t.Fatalf("gathered %v; reasons %s", apptest.JSON(out), reasons)
	}
	in := m{"runIds": groups[0].(m)["runIds"]}
	draft := d.OK(d.Owner, "copilot.draftFromQuestions", in)
	if groups[0].(m)["answered"] != 0.0 || draft["how"] != "extractive" || draft["why"] != nil || !strings.HasSuffix(draft["title"].(string), "?") || !strings.HasPrefix(draft["content"].(string), "## What visitors asked\n\n- ") {
		t.Errorf("before anybody answered: %v", draft)
	}
	if list := draft["near"].([]any); len(list) != 1 || list[0].(m)["articleId"] != near {
		t.Errorf("near: %v", list)
	}
	asked := len(s.Asked())

	d.OK(d.Owner, "messages.send", m{"conversationId": failed, "content": "Hi Clara,\n\nyes: choose **gift wrapping** in the basket, it costs 3 euros.\n\nBest regards,\nAnn"})
	d.OK(d.Owner, "messages.send", m{"conversationId": failed, "content": "a note of the team", "internal": true})
	if g := d.OK(d.Owner, "aiAgent.listUnanswered", m{})["items"].([]any)[0].(m); g["answered"] != 1.0 || g["count"] != 2.0 {
		t.Errorf("after a person answered: %v", g)
	}
	d.OK(d.Owner, "aiAgent.updateModel", m{"enabled": false})
	draft = d.OK(d.Owner, "copilot.draftFromQuestions", in)
	if !strings.HasPrefix(draft["content"].(string), "yes: choose **gift wrapping** in the basket, it costs 3 euros.\n\n## What visitors asked\n\n- ") {
		t.Errorf("with the answer: %v", draft)
	}
	for _, secret := range []string{"Clara", "clara@", "Wenzel", "Ann", "note of the team"} {
		if strings.Contains(apptest.JSON(draft), secret) {
			t.Errorf("%q is still there: %v", secret, draft)
		}
	}
	if n := len(s.Asked()); n != asked {
		t.Errorf("a model was asked %d times for what it has nothing to go by", n-asked)
	}
	s.Script(func(body string) llmtest.Reply {
		return llmtest.Reply{Text: "Gift wrapping\n\nChoose gift wrapping in the basket. ![](https://evil.example/x)"}
	})
	d.OK(d.Owner, "aiAgent.updateModel", m{"dayBudget": 0, "enabled": true})
	d.Later(time.Hour)
	if draft := d.OK(d.Owner, "copilot.draftFromQuestions", in); draft["how"] != "model" || draft["title"] != "Gift wrapping" || draft["content"] != "Choose gift wrapping in the basket." {
		t.Errorf("by a model: %v", draft)
	}
	if list := d.OK(d.Owner, "articles.list", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("an article was made by itself: %d", len(list))
	}
	d.Refused("forbidden", d.Member("agent"), "copilot.draftFromQuestions", in)
	d.Refused("not_found", d.Stranger(), "copilot.draftFromQuestions", in)
}
