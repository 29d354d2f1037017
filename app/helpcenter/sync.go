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
	Site   store.ID // the pages of another help center that are taken over
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

// syncing brings a folder in. What is to be done is planned on a snapshot; then it is done in small writes, between which
// others write (see apply).
type syncing struct {
	h        *HelpCenter
	tx       *store.Tx
	who      actor.Actor
	center   *store.HelpCenter
	in       Sync
	run      *store.Import
	pictures map[string]*store.Asset
	shelves  []store.Collection
	leaves   []leaf
	articles map[string]store.ID // by path
	known    map[string]store.ID // by path of import, before
	found    map[store.ID]bool   // those of articles
	fresh    map[store.ID]bool
	counted  map[store.ID]bool // those of fresh that were told
	claimed  map[string]bool   // addresses that files before this one take: true, or give up: false
	planning bool
	made     int // ids that stand for what is not there yet
	out      Synced
}

func (h *HelpCenter) sync(ctx context.Context, who actor.Actor, f *folder, in Sync) (out Synced, err error) {
	if len(f.texts) == 0 {
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
		if err := s.begin(ctx, f); err != nil {
			return err
		}
		return s.carry(ctx, true)
	})
	return s.out, err
}

// syncing reads what a folder has.
func (h *HelpCenter) syncing(ctx context.Context, who actor.Actor, f *folder, in Sync) (s *syncing, err error) {
	s = &syncing{h: h, who: who, in: in, pictures: map[string]*store.Asset{}}
	for name, content := range f.pictures {
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
	for _, name := range slices.Sorted(mapKeys(f.texts)) {
		s.leaves = append(s.leaves, readLeaf(name, f.texts[name]))
	}
	s.out = Synced{DryRun: in.DryRun, Source: in.Source, Files: len(f.texts), Pictures: len(f.pictures), Created: []string{}, Updated: []string{}, Deleted: []string{}, Unresolved: []string{}}
	return s, nil
}

// plan finds out, on a snapshot, what every file would change, and refuses what cannot be.
func (s *syncing) plan(tx *store.Tx) (err error) {
	s.tx, s.planning = tx, true
	s.articles, s.found, s.fresh, s.counted, s.claimed = map[string]store.ID{}, map[store.ID]bool{}, map[store.ID]bool{}, map[store.ID]bool{}, map[string]bool{}
	if s.center, err = center(tx); err != nil {
		return err
	}
	if s.shelves, err = tx.Collections.List(); err != nil {
		return err
	}
	if s.known, err = tx.Articles.ByPath(); err != nil {
		return err
	}
	for i := range s.leaves {
		p := &s.leaves[i]
		p.language = s.center.Language
		if tail := strings.TrimPrefix(path.Ext(strings.TrimSuffix(p.path, path.Ext(p.path))), "."); tail != "" && slices.Contains(s.center.Languages, tail) {
			p.language = tail
		}
	}
	if s.run != nil { // it was interrupted
		begun, err := tx.Imports.Begun(s.run.ID)
		if err != nil {
			return err
		}
		for _, id := range begun {
			s.fresh[id] = true
		}
	}
	for i := range s.leaves {
		if s.leaves[i].language == s.center.Language {
			if err := s.locate(&s.leaves[i]); err != nil {
				return err
			}
		}
	}
	for i := range s.leaves {
		if err := s.weigh(&s.leaves[i]); err != nil {
			return s.blame(&s.leaves[i], err)
		}
	}
	return s.missing(func(name string, a *store.Article) error {
		s.out.Deleted = append(s.out.Deleted, name)
		return nil
	})
}

// due says whether there is anything to do.
func (s *syncing) due() bool { return len(s.out.Created)+len(s.out.Updated)+len(s.out.Deleted) > 0 }

// imagined is an id of what is not there yet. No store draws one so high.
func (s *syncing) imagined() store.ID {
	s.made++
	return 1<<62 + store.ID(s.made)
}

// weigh says what a file would change.
func (s *syncing) weigh(p *leaf) error {
	id, there := s.articleOf(p)
	if !there {
		return nil
	}
	differs, err := s.differs(p, id)
	switch {
	case err != nil:
		return err
	case s.fresh[id] && !s.counted[id]:
		s.counted[id], p.due = true, true
		s.out.Created = append(s.out.Created, p.path)
	case differs:
		p.due = true
		s.out.Updated = append(s.out.Updated, p.path)
	default:
		s.out.Unchanged++
	}
	return nil
}

// articleOf finds the article of a file, which of a further language is that of the file beside it.
func (s *syncing) articleOf(p *leaf) (id store.ID, there bool) {
	if id, there = s.articles[p.path]; there {
		return id, true
	}
	base := strings.TrimSuffix(strings.TrimSuffix(p.path, path.Ext(p.path)), "."+p.language)
	for _, ext := range []string{path.Ext(p.path), ".md"} {
		if id == 0 {
			id = s.articles[base+ext]
		}
	}
	if id == 0 && s.planning {
		s.out.Unresolved = append(s.out.Unresolved, p.path+": "+base+".md")
	}
	return id, id != 0
}

// differs says whether a file says something else than its article, and refuses what could not be written.
func (s *syncing) differs(p *leaf, id store.ID) (bool, error) {
	content, err := s.content(p)
	if err != nil {
		return false, err
	}
	tags, err := labels(p.tags)
	if err == nil && len(p.shelves) > deepest {
		err = fault.New(fault.Invalid, "Collections stand at most %d deep.", deepest)
	}
	if err != nil {
		return false, err
	}
	t, err := s.tx.Articles.Text(id, p.language)
	begins := errors.Is(err, store.ErrNotFound)
	if err != nil && !begins {
		return false, err
	}
	if begins {
		t = &store.Text{}
	}
	was := *t
	if err := write(t, &p.title, &content, &p.description, &p.seo); err != nil {
		return false, err
	}
	if t.Slug = safe.Slug(p.slug); !p.hasSlug {
		t.Slug = was.Slug
	}
	if err := s.claim(p, id, was.Slug, t.Slug); err != nil {
		return false, err
	}
	if begins || *t != was {
		return true, nil
	}
	a, err := s.tx.Articles.ByID(id)
	if err != nil {
		return false, err
	}
	live := t.Live && t.LiveRevision == t.Revision && a.Status == "published"
	if p.status == "published" && !live || p.language != s.center.Language {
		return p.status == "published" && !live, nil
	}
	shelf, there := s.shelfOf(p.shelves)
	if !there || shelf != a.Collection || p.hasVisibility && p.visibility != a.Visibility || (p.status == "archived") != (a.Status == "archived") {
		return true, nil
	}
	if !p.hasTags {
		return false, nil
	}
	old, err := s.tx.Articles.Tags([]store.ID{id})
	return !slices.Equal(old[id], tags) && len(old[id])+len(tags) > 0, err
}

// claim refuses an address that another article has, or will have.
func (s *syncing) claim(p *leaf, id store.ID, from, to string) error {
	if from == to {
		return nil
	}
	theirs, said := s.claimed[p.language+"/"+to]
	if !said {
		var err error
		if theirs, err = s.tx.Articles.Taken(p.language, to, id); err != nil {
			return err
		}
	}
	if theirs {
		return fault.New(fault.Conflict, "%s: Another article has this address.", clip(p.path, 200)).On("file")
	}
	s.claimed[p.language+"/"+from], s.claimed[p.language+"/"+to] = false, true
	return nil
}

// locate finds the article of a file: the one that came from this path before, or has its address. A new file will begin one.
func (s *syncing) locate(p *leaf) error {
	if id, there := s.known[s.in.Source+":"+p.path]; there {
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
	id := s.imagined()
	s.articles[p.path], s.found[id], s.fresh[id], p.begins = id, true, true, true
	return nil
}

// blame says which file is at fault.
func (s *syncing) blame(p *leaf, err error) error {
	if f := fault.Of(err); f.Kind == fault.Invalid {
		return fault.New(fault.Invalid, "%s: %s", clip(p.path, 200), f.Message).On("file").Because(err)
	}
	return err
}

// bring writes what a file says into its article's working copy, and says whether it is to be published: that is a write of
// its own.
func (s *syncing) bring(p *leaf) (publish bool, err error) {
	id, there := s.articleOf(p)
	if !there {
		return false, nil
	}
	a, err := s.tx.Articles.ByID(id)
	if err != nil {
		return false, err
	}
	t, err := s.h.text(s.tx, s.who, a, p.language, &p.title)
	if err != nil {
		return false, s.blame(p, err)
	}
	before, err := s.snapshot(a)
	if err != nil {
		return false, err
	}
	was := *a
	content, err := s.content(p)
	if err != nil {
		return false, err
	}
	up := UpdateArticle{Title: &p.title, Content: &content, Keep: true}
	up.Description.Set, up.Description.Value = true, p.description
	up.SEOTitle.Set, up.SEOTitle.Value = true, p.seo
	if p.hasSlug {
		up.Slug = &p.slug
	}
	revision, slug := t.Revision, t.Slug
	if err := s.h.save(s.tx, s.center, s.who, t, up); err != nil {
		return false, s.blame(p, err)
	}
	changed := t.Revision != revision || t.Slug != slug
	if p.language == s.center.Language {
		retagged, err := s.place(p, a)
		if err != nil {
			return false, err
		}
		path := a.ImportPath
		a.ImportPath = was.ImportPath // an article that already says the same stays nobody's
		if changed = changed || retagged || *a != was; changed || s.fresh[a.ID] {
			a.ImportPath = path
		}
	}
	publish = p.status == "published" && (!t.Live || t.LiveRevision != t.Revision || a.Status != "published")
	changed = changed || publish
	switch {
	case publish && a.Visibility != was.Visibility: // others may read it from now on, and not what it said before
		publish = false
		err = s.h.publish(s.tx, s.center, a, t)
	case publish && a.Status == was.Status:
		err = errors.Join(s.tx.Articles.Save(a), s.tx.Finder.IndexDraft(a, t, draftGist(t)))
	case changed:
		err = errors.Join(s.tx.Articles.Save(a), s.h.indexAll(s.tx, a), s.h.changed(s.tx, a.ID))
	}
	if err != nil {
		return false, err
	}
	return publish, s.note(p.path, a.ID, changed, before, !publish)
}

// plain is what a file's text says without markup, as it is now.
func (s *syncing) plain(ctx context.Context, p *leaf) (plain string, err error) {
	err = s.h.db.Read(ctx, s.who.Workspace, func(tx *store.Tx) error {
		id, _ := s.articleOf(p)
		t, err := tx.Articles.Text(id, p.language)
		if err != nil {
			return err
		}
		shown, err := s.h.render(tx, s.center, p.language, t.Content, false)
		plain = shown.Plain
		return err
	})
	return plain, err
}

// publish takes what bring wrote over to readers. plain says it without markup; its words are learned already.
func (s *syncing) publish(p *leaf, plain string) error {
	id, _ := s.articleOf(p)
	a, err := s.tx.Articles.ByID(id)
	if err != nil {
		return err
	}
	texts, err := s.tx.Articles.Texts(id)
	if err != nil {
		return err
	}
	was := a.Status
	for i := range texts {
		if t := &texts[i]; t.Language == p.language {
			err = errors.Join(s.h.release(s.tx, a, t, plain), s.tx.Finder.IndexLive(a, t, beginning(plain), nil))
		}
	}
	for i := range texts { // what was published before becomes visible again with its article
		if t := &texts[i]; was != "published" && t.Live && t.Language != p.language {
			err = errors.Join(err, s.h.index(s.tx, a, t))
		}
	}
	return errors.Join(err, s.h.changed(s.tx, id), s.note(p.path, id, false, "", true))
}

// note notes a change before it is published, and that an article which was begun says everything.
func (s *syncing) note(path string, id store.ID, changed bool, before string, whole bool) error {
	switch {
	case s.fresh[id] && whole:
		return s.tx.Imports.Brought(s.run.ID, id)
	case changed && !s.fresh[id]:
		return s.tx.Imports.Note(s.run.ID, store.ImportEntry{Change: "updated", Article: id, Path: path, Before: before, Done: true})
	}
	return nil
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
		i := s.within(parent, name)
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

// shelfOf is the collection of a path of names, if it is there.
func (s *syncing) shelfOf(names []string) (parent store.ID, there bool) {
	for _, name := range names {
		i := s.within(parent, name)
		if i < 0 {
			return 0, false
		}
		parent = s.shelves[i].ID
	}
	return parent, true
}

func (s *syncing) within(parent store.ID, name string) int {
	return slices.IndexFunc(s.shelves, func(c store.Collection) bool {
		return c.Parent == parent && (strings.EqualFold(c.Name, name) || safe.Slug(c.Name) == safe.Slug(name))
	})
}

// content is what a file says, with its references to pictures and other files turned into ours.
func (s *syncing) content(p *leaf) (out string, err error) {
	out = relink(p.content, path.Dir(p.path), func(target string) (string, bool) {
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

// recognise finds the picture with the same content, or imagines that it was kept.
func (s *syncing) recognise(a *store.Asset) error {
	found, err := s.tx.Assets.ByHash(a.Hash)
	if err == nil {
		*a = *found
		return nil
	}
	if errors.Is(err, store.ErrNotFound) {
		a.ID, err = s.imagined(), nil
	}
	return err
}

// missing visits articles of this source whose files are gone, unless they are in the archive already.
func (s *syncing) missing(visit func(name string, a *store.Article) error) error {
	for _, key := range slices.Sorted(mapKeys(s.known)) {
		name, ours := strings.CutPrefix(key, s.in.Source+":")
		if !ours || s.in.Part || s.found[s.known[key]] {
			continue
		}
		a, err := s.tx.Articles.ByID(s.known[key])
		if errors.Is(err, store.ErrNotFound) || err == nil && a.Status == "archived" {
			continue
		}
		if err == nil {
			err = visit(name, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// retire puts an article into the archive whose file is gone.
func (s *syncing) retire(name string, a *store.Article) error {
	before, err := s.snapshot(a)
	if err != nil {
		return err
	}
	a.Status, a.PublishAt = "archived", 0
	return errors.Join(s.tx.Articles.Save(a), s.h.indexAll(s.tx, a), s.h.changed(s.tx, a.ID),
		s.tx.Imports.Note(s.run.ID, store.ImportEntry{Change: "deleted", Article: a.ID, Path: name, Before: before, Done: true}))
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
