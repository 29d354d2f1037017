package helpcenter

import (
	"html/template"
	"slices"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// ListIn says which articles to list. Archived ones show only when they are asked for.
type ListIn struct {
	Status       string `json:"status,omitempty" enum:"draft,published,archived"`
	Visibility   string `json:"visibility,omitempty" enum:"public,internal"`
	CollectionID string `json:"collectionId,omitempty" maxLength:"13" doc:"none, or the id of a collection"`
	Tag          string `json:"tag,omitempty" maxLength:"160"`
	Language     string `json:"language,omitempty" maxLength:"12"`
	Q            string `json:"q,omitempty" maxLength:"400"`
	Limit        int    `json:"limit,omitempty" minimum:"1" maximum:"100"`
	Cursor       string `json:"cursor,omitempty" maxLength:"100"`
}

// List lists articles for the team: last changed first, or what fits the words best.
func (h *HelpCenter) List(tx *store.Tx, _ actor.Actor, in ListIn) (page door.Page[Line], err error) {
	c, err := center(tx)
	if err != nil {
		return page, err
	}
	n := or(in.Limit, 50)
	f := store.ArticleFilter{Language: spoken(c, in.Language), Fallback: c.Language, Status: in.Status, Visibility: in.Visibility, Tag: strings.ToLower(in.Tag), Limit: n + 1}
	switch in.CollectionID {
	case "":
	case "none":
		f.Loose = true
	default:
		if f.Collection, err = store.ParseID(in.CollectionID); err != nil {
			return page, fault.New(fault.Invalid, "Say none, or the id of a collection.").On("collectionId")
		}
	}
	if f.At, f.Last, err = door.ReadCursor(in.Cursor); err != nil {
		return page, err
	}
	var list []store.ListedArticle
	if strings.TrimSpace(in.Q) != "" {
		list, err = h.fitting(tx, f, in.Q)
	} else {
		list, err = tx.Articles.List(f)
	}
	if err != nil {
		return page, err
	}
	next := ""
	if len(list) > n {
		list = list[:n]
		next = door.Cursor(list[n-1].Article.UpdatedAt, list[n-1].Article.ID)
	}
	ids := make([]store.ID, len(list))
	for i := range list {
		ids[i] = list[i].Article.ID
	}
	tags, err := tx.Articles.Tags(ids)
	rows := make([]Line, 0, len(list))
	for i := range list {
		rows = append(rows, line(&list[i].Article, &list[i].Text, tags[list[i].Article.ID]))
	}
	return door.NewPage(rows, next), err
}

// fitting are the articles that the words find, as far as the filter lets them.
func (h *HelpCenter) fitting(tx *store.Tx, f store.ArticleFilter, q string) ([]store.ListedArticle, error) {
	hits, err := h.Search(tx, Query{Q: q, Team: true, Language: f.Language, Limit: 50})
	if err != nil {
		return nil, err
	}
	ids := make([]store.ID, len(hits))
	for i, hit := range hits {
		ids[i] = hit.ArticleID
	}
	found, err := tx.Articles.Listed(ids, f.Language, f.Fallback)
	if err != nil {
		return nil, err
	}
	tags, err := tx.Articles.Tags(ids)
	out := []store.ListedArticle{}
	for _, id := range ids {
		a, there := found[id]
		if there && (f.Tag == "" || slices.Contains(tags[id], f.Tag)) && (f.Status == "" || a.Status == f.Status) && (f.Visibility == "" || a.Visibility == f.Visibility) && (f.Collection == 0 || a.Collection == f.Collection) && (!f.Loose || a.Collection == 0) && len(out) < f.Limit-1 {
			out = append(out, a)
		}
	}
	return out, err
}

// ArticleIn names an article and a language.
type ArticleIn struct {
	ArticleID store.ID `json:"articleId"`
	Language  string   `json:"language,omitempty" maxLength:"12"`
}

// Article tells an article with its working copy.
func (h *HelpCenter) Article(tx *store.Tx, _ actor.Actor, in ArticleIn) (Article, error) {
	c, err := center(tx)
	if err != nil {
		return Article{}, err
	}
	l, err := language(c, in.Language)
	if err != nil {
		return Article{}, err
	}
	return h.article(tx, c, in.ArticleID, l)
}

// TagList are the tags in use.
type TagList struct {
	Tags []string `json:"tags"`
}

// Tags lists the tags that articles have.
func (h *HelpCenter) Tags(tx *store.Tx, _ actor.Actor, _ Empty) (TagList, error) {
	list, err := tx.Articles.AllTags()
	return TagList{list}, err
}

// PreviewIn is an article to show as readers would see it; its content is Markdown.
type PreviewIn struct {
	Title       string `json:"title,omitempty" maxLength:"200"`
	Description string `json:"description,omitempty" maxLength:"300"`
	Content     string `json:"content" maxLength:"800000"`
	Language    string `json:"language,omitempty" maxLength:"12"`
}

// Shown is an article's content as HTML that may be shown, and the whole of it as an HTML document in the help center's dress.
// The document has no script and is for a sandboxed frame: its links open in windows of their own, and a video is a link.
type Shown struct {
	HTML     string `json:"html"`
	Document string `json:"document"`
}

// Preview renders an article as readers would see it.
func (h *HelpCenter) Preview(tx *store.Tx, _ actor.Actor, in PreviewIn) (out Shown, err error) {
	c, err := center(tx)
	if err != nil {
		return out, err
	}
	space, err := tx.Workspaces.ByID(c.Workspace)
	if err != nil {
		return out, err
	}
	language := spoken(c, in.Language)
	to, err := h.references(tx, c, language, in.Content)
	if err != nil {
		return out, err
	}
	r := safe.Still(in.Content, h.targets(to, true), say(language, "video"))
	s := &sheet{Language: language, RTL: rightToLeft(language), Color: strings.TrimPrefix(space.AccentColor, "#"), Build: h.pages.build, Title: in.Title, Description: in.Description, Body: template.HTML(r.HTML)}
	var b strings.Builder
	err = h.pages.template(language).ExecuteTemplate(&b, "preview", s)
	return Shown{r.HTML, b.String()}, err
}
