package ordeal_test

import (
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

// The process is killed in the middle of a run of the AI agent, while the model is silent, stalls, or talks without end. After the
// start the question is asked again, and in the end there is one answer or one person, and no run twice.
func TestAKillDuringARunLeavesNoVisitorWithoutWord(t *testing.T) {
	model := llmtest.New()
	t.Cleanup(model.Close)
	v := newVictim(t, t.TempDir(), "--ai-private-hosts")
	owner := v.owner()
	in := func(more m) m {
		out := m{"workspaceId": v.workspace}
		for k, value := range more {
			out[k] = value
		}
		return out
	}
	id := v.ok(owner, "articles.create", in(m{"title": "Return a lamp", "content": "You have 30 days to return a lamp."}))["id"]
	v.ok(owner, "articles.publish", in(m{"articleId": id}))
	v.ok(owner, "aiAgent.updateModel", in(m{"provider": "openai", "baseUrl": model.URL + "/v1", "model": "model-a"}))
	v.ok(owner, "aiAgent.updateSettings", in(m{"enabled": true}))
	v.wait("the article is found by meaning", func() bool {
		s := v.ok(owner, "aiAgent.getSettings", in(nil))
		return s["pieces"].(float64) > 0 && s["pieces"] == s["indexed"]
	})
	for _, how := range []llmtest.Mode{llmtest.Hanging, llmtest.Stalling, llmtest.Endless} {
		for _, then := range []llmtest.Mode{llmtest.Good, llmtest.Failing} {
			t.Run(string(how)+", then "+string(then), func(t *testing.T) {
				model.Behave(how)
				before := len(model.Asked())
				visitor := v.ok("", "widgetSessions.boot", m{"workspaceId": v.workspace, "sessionId": strings.Repeat(string(how[:1]), 40) + string(then[:3])})["sessionToken"].(string)
				c := v.ok(visitor, "conversations.start", m{"content": "How do I return a lamp?"})["conversation"].(m)["id"].(string)
				v.wait("the model is asked", func() bool { return len(model.Asked()) > before })
				v.kill()
				if model.Behave(then); then == llmtest.Good {
					model.Script(func(body string) llmtest.Reply {
						return llmtest.Reply{Text: "SURE: 99\nYou have 30 days to return a lamp [" + apptest.Read(t, body).ID("30 days") + "]."}
					})
				}
				start := time.Now()
				v.start()
				var said []m
				v.wait("an answer or a person", func() bool {
					said = nil
					for _, one := range v.ok(visitor, "messages.list", m{"conversationId": c})["items"].([]any) {
						if kind := one.(m)["senderType"]; kind != "visitor" {
							said = append(said, one.(m))
						}
					}
					return len(said) > 0
				})
				t.Logf("%v after the start: %v", time.Since(start).Round(100*time.Millisecond), said[0]["content"])
				if answered := strings.Contains(said[0]["content"].(string), "You have 30 days"); then == llmtest.Good && !answered {
					t.Errorf("the model is well again, and said is %v", said[0])
				}
				v.wait("the run is kept", func() bool {
					return len(v.ok(owner, "aiAgent.getConversationResponses", in(m{"conversationId": c}))["items"].([]any)) > 0
				})
				v.kill() // and what is done is not done again
				v.start()
				v.ok(visitor, "messages.list", m{"conversationId": c})
				last := v.ok("", "widgetSessions.boot", m{"workspaceId": v.workspace, "sessionId": strings.Repeat("z", 40) + string(how[:1]) + string(then[:2])})["sessionToken"].(string)
				other := v.ok(last, "conversations.start", m{"content": "How do I return a lamp?"})["conversation"].(m)["id"].(string)
				v.wait("a question after it is dealt with", func() bool {
					return len(v.ok(owner, "aiAgent.getConversationResponses", in(m{"conversationId": other}))["items"].([]any)) > 0
				})
				runs := v.ok(owner, "aiAgent.getConversationResponses", in(m{"conversationId": c}))["items"].([]any)
				again := 0
				for _, one := range v.ok(visitor, "messages.list", m{"conversationId": c})["items"].([]any) {
					if one.(m)["senderType"] != "visitor" {
						again++
					}
				}
				if len(runs) != 1 || again != len(said) {
					t.Errorf("%d runs, and %d words where %d were: %v", len(runs), again, len(said), runs)
				}
			})
		}
	}
}

// wait asks until something is so.
func (v *victim) wait(what string, is func() bool) {
	v.t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			v.t.Fatalf("it never came: %s\n%s", what, v.log.String())
		}
	}
}
