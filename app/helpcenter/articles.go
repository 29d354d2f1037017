package helpcenter

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/event"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/safe"
	"deskbell/store"
)

const (
	longest   = 200000 // characters of an article
	longTitle = 200
	pause     = 10 * time.Minute // after which a further save keeps a version
)

// NewArticle is an article to begin.
type NewArticle struct {
	Title        string   `json:"title" maxLength:"800"`
	Content      string   `json:"content,omitempty" maxLength:"800000"`
	Description  string   `json:"description,omitempty" maxLength:"2000"`
	CollectionID store.ID `json:"collectionId,omitempty"`
	Visibility   string   `json:"visibility,omitempty" enum:"public,internal"`
	Language     string   `json:"language,omitempty" maxLength:"12"`
	Slug         string   `json:"slug,omitempty" maxLength:"200"`
	Tags         []string `json:"tags,omitempty" maxItems:"30"`
}

// Create begins an article, as a draft.
func (h *HelpCenter) Create(ctx context.Context, who actor.Actor, in NewArticle) (out Article, err error) {
	t := &store.Text{Editor: who.User, EditorName: who.Name}
	if err := write(t, &in.Title, &in.Content, &in.Description, nil); err != nil {
		return out, err
	}
	tags, err := labels(in.Tags)
	if err != nil {
		return out, err
	}
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		if t.Language, err = language(c, in.Language); err != nil {
			return err
		}
		a := &store.Article{Collection: in.CollectionID, Status: "draft", Visibility: in.Visibility, Author: who.User, AuthorName: who.Name}
		if a.Visibility == "" {
			a.Visibility = "public"
		}
		if err := h.add(tx, a, t, in.Slug, tags); err != nil {
			return err
		}
		out, err = h.article(tx, c, a.ID, t.Language)
		return err
	})
	return out, err
}

// add keeps a new article with its first text.
func (h *HelpCenter) add(tx *store.Tx, a *store.Article, t *store.Text, slug string, tags []string) (err error) {
	if a.Collection != 0 {
		if err := shelved(tx, a.Collection); err != nil {
			return err
		}
	}
	if a.Position, err = tx.Articles.Last(a.Collection); err != nil {
		return err
	}
	a.Position++
	if err := tx.Articles.Add(a); err != nil {
		return err
	}
	t.Article = a.ID
	if slug == "" {
		slug = t.Title
	}
	if t.Slug, err = h.freeSlug(tx, t, safe.Slug(slug)); err != nil {
		return err
	}
	if err := tx.Articles.AddText(t); err != nil {
		return err
	}
	if err := tx.Articles.SetTags(a.ID, tags); err != nil {
		return err
	}
	return h.index(tx, a, t)
}

func shelved(tx *store.Tx, id store.ID) error {
	_, err := tx.Collections.ByID(id)
	if errors.Is(err, store.ErrNotFound) {
		return fault.New(fault.Invalid, "There is no such collection.").On("collectionId")
	}
	return err
}

func (h *HelpCenter) freeSlug(tx *store.Tx, t *store.Text, wish string) (string, error) {
	return free(wish, func(s string) (bool, error) { return tx.Articles.Taken(t.Language, s, t.Article) })
}

// write checks words and puts them into a working copy; nil leaves a field as it is.
func write(t *store.Text, title, content, description, seo *string) (err error) {
	if title != nil {
		if t.Title = strings.Join(strings.Fields(safe.Text(*title)), " "); t.Title == "" {
			return fault.New(fault.Invalid, "Give the article a title.").On("title")
		}
		if utf8.RuneCountInString(t.Title) > longTitle {
			return fault.New(fault.Invalid, "A title has at most %d characters.", longTitle).On("title")
		}
	}
	if content != nil {
		if t.Content = safe.Text(*content); utf8.RuneCountInString(t.Content) > longest {
			return fault.New(fault.Invalid, "An article has at most %d characters.", longest).On("content")
		}
	}
	if description != nil {
		if t.Description, err = short("description", *description, 300); err != nil {
			return err
		}
	}
	if seo != nil {
		t.SEOTitle, err = short("seoTitle", *seo, 120)
	}
	return err
}

// labels cleans tags: lower case, each once, sorted.
func labels(in []string) ([]string, error) {
	out := []string{}
	for _, tag := range in {
		tag = strings.ToLower(strings.Join(strings.Fields(safe.Text(tag)), " "))
		if utf8.RuneCountInString(tag) > 40 {
			return nil, fault.New(fault.Invalid, "A tag has at most 40 characters.").On("tags")
		}
		if tag != "" {
			out = append(out, tag)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// UpdateArticle is what may be changed of an article. With a revision, the save is refused when somebody saved meanwhile;
// revision 0 says that the article had no words in this language yet.
type UpdateArticle struct {
	ArticleID    store.ID             `json:"articleId"`
	Language     string               `json:"language,omitempty" maxLength:"12"`
	Revision     *int64               `json:"revision,omitempty" minimum:"0"`
	Keep         bool                 `json:"keep,omitempty" doc:"keep what is written over as a version, whoever wrote it and however lately"`
	Title        *string              `json:"title,omitempty" maxLength:"800"`
	Content      *string              `json:"content,omitempty" maxLength:"800000"`
	Description  door.Patch[string]   `json:"description,omitempty"`
	SEOTitle     door.Patch[string]   `json:"seoTitle,omitempty"`
	Slug         *string              `json:"slug,omitempty" maxLength:"200"`
	CollectionID door.Patch[store.ID] `json:"collectionId,omitempty"`
	Visibility   *string              `json:"visibility,omitempty" enum:"public,internal"`
	Tags         *[]string            `json:"tags,omitempty" maxItems:"30"`
	RelatedIDs   *[]store.ID          `json:"relatedIds,omitempty" maxItems:"10" doc:"articles that readers are shown first beside this one, in order; [] leaves it to the program"`
}

// Update saves the working copy of an article, or where it stands and who may read it.
func (h *HelpCenter) Update(ctx context.Context, who actor.Actor, in UpdateArticle) (out Article, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		l, err := language(c, in.Language)
		if err != nil {
			return err
		}
		a, err := tx.Articles.ByID(in.ArticleID)
		if err != nil {
			return err
		}
		if err := h.place(tx, who, a, in); err != nil {
			return err
		}
		t, begun, err := h.text(tx, who, a, l, in.Title)
		if err != nil {
			return err
		}
		if begun {
			in.Revision = nil
		}
		if err := h.save(tx, c, who, t, in); err != nil {
			return err
		}
		if err := tx.Articles.Save(a); err != nil {
			return err
		}
		if err := h.index(tx, a, t); err != nil {
			return err
		}
		out, err = h.article(tx, c, a.ID, l)
		return err
	})
	return out, err
}

// place changes where an article stands and who may read it. What is published changes only for those who may publish.
func (h *HelpCenter) place(tx *store.Tx, who actor.Actor, a *store.Article, in UpdateArticle) (err error) {
	if in.CollectionID.Set && in.CollectionID.Value != a.Collection {
		if a.Collection = in.CollectionID.Value; a.Collection != 0 {
			if err := shelved(tx, a.Collection); err != nil {
				return err
			}
		}
		if a.Position, err = tx.Articles.Last(a.Collection); err != nil {
			return err
		}
		a.Position++
	}
	if in.Visibility != nil && *in.Visibility != a.Visibility {
		if a.Status == "published" && !who.Can(may.PublishArticles) {
			return fault.New(fault.Forbidden, "Only those who may publish change who reads a published article.")
		}
		a.Visibility = *in.Visibility
		if err := h.changed(tx, a.ID); err != nil {
			return err
		}
	}
	if in.RelatedIDs != nil {
		if err := relate(tx, a.ID, *in.RelatedIDs); err != nil {
			return err
		}
	}
	if in.Tags == nil {
		return nil
	}
	tags, err := labels(*in.Tags)
	if err != nil {
		return err
	}
	return tx.Articles.SetTags(a.ID, tags)
}

// text finds what an article says in a language; a first word in a further language begins a text.
func (h *HelpCenter) text(tx *store.Tx, who actor.Actor, a *store.Article, l string, title *string) (t *store.Text, begun bool, err error) {
	t, err = tx.Articles.Text(a.ID, l)
	if !errors.Is(err, store.ErrNotFound) {
		return t, false, err
	}
	t = &store.Text{Article: a.ID, Language: l, Editor: who.User, EditorName: who.Name, Title: "article"}
	if title == nil {
		return nil, false, fault.New(fault.Invalid, "Give the article a title in this language.").On("title")
	}
	if err := write(t, title, nil, nil, nil); err != nil {
		return nil, false, err
	}
	if t.Slug, err = h.freeSlug(tx, t, safe.Slug(t.Title)); err != nil {
		return nil, false, err
	}
	return t, true, tx.Articles.AddText(t)
}

// save writes words into the working copy.
func (h *HelpCenter) save(tx *store.Tx, c *store.HelpCenter, who actor.Actor, t *store.Text, in UpdateArticle) error {
	before := *t
	description, seo := in.Description.Or(t.Description), in.SEOTitle.Or(t.SEOTitle)
	if err := write(t, in.Title, in.Content, &description, &seo); err != nil {
		return err
	}
	words := t.Title != before.Title || t.Content != before.Content || t.Description != before.Description || t.SEOTitle != before.SEOTitle
	if words && in.Revision != nil && *in.Revision != before.Revision {
		theirs, err := h.article(tx, c, t.Article, t.Language)
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "Somebody saved this article meanwhile. Compare before you save.").With("current", theirs)
	}
	slug := before.Slug
	switch {
	case in.Slug != nil && *in.Slug != slug:
		if t.Live && !who.Can(may.PublishArticles) {
			return fault.New(fault.Forbidden, "Only those who may publish change the address of a published article.")
		}
		slug = safe.Slug(*in.Slug)
		taken, err := tx.Articles.Taken(t.Language, slug, t.Article)
		if err == nil && taken {
			err = fault.New(fault.Conflict, "Another article has this address.").On("slug")
		}
		if err != nil {
			return err
		}
	case t.LiveAt == 0 && t.Title != before.Title && strings.HasPrefix(slug, safe.Slug(before.Title)):
		var err error // an address that nobody knows yet follows the title
		if slug, err = h.freeSlug(tx, t, safe.Slug(t.Title)); err != nil {
			return err
		}
	}
	if !words && slug == before.Slug {
		return nil
	}
	t.Slug = slug
	if words {
		if err := h.keep(tx, &before, who, in.Keep); err != nil {
			return err
		}
		t.Revision++
		t.Editor, t.EditorName = who.User, who.Name
	}
	old := before.Slug
	if before.LiveAt == 0 {
		old = slug
	}
	return tx.Articles.SaveText(t, old)
}

// keep keeps a version of what is about to be written over, when somebody else wrote it or it is a while ago.
func (h *HelpCenter) keep(tx *store.Tx, t *store.Text, who actor.Actor, always bool) error {
	if t.Content == "" && t.Revision <= 1 {
		return nil
	}
	last, err := tx.Versions.Newest(t.Article, t.Language)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if last != nil && (last.Revision == t.Revision || !always && t.Editor == who.User && tx.Now().Sub(last.CreatedAt) < pause) {
		return nil
	}
	return tx.Versions.Add(version(t, false))
}

func version(t *store.Text, published bool) *store.Version {
	return &store.Version{Article: t.Article, Language: t.Language, Revision: t.Revision, Published: published, Title: t.Title, Description: t.Description, Content: t.Content,
		Author: t.Editor, AuthorName: t.EditorName}
}

// changed tells whoever listens that readers see something else now.
func (h *HelpCenter) changed(tx *store.Tx, article store.ID) error {
	return h.emit(tx, event.ArticleChanged{Workspace: tx.Workspace, Article: article})
}

// MoveArticle names an article, its collection (null: none) and the article it is to stand before (null: last).
type MoveArticle struct {
	ArticleID    store.ID  `json:"articleId"`
	CollectionID *store.ID `json:"collectionId" nullable:"true"`
	BeforeID     *store.ID `json:"beforeId,omitempty" nullable:"true"`
}
