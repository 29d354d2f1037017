package store

// IdempotencyKeys remember the answers to repeated requests.
type IdempotencyKeys struct{ *session }
