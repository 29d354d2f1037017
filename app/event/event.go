// Package event names the facts that capabilities tell each other about.
//
// A verb emits a fact in its own transaction; each listener gets a durable job in that same transaction
// (door.On). Facts carry ids, never copies: a listener reads the truth when it runs.
package event

import "deskbell/store"

// Event is a fact that happened in a workspace.
type Event interface {
	// Name is the fact's name on the wire and in the jobs table, such as "message.sent".
	Name() string
}

// MessageSent says that a message was added to a conversation.
type MessageSent struct {
	Workspace    store.ID         `json:"workspace"`
	Conversation store.ID         `json:"conversation"`
	Message      store.ID         `json:"message"`
	Sender       store.SenderType `json:"sender"`
}

// Name is "message.sent".
func (MessageSent) Name() string { return "message.sent" }

// ConversationStarted says that a visitor's first message opened a conversation.
type ConversationStarted struct {
	Workspace    store.ID `json:"workspace"`
	Conversation store.ID `json:"conversation"`
}

// Name is "conversation.started".
func (ConversationStarted) Name() string { return "conversation.started" }

// ConversationMerged says that everything said in one conversation stands in another now.
type ConversationMerged struct {
	Workspace    store.ID `json:"workspace"`
	Conversation store.ID `json:"conversation"`
	Into         store.ID `json:"into"`
}

// Name is "conversation.merged".
func (ConversationMerged) Name() string { return "conversation.merged" }

// ArticleChanged says that what readers may read of an article changed: published, changed, hidden or deleted.
type ArticleChanged struct {
	Workspace store.ID `json:"workspace"`
	Article   store.ID `json:"article"`
}

// Name is "article.changed".
func (ArticleChanged) Name() string { return "article.changed" }

// ConversationMoved says that a conversation was opened, closed or put away.
type ConversationMoved struct {
	Workspace    store.ID `json:"workspace"`
	Conversation store.ID `json:"conversation"`
}

// Name is "conversation.moved".
func (ConversationMoved) Name() string { return "conversation.moved" }
