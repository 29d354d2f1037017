package store

// Visitors are the people who write to the workspace.
type Visitors struct{ *session }
