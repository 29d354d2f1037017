package store

// Messages are what was said in conversations.
type Messages struct{ *session }
