package inbox

import (
	"context"
	"encoding/json"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// BotAnswer is what the AI agent says to a visitor.
type BotAnswer struct {
	Conversation store.ID
	Question     store.ID // the visitor's message that it answers
	Content      string
	Sources      []store.Source
	Keep         func(tx *store.Tx, message store.ID) error // what else belongs into the same write
}

// ErrSuperseded says that the AI agent's word is not wanted any more: the visitor wrote again, or a person took over.
var ErrSuperseded = fault.New(fault.Conflict, "Somebody wrote meanwhile.")

// Answer sends an AI agent's answer, unless the question is not the last word any more.
func (b *Inbox) Answer(ctx context.Context, who actor.Actor, in BotAnswer) error {
	d, err := compose(in.Content, nil, "")
	if err != nil {
		return err
	}
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		c, err := b.forBot(tx, in.Conversation, in.Question)
		if err != nil {
			return err
		}
		if d.sources, err = json.Marshal(append([]store.Source{}, in.Sources...)); err != nil {
			return err
		}
		before := *c
		c.AIState = "ai_handled"
		if err := tx.Conversations.Save(&before, c); err != nil { // its counters move with it
			return err
		}
		m, err := b.add(tx, who, c, d, false)
		if err != nil {
			return err
		}
		return in.Keep(tx, m.ID)
	})
	return err
}

// forBot finds a conversation that still waits for the AI agent's word on a question.
func (b *Inbox) forBot(tx *store.Tx, conversation, question store.ID) (*store.Conversation, error) {
	c, err := tx.Conversations.ByID(conversation)
	if err == nil && !ForBot(c, question) {
		err = ErrSuperseded
	}
	return c, err
}

// ForBot reports whether a conversation's question is the AI agent's to answer: nobody holds it, it was not handed
// over, and nothing was said since.
func ForBot(c *store.Conversation, question store.ID) bool {
	return c.Status == store.StatusOpen && c.Assignee == 0 && c.AIState != "handoff" && c.LastPublic == question && c.VisitorSender == store.ByVisitor
}

// BotHandOver is how a conversation goes from the AI agent to people.
type BotHandOver struct {
	Conversation store.ID
	Reason       string
	Notice       string // to the visitor; empty: nothing is said
	Note         string // to the team
	Keep         func(tx *store.Tx) error
}

// HandOver gives a conversation to people, once: the visitor is told, and the team finds what it was about. It reports
// whether it had not been handed over before.
func (b *Inbox) HandOver(ctx context.Context, who actor.Actor, in BotHandOver) (first bool, err error) {
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		c, err := tx.Conversations.ByID(in.Conversation)
		if first = err == nil && c.AIState != "handoff"; !first {
			return err
		}
		return b.handOver(tx, who, c, in)
	})
	return first && err == nil, err
}

func (b *Inbox) handOver(tx *store.Tx, who actor.Actor, c *store.Conversation, in BotHandOver) error {
	before := *c
	c.AIState = "handoff"
	if err := tx.Conversations.Save(&before, c); err != nil {
		return err
	}
	for _, say := range []struct {
		text     string
		internal bool
	}{{in.Note, true}, {in.Notice, false}} {
		if say.text == "" {
			continue
		}
		d, err := compose(say.text, nil, "")
		if err != nil {
			return err
		}
		if _, err := b.add(tx, who, c, d, say.internal); err != nil {
			return err
		}
	}
	if err := b.addEvent(tx, c, Event{Type: "handed_over", Reason: in.Reason}); err != nil || in.Keep == nil {
		return err
	}
	return in.Keep(tx)
}

// HandBack lets the AI agent answer in a conversation again.
func (b *Inbox) HandBack(ctx context.Context, who actor.Actor, in Which) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, func(tx *store.Tx, c *store.Conversation) error {
		if c.AIState != "handoff" && c.Assignee == 0 {
			return nil
		}
		c.AIState, c.Assignee = "none", 0
		return b.addEvent(tx, c, Event{Type: "handed_back", Actor: by(who)})
	})
}
