package store

// Tags are the labels of conversations.
type Tags struct{ *session }
