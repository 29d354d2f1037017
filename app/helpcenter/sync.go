package helpcenter

import (
	"context"
	"io"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// Synced is what bringing a folder in did, or would do.
type Synced struct {
	DryRun     bool      `json:"dryRun"`
	ImportID   *store.ID `json:"importId"`
	Source     string    `json:"source"`
	Files      int       `json:"files"`
	Pictures   int       `json:"pictures"`
	Created    []string  `json:"created"`
	Updated    []string  `json:"updated"`
	Deleted    []string  `json:"deleted"`     // put into the archive
	Shelves    []string  `json:"collections"` // that are made, as "Top / Within"
	Unchanged  int       `json:"unchanged"`
	Unresolved []string  `json:"unresolved"` // references that lead nowhere, as "file: reference"
}

// Sync says how to bring a folder in. Articles that came from the same source before and are not in it any longer go
// into the archive, unless it is but a part of the source.
type Sync struct {
	Source string
	DryRun bool
	Part   bool
	Site   store.ID // the pages of another help center that are taken over
}

// SyncZip brings a zip in.
func (h *HelpCenter) SyncZip(ctx context.Context, who actor.Actor, r io.ReaderAt, size int64, in Sync) (Synced, error) {
	f, err := foreignZip(r, size)
	if err != nil {
		return Synced{}, err
	}
	f.strip()
	return h.sync(ctx, who, f, in)
}

// SyncPath brings a folder or zip of this machine in.
func (h *HelpCenter) SyncPath(ctx context.Context, who actor.Actor, name string, in Sync) (Synced, error) {
	f, err := openPath(name)
	if err != nil {
		return Synced{}, err
	}
	defer f.close()
	if in.Source == "" {
		in.Source = strings.TrimSuffix(path.Base(name), ".zip")
	}
	f.strip()
	return h.sync(ctx, who, f, in)
}

// syncing brings a folder in. What is to be done is planned on a snapshot; then it is done in small writes, between which
// others write (see apply).
type syncing struct {
	h        *HelpCenter
	tx       *store.Tx
	who      actor.Actor
	center   *store.HelpCenter
	in       Sync
	files    *folder
	run      *store.Import
	pictures map[string]*store.Asset
	shelves  []store.Collection
	told     []written // of collections
	leaves   []leaf
	articles map[string]store.ID // by path
	known    map[string]store.ID // by path of import, before
	found    map[store.ID]bool   // those of articles
	fresh    map[store.ID]bool
	counted  map[store.ID]bool       // those of fresh that were told
	plans    map[store.ID]store.Time // when articles are to be published
	claimed  map[string]bool         // addresses that files before this one take: true, or give up: false
	planning bool
	made     int // ids that stand for what is not there yet
	out      Synced
}

func (h *HelpCenter) sync(ctx context.Context, who actor.Actor, f *folder, in Sync) (out Synced, err error) {
	if shelves := f.texts[shelfFile]; f.markdown() == 0 && shelves.size == 0 {
		return out, fault.New(fault.Invalid, "There is no Markdown in it (files that end with .md).").On("file")
	}
	in.Source = safe.Slug(or2(in.Source, "markdown"))
	s, err := h.syncing(ctx, who, f, in)
	if err != nil {
		return s.out, err
	}
	if in.DryRun {
		return s.out, h.db.Read(ctx, who.Workspace, s.plan)
	}
	err = h.inTurn(ctx, who.Workspace, func() error {
		if err := h.db.Read(ctx, who.Workspace, s.plan); err != nil || !s.due() {
			return err
		}
		return h.spooled(func(kept *os.File) error {
			if err := s.begin(ctx, kept); err != nil {
				return err
			}
			return s.carry(ctx, true)
		})
	})
	return s.out, err
}

// syncing reads what a folder has.
func (h *HelpCenter) syncing(ctx context.Context, who actor.Actor, f *folder, in Sync) (s *syncing, err error) {
	s = &syncing{h: h, who: who, in: in, files: f, pictures: map[string]*store.Asset{}}
	for _, name := range slices.Sorted(mapKeys(f.pictures)) {
		content, err := f.pictures[name].read()
		if err != nil {
			return s, s.blame(&leaf{path: name}, err)
		}
		if in.DryRun {
			s.pictures[name], _, err = fitted(path.Base(name), content)
		} else {
			s.pictures[name], err = h.picture(ctx, path.Base(name), content)
		}
		if err != nil {
			return s, err
		}
		s.pictures[name].ImportPath = in.Source + ":" + name
	}
	shelves, err := f.text(shelfFile)
	if err == nil {
		s.told, err = readShelves(shelves)
	}
	if err != nil {
		return s, err
	}
	for _, name := range slices.Sorted(mapKeys(f.texts)) {
		if path.Base(name) == shelfFile {
			continue
		}
		text, err := f.text(name)
		if err != nil {
			return s, err
		}
		s.leaves = append(s.leaves, readLeaf(name, text).light())
	}
	s.out = Synced{DryRun: in.DryRun, Source: in.Source, Files: f.markdown(), Pictures: len(f.pictures), Created: []string{}, Updated: []string{}, Deleted: []string{}, Shelves: []string{}, Unresolved: []string{}}
	return s, nil
}

// articleOf finds the article of a file, which of a further language is that of the file beside it.
func (s *syncing) articleOf(p *leaf) store.ID {
	for _, name := range []string{p.path, p.base() + path.Ext(p.path), p.base() + ".md"} {
		if id, there := s.articles[name]; there {
			return id
		}
	}
	return 0
}

// base is a file's path without the ending and the language.
func (p *leaf) base() string {
	return strings.TrimSuffix(strings.TrimSuffix(p.path, path.Ext(p.path)), "."+p.language)
}

// blame says which file is at fault.
func (s *syncing) blame(p *leaf, err error) error {
	if f := fault.Of(err); f.Kind == fault.Invalid {
		return fault.New(fault.Invalid, "%s: %s", clip(p.path, 200), f.Message).On("file").Because(err)
	}
	return err
}

func (s *syncing) within(parent store.ID, name string) int {
	return slices.IndexFunc(s.shelves, func(c store.Collection) bool {
		return c.Parent == parent && (strings.EqualFold(c.Name, name) || safe.Slug(c.Name) == safe.Slug(name))
	})
}

// said is what a file says.
func (s *syncing) said(p *leaf) (string, error) {
	if p.content != "" {
		return p.content, nil
	}
	text, err := s.files.text(p.path)
	return readLeaf(p.path, text).content, err
}

// content is what a file says, with its references to pictures and other files turned into ours.
func (s *syncing) content(p *leaf) (out string, err error) {
	said, err := s.said(p)
	if err != nil {
		return "", err
	}
	out = relink(said, path.Dir(p.path), func(target string) (string, bool) {
		for _, name := range []string{target, unescaped(target)} {
			if a := s.pictures[name]; a != nil {
				if a.ID == 0 {
					if bad := s.recognise(a); bad != nil {
						err = bad
					}
				}
				return "asset:" + a.ID.String(), true
			}
			if id := s.articles[name]; id != 0 {
				return "article:" + id.String(), true
			}
		}
		if s.planning && kindOf(target) != "" {
			s.out.Unresolved = append(s.out.Unresolved, p.path+": "+clip(target, 200))
		}
		return "", false
	})
	return out, err
}

func unescaped(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
