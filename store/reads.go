package store

// Reads are what each agent has read.
type Reads struct{ *session }
