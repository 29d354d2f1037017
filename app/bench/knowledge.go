package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"deskbell/app/recall"
	"deskbell/store"
)

// dice embeds without thinking, for the measure of all else: each word throws it in some directions, always the same.
type dice struct{ name string }

func (d dice) Name() string { return d.name }

func (dice) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		v := make([]float32, 384)
		v[0] = 0.1
		for _, w := range strings.Fields(strings.ToLower(text)) {
			h := fnv.New64a()
			h.Write([]byte(w))
			for r, k := h.Sum64(), 0; k < 6; r, k = r*6364136223846793005+1442695040888963407, k+1 {
				v[(r>>33)%384] += 1 - 2*float32(r>>63)
			}
		}
		sum := 0.0
		for _, x := range v {
			sum += float64(x) * float64(x)
		}
		for k := range v {
			v[k] /= float32(math.Sqrt(sum))
		}
		out[i] = v
	}
	return out, nil
}

// index is what is known of a desk, with an embedder that can be changed.
type index struct {
	*recall.Index
	desk   *desk
	chosen atomic.Value // of recall.Embedder, within a box
	stop   func()
}

type box struct{ recall.Embedder }

func (d *desk) index(ctx context.Context, first recall.Embedder) *index {
	x := &index{desk: d}
	x.chosen.Store(box{first})
	x.Index = recall.New(d.DB, slog.New(slog.DiscardHandler), func(context.Context, store.ID) (recall.Embedder, error) { return x.chosen.Load().(box).Embedder, nil })
	x.start(ctx)
	return x
}

func (x *index) start(ctx context.Context) {
	inner, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { x.Run(inner); close(ended) }()
	x.stop = func() { cancel(); <-ended }
}

func (x *index) choose(e recall.Embedder) {
	x.chosen.Store(box{e})
	x.Changed(x.desk.agent.Workspace)
}

// progress tells how far the vectors are.
func (x *index) progress(ctx context.Context) (p store.ChunkIndex, err error) {
	err = x.desk.DB.Read(ctx, x.desk.agent.Workspace, func(tx *store.Tx) (err error) {
		p, err = recall.Progress(tx)
		return err
	})
	return p, err
}

// learned waits until the vectors of a model are complete, and says how often the progress was another.
func (x *index) learned(ctx context.Context, model string) (steps int, err error) {
	last := -1
	for ctx.Err() == nil {
		p, err := x.progress(ctx)
		if err == nil && p.LastError != "" {
			err = errors.New(p.LastError)
		}
		if err != nil {
			return steps, err
		}
		if p.Done != last {
			steps, last = steps+1, p.Done
		}
		if p.Serving == model && p.Done == p.Total && p.Total > 0 {
			return steps, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return steps, ctx.Err()
}

// chunks puts n documents of one chunk each into what is known.
func (d *desk) chunks(ctx context.Context, l *lexicon, n int) error {
	for i := 0; i < n; i += 500 {
		_, err := d.DB.Write(ctx, d.agent.Workspace, func(tx *store.Tx) error {
			for k := range min(500, n-i) {
				doc := recall.Document{Source: store.FromArticle, ID: store.ID(i + k + 1), Language: "en", Published: true, Title: fmt.Sprint(l.text(4), " ", i+k), Markdown: l.text(90)}
				if err := recall.Put(tx, doc); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (x *index) ask(ctx context.Context, text string) ([]recall.Found, error) {
	return x.Find(ctx, recall.Query{Workspace: x.desk.agent.Workspace, Text: text, Sources: []store.ChunkSource{store.FromArticle}, Languages: []string{"en"}})
}

const known = 10_000 // chunks of a workspace that knows a lot

// recalling measures a question among many chunks, beside its own vector and with it.
func recalling(ctx context.Context, s settings, t *table) error {
	d, err := newDesk(ctx)
	if err != nil {
		return err
	}
	defer d.stop()
	l := newLexicon(20000)
	if err := d.chunks(ctx, l, known); err != nil {
		return err
	}
	x := d.index(ctx, dice{recall.Builtin.Name()})
	defer x.stop()
	if _, err := x.learned(ctx, recall.Builtin.Name()); err != nil {
		return err
	}
	if err := d.Help.Tidy(ctx); err != nil {
		return err
	}
	for _, e := range []struct {
		what, target string
		embedder     recall.Embedder
	}{{"beside its own vector", "≤ 15 ms", dice{recall.Builtin.Name()}}, {"with the embedded default", "≤ 80 ms", recall.Builtin}} {
		x.choose(e.embedder)
		var p50, p99 []time.Duration
		for range s.rounds {
			var took samples
			for range 300 {
				q := "how can I " + l.text(3+l.random.IntN(8))
				at := time.Now()
				found, err := x.ask(ctx, q)
				if err == nil && len(found) == 0 {
					err = fmt.Errorf("nothing was found for %q", q)
				}
				if err != nil {
					return err
				}
				took.add(time.Since(at))
			}
			p50, p99 = append(p50, took.at(0.5)), append(p99, took.at(0.99))
		}
		t.add(fmt.Sprintf("recall among %d chunks, %s, p99", known, e.what), e.target, "%s (p50 %s)", ms(median(p99)), ms(median(p50)))
	}
	return nil
}

// startKnowing measures the start of a program that knows a lot against one on the same file without that.
func startKnowing(ctx context.Context, s settings, t *table) error {
	d, err := newDesk(ctx)
	if err != nil {
		return err
	}
	ended := false
	end := func() {
		if !ended {
			ended = true
			d.stop()
		}
	}
	defer end()
	dir, err := os.MkdirTemp("", "deskbell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "deskbell")
	if err := built(ctx, binary); err != nil {
		return err
	}
	data := map[bool]string{false: filepath.Join(dir, "without"), true: filepath.Join(dir, "with")}
	copied := func(to string) error {
		if err := os.MkdirAll(to, 0o700); err != nil {
			return err
		}
		_, err := d.DB.Snapshot(ctx, filepath.Join(to, "deskbell.db"))
		return err
	}
	if err := copied(data[false]); err != nil {
		return err
	}
	if err := d.chunks(ctx, newLexicon(20000), known); err != nil {
		return err
	}
	x := d.index(ctx, dice{recall.Builtin.Name()})
	_, err = x.learned(ctx, recall.Builtin.Name())
	x.stop()
	if err == nil {
		err = copied(data[true])
	}
	if err != nil {
		return err
	}
	end()
	took := map[bool][]time.Duration{}
	for range 3*s.rounds + 1 {
		for _, with := range []bool{false, true} {
			first, _, err := started(ctx, binary, data[with], 0)
			if err != nil {
				return err
			}
			took[with] = append(took[with], first)
		}
	}
	a, b := median(took[false][1:]), median(took[true][1:])
	t.add(fmt.Sprintf("what %d chunks add to a start", known), "≤ 100 ms", "%s (%s against %s)", ms(b-a), ms(b), ms(a))
	return nil
}
