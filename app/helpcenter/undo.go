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

// unwind takes a run back, an article at a time, the newest first.
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
			from := store.ID(0)
			if a, err := tx.Articles.ByID(e.Article); err == nil && run.State == "undoing" {
				from = a.Collection
			}
			if e.Change == "created" && run.State == "undoing" {
				err = h.remove(tx, e.Article)
			} else {
				err = h.putBack(tx, *e)
			}
			if err == nil {
				err = vacate(tx, from, run.ID)
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

// vacate takes away a collection that a run began and that is empty again, and then the one it stood in.
func vacate(tx *store.Tx, id, run store.ID) error {
	for id > run { // ids are drawn in the order of time
		c, err := tx.Collections.ByID(id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if empty, err := tx.Collections.Empty(id); err != nil || !empty {
			return err
		}
		if err := tx.Collections.Remove(id); err != nil {
			return err
		}
		id = c.Parent
	}
	return nil
}

func (h *HelpCenter) unwound(tx *store.Tx, run store.Import) error {
	from := run.State
	if run.State = "done"; from == "undoing" {
		run.State, run.Created, run.Updated, run.Deleted = "failed", 0, 0, 0
	} else {
		run.RestoredAt = tx.Now()
	}
	return tx.Imports.Set(&run, from)
}
