package recall

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"deskbell/store"
)

// step embeds one batch and says whether there is more to do.
func (x *Index) step(ctx context.Context, ws store.ID) (bool, error) {
	e, err := x.wanted(ctx, ws)
	if err != nil {
		return false, x.failed(ctx, ws, "", err)
	}
	var pending, fresh []store.FoundChunk
	var i store.ChunkIndex
	asked := x.amount(e)
	n := x.tallies[ws]
	err = x.db.Read(ctx, ws, func(tx *store.Tx) (err error) {
		if i, err = Progress(tx); err == nil && i.Serving != "" && i.Serving != e.Name() {
			fresh, err = tx.Chunks.Fresh(handful)
		}
		if err == nil {
			pending, err = tx.Chunks.Pending(e.Name(), asked)
		}
		if err == nil && (n.model != e.Name() || len(pending) < asked || time.Since(n.at) > recount) {
			n = tally{model: e.Name(), at: time.Now()}
			n.done, n.total, err = tx.Chunks.Count(e.Name())
		}
		return err
	})
	if err != nil {
		return false, err
	}
	if len(fresh) > 0 {
		if err := x.meanwhile(ctx, ws, i.Serving, fresh); err != nil {
			return false, err
		}
	}
	made, err := x.embed(ctx, e, pending)
	if err != nil {
		return false, x.failed(ctx, ws, e.Name(), err)
	}
	pending = pending[:len(made)]
	n.done += len(pending)
	more, err := x.keep(ctx, ws, store.ChunkIndex{Wanted: e.Name(), Done: n.done, Total: n.total}, pending, made)
	if err != nil || !more {
		delete(x.tallies, ws)
		return more, err
	}
	x.tallies[ws] = n
	return true, nil
}

// tally is how many chunks there were when they were last counted, and how many of them have been learned by now: counting
// visits them all.
type tally struct {
	model       string
	at          time.Time
	done, total int
}

func (x *Index) amount(e Embedder) int {
	if _, ok := e.(gentle); !ok {
		return batch
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.urgent {
		return handful
	}
	return armful
}

// meanwhile has the model that still answers learn what is new, so that an edited article is found by meaning while another
// model learns everything. Where it cannot, words have to do.
func (x *Index) meanwhile(ctx context.Context, ws store.ID, model string, fresh []store.FoundChunk) error {
	x.mu.Lock()
	lapsed := time.Now().Before(x.lapsed[ws])
	x.mu.Unlock()
	if lapsed {
		return nil
	}
	e, err := x.serving(ctx, ws, model)
	if err != nil || e.Name() != model {
		return nil
	}
	made, err := x.embed(ctx, e, fresh)
	if err != nil {
		x.log.Warn("recall: the former model does not learn what is new", "workspace", ws, "error", err)
		x.mu.Lock()
		x.lapsed[ws] = time.Now().Add(patience)
		x.mu.Unlock()
		return ctx.Err()
	}
	_, err = x.db.Write(ctx, ws, func(tx *store.Tx) error { return noted(tx, model, fresh[:len(made)], made) })
	return err
}

func noted(tx *store.Tx, model string, list []store.FoundChunk, made [][]float32) error {
	for i, c := range list {
		if err := tx.Chunks.Keep(c.ID, model, made[i]); err != nil {
			return err
		}
	}
	return nil
}

// embed makes the vectors of chunks, or of the first of them. One whose text is refused has none, and holds up nobody; but a server that refuses
// everything is misconfigured.
func (x *Index) embed(ctx context.Context, e Embedder, list []store.FoundChunk) ([][]float32, error) {
	if len(list) == 0 {
		return nil, nil
	}
	texts := make([]string, len(list))
	for i, c := range list {
		texts[i] = text(c)
	}
	if g, ok := e.(gentle); ok {
		return x.embedGently(ctx, g, texts)
	}
	made, err := e.Embed(ctx, texts)
	if !errors.Is(err, ErrRefused) {
		return made, err
	}
	if _, err := e.Embed(ctx, []string{"hello"}); err != nil {
		return nil, err
	}
	made = make([][]float32, len(list))
	for i, t := range texts {
		one, err := e.Embed(ctx, []string{t})
		switch {
		case errors.Is(err, ErrRefused):
		case err != nil:
			return nil, err
		default:
			made[i] = one[0]
		}
	}
	return made, nil
}

// embedGently embeds a handful after the other, and no more once somebody has written something.
func (x *Index) embedGently(ctx context.Context, g gentle, texts []string) (made [][]float32, err error) {
	for some := range slices.Chunk(texts, handful) {
		vectors, err := x.passages(ctx, g, some)
		if err != nil {
			return nil, err
		}
		made = append(made, vectors...)
		x.mu.Lock()
		waiting := len(x.edited) > 0
		x.mu.Unlock()
		if waiting {
			break
		}
	}
	return made, nil
}

// passages embeds what can wait apart, and what somebody has just written here and at once.
func (x *Index) passages(ctx context.Context, g gentle, texts []string) ([][]float32, error) {
	x.mu.Lock()
	urgent := x.urgent
	x.mu.Unlock()
	if urgent || !x.apart.serves(g) {
		return g.EmbedGently(ctx, texts, x.rest)
	}
	made, err := x.apart.embed(ctx, texts, x.rest)
	if err == nil || ctx.Err() != nil {
		return made, err
	}
	x.log.Info("recall: what is to be learned is learned in this process for a while", "because", err)
	return g.EmbedGently(ctx, texts, x.rest)
}

// rest leaves the processor to those who talk: a third longer than the work took, where somebody does or there is but one
// processor.
func (x *Index) rest(ctx context.Context, worked time.Duration) {
	if runtime.GOMAXPROCS(0) > 1 && time.Now().UnixNano()-x.talked.Load() > int64(quiet) {
		rest(ctx, worked/8)
		return
	}
	rest(ctx, worked+worked/3)
}

// keep writes a batch down; when nothing is pending any more, the model serves and the vectors of others go. now is how far
// it is after the batch: what was counted before it, for counting takes long and a write must not.
func (x *Index) keep(ctx context.Context, ws store.ID, now store.ChunkIndex, list []store.FoundChunk, made [][]float32) (more bool, err error) {
	model := now.Wanted
	var took time.Duration
	_, err = x.db.Write(ctx, ws, func(tx *store.Tx) error {
		begun := time.Now()
		now := now
		if err := noted(tx, model, list, made); err != nil {
			return err
		}
		before, err := Progress(tx)
		if err != nil {
			return err
		}
		if now.Done >= now.Total {
			if now.Done, now.Total, err = tx.Chunks.Count(model); err != nil {
				return err
			}
		}
		now.Serving = before.Serving
		more = now.Done < now.Total
		if now.Serving == "" || !more {
			now.Serving = model
		}
		if !more {
			gone, err := tx.Chunks.Forget([]string{model}, swept)
			if err != nil {
				return err
			}
			more = gone > 0
		}
		took = time.Since(begun)
		return tx.Chunks.SetIndex(now)
	})
	rest(ctx, took)
	return more, err
}

// failed writes down what is wrong, for those who look at the progress.
func (x *Index) failed(ctx context.Context, ws store.ID, model string, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	_, err := x.db.Write(ctx, ws, func(tx *store.Tx) error {
		i, err := Progress(tx)
		if err != nil {
			return err
		}
		i.LastError = clip(cause.Error(), 300)
		if model != "" {
			i.Wanted = model
			if i.Done, i.Total, err = tx.Chunks.Count(model); err != nil {
				return err
			}
		}
		return tx.Chunks.SetIndex(i)
	})
	return errors.Join(cause, err)
}
