package ai_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

// People are there from the minute their day begins to the minute it ends, by the clock of their zone and not of the server's.
func TestPeopleAreThereUntilTheirDayEnds(t *testing.T) {
	d := newDesk(t)
	d.Stop()
	notice := func(who string) string {
		t.Helper()
		v := d.Visitor(who)
		return d.Shows(v, d.Say(v, "I want to talk to a human"), func(x m) bool { return x["senderType"] == "bot" })["content"].(string)
	}
	for i, name := range []string{"UTC", "Asia/Kolkata", "America/St_Johns"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		now := d.App.DB.Now().Std().In(zone)
		minute := now.Hour()*60 + now.Minute()
		d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "hours": m{"zone": name, "days": []m{{"day": int(now.Weekday()), "from": minute, "to": minute + 1}}}})
		if said := notice(fmt.Sprint("within-", i)); !strings.Contains(said, "Somebody will answer") {
			t.Errorf("%s: at %s, the minute when it begins: %s", name, now, said)
		}
		d.Later(time.Minute)
		if said := notice(fmt.Sprint("after-", i)); !strings.Contains(said, "away just now") {
			t.Errorf("%s: a minute after %s, when it has ended: %s", name, now, said)
		}
	}
}

// A topic that goes to people is a word or several, not a part of one.
func TestATopicIsWholeWords(t *testing.T) {
	d := newDesk(t)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true, "topics": []string{"art", "gift card"}})
	d.Article("Parts of a lamp", "Spare parts of a lamp are in the shop, each with the number of its lamp.")
	d.Learned(1)
	for text, topic := range map[string]bool{
		"Where are the spare parts of a lamp?": false, "Is there a gift with the spare parts of a lamp?": false,
		"Do you sell ART, too?": true, "May I pay with a gift-card?": true,
	} {
		v := d.Visitor(strings.Map(func(r rune) rune {
			if r < 'A' {
				return 'x'
			}
			return r
		}, text))
		c := d.Say(v, text)
		d.Shows(v, c, func(x m) bool { return x["senderType"] == "bot" })
		run := apptest.First(d.OK(d.Owner, "aiAgent.getConversationResponses", m{"conversationId": c}))
		if (run["reason"] == "topic") != topic {
			t.Errorf("%s: %v", text, run["reason"])
		}
	}
}

// What was asked before somebody let the agent answer is not answered late, also where it was being answered when it was stopped.
func TestWhatWasAskedBeforeTheAgentWasLetToIsNotAnswered(t *testing.T) {
	held := make(chan struct{})
	var asked atomic.Int64
	d, _ := newTalk(t, func(h apptest.Heard) llmtest.Reply {
		reply := llmtest.Reply{Text: fmt.Sprintf("SURE: 95\nYou have 30 days to return a lamp [%s].", h.ID("30 days"))}
		if asked.Add(1) == 1 {
			reply.Hold = held
		}
		return reply
	})
	v := d.Visitor("clara")
	before := d.Say(v, lampQuestion)
	d.Until("the model is asked", func() bool { return asked.Load() == 1 })
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": false})
	d.Later(time.Second)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": true})
	again := &desk{d.Again()}
	close(held)
	w := again.Visitor("wanda")
	again.ends(w, again.Say(w, lampQuestion)) // by then the other would have been answered
	for _, x := range again.OK(v, "messages.list", m{"conversationId": before})["items"].([]any) {
		if x.(m)["senderType"] == "bot" {
			t.Errorf("answered after all: %v", x)
		}
	}
}
