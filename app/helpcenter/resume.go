package helpcenter

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"deskbell/app/actor"
	"deskbell/store"
)

// turns lets so many at a time of each workspace do something.
type turns struct {
	wide int
	mu   sync.Mutex
	of   map[store.ID]chan struct{}
}

func newTurns(wide int) *turns { return &turns{wide: wide, of: map[store.ID]chan struct{}{}} }

// turn is a workspace's.
func (t *turns) turn(workspace store.ID) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of[workspace] == nil {
		t.of[workspace] = make(chan struct{}, t.wide)
	}
	return t.of[workspace]
}

// wait runs fn when it is its turn.
func (t *turns) wait(ctx context.Context, workspace store.ID, fn func() error) error {
	turn := t.turn(workspace)
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-turn }()
	return fn()
}

// inTurn runs fn alone among the workspace's imports. What it leaves unfinished is taken up by Run.
func (h *HelpCenter) inTurn(ctx context.Context, workspace store.ID, fn func() error) error {
	err := h.imports.wait(ctx, workspace, fn)
	if err != nil {
		h.rouse()
	}
	return err
}

// resume goes on with what a stop of the process left, or a caller who went away.
func (h *HelpCenter) resume(ctx context.Context) error {
	var left []store.Import
	err := h.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		left, err = tx.Imports.AllUnfinished()
		return err
	})
	for _, run := range left {
		turn := h.imports.turn(run.Workspace)
		select {
		case turn <- struct{}{}:
			err = errors.Join(err, h.goOn(ctx, run.Workspace))
			<-turn
		default: // somebody is at it
		}
	}
	return err
}

func (h *HelpCenter) goOn(ctx context.Context, workspace store.ID) error {
	var run *store.Import
	err := h.db.Read(ctx, workspace, func(tx *store.Tx) (err error) {
		run, err = tx.Imports.Unfinished()
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if run.State != "applying" {
		return h.unwind(ctx, run)
	}
	h.log.Info("an import goes on", "workspace", workspace, "import", run.ID)
	return h.spooled(func(kept *os.File) error {
		s, err := h.again(ctx, run, kept)
		if err == nil {
			return s.carry(ctx, false)
		}
		if ctx.Err() != nil || errors.Is(err, store.ErrClosed) || errors.Is(err, store.ErrFull) {
			return err
		}
		return errors.Join(err, h.giveUp(ctx, run, err))
	})
}

// again plans what a run that was interrupted has still to do.
func (h *HelpCenter) again(ctx context.Context, run *store.Import, kept *os.File) (*syncing, error) {
	blob, err := h.db.Blob(ctx, run.Hash)
	if err != nil {
		return nil, err
	}
	size, err := io.Copy(writer{kept}, blob)
	if err != nil {
		return nil, err
	}
	f, err := openZip(kept, size)
	if err != nil {
		return nil, err
	}
	who := actor.Actor{Kind: actor.System, Workspace: run.Workspace, User: run.Author, Name: run.AuthorName}
	s, err := h.syncing(ctx, who, f, Sync{Source: run.Source, Part: run.Part, Site: run.Site})
	if err != nil {
		return nil, err
	}
	s.run = run
	return s, h.db.Read(ctx, run.Workspace, s.plan)
}
