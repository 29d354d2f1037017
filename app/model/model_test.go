package model_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app/actor"
	"deskbell/app/apptest"
	"deskbell/app/llm"
	"deskbell/app/llm/llmtest"
	"deskbell/app/model"
	"deskbell/store"
)

func complete(d *apptest.Desk, visitor store.ID) (*model.Answer, error) {
	return d.App.Models.Complete(d.T.Context(), actor.Actor{Kind: actor.AI, Workspace: d.Space(), Visitor: visitor}, "answer",
		llm.Prompt{System: "Be kind.", Messages: []llm.Message{{Role: llm.User, Text: "Can I send it back?"}}, MaxTokens: 100})
}

func TestAModelsKeyIsSealedAndNeverShown(t *testing.T) {
	d, s := apptest.WithModel(t)
	agent := d.Member("agent")
	set := d.OK(d.Owner, "aiAgent.getModel", m{})
	if set["keySet"] != true || set["keyEnd"] != "WXYZ" || set["ready"] != true || strings.Contains(apptest.JSON(set), "0123456789") {
		t.Errorf("settings: %v", set)
	}
	if seen := d.OK(agent, "aiAgent.getModel", m{}); seen["ready"] != true || seen["model"] != "model-a" || seen["keyEnd"] != "" || seen["baseUrl"] != "" {
		t.Errorf("an agent sees %v", seen)
	}
	if out := d.OK(d.Owner, "aiAgent.testModel", m{}); out["answer"] != llmtest.Text {
		t.Errorf("test: %v", out)
	}
	if list := d.OK(d.Owner, "aiAgent.listModels", m{})["models"].([]any); len(list) != 2 || list[0] != "model-a" {
		t.Errorf("models: %v", list)
	}
	heads := strings.Join(s.Keys(), " ")
	if !strings.Contains(heads, apptest.ModelKey) {
		t.Errorf("the server was shown %q", heads)
	}
	files, _ := filepath.Glob(filepath.Join(d.App.Data, "deskbell.db*"))
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil || bytes.Contains(raw, []byte("0123456789abcdef")) {
			t.Errorf("%s holds the key in the clear (%v)", f, err)
		}
	}
	// With another address the key is forgotten: who may change settings must not be able to have it sent to them.
	other := llmtest.New()
	defer other.Close()
	d.OK(d.Owner, "aiAgent.listModels", m{"provider": "openai", "baseUrl": other.URL + "/v1"})
	if out := d.OK(d.Owner, "aiAgent.updateModel", m{"baseUrl": other.URL + "/v1"}); out["keySet"] != false || out["keyEnd"] != "" {
		t.Errorf("after moving: %v", out)
	}
	d.OK(d.Owner, "aiAgent.testModel", m{})
	if heads := strings.Join(other.Keys(), " "); strings.Contains(heads, apptest.ModelKey) {
		t.Error("the key went to another address")
	}
	if out := d.OK(d.Owner, "aiAgent.updateModel", m{"provider": ""}); out["provider"] != "" || out["ready"] != false {
		t.Errorf("removed: %v", out)
	}
	d.Refused("unavailable", d.Owner, "aiAgent.testModel", m{})
}

func TestEveryCallIsWrittenDownWithWhatItTook(t *testing.T) {
	d, s := apptest.WithModel(t)
	d.OK(d.Owner, "aiAgent.updateModel", m{"priceIn": 250, "priceOut": 1000})
	a, err := complete(d, 7)
	if err != nil || a.Text != llmtest.Text || a.Model != "model-a" || a.Cost != 12*250+9*1000 {
		t.Fatalf("got %+v, %v", a, err)
	}
	s.Behave(llmtest.Failing)
	if _, err := complete(d, 7); llm.KindOf(err) != llm.Overloaded {
		t.Fatalf("got %v", err)
	}
	s.Behave(llmtest.Truncated)
	if _, err := complete(d, 7); llm.KindOf(err) != llm.Broken {
		t.Fatalf("got %v", err)
	}
	list := d.Calls()
	if len(list) != 3 {
		t.Fatalf("%d calls", len(list))
	}
	if c := list[2]; c.Purpose != "answer" || c.Visitor != 7 || c.TokensIn != 12 || c.TokensOut != 9 || c.Estimated || c.Cost != 12*250+9*1000 || c.Outcome != "ok" || c.Model != "model-a" {
		t.Errorf("good: %+v", c)
	}
	if c := list[1]; c.TokensIn+c.TokensOut != 0 || c.Cost != 0 || c.Outcome != "overloaded" {
		t.Errorf("failed: %+v", c)
	}
	if c := list[0]; !c.Estimated || c.TokensIn == 0 || c.TokensOut == 0 || c.Outcome != "broken" {
		t.Errorf("broken off: %+v", c)
	}
	set := d.OK(d.Owner, "aiAgent.getModel", m{})
	if set["today"].(m)["tokens"] != float64(21+list[0].TokensIn+list[0].TokensOut) || apptest.JSON(set["today"]) != apptest.JSON(set["month"]) || set["trouble"].(m)["failures"] != 2.0 {
		t.Errorf("settings: %v", set)
	}
}

func TestTheModelIsLeftAloneAfterFailures(t *testing.T) {
	d, s := apptest.WithModel(t)
	s.Behave(llmtest.Failing)
	for range 3 {
		if _, err := complete(d, 0); llm.KindOf(err) != llm.Overloaded {
			t.Fatal(err)
		}
	}
	s.Behave(llmtest.Good)
	if _, err := complete(d, 0); !errors.Is(err, model.ErrPaused) || len(s.Asked()) != 3 {
		t.Errorf("got %v after %d requests", err, len(s.Asked()))
	}
	if set := d.OK(d.Owner, "aiAgent.getModel", m{}); set["ready"] != false || set["trouble"].(m)["kind"] != "overloaded" || set["trouble"].(m)["pausedUntil"] == nil {
		t.Errorf("settings: %v", set)
	}
	d.Later(31 * time.Second)
	s.Behave(llmtest.Hanging)
	ctx, stop := context.WithCancel(t.Context())
	trial := make(chan error, 1)
	go func() {
		_, err := d.App.Models.Complete(ctx, actor.Actor{Kind: actor.AI, Workspace: d.Space()}, "answer", llm.Prompt{Messages: []llm.Message{{Role: llm.User, Text: "x"}}})
		trial <- err
	}()
	for len(s.Asked()) < 4 {
		time.Sleep(5 * time.Millisecond)
	}
	if _, err := complete(d, 0); !errors.Is(err, model.ErrPaused) {
		t.Errorf("a second one tried beside the first: %v", err)
	}
	stop()
	<-trial
	s.Behave(llmtest.Good)
	d.Later(2 * time.Minute)
	if _, err := complete(d, 0); err != nil {
		t.Errorf("when it works again: %v", err)
	}
	if set := d.OK(d.Owner, "aiAgent.getModel", m{}); set["ready"] != true || set["trouble"] != nil {
		t.Errorf("settings: %v", set)
	}
	s.Behave(llmtest.Limited) // its server names the time
	if _, err := complete(d, 0); llm.KindOf(err) != llm.RateLimited {
		t.Fatal(err)
	}
	s.Behave(llmtest.Good)
	if _, err := complete(d, 0); !errors.Is(err, model.ErrPaused) {
		t.Errorf("within Retry-After: %v", err)
	}
	d.Later(8 * time.Second)
	if _, err := complete(d, 0); err != nil {
		t.Errorf("after Retry-After: %v", err)
	}
	d.OK(d.Owner, "aiAgent.updateModel", m{"enabled": false})
	if _, err := complete(d, 0); !errors.Is(err, model.ErrOff) {
		t.Errorf("switched off: %v", err)
	}
}

// S-86: what one visitor, a day and a month may cost is bounded, however many ask at once.
func TestBudgetsHold(t *testing.T) {
	d, s := apptest.WithModel(t)
	d.OK(d.Owner, "aiAgent.updateModel", m{"visitorBudget": 300})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { complete(d, 7) })
	}
	wg.Wait()
	if n := len(s.Asked()); n == 0 || n > 14 { // 21 tokens each
		t.Errorf("%d of 20 questions at once were asked", n)
	}
	if set := d.OK(d.Owner, "aiAgent.getModel", m{}); set["today"].(m)["tokens"].(float64) > 300 {
		t.Errorf("spent %v", set["today"])
	}
	for {
		if _, err := complete(d, 7); errors.Is(err, model.ErrSpent) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := complete(d, 8); err != nil {
		t.Errorf("another visitor: %v", err)
	}
	d.Later(24 * time.Hour)
	if _, err := complete(d, 7); err != nil {
		t.Errorf("the next day: %v", err)
	}
	d.OK(d.Owner, "aiAgent.updateModel", m{"visitorBudget": 0, "dayBudget": 160})
	for i := range store.ID(10) {
		complete(d, 100+i)
	}
	if _, err := complete(d, 200); !errors.Is(err, model.ErrSpent) {
		t.Errorf("the day's budget: %v", err)
	}
	d.Refused("invalid", d.Owner, "aiAgent.updateModel", m{"budgetUnit": "cents"})
	d.OK(d.Owner, "aiAgent.updateModel", m{"budgetUnit": "cents", "priceIn": 1_000_000, "priceOut": 1_000_000, "dayBudget": 0, "monthBudget": 100})
	if _, err := complete(d, 0); !errors.Is(err, model.ErrSpent) { // a cent a token, of which 100 may come
		t.Errorf("the month's budget: %v", err)
	}
	stranger := d.Stranger()
	if set := d.OK(stranger, "aiAgent.getModel", m{}); set["provider"] != "" || set["today"].(m)["tokens"] != 0.0 {
		t.Errorf("another workspace sees %v", set)
	}
}

// A budget is used up to its last token and not beyond: what a question may take at most must fit, also where several
// questions come at once and each alone would fit.
func TestABudgetIsExact(t *testing.T) {
	for _, which := range []string{"visitorBudget", "dayBudget", "monthBudget"} {
		d, s := apptest.WithModel(t)
		d.Stop()
		probe := int64(0)
		for most := range int64(400) { // the least budget that one question fits in
			d.OK(d.Owner, "aiAgent.updateModel", m{which: most + 1})
			if _, err := complete(d, 7); err == nil {
				probe = most + 1
				break
			} else if !errors.Is(err, model.ErrSpent) {
				t.Fatal(err)
			}
		}
		if n := len(s.Asked()); probe < 2 || n != 1 {
			t.Fatalf("%s: with %d tokens %d questions were asked", which, probe, n)
		}
		const took = 21 // as the server says, of what it was held for
		for _, c := range []struct {
			budget int64
			asked  int
		}{{took + probe - 1, 0}, {took + probe, 1}} {
			d.OK(d.Owner, "aiAgent.updateModel", m{which: c.budget})
			before := len(s.Asked())
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() { complete(d, 7) })
			}
			all.Wait()
			if n := len(s.Asked()) - before; n != c.asked {
				t.Errorf("%s of %d, where %d are spent and each may take %d: %d of 8 at once were asked", which, c.budget, took, probe, n)
			}
		}
	}
}

// S-67, S-68: addresses inside are refused when they are typed in and when they are dialled, unless the owner of the
// machine allows them; link-local ones always. Redirects are not followed.
func TestModelServersAreOutside(t *testing.T) {
	d := apptest.New(t)
	for _, base := range []string{"http://127.0.0.1:11434", "https://127.0.0.1/v1", "https://[::1]/v1", "https://169.254.169.254/v1", "https://10.0.0.7/v1", "https://100.64.0.1/v1", "https://[fd00::1]/v1",
		"https://0.0.0.0/v1", d.URL, "file:///etc/passwd", "gopher://example.com/", "https://user:pass@example.com/v1", "https://[::ffff:127.0.0.1]/v1", "nothing"} {
		for _, provider := range []string{"openai", "anthropic", "ollama"} {
			d.Refused("invalid", d.Owner, "aiAgent.updateModel", m{"provider": provider, "baseUrl": base, "model": "x"})
			d.Refused("invalid", d.Owner, "aiAgent.listModels", m{"provider": provider, "baseUrl": base})
		}
	}
	d.Refused("invalid", d.Owner, "aiAgent.updateModel", m{"provider": "ollama", "model": "x"})
	d.OK(d.Owner, "aiAgent.updateModel", m{"provider": "openai", "baseUrl": "https://localhost:1/v1", "model": "x"}) // a name: seen when it is resolved
	if _, err := complete(d, 0); llm.KindOf(err) != llm.Forbidden {
		t.Errorf("a name that leads inside: %v", err)
	}
	allowed, s := apptest.WithModel(t)
	allowed.Refused("invalid", allowed.Owner, "aiAgent.updateModel", m{"baseUrl": "http://169.254.169.254/v1"})
	s.Behave(llmtest.Redirecting)
	if _, err := complete(allowed, 0); llm.KindOf(err) != llm.Forbidden {
		t.Errorf("a redirect: %v", err)
	}
	if n := len(s.Asked()); n != 1 {
		t.Errorf("%d requests", n)
	}
}
