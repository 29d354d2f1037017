package app

import (
	"context"
	"os"

	"deskbell/app/actor"
	"deskbell/app/helpcenter"
	"deskbell/store"
)

// helpImport brings a folder or zip of Markdown in, as the command line asks for it.
func (a *App) helpImport(ctx context.Context, c Command) (*helpcenter.Synced, error) {
	if err := a.exists(ctx, c.Space); err != nil {
		return nil, err
	}
	who := actor.Actor{Kind: actor.System, Workspace: c.Space, Name: "Import"}
	out, err := a.Help.SyncPath(ctx, who, c.Path, helpcenter.Sync{Source: c.Source, DryRun: c.DryRun})
	return &out, err
}

// helpExport writes the articles of a workspace as a zip.
func (a *App) helpExport(ctx context.Context, c Command) (int, error) {
	if err := a.exists(ctx, c.Space); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(c.Path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := a.Help.Export(ctx, c.Space, f)
	if end := f.Close(); err == nil {
		err = end
	}
	return n, err
}

func (a *App) exists(ctx context.Context, workspace store.ID) error {
	return a.DB.Read(ctx, 0, func(tx *store.Tx) error {
		_, err := tx.Workspaces.ByID(workspace)
		return err
	})
}
