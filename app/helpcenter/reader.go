package helpcenter

import (
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// reader is a snapshot of the workspace that a reader may read, with its help center. A restricted one is there only for
// the workspace's visitors and its team.
func (h *HelpCenter) reader(tx *store.Tx, who actor.Actor, workspace store.ID) (*store.Tx, *store.HelpCenter, error) {
	if who.IsVisitor() {
		workspace = who.Workspace
	}
	if workspace == 0 {
		return nil, nil, fault.New(fault.Invalid, "Name the workspace.").On("workspaceId")
	}
	tx = tx.In(workspace)
	if _, err := tx.Workspaces.ByID(workspace); err != nil {
		return nil, nil, err
	}
	c, err := center(tx)
	if err != nil {
		return nil, nil, err
	}
	if c.Policy != "public" && !who.IsVisitor() && !member(tx, who) {
		return nil, nil, fault.Of(store.ErrNotFound)
	}
	return tx, c, nil
}

// member reports whether somebody is of the workspace's team.
func member(tx *store.Tx, who actor.Actor) bool {
	if who.Kind == actor.System {
		return true
	}
	if who.Kind != actor.Staff || who.User == 0 {
		return who.Kind == actor.Key && who.Workspace == tx.Workspace
	}
	_, err := tx.Members.ByUser(who.User)
	return err == nil
}

// Home is the first page of a help center.
type Home struct {
	WorkspaceID store.ID  `json:"workspaceId"`
	Title       string    `json:"title"`
	Tagline     *string   `json:"tagline"`
	URL         string    `json:"url"`
	Language    string    `json:"language"`
	Languages   []string  `json:"languages"`
	Collections []Shelved `json:"collections"`
	Articles    []Brief   `json:"articles"` // that stand in no collection
}

// Shelved is a collection as readers see it: with its number of articles, those of its collections included.
type Shelved struct {
	ID           store.ID  `json:"id"`
	ParentID     *store.ID `json:"parentId"`
	Name         string    `json:"name"`
	Slug         string    `json:"slug"`
	Description  *string   `json:"description"`
	Icon         *string   `json:"icon"`
	ArticleCount int       `json:"articleCount"`
	own          int
}

// Brief is an article in a list for readers.
type Brief struct {
	ID          store.ID `json:"id"`
	Title       string   `json:"title"`
	Slug        string   `json:"slug"`
	Description *string  `json:"description"`
	Language    string   `json:"language"`
}

func brief(l *store.ListedArticle) Brief {
	return Brief{l.Article.ID, l.LiveTitle, l.Slug, door.Maybe(or2(l.LiveExcerpt, clip(l.LivePlain, 160))), l.Text.Language}
}

func briefs(list []store.ListedArticle) []Brief {
	out := make([]Brief, 0, len(list))
	for i := range list {
		out = append(out, brief(&list[i]))
	}
	return out
}

// ReaderIn names a workspace (visitors need not) and a language.
type ReaderIn struct {
	WorkspaceID store.ID `json:"workspaceId,omitempty"`
	Language    string   `json:"language,omitempty" maxLength:"12"`
}

// Home tells the collections that have something to read, and the articles that stand in none.
func (h *HelpCenter) Home(tx *store.Tx, who actor.Actor, in ReaderIn) (out Home, err error) {
	tx, c, err := h.reader(tx, who, in.WorkspaceID)
	if err != nil {
		return out, err
	}
	return h.home(tx, c, spoken(c, in.Language))
}

func (h *HelpCenter) home(tx *store.Tx, c *store.HelpCenter, language string) (out Home, err error) {
	w, err := tx.Workspaces.ByID(tx.Workspace)
	if err != nil {
		return out, err
	}
	out = Home{WorkspaceID: tx.Workspace, Title: titleOf(c, w), Tagline: door.Maybe(c.Tagline), URL: h.base(c), Language: language, Languages: append([]string{c.Language}, c.Languages...)}
	if out.Collections, err = shelves(tx, language); err != nil {
		return out, err
	}
	loose, err := tx.Articles.PublicIn(0, language, c.Language, 100)
	out.Articles = briefs(loose)
	return out, err
}

func titleOf(c *store.HelpCenter, w *store.Workspace) string { return or2(c.Title, w.Name+" Help") }

// shelves lists collections that have something to read, in themselves or further down, by their names in a language.
func shelves(tx *store.Tx, language string) ([]Shelved, error) {
	list, err := tx.Collections.List()
	if err != nil {
		return nil, err
	}
	texts, err := tx.Collections.Texts()
	if err != nil {
		return nil, err
	}
	for i := range list {
		for _, t := range texts[list[i].ID] {
			if t.Language == language {
				list[i].Name, list[i].Description = t.Name, or2(t.Description, list[i].Description)
			}
		}
	}
	counts, err := tx.Collections.Counts()
	if err != nil {
		return nil, err
	}
	parent, total := map[store.ID]store.ID{}, map[store.ID]int{}
	for _, c := range list {
		parent[c.ID] = c.Parent
	}
	for id, n := range counts {
		for up := 0; id != 0 && up <= deepest; up++ {
			total[id] += n.Public
			id = parent[id]
		}
	}
	out := []Shelved{}
	for _, c := range list {
		if total[c.ID] > 0 {
			out = append(out, Shelved{c.ID, door.Maybe(c.Parent), c.Name, c.Slug, door.Maybe(c.Description), door.Maybe(c.Icon), total[c.ID], counts[c.ID].Public})
		}
	}
	return out, nil
}

// ShelfIn names a collection by id or address.
type ShelfIn struct {
	WorkspaceID  store.ID `json:"workspaceId,omitempty"`
	CollectionID store.ID `json:"collectionId,omitempty"`
	Slug         string   `json:"slug,omitempty" maxLength:"400"`
	Language     string   `json:"language,omitempty" maxLength:"12"`
}

// Contents is a collection with what stands in it.
type Contents struct {
	Collection  Shelved   `json:"collection"`
	Path        []Shelved `json:"path"` // from the top to its parent
	Collections []Shelved `json:"collections"`
	Articles    []Brief   `json:"articles"`
}

// Shelf tells what stands in a collection.
func (h *HelpCenter) Shelf(tx *store.Tx, who actor.Actor, in ShelfIn) (out Contents, err error) {
	tx, c, err := h.reader(tx, who, in.WorkspaceID)
	if err != nil {
		return out, err
	}
	id := in.CollectionID
	if id == 0 {
		found, err := tx.Collections.BySlug(in.Slug)
		if err != nil {
			return out, err
		}
		id = found.ID
	}
	return h.contents(tx, c, id, spoken(c, in.Language))
}

func (h *HelpCenter) contents(tx *store.Tx, c *store.HelpCenter, id store.ID, language string) (out Contents, err error) {
	list, err := shelves(tx, language)
	if err != nil {
		return out, err
	}
	path := pathTo(list, id)
	if len(path) == 0 {
		return out, store.ErrNotFound
	}
	out = Contents{Collection: path[len(path)-1], Path: path[:len(path)-1], Collections: []Shelved{}}
	for _, s := range list {
		if s.ParentID != nil && *s.ParentID == id {
			out.Collections = append(out.Collections, s)
		}
	}
	articles, err := tx.Articles.PublicIn(id, language, c.Language, 500)
	out.Articles = briefs(articles)
	return out, err
}

// pathTo is the way from the top to a collection, itself included.
func pathTo(list []Shelved, id store.ID) (path []Shelved) {
	for n := 0; id != 0 && n < 10; n++ {
		up := store.ID(0)
		for _, s := range list {
			if s.ID == id {
				path = append([]Shelved{s}, path...)
				if s.ParentID != nil {
					up = *s.ParentID
				}
			}
		}
		id = up
	}
	return path
}

// ReadIn names an article by id or address.
type ReadIn struct {
	WorkspaceID store.ID `json:"workspaceId,omitempty"`
	ArticleID   store.ID `json:"articleId,omitempty"`
	Slug        string   `json:"slug,omitempty" maxLength:"400"`
	Language    string   `json:"language,omitempty" maxLength:"12"`
}

// Published is an article as readers see it.
type Published struct {
	ID           store.ID   `json:"id"`
	Title        string     `json:"title"`
	Slug         string     `json:"slug"`
	Description  *string    `json:"description"`
	ContentHTML  string     `json:"contentHtml"`
	Language     string     `json:"language"`
	CollectionID *store.ID  `json:"collectionId"`
	Path         []Shelved  `json:"path"`
	Related      []Brief    `json:"related"`
	Author       string     `json:"author"`
	URL          string     `json:"url"`
	UpdatedAt    store.Time `json:"updatedAt"`

	seo, plain string
	picture    string
	places     []place
	others     map[string]string // addresses in other languages
}

type place struct {
	ID, Text string
	Level    int
}

// Read tells an article that everybody may read; its pictures and links lead where readers may go.
func (h *HelpCenter) Read(tx *store.Tx, who actor.Actor, in ReadIn) (out Published, err error) {
	tx, c, err := h.reader(tx, who, in.WorkspaceID)
	if err != nil {
		return out, err
	}
	l := spoken(c, in.Language)
	id := in.ArticleID
	if id == 0 {
		t, err := tx.Articles.TextBySlug(l, in.Slug)
		if err != nil {
			return out, err
		}
		id = t.Article
	}
	return h.published(tx, c, id, l, h.base(c))
}

// published is an article as readers see it. base is what its links to other articles begin with.
func (h *HelpCenter) published(tx *store.Tx, c *store.HelpCenter, id store.ID, l, base string) (out Published, err error) {
	a, err := tx.Articles.ByID(id)
	if err == nil && (a.Status != "published" || a.Visibility != "public") {
		err = store.ErrNotFound
	}
	if err != nil {
		return out, err
	}
	texts, err := tx.Articles.Texts(id)
	if err != nil {
		return out, err
	}
	var t *store.Text
	others := map[string]string{}
	for i := range texts {
		x := &texts[i]
		if !x.Live {
			continue
		}
		others[x.Language] = h.articleURL(c, x.Language, x.Slug)
		if t == nil || x.Language == l || x.Language == c.Language && t.Language != l {
			t = x
		}
	}
	if t == nil {
		return out, store.ErrNotFound
	}
	to, err := h.references(tx, c, t.Language, t.LiveContent)
	if err != nil {
		return out, err
	}
	shown := safe.Article(t.LiveContent, func(ref string) safe.Target {
		target := to[ref]
		if strings.HasPrefix(ref, "article:") {
			target.URL = rebased(target.URL, h.base(c), base)
		}
		return target
	})
	first := a.AuthorName
	out = Published{ID: a.ID, Title: t.LiveTitle, Slug: t.Slug, Description: door.Maybe(t.LiveExcerpt), ContentHTML: shown.HTML, Language: t.Language, CollectionID: door.Maybe(a.Collection),
		Path: []Shelved{}, Author: first, URL: h.articleURL(c, t.Language, t.Slug), UpdatedAt: t.LiveAt, seo: t.LiveSEOTitle, plain: shown.Plain, picture: shown.Picture, others: others}
	for _, p := range shown.Headings {
		out.places = append(out.places, place(p))
	}
	list, err := shelves(tx, l)
	if err != nil {
		return out, err
	}
	out.Path = append(out.Path, pathTo(list, a.Collection)...)
	out.Related, err = h.related(tx, c, a, t)
	return out, err
}

// rebased is an address that begins with another base.
func rebased(address, from, to string) string {
	if rest, ok := strings.CutPrefix(address, from); ok {
		return to + rest
	}
	return address
}

// related are up to four articles: those that share the most tags, then words of the title, then the collection.
func (h *HelpCenter) related(tx *store.Tx, c *store.HelpCenter, a *store.Article, t *store.Text) ([]Brief, error) {
	ids, err := tx.Articles.SharingTags(a.ID, 8)
	if err != nil {
		return nil, err
	}
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
	if a.Collection != 0 && len(ids) < 8 {
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
	for _, id := range ids {
		if l, there := list[id]; there && id != a.ID && len(out) < 4 {
			out = append(out, brief(&l))
			delete(list, id)
		}
	}
	return out, nil
}

// clip is the beginning of a text, cut between words.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := n
	for cut > n/2 && r[cut] != ' ' && r[cut] != '\n' {
		cut--
	}
	return string(r[:cut]) + " …"
}
