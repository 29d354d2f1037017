package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"deskbell/app/llm"
	"deskbell/app/llm/llmtest"
	"deskbell/app/outside"
)

func start(t *testing.T) *llmtest.Server {
	t.Helper()
	s := llmtest.New()
	t.Cleanup(s.Close)
	return s
}

var providers = []llm.Provider{llm.OpenAI, llm.Anthropic, llm.Ollama}

func model(t *testing.T, s *llmtest.Server, p llm.Provider) *llm.Model {
	t.Helper()
	base := s.URL + "/v1"
	if p == llm.Ollama {
		base = s.URL
	}
	m, err := llm.New(llm.Config{Provider: p, BaseURL: base, Key: "k", Model: "m", Reach: outside.Private})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func prompt() llm.Prompt {
	return llm.Prompt{System: "Be kind.", Messages: []llm.Message{{Role: llm.User, Text: "Can I send it back?"}}, Timeout: time.Minute}
}

func TestAnAnswerIsStreamed(t *testing.T) {
	for _, p := range providers {
		s := start(t)
		var heard []string
		q := prompt()
		q.Stream = func(text string) error { heard = append(heard, text); return nil }
		a, err := model(t, s, p).Ask(t.Context(), q)
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		if a.Text != llmtest.Text || strings.Join(heard, "") != llmtest.Text || len(heard) < 5 || a.TokensIn != 12 || a.TokensOut != 9 || a.Cut {
			t.Errorf("%s: got %+v, heard %q", p, a, heard)
		}
		if body := s.Asked()[0]; strings.Contains(body, "temperature") || !strings.Contains(body, "Be kind.") {
			t.Errorf("%s: sent %s", p, body)
		}
	}
}

func TestWhatGoesWrongHasAKind(t *testing.T) {
	for mode, want := range map[llmtest.Mode]llm.Kind{
		llmtest.Limited: llm.RateLimited, llmtest.Failing: llm.Overloaded, llmtest.Denied: llm.Auth, llmtest.Hanging: llm.Timeout, llmtest.Stalling: llm.Timeout,
		llmtest.Truncated: llm.Broken, llmtest.BrokenOff: llm.Broken, llmtest.Endless: llm.TooLong, llmtest.Empty: llm.Broken, llmtest.Huge: llm.TooLong,
		llmtest.Redirecting: llm.Forbidden, llmtest.Page: llm.Broken, llmtest.Erring: llm.Overloaded, llmtest.Odd: llm.Broken,
		llmtest.Penniless: llm.Auth, llmtest.Busy: llm.Overloaded, llmtest.TooMuch: llm.Refused,
	} {
		for _, p := range providers {
			t.Run(string(mode)+"/"+string(p), func(t *testing.T) {
				t.Parallel()
				s := start(t)
				s.Behave(mode)
				q := prompt()
				q.Timeout = time.Minute
				if want == llm.Timeout {
					q.Timeout = 700 * time.Millisecond
				}
				q.MaxBytes = 1000
				size := 0
				q.Stream = func(text string) error { size += len(text); return nil }
				a, err := model(t, s, p).Ask(t.Context(), q)
				if llm.KindOf(err) != want || a != nil {
					t.Errorf("got %v, %v; want %s", a, err, want)
				}
				if size > 1000 {
					t.Errorf("%d bytes were taken", size)
				}
				var e *llm.Error
				if mode == llmtest.Limited && (!errors.As(err, &e) || e.RetryAfter != 7*time.Second || e.Status != 429) {
					t.Errorf("got %+v", e)
				}
			})
		}
	}
}

// What a filter or the model's own rules held back is no answer, whatever came before; what its bound cut is one, and says so.
func TestWhyAnAnswerEnds(t *testing.T) {
	for _, p := range []llm.Provider{llm.OpenAI, llm.Anthropic} {
		s := start(t)
		s.Behave(llmtest.Held)
		if a, err := model(t, s, p).Ask(t.Context(), prompt()); llm.KindOf(err) != llm.Refused || a != nil {
			t.Errorf("%s: held back: %v, %v", p, a, err)
		}
		s.Behave(llmtest.Short)
		if a, err := model(t, s, p).Ask(t.Context(), prompt()); err != nil || !a.Cut || a.Text != llmtest.Text {
			t.Errorf("%s: cut: %+v, %v", p, a, err)
		}
		s.Behave(llmtest.Good)
		if a, err := model(t, s, p).Ask(t.Context(), prompt()); err != nil || a.Cut {
			t.Errorf("%s: whole: %+v, %v", p, a, err)
		}
	}
}

func TestACancelledAnswerIsAnError(t *testing.T) {
	for _, p := range providers {
		s := start(t)
		s.Behave(llmtest.Stalling)
		ctx, cancel := context.WithCancel(t.Context())
		q := prompt()
		q.Stream = func(string) error { cancel(); return nil }
		if a, err := model(t, s, p).Ask(ctx, q); llm.KindOf(err) != llm.Cancelled || a != nil {
			t.Errorf("%s: got %v, %v", p, a, err)
		}
		cancel()
	}
}

func TestAListenerCanStopTheAnswer(t *testing.T) {
	enough := errors.New("enough")
	for _, p := range providers {
		s := start(t)
		s.Behave(llmtest.Endless)
		q := prompt()
		q.Stream = func(string) error { return enough }
		if _, err := model(t, s, p).Ask(t.Context(), q); !errors.Is(err, enough) {
			t.Errorf("%s: got %v", p, err)
		}
	}
}

func TestToolCallsStayOutOfTheStream(t *testing.T) {
	for _, p := range providers {
		s := start(t)
		s.Behave(llmtest.Calling)
		heard := ""
		q := prompt()
		q.Tools = []llm.Tool{{Name: "orders_track", Description: "Where an order is.", Parameters: json.RawMessage(`{"type":"object","properties":{"order":{"type":"integer"}}}`)}}
		q.Stream = func(text string) error { heard += text; return nil }
		a, err := model(t, s, p).Ask(t.Context(), q)
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		if heard != "" || len(a.Calls) != 1 || a.Calls[0].Name != "orders_track" || string(a.Calls[0].Arguments) != `{"order":42}` {
			t.Errorf("%s: heard %q, got %+v", p, heard, a)
		}
		if !strings.Contains(s.Asked()[0], "orders_track") {
			t.Errorf("%s: the tool was not offered", p)
		}
		s.Behave(llmtest.Good)
		q.Messages = append(q.Messages, llm.Message{Role: llm.Assistant, Calls: a.Calls}, llm.Message{Role: llm.User, Results: []llm.Result{{ID: a.Calls[0].ID, Name: "orders_track", Text: "on its way"}}})
		if a, err = model(t, s, p).Ask(t.Context(), q); err != nil || a.Text != llmtest.Text || !strings.Contains(s.Asked()[1], "on its way") {
			t.Errorf("%s: after the tool: %+v, %v", p, a, err)
		}
	}
}

func TestAnInjectedAnswerIsOnlyText(t *testing.T) {
	for _, p := range providers {
		s := start(t)
		s.Behave(llmtest.Injected)
		a, err := model(t, s, p).Ask(t.Context(), prompt())
		if err != nil || a.Text != llmtest.Injection || len(s.Asked()) != 1 {
			t.Errorf("%s: got %+v, %v", p, a, err)
		}
	}
}

func TestModelsAreListed(t *testing.T) {
	for _, p := range providers {
		s := start(t)
		if list, err := model(t, s, p).Models(t.Context()); err != nil || strings.Join(list, " ") != "model-a model-b" {
			t.Errorf("%s: got %v, %v", p, list, err)
		}
		for mode, want := range map[llmtest.Mode]llm.Kind{llmtest.Denied: llm.Auth, llmtest.Truncated: llm.Broken, llmtest.Huge: llm.TooLong, llmtest.Page: llm.Broken, llmtest.Redirecting: llm.Forbidden} {
			s.Behave(mode)
			if _, err := model(t, s, p).Models(t.Context()); llm.KindOf(err) != want {
				t.Errorf("%s, %s: got %v", p, mode, err)
			}
		}
	}
}

func TestNoModelInsideWithoutTheOwnersLeave(t *testing.T) {
	s := start(t)
	for _, base := range []string{s.URL, strings.Replace(s.URL, "http:", "https:", 1), "https://169.254.169.254/latest", "https://localhost:" + s.URL[strings.LastIndex(s.URL, ":")+1:]} {
		m, err := llm.New(llm.Config{Provider: llm.OpenAI, BaseURL: base, Model: "m"})
		if err == nil {
			_, err = m.Ask(t.Context(), prompt())
		}
		if llm.KindOf(err) != llm.Forbidden {
			t.Errorf("%s: got %v", base, err)
		}
	}
	if len(s.Asked()) != 0 {
		t.Error("a request came through")
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		s := llmtest.New()
		defer s.Close()
		for _, mode := range []llmtest.Mode{llmtest.Erring, llmtest.Odd, llmtest.BrokenOff, llmtest.Endless, llmtest.Stalling} {
			for _, p := range providers {
				s.Behave(mode)
				q := prompt()
				q.Timeout, q.MaxBytes = 200*time.Millisecond, 100
				if _, err := model(t, s, p).Ask(t.Context(), q); err == nil {
					t.Errorf("%s, %s: no error", p, mode)
				}
			}
		}
	}()
	for deadline := time.Now().Add(time.Minute); runtime.NumGoroutine() > before+2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			raw := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, raw[:runtime.Stack(raw, true)])
		}
	}
}
