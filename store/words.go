package store

// SenderType says who wrote a message.
type SenderType string

// The senders.
const (
	ByVisitor SenderType = "visitor"
	ByAgent   SenderType = "agent"
	ByBot     SenderType = "bot"
	BySystem  SenderType = "system"
)

// Status is where a conversation stands.
type Status string

// The states of a conversation.
const (
	StatusOpen    Status = "open"
	StatusSnoozed Status = "snoozed"
	StatusClosed  Status = "closed"
)
