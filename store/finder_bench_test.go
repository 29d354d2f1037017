package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkCommonWords finds two words that most of 5,000 texts have: as Find does it, and with what begins like the last at once.
// The two take turns, so that their ratio holds on a machine that others use.
//
//	go test ./store -run '^$' -bench CommonWords -benchtime 200x
func BenchmarkCommonWords(b *testing.B) {
	db, err := Open(b.Context(), Options{Path: filepath.Join(b.TempDir(), "d.db"), Durability: Normal, Search: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	random := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 20000)
	for i := range words {
		w := make([]byte, 4+random.IntN(7))
		for k := range w {
			w[k] = "etaoinshrdlucmfwypvbgkqjxz"[min(25, int(random.ExpFloat64()*7))]
		}
		words[i] = string(w)
	}
	text := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = words[min(len(words)-1, int(random.ExpFloat64()*random.ExpFloat64()*1500))]
		}
		return strings.Join(list, " ")
	}
	var ws ID
	_, err = db.Write(b.Context(), 0, func(tx *Tx) error {
		w := &Workspace{Name: "W"}
		err := tx.Workspaces.Add(w)
		ws = w.ID
		return err
	})
	for from := 0; from < 5000 && err == nil; from += 250 {
		_, err = db.Write(b.Context(), ws, func(tx *Tx) error {
			for i := range 250 {
				a := &Article{Status: "published", Visibility: "public"}
				if err := tx.Articles.Add(a); err != nil {
					return err
				}
				said := text(60 + random.IntN(640))
				t := &Text{Article: a.ID, Language: "en", Slug: fmt.Sprint("s", from+i), Title: text(5), Live: true, LivePlain: said, Content: said}
				t.LiveTitle = t.Title
				if err := tx.Articles.AddText(t); err != nil {
					return err
				}
				if err := tx.Finder.IndexLive(a, t, said[:min(len(said), 3000)], nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		b.Fatal(err)
	}
	var first, whole time.Duration
	for b.Loop() {
		h := Hunt{Words: [][]string{{words[random.IntN(20)]}, {words[random.IntN(20)]}}, Language: "en", Limit: 40}
		err := db.Read(b.Context(), ws, func(tx *Tx) error {
			at := time.Now()
			if _, err := tx.Finder.Find(h); err != nil {
				return err
			}
			whole += time.Since(at)
			at = time.Now()
			ids, err := tx.Finder.every(h, true)
			if _, err := tx.Finder.candidates(h, ids, nil, err); err != nil {
				return err
			}
			first += time.Since(at)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(whole.Microseconds())/1000/float64(b.N), "ms/find")
	b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "ms/beginning-at-once")
}
