package app_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/store"
)

// article writes and publishes an article, and waits until it is known by words.
func (d *desk) article(title, content string) string {
	d.t.Helper()
	id := d.ok(d.owner, "articles.create", m{"title": title, "content": content})["id"].(string)
	d.ok(d.owner, "articles.publish", m{"articleId": id})
	return id
}

// learned waits until every piece of the workspace's knowledge is found by meaning.
func (d *desk) learned(pieces int) {
	d.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		s := d.ok(d.owner, "aiAgent.getSettings", m{})
		if s["pieces"].(float64) >= float64(pieces) && s["indexed"] == s["pieces"] {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("not learned: %v", s)
		}
	}
}

// answered waits for something that a conversation shows its visitor.
func (d *desk) shows(visitor, conversation string, fits func(m) bool) m {
	d.t.Helper()
	ws := d.socket(visitor)
	defer ws.Close()
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": conversation}})
	var found m
	d.hear(ws, func(a m) bool {
		v, _ := a["value"].(m)
		items, _ := v["items"].([]any)
		for _, one := range items {
			if fits(one.(m)) {
				found = one.(m)
				return true
			}
		}
		return false
	})
	return found
}

func TestAMessageThatConcernsNobodyLeavesNoJob(t *testing.T) {
	d := newDesk(t)
	var jobs atomic.Int64
	d.app.DB.Watch(func(c store.Commit) {
		if c.In("jobs") && c.In("messages") { // the clock's jobs come alone
			jobs.Add(1)
		}
	})
	v := d.visitor("clara")
	c := d.say(v, "Is the lamp in stock?")
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "It is."})
	if n := jobs.Load(); n != 0 {
		t.Errorf("%d jobs, though nobody listens", n)
	}
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true})
	d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "Anything else?"})
	if n := jobs.Load(); n != 0 {
		t.Errorf("%d jobs for an agent's own words", n)
	}
	d.ok(v, "messages.send", m{"conversationId": c, "content": "Yes: in red?"})
	if n := jobs.Load(); n != 1 {
		t.Errorf("%d jobs for a question, want 1", n)
	}
}

func TestTheAgentAnswersFromAnArticleAndNamesIt(t *testing.T) {
	d := newDesk(t)
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true, "name": "Bell"})
	id := d.article("Returning a lamp", "You can return a lamp within **30 days**. Use the label in the box; the parcel is free of charge.")
	d.article("Invoices", "Every invoice is in your account under Orders.")
	d.learned(2)
	v := d.visitor("clara")
	c := d.say(v, "How many days do I have to return a lamp?")
	answer := d.shows(v, c, func(x m) bool { return x["senderType"] == "bot" })
	sources := answer["sources"].([]any)
	if !strings.Contains(answer["content"].(string), "30 days") || len(sources) == 0 || sources[0].(m)["articleId"] != id || answer["sender"].(m)["name"] != "Bell" {
		t.Errorf("got %v", answer)
	}
	runs := d.ok(d.owner, "aiAgent.getConversationResponses", m{"conversationId": c})["items"].([]any)
	if len(runs) != 1 || runs[0].(m)["decision"] != "answered" || len(runs[0].(m)["found"].([]any)) == 0 {
		t.Errorf("runs: %v", runs)
	}
	if s := d.ok(d.owner, "conversations.get", m{"conversationId": c}); s["aiState"] != "ai_handled" || s["unreadByAgent"] != 0.0 {
		t.Errorf("conversation: %v", s)
	}
	d.ok(v, "aiAgent.submitFeedback", m{"conversationId": c, "messageId": answer["id"], "helpful": true})
	d.refused("not_found", d.visitor("mallory"), "aiAgent.submitFeedback", m{"conversationId": c, "messageId": answer["id"], "helpful": false})
	if s := d.ok(d.owner, "aiAgent.getSummary", m{}); s["answered"] != 1.0 || s["helpful"] != 1.0 || s["notHelpful"] != 0.0 {
		t.Errorf("summary: %v", s)
	}
}

func TestTheAgentHandsOverOnceWithANote(t *testing.T) {
	d := newDesk(t)
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true, "topics": []string{"refund"}})
	d.article("Returning a lamp", "You can return a lamp within 30 days.")
	d.learned(1)
	for what, ask := range map[string]struct{ text, notice, reason string }{
		"nothing-fits":       {"Does the moon have its own postal code?", "Somebody will answer here", "low_confidence"},
		"a-person":           {"Can I talk to a human please", "Somebody will answer here", "requested"},
		"a-person-in-German": {"Ich möchte mit einem Menschen sprechen", "Jemand antwortet Ihnen hier", "requested"},
		"a-topic":            {"I want a refund for the lamp", "Somebody will answer here", "topic"},
	} {
		v := d.visitor(what)
		c := d.say(v, ask.text)
		d.shows(v, c, func(x m) bool { return strings.Contains(x["content"].(string), ask.notice) })
		if s := d.ok(d.owner, "conversations.get", m{"conversationId": c}); s["aiState"] != "handoff" || s["unread"] != true {
			t.Errorf("%s: %v", what, s)
		}
		r := d.ok(d.owner, "aiAgent.getConversationResponses", m{"conversationId": c})["items"].([]any)
		if len(r) != 1 || r[0].(m)["reason"] != ask.reason {
			t.Errorf("%s: %v", what, r)
		}
		notes := 0
		for _, x := range d.ok(d.owner, "messages.list", m{"conversationId": c})["items"].([]any) {
			if x.(m)["kind"] == "note" {
				notes++
			}
		}
		if notes != 1 {
			t.Errorf("%s: %d notes", what, notes)
		}
		for _, x := range d.ok(v, "messages.list", m{"conversationId": c})["items"].([]any) {
			if strings.Contains(jsonOf(x), "Confidence") || strings.Contains(jsonOf(x), "Nearest") {
				t.Errorf("%s: the visitor sees the note: %v", what, x)
			}
		}
		if again := d.ok(v, "aiAgent.handoffToHuman", m{"conversationId": c}); again["first"] != false {
			t.Errorf("%s: handed over twice", what)
		}
	}
}

func TestTheAgentKeepsSilentWhereItIsNotWanted(t *testing.T) {
	d := newDesk(t)
	d.article("Returning a lamp", "You can return a lamp within 30 days.")
	d.learned(1)
	v := d.visitor("clara")
	off := d.say(v, "How many days do I have to return a lamp?") // it is not enabled
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true})
	held := d.say(d.visitor("paul"), "Hello there")
	d.ok(d.owner, "conversations.assign", m{"conversationId": held, "assigneeId": d.user().String()})
	d.ok(d.visitor("paul"), "messages.send", m{"conversationId": held, "content": "How many days do I have to return a lamp?"})
	last := d.visitor("last") // when this one is answered, the others would have been
	d.shows(last, d.say(last, "How many days do I have to return a lamp?"), func(x m) bool { return x["senderType"] == "bot" })
	for what, c := range map[string]string{"not enabled": off, "held by a person": held} {
		for _, x := range d.ok(d.owner, "messages.list", m{"conversationId": c})["items"].([]any) {
			if x.(m)["senderType"] == "bot" && what != "held by a person" || x.(m)["senderType"] == "bot" && strings.Contains(x.(m)["content"].(string), "30 days") {
				t.Errorf("%s: %v", what, x)
			}
		}
	}
}

func TestUnpublishedAndForeignKnowledgeIsNeverSaid(t *testing.T) {
	d := newDesk(t)
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true, "threshold": 0})
	gone := d.article("Secret prices", "The secret price of the lamp is 17 euros.")
	d.learned(1)
	d.ok(d.owner, "articles.unpublish", m{"articleId": gone})
	d.ok(d.owner, "articles.create", m{"title": "Draft prices", "content": "The draft price of the lamp is 19 euros."})
	inside := d.ok(d.owner, "articles.create", m{"title": "Internal prices", "content": "The internal price of the lamp is 21 euros.", "visibility": "internal"})["id"]
	d.ok(d.owner, "articles.publish", m{"articleId": inside})
	stranger := d.stranger()
	other := d.ok(stranger, "articles.create", m{"title": "Other prices", "content": "The other price of the lamp is 23 euros."})["id"]
	d.ok(stranger, "articles.publish", m{"articleId": other})
	deadline := time.Now().Add(10 * time.Second)
	for {
		out := d.ok(d.owner, "aiAgent.ask", m{"question": "What is the price of the lamp?"})
		said := jsonOf(out)
		if !strings.Contains(said, "euros") && out["decision"] == "handed_over" {
			break
		}
		if strings.Contains(said, "19 euros") || strings.Contains(said, "21 euros") || strings.Contains(said, "23 euros") || time.Now().After(deadline) {
			t.Fatalf("said %s", said)
		}
		time.Sleep(50 * time.Millisecond) // the job that unlearns the article has yet to run
	}
}
