package recall

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/store"
)

const corpus = "../../testdata/recall"

type asked struct{ kind, article, text string }

func questions(t testing.TB) (list []asked) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(corpus, "questions.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if p := strings.Split(strings.TrimSpace(line), "\t"); !strings.HasPrefix(line, "#") && len(p) == 3 {
			list = append(list, asked{p[0], p[1], p[2]})
		}
	}
	return list
}

// library is an index over the corpus, complete; slugs name its articles.
func library(t testing.TB) (x *Index, ws store.ID, slugs map[store.ID]string) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "d.db"), Durability: store.Normal, Search: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	x = New(db, slog.New(slog.DiscardHandler), nil)
	files, err := filepath.Glob(filepath.Join(corpus, "*.md"))
	if err != nil || len(files) < 60 {
		t.Fatal(files, err)
	}
	slugs = map[store.ID]string{}
	w := store.Workspace{Name: "shop"}
	if _, err = db.Write(t.Context(), 0, func(tx *store.Tx) error { return tx.Workspaces.Add(&w) }); err != nil {
		t.Fatal(err)
	}
	_, err = db.Write(t.Context(), w.ID, func(tx *store.Tx) error {
		for i, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			slug := strings.TrimSuffix(filepath.Base(f), ".md")
			head, body, _ := strings.Cut(string(raw), "\n")
			if slug == "README" {
				continue
			}
			id := store.ID(i + 1)
			slugs[id] = slug
			if err := Put(tx, Document{Source: store.FromArticle, ID: id, Language: "en", Published: true, Title: strings.TrimPrefix(head, "# "), Markdown: body}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		if more, err = x.step(t.Context(), w.ID); err != nil {
			t.Fatal(err)
		}
	}
	return x, w.ID, slugs
}

type marksOf struct {
	n            int
	r1, r3, mrr  float64
	missed       []string
	longest, sum time.Duration
}

func measure(t testing.TB, x *Index, ws store.ID, slugs map[store.ID]string, w weights, kind string) (m marksOf) {
	t.Helper()
	for _, q := range questions(t) {
		if q.kind != kind {
			continue
		}
		start := time.Now()
		list, err := x.find(context.Background(), Query{Workspace: ws, Text: q.text, Sources: []store.ChunkSource{store.FromArticle}, PerDocument: 1, Limit: 20}, w)
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		m.sum += took
		m.longest = max(m.longest, took)
		m.n++
		rank := 1 + slices.IndexFunc(list, func(f Found) bool { return slugs[f.Document.SourceID] == q.article })
		if rank > 0 {
			m.mrr += 1 / float64(rank)
		}
		if rank == 1 {
			m.r1++
		}
		if rank >= 1 && rank <= 3 {
			m.r3++
		} else {
			m.missed = append(m.missed, fmt.Sprintf("%s (rank %d): %s", q.article, rank, q.text))
		}
	}
	m.r1, m.r3, m.mrr = m.r1/float64(m.n), m.r3/float64(m.n), m.mrr/float64(m.n)
	return m
}

// TestRecall measures how often the article that answers is among the first. Run it with -v to see the table.
func TestRecall(t *testing.T) {
	x, ws, slugs := library(t)
	got := map[string]marksOf{}
	for _, by := range []struct {
		name string
		w    weights
	}{{"words", weights{words: 1}}, {"meaning", weights{meaning: 1}}, {"both", weigh}} {
		for _, kind := range []string{"lexical", "paraphrased"} {
			m := measure(t, x, ws, slugs, by.w, kind)
			got[by.name+" "+kind] = m
			t.Logf("%-8s %-12s %3d questions  recall@1 %.3f  recall@3 %.3f  MRR %.3f  mean %v  longest %v", by.name, kind, m.n, m.r1, m.r3, m.mrr, (m.sum / time.Duration(m.n)).Round(10*time.Microsecond), m.longest.Round(10*time.Microsecond))
		}
	}
	for _, kind := range []string{"lexical", "paraphrased"} {
		t.Logf("not among the first three, %s:\n  %s", kind, strings.Join(got["both "+kind].missed, "\n  "))
	}
	if n := got["both lexical"].n + got["both paraphrased"].n; n < 150 {
		t.Errorf("%d questions, want at least 150", n)
	}
	if r := got["both lexical"].r3; r < 0.98 {
		t.Errorf("recall@3 of lexical questions is %.3f, want at least 0.98", r)
	}
	if r := got["both paraphrased"].r3; r < 0.75 {
		t.Errorf("recall@3 of paraphrased questions is %.3f, want at least 0.75", r)
	}
}
