package recall_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app/llm/llmtest"
	"deskbell/app/outside"
	"deskbell/app/recall"
)

func far(t *testing.T, protocol string) (*llmtest.Server, recall.Embedder) {
	t.Helper()
	s := llmtest.New()
	t.Cleanup(s.Close)
	base := s.URL
	if protocol == "openai" {
		base += "/v1"
	}
	e, err := recall.Remote{Protocol: protocol, BaseURL: base, Key: "k", Model: "m", Reach: outside.Private}.Embedder()
	if err != nil {
		t.Fatal(err)
	}
	return s, e
}

func TestAServersVectorsComeInOrder(t *testing.T) {
	for _, protocol := range []string{"openai", "ollama"} {
		_, e := far(t, protocol)
		both, err := e.Embed(t.Context(), []string{"a", "b"})
		if err != nil {
			t.Fatal(err)
		}
		one, err := e.Embed(t.Context(), []string{"b"})
		if err != nil || !slices.Equal(one[0], both[1]) || slices.Equal(both[0], both[1]) {
			t.Errorf("%s: got %v and %v, %v", protocol, both, one, err)
		}
		sum := 0.0
		for _, f := range one[0] {
			sum += float64(f) * float64(f)
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("%s: length %v", protocol, sum)
		}
	}
}

// Some servers send base64 whatever they were asked for; it is the same vector. What a server says of its refusal is told.
func TestAServersFormsAndWords(t *testing.T) {
	s, e := far(t, "openai")
	plain, err := e.Embed(t.Context(), []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	s.Behave(llmtest.Base64)
	packed, err := e.Embed(t.Context(), []string{"a", "b"})
	if err != nil || !slices.Equal(packed[0], plain[0]) || !slices.Equal(packed[1], plain[1]) {
		t.Errorf("as base64: %v, %v", packed, err)
	}
	for mode, words := range map[llmtest.Mode]string{llmtest.Denied: "status 401: Incorrect API key", llmtest.Penniless: "status 429: You exceeded your current quota", llmtest.TooMuch: "status 400: This model's maximum"} {
		s.Behave(mode)
		if _, err := e.Embed(t.Context(), []string{"a"}); err == nil || !strings.Contains(err.Error(), words) || errors.Is(err, recall.ErrRefused) != (mode == llmtest.TooMuch) {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestABadServerIsAnError(t *testing.T) {
	for _, mode := range []llmtest.Mode{
		llmtest.Limited, llmtest.Failing, llmtest.Denied, llmtest.Hanging, llmtest.Stalling, llmtest.Truncated, llmtest.Endless, llmtest.Huge,
		llmtest.Empty, llmtest.Redirecting, llmtest.Page, llmtest.WrongLength, llmtest.Fewer, llmtest.Zero,
	} {
		for _, protocol := range []string{"openai", "ollama"} {
			t.Run(string(mode)+"/"+protocol, func(t *testing.T) {
				t.Parallel()
				s, e := far(t, protocol)
				if _, err := e.Embed(t.Context(), []string{"a"}); err != nil { // now its length is known
					t.Fatal(err)
				}
				s.Behave(mode)
				patience := time.Minute
				if mode == llmtest.Hanging || mode == llmtest.Stalling {
					patience = time.Second
				}
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				list, err := e.Embed(ctx, []string{"a", "b"})
				if err == nil || list != nil || errors.Is(err, recall.ErrRefused) || patience == time.Minute && ctx.Err() != nil {
					t.Errorf("got %v, %v", list, err)
				}
				s.Behave(llmtest.Good)
				if _, err := e.Embed(t.Context(), []string{"a"}); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			})
		}
	}
}

func TestNoEmbedderInsideWithoutTheOwnersLeave(t *testing.T) {
	s := llmtest.New()
	defer s.Close()
	for _, base := range []string{s.URL, "https://localhost" + s.URL[strings.LastIndex(s.URL, ":"):], "https://10.0.0.1"} {
		e, err := recall.Remote{Protocol: "openai", BaseURL: base, Model: "m"}.Embedder()
		if err == nil {
			_, err = e.Embed(t.Context(), []string{"a"})
		}
		if err == nil {
			t.Errorf("%s: no error", base)
		}
	}
	if len(s.Asked()) != 0 {
		t.Error("a request came through")
	}
}
