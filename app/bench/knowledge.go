package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/app/inbox"
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

// paced sends a message every so often, one after the other, until the time is over or until is closed.
func (d *desk) paced(ctx context.Context, every, length time.Duration, until chan struct{}) (*samples, error) {
	ids, err := d.newest(ctx, 1)
	if err != nil {
		return nil, err
	}
	var took samples
	var failed atomic.Value
	var wg sync.WaitGroup
	tick := time.NewTicker(every)
	defer tick.Stop()
	for begun := time.Now(); failed.Load() == nil && (until != nil || time.Since(begun) < length); {
		select {
		case <-until:
			wg.Wait()
			return &took, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
		wg.Go(func() { // a message does not wait for the one before it: waiting would hide a stop
			at := time.Now()
			if _, err := d.Inbox.Send(ctx, d.agent, inbox.Send{ConversationID: ids[0], Content: text}); err != nil {
				failed.Store(err)
			}
			took.add(time.Since(at))
		})
	}
	wg.Wait()
	err, _ = failed.Load().(error)
	return &took, err
}

const pace = 10 * time.Millisecond // between two messages, where messages are measured beside something else

// beside measures messages before and while something runs.
func (d *desk) beside(ctx context.Context, length time.Duration, run func() error) (before, during *samples, err error) {
	if before, err = d.paced(ctx, pace, length, nil); err != nil {
		return nil, nil, err
	}
	until, ran := make(chan struct{}), make(chan error, 1)
	go func() { ran <- run(); close(until) }()
	during, err = d.paced(ctx, pace, 0, until)
	return before, during, errors.Join(err, <-ran)
}

// importing measures messages while a folder of articles is taken over and published.
func importing(ctx context.Context, s settings, t *table) error {
	d, err := newFilledDesk(ctx, 100)
	if err != nil {
		return err
	}
	defer d.stop()
	l := newLexicon(20000)
	if err := d.library(ctx, l, 0); err != nil {
		return err
	}
	const articles, photographs = 300, 20
	var ratios []float64
	var p99, worst, took []time.Duration
	for round := range s.rounds {
		name := fmt.Sprint("folder", round)
		raw, err := l.folder(name, articles, photographs)
		if err != nil {
			return err
		}
		begun := time.Now()
		before, during, err := d.beside(ctx, s.length, func() error {
			begun = time.Now()
			_, err := d.take(ctx, raw, name, articles)
			took = append(took, time.Since(begun))
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "  before p50 %s p99 %s, during p50 %s p99 %s most %s\n", ms(before.at(0.5)), ms(before.at(0.99)), ms(during.at(0.5)), ms(during.at(0.99)), ms(during.at(1)))
		ratios = append(ratios, float64(during.at(0.99))/float64(before.at(0.99)))
		p99, worst = append(p99, during.at(0.99)), append(worst, during.at(1))
	}
	t.add(fmt.Sprintf("a message's p99 while %d articles and %d photographs are imported, of before", articles, photographs), "≤ 3", "%.2f (p99 %s, most %s; the import took %s)", median(ratios), ms(median(p99)), ms(median(worst)), median(took).Round(100*time.Millisecond))
	return nil
}

// corpus are the texts of the question set.
func corpus() (list []string, err error) {
	files, err := fs.Glob(os.DirFS("testdata/recall"), "*.md")
	for _, name := range files {
		raw, bad := os.ReadFile(filepath.Join("testdata/recall", name))
		if err = errors.Join(err, bad); name != "README.md" {
			list = append(list, string(raw))
		}
	}
	if err == nil && len(list) == 0 {
		err = errors.New("run it where the repository is: testdata/recall is missing")
	}
	return list, err
}

// reindex measures what learning 1,000 articles anew with the embedded default takes, beside messages, and how soon an
// article that is edited meanwhile is found.
func reindex(ctx context.Context, s settings, t *table) error {
	d, err := newFilledDesk(ctx, 100)
	if err != nil {
		return err
	}
	defer d.stop()
	texts, err := corpus()
	if err != nil {
		return err
	}
	const articles = 1000
	words := 0
	put := func(i int, more string) error {
		var b strings.Builder
		for k := range 4 { // some 250 words
			b.WriteString("\n\n" + texts[(i+k*17)%len(texts)])
		}
		words += len(strings.Fields(b.String()))
		_, err := d.DB.Write(ctx, d.agent.Workspace, func(tx *store.Tx) error {
			return recall.Put(tx, recall.Document{Source: store.FromArticle, ID: store.ID(i + 1), Language: "en", Published: true, Title: fmt.Sprint("Article ", i), Markdown: more + b.String()})
		})
		return err
	}
	for i := range articles {
		if err := put(i, ""); err != nil {
			return err
		}
	}
	words /= articles
	x := d.index(ctx, dice{"former"})
	defer func() { x.stop() }()
	if _, err := x.learned(ctx, "former"); err != nil {
		return err
	}
	turns, during, err := x.learnBeside(ctx, s.length)
	if err != nil {
		return err
	}
	p, err := x.progress(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "  %d of %d chunks in turns with messages alone: p50 %s p99 %s, during p50 %s p99 %s most %s\n", p.Done, p.Total,
		ms(turns.at(0.5)), ms(turns.at(0.99)), ms(during.at(0.5)), ms(during.at(0.99)), ms(during.at(1)))
	t.add("a message's p99 while articles are learned anew, of that in the pauses between", "< 1.5", "%.2f (p99 %s of %s)", float64(during.at(0.99))/float64(turns.at(0.99)), ms(during.at(0.99)), ms(turns.at(0.99)))
	var steps int
	var byWords, byMeaning time.Duration
	begun, before := time.Now(), p.Done
	_, rest, err := d.beside(ctx, s.length, func() error {
		begun = time.Now()
		x.start(ctx)
		edited := time.Now()
		if err := put(500, "The zeppelin lands on the roof at noon and carries parcels to the harbour.\n\n## More"); err != nil {
			return err
		}
		if byWords, byMeaning, err = x.sought(ctx, edited, 501); err != nil {
			return err
		}
		steps, err = x.learned(ctx, recall.Builtin.Name())
		return err
	})
	spent := time.Since(begun)
	if err != nil {
		return err
	}
	if p, err = x.progress(ctx); err != nil {
		return err
	}
	whole := time.Duration(float64(spent) * float64(p.Total) / float64(p.Total-before))
	t.add(fmt.Sprintf("learning %d articles of %d words (%d chunks) anew, beside messages", articles, words, p.Total), "< 8 min", "%s (%d of the chunks in %s, %d steps of progress; p99 %s)", whole.Round(time.Second), p.Total-before, spent.Round(time.Second), steps, ms(rest.at(0.99)))
	t.add("an article edited meanwhile is found by words, by meaning", "at once, ≤ 10 s", "%s, %s", ms(byWords), ms(byMeaning))
	return nil
}

// learnBeside measures messages in turns while everything is being learned anew and while nothing is.
func (x *index) learnBeside(ctx context.Context, length time.Duration) (without, with *samples, err error) {
	without, with = &samples{}, &samples{}
	x.choose(recall.Builtin)
	for range 8 {
		for _, s := range []*samples{with, without} {
			took, err := x.desk.paced(ctx, pace, length, nil)
			if err != nil {
				return nil, nil, err
			}
			s.list = append(s.list, took.list...)
			if s == with {
				x.stop()
			} else {
				x.start(ctx)
			}
		}
	}
	x.stop()
	return without, with, nil
}

// sought says how long after a time an article is found by words, and by meaning.
func (x *index) sought(ctx context.Context, since time.Time, article store.ID) (byWords, byMeaning time.Duration, err error) {
	for byMeaning == 0 {
		found, err := x.ask(ctx, "zeppelin parcels harbour")
		if err != nil || time.Since(since) > time.Minute {
			return byWords, byMeaning, cmp.Or(err, errors.New("the edited article was not found"))
		}
		for _, f := range found {
			if f.Document.SourceID != article || !strings.Contains(f.Body, "zeppelin") {
				continue
			}
			if f.Words > 0 && byWords == 0 {
				byWords = time.Since(since)
			}
			if f.Meaning != 0 {
				byMeaning = time.Since(since)
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return byWords, byMeaning, nil
}
