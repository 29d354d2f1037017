package store

// Jobs are the durable queue.
type Jobs struct{ *session }
