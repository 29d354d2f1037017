package helpcenter

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// An import is applied in small writes with as long a pause after each, so that a message never waits for more than one
// article. For the user it is all or nothing: what is begun goes on after a stop of the process, by planning again what
// the kept zip still changes; and what fails is undone.

// begin notes an import with all that it needs to go on, and goes on with that.
func (s *syncing) begin(ctx context.Context, kept *os.File) error {
	digest := sha256.New()
	if err := s.files.pack(io.MultiWriter(writer{kept}, digest)); err != nil {
		return err
	}
	sum := digest.Sum(nil)
	size, err := kept.Seek(0, io.SeekCurrent)
	if err == nil {
		err = s.h.db.KeepBlob(ctx, sum, size, io.NewSectionReader(kept, 0, size))
	}
	if err == nil {
		s.files, err = openZip(kept, size)
	}
	if err != nil {
		return err
	}
	run := &store.Import{Source: s.in.Source, Author: s.who.User, AuthorName: s.who.Name, Part: s.in.Part, Site: s.in.Site, Hash: sum,
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

// pack writes a folder as a zip.
func (f *folder) pack(w io.Writer) error {
	z := zip.NewWriter(w)
	add := func(files map[string]source, how uint16) error {
		for _, name := range slices.Sorted(mapKeys(files)) {
			content, err := files[name].read()
			if err != nil {
				return err
			}
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: how})
			if err == nil {
				_, err = w.Write(content)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(f.texts, zip.Deflate); err != nil {
		return err
	}
	if err := add(f.pictures, zip.Store); err != nil {
		return err
	}
	return z.Close()
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
	err := s.step(ctx, func() error {
		s.plans = map[store.ID]store.Time{}
		for i := range s.leaves {
			at, err := s.planned(&s.leaves[i])
			if err != nil {
				return s.blame(&s.leaves[i], err)
			}
			if at != 0 {
				s.plans[s.articleOf(&s.leaves[i])] = at
			}
		}
		return nil
	})
	if err != nil {
		return err
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
		delete(s.fresh, s.articleOf(p))
	}
	if err := s.retireAll(ctx); err != nil {
		return err
	}
	return s.shelveAll(ctx)
}

// take takes a file over: what it says, and then what readers see.
func (s *syncing) take(ctx context.Context, p *leaf) error {
	publish := false
	said, err := s.said(p) // beforehand: the writer waits for no file
	if err != nil {
		return err
	}
	p.content = said
	defer func() { p.content = "" }()
	err = s.step(ctx, func() (err error) {
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
		if p.order > 0 { // after what stood there before
			last, err := s.tx.Articles.LastBefore(shelf, s.run.ID)
			if err != nil {
				return err
			}
			if err := s.tx.Articles.Place(a.ID, last+p.order); err != nil {
				return err
			}
		}
		return s.tx.Imports.Note(s.run.ID, store.ImportEntry{Change: "created", Article: a.ID, Path: p.path})
	})
	if err != nil {
		return err
	}
	imagined := s.articles[p.path]
	if p.also != "" {
		s.articles[p.also] = a.ID
	}
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
		said, err := s.said(&p)
		if err != nil {
			return err
		}
		plain := safe.Article(said, func(string) safe.Target { return safe.Target{} }).Plain
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
