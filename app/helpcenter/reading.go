package helpcenter

import (
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/safe"
	"deskbell/store"
)

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
	out = Published{ID: a.ID, Title: t.LiveTitle, Slug: t.Slug, Description: door.Maybe(t.LiveExcerpt), ContentHTML: shown.HTML, Language: t.Language, CollectionID: door.Maybe(a.Collection),
		Path: []Shelved{}, Author: a.AuthorName, URL: h.articleURL(c, t.Language, t.Slug), UpdatedAt: t.LiveAt, seo: t.LiveSEOTitle, plain: shown.Plain, picture: shown.Picture, others: others}
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
