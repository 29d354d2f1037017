package recall

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/store"
)

const (
	batch    = 16 // texts that a server embeds at a time
	handful  = 4  // texts that the built-in model embeds at a time: an article that is edited waits for them
	armful   = 8  // vectors of the built-in model that are written at a time: each write holds up the messages beside it
	ahead    = 8  // batches of a workspace that go before those of others after an edit
	swept    = 64 // vectors of a former model that are deleted at a time
	quiet    = time.Second
	recount  = 2 * time.Second
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
	apart  *apart // nil: passages are embedded in this process

	mu      sync.Mutex
	due     map[store.ID]time.Time // workspaces that have work, and when
	edited  map[store.ID]int       // workspaces that go first, and for how many batches
	served  map[store.ID]time.Time // when a workspace that has work had its last turn
	urgent  bool                   // the turn is for what somebody has just written
	tries   map[store.ID]int
	loaded  map[store.ID]*vectors
	used    map[store.ID]time.Time
	former  map[store.ID]map[string]Embedder // embedders that were wanted since the start, by name
	tallies map[store.ID]tally               // of workspaces that learn; whoever takes their steps is alone
	lapsed  map[store.ID]time.Time           // workspaces whose former embedder failed, and until when it is left alone

	talked atomic.Int64 // when somebody wrote something else than vectors, in nanoseconds since 1970
}

// New makes an index. A nil Chooser chooses Builtin for all.
func New(db *store.DB, log *slog.Logger, choose Chooser) *Index {
	if choose == nil {
		choose = func(context.Context, store.ID) (Embedder, error) { return Builtin, nil }
	}
	x := &Index{
		db: db, log: log, choose: choose, wake: make(chan struct{}, 1), due: map[store.ID]time.Time{}, edited: map[store.ID]int{}, served: map[store.ID]time.Time{}, tries: map[store.ID]int{},
		loaded: map[store.ID]*vectors{}, used: map[store.ID]time.Time{}, former: map[store.ID]map[string]Embedder{}, lapsed: map[store.ID]time.Time{}, tallies: map[store.ID]tally{},
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
	defer x.apart.end()
	for ctx.Err() == nil {
		ws, wait := x.next()
		if ws != 0 {
			x.turn(ctx, ws)
			continue
		}
		x.apart.end()
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
		var late *delayed
		if errors.As(err, &late) {
			wait = min(lastTry, max(wait, late.by))
		}
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
