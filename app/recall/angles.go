package recall

import (
	"context"

	"deskbell/store"
)

// Angles are the cosines between pairs of texts, by the model inside the binary whatever embedder the workspace has; each text is
// read once. Pairs name texts by their places.
func Angles(ctx context.Context, texts []string, pairs [][2]int) ([]float64, error) {
	thinking, cancel := context.WithTimeout(ctx, thought)
	defer cancel()
	vectors := make([][]float32, len(texts))
	for i, t := range texts { // one by one: other questions come in between
		made, err := Builtin.Embed(thinking, []string{t})
		if err != nil {
			return nil, err
		}
		vectors[i] = made[0]
	}
	out := make([]float64, len(pairs))
	for k, p := range pairs {
		a, b := vectors[p[0]], vectors[p[1]]
		for n := range a {
			out[k] += float64(a[n]) * float64(b[n])
		}
	}
	return out, nil
}

// Native reports whether the workspace's questions are answered by the model inside the binary, so that Found.Meaning are its
// cosines.
func (x *Index) Native(ctx context.Context, workspace store.ID) (native bool, err error) {
	err = x.db.Read(ctx, workspace, func(tx *store.Tx) error {
		i, err := Progress(tx)
		native = i.Serving == Builtin.Name()
		return err
	})
	return native, err
}

// Text is what an embedder reads of a chunk.
func Text(c store.FoundChunk) string { return text(c) }
