package helpcenter

import (
	"strings"

	"deskbell/app/door"
	"deskbell/store"
)

// Named is somebody by id and name.
type Named struct {
	ID   *store.ID `json:"id"`
	Name string    `json:"name"`
}

// Line is an article in a list.
type Line struct {
	ID           store.ID    `json:"id"`
	CollectionID *store.ID   `json:"collectionId"`
	Position     int64       `json:"position"`
	Status       string      `json:"status"`
	Visibility   string      `json:"visibility"`
	Language     string      `json:"language"`
	Title        string      `json:"title"`
	Slug         string      `json:"slug"`
	Description  *string     `json:"description"`
	Changed      bool        `json:"changed"` // the working copy says something else than what is published
	Author       Named       `json:"author"`
	Editor       Named       `json:"editor"`
	Tags         []string    `json:"tags"`
	Helpful      int         `json:"helpful"`
	NotHelpful   int         `json:"notHelpful"`
	PublishAt    *store.Time `json:"publishAt"`
	PublishedAt  *store.Time `json:"publishedAt"`
	CreatedAt    store.Time  `json:"createdAt"`
	UpdatedAt    store.Time  `json:"updatedAt"`
}

// Key is the article's id.
func (l Line) Key() store.ID { return l.ID }

// Article is an article as the team sees it: its working copy in one language, and what readers see beside it.
type Article struct {
	Line
	WorkspaceID store.ID `json:"workspaceId"`
	Revision    int64    `json:"revision"`
	SEOTitle    *string  `json:"seoTitle"`
	Content     string   `json:"content"`
	ContentHTML string   `json:"contentHtml"`
	Excerpt     string   `json:"excerpt" doc:"what search engines show where there is no description"`
	Live        *Live    `json:"live"` // null: nothing is published in this language
	Languages   []string `json:"languages"`
	URL         *string  `json:"url"` // of the public page; null when there is none

	Related    []Beside          `json:"related"`    // what an author put beside it, in order
	References map[string]string `json:"references"` // addresses of what the content names of ours (asset:ID, article:ID)
}

// excerpt is the beginning of a plain text, as search engines show one.
func excerpt(plain string) string { return strings.ReplaceAll(clip(plain, 155), "\n", " ") }

// Live is what readers see.
type Live struct {
	Title       string     `json:"title"`
	Description *string    `json:"description"`
	Content     string     `json:"content"`
	Revision    int64      `json:"revision"`
	At          store.Time `json:"at"`
}

func line(a *store.Article, t *store.Text, tags []string) Line {
	if tags == nil {
		tags = []string{}
	}
	return Line{ID: a.ID, CollectionID: door.Maybe(a.Collection), Position: a.Position, Status: a.Status, Visibility: a.Visibility, Language: t.Language, Title: t.Title,
		Slug: t.Slug, Description: door.Maybe(t.Description), Changed: t.Live && t.Revision != t.LiveRevision, Author: Named{door.Maybe(a.Author), a.AuthorName}, Editor: Named{door.Maybe(t.Editor), t.EditorName},
		Tags: tags, Helpful: a.Helpful, NotHelpful: a.NotHelpful, PublishAt: door.Maybe(a.PublishAt), PublishedAt: door.Maybe(a.PublishedAt), CreatedAt: a.CreatedAt, UpdatedAt: max(a.UpdatedAt, t.UpdatedAt)}
}

// article reads an article as the team sees it.
func (h *HelpCenter) article(tx *store.Tx, c *store.HelpCenter, id store.ID, language string) (out Article, err error) {
	a, err := tx.Articles.ByID(id)
	if err != nil {
		return out, err
	}
	texts, err := tx.Articles.Texts(id)
	if err != nil {
		return out, err
	}
	t := &store.Text{Article: id, Language: language}
	var languages []string
	for i := range texts {
		languages = append(languages, texts[i].Language)
		if texts[i].Language == language {
			t = &texts[i]
		}
	}
	tags, err := tx.Articles.Tags([]store.ID{id})
	if err != nil {
		return out, err
	}
	shown, err := h.render(tx, c, language, t.Content, true)
	if err != nil {
		return out, err
	}
	references, err := h.references(tx, c, language, t.Content)
	if err != nil {
		return out, err
	}
	addresses := make(map[string]string, len(references))
	for ref, to := range references {
		addresses[ref] = to.URL
	}
	related, err := h.besides(tx, c, id, language)
	if err != nil {
		return out, err
	}
	out = Article{Related: related, References: addresses, Line: line(a, t, tags[id]), WorkspaceID: tx.Workspace, Revision: t.Revision, SEOTitle: door.Maybe(t.SEOTitle), Content: t.Content, ContentHTML: shown.HTML, Excerpt: excerpt(shown.Plain), Languages: languages}
	if t.Live {
		out.Live = &Live{Title: t.LiveTitle, Description: door.Maybe(t.LiveExcerpt), Content: t.LiveContent, Revision: t.LiveRevision, At: t.LiveAt}
		if a.Status == "published" && a.Visibility == "public" {
			out.URL = door.Maybe(h.articleURL(c, language, t.Slug))
		}
	}
	return out, nil
}
