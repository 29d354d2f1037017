package helpcenter

import (
	"bytes"
	"context"
	"errors"

	"deskbell/app/actor"
	"deskbell/store"
)

// turn is a workspace's: one import at a time.
func (h *HelpCenter) turn(workspace store.ID) chan struct{} {
	h.turnsMu.Lock()
	defer h.turnsMu.Unlock()
	if h.turns[workspace] == nil {
		h.turns[workspace] = make(chan struct{}, 1)
	}
	return h.turns[workspace]
}

// inTurn runs fn alone among the workspace's imports. What it leaves unfinished is taken up by Run.
func (h *HelpCenter) inTurn(ctx context.Context, workspace store.ID, fn func() error) error {
	turn := h.turn(workspace)
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := fn()
	<-turn
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
		turn := h.turn(run.Workspace)
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
	var content []byte
	err := h.db.Read(ctx, workspace, func(tx *store.Tx) (err error) {
		if run, err = tx.Imports.Unfinished(); err == nil && run.State == "applying" {
			content, err = tx.Blobs.Content(run.Hash)
		}
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
	s, err := h.again(ctx, run, content)
	if err == nil {
		return s.carry(ctx, false)
	}
	if ctx.Err() != nil || errors.Is(err, store.ErrClosed) {
		return err
	}
	return errors.Join(err, h.giveUp(ctx, run, err))
}

// again plans what a run that was interrupted has still to do.
func (h *HelpCenter) again(ctx context.Context, run *store.Import, content []byte) (*syncing, error) {
	f, err := openZip(bytes.NewReader(content), int64(len(content)))
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
