package recall

import (
	"context"
	"fmt"
	"strings"
	"time"

	"deskbell/store"
)

// wanted is the embedder the workspace chose. It is remembered, for it may have to answer while the next one learns.
func (x *Index) wanted(ctx context.Context, ws store.ID) (Embedder, error) {
	e, err := x.choose(ctx, ws)
	if err != nil {
		return nil, fmt.Errorf("choose an embedder: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.former[ws] == nil {
		x.former[ws] = map[string]Embedder{}
	}
	if len(x.former[ws]) > 4 {
		clear(x.former[ws])
	}
	x.former[ws][e.Name()] = e
	return e, nil
}

// serving is the embedder whose vectors answer: the former one while the wanted one learns. After a restart amid a
// change only the built-in model and the wanted one are known; then what the wanted one has so far has to do.
func (x *Index) serving(ctx context.Context, ws store.ID, name string) (Embedder, error) {
	e, err := x.wanted(ctx, ws)
	if name == "" || err == nil && e.Name() == name {
		return e, err
	}
	x.mu.Lock()
	former := x.former[ws][name]
	x.mu.Unlock()
	switch {
	case former != nil:
		return former, nil
	case name == Builtin.Name():
		return Builtin, nil
	}
	return e, err
}

// vectors are the workspace's for a model, as they are now.
func (x *Index) vectors(ctx context.Context, ws store.ID, model string) (*vectors, error) {
	v := x.held(ws, model)
	v.refresh.Lock()
	defer v.refresh.Unlock()
	soiled := v.soiled() // before the snapshot, which then has what they changed to
	err := x.db.Read(ctx, ws, func(tx *store.Tx) error {
		if !v.full {
			return v.load(tx)
		}
		for _, id := range soiled {
			list, err := tx.Chunks.VectorsOf(id, model)
			if err != nil {
				return err
			}
			if err := v.put(id, list); err != nil {
				return err
			}
		}
		return nil
	})
	for i := 0; err != nil && i < len(soiled); i++ {
		v.soil(soiled[i])
	}
	return v, err
}

// held is the workspace's place in memory. The one that was used longest ago makes room.
func (x *Index) held(ws store.ID, model string) *vectors {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.used[ws] = time.Now()
	if v := x.loaded[ws]; v != nil && v.model == model {
		return v
	}
	if len(x.loaded) >= kept {
		oldest := ws
		for id := range x.loaded {
			if x.used[id].Before(x.used[oldest]) {
				oldest = id
			}
		}
		delete(x.loaded, oldest)
		delete(x.used, oldest)
	}
	v := newVectors(model)
	x.loaded[ws] = v
	return v
}

// Vectors are what texts mean, by the embedder that the workspace wants: to compare them with one another. They are of
// one length where they are of one model, and of length 1.
func (x *Index) Vectors(ctx context.Context, workspace store.ID, texts []string) (model string, vectors [][]float32, err error) {
	e, err := x.wanted(ctx, workspace)
	if err != nil || len(texts) == 0 {
		return "", nil, err
	}
	for i, t := range texts {
		texts[i] = clip(strings.TrimSpace(strings.ToValidUTF8(t, " ")), question)
	}
	vectors, err = e.Embed(ctx, texts)
	return e.Name(), vectors, err
}

// Wanted names the embedder that the workspace wants.
func (x *Index) Wanted(ctx context.Context, workspace store.ID) (string, error) {
	e, err := x.wanted(ctx, workspace)
	if err != nil {
		return "", err
	}
	return e.Name(), nil
}
