package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app/actor"
	"deskbell/app/helpcenter"
	"deskbell/app/may"
	"deskbell/store"
)

// BenchmarkHelpSearch asks 5,000 articles of about 150 words: rare words, common ones, beginnings, errors and whole
// questions. go test ./app -run '^$' -bench HelpSearch -benchtime 3000x
func BenchmarkHelpSearch(b *testing.B) {
	d := newDesk(b)
	ws, _ := store.ParseID(d.workspace)
	who := actor.Actor{Kind: actor.Staff, Workspace: ws, User: d.user(), Name: "Ann Berg", Role: may.RoleOwner, Permissions: may.All}
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "etaoinshrdlucmfwypvbgkqjxz"
	lexicon := make([]string, 20000)
	for i := range lexicon {
		var w strings.Builder
		for range 4 + random.IntN(7) {
			w.WriteByte(letters[min(25, int(random.ExpFloat64()*7))])
		}
		lexicon[i] = w.String()
	}
	word := func() string { return lexicon[min(len(lexicon)-1, int(random.ExpFloat64()*random.ExpFloat64()*1500))] }
	text := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = word()
		}
		return strings.Join(list, " ")
	}
	var group sync.WaitGroup
	gate := make(chan struct{}, 32)
	for i := range 5000 {
		title, body := text(5), text(150)
		gate <- struct{}{}
		group.Go(func() {
			defer func() { <-gate }()
			a, err := d.app.Help.Create(context.Background(), who, helpcenter.NewArticle{Title: fmt.Sprint(title, " ", i), Content: body})
			if err == nil {
				_, err = d.app.Help.Publish(context.Background(), who, helpcenter.Publishing{ArticleID: a.ID})
			}
			if err != nil {
				b.Error(err)
			}
		})
	}
	group.Wait()
	ask := map[string]func() string{
		"rare":     func() string { return lexicon[8000+random.IntN(8000)] },
		"common":   func() string { return lexicon[random.IntN(20)] + " " + lexicon[random.IntN(20)] },
		"prefix":   func() string { return word()[:2] },
		"error":    func() string { w := []byte(word()); w[1], w[2] = w[2], w[1]; return string(w) + " " + word() },
		"question": func() string { return text(7) },
	}
	for _, name := range []string{"rare", "common", "prefix", "error", "question"} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				q := ask[name]()
				start := time.Now()
				err := d.app.DB.Read(context.Background(), ws, func(tx *store.Tx) error {
					_, err := d.app.Help.Search(tx, helpcenter.Query{Q: q})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		})
	}
}
