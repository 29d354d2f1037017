package ai_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskbell/app/ai"
	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

const lampQuestion = "How many days do I have to return a lamp?"

// little is the patience of tests whose model keeps everybody waiting.
var little = ai.Patience{First: 1500 * time.Millisecond, Idle: time.Second, Whole: 4 * time.Second}

// newTalk is a desk with a model, an enabled agent and two articles. say makes the model's answers.
func newTalk(t testing.TB, say func(h apptest.Heard) llmtest.Reply) (*desk, *llmtest.Server) {
	t.Helper()
	d, s := newDeskWithModel(t)
	if say != nil {
		s.Script(func(body string) llmtest.Reply { return say(apptest.Read(t, body)) })
	}
	d.App.Agent.Patience = ai.Patience{First: time.Minute, Idle: time.Minute, Whole: time.Minute} // a busy machine is slow
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "name": "Bell"})
	d.Article("Returning a lamp", "You can return a lamp within **30 days**. Use the label in the box; the parcel is free of charge.")
	d.Article("Invoices", "Every invoice is in your account under Orders.")
	d.Learned(2)
	return d, s
}

// ends waits for how the agent ends a conversation: the visitor's last message that is not theirs, and the run.
func (d *desk) ends(visitor, conversation string) (message, run m) {
	d.T.Helper()
	message = d.Shows(visitor, conversation, func(x m) bool { return x["senderType"] == "bot" })
	list := d.OK(d.Owner, "aiAgent.getConversationResponses", m{"conversationId": conversation})["items"].([]any)
	if len(list) != 1 {
		d.T.Fatalf("%d runs", len(list))
	}
	return message, list[0].(m)
}

func TestTheModelAnswersWithWhatItCites(t *testing.T) {
	var seen apptest.Heard
	d, _ := newTalk(t, func(h apptest.Heard) llmtest.Reply {
		seen = h
		return llmtest.Reply{Text: fmt.Sprintf("SURE: 95\nYou have 30 days to return a lamp [%s]. We also pay you 500 euros. The parcel is free of charge [%s].", h.ID("30 days"), h.ID("30 days"))}
	})
	d.OK(d.Owner, "aiAgent.updateModel", m{"priceIn": 100, "priceOut": 200})
	d.OK(d.Owner, "aiAgent.updateSettings", m{"tone": "brief", "language": "en", "guidance": []string{"Mention the label."}, "neverSay": []string{"guaranteed"}, "instructions": "We sell lamps in Norway."})
	v := d.Visitor("clara")
	c := d.Say(v, lampQuestion)
	answer, run := d.ends(v, c)
	if answer["content"] != "You have 30 days to return a lamp. The parcel is free of charge." || len(answer["sources"].([]any)) != 1 || answer["sources"].([]any)[0].(m)["title"] != "Returning a lamp" {
		t.Errorf("answer: %v", answer)
	}
	if run["decision"] != "answered" || run["model"] != "model-a" || run["tokensIn"] != 12.0 || run["cents"] != (12*100+9*200)/1e6 || run["selfCheck"] != 0.95 || run["promptHash"] == "" || !strings.Contains(run["draft"].(string), "500 euros") || run["fallback"] != nil {
		t.Errorf("run: %v", run)
	}
	if seen.Question != lampQuestion || len(seen.Passages) != 2 || !strings.Contains(seen.System, "Bell") || !strings.Contains(seen.System, "Mention the label.") || !strings.Contains(seen.System, "guaranteed") ||
		!strings.Contains(seen.System, "We sell lamps in Norway.") || !strings.Contains(seen.System, "Answer in English.") || !strings.Contains(seen.System, "As short as possible") || seen.MaxTokens == 0 {
		t.Errorf("the model was told %+v", seen)
	}
	for _, x := range d.OK(v, "messages.list", m{"conversationId": c})["items"].([]any) {
		if strings.Contains(apptest.JSON(x), "500 euros") || strings.Contains(apptest.JSON(x), "SURE") || strings.Contains(apptest.JSON(x), seen.ID("30 days")) {
			t.Errorf("the visitor sees %v", x)
		}
	}
	d.Refused("forbidden", v, "aiAgent.getConversationResponses", m{"conversationId": c})
}

// The visitor sees an answer grow, but nothing of it that was not checked; and until it is whole it is no message.
func TestAnAnswerGrowsBeforeTheVisitor(t *testing.T) {
	hold := make(chan struct{})
	d, _ := newTalk(t, func(h apptest.Heard) llmtest.Reply {
		return llmtest.Reply{Hold: hold, Text: fmt.Sprintf("SURE: 95\nYou have 30 days to return a lamp [%s]. We pay you 500 euros! The **parcel** is free of charge [%s]. ![](https://evil.example/) Use the label in the box [%s].", h.ID("30 days"), h.ID("30 days"), h.ID("30 days"))}
	})
	v := d.Visitor("clara")
	c := d.Say(v, lampQuestion)
	ws, desk := d.Socket(v), d.Socket(d.Owner)
	for _, s := range []struct {
		who  string
		hear func() m
	}{
		{"visitor", func() m {
			ws.WriteJSON(m{"id": 1, "view": "conversations.presence", "args": m{"conversationId": c}})
			return d.Hear(ws, func(a m) bool { return strings.Contains(apptest.JSON(a), "free of charge") })
		}},
		{"team", func() m {
			desk.WriteJSON(m{"id": 1, "view": "conversations.presence", "args": m{"conversationId": c, "workspaceId": d.Workspace}})
			return d.Hear(desk, func(a m) bool { return strings.Contains(apptest.JSON(a), "free of charge") })
		}},
	} {
		got := apptest.JSON(s.hear())
		if !strings.Contains(got, `"kind":"bot"`) || !strings.Contains(got, `"name":"Bell"`) || !strings.Contains(got, "strong") || strings.Contains(got, "euros") || strings.Contains(got, "evil") || strings.Contains(got, "SURE") {
			t.Errorf("%s sees %s", s.who, got)
		}
	}
	if items := d.OK(v, "messages.list", m{"conversationId": c})["items"].([]any); len(items) != 1 {
		t.Errorf("a growing answer is a message: %v", items)
	}
	d.Refused("not_found", d.Visitor("mallory"), "conversations.presence", m{"conversationId": c})
	close(hold)
	answer, _ := d.ends(v, c)
	if answer["content"] != "You have 30 days to return a lamp. The **parcel** is free of charge. Use the label in the box." {
		t.Errorf("answer: %v", answer)
	}
	d.Hear(ws, func(a m) bool { return a["value"] != nil && strings.Contains(apptest.JSON(a["value"]), `"typing":[]`) })
}

// However a model's server misbehaves, the articles answer, and where they do not surely enough, a person does. What it
// said never reaches the visitor.
func TestEveryMisbehaviourOfTheModelEndsWithAnAnswerOrAPerson(t *testing.T) {
	kinds := map[llmtest.Mode]string{llmtest.Limited: "rate_limited", llmtest.Failing: "overloaded", llmtest.Denied: "auth", llmtest.Hanging: "timeout", llmtest.Stalling: "timeout", llmtest.Truncated: "broken",
		llmtest.BrokenOff: "broken", llmtest.Endless: "", llmtest.Empty: "broken", llmtest.Huge: "too_long", llmtest.Injected: "uncited", llmtest.Redirecting: "forbidden", llmtest.Page: "broken",
		llmtest.Erring: "overloaded", llmtest.Odd: "", llmtest.Good: "uncited"}
	for mode, kind := range kinds {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			d, s := newTalk(t, nil)
			if kind == "timeout" || mode == llmtest.Endless {
				d.App.Agent.Patience = little
			}
			s.Behave(mode)
			v := d.Visitor("clara")
			c := d.Say(v, lampQuestion)
			answer, run := d.ends(v, c)
			if !strings.Contains(answer["content"].(string), "30 days") || run["decision"] != "answered" || run["model"] != "" || kind != "" && run["fallback"] != kind {
				t.Errorf("answer: %v, run: %v", answer, run)
			}
			if mode == llmtest.Hanging && run["tookMs"] == 0.0 {
				t.Error("the run does not say how long it took")
			}
			d.OK(d.Owner, "aiAgent.updateModel", m{"enabled": true}) // whatever it did before is forgiven
			w := d.Visitor("wanda")
			c2 := d.Say(w, "Does the moon have its own postal code?")
			notice, run := d.ends(w, c2)
			if !strings.Contains(notice["content"].(string), "Somebody will answer here") || run["decision"] != "handed_over" {
				t.Errorf("notice: %v, run: %v", notice, run)
			}
			for _, one := range []struct{ who, conversation string }{{v, c}, {w, c2}} {
				for _, x := range d.OK(one.who, "messages.list", m{"conversationId": one.conversation})["items"].([]any) {
					for _, bad := range []string{"evil.example", "<script", "<img", "javascript:", "and so on", "xxxx", "send it back"} {
						if strings.Contains(apptest.JSON(x), bad) {
							t.Errorf("the visitor sees %v", x)
						}
					}
				}
			}
		})
	}
}

// With the patience of those who set none, nobody waits for 15 seconds, whatever the model's server does: that patience is less,
// it is what an agent begins with, and it is spent once, for what gives no answer is not asked again.
func TestNobodyWaitsFifteenSeconds(t *testing.T) {
	if u := ai.Usual; u.First > 12*time.Second || u.Idle > u.First {
		t.Errorf("the usual patience is %+v", u)
	}
	if fresh := newDesk(t).App.Agent.Patience; fresh != ai.Usual {
		t.Errorf("an agent begins with %+v, want %+v", fresh, ai.Usual)
	}
	for _, mode := range []llmtest.Mode{llmtest.Hanging, llmtest.Stalling} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			d, s := newTalk(t, nil)
			d.App.Agent.Patience = little
			s.Behave(mode)
			v := d.Visitor("clara")
			if _, run := d.ends(v, d.Say(v, "Does the moon have its own postal code?")); run["fallback"] != "timeout" {
				t.Errorf("run: %v", run)
			}
			if n := len(s.Asked()); n != 1 {
				t.Errorf("the model was asked %d times", n)
			}
		})
	}
}

// A hundred visitors whose model hangs do not keep another one waiting, nor other jobs.
func TestHangingModelsHoldUpNobodyElse(t *testing.T) {
	d, s := newTalk(t, nil)
	d.App.Agent.Patience = ai.Patience{First: time.Minute, Idle: time.Minute, Whole: time.Minute} // nobody below waits so long
	d.OK(d.Owner, "aiAgent.updateModel", m{"visitorBudget": 0})
	s.Behave(llmtest.Hanging)
	for i := range 40 {
		v := d.Visitor(fmt.Sprint("v", i))
		d.Say(v, lampQuestion)
	}
	v := d.Visitor("last")
	answer, run := d.ends(v, d.Say(v, lampQuestion))
	if run["fallback"] != "busy" || !strings.Contains(answer["content"].(string), "30 days") {
		t.Errorf("answer: %v, run: %v", answer, run)
	}
	d.Article("Lamps in space", "A lamp in space needs no shade.") // its job must run
	d.Learned(3)
}

// The model's own doubt withholds an answer; the team sees what it would have said, the visitor does not.
func TestAnUnsureModelHandsOver(t *testing.T) {
	d, _ := newTalk(t, func(h apptest.Heard) llmtest.Reply {
		return llmtest.Reply{Text: fmt.Sprintf("SURE: 5\nA lamp may be returned within 30 days, perhaps [%s].", h.ID("30 days"))}
	})
	d.OK(d.Owner, "aiAgent.updateSettings", m{"threshold": 0.9})
	v := d.Visitor("clara")
	c := d.Say(v, lampQuestion)
	notice, run := d.ends(v, c)
	if run["decision"] != "handed_over" || run["reason"] != "low_confidence" || run["fallback"] != "unsure" || run["candidate"] != "A lamp may be returned within 30 days, perhaps." || strings.Contains(apptest.JSON(notice), "perhaps") {
		t.Errorf("notice: %v, run: %v", notice, run)
	}
	for _, x := range d.OK(v, "messages.list", m{"conversationId": c})["items"].([]any) {
		if strings.Contains(apptest.JSON(x), "perhaps") {
			t.Errorf("the visitor sees %v", x)
		}
	}
}

func TestToolsSearchAgainAndAskForAPerson(t *testing.T) {
	reply := func(h apptest.Heard) llmtest.Reply { return llmtest.Reply{} }
	d, s := newTalk(t, func(h apptest.Heard) llmtest.Reply { return reply(h) })
	reply = func(h apptest.Heard) llmtest.Reply {
		if len(h.ToolSaid) == 0 {
			return llmtest.Reply{Tool: "search_help", Arguments: `{"query":"where is the invoice of an order"}`}
		}
		return llmtest.Reply{Text: fmt.Sprintf("SURE: 99\nEvery invoice is in your account [%s].", h.ID("invoice"))}
	}
	v := d.Visitor("clara")
	answer, run := d.ends(v, d.Say(v, "Wo finde ich den Beleg für meine Bestellung?"))
	if answer["content"] != "Every invoice is in your account." || answer["sources"].([]any)[0].(m)["title"] != "Invoices" || len(run["tools"].([]any)) != 1 || run["tokensIn"] != 24.0 {
		t.Errorf("answer: %v, run: %v", answer, run)
	}
	reply = func(h apptest.Heard) llmtest.Reply { return llmtest.Reply{Tool: "ask_for_person", Arguments: `{}`} }
	w := d.Visitor("wanda")
	if _, run := d.ends(w, d.Say(w, "This lamp broke again and I have had quite enough")); run["reason"] != "requested" {
		t.Errorf("run: %v", run)
	}
	reply = func(h apptest.Heard) llmtest.Reply { return llmtest.Reply{Tool: "delete_everything", Arguments: `{}`} }
	x := d.Visitor("xaver")
	answer, run = d.ends(x, d.Say(x, lampQuestion)) // a loop of tools ends, S-86
	if run["decision"] != "answered" || !strings.Contains(answer["content"].(string), "30 days") {
		t.Errorf("answer: %v, run: %v", answer, run)
	}
	before := len(s.Asked())
	reply = func(h apptest.Heard) llmtest.Reply {
		if len(h.Tools) > 0 {
			return llmtest.Reply{Mode: llmtest.NoTools}
		}
		return llmtest.Reply{Text: fmt.Sprintf("SURE: 99\nYou have 30 days to return a lamp [%s].", h.ID("30 days"))}
	}
	y := d.Visitor("yves")
	if _, run = d.ends(y, d.Say(y, lampQuestion)); run["fallback"] != nil || len(s.Asked()) != before+2 {
		t.Errorf("a model without tools: %v, %d requests", run, len(s.Asked())-before)
	}
}

func TestSmallTalkNeedsNoSourceAndNoModel(t *testing.T) {
	d, s := newTalk(t, func(h apptest.Heard) llmtest.Reply { return llmtest.Reply{Text: "x"} })
	for said, answer := range map[string]string{"Hello there!": "Hello! What can I help you with?", "Vielen Dank": "Gern geschehen.", "Guten Morgen zusammen": "Hallo! Wobei kann ich helfen?", "thank you so much": "You are welcome."} {
		v := d.Visitor(fmt.Sprint(len(said), "words"))
		got, run := d.ends(v, d.Say(v, said))
		if got["content"] != answer || len(got["sources"].([]any)) != 0 || run["reason"] != "small_talk" || run["decision"] != "answered" {
			t.Errorf("%s: %v, %v", said, got, run)
		}
	}
	if n := len(s.Asked()); n != 0 {
		t.Errorf("the model was asked %d times", n)
	}
	v := d.Visitor("paul")
	if _, run := d.ends(v, d.Say(v, "Hello, my lamp is on fire")); run["reason"] == "small_talk" {
		t.Error("a question was taken for small talk")
	}
}

func TestAttributesAndOfficeHours(t *testing.T) {
	d, _ := newTalk(t, nil)
	d.Refused("invalid", d.Owner, "aiAgent.updateSettings", m{"hours": m{"zone": "Mars/Olympus", "days": []m{{"day": 1, "from": 0, "to": 10}}}})
	d.Refused("invalid", d.Owner, "aiAgent.updateSettings", m{"hours": m{"zone": "Europe/Berlin", "days": []m{{"day": 1, "from": 600, "to": 600}}}})
	now := d.App.DB.Now().Std().UTC()
	d.OK(d.Owner, "aiAgent.updateSettings", m{"rules": []m{{"attribute": "plan", "value": "Enterprise"}}, "hours": m{"zone": "UTC", "days": []m{{"day": (int(now.Weekday()) + 3) % 7, "from": 0, "to": 1440}}}})
	boot := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "user": m{"customAttributes": m{"plan": "enterprise"}}})
	v := boot["sessionToken"].(string)
	notice, run := d.ends(v, d.Say(v, lampQuestion))
	if run["reason"] != "rule" || !strings.Contains(notice["content"].(string), "away just now") {
		t.Errorf("notice: %v, run: %v", notice, run)
	}
	d.OK(d.Owner, "aiAgent.updateSettings", m{"awayNotice": "Back on Monday."})
	w := d.Visitor("wanda")
	if notice, _ := d.ends(w, d.Say(w, "I want to talk to a human")); notice["content"] != "Back on Monday." {
		t.Errorf("notice: %v", notice)
	}
	if s := d.OK(d.Owner, "aiAgent.updateSettings", m{"hours": m{"zone": "", "days": []m{}}}); s["hours"] != nil {
		t.Errorf("hours: %v", s["hours"])
	}
	x := d.Visitor("xaver")
	if notice, _ := d.ends(x, d.Say(x, "I want to talk to a human")); !strings.Contains(notice["content"].(string), "Somebody will answer") {
		t.Errorf("notice: %v", notice)
	}
}
