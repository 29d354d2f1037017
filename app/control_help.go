package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/helpcenter"
	"deskbell/store"
)

// helpImport brings a folder or zip of Markdown in, as the command line asks for it.
func (a *App) helpImport(ctx context.Context, c Command) (*helpcenter.Synced, error) {
	space, err := a.meant(ctx, c)
	if err != nil {
		return nil, err
	}
	who := actor.Actor{Kind: actor.System, Workspace: space, Name: "Import"}
	out, err := a.Help.SyncPath(ctx, who, c.Path, helpcenter.Sync{Source: c.Source, DryRun: c.DryRun})
	return &out, err
}

// helpExport writes the articles of a workspace as a zip.
func (a *App) helpExport(ctx context.Context, c Command) (int, error) {
	space, err := a.meant(ctx, c)
	if err != nil {
		return 0, err
	}
	if err := replaceable(c.Path, "PK"); err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(filepath.Dir(c.Path), ".export-")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	n, err := a.Help.Export(ctx, space, f)
	if end := f.Close(); err == nil {
		err = end
	}
	if err == nil {
		err = store.Replace(f.Name(), c.Path)
	}
	return n, err
}

// meant is the workspace that a command names, or the only one there is.
func (a *App) meant(ctx context.Context, c Command) (id store.ID, err error) {
	err = a.DB.Read(ctx, 0, func(tx *store.Tx) error {
		if c.Space != 0 {
			id = c.Space
			_, err := tx.Workspaces.ByID(id)
			if errors.Is(err, store.ErrNotFound) {
				err = errors.New("--workspace: there is none with this id")
			}
			return err
		}
		w, err := tx.Workspaces.Only()
		if errors.Is(err, store.ErrNotFound) {
			return fault.New(fault.Invalid, "There is not exactly one workspace: say which with --workspace.")
		}
		if err == nil {
			id = w.ID
		}
		return err
	})
	return id, err
}
