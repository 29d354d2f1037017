package recall

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"deskbell/store"
)

// Query is a question within one workspace, by a reader who may see so much.
type Query struct {
	Workspace   store.ID
	Text        string
	Sources     []store.ChunkSource // none: nothing is found
	Languages   []string            // none: any
	Audiences   []string            // groups the reader is in, besides everyone
	Staff       bool                // the reader is of the team
	Limit       int                 // 0: 8; at most 50
	PerDocument int                 // chunks of one document at most; 0: any number
}

// Found is a chunk that may answer, with what speaks for it.
type Found struct {
	store.FoundChunk
	Words   float64 // BM25: 0 without a common word, without an upper bound
	Meaning float64 // cosine of the angle to the question, -1 to 1; 0 when there is no vector yet
	Score   float64 // both together, 0 to 1, comparable within one answer only
}

// weights decide how the two are joined.
type weights struct{ words, meaning float64 }

// weigh was chosen by TestTune on testdata/recall/questions.tsv, where 0.2 to 0.4 differ by less than their noise.
var weigh = weights{words: 0.3, meaning: 0.7}

// solid is the BM25 from which a best match counts in full: one that shares just a common word does not.
const solid = 8

const (
	pool     = 50              // candidates of each kind
	question = 2000            // bytes of a question that are read
	thought  = 3 * time.Second // for the question's vector; after that words have to do
)

// Find looks for chunks by words and by meaning, best first. What the reader may not see takes no part in the
// ranking. When the embedder fails, words alone answer; when the words take too long, meaning alone.
func (x *Index) Find(ctx context.Context, q Query) ([]Found, error) {
	return x.find(ctx, q, weigh)
}

func (x *Index) find(ctx context.Context, q Query, w weights) ([]Found, error) {
	q.Text = strings.TrimSpace(clip(strings.ToValidUTF8(q.Text, " "), question))
	f := store.ChunkFilter{Sources: q.Sources, Languages: q.Languages, Audiences: q.Audiences, Staff: q.Staff}
	if q.Text == "" || len(q.Sources) == 0 {
		return []Found{}, nil
	}
	var meant map[store.ID]float64
	var thinking sync.WaitGroup
	if w.meaning > 0 {
		thinking.Go(func() { meant = x.meant(ctx, q, f) })
	}
	said, err := x.said(ctx, q, f, w)
	thinking.Wait()
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil && len(meant) > 0 {
		x.log.Warn("recall: meaning alone answers", "workspace", q.Workspace, "error", err)
		said, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	ids := slices.AppendSeq(make([]store.ID, 0, len(said)+len(meant)), maps.Keys(said))
	for id := range meant {
		if _, both := said[id]; !both {
			ids = append(ids, id)
		}
	}
	var list []store.FoundChunk
	err = x.db.Read(ctx, q.Workspace, func(tx *store.Tx) (err error) {
		list, err = tx.Chunks.Found(ids, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ranked(list, said, meant, w, q), nil
}

// said are the best chunks by words, with their BM25.
func (x *Index) said(ctx context.Context, q Query, f store.ChunkFilter, w weights) (map[store.ID]float64, error) {
	said := map[store.ID]float64{}
	if w.words == 0 {
		return said, nil
	}
	return said, x.db.Searching(ctx, q.Workspace, func(tx *store.Tx) error {
		matches, err := tx.Chunks.Match(keywords(q.Text), f, pool)
		for _, m := range matches {
			said[m.ID] = m.Score
		}
		return err
	})
}

// meant are the nearest chunks by meaning.
func (x *Index) meant(ctx context.Context, q Query, f store.ChunkFilter) map[store.ID]float64 {
	near, err := x.near(ctx, q, f)
	if err != nil {
		x.log.Warn("recall: words alone answer", "workspace", q.Workspace, "error", err)
	}
	return near
}

func (x *Index) near(ctx context.Context, q Query, f store.ChunkFilter) (map[store.ID]float64, error) {
	var i store.ChunkIndex
	err := x.db.Read(ctx, q.Workspace, func(tx *store.Tx) (err error) {
		i, err = Progress(tx)
		return err
	})
	if err != nil || i.Serving == "" {
		return nil, err
	}
	e, err := x.serving(ctx, q.Workspace, i.Serving)
	if err != nil {
		return nil, err
	}
	thinking, cancel := context.WithTimeout(ctx, thought)
	defer cancel()
	vector, err := e.Embed(thinking, []string{q.Text})
	if err != nil {
		return nil, err
	}
	v, err := x.vectors(ctx, q.Workspace, e.Name())
	if err != nil {
		return nil, err
	}
	return v.near(ctx, vector[0], f, pool)
}

// ranked joins both scores linearly, each scaled between its least and its most among the candidates.
func ranked(list []store.FoundChunk, said, meant map[store.ID]float64, w weights, q Query) []Found {
	mostSaid, least, mostMeant := float64(solid), 1.0, -1.0
	for _, s := range said {
		mostSaid = max(mostSaid, s)
	}
	for _, s := range meant {
		least, mostMeant = min(least, s), max(mostMeant, s)
	}
	out := make([]Found, len(list))
	for i, c := range list {
		out[i] = Found{FoundChunk: c, Words: said[c.ID], Meaning: meant[c.ID]}
		out[i].Score += w.words * out[i].Words / mostSaid
		if _, near := meant[c.ID]; near && mostMeant > least {
			out[i].Score += w.meaning * (out[i].Meaning - least) / (mostMeant - least)
		} else if near {
			out[i].Score += w.meaning
		}
	}
	slices.SortFunc(out, func(a, b Found) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return firsts(out, q)
}

func firsts(list []Found, q Query) []Found {
	limit := q.Limit
	if limit <= 0 {
		limit = 8
	}
	of := map[store.ID]int{}
	out := make([]Found, 0, min(limit, pool))
	for _, f := range list {
		of[f.Document.ID]++
		if q.PerDocument > 0 && of[f.Document.ID] > q.PerDocument {
			continue
		}
		if out = append(out, f); len(out) == min(limit, pool) {
			break
		}
	}
	return out
}

// keywords are the words of a question that say something; all of them when none does.
func keywords(text string) []string {
	all := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
	var out []string
	seen := map[string]bool{}
	for _, w := range all {
		if !idle[w] && !seen[w] && len(out) < 24 {
			seen[w] = true
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return all[:min(len(all), 24)]
	}
	return out
}

// idle are English words that nearly every text has.
var idle = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a about after all also am an and any are as at be because been before being but by can cannot could did didn do does doesn
		don done for from get gets getting got had has hasn have haven having he hello help her here hey hi him his how i if in into is isn it its just know let ll like
		m make may maybe me might more most my need needs no not now of ok on one only or our out please re really s she should so some someone something still
		such t tell than thank thanks that the their them then there these they thing this those to too up us ve very want wants was wasn way we were what when where
		which while who why will with won would you your yours`) {
		m[w] = true
	}
	return m
}()
