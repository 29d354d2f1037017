package store

// Vote is what a reader thought of an article.
type Vote struct {
	ID        ID
	Article   ID
	Visitor   ID
	Language  string
	Helpful   bool
	Comment   string
	CreatedAt Time
}

func (v *Vote) fields() []any {
	return []any{&v.ID, &v.Article, &v.Visitor, &v.Language, &v.Helpful, &v.Comment, &v.CreatedAt}
}

// Feedback is what readers thought of articles.
type Feedback struct{ *session }

// Put keeps a vote and counts it; the same voter again changes theirs. An empty comment leaves an earlier one.
func (f Feedback) Put(v *Vote, voter string) error {
	var id ID
	var was bool
	err := pick(f.session, []any{&id, &was}, `SELECT id, helpful FROM article_feedback WHERE workspace_id = ? AND article_id = ? AND voter = ?`, f.ws(), v.Article, voter)
	if err == ErrNotFound {
		v.ID, v.CreatedAt = f.NewID(), f.Now()
		if _, err := exec(f.session, `INSERT INTO article_feedback (workspace_id, article_id, id, voter, visitor_id, language, helpful, comment, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			f.ws(), v.Article, v.ID, voter, v.Visitor, v.Language, v.Helpful, v.Comment, v.CreatedAt); err != nil {
			return err
		}
		return must(f.session, `UPDATE articles SET helpful = helpful + ?, not_helpful = not_helpful + ? WHERE workspace_id = ? AND id = ?`, v.Helpful, !v.Helpful, f.ws(), v.Article)
	}
	if err != nil {
		return err
	}
	v.ID = id
	if err := must(f.session, `UPDATE article_feedback SET helpful = ?, comment = CASE WHEN ? = '' THEN comment ELSE ? END WHERE workspace_id = ? AND id = ?`, v.Helpful, v.Comment, v.Comment, f.ws(), id); err != nil || was == v.Helpful {
		return err
	}
	by := -1
	if v.Helpful {
		by = 1
	}
	return must(f.session, `UPDATE articles SET helpful = helpful + ?, not_helpful = not_helpful - ? WHERE workspace_id = ? AND id = ?`, by, by, f.ws(), v.Article)
}

// List lists what readers said of an article, newest first.
func (f Feedback) List(article, before ID, limit int) ([]Vote, error) {
	f.saw("article_feedback", "article_id", article)
	if before == 0 {
		before = 1<<63 - 1
	}
	return many[Vote](f.session, `SELECT id, article_id, visitor_id, language, helpful, comment, created_at FROM article_feedback
		WHERE workspace_id = ? AND article_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, f.ws(), article, before, limit)
}
