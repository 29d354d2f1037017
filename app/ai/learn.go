package ai

import (
	"context"

	"deskbell/app/event"
	"deskbell/app/recall"
	"deskbell/store"
)

// learn keeps what can be found in step with an article.
func (a *Agent) learn(ctx context.Context, e event.ArticleChanged) error {
	_, err := a.db.Write(ctx, e.Workspace, func(tx *store.Tx) error { return teach(tx, e.Article) })
	a.index.Changed(e.Workspace)
	return err
}

// teach makes an article findable as readers see it now, in each of its languages. Parts that it had already keep their
// vectors.
func teach(tx *store.Tx, article store.ID) error {
	said := map[store.ChunkSource][]string{store.FromArticle: nil, store.FromInternalArticle: nil}
	list, err := tx.Articles.ByIDs([]store.ID{article})
	if err != nil {
		return err
	}
	var texts []store.Text
	v, there := list[article]
	if there && v.Status == "published" {
		if texts, err = tx.Articles.Texts(article); err != nil {
			return err
		}
	}
	for _, t := range texts {
		if !t.Live {
			continue
		}
		d := recall.Document{Source: store.FromArticle, ID: article, Language: t.Language, Published: true, Title: t.LiveTitle, Markdown: t.LiveContent}
		if v.Visibility == "internal" {
			d.Source, d.Audience = store.FromInternalArticle, store.AudienceStaff
		}
		if err := recall.Put(tx, d); err != nil {
			return err
		}
		said[d.Source] = append(said[d.Source], t.Language)
	}
	for source, languages := range said {
		if err := recall.DropOthers(tx, source, article, languages); err != nil {
			return err
		}
	}
	return nil
}
