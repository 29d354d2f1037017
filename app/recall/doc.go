// Package recall finds what the workspace knows, by words and by meaning.
//
// A document (an article, a saved reply, a solved conversation) is split by its headings into chunks. Words are
// searchable within the write that saved the document; vectors follow within seconds, made in the background by an
// embedder: the one inside the binary, or a model server. What a reader may not see is left out before anything is
// ranked, and once more when the chunks are read.
package recall
