package inbox

import (
	"context"
	"errors"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/store"
)

// mostDrafts is how many conversations one may have something begun in. A browser keeps what is more.
const mostDrafts = 500

// DraftOf names the conversation that a draft is for.
type DraftOf struct {
	ConversationID store.ID `json:"conversationId"`
}

// Draft is what one has begun to write in a conversation. Nothing begun is read as empty, without a revision.
type Draft struct {
	UserID   store.ID  `json:"userId"`
	Content  string    `json:"content"`
	Internal bool      `json:"internal"` // it will be a note of the team
	Revision *store.ID `json:"revision"` // grows with every change: of two, the larger is the newer
}

// SaveDraft is what one has written so far; nothing but white space ends the draft.
type SaveDraft struct {
	ConversationID store.ID `json:"conversationId"`
	Content        string   `json:"content" maxLength:"20000"`
	Internal       bool     `json:"internal,omitempty"`
	UserID         store.ID `json:"userId,omitempty"` // who wrote it: refused where somebody else is signed in meanwhile
}

// Draft is one's own draft in a conversation. Nobody else sees it.
func (b *Inbox) Draft(tx *store.Tx, who actor.Actor, in DraftOf) (Draft, error) {
	if err := b.reach(tx, who, in.ConversationID); err != nil {
		return Draft{}, err
	}
	d, err := tx.Drafts.Of(who.User, in.ConversationID)
	if errors.Is(err, store.ErrNotFound) {
		return Draft{UserID: who.User}, nil
	}
	if err != nil {
		return Draft{}, err
	}
	return Draft{who.User, d.Content, d.Internal, &d.Revision}, nil
}

// Begun is a conversation in which one has begun to write.
type Begun struct {
	ID       store.ID `json:"id"` // the conversation's
	Internal bool     `json:"internal"`
}

// Key is the conversation's id.
func (b Begun) Key() store.ID { return b.ID }

// Drafts lists the conversations in which one has a draft. Nobody else sees it.
func (b *Inbox) Drafts(tx *store.Tx, who actor.Actor, _ Empty) (door.Page[Begun], error) {
	list, err := tx.Drafts.List(who.User, mostDrafts)
	out := make([]Begun, 0, len(list))
	for _, d := range list {
		out = append(out, Begun{d.Conversation, d.Internal})
	}
	return door.NewPage(out, ""), err
}

// SaveDraft keeps one's own draft in a conversation: whoever writes last has it, in this browser or another. The answer has
// a revision also where the draft is ended: what a view says of an earlier one is old.
func (b *Inbox) SaveDraft(ctx context.Context, who actor.Actor, in SaveDraft) (out Draft, err error) {
	if in.UserID != 0 && in.UserID != who.User {
		return out, fault.New(fault.Conflict, "Somebody else is signed in meanwhile.")
	}
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		out = Draft{UserID: who.User}
		if err := b.reach(tx, who, in.ConversationID); err != nil {
			return err
		}
		if strings.TrimSpace(in.Content) == "" {
			revision := tx.NewID()
			out.Revision = &revision
			return tx.Drafts.Forget(who.User, in.ConversationID)
		}
		if err := room(tx, who.User, in.ConversationID); err != nil {
			return err
		}
		revision, err := tx.Drafts.Keep(who.User, in.ConversationID, in.Content, in.Internal)
		out = Draft{who.User, in.Content, in.Internal, &revision}
		return err
	})
	return out, err
}

// room refuses one draft more than one may have.
func room(tx *store.Tx, user, conversation store.ID) error {
	_, err := tx.Drafts.Of(user, conversation)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	n, err := tx.Drafts.Count(user)
	if err == nil && n >= mostDrafts {
		err = fault.New(fault.Conflict, "You have begun %d answers already. Send some, or empty them.", n)
	}
	return err
}
