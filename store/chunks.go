package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// Chunks are what can be found by words and by meaning: the parts of documents, and their vectors.
type Chunks struct{ *session }

// ChunkSource says what a document was made from.
type ChunkSource string

// The sources.
const (
	FromArticle         ChunkSource = "article"
	FromInternalArticle ChunkSource = "internal_article"
	FromSavedReply      ChunkSource = "saved_reply"
	FromConversation    ChunkSource = "conversation"
)

// AudienceStaff is the audience of what visitors must never see.
const AudienceStaff = "staff"

// ChunkDocument is one text in one language, as it may be found.
type ChunkDocument struct {
	ID        ID
	Source    ChunkSource
	SourceID  ID
	Language  string // empty: of none in particular
	Audience  string // empty: everyone
	Published bool
	Title     string
}

// Chunk is a part of a document. Its hash stands for all that its vector depends on.
type Chunk struct {
	ID      ID
	Heading string
	Body    string // Markdown
	Plain   string // what is compared
	Hash    []byte
}

func (c *Chunk) fields() []any { return []any{&c.ID, &c.Heading, &c.Body, &c.Plain, &c.Hash} }

// FoundChunk is a chunk with the document it is from.
type FoundChunk struct {
	Chunk
	Document ChunkDocument
}

const foundColumns = `c.id, c.heading, c.body, c.plain, c.hash, d.id, d.source, d.source_id, d.language, d.audience, d.published, d.title`

func (f *FoundChunk) fields() []any {
	d := &f.Document
	return append(f.Chunk.fields(), &d.ID, &d.Source, &d.SourceID, &d.Language, &d.Audience, &d.Published, &d.Title)
}

// Put makes a document's chunks those of the list. Chunks that were there already stay, with their vectors.
func (c Chunks) Put(d *ChunkDocument, list []Chunk) error {
	err := pick(c.session, []any{&d.ID}, `INSERT INTO recall_documents (workspace_id, id, source, source_id, language, audience, published, title, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace_id, source, source_id, language) DO UPDATE
		SET audience = excluded.audience, published = excluded.published, title = excluded.title, updated_at = excluded.updated_at RETURNING id`,
		c.ws(), c.NewID(), d.Source, d.SourceID, d.Language, d.Audience, d.Published, d.Title, c.Now())
	if err != nil {
		return err
	}
	old, err := many[Chunk](c.session, `SELECT id, heading, '', '', hash FROM recall_chunks WHERE workspace_id = ? AND document_id = ? ORDER BY ordinal`, c.ws(), d.ID)
	if err != nil {
		return err
	}
	for i, v := range list {
		k := slices.IndexFunc(old, func(o Chunk) bool { return bytes.Equal(o.Hash, v.Hash) })
		if k < 0 {
			if err := c.add(d, i, v); err != nil {
				return err
			}
			continue
		}
		if _, err := exec(c.session, `UPDATE recall_chunks SET ordinal = ? WHERE id = ? AND ordinal <> ?`, i, old[k].ID, i); err != nil {
			return err
		}
		old = slices.Delete(old, k, k+1)
	}
	for _, o := range old {
		if _, err := exec(c.session, `DELETE FROM recall_chunks WHERE workspace_id = ? AND id = ?`, c.ws(), o.ID); err != nil {
			return err
		}
	}
	return nil
}

func (c Chunks) add(d *ChunkDocument, ordinal int, v Chunk) error {
	v.ID = c.NewID()
	_, err := exec(c.session, `INSERT INTO recall_chunks (workspace_id, document_id, id, ordinal, heading, body, plain, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ws(), d.ID, v.ID, ordinal, v.Heading, v.Body, v.Plain, v.Hash)
	if err != nil {
		return err
	}
	if _, err := exec(c.session, `INSERT INTO recall_learned (workspace_id, chunk_id) VALUES (?, ?)`, c.ws(), v.ID); err != nil {
		return err
	}
	return c.addWords(d, v)
}

// Drop forgets what was made from a source, in all languages.
func (c Chunks) Drop(source ChunkSource, id ID) error {
	_, err := exec(c.session, `DELETE FROM recall_documents WHERE workspace_id = ? AND source = ? AND source_id = ?`, c.ws(), source, id)
	return err
}

// DropOthers forgets what was made from a source in other languages than these.
func (c Chunks) DropOthers(source ChunkSource, id ID, languages []string) error {
	if len(languages) == 0 {
		return c.Drop(source, id)
	}
	_, err := exec(c.session, `DELETE FROM recall_documents WHERE workspace_id = ? AND source = ? AND source_id = ? AND language NOT IN (`+marks(len(languages))+`)`,
		append([]any{c.ws(), source, id}, anys(languages)...)...)
	return err
}

// ChunkFilter says who looks for what. It always leaves out what is not published.
type ChunkFilter struct {
	Sources   []ChunkSource // empty: nothing is found
	Languages []string      // empty: any; what is of no language in particular always counts
	Audiences []string      // the reader's groups; what is for everyone always counts
	Staff     bool          // the reader is of the team and in every audience
}

// Allows reports whether a document is within the filter.
func (f ChunkFilter) Allows(d ChunkDocument) bool {
	return d.Published && slices.Contains(f.Sources, d.Source) &&
		(len(f.Languages) == 0 || d.Language == "" || slices.Contains(f.Languages, d.Language)) &&
		(f.Staff || d.Audience == "" || d.Audience != AudienceStaff && slices.Contains(f.Audiences, d.Audience))
}

func (f ChunkFilter) where(w *where, workspace ID) {
	w.and(`d.workspace_id = ? AND d.published = 1`, workspace)
	w.and(`d.source IN (`+marks(len(f.Sources))+`)`, anys(f.Sources)...)
	if len(f.Languages) > 0 {
		w.and(`d.language IN ('', `+marks(len(f.Languages))+`)`, anys(f.Languages)...)
	}
	if !f.Staff {
		w.and(`d.audience IN ('', `+marks(len(f.Audiences))+`) AND d.audience <> 'staff'`, anys(f.Audiences)...)
	}
}

// Found reads those of the chunks that the filter lets through, in no order.
func (c Chunks) Found(ids []ID, f ChunkFilter) ([]FoundChunk, error) {
	c.saw("recall_documents", "workspace_id", c.ws())
	var w where
	w.and(`c.id IN (`+marks(len(ids))+`)`, anys(ids)...)
	f.where(&w, c.ws())
	return many[FoundChunk](c.session, `SELECT `+foundColumns+` FROM recall_chunks c
		JOIN recall_documents d ON d.workspace_id = c.workspace_id AND d.id = c.document_id`+w.String(), w.args...)
}

// Pending reads chunks that have no vector of the model, newest first.
func (c Chunks) Pending(model string, n int) ([]FoundChunk, error) {
	models := []string{""}
	for {
		next, err := column[string](c.session, `SELECT model FROM recall_learned WHERE workspace_id = ? AND model > ? ORDER BY model LIMIT 1`, c.ws(), models[len(models)-1])
		if err != nil {
			return nil, err
		}
		if len(next) == 0 {
			break
		}
		models = append(models, next[0])
	}
	var ids []ID
	for _, other := range models {
		if other == model {
			continue
		}
		newest, err := column[ID](c.session, `SELECT chunk_id FROM recall_learned WHERE workspace_id = ? AND model = ? ORDER BY chunk_id DESC LIMIT ?`, c.ws(), other, n)
		if err != nil {
			return nil, err
		}
		ids = append(ids, newest...)
	}
	slices.SortFunc(ids, func(a, b ID) int { return cmp.Compare(b, a) })
	ids = ids[:min(len(ids), n)]
	return many[FoundChunk](c.session, `SELECT `+foundColumns+` FROM recall_chunks c
		JOIN recall_documents d ON d.workspace_id = c.workspace_id AND d.id = c.document_id WHERE c.id IN (`+marks(len(ids))+`) ORDER BY c.id DESC`, anys(ids)...)
}

// Fresh reads chunks that no model has seen yet, newest first.
func (c Chunks) Fresh(n int) ([]FoundChunk, error) {
	return many[FoundChunk](c.session, `SELECT `+foundColumns+` FROM recall_chunks c
		JOIN recall_documents d ON d.workspace_id = c.workspace_id AND d.id = c.document_id
		WHERE c.id IN (SELECT chunk_id FROM recall_learned WHERE workspace_id = ? AND model = '' ORDER BY chunk_id DESC LIMIT ?) ORDER BY c.id DESC`, c.ws(), n)
}

// Count counts the workspace's chunks, and those that have a vector of the model.
func (c Chunks) Count(model string) (done, total int, err error) {
	err = pick(c.session, []any{&done, &total}, `SELECT (SELECT count(*) FROM recall_learned WHERE workspace_id = ? AND model = ?),
		(SELECT count(*) FROM recall_learned WHERE workspace_id = ?)`, c.ws(), model, c.ws())
	return done, total, err
}

// ChunkVector is where a chunk lies, and on which shelf.
type ChunkVector struct {
	Chunk    ID
	Document ChunkDocument
	packed   []byte
}

func (v *ChunkVector) fields() []any {
	d := &v.Document
	return []any{&v.Chunk, &d.ID, &d.Source, &d.Language, &d.Audience, &d.Published, &v.packed}
}

// Vector unpacks the vector; nil when it is damaged.
func (v *ChunkVector) Vector() []float32 { return unpack(v.packed) }

// Keep stores the vector of a chunk; nil says that the model has none for it. A chunk that has gone meanwhile is left
// alone.
func (c Chunks) Keep(chunk ID, model string, vector []float32) error {
	n, err := exec(c.session, `UPDATE recall_learned SET model = ? WHERE workspace_id = ? AND chunk_id = ?`, model, c.ws(), chunk)
	if err != nil || n == 0 || len(vector) == 0 {
		return err
	}
	_, err = exec(c.session, `INSERT INTO recall_vectors (workspace_id, document_id, chunk_id, model, vector)
		SELECT workspace_id, document_id, id, ?, ? FROM recall_chunks WHERE workspace_id = ? AND id = ?
		ON CONFLICT (workspace_id, chunk_id, model) DO UPDATE SET vector = excluded.vector`, model, pack(vector), c.ws(), chunk)
	return err
}

const vectorQuery = `SELECT v.chunk_id, d.id, d.source, d.language, d.audience, d.published, v.vector FROM recall_vectors v
	JOIN recall_documents d ON d.workspace_id = v.workspace_id AND d.id = v.document_id WHERE v.workspace_id = ? AND v.model = ?`

// Vectors reads all vectors of a model.
func (c Chunks) Vectors(model string) ([]ChunkVector, error) {
	return many[ChunkVector](c.session, vectorQuery+` ORDER BY v.chunk_id`, c.ws(), model)
}

// VectorsOf reads the vectors of a document.
func (c Chunks) VectorsOf(document ID, model string) ([]ChunkVector, error) {
	return many[ChunkVector](c.session, vectorQuery+` AND v.document_id = ? ORDER BY v.chunk_id`, c.ws(), model, document)
}

// Forget deletes up to n vectors of other models than those named, and says how many there were.
func (c Chunks) Forget(keep []string, n int) (int64, error) {
	return exec(c.session, `DELETE FROM recall_vectors WHERE rowid IN (SELECT rowid FROM recall_vectors WHERE workspace_id = ? AND model NOT IN (`+marks(len(keep))+`) LIMIT ?)`,
		append(append([]any{c.ws()}, anys(keep)...), n)...)
}

// ChunkIndex says how far a workspace's vectors are.
type ChunkIndex struct {
	Wanted    string // the model that is being worked towards
	Serving   string // the model that answers; empty: only words do
	Done      int
	Total     int
	LastError string
}

func (i *ChunkIndex) fields() []any {
	return []any{&i.Wanted, &i.Serving, &i.Done, &i.Total, &i.LastError}
}

// Index reads how far the workspace is; ErrNotFound before its first document.
func (c Chunks) Index() (*ChunkIndex, error) {
	c.saw("recall_indexes", "workspace_id", c.ws())
	return one[ChunkIndex](c.session, `SELECT wanted, serving, done, total, last_error FROM recall_indexes WHERE workspace_id = ?`, c.ws())
}

// SetIndex writes it down. What is the same already is not written.
func (c Chunks) SetIndex(i ChunkIndex) error {
	_, err := exec(c.session, `INSERT INTO recall_indexes (workspace_id, wanted, serving, done, total, last_error, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id) DO UPDATE SET wanted = excluded.wanted, serving = excluded.serving, done = excluded.done, total = excluded.total,
		last_error = excluded.last_error, updated_at = excluded.updated_at
		WHERE (wanted, serving, done, total, last_error) <> (excluded.wanted, excluded.serving, excluded.done, excluded.total, excluded.last_error)`,
		c.ws(), i.Wanted, i.Serving, i.Done, i.Total, i.LastError, c.Now())
	return err
}

// Workspaces lists those that have documents. It stands outside of a workspace.
func (c Chunks) Workspaces() ([]ID, error) {
	return column[ID](c.session, `SELECT id FROM workspaces w WHERE EXISTS (SELECT 1 FROM recall_documents d WHERE d.workspace_id = w.id) ORDER BY id`)
}

// pack keeps a vector as int8s with a scale: the angle to others moves by less than a degree.
func pack(v []float32) []byte {
	most := float32(0)
	for _, f := range v {
		most = max(most, f, -f)
	}
	out := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(v)), math.Float32bits(most/127))
	for _, f := range v {
		n := 0.0
		if most > 0 {
			n = math.Round(float64(f) * 127 / float64(most))
		}
		out = append(out, byte(int8(n)))
	}
	return out
}

func unpack(raw []byte) []float32 {
	if len(raw) <= 4 {
		return nil
	}
	scale := math.Float32frombits(binary.LittleEndian.Uint32(raw))
	v := make([]float32, len(raw)-4)
	sum := 0.0
	for i, b := range raw[4:] {
		v[i] = float32(int8(b)) * scale
		sum += float64(v[i]) * float64(v[i])
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil
	}
	by := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= by
	}
	return v
}
