package recall

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/philippgille/chromem-go"

	"deskbell/store"
)

// plenty is how many vectors a workspace has when chromem, which compares one number after the other, gives way to
// flat.
const plenty = 2000

// place is where chunks stand that the same readers may see: a search goes to the places it may, and to no others.
type place struct {
	source   store.ChunkSource
	language string
	audience string
}

func (p place) allowed(f store.ChunkFilter) bool {
	return f.Allows(store.ChunkDocument{Source: p.source, Language: p.language, Audience: p.audience, Published: true})
}

// shelf holds the vectors of one place.
type shelf interface {
	add(id store.ID, vector []float32) error
	drop(ids []store.ID) error
	near(ctx context.Context, vector []float32, n int) ([]neighbour, error)
	count() int
}

type neighbour struct {
	id     store.ID
	cosine float64
}

// vectors are those of one workspace and one model, in memory. The truth is in the store.
type vectors struct {
	model string

	refresh sync.Mutex // one at a time brings the cache up to date
	full    bool       // it was loaded; after that only changes are
	many    bool       // there were plenty when it was loaded

	mu      sync.RWMutex
	dims    int
	shelves map[place]shelf
	of      map[store.ID]stand // by document

	dirtyMu sync.Mutex
	dirty   map[store.ID]bool // documents that changed since they were read
}

type stand struct {
	place  place
	chunks []store.ID
}

func newVectors(model string) *vectors {
	return &vectors{model: model, shelves: map[place]shelf{}, of: map[store.ID]stand{}, dirty: map[store.ID]bool{}}
}

// load reads all that the store has.
func (v *vectors) load(tx *store.Tx) error {
	list, err := tx.Chunks.Vectors(v.model)
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.shelves, v.of, v.many = map[place]shelf{}, map[store.ID]stand{}, len(list) > plenty
	v.mu.Unlock()
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
	if s, ok := v.of[document]; ok {
		delete(v.of, document)
		if err := v.shelves[s.place].drop(s.chunks); err != nil {
			return err
		}
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
		at := place{d.Source, d.Language, d.Audience}
		s, err := v.shelf(at)
		if err != nil {
			return err
		}
		if err := s.add(c.Chunk, vector); err != nil {
			return err
		}
		v.of[document] = stand{place: at, chunks: append(v.of[document].chunks, c.Chunk)}
		if !v.many && s.count() > plenty {
			v.full = false // the next search loads it anew
		}
	}
	return nil
}

func (v *vectors) shelf(at place) (s shelf, err error) {
	if s = v.shelves[at]; s != nil {
		return s, nil
	}
	if v.many {
		s = newFlat(v.dims)
	} else if s, err = newChromem(); err != nil {
		return nil, err
	}
	v.shelves[at] = s
	return s, nil
}

// near finds the n chunks nearest to a vector in each place of the filter, with their cosines.
func (v *vectors) near(ctx context.Context, vector []float32, f store.ChunkFilter, n int) (map[store.ID]float64, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	out := map[store.ID]float64{}
	if len(vector) != v.dims {
		return out, nil
	}
	for at, s := range v.shelves {
		if s.count() == 0 || !at.allowed(f) {
			continue
		}
		list, err := s.near(ctx, vector, min(n, s.count()))
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out[r.id] = r.cosine
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

// inChromem is a shelf of chromem-go, used in memory only.
type inChromem struct{ *chromem.Collection }

func newChromem() (shelf, error) {
	c, err := chromem.NewDB().CreateCollection("chunks", nil, nothingLeaves)
	return inChromem{c}, err
}

// nothingLeaves stands where chromem would otherwise ask OpenAI.
func nothingLeaves(context.Context, string) ([]float32, error) {
	return nil, errors.New("vectors are made before they come here")
}

func (c inChromem) count() int { return c.Count() }

func (c inChromem) add(id store.ID, vector []float32) error {
	return c.AddDocument(context.Background(), chromem.Document{ID: key(id), Embedding: vector})
}

func (c inChromem) drop(ids []store.ID) error {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = key(id)
	}
	return c.Delete(context.Background(), nil, nil, keys...)
}

func (c inChromem) near(ctx context.Context, vector []float32, n int) ([]neighbour, error) {
	list, err := c.QueryEmbedding(ctx, vector, n, nil, nil)
	if err != nil {
		return nil, err
	}
	out := make([]neighbour, 0, len(list))
	for _, r := range list {
		id, err := strconv.ParseInt(r.ID, 10, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, neighbour{store.ID(id), float64(r.Similarity)})
	}
	return out, nil
}

func key(id store.ID) string { return strconv.FormatInt(int64(id), 10) }
