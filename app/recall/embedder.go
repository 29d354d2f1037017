package recall

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"deskbell/app/recall/minilm"
)

// Embedder turns texts into vectors whose angles tell how much they mean the same.
type Embedder interface {
	// Name says which model it is. Vectors of one name can be compared, and have one length.
	Name() string
	// Embed answers with a vector of length 1 for each text, in order.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// What can be wrong with an embedder's answer.
var (
	ErrRefused = errors.New("the text was refused") // trying the same text again is useless
	ErrBroken  = errors.New("the answer is broken")
)

// Builtin is the sentence model inside the binary. It needs no network, and reads English best.
var Builtin Embedder = &builtin{questions: make(chan struct{}, 1), passages: make(chan struct{}, 1)}

// builtin has two lanes of one core each, so that a question never waits behind a re-index.
type builtin struct{ questions, passages chan struct{} }

func (*builtin) Name() string { return minilm.Name }

func (b *builtin) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if len(texts) == 1 {
		v, err := in(ctx, b.questions, func() []float32 { return minilm.Embed(texts[0]) })
		return [][]float32{v}, err
	}
	return b.EmbedGently(ctx, texts, rest)
}

// gentle is an embedder that takes the processor from others, and does so in steps of a few milliseconds: rest is called
// after each with what it took.
type gentle interface {
	Embedder
	EmbedGently(ctx context.Context, texts []string, rest func(ctx context.Context, worked time.Duration)) ([][]float32, error)
}

func (b *builtin) EmbedGently(ctx context.Context, texts []string, rest func(context.Context, time.Duration)) ([][]float32, error) {
	out := make([][]float32, 0, len(texts))
	for _, t := range texts {
		v, err := in(ctx, b.passages, func() []float32 {
			start := time.Now()
			return minilm.EmbedGently(t, func() {
				rest(ctx, time.Since(start))
				start = time.Now()
			})
		})
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// in runs fn when the lane is free.
func in(ctx context.Context, lane chan struct{}, fn func() []float32) ([]float32, error) {
	select {
	case lane <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-lane }()
	return fn(), ctx.Err()
}

// rest does nothing for a while.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// checked looks at what an embedder answered: as many vectors as texts, all as long as the first, finite and not
// zero. It scales them to length 1.
func checked(vectors [][]float32, texts, dims int) ([][]float32, error) {
	if len(vectors) != texts {
		return nil, fmt.Errorf("%w: %d vectors for %d texts", ErrBroken, len(vectors), texts)
	}
	for _, v := range vectors {
		if dims == 0 {
			dims = len(v)
		}
		if len(v) != dims || len(v) == 0 || len(v) > 8192 {
			return nil, fmt.Errorf("%w: a vector of %d dimensions, not %d", ErrBroken, len(v), dims)
		}
		sum := 0.0
		for _, f := range v {
			sum += float64(f) * float64(f)
		}
		if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
			return nil, fmt.Errorf("%w: a vector without direction", ErrBroken)
		}
		by := float32(1 / math.Sqrt(sum))
		for i := range v {
			v[i] *= by
		}
	}
	return vectors, nil
}
