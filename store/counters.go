package store

// Counters are the numbers beside the inbox's views.
type Counters struct{ *session }
