package store

// Search is the full text of messages.
type Search struct{ *session }
