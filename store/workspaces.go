package store

// Workspaces are the tenants.
type Workspaces struct{ *session }
