package store

// Conversations are the workspace's talks with its visitors.
type Conversations struct{ *session }
