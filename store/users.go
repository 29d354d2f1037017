package store

// Users are the people of the team, across workspaces.
type Users struct{ *session }
