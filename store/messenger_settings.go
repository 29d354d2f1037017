package store

// MessengerSettings says how the workspace's messenger looks and behaves.
type MessengerSettings struct{ *session }
