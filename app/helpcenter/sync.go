package helpcenter

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
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
	Deleted    []string  `json:"deleted"` // put into the archive
	Unchanged  int       `json:"unchanged"`
	Unresolved []string  `json:"unresolved"` // references that lead nowhere, as "file: reference"
}

// Sync says how to bring a folder in. Articles that came from the same source before and are not in it any longer go
// into the archive, unless it is but a part of the source.
type Sync struct {
	Source string
	DryRun bool
	Part   bool
}

// SyncZip brings a zip in.
func (h *HelpCenter) SyncZip(ctx context.Context, who actor.Actor, r io.ReaderAt, size int64, in Sync) (Synced, error) {
	f, err := openZip(r, size)
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
	if in.Source == "" {
		in.Source = strings.TrimSuffix(path.Base(name), ".zip")
	}
	f.strip()
	return h.sync(ctx, who, f, in)
}

var errDry = errors.New("only a trial")

func (h *HelpCenter) sync(ctx context.Context, who actor.Actor, f *folder, in Sync) (out Synced, err error) {
	if len(f.texts) == 0 {
		return out, fault.New(fault.Invalid, "There is no Markdown in it (files that end with .md).").On("file")
	}
	in.Source = safe.Slug(or2(in.Source, "markdown"))
	pictures := map[string]*store.Asset{}
	for name, content := range f.pictures {
		if in.DryRun {
			if pictures[name], _, err = fitted(path.Base(name), content); err != nil {
				return out, err
			}
		} else if pictures[name], err = h.picture(ctx, path.Base(name), content); err != nil {
			return out, err
		}
		pictures[name].ImportPath = in.Source + ":" + name
	}
	leaves := make([]leaf, 0, len(f.texts)) // read before the write, which others wait for
	for _, name := range slices.Sorted(mapKeys(f.texts)) {
		leaves = append(leaves, readLeaf(name, f.texts[name]))
	}
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		s := &syncing{h: h, tx: tx, who: who, center: c, in: in, pictures: pictures, leaves: leaves, articles: map[string]store.ID{}, found: map[store.ID]bool{}}
		s.out = Synced{DryRun: in.DryRun, Source: in.Source, Files: len(f.texts), Pictures: len(f.pictures), Created: []string{}, Updated: []string{}, Deleted: []string{}, Unresolved: []string{}}
		if err := s.run(); err != nil {
			return err
		}
		if out = s.out; in.DryRun {
			out.ImportID = nil
			return errDry // a trial is the whole run, rolled back
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return out, err
}

// syncing is one run, within its write.
type syncing struct {
	h        *HelpCenter
	tx       *store.Tx
	who      actor.Actor
	center   *store.HelpCenter
	in       Sync
	pictures map[string]*store.Asset
	shelves  []store.Collection
	leaves   []leaf
	articles map[string]store.ID // by path
	found    map[store.ID]bool   // those of articles
	fresh    map[store.ID]bool
	entries  []store.ImportEntry
	out      Synced
}

func (s *syncing) run() (err error) {
	if s.shelves, err = s.tx.Collections.List(); err != nil {
		return err
	}
	for i := range s.leaves {
		p := &s.leaves[i]
		p.language = s.center.Language
		if tail := strings.TrimPrefix(path.Ext(strings.TrimSuffix(p.path, path.Ext(p.path))), "."); tail != "" && slices.Contains(s.center.Languages, tail) {
			p.language = tail
		}
	}
	known, err := s.tx.Articles.ByPath()
	if err != nil {
		return err
	}
	s.fresh = map[store.ID]bool{}
	for i := range s.leaves {
		if s.leaves[i].language == s.center.Language {
			if err := s.locate(&s.leaves[i], known); err != nil {
				return err
			}
		}
	}
	for i := range s.leaves {
		if err := s.bring(&s.leaves[i]); err != nil {
			return err
		}
	}
	if err := s.retire(known); err != nil {
		return err
	}
	record := &store.Import{Source: s.in.Source, AuthorName: s.who.Name, Created: len(s.out.Created), Updated: len(s.out.Updated), Deleted: len(s.out.Deleted)}
	if len(s.entries) == 0 {
		return nil
	}
	err = s.tx.Imports.Add(record, s.entries)
	s.out.ImportID = &record.ID
	return err
}

// locate finds the article of a file: the one that came from this path before, or has its address. A new file begins one.
func (s *syncing) locate(p *leaf, known map[string]store.ID) error {
	key := s.in.Source + ":" + p.path
	if id, there := known[key]; there {
		s.articles[p.path], s.found[id] = id, true
		return nil
	}
	if p.hasSlug {
		if t, err := s.tx.Articles.TextBySlug(p.language, safe.Slug(p.slug)); err == nil {
			a, err := s.tx.Articles.ByID(t.Article)
			if err != nil {
				return err
			}
			if !s.found[a.ID] && (a.ImportPath == "" || strings.HasPrefix(a.ImportPath, s.in.Source+":")) {
				s.articles[p.path], s.found[a.ID] = a.ID, true
				return nil
			}
		}
	}
	t := &store.Text{Language: p.language, Editor: s.who.User, EditorName: s.who.Name}
	if err := write(t, &p.title, nil, nil, nil); err != nil {
		return s.blame(p, err)
	}
	a := &store.Article{Status: "draft", Visibility: "public", Author: s.who.User, AuthorName: s.who.Name, ImportPath: key}
	if err := s.h.add(s.tx, a, t, p.slug, nil); err != nil {
		return err
	}
	s.articles[p.path], s.found[a.ID], s.fresh[a.ID] = a.ID, true, true
	return nil
}

// blame says which file is at fault.
func (s *syncing) blame(p *leaf, err error) error {
	if f := fault.Of(err); f.Kind == fault.Invalid {
		return fault.New(fault.Invalid, "%s: %s", clip(p.path, 200), f.Message).On("file").Because(err)
	}
	return err
}

// bring writes what a file says into its article.
func (s *syncing) bring(p *leaf) error {
	id, there := s.articles[p.path]
	if !there { // a further language
		base := strings.TrimSuffix(strings.TrimSuffix(p.path, path.Ext(p.path)), "."+p.language)
		for _, ext := range []string{path.Ext(p.path), ".md"} {
			if id == 0 {
				id = s.articles[base+ext]
			}
		}
		if id == 0 {
			s.out.Unresolved = append(s.out.Unresolved, p.path+": "+base+".md")
			return nil
		}
	}
	a, err := s.tx.Articles.ByID(id)
	if err != nil {
		return err
	}
	t, err := s.h.text(s.tx, s.who, a, p.language, &p.title)
	if err != nil {
		return s.blame(p, err)
	}
	before, err := s.snapshot(a)
	if err != nil {
		return err
	}
	was := *a
	content, err := s.content(p)
	if err != nil {
		return err
	}
	up := UpdateArticle{Title: &p.title, Content: &content, Keep: true}
	up.Description.Set, up.Description.Value = true, p.description
	up.SEOTitle.Set, up.SEOTitle.Value = true, p.seo
	if p.hasSlug {
		up.Slug = &p.slug
	}
	revision, slug := t.Revision, t.Slug
	if err := s.h.save(s.tx, s.center, s.who, t, up); err != nil {
		return s.blame(p, err)
	}
	changed := t.Revision != revision || t.Slug != slug
	if p.language == s.center.Language {
		retagged, err := s.place(p, a)
		if err != nil {
			return err
		}
		path := a.ImportPath
		a.ImportPath = was.ImportPath // an article that already says the same stays nobody's
		if changed = changed || retagged || *a != was; changed || s.fresh[a.ID] {
			a.ImportPath = path
		}
	}
	wanted := p.status == "published"
	if wanted && (!t.Live || t.LiveRevision != t.Revision || a.Status != "published") {
		changed = true
		if err := s.h.publish(s.tx, s.center, a, t); err != nil {
			return err
		}
	} else if changed {
		if err := errors.Join(s.tx.Articles.Save(a), s.h.indexAll(s.tx, a), s.h.changed(s.tx, a.ID)); err != nil {
			return err
		}
	}
	s.note(p.path, a.ID, changed, before)
	return nil
}

func (s *syncing) note(path string, id store.ID, changed bool, before string) {
	switch {
	case s.fresh[id]:
		s.out.Created = append(s.out.Created, path)
		s.entries = append(s.entries, store.ImportEntry{Change: "created", Article: id, Path: path})
		s.fresh[id] = false
	case changed:
		s.out.Updated = append(s.out.Updated, path)
		s.entries = append(s.entries, store.ImportEntry{Change: "updated", Article: id, Path: path, Before: before})
	default:
		s.out.Unchanged++
	}
}

// place puts an article where its file lies, and says whether its tags changed.
func (s *syncing) place(p *leaf, a *store.Article) (bool, error) {
	shelf, err := s.shelve(p.shelves)
	if err != nil {
		return false, s.blame(p, err)
	}
	if shelf != a.Collection {
		a.Collection = shelf
		if a.Position, err = s.tx.Articles.Last(shelf); err != nil {
			return false, err
		}
		a.Position++
	}
	a.ImportPath = s.in.Source + ":" + p.path
	if p.hasVisibility {
		a.Visibility = p.visibility
	}
	if a.Status == "archived" && p.status != "archived" {
		a.Status = "draft"
	}
	if p.status == "archived" {
		a.Status = "archived"
	}
	if !p.hasTags {
		return false, nil
	}
	tags, err := labels(p.tags)
	if err != nil {
		return false, s.blame(p, err)
	}
	old, err := s.tx.Articles.Tags([]store.ID{a.ID})
	if err != nil || slices.Equal(old[a.ID], tags) || len(old[a.ID])+len(tags) == 0 {
		return false, err
	}
	return true, s.tx.Articles.SetTags(a.ID, tags)
}

// shelve finds the collection of a path of names, and makes those that are missing.
func (s *syncing) shelve(names []string) (store.ID, error) {
	parent := store.ID(0)
	for _, name := range names {
		i := slices.IndexFunc(s.shelves, func(c store.Collection) bool {
			return c.Parent == parent && (strings.EqualFold(c.Name, name) || safe.Slug(c.Name) == safe.Slug(name))
		})
		if i < 0 {
			c := &store.Collection{Name: clip(name, 100), Parent: parent}
			if err := s.h.addCollection(s.tx, c); err != nil {
				return 0, err
			}
			s.shelves = append(s.shelves, *c)
			i = len(s.shelves) - 1
		}
		parent = s.shelves[i].ID
	}
	return parent, nil
}

// content is what a file says, with its references to pictures and other files turned into ours.
func (s *syncing) content(p *leaf) (out string, err error) {
	out = relink(p.content, path.Dir(p.path), func(target string) (string, bool) {
		for _, name := range []string{target, unescaped(target)} {
			if a := s.pictures[name]; a != nil {
				if a.ID == 0 {
					if bad := s.keep(a); bad != nil {
						err = bad
					}
				}
				return "asset:" + a.ID.String(), true
			}
			if id := s.articles[name]; id != 0 {
				return "article:" + id.String(), true
			}
		}
		if kindOf(target) != "" {
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

// keep keeps a picture, or takes the one with the same content. In a trial its content was never stored, and need not be.
func (s *syncing) keep(a *store.Asset) error {
	found, err := s.tx.Assets.ByHash(a.Hash)
	if err == nil {
		*a = *found
		return nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if s.in.DryRun {
		a.ID = s.tx.NewID()
		return nil
	}
	return s.tx.Assets.Add(a)
}

// retire puts articles of this source into the archive whose files are gone.
func (s *syncing) retire(known map[string]store.ID) error {
	for _, key := range slices.Sorted(mapKeys(known)) {
		name, ours := strings.CutPrefix(key, s.in.Source+":")
		if !ours || s.in.Part || s.found[known[key]] {
			continue
		}
		a, err := s.tx.Articles.ByID(known[key])
		if err != nil {
			return err
		}
		if a.Status == "archived" {
			continue
		}
		before, err := s.snapshot(a)
		if err != nil {
			return err
		}
		a.Status, a.PublishAt = "archived", 0
		if err := errors.Join(s.tx.Articles.Save(a), s.h.indexAll(s.tx, a), s.h.changed(s.tx, a.ID)); err != nil {
			return err
		}
		s.out.Deleted = append(s.out.Deleted, name)
		s.entries = append(s.entries, store.ImportEntry{Change: "deleted", Article: a.ID, Path: name, Before: before})
	}
	return nil
}

// whole is an article as it was, to be put back.
type whole struct {
	Article store.Article
	Texts   []store.Text
	Tags    []string
}

func (s *syncing) snapshot(a *store.Article) (string, error) {
	texts, err := s.tx.Articles.Texts(a.ID)
	if err != nil {
		return "", err
	}
	tags, err := s.tx.Articles.Tags([]store.ID{a.ID})
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(whole{*a, texts, tags[a.ID]})
	return string(raw), err
}
