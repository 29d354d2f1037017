package inbox

import (
	"context"
	"errors"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// Many are conversations that are to be changed alike, each once.
type Many struct {
	ConversationIDs []store.ID `json:"conversationIds" minItems:"1" maxItems:"100"`
}

// Weight is what they cost of the caller's rate limit beside the first.
func (m Many) Weight() int { return len(m.ConversationIDs) - 1 }

// Outcome tells which conversations are now as was asked, and which are left as they were, and why.
type Outcome struct {
	Done   []store.ID `json:"done"`
	Failed []Left     `json:"failed"`
}

// Left is a conversation that was not changed: it is not there, or was merged into another.
type Left struct {
	ConversationID store.ID   `json:"conversationId"`
	Code           fault.Kind `json:"code" enum:"not_found,conflict" doc:"conflict: it was merged into another"`
}

// changeMany changes conversations alike in one write. One that cannot be changed is left and told of; what cannot be done to
// any of them is refused for all; first says so, where it is known before any is looked at.
func (b *Inbox) changeMany(ctx context.Context, who actor.Actor, ids []store.ID, first func(*store.Tx) error, fn func(*store.Tx, *store.Conversation) error) (out Outcome, err error) {
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		out = Outcome{Done: []store.ID{}, Failed: []Left{}}
		if err := first(tx); err != nil {
			return err
		}
		seen := map[store.ID]bool{}
		for _, id := range ids {
			if seen[id] {
				continue
			}
			seen[id] = true
			c, err := b.whole(tx, who, id)
			switch {
			case errors.Is(err, store.ErrNotFound):
				out.Failed = append(out.Failed, Left{id, fault.NotFound})
			case errors.Is(err, errMerged):
				out.Failed = append(out.Failed, Left{id, fault.Conflict})
			case err != nil:
				return err
			default:
				if err := changed(tx, c, fn); err != nil {
					return err
				}
				out.Done = append(out.Done, id)
			}
		}
		return nil
	})
	return out, err
}

func anything(*store.Tx) error { return nil }

// AssignMany names conversations and who is to hold them; null is nobody.
type AssignMany struct {
	Many
	AssigneeID *store.ID `json:"assigneeId" nullable:"true"`
}

// AssignMany gives conversations to a member, or takes them from whoever has them.
func (b *Inbox) AssignMany(ctx context.Context, who actor.Actor, in AssignMany) (Outcome, error) {
	return b.changeMany(ctx, who, in.ConversationIDs, anything, b.assign(who, in.AssigneeID))
}

// SetStatusMany names conversations and where they are to stand.
type SetStatusMany struct {
	Many
	Status store.Status `json:"status" enum:"open,closed"`
}

// SetStatusMany opens or closes conversations.
func (b *Inbox) SetStatusMany(ctx context.Context, who actor.Actor, in SetStatusMany) (Outcome, error) {
	return b.changeMany(ctx, who, in.ConversationIDs, anything, b.setStatus(who, in.Status))
}

// SnoozeMany names conversations and until when they are put away.
type SnoozeMany struct {
	Many
	Until store.Time `json:"until" minimum:"0"`
}

// SnoozeMany puts conversations away until a time.
func (b *Inbox) SnoozeMany(ctx context.Context, who actor.Actor, in SnoozeMany) (Outcome, error) {
	return b.changeMany(ctx, who, in.ConversationIDs, anything, b.snooze(who, in.Until))
}

// TagMany names conversations and a tag.
type TagMany struct {
	Many
	TagID store.ID `json:"tagId"`
}

// tag refuses one that is not there.
func (in TagMany) tag(tx *store.Tx) error {
	_, err := tx.Tags.ByID(in.TagID)
	return err
}

// AddTagMany labels conversations.
func (b *Inbox) AddTagMany(ctx context.Context, who actor.Actor, in TagMany) (Outcome, error) {
	return b.changeMany(ctx, who, in.ConversationIDs, in.tag, addTag(in.TagID))
}

// RemoveTagMany takes a label off conversations.
func (b *Inbox) RemoveTagMany(ctx context.Context, who actor.Actor, in TagMany) (Outcome, error) {
	return b.changeMany(ctx, who, in.ConversationIDs, in.tag, removeTag(in.TagID))
}
