package store

// Members are the users of the workspace, with their roles.
type Members struct{ *session }
