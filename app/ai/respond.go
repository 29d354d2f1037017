package ai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/event"
	"deskbell/app/inbox"
	"deskbell/app/recall"
	"deskbell/store"
)

// Why a conversation was handed over.
const (
	lowConfidence = "low_confidence"
	onRequest     = "requested"
	onTopic       = "topic"
	onTurns       = "turns"
	onFailure     = "failure"
)

// thought is what the agent makes of one question.
type thought struct {
	question   string
	found      []recall.Found
	cited      map[int]bool // of found
	answer     string       // empty: there is nothing to say
	sources    []store.Source
	confidence float64
	reason     string // to hand over; empty: the answer may be sent
	took       time.Duration
}

// wanted reports whether a message may be the agent's to answer: a visitor's, where the workspace has an agent.
func wanted(tx *store.Tx, e event.MessageSent) (bool, error) {
	if e.Sender != store.ByVisitor {
		return false, nil
	}
	s, err := tx.AI.Settings()
	return err == nil && s.Enabled, err
}

// respond deals with a visitor's message. It may run more than once: a question is dealt with once.
func (a *Agent) respond(ctx context.Context, e event.MessageSent) error {
	if e.Sender != store.ByVisitor {
		return nil
	}
	var s *store.AISettings
	var asked string
	turns := 0
	mine := false
	err := a.db.Read(ctx, e.Workspace, func(tx *store.Tx) (err error) {
		if s, err = tx.AI.Settings(); err != nil || !s.Enabled {
			return err
		}
		c, err := tx.Conversations.ByID(e.Conversation)
		if err != nil || !inbox.ForBot(c, e.Message) || c.FirstResponseAt > 0 && c.AIState != "none" && c.AIState != "ai_handled" {
			return err
		}
		done, err := tx.AI.Asked(e.Message)
		if err != nil || done {
			return err
		}
		m, err := tx.Messages.ByID(e.Conversation, e.Message)
		if err != nil || m.CreatedAt < s.EnabledAt {
			return err
		}
		asked, mine = m.Content, true
		turns, err = tx.AI.Turns(e.Conversation)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !mine {
		return nil
	}
	if err != nil {
		return err
	}
	who := actor.Actor{Kind: actor.AI, Workspace: e.Workspace, Name: s.Name}
	th := a.think(ctx, e.Workspace, s, asked, turns)
	if th.reason == "" {
		err = a.say(ctx, who, s, e, th)
	} else {
		err = a.giveUp(ctx, who, s, e, th)
	}
	if errors.Is(err, inbox.ErrSuperseded) || errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// think finds an answer, and decides whether it is good enough. It does not fail: where something breaks, a person
// is to answer.
func (a *Agent) think(ctx context.Context, workspace store.ID, s *store.AISettings, question string, turns int) thought {
	begun := time.Now()
	th := thought{question: question, cited: map[int]bool{}}
	defer func() { th.took = time.Since(begun) }()
	switch {
	case WantsPerson(question):
		th.reason = onRequest
		return th
	case about(question, s.Topics):
		th.reason = onTopic
		return th
	}
	found, err := a.index.Find(ctx, recall.Query{Workspace: workspace, Text: question, Sources: knowledge, Limit: 6, PerDocument: 2})
	if err != nil {
		a.log.Error("recall for the AI agent", "error", err)
		th.reason = onFailure
		return th
	}
	th.found = found
	th.confidence = Confidence(question, found)
	a.extract(ctx, workspace, &th)
	switch {
	case turns >= s.MaxTurns:
		th.reason = onTurns
	case th.answer == "" || th.confidence < s.Threshold:
		th.reason = lowConfidence
	}
	return th
}

func about(question string, topics json.RawMessage) bool {
	var list []string
	if json.Unmarshal(topics, &list) != nil {
		return false
	}
	padded := " " + strings.Join(tokens(question), " ") + " "
	for _, t := range list {
		if strings.Contains(padded, " "+strings.Join(tokens(t), " ")+" ") {
			return true
		}
	}
	return false
}

// say sends the answer, together with the run that led to it.
func (a *Agent) say(ctx context.Context, who actor.Actor, s *store.AISettings, e event.MessageSent, th thought) error {
	return a.inbox.Answer(ctx, who, inbox.BotAnswer{Conversation: e.Conversation, Question: e.Message, Content: th.answer, Sources: th.sources,
		Keep: func(tx *store.Tx, message store.ID) error {
			return tx.AI.AddRun(run(s, e, th, "answered", message), th.chunks())
		}})
}

// giveUp hands over to a person. What would have been said stays with the team.
func (a *Agent) giveUp(ctx context.Context, who actor.Actor, s *store.AISettings, e event.MessageSent, th thought) error {
	_, err := a.inbox.HandOver(ctx, who, inbox.BotHandOver{Conversation: e.Conversation, Reason: th.reason, Notice: notice(s, th.question), Note: summary(th),
		Keep: func(tx *store.Tx) error { return tx.AI.AddRun(run(s, e, th, "handed_over", 0), th.chunks()) }})
	return err
}

func run(s *store.AISettings, e event.MessageSent, th thought, decision string, answer store.ID) *store.AIRun {
	return &store.AIRun{Conversation: e.Conversation, Question: e.Message, Answer: answer, Asked: th.question, Candidate: th.answer, Decision: decision, Reason: th.reason,
		Confidence: th.confidence, Threshold: s.Threshold, TookMs: th.took.Milliseconds()}
}

func (th thought) chunks() []store.AIRunChunk {
	out := make([]store.AIRunChunk, 0, len(th.found))
	for i, f := range th.found {
		out = append(out, store.AIRunChunk{Source: f.Document.Source, SourceID: f.Document.SourceID, Title: f.Document.Title, Heading: f.Heading,
			Words: f.Words, Meaning: f.Meaning, Score: f.Score, Cited: th.cited[i]})
	}
	return out
}

var because = map[string]string{
	lowConfidence: "Nothing in the help center answers this surely enough.", onRequest: "The visitor asked for a person.",
	onTopic: "This topic is left to people.", onTurns: "The AI agent had its turns.", onFailure: "The AI agent could not look anything up.",
}

// summary is the note that the team finds.
func summary(th thought) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n**Asked:** %s", because[th.reason], quoted(th.question))
	if len(th.found) > 0 {
		b.WriteString("\n\n**Nearest:**\n")
		seen := map[store.ID]bool{}
		for _, f := range th.found {
			if !seen[f.Document.SourceID] && len(seen) < 3 {
				seen[f.Document.SourceID] = true
				fmt.Fprintf(&b, "\n- %s", quoted(f.Document.Title))
			}
		}
		fmt.Fprintf(&b, "\n\nConfidence %d %%.", int(th.confidence*100+0.5))
	}
	return b.String()
}

// quoted is a stranger's text on one line without marks.
func quoted(s string) string {
	s = recall.Plain(s)
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return strings.NewReplacer("*", "\\*", "_", "\\_", "[", "\\[", "`", "\\`", "<", "&lt;").Replace(s)
}
