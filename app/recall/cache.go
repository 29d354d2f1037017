package recall

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/philippgille/chromem-go"

	"deskbell/store"
)

// shelf is where chunks stand that the same readers may see: a search goes to the shelves it may, and to no others.
type shelf struct {
	source   store.ChunkSource
	language string
	audience string
}

func (s shelf) allowed(f store.ChunkFilter) bool {
	return f.Allows(store.ChunkDocument{Source: s.source, Language: s.language, Audience: s.audience, Published: true})
}

// vectors are those of one workspace and one model, in memory. The truth is in the store.
type vectors struct {
	model string

	refresh sync.Mutex // one at a time brings the cache up to date
	full    bool       // it was loaded; after that only changes are
	mu      sync.RWMutex
	dims    int
	shelves map[shelf]*chromem.Collection
	of      map[store.ID]stand // by document

	dirtyMu sync.Mutex
	dirty   map[store.ID]bool // documents that changed since they were read
}

type stand struct {
	shelf  shelf
	chunks []string
}

func newVectors(model string) *vectors {
	return &vectors{model: model, shelves: map[shelf]*chromem.Collection{}, of: map[store.ID]stand{}, dirty: map[store.ID]bool{}}
}

// load reads all that the store has.
func (v *vectors) load(tx *store.Tx) error {
	list, err := tx.Chunks.Vectors(v.model)
	if err != nil {
		return err
	}
	documents := map[store.ID][]store.ChunkVector{}
	for _, c := range list {
		documents[c.Document.ID] = append(documents[c.Document.ID], c)
	}
	for id, chunks := range documents {
		if err := v.put(id, chunks); err != nil {
			return err
		}
	}
	v.full = true
	return nil
}

// put stands a document's chunks where they belong now, and nowhere else.
func (v *vectors) put(document store.ID, list []store.ChunkVector) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.drop(document); err != nil {
		return err
	}
	for _, c := range list {
		d := c.Document
		vector := c.Vector()
		if v.dims == 0 {
			v.dims = len(vector)
		}
		if !d.Published || len(vector) == 0 || len(vector) != v.dims {
			continue
		}
		at := shelf{d.Source, d.Language, d.Audience}
		if v.shelves[at] == nil {
			collection, err := chromem.NewDB().CreateCollection("chunks", nil, nothingLeaves)
			if err != nil {
				return err
			}
			v.shelves[at] = collection
		}
		id := strconv.FormatInt(int64(c.Chunk), 10)
		if err := v.shelves[at].AddDocument(context.Background(), chromem.Document{ID: id, Embedding: vector}); err != nil {
			return err
		}
		v.of[document] = stand{shelf: at, chunks: append(v.of[document].chunks, id)}
	}
	return nil
}

// nothingLeaves stands where chromem would otherwise ask OpenAI.
func nothingLeaves(context.Context, string) ([]float32, error) {
	return nil, errors.New("vectors are made before they come here")
}

func (v *vectors) drop(document store.ID) error {
	s, ok := v.of[document]
	if !ok {
		return nil
	}
	delete(v.of, document)
	return v.shelves[s.shelf].Delete(context.Background(), nil, nil, s.chunks...)
}

// near finds the n chunks nearest to a vector on the shelves of the filter, with their cosines.
func (v *vectors) near(ctx context.Context, vector []float32, f store.ChunkFilter, n int) (map[store.ID]float64, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	out := map[store.ID]float64{}
	if len(vector) != v.dims {
		return out, nil
	}
	for at, collection := range v.shelves {
		n := min(n, collection.Count())
		if n == 0 || !at.allowed(f) {
			continue
		}
		list, err := collection.QueryEmbedding(ctx, vector, n, nil, nil)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if id, err := strconv.ParseInt(r.ID, 10, 64); err == nil {
				out[store.ID(id)] = float64(r.Similarity)
			}
		}
	}
	return out, nil
}

func (v *vectors) soil(document store.ID) {
	v.dirtyMu.Lock()
	v.dirty[document] = true
	v.dirtyMu.Unlock()
}

func (v *vectors) soiled() []store.ID {
	v.dirtyMu.Lock()
	defer v.dirtyMu.Unlock()
	list := make([]store.ID, 0, len(v.dirty))
	for id := range v.dirty {
		list = append(list, id)
	}
	clear(v.dirty)
	return list
}
