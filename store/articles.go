package store

// Article is a place, a state and who may read it.
type Article struct {
	ID          ID
	Collection  ID // 0: none
	Position    int64
	Status      string // draft, published, archived
	Visibility  string // public, internal
	Author      ID
	AuthorName  string
	Helpful     int
	NotHelpful  int
	PublishAt   Time // 0: not scheduled
	PublishedAt Time
	ImportPath  string
	CreatedAt   Time
	UpdatedAt   Time
}

const articleColumns = `a.id, coalesce(a.collection_id, 0), a.position, a.status, a.visibility, a.author_id, a.author_name, a.helpful, a.not_helpful, a.publish_at,
	a.published_at, a.import_path, a.created_at, a.updated_at`

func (a *Article) fields() []any {
	return []any{&a.ID, &a.Collection, &a.Position, &a.Status, &a.Visibility, &a.Author, &a.AuthorName, &a.Helpful, &a.NotHelpful, &a.PublishAt,
		&a.PublishedAt, &a.ImportPath, &a.CreatedAt, &a.UpdatedAt}
}

// Text is what an article says in one language: the working copy, and what readers see.
type Text struct {
	Article      ID
	ID           ID
	Language     string
	Slug         string
	Revision     int64
	Title        string
	Description  string
	SEOTitle     string
	Content      string
	Live         bool
	LiveRevision int64
	LiveTitle    string
	LiveExcerpt  string // the description that readers see
	LiveSEOTitle string
	LiveContent  string
	LivePlain    string
	LiveAt       Time
	Editor       ID
	EditorName   string
	UpdatedAt    Time
}

const textColumns = `t.article_id, t.id, t.language, t.slug, t.revision, t.title, t.description, t.seo_title, t.content, t.live, t.live_revision, t.live_title,
	t.live_description, t.live_seo_title, t.live_content, t.live_plain, t.live_at, t.editor_id, t.editor_name, t.updated_at`

func (t *Text) fields() []any {
	return []any{&t.Article, &t.ID, &t.Language, &t.Slug, &t.Revision, &t.Title, &t.Description, &t.SEOTitle, &t.Content, &t.Live, &t.LiveRevision, &t.LiveTitle,
		&t.LiveExcerpt, &t.LiveSEOTitle, &t.LiveContent, &t.LivePlain, &t.LiveAt, &t.Editor, &t.EditorName, &t.UpdatedAt}
}

// Articles are the articles of a help center.
type Articles struct{ *session }

// ByID finds an article.
func (a Articles) ByID(id ID) (*Article, error) {
	a.saw("articles", "id", id)
	return one[Article](a.session, `SELECT `+articleColumns+` FROM articles a WHERE a.workspace_id = ? AND a.id = ?`, a.ws(), id)
}

// ByPath finds the article that an import made of a path.
func (a Articles) ByPath() (map[string]ID, error) {
	out := map[string]ID{}
	list, err := many[pathID](a.session, `SELECT import_path, id FROM articles WHERE workspace_id = ? AND import_path <> ''`, a.ws())
	for _, v := range list {
		out[v.Path] = v.ID
	}
	return out, err
}

type pathID struct {
	Path string
	ID   ID
}

func (p *pathID) fields() []any { return []any{&p.Path, &p.ID} }

// Text finds what an article says in a language.
func (a Articles) Text(article ID, language string) (*Text, error) {
	a.saw("article_texts", "article_id", article)
	return one[Text](a.session, `SELECT `+textColumns+` FROM article_texts t WHERE t.workspace_id = ? AND t.article_id = ? AND t.language = ?`, a.ws(), article, language)
}

// Texts lists what an article says in all languages.
func (a Articles) Texts(article ID) ([]Text, error) {
	a.saw("article_texts", "article_id", article)
	return many[Text](a.session, `SELECT `+textColumns+` FROM article_texts t WHERE t.workspace_id = ? AND t.article_id = ? ORDER BY t.language`, a.ws(), article)
}

// Place is where a text stands.
type Place struct{ Text, Workspace, Article ID }

func (p *Place) fields() []any { return []any{&p.Text, &p.Workspace, &p.Article} }

// Places lists the texts of every workspace after one.
func (a Articles) Places(after ID, limit int) ([]Place, error) {
	return many[Place](a.session, `SELECT id, workspace_id, article_id FROM article_texts WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
}

// TextBySlug finds a text by its address in a language, or by one that it had.
func (a Articles) TextBySlug(language, slug string) (*Text, error) {
	found, err := one[Text](a.session, `SELECT `+textColumns+` FROM article_texts t WHERE t.workspace_id = ? AND t.language = ? AND t.slug = ?`, a.ws(), language, slug)
	if err == ErrNotFound {
		found, err = one[Text](a.session, `SELECT `+textColumns+` FROM help_redirects r JOIN article_texts t ON t.workspace_id = r.workspace_id AND t.article_id = r.target_id AND t.language = r.language
			WHERE r.workspace_id = ? AND r.kind = 'article' AND r.language = ? AND r.slug = ?`, a.ws(), language, slug)
	}
	if err == nil {
		a.saw("article_texts", "article_id", found.Article)
	}
	return found, err
}

// Taken reports whether another article has, or had, an address.
func (a Articles) Taken(language, slug string, except ID) (bool, error) {
	var n int
	err := pick(a.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM article_texts WHERE workspace_id = ? AND language = ? AND slug = ? AND article_id <> ?)
		OR EXISTS (SELECT 1 FROM help_redirects WHERE workspace_id = ? AND kind = 'article' AND language = ? AND slug = ? AND target_id <> ?)`,
		a.ws(), language, slug, except, a.ws(), language, slug, except)
	return n == 1, err
}

// Last is the position of the last article of a collection.
func (a Articles) Last(collection ID) (int64, error) {
	var n int64
	err := pick(a.session, []any{&n}, `SELECT coalesce(max(position), 0) FROM articles WHERE workspace_id = ? AND collection_id IS ?`, a.ws(), orNull(collection))
	return n, err
}

// LastBefore is Last among the articles that were there before an id was drawn.
func (a Articles) LastBefore(collection, id ID) (int64, error) {
	var n int64
	err := pick(a.session, []any{&n}, `SELECT coalesce(max(position), 0) FROM articles WHERE workspace_id = ? AND collection_id IS ? AND id < ?`, a.ws(), orNull(collection), id)
	return n, err
}

// Add keeps a new article.
func (a Articles) Add(v *Article) error {
	v.ID, v.CreatedAt, v.UpdatedAt = a.NewID(), a.Now(), a.Now()
	_, err := exec(a.session, `INSERT INTO articles (workspace_id, id, collection_id, position, status, visibility, author_id, author_name, import_path, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.ws(), v.ID, orNull(v.Collection), v.Position, v.Status, v.Visibility, v.Author, v.AuthorName, v.ImportPath, v.CreatedAt, v.UpdatedAt)
	return err
}

// Save writes an article.
func (a Articles) Save(v *Article) error {
	v.UpdatedAt = a.Now()
	return must(a.session, `UPDATE articles SET collection_id = ?, position = ?, status = ?, visibility = ?, publish_at = ?, published_at = ?, import_path = ?, updated_at = ?
		WHERE workspace_id = ? AND id = ?`, orNull(v.Collection), v.Position, v.Status, v.Visibility, v.PublishAt, v.PublishedAt, v.ImportPath, v.UpdatedAt, a.ws(), v.ID)
}

// AddText keeps what an article says in a further language.
func (a Articles) AddText(v *Text) error {
	v.ID, v.Revision, v.UpdatedAt = a.NewID(), 1, a.Now()
	_, err := exec(a.session, `INSERT INTO article_texts (workspace_id, article_id, id, language, slug, title, description, seo_title, content, editor_id, editor_name, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.ws(), v.Article, v.ID, v.Language, v.Slug, v.Title, v.Description, v.SEOTitle, v.Content, v.Editor, v.EditorName, v.UpdatedAt)
	return err
}

// SaveText writes a text; an address that it gives up after it was live leads to it from now on.
func (a Articles) SaveText(v *Text, oldSlug string) error {
	if oldSlug != v.Slug {
		if err := redirect(a.session, "article", v.Language, oldSlug, v.Slug, v.Article); err != nil {
			return err
		}
	}
	v.UpdatedAt = a.Now()
	return must(a.session, `UPDATE article_texts SET slug = ?, revision = ?, title = ?, description = ?, seo_title = ?, content = ?, live = ?, live_revision = ?, live_title = ?,
		live_description = ?, live_seo_title = ?, live_content = ?, live_plain = ?, live_at = ?, editor_id = ?, editor_name = ?, updated_at = ? WHERE workspace_id = ? AND id = ?`,
		v.Slug, v.Revision, v.Title, v.Description, v.SEOTitle, v.Content, v.Live, v.LiveRevision, v.LiveTitle, v.LiveExcerpt, v.LiveSEOTitle, v.LiveContent, v.LivePlain,
		v.LiveAt, v.Editor, v.EditorName, v.UpdatedAt, a.ws(), v.ID)
}

// Due lists articles of every workspace whose time to be published has come.
func (a Articles) Due(limit int) ([]WorkspaceArticle, error) {
	return many[WorkspaceArticle](a.session, `SELECT workspace_id, id FROM articles WHERE publish_at > 0 AND publish_at <= ? ORDER BY publish_at LIMIT ?`, a.Now(), limit)
}

// WorkspaceArticle names an article across workspaces.
type WorkspaceArticle struct{ Workspace, ID ID }

func (w *WorkspaceArticle) fields() []any { return []any{&w.Workspace, &w.ID} }

// Remove deletes an article with all that belongs to it.
func (a Articles) Remove(id ID) error {
	texts, err := a.Texts(id)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if err := (Finder(a)).Forget(t.ID); err != nil {
			return err
		}
	}
	if _, err := exec(a.session, `DELETE FROM help_redirects WHERE workspace_id = ? AND kind = 'article' AND target_id = ?`, a.ws(), id); err != nil {
		return err
	}
	return must(a.session, `DELETE FROM articles WHERE workspace_id = ? AND id = ?`, a.ws(), id)
}

// RemoveText deletes what an article says in one language, with its versions and the addresses that led to it.
func (a Articles) RemoveText(t *Text) error {
	if err := (Finder(a)).Forget(t.ID); err != nil {
		return err
	}
	for _, statement := range []string{`DELETE FROM help_redirects WHERE workspace_id = ? AND kind = 'article' AND target_id = ? AND language = ?`,
		`DELETE FROM article_versions WHERE workspace_id = ? AND article_id = ? AND language = ?`,
		`DELETE FROM article_texts WHERE workspace_id = ? AND article_id = ? AND language = ?`} {
		if _, err := exec(a.session, statement, a.ws(), t.Article, t.Language); err != nil {
			return err
		}
	}
	return nil
}

// Tags lists the tags of articles.
func (a Articles) Tags(articles []ID) (map[ID][]string, error) {
	for _, id := range articles {
		a.saw("article_tags", "article_id", id)
	}
	out := map[ID][]string{}
	list, err := many[pathID](a.session, `SELECT tag, article_id FROM article_tags WHERE workspace_id = ? AND article_id IN (`+marks(len(articles))+`) ORDER BY tag`, append([]any{a.ws()}, anys(articles)...)...)
	for _, v := range list {
		out[v.ID] = append(out[v.ID], v.Path)
	}
	return out, err
}

// SharingTags lists articles that share tags with one, those first that share the most.
func (a Articles) SharingTags(article ID, limit int) ([]ID, error) {
	a.saw("article_tags", "workspace_id", a.ws())
	return column[ID](a.session, `SELECT o.article_id FROM article_tags t JOIN article_tags o ON o.workspace_id = t.workspace_id AND o.tag = t.tag AND o.article_id <> t.article_id
		WHERE t.workspace_id = ? AND t.article_id = ? GROUP BY o.article_id ORDER BY count(*) DESC, o.article_id LIMIT ?`, a.ws(), article, limit)
}

// SetTags replaces the tags of an article.
func (a Articles) SetTags(article ID, tags []string) error {
	if _, err := exec(a.session, `DELETE FROM article_tags WHERE workspace_id = ? AND article_id = ?`, a.ws(), article); err != nil {
		return err
	}
	for _, tag := range tags {
		if _, err := exec(a.session, `INSERT INTO article_tags (workspace_id, article_id, tag) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, a.ws(), article, tag); err != nil {
			return err
		}
	}
	return nil
}

// AllTags lists the tags that articles of the workspace have.
func (a Articles) AllTags() ([]string, error) {
	a.saw("article_tags", "workspace_id", a.ws())
	return column[string](a.session, `SELECT DISTINCT tag FROM article_tags WHERE workspace_id = ? ORDER BY tag LIMIT 500`, a.ws())
}
