package recall

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/store"
)

const (
	batch    = 16 // texts that a server embeds at a time
	handful  = 4  // texts that the built-in model embeds at a time: an article that is edited waits for them
	armful   = 24 // vectors of the built-in model that are written at a time: each write holds up the messages beside it
	ahead    = 8  // batches of a workspace that go before those of others after an edit
	swept    = 64 // vectors of a former model that are deleted at a time
	quiet    = time.Second
	kept     = 64 // workspaces whose vectors stay in memory
	patience = time.Minute
	firstTry = 2 * time.Second
	lastTry  = 5 * time.Minute
)

// Chooser says which embedder a workspace wants.
type Chooser func(ctx context.Context, workspace store.ID) (Embedder, error)

// Index keeps the vectors in step with the documents, and finds.
//
// There is no queue: a chunk without a vector of the wanted model is what has to be done, so nothing is lost or done
// for nothing. When the wanted model changes, the former one goes on answering until the new one is complete.
type Index struct {
	db     *store.DB
	log    *slog.Logger
	choose Chooser
	wake   chan struct{}

	mu     sync.Mutex
	due    map[store.ID]time.Time // workspaces that have work, and when
	edited map[store.ID]int       // workspaces that go first, and for how many batches
	served map[store.ID]time.Time // when a workspace that has work had its last turn
	urgent bool                   // the turn is for what somebody has just written
	tries  map[store.ID]int
	loaded map[store.ID]*vectors
	used   map[store.ID]time.Time
	former map[store.ID]map[string]Embedder // embedders that were wanted since the start, by name
	lapsed map[store.ID]time.Time           // workspaces whose former embedder failed, and until when it is left alone

	talked atomic.Int64 // when somebody wrote something else than vectors, in nanoseconds since 1970
}

// New makes an index. A nil Chooser chooses Builtin for all.
func New(db *store.DB, log *slog.Logger, choose Chooser) *Index {
	if choose == nil {
		choose = func(context.Context, store.ID) (Embedder, error) { return Builtin, nil }
	}
	x := &Index{
		db: db, log: log, choose: choose, wake: make(chan struct{}, 1), due: map[store.ID]time.Time{}, edited: map[store.ID]int{}, served: map[store.ID]time.Time{}, tries: map[store.ID]int{},
		loaded: map[store.ID]*vectors{}, used: map[store.ID]time.Time{}, former: map[store.ID]map[string]Embedder{}, lapsed: map[store.ID]time.Time{},
	}
	db.Watch(x.heard)
	return x
}

// heard notes which documents changed.
func (x *Index) heard(c store.Commit) {
	for _, change := range c.Changes {
		if change.Table == "ai_embedders" || change.Table == "ai_models" { // it chose another, or its budget is another
			x.Changed(store.ID(change.Values[0]))
		}
		if !strings.HasPrefix(change.Table, "recall_") {
			x.talked.Store(time.Now().UnixNano())
		}
		if change.Table != "recall_documents" && change.Table != "recall_vectors" {
			continue
		}
		ws, document := store.ID(change.Values[0]), store.ID(change.Values[1]) // both tables begin with these
		x.mu.Lock()
		if v := x.loaded[ws]; v != nil {
			v.soil(document)
		}
		written := change.Table == "recall_documents" && change.Op != store.Delete
		if written {
			x.edited[ws] = ahead
		}
		x.mu.Unlock()
		if written {
			x.Changed(ws)
		}
	}
}

// Changed says that a workspace may have work: it wants another embedder, or the one it has works again.
func (x *Index) Changed(workspace store.ID) {
	x.mu.Lock()
	x.due[workspace] = time.Time{}
	x.mu.Unlock()
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Progress tells how far the workspace's vectors are.
func Progress(tx *store.Tx) (store.ChunkIndex, error) {
	i, err := tx.Chunks.Index()
	if errors.Is(err, store.ErrNotFound) {
		return store.ChunkIndex{}, nil
	}
	if err != nil {
		return store.ChunkIndex{}, err
	}
	return *i, nil
}

// Run works until ctx ends: a batch for one workspace, a batch for the next. Where somebody has just written something comes
// first.
func (x *Index) Run(ctx context.Context) error {
	var all []store.ID
	err := x.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		all, err = tx.Chunks.Workspaces()
		return err
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("recall: %w", err)
	}
	for _, ws := range all {
		x.Changed(ws)
	}
	for ctx.Err() == nil {
		ws, wait := x.next()
		if ws != 0 {
			x.turn(ctx, ws)
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-x.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// next is the workspace whose turn it is, and otherwise how long to wait.
func (x *Index) next() (chosen store.ID, wait time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := time.Now()
	wait = patience
	for ws, at := range x.due {
		if d := at.Sub(now); d > 0 {
			wait = min(wait, d)
		} else if chosen == 0 || x.before(ws, chosen) {
			chosen = ws
		}
	}
	if chosen == 0 {
		return 0, wait
	}
	delete(x.due, chosen)
	x.served[chosen], x.urgent = now, x.edited[chosen] > 0
	if x.edited[chosen]--; x.edited[chosen] <= 0 {
		delete(x.edited, chosen)
	}
	return chosen, 0
}

// before says whose turn comes first.
func (x *Index) before(a, b store.ID) bool {
	if edited := x.edited[a] > 0; edited != (x.edited[b] > 0) {
		return edited
	}
	return x.served[a].Before(x.served[b])
}

func (x *Index) turn(ctx context.Context, ws store.ID) {
	more, err := x.step(ctx, ws)
	if ctx.Err() != nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err != nil {
		delete(x.edited, ws)
		wait := min(lastTry, firstTry<<min(x.tries[ws], 10))
		x.tries[ws]++
		x.due[ws] = time.Now().Add(wait)
		x.log.Warn("recall: embedding", "workspace", ws, "error", err, "again", wait)
		return
	}
	delete(x.tries, ws)
	if !more && x.edited[ws] < ahead { // otherwise something was written meanwhile
		delete(x.edited, ws)
	}
	switch _, soon := x.due[ws]; {
	case more && !soon:
		x.due[ws] = time.Time{}
	case !soon:
		delete(x.served, ws)
	}
}

// step embeds one batch and says whether there is more to do.
func (x *Index) step(ctx context.Context, ws store.ID) (bool, error) {
	e, err := x.wanted(ctx, ws)
	if err != nil {
		return false, x.failed(ctx, ws, "", err)
	}
	var pending, fresh []store.FoundChunk
	var i store.ChunkIndex
	var done, total int
	err = x.db.Read(ctx, ws, func(tx *store.Tx) (err error) {
		if i, err = Progress(tx); err == nil && i.Serving != "" && i.Serving != e.Name() {
			fresh, err = tx.Chunks.Fresh(handful)
		}
		if err == nil {
			pending, err = tx.Chunks.Pending(e.Name(), x.amount(e))
		}
		if err == nil {
			done, total, err = tx.Chunks.Count(e.Name())
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
	return x.keep(ctx, ws, store.ChunkIndex{Wanted: e.Name(), Done: done + len(pending), Total: total}, pending, made)
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
		vectors, err := g.EmbedGently(ctx, some, x.rest)
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

// rest leaves the processor to those who talk: as long as the work took, where somebody does or there is but one processor.
func (x *Index) rest(ctx context.Context, worked time.Duration) {
	if runtime.GOMAXPROCS(0) > 1 && time.Now().UnixNano()-x.talked.Load() > int64(quiet) {
		worked /= 8
	}
	rest(ctx, worked)
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

// wanted is the embedder the workspace chose. It is remembered, for it may have to answer while the next one learns.
func (x *Index) wanted(ctx context.Context, ws store.ID) (Embedder, error) {
	e, err := x.choose(ctx, ws)
	if err != nil {
		return nil, fmt.Errorf("choose an embedder: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.former[ws] == nil {
		x.former[ws] = map[string]Embedder{}
	}
	if len(x.former[ws]) > 4 {
		clear(x.former[ws])
	}
	x.former[ws][e.Name()] = e
	return e, nil
}

// serving is the embedder whose vectors answer: the former one while the wanted one learns. After a restart amid a
// change only the built-in model and the wanted one are known; then what the wanted one has so far has to do.
func (x *Index) serving(ctx context.Context, ws store.ID, name string) (Embedder, error) {
	e, err := x.wanted(ctx, ws)
	if name == "" || err == nil && e.Name() == name {
		return e, err
	}
	x.mu.Lock()
	former := x.former[ws][name]
	x.mu.Unlock()
	switch {
	case former != nil:
		return former, nil
	case name == Builtin.Name():
		return Builtin, nil
	}
	return e, err
}

// vectors are the workspace's for a model, as they are now.
func (x *Index) vectors(ctx context.Context, ws store.ID, model string) (*vectors, error) {
	v := x.held(ws, model)
	v.refresh.Lock()
	defer v.refresh.Unlock()
	soiled := v.soiled() // before the snapshot, which then has what they changed to
	err := x.db.Read(ctx, ws, func(tx *store.Tx) error {
		if !v.full {
			return v.load(tx)
		}
		for _, id := range soiled {
			list, err := tx.Chunks.VectorsOf(id, model)
			if err != nil {
				return err
			}
			if err := v.put(id, list); err != nil {
				return err
			}
		}
		return nil
	})
	for i := 0; err != nil && i < len(soiled); i++ {
		v.soil(soiled[i])
	}
	return v, err
}

// held is the workspace's place in memory. The one that was used longest ago makes room.
func (x *Index) held(ws store.ID, model string) *vectors {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.used[ws] = time.Now()
	if v := x.loaded[ws]; v != nil && v.model == model {
		return v
	}
	if len(x.loaded) >= kept {
		oldest := ws
		for id := range x.loaded {
			if x.used[id].Before(x.used[oldest]) {
				oldest = id
			}
		}
		delete(x.loaded, oldest)
		delete(x.used, oldest)
	}
	v := newVectors(model)
	x.loaded[ws] = v
	return v
}

// Vectors are what texts mean, by the embedder that the workspace wants: to compare them with one another. They are of
// one length where they are of one model, and of length 1.
func (x *Index) Vectors(ctx context.Context, workspace store.ID, texts []string) (model string, vectors [][]float32, err error) {
	e, err := x.wanted(ctx, workspace)
	if err != nil || len(texts) == 0 {
		return "", nil, err
	}
	for i, t := range texts {
		texts[i] = clip(strings.TrimSpace(strings.ToValidUTF8(t, " ")), question)
	}
	vectors, err = e.Embed(ctx, texts)
	return e.Name(), vectors, err
}

// Wanted names the embedder that the workspace wants.
func (x *Index) Wanted(ctx context.Context, workspace store.ID) (string, error) {
	e, err := x.wanted(ctx, workspace)
	if err != nil {
		return "", err
	}
	return e.Name(), nil
}
