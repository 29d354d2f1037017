package store

// Attachments are the files of messages.
type Attachments struct{ *session }
