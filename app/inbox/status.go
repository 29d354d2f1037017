package inbox

import (
	"context"
	"errors"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// Assign names a conversation and who is to hold it; null is nobody.
type Assign struct {
	ConversationID store.ID  `json:"conversationId"`
	AssigneeID     *store.ID `json:"assigneeId" nullable:"true"`
}

// Assign gives a conversation to a member, or takes it from whoever has it.
func (b *Inbox) Assign(ctx context.Context, who actor.Actor, in Assign) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, b.assign(who, in.AssigneeID))
}

func (b *Inbox) assign(who actor.Actor, assignee *store.ID) func(*store.Tx, *store.Conversation) error {
	return func(tx *store.Tx, c *store.Conversation) error {
		e := Event{Type: "unassigned", Actor: by(who)}
		to := store.ID(0)
		if assignee != nil {
			m, err := tx.Members.ByUser(*assignee)
			if errors.Is(err, store.ErrNotFound) {
				return fault.New(fault.Invalid, "Only a member of the team can hold a conversation.").On("assigneeId")
			}
			if err != nil {
				return err
			}
			to, e.Type, e.Target = m.User, "assigned", &Named{m.User, m.Name}
		}
		if c.Assignee == to {
			return nil
		}
		c.Assignee = to
		return b.addEvent(tx, c, e)
	}
}

// SetStatus names a conversation and where it is to stand.
type SetStatus struct {
	ConversationID store.ID     `json:"conversationId"`
	Status         store.Status `json:"status" enum:"open,closed"`
}

// SetStatus opens or closes a conversation.
func (b *Inbox) SetStatus(ctx context.Context, who actor.Actor, in SetStatus) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, b.setStatus(who, in.Status))
}

func (b *Inbox) setStatus(who actor.Actor, to store.Status) func(*store.Tx, *store.Conversation) error {
	return func(tx *store.Tx, c *store.Conversation) error {
		if c.Status == to {
			return nil
		}
		move(c, to, tx.Now())
		e := Event{Type: "opened", Actor: by(who)}
		if to == store.StatusClosed {
			e.Type = "closed"
		}
		return b.addEvent(tx, c, e)
	}
}

func move(c *store.Conversation, to store.Status, now store.Time) {
	c.Status, c.SnoozedUntil, c.ResolvedAt = to, 0, 0
	if to == store.StatusClosed {
		c.ResolvedAt = now
	}
}

// Snooze names a conversation and until when it is put away.
type Snooze struct {
	ConversationID store.ID   `json:"conversationId"`
	Until          store.Time `json:"until" minimum:"0"`
}

// Snooze puts a conversation away until a time; a visitor's message brings it back early.
func (b *Inbox) Snooze(ctx context.Context, who actor.Actor, in Snooze) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, b.snooze(who, in.Until))
}

func (b *Inbox) snooze(who actor.Actor, until store.Time) func(*store.Tx, *store.Conversation) error {
	return func(tx *store.Tx, c *store.Conversation) error {
		if !until.After(tx.Now()) || until.Sub(tx.Now()) > 5*365*24*time.Hour {
			return fault.New(fault.Invalid, "Choose a time in the future.").On("until")
		}
		c.Status, c.SnoozedUntil, c.ResolvedAt = store.StatusSnoozed, until, 0
		return b.addEvent(tx, c, Event{Type: "snoozed", Actor: by(who), Until: &until})
	}
}

// WakeSnoozed opens the conversations whose time has come.
func (b *Inbox) WakeSnoozed(ctx context.Context) error {
	_, err := b.db.Write(ctx, 0, func(tx *store.Tx) error {
		due, err := tx.Conversations.Due(200)
		for i := range due {
			c, before := due[i], due[i]
			in := tx.In(c.Workspace)
			move(&c, store.StatusOpen, tx.Now())
			c.LastMessageAt = tx.Now()
			if err := errors.Join(b.addEvent(in, &c, Event{Type: "opened"}), in.Conversations.Save(&before, &c)); err != nil {
				return err
			}
		}
		return err
	})
	return err
}

// SetPriority names a conversation and how urgent it is.
type SetPriority struct {
	ConversationID store.ID `json:"conversationId"`
	Priority       string   `json:"priority" enum:"none,low,normal,high,urgent"`
}

// SetPriority says how urgent a conversation is.
func (b *Inbox) SetPriority(ctx context.Context, who actor.Actor, in SetPriority) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, func(_ *store.Tx, c *store.Conversation) error {
		c.Priority = in.Priority
		return nil
	})
}

// MarkAsRead names a conversation that has been read to its end.
type MarkAsRead struct {
	ConversationID store.ID `json:"conversationId"`
}

// MarkAsRead notes that the visitor, or an agent, has read all there is.
func (b *Inbox) MarkAsRead(ctx context.Context, who actor.Actor, in MarkAsRead) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, func(tx *store.Tx, c *store.Conversation) error {
		if who.IsVisitor() {
			if err := tx.Messages.SeenByVisitor(c.ID, c.VisitorReadID, c.LastMessage); err != nil {
				return err
			}
			c.UnreadByVisitor, c.VisitorReadID = 0, c.LastMessage
			return nil
		}
		if err := tx.Messages.SeenByTeam(c.ID, c.AgentReadID, c.LastMessage); err != nil {
			return err
		}
		c.UnreadByAgent, c.AgentReadID = 0, c.LastMessage
		if who.User == 0 {
			return nil
		}
		return tx.Reads.Mark(who.User, c.ID, c.LastMessage)
	})
}
