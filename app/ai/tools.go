package ai

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/inbox"
	"deskbell/app/llm"
	"deskbell/app/recall"
	"deskbell/app/safe"
)

// toolList is what a model may have done for a visitor. No tool takes the id of anybody or anything: whose it is about
// comes from the conversation that is being answered. Those who want more than their arguments are refused.
var toolList = []llm.Tool{
	{Name: "search_help", Description: "Search the help center again, in other words. Its results are passages that can be cited.", Parameters: json.RawMessage(`{"type":"object","properties":{"query":{"type":"string","maxLength":300}},"required":["query"],"additionalProperties":false}`)},
	{Name: "my_conversations", Description: "List this visitor's own earlier conversations: what the newest message was about, when, and whether it is open.", Parameters: json.RawMessage(`{"type":"object","properties":{},"additionalProperties":false}`)},
	{Name: "ask_for_person", Description: "Hand over to a person of the team: when the visitor wants one, or is upset, or the passages cannot help.", Parameters: json.RawMessage(`{"type":"object","properties":{},"additionalProperties":false}`)},
}

const (
	mostCalls  = 4    // of one round
	mostResult = 6000 // characters
)

// use does what the model wants done, with the visitor's authority.
func (t *talk) use(ctx context.Context, calls []llm.Call) (out []llm.Result) {
	for i, c := range calls {
		text, failed := "", "there were too many calls at once"
		if i < mostCalls {
			text, failed = t.do(ctx, c)
		}
		if failed != "" {
			text = `{"error":` + string(asJSON(failed)) + `}`
		}
		t.th.tools = append(t.th.tools, ToolUse{Tool: safe.Clip(c.Name, 60), Asked: safe.Clip(string(c.Arguments), 300), Failed: failed})
		out = append(out, llm.Result{ID: c.ID, Name: c.Name, Text: safe.Clip(text, mostResult)})
	}
	return out
}

func (t *talk) do(ctx context.Context, c llm.Call) (text, failed string) {
	var in struct {
		Query string `json:"query"`
	}
	d := json.NewDecoder(bytes.NewReader(c.Arguments))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil && len(c.Arguments) > 0 || d.More() || c.Name != "search_help" && in.Query != "" {
		return "", "these arguments are not taken"
	}
	switch c.Name {
	case "search_help":
		return t.search(ctx, in.Query)
	case "my_conversations":
		return t.own(ctx)
	case "ask_for_person":
		t.th.reason = onRequest
		return "{}", ""
	}
	return "", "there is no such tool"
}

// search finds more passages, as the visitor may.
func (t *talk) search(ctx context.Context, query string) (text, failed string) {
	if strings.TrimSpace(query) == "" {
		return "", "say what to search for"
	}
	found, err := t.a.find(ctx, t.who.Workspace, query)
	if err != nil {
		t.a.log.Error("search for a model", "error", err)
		return "", "the search failed"
	}
	from := len(t.th.found)
	for _, f := range found {
		if !known(t.th.found, f) {
			t.th.found = append(t.th.found, f)
		}
	}
	list, shown := offer(t.th.found, from)
	t.given = append(t.given, list...)
	t.th.confidence = max(t.th.confidence, t.a.Signs(ctx, t.who.Workspace, query, found).Confidence())
	return string(asJSON(map[string]any{"passages": shown})), ""
}

func known(list []recall.Found, f recall.Found) bool {
	for _, k := range list {
		if k.ID == f.ID {
			return true
		}
	}
	return false
}

// own lists the visitor's conversations through the door that visitors have for it.
func (t *talk) own(ctx context.Context) (text, failed string) {
	e := t.a.doors.Entry("conversations.listForVisitor")
	call, err := t.a.doors.Read(e, []byte("{}"))
	if err != nil {
		return "", "the list cannot be read"
	}
	visitor := actor.Actor{Kind: actor.Visitor, Workspace: t.who.Workspace, Visitor: t.who.Visitor}
	out, err := t.a.doors.Do(ctx, visitor, call)
	page, fits := out.(door.Page[inbox.Conversation])
	if err != nil || !fits {
		t.a.log.Error("conversations for a model", "error", err)
		return "", "the list cannot be read"
	}
	var b strings.Builder
	for _, c := range page.Items[:min(len(page.Items), 10)] {
		if c.ID != t.q.conversation {
			fmt.Fprintf(&b, "%s, %s, newest message by the %s: %s\n", c.LastMessage.At.Std().UTC().Format("2006-01-02"), c.Status, c.LastMessage.SenderType, c.LastMessage.Preview)
		}
	}
	p := passage{id: newID(), at: -1, text: "The visitor's earlier conversations\n" + b.String()}
	t.given = append(t.given, p)
	return string(asJSON(given{ID: p.id, Title: "The visitor's earlier conversations", Text: b.String()})), ""
}

func asJSON(v any) []byte {
	raw, _ := json.Marshal(v)
	return raw
}
