package copilot_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

func translations(d *apptest.Desk, token, conversation, to string) (list []m) {
	for _, x := range d.OK(token, "copilot.getTranslations", m{"conversationId": conversation, "to": to})["items"].([]any) {
		list = append(list, x.(m))
	}
	return list
}

// What a visitor writes in another language is one click away from being read: asked for once, kept, and the same for everybody;
// the original stays as it was, and the visitor sees nothing of it.
func TestAVisitorsMessageIsReadInTheTeamsLanguage(t *testing.T) {
	d, s := apptest.WithModel(t)
	var hold chan struct{}
	s.Script(func(body string) llmtest.Reply {
		h := apptest.Read(t, body)
		if !strings.Contains(h.System, `BCP 47 tag en`) || !strings.Contains(h.Data(), "Lampe") || strings.Contains(h.System, "Lampe") {
			t.Errorf("the model was told %s, about %s", h.System, h.Data())
		}
		return llmtest.Reply{Hold: hold, Text: "Where is **my** lamp? ![](https://evil.example/?q=1) See [this](https://evil.example/x) and https://shop.example/1 <script>alert(1)</script>"}
	})
	v := d.Visitor("clara")
	c := d.Say(v, "Wo ist **meine** Lampe? Ich habe die Nummer von https://shop.example/1")
	ok := d.OK(v, "messages.send", m{"conversationId": c, "content": "Ok"})["id"]
	english := d.OK(v, "messages.send", m{"conversationId": c, "content": "Where is the lamp, and can you help me?"})["id"]
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Das ist eine Notiz, die nicht übersetzt wird", "internal": true})
	ours := d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Ich sehe nach, wo die Lampe ist"})["id"]
	agent := d.Member("agent")
	list := translations(d, agent, c, "en")
	if len(list) < 1 || list[0]["from"] != "de" || list[0]["text"] != nil || strings.Contains(apptest.JSON(list), fmt.Sprint(english)) || strings.Contains(apptest.JSON(list), fmt.Sprint(ours)) {
		t.Fatalf("to be translated: %v", list)
	}
	if n := len(s.Asked()); n != 0 {
		t.Errorf("a list asked the model %d times", n)
	}
	first := list[0]["messageId"]
	in := m{"conversationId": c, "messageId": first, "to": "en"}
	ws := d.Socket(agent)
	ws.WriteJSON(m{"id": 1, "view": "copilot.getTranslations", "args": m{"conversationId": c, "to": "en", "workspaceId": d.Workspace}})
	out := d.OK(agent, "copilot.translateMessage", in)
	if !strings.HasPrefix(out["text"].(string), "Where is **my** lamp?") || !strings.Contains(out["html"].(string), "<strong>my</strong>") || strings.Contains(apptest.JSON(out), "evil") || strings.Contains(out["html"].(string), "<script") {
		t.Errorf("translated: %v", out)
	}
	d.Hear(ws, func(a m) bool { return strings.Contains(apptest.JSON(a), "Where is **my** lamp") }) // whoever looks sees it at once
	for range 3 {
		if again := d.OK(d.Owner, "copilot.translateMessage", in); apptest.JSON(again) != apptest.JSON(out) {
			t.Errorf("another time: %v", again)
		}
	}
	if n := len(s.Asked()); n != 1 {
		t.Errorf("the model was asked %d times for one message", n)
	}
	if calls := d.Calls(); len(calls) != 1 || calls[0].Purpose != "translate" || calls[0].User == 0 {
		t.Errorf("written down: %v", calls)
	}
	for who, token := range map[string]string{"visitor": v, "team": d.Owner} {
		said := apptest.JSON(d.OK(token, "messages.list", m{"conversationId": c}))
		if !strings.Contains(said, "Wo ist **meine** Lampe?") || strings.Contains(said, "Where is **my**") {
			t.Errorf("the %s's original is not what it was: %s", who, said)
		}
	}

	// Several at once are one call; the language is part of what is kept.
	hold = make(chan struct{})
	s.Script(func(body string) llmtest.Reply { return llmtest.Reply{Hold: hold, Text: "Où est ma lampe ?"} })
	in["to"] = "fr"
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if out := d.OK(agent, "copilot.translateMessage", in); out["text"] != "Où est ma lampe ?" {
				t.Errorf("in French: %v", out)
			}
		})
	}
	d.Until("the model is asked", func() bool { return len(s.Asked()) == 2 })
	close(hold)
	wg.Wait()
	if n := len(s.Asked()); n != 2 {
		t.Errorf("five at once asked the model %d times", n-1)
	}
	if list := translations(d, agent, c, "en"); len(list) == 0 || list[0]["text"] != out["text"] {
		t.Errorf("in English still: %v", list)
	}

	// Only what visitors and the AI agent said; by nobody else; of no other conversation.
	for what, id := range map[string]any{"the team's own": ours} {
		if status, out := d.Call(agent, "copilot.translateMessage", m{"conversationId": c, "messageId": id, "to": "en"}); out["code"] != "not_found" {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	d.Refused("forbidden", d.Member("viewer"), "copilot.translateMessage", in)
	d.Refused("forbidden", v, "copilot.translateMessage", in)
	d.Refused("forbidden", v, "copilot.getTranslations", m{"conversationId": c, "to": "en"})
	d.Refused("invalid", agent, "copilot.translateMessage", m{"conversationId": c, "messageId": ok, "to": "English, please"})
	other := d.Say(d.Visitor("paul"), "Guten Tag, ich bin es")
	d.Refused("not_found", agent, "copilot.translateMessage", m{"conversationId": other, "messageId": first, "to": "en"})
	d.Refused("not_found", d.Stranger(), "copilot.translateMessage", in)

	// A translation moves along with its message.
	into := d.Say(v, "Ich habe noch etwas")
	d.OK(d.Owner, "conversations.merge", m{"conversationId": c, "intoConversationId": into})
	if list := translations(d, agent, into, "en"); len(list) == 0 || list[0]["messageId"] != first || list[0]["text"] != out["text"] {
		t.Errorf("after a merge: %v", list)
	}
	if n := len(s.Asked()); n != 2 {
		t.Errorf("in the end the model was asked %d times", n)
	}
}

// A reply goes into the visitor's language without anybody naming it.
func TestAReplyIsTranslatedIntoTheVisitorsLanguage(t *testing.T) {
	d, s := apptest.WithModel(t)
	tag := ""
	s.Script(func(body string) llmtest.Reply {
		_, rest, _ := strings.Cut(apptest.Read(t, body).System, "BCP 47 tag ")
		tag, _, _ = strings.Cut(rest, ".")
		return llmtest.Reply{Text: "Sie ist unterwegs."}
	})
	v := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "device": m{"language": "pl-PL"}})["sessionToken"].(string)
	c := d.Say(v, "Wo ist meine Lampe, und wie kann ich sie zurückgeben?")
	if out := d.OK(d.Owner, "copilot.getTranslations", m{"conversationId": c, "to": "en"}); out["visitor"] != "de" {
		t.Errorf("the visitor's language: %v", out["visitor"])
	}
	if out := d.OK(d.Owner, "copilot.translate", m{"text": "It is on its way.", "conversationId": c}); out["text"] != "Sie ist unterwegs." || tag != "de" {
		t.Errorf("into %s: %v", tag, out)
	}
	w := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "device": m{"language": "pl-PL"}})["sessionToken"].(string)
	if d.OK(d.Owner, "copilot.translate", m{"text": "Hello", "conversationId": d.Say(w, "?")}); tag != "pl" {
		t.Errorf("where words do not tell: into %s", tag)
	}
	d.Refused("invalid", d.Owner, "copilot.translate", m{"text": "Hello"})
	d.Refused("not_found", d.Stranger(), "copilot.translate", m{"text": "Hello", "conversationId": c})
}

// Without a model, without budget, or where it fails, nothing is kept, and it is said why.
func TestAMessageThatCannotBeTranslatedSaysWhy(t *testing.T) {
	bare := apptest.New(t)
	c := bare.Say(bare.Visitor("clara"), "Wo ist meine Lampe, und wie kann ich sie zurückgeben?")
	list := translations(bare, bare.Owner, c, "en")
	if len(list) != 1 || list[0]["from"] != "de" {
		t.Fatalf("without a model: %v", list)
	}
	in := m{"conversationId": c, "messageId": list[0]["messageId"], "to": "en"}
	if status, out := bare.Call(bare.Owner, "copilot.translateMessage", in); status != 503 || out["detail"] != "No language model is set up." {
		t.Errorf("without a model: %d %v", status, out)
	}

	d, s := apptest.WithModel(t)
	c = d.Say(d.Visitor("clara"), "Wo ist meine Lampe, und wie kann ich sie zurückgeben?")
	in = m{"conversationId": c, "messageId": translations(d, d.Owner, c, "en")[0]["messageId"], "to": "en"}
	for _, mode := range []llmtest.Mode{llmtest.Failing, llmtest.Limited, llmtest.Empty, llmtest.Huge, llmtest.Truncated, llmtest.Endless} {
		s.Behave(mode)
		d.Refused("unavailable", d.Owner, "copilot.translateMessage", in)
		d.Later(time.Hour) // it may be asked again
	}
	s.Behave(llmtest.Good)
	d.OK(d.Owner, "aiAgent.updateModel", m{"dayBudget": 100})
	d.Refused("rate_limited", d.Owner, "copilot.translateMessage", in)
	if list := translations(d, d.Owner, c, "en"); len(list) != 1 || list[0]["text"] != nil {
		t.Errorf("kept what failed: %v", list)
	}
	d.OK(d.Owner, "aiAgent.updateModel", m{"dayBudget": 0})
	if out := d.OK(d.Owner, "copilot.translateMessage", in); out["text"] != llmtest.Text {
		t.Errorf("in the end: %v", out)
	}
	long := d.Say(d.Visitor("long"), "Wo ist die Lampe? "+strings.Repeat("und ", 2100))
	list = translations(d, d.Owner, long, "en")
	d.Refused("invalid", d.Owner, "copilot.translateMessage", m{"conversationId": long, "messageId": list[0]["messageId"], "to": "en"})
}
