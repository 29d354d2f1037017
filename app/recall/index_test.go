package recall_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"deskbell/app/recall"
	"deskbell/store"
)

func TestAnArticleIsFoundByMeaningSoon(t *testing.T) {
	h := build(t, nil)
	ws := h.workspace("shop")
	h.put(ws, article(1, "Returns", "You can send goods back within 30 days."), article(2, "Sign in", "Choose a new password when you forgot yours."))
	if got, _ := h.find(recall.Query{Workspace: ws, Text: "forgot password"}); len(got) == 0 || got[0] != "Sign in" {
		t.Errorf("by words at once: got %v", got)
	}
	h.settled(ws, complete(2))
	got, found := h.find(recall.Query{Workspace: ws, Text: "I want my money back for a broken toaster"})
	if len(got) == 0 || got[0] != "Returns" || found[0].Meaning < 0.2 {
		t.Errorf("by meaning: got %v %+v", got, found)
	}
}

func TestTwoWorkspacesNeverCross(t *testing.T) {
	h := build(t, nil)
	a, b := h.workspace("a"), h.workspace("b")
	h.put(a, article(1, "Apples", "Apples are delivered on Mondays."))
	h.put(b, article(1, "Pears", "Apples and pears are delivered on Fridays."))
	for i := range 4 { // most is b's, so that each asks in its own way (see store.Chunks.scope)
		h.put(b, article(i+2, fmt.Sprint("Plums ", i), "Plums are delivered on Fridays."))
	}
	h.settled(a, complete(1))
	h.settled(b, complete(5))
	for range 3 {
		if got, _ := h.find(recall.Query{Workspace: a, Text: "when are apples delivered", Staff: true}); !slices.Equal(got, []string{"Apples"}) {
			t.Errorf("a: got %v", got)
		}
		if got, _ := h.find(recall.Query{Workspace: b, Text: "when are apples delivered", Staff: true}); len(got) != 5 || got[0] != "Pears" || slices.Contains(got, "Apples") {
			t.Errorf("b: got %v", got)
		}
	}
}

func TestAReaderFindsOnlyWhatTheyMaySee(t *testing.T) {
	h := build(t, nil)
	ws := h.workspace("shop")
	doc := func(id int, change func(*recall.Document)) recall.Document {
		d := article(id, fmt.Sprint(id), "Parcels are delivered by the carrier.")
		change(&d)
		return d
	}
	h.put(ws,
		doc(1, func(d *recall.Document) {}),
		doc(2, func(d *recall.Document) { d.Published = false }),
		doc(3, func(d *recall.Document) { d.Audience = store.AudienceStaff }),
		doc(4, func(d *recall.Document) { d.Audience = "wholesale" }),
		doc(5, func(d *recall.Document) { d.Language = "de" }),
		doc(6, func(d *recall.Document) { d.Source = store.FromSavedReply; d.Language = "" }),
		doc(7, func(d *recall.Document) { d.Source = store.FromInternalArticle; d.Audience = store.AudienceStaff }),
	)
	h.settled(ws, complete(7))
	all := []store.ChunkSource{store.FromArticle, store.FromSavedReply, store.FromInternalArticle, store.FromConversation}
	for name, c := range map[string]struct {
		q    recall.Query
		want string
	}{
		"a visitor":              {recall.Query{}, "1 5"},
		"a visitor of a group":   {recall.Query{Audiences: []string{"wholesale"}}, "1 4 5"},
		"who says they are team": {recall.Query{Audiences: []string{"staff"}, Sources: all}, "1 5 6"},
		"who reads English":      {recall.Query{Languages: []string{"en"}, Sources: all}, "1 6"},
		"the team":               {recall.Query{Staff: true, Sources: all}, "1 3 4 5 6 7"},
		"nothing asked for":      {recall.Query{Staff: true, Sources: []store.ChunkSource{}}, ""},
	} {
		for _, words := range []string{"parcel carrier", "who brings my package to me"} { // the second has no word in common
			c.q.Workspace, c.q.Text = ws, words
			got, _ := h.find(c.q)
			slices.Sort(got)
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%s, %q: got %q, want %q", name, words, s, c.want)
			}
		}
	}
	h.put(ws, doc(1, func(d *recall.Document) { d.Published = false }), doc(2, func(d *recall.Document) {}))
	if got, _ := h.find(recall.Query{Workspace: ws, Text: "who brings my package", Languages: []string{"en"}}); !slices.Equal(got, []string{"2"}) {
		t.Errorf("after the switch: got %v", got)
	}
}

func TestWhatIsDeletedIsGoneAtOnce(t *testing.T) {
	h := build(t, nil)
	ws := h.workspace("shop")
	h.put(ws, article(1, "Returns", "Send it back."), article(2, "Delivery", "It comes by mail."))
	h.settled(ws, complete(2))
	h.find(recall.Query{Workspace: ws, Text: "returning goods"})
	h.write(ws, func(tx *store.Tx) error { return recall.Drop(tx, store.FromArticle, 1) })
	if got, _ := h.find(recall.Query{Workspace: ws, Text: "returning goods, send back"}); slices.Contains(got, "Returns") {
		t.Errorf("got %v", got)
	}
	h.put(ws, article(2, "Opening hours", "We are there from nine to five."))
	if got, _ := h.find(recall.Query{Workspace: ws, Text: "mail delivery"}); slices.Contains(got, "Delivery") {
		t.Errorf("the former text is found: %v", got)
	}
	h.settled(ws, func(p store.ChunkIndex) bool { return p.Done == p.Total })
}

func TestFindingWhileEverythingChanges(t *testing.T) {
	e := &toy{name: "toy"}
	h := build(t, func(context.Context, store.ID) (recall.Embedder, error) { return e, nil })
	a, b := h.workspace("a"), h.workspace("b")
	var running sync.WaitGroup
	for n, ws := range []store.ID{a, b} {
		own := []string{"apple", "pear"}[n]
		running.Go(func() {
			for i := range 60 {
				d := article(i%7+1, fmt.Sprint(own, " ", i), own+" "+strings.Repeat("zebra ", i))
				d.Published = i%3 != 0
				h.put(ws, d)
				if i%5 == 0 {
					h.write(ws, func(tx *store.Tx) error { return recall.Drop(tx, store.FromArticle, store.ID(i%7+1)) })
				}
			}
		})
		for range 2 {
			running.Go(func() {
				for range 60 {
					_, found := h.find(recall.Query{Workspace: ws, Text: "apple pear zebra"})
					for _, f := range found {
						if !strings.Contains(f.Body, own) || !f.Document.Published {
							t.Errorf("%s found %+v", own, f.Document)
						}
					}
				}
			})
		}
	}
	running.Wait()
	h.settled(a, func(p store.ChunkIndex) bool { return p.Total > 0 && p.Done == p.Total })
}

func TestARestartGoesOnWhereItStopped(t *testing.T) {
	e := &toy{name: "toy", gate: make(chan struct{})}
	choose := func(context.Context, store.ID) (recall.Embedder, error) { return e, nil }
	h := build(t, choose)
	ws := h.workspace("shop")
	for i := range 20 {
		h.put(ws, article(i+1, fmt.Sprint("zebra ", i), "zzz"))
	}
	h.stop()
	close(e.gate)
	again := recall.New(h.db, slog.New(slog.DiscardHandler), choose)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { again.Run(ctx) })
	h.settled(ws, complete(20))
	cancel()
	running.Wait()
	if len(e.seen) != 20 {
		t.Errorf("%d texts were embedded, want 20", len(e.seen))
	}
}

// What somebody edits while everything is learned anew, in several workspaces, is learned next: after the batch that is
// under way, and before everything else that waits.
func TestAnEditedArticleGoesAheadOfTheQueue(t *testing.T) {
	old := &toy{name: "old"}
	c := &chosen{Embedder: old}
	h := build(t, c.choose)
	var all []store.ID
	for n := range 9 {
		ws := h.workspace(fmt.Sprint("shop ", n))
		all = append(all, ws)
		for i := range 60 {
			h.put(ws, article(i+1, fmt.Sprint("zebra ", i), "zzz"))
		}
	}
	for _, ws := range all {
		h.settled(ws, complete(60))
	}
	next := &toy{name: "newer", gate: make(chan struct{})}
	c.set(next)
	for _, ws := range all {
		h.index.Changed(ws)
	}
	for range 7 { // it goes round
		next.gate <- struct{}{}
	}
	next.mu.Lock()
	before := len(next.seen)
	next.mu.Unlock()
	edited := all[3]
	h.put(edited, article(7, "quagga", "## One\n\n"+strings.Repeat("word ", 400)+"\n\n## Two\n\nxxx"))
	next.gate <- struct{}{} // the batch that may have been under way
	next.gate <- struct{}{} // the one with the edited article, if it was not that
	h.settled(edited, func(p store.ChunkIndex) bool {
		next.mu.Lock()
		defer next.mu.Unlock()
		return next.n == 9
	})
	next.mu.Lock()
	last := next.seen[before:]
	next.mu.Unlock()
	if !slices.ContainsFunc(last, func(s string) bool { return strings.HasPrefix(s, "quagga") }) {
		t.Errorf("the edited article waits; learned instead: %.40q", last)
	}
	if p := h.progress(edited); p.Serving != "old" {
		t.Errorf("the next model answers before it has learned everything: %+v", p)
	}
	close(next.gate)
	for _, ws := range all {
		h.settled(ws, func(p store.ChunkIndex) bool { return p.Serving == "newer" && p.Done == p.Total && p.Total >= 60 })
	}
}
