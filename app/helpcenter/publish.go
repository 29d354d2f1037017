package helpcenter

import (
	"context"
	"errors"
	"slices"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// WhichArticle names an article.
type WhichArticle struct {
	ArticleID store.ID `json:"articleId"`
}

// Publishing names an article and the language to publish. With a revision, it is refused when somebody saved meanwhile.
type Publishing struct {
	ArticleID store.ID `json:"articleId"`
	Language  string   `json:"language,omitempty" maxLength:"12"`
	Revision  int64    `json:"revision,omitempty" minimum:"0"`
}

// Publish takes the working copy over to readers.
func (h *HelpCenter) Publish(ctx context.Context, who actor.Actor, in Publishing) (out Article, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		l, err := language(c, in.Language)
		if err != nil {
			return err
		}
		a, err := tx.Articles.ByID(in.ArticleID)
		if err != nil {
			return err
		}
		t, err := tx.Articles.Text(a.ID, l)
		if errors.Is(err, store.ErrNotFound) {
			return fault.New(fault.Invalid, "The article says nothing in this language yet.").On("language")
		}
		if err != nil {
			return err
		}
		if in.Revision != 0 && in.Revision != t.Revision {
			theirs, err := h.article(tx, c, a.ID, l)
			if err != nil {
				return err
			}
			return fault.New(fault.Conflict, "Somebody saved this article meanwhile. Look at it before you publish.").With("current", theirs)
		}
		if err := h.publish(tx, c, a, t); err != nil {
			return err
		}
		out, err = h.article(tx, c, a.ID, l)
		return err
	})
	return out, err
}

// publish takes a text over to readers, and its article with it.
func (h *HelpCenter) publish(tx *store.Tx, c *store.HelpCenter, a *store.Article, t *store.Text) error {
	shown, err := h.render(tx, c, t.Language, t.Content, false)
	if err != nil {
		return err
	}
	if err := h.release(tx, a, t, shown.Plain); err != nil {
		return err
	}
	if err := h.indexAll(tx, a); err != nil {
		return err
	}
	return h.changed(tx, a.ID)
}

// release is publish without its indices. plain is what the text says without markup.
func (h *HelpCenter) release(tx *store.Tx, a *store.Article, t *store.Text, plain string) error {
	if !t.Live || t.LiveRevision != t.Revision {
		last, err := tx.Versions.Newest(a.ID, t.Language)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if last == nil || last.Revision != t.Revision || !last.Published {
			if err := tx.Versions.Add(version(t, true)); err != nil {
				return err
			}
		}
		t.LiveAt = tx.Now()
	}
	t.Live, t.LiveRevision, t.LiveTitle, t.LiveExcerpt, t.LiveSEOTitle, t.LiveContent, t.LivePlain = true, t.Revision, t.Title, t.Description, t.SEOTitle, t.Content, plain
	if err := tx.Articles.SaveText(t, t.Slug); err != nil {
		return err
	}
	a.PublishAt = 0
	if a.Status != "published" {
		a.Status, a.PublishedAt = "published", tx.Now()
	}
	return tx.Articles.Save(a)
}

// WhichText names an article, and a language of it; without one all that it says is meant.
type WhichText struct {
	ArticleID store.ID `json:"articleId"`
	Language  string   `json:"language,omitempty" maxLength:"12"`
}

// Unpublish takes an article away from readers, or what it says in one language; without its last one it is a draft. What it
// says is kept.
func (h *HelpCenter) Unpublish(ctx context.Context, who actor.Actor, in WhichText) (Article, error) {
	return h.retire(ctx, who, in, "draft")
}

// Archive puts an article away: readers and lists do not show it.
func (h *HelpCenter) Archive(ctx context.Context, who actor.Actor, in WhichArticle) (Article, error) {
	return h.retire(ctx, who, WhichText{ArticleID: in.ArticleID}, "archived")
}

func (h *HelpCenter) retire(ctx context.Context, who actor.Actor, in WhichText, to string) (out Article, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		a, err := tx.Articles.ByID(in.ArticleID)
		if err != nil {
			return err
		}
		l, err := language(c, in.Language)
		if err != nil {
			return err
		}
		texts, err := tx.Articles.Texts(a.ID)
		if err != nil {
			return err
		}
		left := false
		for i := range texts {
			t := &texts[i]
			if in.Language != "" && t.Language != l {
				left = left || t.Live
				continue
			}
			t.Live, t.LiveRevision, t.LiveTitle, t.LiveExcerpt, t.LiveSEOTitle, t.LiveContent, t.LivePlain = false, 0, "", "", "", "", ""
			if err := tx.Articles.SaveText(t, t.Slug); err != nil {
				return err
			}
		}
		if !left {
			a.Status, a.PublishedAt, a.PublishAt = to, 0, 0
		}
		if err := errors.Join(tx.Articles.Save(a), h.indexAll(tx, a), h.changed(tx, a.ID)); err != nil {
			return err
		}
		out, err = h.article(tx, c, a.ID, l)
		return err
	})
	return out, err
}

// Schedule names an article and when it is to be published; null takes the plan back.
type Schedule struct {
	ArticleID store.ID    `json:"articleId"`
	At        *store.Time `json:"at" nullable:"true"`
}

const farthest = 5 * 365 * 24 * time.Hour // that publishing may be planned ahead

// Schedule has an article published later, as its working copies say then.
func (h *HelpCenter) Schedule(ctx context.Context, who actor.Actor, in Schedule) (out Article, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		a, err := tx.Articles.ByID(in.ArticleID)
		if err != nil {
			return err
		}
		a.PublishAt = 0
		if in.At != nil {
			if a.PublishAt = *in.At; !a.PublishAt.After(tx.Now()) || a.PublishAt.Sub(tx.Now()) > farthest {
				return fault.New(fault.Invalid, "Choose a time in the future.").On("at")
			}
		}
		if err := tx.Articles.Save(a); err != nil {
			return err
		}
		out, err = h.article(tx, c, a.ID, c.Language)
		return err
	})
	return out, err
}

// PublishDue publishes the articles whose time has come, in all their languages.
func (h *HelpCenter) PublishDue(ctx context.Context) error {
	_, err := h.db.Write(ctx, 0, func(tx *store.Tx) error {
		due, err := tx.Articles.Due(100)
		if err != nil {
			return err
		}
		for _, d := range due {
			in := tx.In(d.Workspace)
			c, err := center(in)
			if err != nil {
				return err
			}
			a, err := in.Articles.ByID(d.ID)
			if err != nil {
				return err
			}
			texts, err := in.Articles.Texts(d.ID)
			if err != nil {
				return err
			}
			for i := range texts {
				if err := h.publish(in, c, a, &texts[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return err
}

// DiscardChanges puts the working copy back to what readers see. What it said is kept as a version.
func (h *HelpCenter) DiscardChanges(ctx context.Context, who actor.Actor, in Publishing) (out Article, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		l, err := language(c, in.Language)
		if err != nil {
			return err
		}
		t, err := tx.Articles.Text(in.ArticleID, l)
		if err != nil {
			return err
		}
		if !t.Live {
			return fault.New(fault.Invalid, "Nothing is published to go back to.").On("articleId")
		}
		if t.Revision != t.LiveRevision {
			if err := tx.Versions.Add(version(t, false)); err != nil {
				return err
			}
			t.Revision++
			t.LiveRevision = t.Revision
			t.Title, t.Description, t.SEOTitle, t.Content = t.LiveTitle, t.LiveExcerpt, t.LiveSEOTitle, t.LiveContent
			if err := tx.Articles.SaveText(t, t.Slug); err != nil {
				return err
			}
		}
		a, err := tx.Articles.ByID(in.ArticleID)
		if err == nil {
			err = h.index(tx, a, t)
		}
		if err != nil {
			return err
		}
		out, err = h.article(tx, c, in.ArticleID, l)
		return err
	})
	return out, err
}

// Remove deletes an article for good, or what it says in a further language, with the versions of that.
func (h *HelpCenter) Remove(ctx context.Context, who actor.Actor, in WhichText) (Empty, error) {
	return Empty{}, h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		if in.Language == "" {
			return h.remove(tx, in.ArticleID)
		}
		a, err := tx.Articles.ByID(in.ArticleID)
		if err != nil {
			return err
		}
		texts, err := tx.Articles.Texts(a.ID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(texts, func(t store.Text) bool { return t.Language == in.Language })
		if at < 0 {
			return store.ErrNotFound
		}
		if in.Language == c.Language {
			return fault.New(fault.Conflict, "This is the help center's own language. Delete the article instead.").On("language")
		}
		if a.Status == "published" && !slices.ContainsFunc(texts, func(t store.Text) bool { return t.Live && t.Language != in.Language }) {
			return fault.New(fault.Conflict, "Readers see the article in no other language. Unpublish it first.").On("language")
		}
		if err := tx.Articles.RemoveText(&texts[at]); err != nil {
			return err
		}
		return errors.Join(tx.Articles.Save(a), h.changed(tx, a.ID))
	})
}

func (h *HelpCenter) remove(tx *store.Tx, id store.ID) error {
	if _, err := tx.Articles.ByID(id); err != nil {
		return err
	}
	c, err := center(tx)
	if err != nil {
		return err
	}
	called, err := tx.Articles.Listed([]store.ID{id}, c.Language, "")
	if err != nil {
		return err
	}
	if err := tx.Articles.NameRelated(id, called[id].Title); err != nil {
		return err
	}
	if err := tx.Articles.Remove(id); err != nil {
		return err
	}
	return h.changed(tx, id)
}

// Move puts an article on another shelf, or at another place on it.
func (h *HelpCenter) Move(ctx context.Context, who actor.Actor, in MoveArticle) (Empty, error) {
	return Empty{}, h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) error {
		a, err := tx.Articles.ByID(in.ArticleID)
		if err != nil {
			return err
		}
		a.Collection = 0
		if in.CollectionID != nil {
			if a.Collection = *in.CollectionID; a.Collection != 0 {
				if err := shelved(tx, a.Collection); err != nil {
					return err
				}
			}
		}
		if err := tx.Articles.Save(a); err != nil {
			return err
		}
		order, err := tx.Articles.Order(a.Collection, a.ID)
		if err != nil {
			return err
		}
		for i, id := range insert(order, a.ID, in.BeforeID) {
			if err := tx.Articles.Place(id, int64(i+1)); err != nil {
				return err
			}
		}
		return nil
	})
}
