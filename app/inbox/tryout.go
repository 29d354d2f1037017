package inbox

import (
	"cmp"
	"context"

	"deskbell/app/actor"
	"deskbell/app/visitor"
	"deskbell/store"
)

// TestMessage is a message to oneself. What is left out is said in English.
type TestMessage struct {
	Name    string `json:"name,omitempty" maxLength:"100"`
	Content string `json:"content,omitempty" maxLength:"1000"`
}

// Tested is the conversation that a test message began.
type Tested struct {
	ConversationID store.ID `json:"conversationId"`
}

// SendTest writes to the team as a visitor of its own, just as a customer would: a real conversation, which can be
// answered, closed and found like any other.
func (b *Inbox) SendTest(ctx context.Context, who actor.Actor, in TestMessage) (out Tested, err error) {
	guest := actor.Actor{Kind: actor.Visitor, Workspace: who.Workspace}
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		v, err := visitor.Tester(tx, who.User, cmp.Or(in.Name, "Test visitor"))
		if err == nil {
			guest.Visitor, guest.Name = v.ID, v.Name
		}
		return err
	})
	if err != nil {
		return out, err
	}
	s, err := b.Start(ctx, guest, Start{Content: cmp.Or(in.Content, "Hello! This is a test message. Answer it to see how it feels.")})
	return Tested{s.Conversation.ID}, err
}
