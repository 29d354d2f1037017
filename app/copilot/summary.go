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
	"deskbell/app/tongue"
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
	text, err := c.ask(ctx, who, errand{purpose: "summary",
		task: "Sum the conversation up for a colleague who takes it over, in at most six short bullet points: what the visitor wants, what was tried and said, what is open. Write in the language of the team's messages, English where there are none. Make nothing up.",
		data: map[string]any{"conversation": m.lines(), "status": m.Status, "handedOverByAI": m.AIState == "handoff"}})
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
	say := tongue.Say(t.language())
	var b strings.Builder
	line := func(head, text string) {
		if text != "" {
			fmt.Fprintf(&b, "**%s:** %s\n\n", head, text)
		}
	}
	var first, visitor, team, note string
	var by store.SenderType // who of the visitor and the team spoke last
	for _, m := range t.all() {
		if m.SenderType == store.ByVisitor || m.SenderType == store.ByAgent {
			by = m.SenderType
		}
		switch {
		case m.SenderType == store.ByVisitor && first == "":
			first = recall.Quote(m.Content)
		case m.SenderType == store.ByVisitor:
			visitor = recall.Quote(m.Content)
		case m.SenderType == store.ByAgent || len(m.Sources) > 2:
			team = m.SenderName + ": " + recall.Quote(m.Content)
		}
	}
	notes := 0
	for _, m := range t.last {
		if m.Kind == "note" && m.SenderType == store.ByAgent {
			note = m.SenderName + ": " + recall.Quote(m.Content)
			notes++
		}
	}
	line(say.AskedFirst, first)
	line(say.SaidLast, visitor)
	line(say.AnsweredLast, team)
	line(say.LastNote, note)
	state := say.Open
	switch {
	case t.Status == store.StatusClosed:
		state = say.Closed
	case t.Status == store.StatusSnoozed:
		state = say.Snoozed
	case t.VisitorSender == store.ByVisitor, t.AIState == "handoff" && by == store.ByVisitor:
		state = say.Waiting
	}
	if t.AIState == "handoff" {
		state += ", " + say.HandedOver
	}
	line(say.State, state)
	said := fmt.Sprint(t.MessageCount)
	if notes > 0 {
		said += fmt.Sprintf(" (%s: %d)", say.Notes, notes)
	}
	line(say.Messages, said)
	return strings.TrimSpace(b.String())
}
