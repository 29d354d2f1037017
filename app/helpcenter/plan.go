package helpcenter

import (
	"errors"
	"path"
	"slices"
	"strings"
	"time"

	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

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
	for i := range s.leaves { // articles that say nothing in the help center's own language
		if p := &s.leaves[i]; s.articleOf(p) == 0 {
			if err := s.locate(p); err != nil {
				return err
			}
			p.also = p.base() + path.Ext(p.path)
			s.articles[p.also] = s.articles[p.path]
		}
	}
	for i := range s.leaves {
		if err := s.weigh(&s.leaves[i]); err != nil {
			return s.blame(&s.leaves[i], err)
		}
	}
	for _, names := range s.missingShelves() {
		s.out.Shelves = append(s.out.Shelves, strings.Join(names, " / "))
	}
	return s.missing(func(name string, a *store.Article) error {
		s.out.Deleted = append(s.out.Deleted, name)
		return nil
	})
}

// due says whether there is anything to do.
func (s *syncing) due() bool {
	return len(s.out.Created)+len(s.out.Updated)+len(s.out.Deleted)+len(s.out.Shelves) > 0
}

// imagined is an id of what is not there yet. No store draws one so high.
func (s *syncing) imagined() store.ID {
	s.made++
	return 1<<62 + store.ID(s.made)
}

// weigh says what a file would change.
func (s *syncing) weigh(p *leaf) error {
	id := s.articleOf(p)
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

// differs says whether a file says something else than its article, and refuses what could not be written.
func (s *syncing) differs(p *leaf, id store.ID) (bool, error) {
	content, err := s.content(p)
	if err != nil {
		return false, err
	}
	related := s.related(p, id)
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
	if _, err := s.planned(p); err != nil || begins || *t != was {
		return err == nil, err
	}
	a, err := s.tx.Articles.ByID(id)
	if err != nil {
		return false, err
	}
	live := t.Live && t.LiveRevision == t.Revision && a.Status == "published"
	if p.status == "published" && !live || !p.leads {
		return p.status == "published" && !live, nil
	}
	if planned, err := s.planned(p); err != nil || planned != 0 && planned != a.PublishAt {
		return err == nil, err
	}
	shelf, there := s.shelfOf(p.shelves)
	if !there || shelf != a.Collection || p.hasVisibility && p.visibility != a.Visibility || (p.status == "archived") != (a.Status == "archived") {
		return true, nil
	}
	if p.hasRelated {
		if old, err := standing(s.tx, id); err != nil || !slices.Equal(old, related) {
			return err == nil, err
		}
	}
	if !p.hasTags {
		return false, nil
	}
	old, err := s.tx.Articles.Tags([]store.ID{id})
	return !slices.Equal(old[id], tags) && len(old[id])+len(tags) > 0, err
}

// planned is when a file wants its article published, or 0: what was planned for a time that is over is not made up for.
func (s *syncing) planned(p *leaf) (store.Time, error) {
	if p.planned == "" || p.status == "archived" || !p.leads {
		return 0, nil
	}
	at, err := time.Parse(time.RFC3339, p.planned)
	if err != nil {
		at, err = time.Parse(time.DateOnly, p.planned)
	}
	if err != nil || at.Sub(s.tx.Now().Std()) > farthest {
		return 0, fault.New(fault.Invalid, "publishAt is a time within five years, such as 2030-12-24T18:00:00Z.").Because(err)
	}
	if !store.At(at).After(s.tx.Now()) {
		return 0, nil
	}
	return store.At(at), nil
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
	p.leads = true
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
