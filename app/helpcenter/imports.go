package helpcenter

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"slices"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/store"
)

func mapKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// Import is one run that brought Markdown in.
type Import struct {
	ID         store.ID    `json:"id"`
	Source     string      `json:"source"`
	Author     string      `json:"author"`
	Created    int         `json:"created"`
	Updated    int         `json:"updated"`
	Deleted    int         `json:"deleted"`
	State      string      `json:"state" enum:"applying,undoing,failed,restoring,done"`
	Failure    *string     `json:"failure"`
	RestoredAt *store.Time `json:"restoredAt"`
	CreatedAt  store.Time  `json:"createdAt"`
}

// Key is the run's id.
func (i Import) Key() store.ID { return i.ID }

// ImportsIn names a page of the runs.
type ImportsIn struct {
	Limit  int    `json:"limit,omitempty" minimum:"1" maximum:"100"`
	Cursor string `json:"cursor,omitempty" maxLength:"100"`
}

// Imports lists the runs that brought Markdown in, newest first.
func (h *HelpCenter) Imports(tx *store.Tx, _ actor.Actor, in ImportsIn) (page door.Page[Import], err error) {
	_, before, err := door.ReadCursor(in.Cursor)
	if err != nil {
		return page, err
	}
	n := or(in.Limit, 25)
	list, err := tx.Imports.List(before, n+1)
	next := ""
	if len(list) > n {
		list = list[:n]
		next = door.Cursor(list[n-1].CreatedAt, list[n-1].ID)
	}
	out := make([]Import, 0, len(list))
	for _, i := range list {
		out = append(out, Import{i.ID, i.Source, i.AuthorName, i.Created, i.Updated, i.Deleted, i.State, door.Maybe(i.Failure), door.Maybe(i.RestoredAt), i.CreatedAt})
	}
	return door.NewPage(out, next), err
}

// WhichImport names a run.
type WhichImport struct {
	ImportID store.ID `json:"importId"`
}

// RestoreImport takes a run back: what it wrote over and put into the archive is as it was, what it began is archived.
// Articles that were deleted since stay deleted; what was written since is kept as a version. It works an article at a time,
// and goes on after a stop.
func (h *HelpCenter) RestoreImport(ctx context.Context, who actor.Actor, in WhichImport) (Empty, error) {
	return Empty{}, h.inTurn(ctx, who.Workspace, func() error {
		var run *store.Import
		err := h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) (err error) {
			if run, err = tx.Imports.ByID(in.ImportID); err != nil {
				return err
			}
			if run.RestoredAt != 0 || run.State != "done" {
				return fault.New(fault.Conflict, "This import was taken back already.")
			}
			run.State = "restoring"
			return tx.Imports.Set(run, "done")
		})
		if err != nil {
			return err
		}
		return h.unwind(ctx, run)
	})
}

func (h *HelpCenter) putBack(tx *store.Tx, e store.ImportEntry) error {
	a, err := tx.Articles.ByID(e.Article)
	if err != nil {
		return err
	}
	if e.Change == "created" {
		a.Status, a.PublishAt = "archived", 0
		return errors.Join(tx.Articles.Save(a), h.indexAll(tx, a), h.changed(tx, a.ID))
	}
	var was whole
	if err := json.Unmarshal([]byte(e.Before), &was); err != nil {
		return err
	}
	a.Status, a.Visibility, a.PublishedAt, a.ImportPath = was.Article.Status, was.Article.Visibility, was.Article.PublishedAt, was.Article.ImportPath
	if a.PublishAt = was.Article.PublishAt; !a.PublishAt.After(tx.Now()) { // it was taken back when its time was over
		a.PublishAt = 0
	}
	if _, err := tx.Collections.ByID(was.Article.Collection); err == nil || was.Article.Collection == 0 {
		a.Collection, a.Position = was.Article.Collection, was.Article.Position
	}
	for i := range was.Texts {
		old := &was.Texts[i]
		t, err := tx.Articles.Text(a.ID, old.Language)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := tx.Versions.Add(version(t, false)); err != nil {
			return err
		}
		slug, revision := t.Slug, t.Revision+1
		id := t.ID
		*t = *old
		t.ID, t.Revision = id, revision
		if old.LiveRevision == old.Revision {
			t.LiveRevision = revision
		}
		if taken, err := tx.Articles.Taken(t.Language, t.Slug, a.ID); err != nil || taken {
			t.Slug = slug
		}
		if err := tx.Articles.SaveText(t, slug); err != nil {
			return err
		}
	}
	if was.Related != nil {
		there, err := tx.Articles.ByIDs(was.Related)
		if err != nil {
			return err
		}
		related := slices.DeleteFunc(was.Related, func(id store.ID) bool { _, is := there[id]; return !is })
		if err := relate(tx, a.ID, related); err != nil {
			return err
		}
	}
	return errors.Join(tx.Articles.SetTags(a.ID, was.Tags), tx.Articles.Save(a), h.indexAll(tx, a), h.changed(tx, a.ID))
}
