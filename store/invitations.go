package store

// Invitations are the members to be.
type Invitations struct{ *session }
