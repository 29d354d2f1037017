package recall_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app/recall"
	"deskbell/store"
)

// toy embeds by letters; it can be held up or broken.
type toy struct {
	name string
	gate chan struct{} // nil: open
	mu   sync.Mutex
	fail error
	seen []string
	n    int // batches
}

func (e *toy) Name() string { return e.name }

func (e *toy) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if e.gate != nil {
		select {
		case <-e.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen, e.n = append(e.seen, texts...), e.n+1
	out := [][]float32{}
	for _, t := range texts {
		if e.fail != nil {
			return nil, e.fail
		}
		if strings.Contains(t, "poison") {
			return nil, recall.ErrRefused
		}
		v := make([]float32, 26+len(e.name))
		for _, r := range strings.ToLower(t) {
			if r >= 'a' && r <= 'z' {
				v[r-'a']++
			}
		}
		v[26] = 0.1
		out = append(out, v)
	}
	return out, nil
}

func (e *toy) breaks(err error) {
	e.mu.Lock()
	e.fail = err
	e.mu.Unlock()
}

func TestTheFormerModelServesWhileTheNextOneLearns(t *testing.T) {
	old, next := &toy{name: "old"}, &toy{name: "newer", gate: make(chan struct{})}
	var mu sync.Mutex
	chosen := recall.Embedder(old)
	h := build(t, func(context.Context, store.ID) (recall.Embedder, error) {
		mu.Lock()
		defer mu.Unlock()
		return chosen, nil
	})
	ws := h.workspace("shop")
	for i := range 40 {
		h.put(ws, article(i+1, fmt.Sprint("zebra ", i), "zzz"))
	}
	h.settled(ws, complete(40))
	mu.Lock()
	chosen = next
	mu.Unlock()
	h.index.Changed(ws)
	next.gate <- struct{}{} // one batch
	p := h.settled(ws, func(p store.ChunkIndex) bool { return p.Wanted == "newer" && p.Done == 16 })
	if p.Serving != "old" || p.Total != 40 {
		t.Errorf("amid the change: %+v", p)
	}
	if _, found := h.find(recall.Query{Workspace: ws, Text: "zzzz qq"}); len(found) == 0 || found[0].Meaning == 0 {
		t.Errorf("the former model does not answer: %v", found)
	}
	h.put(ws, article(99, "quagga", "xxx")) // what is new is learned by the model that answers, too
	more := next.gate                       // one batch more, and not the last: with that the next model would answer
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		_, found := h.find(recall.Query{Workspace: ws, Text: "xxxx quagga"})
		if len(found) > 0 && found[0].Document.Title == "quagga" && found[0].Meaning > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("what is written amid the change is not found by meaning")
		}
		select {
		case more <- struct{}{}:
			more = nil
		default:
		}
	}
	if p := h.progress(ws); p.Serving != "old" || p.Done >= p.Total {
		t.Errorf("after something new: %+v", p)
	}
	close(next.gate)
	h.settled(ws, func(p store.ChunkIndex) bool { return p.Serving == "newer" && p.Done == 41 })
	if _, found := h.find(recall.Query{Workspace: ws, Text: "zzzz qq"}); len(found) == 0 || found[0].Meaning == 0 {
		t.Errorf("the next model does not answer: %v", found)
	}
}

func TestWordsAnswerWhenTheEmbedderFails(t *testing.T) {
	e := &toy{name: "toy", fail: errors.New("no more credit")}
	h := build(t, func(context.Context, store.ID) (recall.Embedder, error) { return e, nil })
	ws := h.workspace("shop")
	h.put(ws, article(1, "Returns", "Send it back."))
	h.settled(ws, func(p store.ChunkIndex) bool { return p.LastError == "no more credit" && p.Total == 1 && p.Done == 0 })
	if got, _ := h.find(recall.Query{Workspace: ws, Text: "returns"}); !slices.Equal(got, []string{"Returns"}) {
		t.Errorf("got %v", got)
	}
	e.breaks(nil)
	h.index.Changed(ws)
	h.settled(ws, func(p store.ChunkIndex) bool { return p.LastError == "" && p.Done == 1 })
	e.breaks(errors.New("down"))
	if got, _ := h.find(recall.Query{Workspace: ws, Text: "returns"}); !slices.Equal(got, []string{"Returns"}) {
		t.Errorf("got %v", got)
	}
}

func TestARefusedTextHoldsUpNobody(t *testing.T) {
	e := &toy{name: "toy"}
	h := build(t, func(context.Context, store.ID) (recall.Embedder, error) { return e, nil })
	ws := h.workspace("shop")
	h.put(ws, article(1, "Returns", "Send it back."), article(2, "poison", "x"), article(3, "Hours", "nine"))
	h.settled(ws, complete(3))
	if _, found := h.find(recall.Query{Workspace: ws, Text: "nine"}); len(found) != 2 {
		t.Errorf("got %v", found)
	}
}

func TestAServerThatRefusesEverythingIsReported(t *testing.T) {
	e := &toy{name: "toy", fail: recall.ErrRefused}
	h := build(t, func(context.Context, store.ID) (recall.Embedder, error) { return e, nil })
	ws := h.workspace("shop")
	h.put(ws, article(1, "Returns", "Send it back."))
	h.settled(ws, func(p store.ChunkIndex) bool { return p.LastError != "" && p.Done == 0 })
}

// chosen is an embedder that can be changed.
type chosen struct {
	mu sync.Mutex
	recall.Embedder
}

func (c *chosen) choose(context.Context, store.ID) (recall.Embedder, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.Embedder, nil
}

func (c *chosen) set(e recall.Embedder) {
	c.mu.Lock()
	c.Embedder = e
	c.mu.Unlock()
}
