package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"

	"deskbell/app/helpcenter"
	"deskbell/store"
)

// lexicon makes texts whose words are spread as those of a language are: a few stand everywhere, most hardly anywhere.
type lexicon struct {
	random *rand.Rand
	words  []string
}

func newLexicon(n int) *lexicon {
	l := &lexicon{random: rand.New(rand.NewPCG(1, 2)), words: make([]string, n)}
	const letters = "etaoinshrdlucmfwypvbgkqjxz"
	for i := range l.words {
		var w strings.Builder
		for range 4 + l.random.IntN(7) {
			w.WriteByte(letters[min(25, int(l.random.ExpFloat64()*7))])
		}
		l.words[i] = w.String()
	}
	return l
}

func (l *lexicon) word() string {
	return l.words[min(len(l.words)-1, int(l.random.ExpFloat64()*l.random.ExpFloat64()*float64(len(l.words))*0.075))]
}

func (l *lexicon) text(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = l.word()
	}
	return strings.Join(list, " ")
}

// photograph is a picture that packs badly, of some 400 KB.
func (l *lexicon) photograph() ([]byte, error) {
	m := image.NewNRGBA(image.Rect(0, 0, 360, 360))
	for i := range m.Pix {
		m.Pix[i] = byte(l.random.Uint32()) | byte(255*(i%4/3))
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return b.Bytes(), err
}

// folder is n articles as a zip of Markdown, of 60 to 700 words under headings; every fourth says something in German too.
// The first of them show a photograph each.
func (l *lexicon) folder(name string, n, photographs int) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		for _, ending := range []string{".md", ".de.md"}[:1+1/(1+i%4)] {
			f, err := z.Create(fmt.Sprintf("%s/shelf %d/%s %d%s", name, i%20, name, i, ending))
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(f, "# %s %d\n\n", l.text(3+l.random.IntN(4)), i)
			if i < photographs {
				fmt.Fprintf(f, "![a photograph](%d.png)\n\n", i)
			}
			for range 1 + l.random.IntN(6) {
				fmt.Fprintf(f, "## %s\n\n%s.\n\n", l.text(3), l.text(60+l.random.IntN(60)))
			}
		}
	}
	for i := range photographs {
		raw, err := l.photograph()
		if err != nil {
			return nil, err
		}
		f, err := z.Create(fmt.Sprintf("%s/shelf %d/%d.png", name, i%20, i))
		if err == nil {
			_, err = f.Write(raw)
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// library fills a help center of two languages, with synonyms, by importing folders.
func (d *desk) library(ctx context.Context, l *lexicon, articles int) error {
	groups := []string{}
	for i := range 30 {
		groups = append(groups, strings.Join([]string{l.words[i*3], l.words[i*3+1], l.words[5000+i]}, ", "))
	}
	if _, err := d.Help.UpdateSettings(ctx, d.agent, helpcenter.UpdateSettings{Languages: &[]string{"de"}, Synonyms: &groups}); err != nil {
		return err
	}
	const each = 2500
	begun := time.Now()
	for from := 0; from < articles; from += each {
		if _, err := d.bring(ctx, l, fmt.Sprint("guide", from), min(each, articles-from), 0); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "  %d articles were imported in %s\n", articles, time.Since(begun).Round(time.Second))
	return d.Help.Tidy(ctx)
}

func (d *desk) bring(ctx context.Context, l *lexicon, name string, articles, photographs int) (helpcenter.Synced, error) {
	raw, err := l.folder(name, articles, photographs)
	if err != nil {
		return helpcenter.Synced{}, err
	}
	return d.take(ctx, raw, name, articles)
}

func (d *desk) take(ctx context.Context, raw []byte, name string, articles int) (helpcenter.Synced, error) {
	done, err := d.Help.SyncZip(ctx, d.agent, bytes.NewReader(raw), int64(len(raw)), helpcenter.Sync{Source: name, Part: true})
	if err == nil && len(done.Created) != articles {
		err = fmt.Errorf("%d of %d articles came in", len(done.Created), articles)
	}
	return done, err
}

// asked are the kinds of questions that readers and the team ask.
func asked(l *lexicon) []struct {
	kind string
	next func() helpcenter.Query
} {
	type kind = struct {
		kind string
		next func() helpcenter.Query
	}
	of := func(name string, q func() string) kind {
		return kind{name, func() helpcenter.Query { return helpcenter.Query{Q: q()} }}
	}
	n := len(l.words)
	common := func() string { return l.words[l.random.IntN(20)] }
	return []kind{
		of("a rare word", func() string { return l.words[n*2/5+l.random.IntN(n*2/5)] }),
		of("common words", func() string { return common() + " " + common() }),
		of("a beginning", func() string { return l.word()[:2] }),
		of("a typing error", func() string { w := []byte(l.word()); w[1], w[2] = w[2], w[1]; return string(w) + " " + l.word() }),
		of("a question", func() string { return l.text(7) }),
		of("synonyms", func() string { return l.words[5000+l.random.IntN(30)] + " " + l.word() }),
		{"in German", func() helpcenter.Query { return helpcenter.Query{Q: common() + " " + l.word(), Language: "de"} }},
		{"by the team", func() helpcenter.Query { return helpcenter.Query{Q: common() + " " + l.word(), Team: true, Limit: 50} }},
	}
}

// ask puts n questions of a kind.
func (d *desk) ask(ctx context.Context, n int, next func() helpcenter.Query) (*samples, error) {
	var took samples
	for range n {
		q := next()
		at := time.Now()
		err := d.DB.Read(ctx, d.agent.Workspace, func(tx *store.Tx) error {
			_, err := d.Help.Search(tx, q)
			return err
		})
		if err != nil {
			return nil, err
		}
		took.add(time.Since(at))
	}
	return &took, nil
}

// stocked is a desk with the articles, made anew or kept in a directory from a call before.
func stocked(ctx context.Context, l *lexicon, keep string) (d *desk, err error) {
	dir, stays := keep, keep != ""
	if !stays {
		if dir, err = os.MkdirTemp("", "deskbell-bench-"); err != nil {
			return nil, err
		}
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	full := filepath.Join(dir, "stocked")
	_, bare := os.Stat(full)
	if d, err = newDeskIn(ctx, dir); err != nil {
		return nil, err
	}
	if stays {
		d.stop = d.quit
	}
	if bare != nil {
		if err = d.library(ctx, l, shelf); err == nil {
			err = os.WriteFile(full, nil, 0o600)
		}
	} else if err = d.Help.Refill(ctx); err == nil { // by a build before an upgrade
		err = d.Help.Tidy(ctx)
	}
	if err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

const shelf = 5000 // articles of a large help center

// search measures the help center's search, a kind of question at a time.
func search(ctx context.Context, s settings, t *table) error {
	l := newLexicon(20000)
	d, err := stocked(ctx, l, s.keep)
	if err != nil {
		return err
	}
	defer d.stop()
	if s.profile != "" {
		f, err := os.Create(s.profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			return err
		}
		defer f.Close()
		defer pprof.StopCPUProfile()
	}
	for _, k := range asked(l) {
		var p50, p99 []time.Duration
		for range s.rounds {
			var took *samples
			pprof.Do(ctx, pprof.Labels("kind", k.kind), func(ctx context.Context) { took, err = d.ask(ctx, 400, k.next) })
			if err != nil {
				return err
			}
			p50, p99 = append(p50, took.at(0.5)), append(p99, took.at(0.99))
		}
		t.add(fmt.Sprintf("a search among %d articles, %s, p99", shelf, k.kind), "≤ 10 ms", "%s (p50 %s)", ms(median(p99)), ms(median(p50)))
	}
	return nil
}
