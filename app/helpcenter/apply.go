package helpcenter

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// An import is applied in small writes with as long a pause after each, so that a message never waits for more than one
// article. For the user it is all or nothing: what is begun goes on after a stop of the process, by planning again what
// the kept zip still changes; and what fails is undone.

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

// begin notes an import with all that it needs to go on.
func (s *syncing) begin(ctx context.Context, f *folder) error {
	content, err := zipped(f)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	if err := s.h.db.KeepBlob(ctx, sum[:], int64(len(content)), bytes.NewReader(content)); err != nil {
		return err
	}
	run := &store.Import{Source: s.in.Source, Author: s.who.User, AuthorName: s.who.Name, Part: s.in.Part, Site: s.in.Site, Hash: sum[:],
		Created: len(s.out.Created), Updated: len(s.out.Updated), Deleted: len(s.out.Deleted)}
	err = s.h.write(ctx, s.who, func(tx *store.Tx, _ *store.HelpCenter) error {
		if _, err := tx.Imports.Unfinished(); !errors.Is(err, store.ErrNotFound) {
			return cmp.Or[error](err, fault.New(fault.Conflict, "Another import is under way. Wait until it is done."))
		}
		if s.in.Site != 0 {
			if v, err := tx.SiteImports.ByID(s.in.Site); err != nil || v.State != "ready" {
				return cmp.Or[error](err, errNotReady)
			}
		}
		return tx.Imports.Add(run)
	})
	s.run, s.out.ImportID = run, &run.ID
	return err
}

// zipped is a folder as a zip.
func zipped(f *folder) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, content []byte, how uint16) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: how})
		if err == nil {
			_, err = w.Write(content)
		}
		return err
	}
	for _, name := range slices.Sorted(mapKeys(f.texts)) {
		if err := add(name, []byte(f.texts[name]), zip.Deflate); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(mapKeys(f.pictures)) {
		if err := add(name, f.pictures[name], zip.Store); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// step is one write of a run.
func (h *HelpCenter) step(ctx context.Context, workspace store.ID, fn func(*store.Tx, *store.HelpCenter) error) error {
	begun := time.Now()
	_, err := h.db.Write(ctx, workspace, func(tx *store.Tx) error {
		c, err := found(tx)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
	if err != nil {
		return err
	}
	rest := time.NewTimer(time.Since(begun)) // the disk rests too
	defer rest.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-rest.C:
		return nil
	}
}

func (s *syncing) step(ctx context.Context, fn func() error) error {
	return s.h.step(ctx, s.who.Workspace, func(tx *store.Tx, c *store.HelpCenter) (err error) {
		s.tx, s.center, s.planning = tx, c, false
		if s.shelves, err = tx.Collections.List(); err != nil {
			return err
		}
		return fn()
	})
}

// carry does what was planned, and undoes it when that fails for a reason of its own.
func (s *syncing) carry(ctx context.Context, whole bool) error {
	err := s.work(ctx)
	if err == nil {
		err = s.finish(ctx, whole)
	}
	if err == nil || ctx.Err() != nil || errors.Is(err, store.ErrClosed) {
		return err
	}
	return errors.Join(err, s.h.giveUp(ctx, s.run, err))
}

func (s *syncing) work(ctx context.Context) error {
	if err := s.step(ctx, func() error { return s.tx.Finder.Calm() }); err != nil {
		return err
	}
	for _, a := range s.pictures {
		if a.ID < 1<<62 { // it was there, or no file shows it
			continue
		}
		var kept store.Asset
		err := s.step(ctx, func() error {
			if found, err := s.tx.Assets.ByHash(a.Hash); !errors.Is(err, store.ErrNotFound) {
				if err == nil {
					kept = *found
				}
				return err
			}
			kept = *a
			return s.tx.Assets.Add(&kept)
		})
		if err != nil {
			return err
		}
		*a = kept
	}
	if err := s.learn(ctx); err != nil {
		return err
	}
	for i := range s.leaves {
		if p := &s.leaves[i]; p.begins {
			if err := s.start(ctx, p); err != nil {
				return err
			}
		}
	}
	for i := range s.leaves {
		p := &s.leaves[i]
		if !p.due {
			continue
		}
		if err := s.take(ctx, p); err != nil {
			return err
		}
		for _, index := range store.Indices {
			if err := s.step(ctx, func() error { return s.tx.Finder.Join(index, 16) }); err != nil {
				return err
			}
		}
		if id, there := s.articleOf(p); there {
			delete(s.fresh, id)
		}
	}
	return s.retireAll(ctx)
}

// take takes a file over: what it says, and then what readers see.
func (s *syncing) take(ctx context.Context, p *leaf) error {
	publish := false
	err := s.step(ctx, func() (err error) {
		publish, err = s.bring(p)
		return err
	})
	if err != nil || !publish {
		return err
	}
	plain, err := s.plain(ctx, p)
	if err != nil {
		return err
	}
	return s.step(ctx, func() error { return s.publish(p, plain) })
}

// start begins the article of a file where it is to stand, as a draft without words.
func (s *syncing) start(ctx context.Context, p *leaf) error {
	var a *store.Article
	err := s.step(ctx, func() error {
		t := &store.Text{Language: p.language, Editor: s.who.User, EditorName: s.who.Name}
		if err := write(t, &p.title, nil, nil, nil); err != nil {
			return s.blame(p, err)
		}
		shelf, err := s.shelve(p.shelves)
		if err != nil {
			return s.blame(p, err)
		}
		a = &store.Article{Collection: shelf, Status: "draft", Visibility: "public", Author: s.who.User, AuthorName: s.who.Name, ImportPath: s.in.Source + ":" + p.path}
		if err := s.h.add(s.tx, a, t, p.slug, nil); err != nil {
			return err
		}
		return s.tx.Imports.Note(s.run.ID, store.ImportEntry{Change: "created", Article: a.ID, Path: p.path})
	})
	if err != nil {
		return err
	}
	imagined := s.articles[p.path]
	delete(s.fresh, imagined)
	delete(s.found, imagined)
	s.articles[p.path], s.found[a.ID], s.fresh[a.ID] = a.ID, true, true
	return nil
}

// learn learns the words of all files, some at a time and in their order, so that publishing one has few new ones.
func (s *syncing) learn(ctx context.Context) error {
	all := map[string]bool{}
	for _, p := range s.leaves {
		if !p.due || p.status != "published" {
			continue
		}
		plain := safe.Article(p.content, func(string) safe.Target { return safe.Target{} }).Plain
		for _, w := range vocabulary(p.title + " " + p.description + " " + plain) {
			all[w] = true
		}
	}
	var unknown []string
	err := s.h.db.Read(ctx, s.who.Workspace, func(tx *store.Tx) (err error) {
		unknown, err = tx.Finder.Unlearned(slices.Sorted(mapKeys(all)))
		return err
	})
	for some := range slices.Chunk(unknown, 20) {
		if err == nil {
			err = s.step(ctx, func() error { return s.tx.Finder.Learn(some) })
		}
	}
	return err
}

func (s *syncing) retireAll(ctx context.Context) error {
	gone := map[string]store.ID{}
	err := s.h.db.Read(ctx, s.who.Workspace, func(tx *store.Tx) error {
		s.tx = tx
		return s.missing(func(name string, a *store.Article) error { gone[name] = a.ID; return nil })
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(mapKeys(gone)) {
		err := s.step(ctx, func() error {
			a, err := s.tx.Articles.ByID(gone[name])
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			return s.retire(name, a)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// finish notes that all is done. whole says that nothing interrupted it, so that its plan is what it did.
func (s *syncing) finish(ctx context.Context, whole bool) error {
	return s.step(ctx, func() (err error) {
		done := *s.run
		done.State, done.Hash = "done", nil
		if done.Created, done.Updated, done.Deleted, err = s.tx.Imports.Tally(done.ID); err != nil {
			return err
		}
		if done.Site != 0 {
			var report *Synced
			if whole {
				report = &s.out
			}
			if _, err := decide(s.tx, done.Site, "applied", report); err != nil && !errors.Is(err, errNotReady) {
				return err
			}
		}
		return s.tx.Imports.Set(&done, "applying")
	})
}

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
