package helpcenter

import (
	"context"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/store"
)

// Version is what an article said at one time. Lists leave the content out.
type Version struct {
	ID          store.ID   `json:"id"`
	Language    string     `json:"language"`
	Revision    int64      `json:"revision"`
	Published   bool       `json:"published"`
	Title       string     `json:"title"`
	Description *string    `json:"description"`
	Content     string     `json:"content"`
	Author      Named      `json:"author"`
	CreatedAt   store.Time `json:"createdAt"`
}

// Key is the version's id.
func (v Version) Key() store.ID { return v.ID }

func older(v *store.Version) Version {
	return Version{ID: v.ID, Language: v.Language, Revision: v.Revision, Published: v.Published, Title: v.Title, Description: door.Maybe(v.Description), Content: v.Content,
		Author: Named{door.Maybe(v.Author), v.AuthorName}, CreatedAt: v.CreatedAt}
}

// VersionsIn names an article, a language and a page of its versions.
type VersionsIn struct {
	ArticleID store.ID `json:"articleId"`
	Language  string   `json:"language,omitempty" maxLength:"12"`
	Limit     int      `json:"limit,omitempty" minimum:"1" maximum:"100"`
	Cursor    string   `json:"cursor,omitempty" maxLength:"100"`
}

// Versions lists what an article said before, newest first.
func (h *HelpCenter) Versions(tx *store.Tx, _ actor.Actor, in VersionsIn) (page door.Page[Version], err error) {
	c, err := center(tx)
	if err != nil {
		return page, err
	}
	l, err := language(c, in.Language)
	if err != nil {
		return page, err
	}
	if _, err := tx.Articles.ByID(in.ArticleID); err != nil {
		return page, err
	}
	_, before, err := door.ReadCursor(in.Cursor)
	if err != nil {
		return page, err
	}
	n := or(in.Limit, 50)
	list, err := tx.Versions.List(in.ArticleID, l, before, n+1)
	if err != nil {
		return page, err
	}
	next := ""
	if len(list) > n {
		list = list[:n]
		next = door.Cursor(list[n-1].CreatedAt, list[n-1].ID)
	}
	out := make([]Version, 0, len(list))
	for i := range list {
		out = append(out, older(&list[i]))
	}
	return door.NewPage(out, next), nil
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// WhichVersion names a version of an article.
type WhichVersion struct {
	ArticleID store.ID `json:"articleId"`
	VersionID store.ID `json:"versionId"`
	Revision  int64    `json:"revision,omitempty" minimum:"0"`
}

// Version tells what an article said.
func (h *HelpCenter) Version(tx *store.Tx, _ actor.Actor, in WhichVersion) (Version, error) {
	v, err := tx.Versions.ByID(in.ArticleID, in.VersionID)
	if err != nil {
		return Version{}, err
	}
	return older(v), nil
}

// RestoreVersion makes an old version the working copy. What stood there is kept as a version of its own.
func (h *HelpCenter) RestoreVersion(ctx context.Context, who actor.Actor, in WhichVersion) (out Article, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		v, err := tx.Versions.ByID(in.ArticleID, in.VersionID)
		if err != nil {
			return err
		}
		a, err := tx.Articles.ByID(in.ArticleID)
		if err != nil {
			return err
		}
		t, err := tx.Articles.Text(in.ArticleID, v.Language)
		if err != nil {
			return err
		}
		if in.Revision != 0 && in.Revision != t.Revision {
			theirs, err := h.article(tx, c, a.ID, v.Language)
			if err != nil {
				return err
			}
			return fault.New(fault.Conflict, "Somebody saved this article meanwhile. Compare before you restore.").With("current", theirs)
		}
		last, err := tx.Versions.Newest(a.ID, v.Language)
		if err != nil {
			return err
		}
		if last.Revision != t.Revision {
			if err := tx.Versions.Add(version(t, false)); err != nil {
				return err
			}
		}
		t.Revision++
		t.Title, t.Description, t.Content, t.Editor, t.EditorName = v.Title, v.Description, v.Content, who.User, who.Name
		if err := tx.Articles.SaveText(t, t.Slug); err != nil {
			return err
		}
		if err := tx.Articles.Save(a); err != nil {
			return err
		}
		if err := h.index(tx, a, t); err != nil {
			return err
		}
		out, err = h.article(tx, c, a.ID, v.Language)
		return err
	})
	return out, err
}
