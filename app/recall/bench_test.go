package recall

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskbell/store"
)

// dice embeds without thinking, for the measure of all else.
type dice struct{}

func (dice) Name() string { return "dice" }

func (dice) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i := range texts {
		out[i] = make([]float32, 384)
		for j := range out[i] {
			out[i][j] = float32(rand.NormFloat64())
		}
	}
	return checked(out, len(texts), 384)
}

// many is an index over n chunks of words as they occur in the corpus.
func many(t testing.TB, n int) (*Index, store.ID) {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{Path: filepath.Join(t.TempDir(), "d.db"), Durability: store.Normal, Search: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	x := New(db, slog.New(slog.DiscardHandler), func(context.Context, store.ID) (Embedder, error) { return dice{}, nil })
	var words []string
	files, _ := filepath.Glob(filepath.Join(corpus, "*.md"))
	for _, f := range files {
		raw, _ := os.ReadFile(f)
		words = append(words, strings.Fields(string(raw))...)
	}
	w := store.Workspace{Name: "shop"}
	if _, err = db.Write(context.Background(), 0, func(tx *store.Tx) error { return tx.Workspaces.Add(&w) }); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for i := 0; i < n; i += 500 {
		_, err = db.Write(context.Background(), w.ID, func(tx *store.Tx) error {
			for k := range min(500, n-i) {
				var b strings.Builder
				for range 90 {
					b.WriteString(strings.Trim(words[r.IntN(len(words))], "#|`*") + " ")
				}
				d := Document{Source: store.FromArticle, ID: store.ID(i + k + 1), Language: "en", Published: true, Title: fmt.Sprint("Article ", i+k), Markdown: b.String()}
				if err := Put(tx, d); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for more := true; more; {
		if more, err = x.step(context.Background(), w.ID); err != nil {
			t.Fatal(err)
		}
	}
	return x, w.ID
}

// BenchmarkFind measures a question among 10,000 chunks beside its own embedding, and reports the slowest of a hundred.
func BenchmarkFind(b *testing.B) {
	x, ws := many(b, 10_000)
	list := questions(b)
	ask := func(i int) {
		if _, err := x.Find(context.Background(), Query{Workspace: ws, Text: list[i%len(list)].text, Sources: []store.ChunkSource{store.FromArticle}}); err != nil {
			b.Fatal(err)
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	ask(0)
	b.Logf("first question, with the load of the cache: %v", time.Since(start))
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("cache: %d MB", (after.HeapAlloc-before.HeapAlloc)>>20)
	var took, worked []time.Duration
	i, spent := 0, cpu()
	for b.Loop() {
		start, before := time.Now(), cpu()
		ask(i)
		took, worked = append(took, time.Since(start)), append(worked, cpu()-before)
		i++
	}
	slices.Sort(took)
	slices.Sort(worked)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64((cpu()-spent).Microseconds())/1000/float64(i), "cpu-ms")
	b.ReportMetric(float64(worked[len(worked)*99/100].Microseconds())/1000, "p99-cpu-ms")
}

// cpu is the processor time of this process, which other processes do not change.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWeights reports recall@3 for other weights of words and meaning than weigh.
func BenchmarkWeights(b *testing.B) {
	x, ws, slugs := library(b)
	for tenths := range 11 {
		words := float64(tenths) / 10
		b.Run(fmt.Sprintf("words=%.1f", words), func(b *testing.B) {
			var l, p marksOf
			for b.Loop() {
				w := weights{words: cmp.Or(words, 1e-9), meaning: 1 - words + 1e-9}
				l, p = measure(b, x, ws, slugs, w, "lexical"), measure(b, x, ws, slugs, w, "paraphrased")
			}
			b.ReportMetric(l.r3, "lexical-recall@3")
			b.ReportMetric(p.r3, "paraphrased-recall@3")
		})
	}
}
