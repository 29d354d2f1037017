package helpcenter

import (
	"context"
	"errors"

	"deskbell/app/fault"
	"deskbell/store"
)

// giveUp undoes what a run did so far: what it began is deleted, what it wrote over is as it was.
func (h *HelpCenter) giveUp(ctx context.Context, run *store.Import, cause error) error {
	now := *run
	now.State, now.Hash, now.Failure = "undoing", nil, fault.Of(cause).Message
	_, err := h.db.Write(ctx, run.Workspace, func(tx *store.Tx) error { return tx.Imports.Set(&now, "applying") })
	if err != nil {
		return err
	}
	return h.unwind(ctx, &now)
}

// unwind takes a run back, an article at a time, the newest first, and then the collections that it made and left empty.
func (h *HelpCenter) unwind(ctx context.Context, run *store.Import) error {
	for more := true; more; {
		err := h.step(ctx, run.Workspace, func(tx *store.Tx, _ *store.HelpCenter) error {
			e, err := tx.Imports.Last(run.ID)
			if more = err == nil; errors.Is(err, store.ErrNotFound) {
				return h.unwound(tx, *run)
			}
			if err != nil {
				return err
			}
			if e.Change == "created" && run.State == "undoing" {
				err = h.remove(tx, e.Article)
			} else {
				err = h.putBack(tx, *e)
			}
			if err != nil && !errors.Is(err, store.ErrNotFound) { // what was deleted since stays deleted
				return err
			}
			return tx.Imports.Strike(run.ID, e.Position)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (h *HelpCenter) unwound(tx *store.Tx, run store.Import) error {
	if err := unshelve(tx, run.ID); err != nil {
		return err
	}
	from := run.State
	if run.State = "done"; from == "undoing" {
		run.State, run.Created, run.Updated, run.Deleted = "failed", 0, 0, 0
	} else {
		run.RestoredAt = tx.Now()
	}
	return tx.Imports.Set(&run, from)
}
