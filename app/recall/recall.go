package recall

import (
	"crypto/sha256"
	"encoding/binary"

	"deskbell/store"
)

// Document is one text in one language, as it may be found.
type Document struct {
	Source    store.ChunkSource
	ID        store.ID // of the article, saved reply or conversation
	Language  string   // empty: of none in particular
	Audience  string   // empty: everyone; store.AudienceStaff; or a group's name, which a Query repeats
	Published bool     // what is not is kept ready but never found
	Title     string
	Markdown  string
}

// Put makes a document findable as it is now, within the write that saved it: by words at once, by meaning soon.
func Put(tx *store.Tx, d Document) error {
	parts := Split(d.Markdown)
	if len(parts) == 0 {
		parts = []Part{{}}
	}
	list := make([]store.Chunk, len(parts))
	for i, p := range parts {
		list[i] = store.Chunk{Heading: p.Heading, Body: p.Body, Plain: Plain(p.Body), Hash: hash(d.Title, p.Heading, p.Body)}
	}
	return tx.Chunks.Put(&store.ChunkDocument{
		Source: d.Source, SourceID: d.ID, Language: d.Language, Audience: d.Audience, Published: d.Published, Title: d.Title,
	}, list)
}

// Drop makes a document unfindable at once, in all its languages.
func Drop(tx *store.Tx, source store.ChunkSource, id store.ID) error {
	return tx.Chunks.Drop(source, id)
}

// DropOthers makes a document unfindable at once in all languages but these.
func DropOthers(tx *store.Tx, source store.ChunkSource, id store.ID, languages []string) error {
	return tx.Chunks.DropOthers(source, id, languages)
}

// text is what an embedder reads of a chunk.
func text(c store.FoundChunk) string {
	head := c.Document.Title
	if c.Heading != "" {
		head += " › " + c.Heading
	}
	if c.Plain == "" {
		return head
	}
	return head + ". " + c.Plain
}

func hash(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)[:16]
}
