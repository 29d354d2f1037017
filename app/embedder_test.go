package app_test

import (
	"strings"
	"testing"
	"time"

	"deskbell/app/llm/llmtest"
)

// tells asks a door again and again until its answer fits.
func (d *desk) tells(door string, fits func(m) bool) (out m) {
	d.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if out = d.ok(d.owner, door, m{}); fits(out) {
			return out
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("%s: %v", door, out)
		}
	}
}

func TestAnotherEmbedderLearnsWhileTheFormerOneAnswers(t *testing.T) {
	d, s := newDeskWithModel(t)
	d.ok(d.owner, "aiAgent.updateSettings", m{"enabled": true, "useModel": false})
	d.article("Returning a lamp", "You can return a lamp within 30 days.")
	d.learned(1)
	builtin := d.ok(d.owner, "aiAgent.getEmbedder", m{})
	if builtin["protocol"] != "" || builtin["serving"] == "" || builtin["done"] != 1.0 {
		t.Errorf("builtin: %v", builtin)
	}
	choice := m{"protocol": "openai", "baseUrl": s.URL + "/v1", "model": "vectors-1", "key": modelKey}
	for _, bad := range []llmtest.Mode{llmtest.Failing, llmtest.Zero, llmtest.Truncated, llmtest.Fewer, llmtest.Denied, llmtest.Redirecting, llmtest.Huge} {
		s.Behave(bad)
		d.refused("unavailable", d.owner, "aiAgent.updateEmbedder", choice)
	}
	d.refused("invalid", d.owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": "http://169.254.169.254/v1", "model": "x"})
	d.refused("invalid", d.owner, "aiAgent.updateEmbedder", m{"protocol": "ollama", "baseUrl": s.URL, "model": " "})
	if now := d.ok(d.owner, "aiAgent.getEmbedder", m{}); jsonOf(now) != jsonOf(builtin) {
		t.Errorf("a refused choice changed something: %v", now)
	}
	s.Behave(llmtest.Good)
	if out := d.ok(d.owner, "aiAgent.updateEmbedder", choice); out["keyEnd"] != "WXYZ" || strings.Contains(jsonOf(out), "0123456789") {
		t.Errorf("chosen: %v", out)
	}
	d.tells("aiAgent.getEmbedder", func(x m) bool { return strings.Contains(x["serving"].(string), "vectors-1") && x["done"] == x["total"] })
	if agent := d.ok(d.member("agent"), "aiAgent.getEmbedder", m{}); agent["baseUrl"] != "" || agent["keyEnd"] != "" {
		t.Errorf("an agent sees %v", agent)
	}
	s.Behave(llmtest.Failing) // new pieces wait, the question is answered by its words
	d.article("Invoices", "Every invoice is in your account under Orders.")
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["trouble"] != nil && x["total"] == 2.0 && x["done"] == 1.0 })
	if out := d.ok(d.owner, "aiAgent.ask", m{"question": "Where is my invoice?"}); !strings.Contains(jsonOf(out["found"]), "Invoices") {
		t.Errorf("by words: %v", out)
	}
	d.ok(d.owner, "aiAgent.updateEmbedder", m{"protocol": ""})
	d.tells("aiAgent.getEmbedder", func(x m) bool { return x["serving"] == builtin["serving"] && x["done"] == 2.0 && x["trouble"] == nil })
	stranger := d.stranger()
	if out := d.ok(stranger, "aiAgent.getEmbedder", m{}); out["total"] != 0.0 {
		t.Errorf("another workspace sees %v", out)
	}
	closed := newDesk(t)
	closed.refused("invalid", closed.owner, "aiAgent.updateEmbedder", choice)
	closed.refused("invalid", closed.owner, "aiAgent.updateEmbedder", m{"protocol": "openai", "baseUrl": "https://localhost:1/v1", "model": "x"})
}
