package store

// Sessions are the sign-ins of staff.
type Sessions struct{ *session }
