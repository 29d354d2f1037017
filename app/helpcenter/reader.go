package helpcenter

import (
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
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
