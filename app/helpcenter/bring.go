package helpcenter

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"deskbell/store"
)

// bring writes what a file says into its article's working copy, and says whether it is to be published: that is a write of
// its own.
func (s *syncing) bring(p *leaf) (publish bool, err error) {
	a, err := s.tx.Articles.ByID(s.articleOf(p))
	if err != nil {
		return false, err
	}
	t, _, err := s.h.text(s.tx, s.who, a, p.language, &p.title)
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
	if p.leads {
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
		err = errors.Join(s.h.publish(s.tx, s.center, a, t), s.schedule(a))
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
		t, err := tx.Articles.Text(s.articleOf(p), p.language)
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
	id := s.articleOf(p)
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
	return errors.Join(err, s.schedule(a), s.h.changed(s.tx, id), s.note(p.path, id, false, "", true))
}

// schedule plans what files want published later; that something of the article is published now does not change that.
func (s *syncing) schedule(a *store.Article) error {
	if s.plans[a.ID] == 0 {
		return nil
	}
	a.PublishAt = s.plans[a.ID]
	return s.tx.Articles.Save(a)
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

// place puts an article where its file lies, and says whether its tags or what stands beside it changed.
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
		a.Status, a.PublishAt = "archived", 0
	}
	if s.plans[a.ID] != 0 {
		a.PublishAt = s.plans[a.ID]
	}
	moved := false
	if p.hasRelated {
		related := s.related(p, a.ID)
		old, err := standing(s.tx, a.ID)
		if err != nil {
			return false, err
		}
		if moved = !slices.Equal(old, related); moved {
			if err := relate(s.tx, a.ID, related); err != nil {
				return false, err
			}
		}
	}
	if !p.hasTags {
		return moved, nil
	}
	tags, err := labels(p.tags)
	if err != nil {
		return false, s.blame(p, err)
	}
	old, err := s.tx.Articles.Tags([]store.ID{a.ID})
	if err != nil || slices.Equal(old[a.ID], tags) || len(old[a.ID])+len(tags) == 0 {
		return moved, err
	}
	return true, s.tx.Articles.SetTags(a.ID, tags)
}

// shelve finds the collection of a path of names, and makes those that are missing.
func (s *syncing) shelve(names []string) (store.ID, error) {
	parent := store.ID(0)
	for n, name := range names {
		i := s.within(parent, name)
		if i < 0 {
			c, err := s.makeShelf(names[:n+1], parent)
			if err != nil {
				return 0, err
			}
			s.shelves = append(s.shelves, *c)
			i = len(s.shelves) - 1
		}
		parent = s.shelves[i].ID
	}
	return parent, nil
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
	Related []store.ID // nil: not known
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
	related, err := standing(s.tx, a.ID)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(whole{*a, texts, tags[a.ID], append([]store.ID{}, related...)})
	return string(raw), err
}
