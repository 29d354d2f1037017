package store

// Related is an article that an author put beside another one.
type Related struct {
	Article ID
	Title   string // what it was called, if it is deleted; else empty
}

func (r *Related) fields() []any { return []any{&r.Article, &r.Title} }

// Related lists what an author put beside an article, in order.
func (a Articles) Related(article ID) ([]Related, error) {
	a.saw("article_related", "article_id", article)
	return many[Related](a.session, `SELECT related_id, title FROM article_related WHERE workspace_id = ? AND article_id = ? ORDER BY position`, a.ws(), article)
}

// SetRelated replaces what stands beside an article.
func (a Articles) SetRelated(article ID, list []Related) error {
	if _, err := exec(a.session, `DELETE FROM article_related WHERE workspace_id = ? AND article_id = ?`, a.ws(), article); err != nil {
		return err
	}
	for i, r := range list {
		if _, err := exec(a.session, `INSERT INTO article_related (workspace_id, article_id, position, related_id, title) VALUES (?, ?, ?, ?, ?)`, a.ws(), article, i+1, r.Article, r.Title); err != nil {
			return err
		}
	}
	return nil
}

// NameRelated notes what an article was called that is about to be deleted, wherever it stands beside another.
func (a Articles) NameRelated(id ID, title string) error {
	_, err := exec(a.session, `UPDATE article_related SET title = ? WHERE workspace_id = ? AND related_id = ?`, title, a.ws(), id)
	return err
}
