package inbox

import (
	"context"
	"errors"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/store"
)

// Tags lists the workspace's tags.
func (b *Inbox) Tags(tx *store.Tx, _ actor.Actor, _ Empty) (door.Page[Label], error) {
	list, err := tx.Tags.List()
	out := make([]Label, 0, len(list))
	for _, t := range list {
		out = append(out, Label(t))
	}
	return door.NewPage(out, ""), err
}

// NewTag is a tag to make.
type NewTag struct {
	Name  string `json:"name" maxLength:"60"`
	Color string `json:"color,omitempty" pattern:"^#[0-9a-fA-F]{6}$"`
}

// CreateTag makes a tag.
func (b *Inbox) CreateTag(ctx context.Context, who actor.Actor, in NewTag) (out Label, err error) {
	name, err := account.Named("name", in.Name)
	if err != nil {
		return out, err
	}
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		n, err := tx.Tags.Count()
		if err == nil && n >= store.MostTags {
			err = fault.New(fault.Conflict, "There are %d tags already. Delete some first.", n)
		}
		if err != nil {
			return err
		}
		t := &store.Tag{Name: name, Color: in.Color}
		err = tx.Tags.Add(t)
		out = Label(*t)
		return err
	})
	return out, taken(err)
}

// EditTag names a tag, and what to change of it.
type EditTag struct {
	TagID store.ID `json:"tagId"`
	Name  *string  `json:"name,omitempty" maxLength:"60"`
	Color *string  `json:"color,omitempty" pattern:"^(#[0-9a-fA-F]{6})?$" doc:"empty: no colour of its own"`
}

// UpdateTag renames or recolours a tag, wherever it is put.
func (b *Inbox) UpdateTag(ctx context.Context, who actor.Actor, in EditTag) (out Label, err error) {
	name := ""
	if in.Name != nil {
		if name, err = account.Named("name", *in.Name); err != nil {
			return out, err
		}
	}
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		t, err := tx.Tags.ByID(in.TagID)
		if err != nil {
			return err
		}
		if in.Name != nil {
			t.Name = name
		}
		if in.Color != nil {
			t.Color = *in.Color
		}
		out = Label(*t)
		return tx.Tags.Update(t)
	})
	return out, taken(err)
}

func taken(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return fault.New(fault.Conflict, "There is a tag of this name.").On("name")
	}
	return err
}

// WhichTag names a tag.
type WhichTag struct {
	TagID store.ID `json:"tagId"`
}

// DeleteTag deletes a tag, wherever it is put.
func (b *Inbox) DeleteTag(ctx context.Context, who actor.Actor, in WhichTag) (Empty, error) {
	_, err := b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error { return tx.Tags.Remove(in.TagID) })
	return Empty{}, err
}

// Tagging names a conversation and a tag.
type Tagging struct {
	ConversationID store.ID `json:"conversationId"`
	TagID          store.ID `json:"tagId"`
}

// AddTag labels a conversation.
func (b *Inbox) AddTag(ctx context.Context, who actor.Actor, in Tagging) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, addTag(in.TagID))
}

func addTag(tag store.ID) func(*store.Tx, *store.Conversation) error {
	return func(tx *store.Tx, c *store.Conversation) error {
		if _, err := tx.Tags.ByID(tag); err != nil {
			return err
		}
		_, err := tx.Tags.Put(c.ID, tag)
		return err
	}
}

// RemoveTag takes a label off a conversation.
func (b *Inbox) RemoveTag(ctx context.Context, who actor.Actor, in Tagging) (Conversation, error) {
	return b.change(ctx, who, in.ConversationID, removeTag(in.TagID))
}

func removeTag(tag store.ID) func(*store.Tx, *store.Conversation) error {
	return func(tx *store.Tx, c *store.Conversation) error { return tx.Tags.Take(c.ID, tag) }
}
