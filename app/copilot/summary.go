package copilot

import (
	"context"
	"fmt"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/store"
)

// Summed is what a conversation was about so far.
type Summed struct {
	Summary string  `json:"summary"` // Markdown
	HTML    string  `json:"summaryHtml"`
	How     string  `json:"how" enum:"extractive,model"`
	Why     *string `json:"why"` // the model failed, and why
}

// Summarize sums a conversation up: how it began, what was said last, and where it stands.
func (c *Copilot) Summarize(ctx context.Context, who actor.Actor, in Which) (out Summed, err error) {
	m, err := c.open(ctx, who, in.ConversationID)
	if err != nil {
		return out, err
	}
	if !who.Can(may.Reply) { // who may only read spends nothing
		return quoting(m), nil
	}
	text, err := c.ask(ctx, who, "summary", "Sum the conversation up for a colleague who takes it over, in at most six short bullet points: what the visitor wants, what was tried and said, what is open. Write in the language of the team's messages, English where there are none. Make nothing up.",
		map[string]any{"conversation": m.lines(), "status": m.Status, "handedOverByAI": m.AIState == "handoff"})
	switch {
	case err == nil:
		return Summed{Summary: text, HTML: safe.HTML(text), How: byModel}, nil
	case fault.Of(err).Kind == fault.Internal:
		return out, err
	}
	out = quoting(m)
	out.Why = why(err)
	return out, nil
}

func quoting(m matter) Summed {
	text := m.summary()
	return Summed{Summary: text, HTML: safe.HTML(text), How: extractive}
}

// summary quotes what was said; it makes nothing up.
func (t talk) summary() string {
	var b strings.Builder
	line := func(head, text string) {
		if text != "" {
			fmt.Fprintf(&b, "**%s:** %s\n\n", head, text)
		}
	}
	var first, visitor, team, note string
	for _, m := range t.all() {
		switch {
		case m.SenderType == store.ByVisitor && first == "":
			first = quoted(m.Content)
		case m.SenderType == store.ByVisitor:
			visitor = quoted(m.Content)
		case m.SenderType == store.ByAgent || len(m.Sources) > 2:
			team = m.SenderName + ": " + quoted(m.Content)
		}
	}
	notes := 0
	for _, m := range t.last {
		if m.Kind == "note" && m.SenderType == store.ByAgent {
			note = m.SenderName + ": " + quoted(m.Content)
			notes++
		}
	}
	line("Asked first", first)
	line("Said last by the visitor", visitor)
	line("Answered last", team)
	line("Last note", note)
	state := "Open"
	switch {
	case t.Status == store.StatusClosed:
		state = "Closed"
	case t.Status == store.StatusSnoozed:
		state = "Snoozed"
	case t.VisitorSender == store.ByVisitor:
		state = "Open, waiting for an answer"
	}
	if t.AIState == "handoff" {
		state += ", handed over by the AI agent"
	}
	said := count(t.MessageCount, "message", "messages")
	if notes > 0 {
		said += ", " + count(notes, "of them a note", "of them notes")
	}
	line("State", state+". "+said+".")
	return strings.TrimSpace(b.String())
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

// quoted is a text of the talk on one line, without marks.
func quoted(s string) string {
	r := []rune(recall.Plain(s))
	if len(r) > 280 {
		s = string(r[:280]) + "…"
	} else {
		s = string(r)
	}
	return strings.NewReplacer("*", "\\*", "_", "\\_", "[", "\\[", "`", "\\`", "<", "&lt;").Replace(s)
}
