package helpcenter

import (
	"path"
	"slices"

	"deskbell/app/fault"
	"deskbell/store"
)

// Beside is an article that an author put beside another one, as the team sees it. Readers see those that are published for
// everybody.
type Beside struct {
	ArticleID  store.ID `json:"articleId"`
	Title      string   `json:"title"`
	Status     string   `json:"status" enum:"draft,published,archived,deleted"`
	Visibility string   `json:"visibility" enum:"public,internal"`
}

// besides tells the team what an author put beside an article.
func (h *HelpCenter) besides(tx *store.Tx, c *store.HelpCenter, id store.ID, language string) ([]Beside, error) {
	chosen, ids, err := chosen(tx, id)
	if err != nil {
		return nil, err
	}
	there, err := tx.Articles.Listed(ids, language, c.Language)
	out := make([]Beside, 0, len(chosen))
	for _, r := range chosen {
		b := Beside{r.Article, r.Title, "deleted", "public"}
		if l, is := there[r.Article]; is {
			b.Title, b.Status, b.Visibility = l.Title, l.Status, l.Visibility
		}
		out = append(out, b)
	}
	return out, err
}

func chosen(tx *store.Tx, id store.ID) (list []store.Related, ids []store.ID, err error) {
	list, err = tx.Articles.Related(id)
	for _, r := range list {
		ids = append(ids, r.Article)
	}
	return list, ids, err
}

const (
	mostChosen  = 10 // related articles that an author may choose
	leastBeside = 4  // that the program fills up to
)

// relate puts articles beside one. Those that stand there and are deleted may stay.
func relate(tx *store.Tx, id store.ID, ids []store.ID) error {
	if len(ids) > mostChosen {
		return fault.New(fault.Invalid, "An article has at most %d related ones.", mostChosen).On("relatedIds")
	}
	before, _, err := chosen(tx, id)
	if err != nil {
		return err
	}
	there, err := tx.Articles.ByIDs(ids)
	if err != nil {
		return err
	}
	list := make([]store.Related, 0, len(ids))
	for i, other := range ids {
		at := slices.IndexFunc(before, func(r store.Related) bool { return r.Article == other })
		_, is := there[other]
		switch {
		case other == id:
			return fault.New(fault.Invalid, "An article is not related to itself.").On("relatedIds")
		case slices.Contains(ids[:i], other):
			return fault.New(fault.Invalid, "Name each related article once.").On("relatedIds")
		case at >= 0:
			list = append(list, before[at])
		case is:
			list = append(list, store.Related{Article: other})
		default:
			return fault.New(fault.Invalid, "There is no such article.").On("relatedIds")
		}
	}
	return tx.Articles.SetRelated(id, list)
}

// related are the articles that an author chose, and up to four in all: those that share the most tags, then words of the
// title, then the collection.
func (h *HelpCenter) related(tx *store.Tx, c *store.HelpCenter, a *store.Article, t *store.Text) ([]Brief, error) {
	_, first, err := chosen(tx, a.ID)
	if err != nil {
		return nil, err
	}
	tagged, err := tx.Articles.SharingTags(a.ID, 8)
	if err != nil {
		return nil, err
	}
	ids := slices.Concat(first, tagged)
	hunt := store.Hunt{Some: true, Limit: 20}
	for _, w := range wordsOf(t.LiveTitle) {
		if len(w) > 3 {
			hunt.Words = append(hunt.Words, []string{w})
		}
	}
	found, err := inLanguages(tx, c, Query{Language: t.Language, Limit: 6}, hunt)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		ids = append(ids, f.Article)
	}
	if a.Collection != 0 && len(ids) < len(first)+8 {
		beside, err := tx.Articles.PublicIn(a.Collection, t.Language, c.Language, 6)
		if err != nil {
			return nil, err
		}
		for _, b := range beside {
			ids = append(ids, b.Article.ID)
		}
	}
	list, err := tx.Articles.Published(ids, t.Language, c.Language)
	if err != nil {
		return nil, err
	}
	out := []Brief{}
	for i, id := range ids {
		if l, there := list[id]; there && id != a.ID && (i < len(first) || len(out) < leastBeside) {
			out = append(out, brief(&l))
			delete(list, id)
		}
	}
	return out, nil
}

// related are the articles that a file names beside its own. Files that are not there are told while planning.
func (s *syncing) related(p *leaf, own store.ID) (ids []store.ID) {
	for _, name := range p.related {
		file := beside(path.Dir(p.path), name)
		id := s.articles[file]
		if id == 0 {
			id = s.articles[unescaped(file)]
		}
		switch {
		case id == 0 && s.planning:
			s.out.Unresolved = append(s.out.Unresolved, p.path+": "+clip(name, 200))
		case id != 0 && id != own && !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids[:min(len(ids), mostChosen)]
}

// standing are the articles beside one that are there.
func standing(tx *store.Tx, id store.ID) ([]store.ID, error) {
	_, ids, err := chosen(tx, id)
	if err != nil {
		return nil, err
	}
	there, err := tx.Articles.ByIDs(ids)
	return slices.DeleteFunc(ids, func(id store.ID) bool { _, is := there[id]; return !is }), err
}
