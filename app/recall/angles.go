package recall

import (
	"context"

	"deskbell/store"
)

// Angles are the cosines between pairs of texts, by the model that answers the workspace's questions; each text is read once. Pairs
// name texts by their places.
func (x *Index) Angles(ctx context.Context, workspace store.ID, texts []string, pairs [][2]int) ([]float64, error) {
	var i store.ChunkIndex
	err := x.db.Read(ctx, workspace, func(tx *store.Tx) (err error) {
		i, err = Progress(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	e, err := x.serving(ctx, workspace, i.Serving)
	if err != nil {
		return nil, err
	}
	thinking, cancel := context.WithTimeout(ctx, thought)
	defer cancel()
	vectors, err := e.Embed(thinking, texts)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(pairs))
	for k, p := range pairs {
		a, b := vectors[p[0]], vectors[p[1]]
		if len(a) != len(b) {
			return nil, ErrBroken
		}
		for n := range a {
			out[k] += float64(a[n]) * float64(b[n])
		}
	}
	return out, nil
}

// Text is what an embedder reads of a chunk.
func Text(c store.FoundChunk) string { return text(c) }
