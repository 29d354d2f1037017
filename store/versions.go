package store

// Version is what an article said at one time.
type Version struct {
	ID          ID
	Article     ID
	Language    string
	Revision    int64
	Published   bool
	Title       string
	Description string
	Content     string
	Author      ID
	AuthorName  string
	CreatedAt   Time
}

const versionColumns = `id, article_id, language, revision, published, title, description, content, author_id, author_name, created_at`

func (v *Version) fields() []any {
	return []any{&v.ID, &v.Article, &v.Language, &v.Revision, &v.Published, &v.Title, &v.Description, &v.Content, &v.Author, &v.AuthorName, &v.CreatedAt}
}

// Versions are what articles said before.
type Versions struct{ *session }

// Add keeps a version.
func (v Versions) Add(n *Version) error {
	n.ID, n.CreatedAt = v.NewID(), v.Now()
	_, err := exec(v.session, `INSERT INTO article_versions (workspace_id, article_id, id, language, revision, published, title, description, content, author_id, author_name, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, v.ws(), n.Article, n.ID, n.Language, n.Revision, n.Published, n.Title, n.Description, n.Content, n.Author, n.AuthorName, n.CreatedAt)
	return err
}

// List lists versions, newest first, without what they say.
func (v Versions) List(article ID, language string, before ID, limit int) ([]Version, error) {
	v.saw("article_versions", "article_id", article)
	if before == 0 {
		before = 1<<63 - 1
	}
	return many[Version](v.session, `SELECT id, article_id, language, revision, published, title, description, '', author_id, author_name, created_at FROM article_versions
		WHERE workspace_id = ? AND article_id = ? AND language = ? AND id < ? ORDER BY id DESC LIMIT ?`, v.ws(), article, language, before, limit)
}

// ByID finds a version of an article.
func (v Versions) ByID(article, id ID) (*Version, error) {
	v.saw("article_versions", "article_id", article)
	return one[Version](v.session, `SELECT `+versionColumns+` FROM article_versions WHERE workspace_id = ? AND article_id = ? AND id = ?`, v.ws(), article, id)
}

// Newest is the last version that was kept.
func (v Versions) Newest(article ID, language string) (*Version, error) {
	return one[Version](v.session, `SELECT `+versionColumns+` FROM article_versions WHERE workspace_id = ? AND article_id = ? AND language = ? ORDER BY id DESC LIMIT 1`, v.ws(), article, language)
}
