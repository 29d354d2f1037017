package inbox

import (
	"context"
	"slices"

	"deskbell/app/actor"
	"deskbell/app/event"
	"deskbell/app/fault"
	"deskbell/store"
)

// Merge names a conversation, and the one that takes it in.
type Merge struct {
	ConversationID store.ID `json:"conversationId"`
	IntoID         store.ID `json:"intoConversationId"`
}

// Merge puts everything that was said in one conversation into another of the same person, in the order of time. The
// emptied one is closed and names the other; what is still sent to it goes there. Merging again changes nothing.
func (b *Inbox) Merge(ctx context.Context, who actor.Actor, in Merge) (out Conversation, err error) {
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		from, err := b.find(tx, who, in.ConversationID)
		if err != nil {
			return err
		}
		to, err := b.find(tx, who, in.IntoID)
		if err != nil {
			return err
		}
		if from.MergedInto != to.ID {
			if err := mergeable(from, to); err != nil {
				return err
			}
			if err := b.merge(tx, who, from, to); err != nil {
				return err
			}
		}
		out, err = b.conversation(tx, who, to.ID)
		return err
	})
	return out, err
}

func mergeable(from, to *store.Conversation) error {
	switch {
	case from.ID == to.ID:
		return fault.New(fault.Invalid, "Choose another conversation to merge this one into.").On("intoConversationId")
	case from.Visitor != to.Visitor:
		return fault.New(fault.Invalid, "Only conversations of the same person can be merged: everybody sees their own.").On("intoConversationId")
	case from.MergedInto != 0 || to.MergedInto != 0:
		return errMerged
	}
	return nil
}

var errMerged = fault.New(fault.Conflict, "This conversation was merged into another.")

func (b *Inbox) merge(tx *store.Tx, who actor.Actor, from, to *store.Conversation) error {
	was, before := *from, *to
	if err := tx.Conversations.Merge(from.ID, to.ID); err != nil {
		return err
	}
	if err := tx.Drafts.Move(from.ID, to.ID); err != nil {
		return err
	}
	if from.LastPublic > to.LastPublic {
		if err := tx.Reads.Move(from.ID, to.ID); err != nil {
			return err
		}
	}
	join(to, from, tx.Now())
	from.AIState, from.MergedInto, from.MessageCount, from.UnreadByAgent, from.UnreadByVisitor, from.LastPublic = "none", to.ID, 0, 0, 0, 0
	move(from, store.StatusClosed, tx.Now())
	if err := tx.Conversations.Save(&was, from); err != nil {
		return err
	}
	if err := tx.Conversations.Save(&before, to); err != nil {
		return err
	}
	if err := b.addEvent(tx, from, Event{Type: "merged", Actor: by(who), Target: &Named{to.ID, before.LastPreview}}); err != nil {
		return err
	}
	if err := b.addEvent(tx, to, Event{Type: "merged_in", Actor: by(who), Target: &Named{from.ID, was.LastPreview}}); err != nil {
		return err
	}
	return b.emit(tx, event.ConversationMerged{Workspace: tx.Workspace, Conversation: from.ID, Into: to.ID})
}

// join brings to's row up to date, as if all messages had been written there.
func join(to, from *store.Conversation, now store.Time) {
	if from.LastMessage > to.LastMessage {
		to.LastMessage, to.LastMessageAt, to.LastPreview = from.LastMessage, from.LastMessageAt, from.LastPreview
		to.LastSenderType, to.LastSenderName, to.LastInternal = from.LastSenderType, from.LastSenderName, from.LastInternal
	}
	if from.LastPublic > to.LastPublic {
		to.LastPublic, to.VisitorPreview, to.VisitorSender = from.LastPublic, from.VisitorPreview, from.VisitorSender
		to.VisitorSenderName, to.VisitorMessageAt = from.VisitorSenderName, from.VisitorMessageAt
	}
	to.MessageCount += from.MessageCount
	to.UnreadByAgent += from.UnreadByAgent
	to.UnreadByVisitor += from.UnreadByVisitor
	to.AgentReadID = min(to.AgentReadID, from.AgentReadID)
	to.VisitorReadID = min(to.VisitorReadID, from.VisitorReadID)
	if to.FirstResponseAt == 0 || from.FirstResponseAt != 0 && from.FirstResponseAt < to.FirstResponseAt {
		to.FirstResponseAt = from.FirstResponseAt
	}
	if from.AIState == "handoff" {
		to.AIState = from.AIState
	}
	if to.Assignee == 0 {
		to.Assignee = from.Assignee
	}
	if slices.Index(priorities, from.Priority) > slices.Index(priorities, to.Priority) {
		to.Priority = from.Priority
	}
	if from.Status == store.StatusOpen && to.Status != store.StatusOpen {
		move(to, store.StatusOpen, now)
	}
}

var priorities = []string{"none", "low", "normal", "high", "urgent"}

// mergedTarget follows a conversation to the one that took it in, however often.
func (b *Inbox) mergedTarget(tx *store.Tx, c *store.Conversation) (_ *store.Conversation, err error) {
	for c.MergedInto != 0 && err == nil {
		c, err = tx.Conversations.ByID(c.MergedInto)
	}
	return c, err
}
