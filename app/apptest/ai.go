package apptest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"deskbell/app"
	"deskbell/app/llm/llmtest"
	"deskbell/store"
)

// First is the first item of a list.
func First(out m) m { return out["items"].([]any)[0].(m) }

// Article writes and publishes an article, and waits until it is known by words.
func (d *Desk) Article(title, content string) string {
	d.T.Helper()
	id := d.OK(d.Owner, "articles.create", m{"title": title, "content": content})["id"].(string)
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	return id
}

// Learned waits until every piece of the workspace's knowledge is found by meaning.
func (d *Desk) Learned(pieces int) {
	d.T.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		s := d.OK(d.Owner, "aiAgent.getSettings", m{})
		if s["pieces"].(float64) >= float64(pieces) && s["indexed"] == s["pieces"] {
			return
		}
		if time.Now().After(deadline) {
			d.T.Fatalf("not learned: %v", s)
		}
	}
}

// Shows waits for something that a conversation shows its visitor.
func (d *Desk) Shows(visitor, conversation string, fits func(m) bool) m {
	d.T.Helper()
	ws := d.Socket(visitor)
	defer ws.Close()
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": conversation}})
	var found m
	d.Hear(ws, func(a m) bool {
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

// Heard is a request as the model's server gets it.
type Heard struct {
	System    string
	Turns     []struct{ Role, Text string }
	Passages  []struct{ ID, Title, Section, Text string }
	Question  string
	Tools     []string
	ToolSaid  []string // results of tools
	Body      string
	MaxTokens float64
}

// Read takes a request apart, as a model would.
func Read(t testing.TB, body string) (h Heard) {
	t.Helper()
	var r struct {
		MaxTokens float64 `json:"max_tokens"`
		Messages  []struct {
			Role    string
			Content any
		}
		Tools []struct{ Function struct{ Name string } }
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Errorf("request %q: %v", body, err)
	}
	h.Body, h.MaxTokens = body, r.MaxTokens
	for _, one := range r.Tools {
		h.Tools = append(h.Tools, one.Function.Name)
	}
	for _, one := range r.Messages {
		text, _ := one.Content.(string)
		if parts, is := one.Content.([]any); is {
			for _, p := range parts {
				if s, is := p.(m)["text"].(string); is {
					text += s
				}
			}
		}
		switch one.Role {
		case "system":
			h.System += text
		case "tool":
			h.ToolSaid = append(h.ToolSaid, text)
			var more struct {
				Passages []struct{ ID, Title, Section, Text string }
				ID       string
				Text     string
			}
			json.Unmarshal([]byte(text), &more)
			h.Passages = append(h.Passages, more.Passages...)
			if more.ID != "" {
				h.Passages = append(h.Passages, struct{ ID, Title, Section, Text string }{ID: more.ID, Text: more.Text})
			}
		default:
			h.Turns = append(h.Turns, struct{ Role, Text string }{one.Role, text})
			if at := strings.Index(text, `{"passages":`); at >= 0 {
				var in struct {
					Passages []struct{ ID, Title, Section, Text string }
					Question string
				}
				if err := json.Unmarshal([]byte(text[at:]), &in); err != nil {
					t.Errorf("question %q: %v", text, err)
				}
				h.Passages, h.Question = append(in.Passages, h.Passages...), in.Question
			}
		}
	}
	return h
}

// ID is that of the first passage whose text has a word.
func (h Heard) ID(word string) string {
	for _, p := range h.Passages {
		if strings.Contains(p.Text, word) {
			return p.ID
		}
	}
	return "xxxxx"
}

// Internal publishes an article for the team alone.
func (d *Desk) Internal(title, content string) string {
	d.T.Helper()
	id := d.OK(d.Owner, "articles.create", m{"title": title, "content": content, "visibility": "internal"})["id"].(string)
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	return id
}

// ModelKey is the key of the workspace's model.
const ModelKey = "sk-test-0123456789abcdefWXYZ"

// WithModel is a desk whose workspace has a model: a server that misbehaves on command.
func WithModel(t testing.TB) (*Desk, *llmtest.Server) {
	t.Helper()
	s := llmtest.New()
	t.Cleanup(s.Close)
	d := With(t, app.Options{PrivateAI: true})
	d.OK(d.Owner, "aiAgent.updateModel", m{"provider": "openai", "baseUrl": s.URL + "/v1", "model": "model-a", "key": ModelKey})
	return d, s
}

// Calls are the calls to models that were written down.
func (d *Desk) Calls() (list []store.AICall) {
	d.T.Helper()
	err := d.App.DB.Read(d.T.Context(), d.Space(), func(tx *store.Tx) (err error) {
		list, err = tx.Models.Calls(100)
		return err
	})
	if err != nil {
		d.T.Fatal(err)
	}
	return list
}

// Data is what stands in a request of the copilot as data.
func (h Heard) Data() string {
	if len(h.Turns) == 0 {
		return ""
	}
	return h.Turns[len(h.Turns)-1].Text
}
