package recall_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"deskbell/app/recall"
	"deskbell/store"
)

type house struct {
	t     testing.TB
	db    *store.DB
	index *recall.Index
	stop  func()
}

func build(t testing.TB, choose recall.Chooser, with ...func(*recall.Index)) *house {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "d.db"), Durability: store.Normal, Search: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, index: recall.New(db, slog.New(slog.DiscardHandler), choose)}
	for _, fn := range with {
		fn(h.index)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := h.index.Run(ctx); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	h.stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(func() { h.stop(); db.Close() })
	return h
}

func (h *house) workspace(name string) store.ID {
	h.t.Helper()
	w := store.Workspace{Name: name}
	h.write(0, func(tx *store.Tx) error { return tx.Workspaces.Add(&w) })
	return w.ID
}

func (h *house) write(ws store.ID, fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Write(context.Background(), ws, fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) put(ws store.ID, list ...recall.Document) {
	h.t.Helper()
	h.write(ws, func(tx *store.Tx) error {
		for _, d := range list {
			if err := recall.Put(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *house) progress(ws store.ID) (p store.ChunkIndex) {
	h.t.Helper()
	err := h.db.Read(context.Background(), ws, func(tx *store.Tx) (err error) {
		p, err = recall.Progress(tx)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// settled waits until the workspace says so.
func (h *house) settled(ws store.ID, is func(store.ChunkIndex) bool) store.ChunkIndex {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		p := h.progress(ws)
		if is(p) {
			return p
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("it never came: %+v", p)
		}
	}
}

func complete(n int) func(store.ChunkIndex) bool {
	return func(p store.ChunkIndex) bool { return p.Total == n && p.Done == n }
}

func (h *house) find(q recall.Query) (titles []string, found []recall.Found) {
	h.t.Helper()
	if q.Sources == nil {
		q.Sources = []store.ChunkSource{store.FromArticle}
	}
	found, err := h.index.Find(context.Background(), q)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range found {
		titles = append(titles, f.Document.Title)
	}
	return titles, found
}

func article(id int, title, text string) recall.Document {
	return recall.Document{Source: store.FromArticle, ID: store.ID(id), Language: "en", Published: true, Title: title, Markdown: text}
}
