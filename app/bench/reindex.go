package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"deskbell/app/recall"
	"deskbell/store"
)

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

// guide is a help center of 1,000 articles that has been learned by a former model.
type guide struct {
	*index
	texts []string
	words int // of an article
	here  *index
}

const guided = 1000 // articles

// newGuide is a desk with articles that another model has learned. The desk is stopped by the caller.
func newGuide(ctx context.Context) (*desk, *guide, error) {
	texts, err := corpus()
	if err != nil {
		return nil, nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	d, err := newFilledDesk(ctx, 100)
	if err != nil {
		return nil, nil, err
	}
	g := &guide{texts: texts}
	if err := g.write(ctx, d); err != nil {
		d.stop()
		return nil, nil, err
	}
	g.index = d.index(ctx, dice{"former"}) // as the program does it: in a process of its own
	g.stop()
	g.Apart(self, "embed")
	g.choose(recall.Builtin)
	g.here.choose(recall.Builtin)
	return d, g, nil
}

// write writes the articles and has the other model learn them.
func (g *guide) write(ctx context.Context, d *desk) error {
	for i := range guided {
		n, err := g.put(ctx, d, i, "")
		if err != nil {
			return err
		}
		g.words += n
	}
	g.words /= guided
	g.here = d.index(ctx, dice{"former"})
	defer g.here.stop()
	_, err := g.here.learned(ctx, "former")
	return err
}

// put writes an article, and says how many words it has.
func (g *guide) put(ctx context.Context, d *desk, i int, more string) (int, error) {
	var b strings.Builder
	for k := range 4 {
		b.WriteString("\n\n" + g.texts[(i+k*17)%len(g.texts)])
	}
	_, err := d.DB.Write(ctx, d.agent.Workspace, func(tx *store.Tx) error {
		return recall.Put(tx, recall.Document{Source: store.FromArticle, ID: store.ID(i + 1), Language: "en", Published: true, Title: fmt.Sprint("Article ", i), Markdown: more + b.String()})
	})
	return len(strings.Fields(b.String())), err
}

// learning measures messages in turns: while articles are learned anew apart from the server, while nothing is, and while
// they are learned within it.
func learning(ctx context.Context, s settings, t *table) error {
	d, g, err := newGuide(ctx)
	if err != nil {
		return err
	}
	defer d.stop()
	var apart, none, here samples
	for range 6 {
		for _, turn := range []struct {
			index *index
			took  *samples
		}{{g.index, &apart}, {nil, &none}, {g.here, &here}, {nil, &none}} {
			if turn.index != nil {
				turn.index.start(ctx)
			}
			took, err := d.paced(ctx, pace, s.length, nil)
			if turn.index != nil {
				turn.index.stop()
			}
			if err != nil {
				return err
			}
			turn.took.list = append(turn.took.list, took.list...)
		}
	}
	for _, r := range []struct {
		what string
		took *samples
	}{{"alone", &none}, {"beside learning", &apart}, {"beside learning in the same process", &here}} {
		fmt.Fprintf(os.Stderr, "  messages %s: p50 %s p90 %s p99 %s most %s\n", r.what, ms(r.took.at(0.5)), ms(r.took.at(0.9)), ms(r.took.at(0.99)), ms(r.took.at(1)))
	}
	ratio := func(s *samples) float64 { return float64(s.at(0.99)) / float64(none.at(0.99)) }
	t.add("a message's p99 while articles are learned anew, of that in the pauses between", "< 1.5", "%.2f (p99 %s of %s; %.2f where the server learns itself)", ratio(&apart), ms(apart.at(0.99)), ms(none.at(0.99)), ratio(&here))
	return nil
}

// reindex measures what learning 1,000 articles anew with the embedded default takes, beside messages, and how soon an
// article that is edited meanwhile is found.
func reindex(ctx context.Context, s settings, t *table) error {
	d, g, err := newGuide(ctx)
	if err != nil {
		return err
	}
	defer d.stop()
	var steps int
	var byWords, byMeaning time.Duration
	begun := time.Now()
	_, during, err := d.beside(ctx, s.length, func() error {
		begun = time.Now()
		g.start(ctx)
		defer g.stop()
		edited := time.Now()
		if _, err := g.put(ctx, d, 500, "The zeppelin lands on the roof at noon and carries parcels to the harbour.\n\n## More"); err != nil {
			return err
		}
		if byWords, byMeaning, err = g.sought(ctx, edited, 501); err != nil {
			return err
		}
		steps, err = g.learned(ctx, recall.Builtin.Name())
		return err
	})
	spent := time.Since(begun)
	if err != nil {
		return err
	}
	p, err := g.progress(ctx)
	if err != nil {
		return err
	}
	t.add(fmt.Sprintf("learning %d articles of %d words (%d chunks) anew, beside messages", guided, g.words, p.Total), "< 8 min", "%s (%d steps of progress; p99 %s)", spent.Round(time.Second), steps, ms(during.at(0.99)))
	t.add("an article edited meanwhile is found by words, by meaning", "at once, ≤ 10 s", "%s, %s", ms(byWords), ms(byMeaning))
	return nil
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
