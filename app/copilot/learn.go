package copilot

import (
	"context"
	"errors"
	"strings"

	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/store"
)

const (
	learning = "copilot.learn"
	stride   = 25   // conversations that are learned in one write
	most     = 5000 // bytes of each side that are kept of a conversation
)

// page is where learning from all conversations has come to.
type page struct {
	Workspace store.ID `json:"workspace"`
	Before    store.ID `json:"before,omitempty"`
}

// learnAll learns from the conversations that were solved before it was allowed to, newest first; and forgets them all when it
// is not allowed any more. It goes on as a job after the other, and looks at the settings each time.
func (c *Copilot) learnAll(ctx context.Context, p page) error {
	_, err := c.db.Write(ctx, p.Workspace, func(tx *store.Tx) error {
		allowed, err := tx.Copilot.LearnsConversations()
		if err != nil {
			return err
		}
		if !allowed {
			n, err := tx.Copilot.Unlearn(500)
			if err != nil || n == 0 {
				return err
			}
			return c.doors.Enqueue(tx, learning, "", tx.Now(), page{Workspace: p.Workspace})
		}
		ids, err := tx.Copilot.Solved(p.Before, stride)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := teach(tx, id); err != nil {
				return err
			}
		}
		return c.doors.Enqueue(tx, learning, "", tx.Now(), page{Workspace: p.Workspace, Before: ids[len(ids)-1]})
	})
	return err
}

// learn keeps what can be found in step with conversations.
func (c *Copilot) learn(ctx context.Context, workspace store.ID, conversations ...store.ID) error {
	_, err := c.db.Write(ctx, workspace, func(tx *store.Tx) error {
		allowed, err := tx.Copilot.LearnsConversations()
		for _, id := range conversations {
			switch {
			case err != nil:
			case allowed:
				err = teach(tx, id)
			default:
				err = recall.Drop(tx, store.FromConversation, id)
			}
		}
		return err
	})
	return err
}

// teach makes a conversation findable by the team if it was solved: closed, with a question and an answer. Personal data stays
// behind.
func teach(tx *store.Tx, conversation store.ID) error {
	t, err := read(tx, conversation)
	if errors.Is(err, store.ErrNotFound) {
		return recall.Drop(tx, store.FromConversation, conversation)
	}
	if err != nil {
		return err
	}
	asked, answered := t.told(most)
	if t.Status != store.StatusClosed || t.MergedInto != 0 || len(asked) == 0 || len(answered) == 0 {
		return recall.Drop(tx, store.FromConversation, conversation)
	}
	return recall.Put(tx, recall.Document{Source: store.FromConversation, ID: conversation, Audience: store.AudienceStaff, Published: true,
		Title: safe.Preview(asked[0]), Markdown: strings.Join(answered, "\n\n")})
}
