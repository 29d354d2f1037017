package store

// Blobs are the contents of files, once per hash.
type Blobs struct{ *session }
