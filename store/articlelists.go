package store

// ListedArticle is an article with its text in the language that was asked for, or else in the help center's own.
type ListedArticle struct {
	Article
	Text
}

func (l *ListedArticle) fields() []any { return append(l.Article.fields(), l.Text.fields()...) }

// listText is a text without its bodies: lists do not need them.
const listText = `t.article_id, t.id, t.language, t.slug, t.revision, t.title, t.description, t.seo_title, '', t.live, t.live_revision, t.live_title,
	t.live_description, t.live_seo_title, '', substr(t.live_plain, 1, 400), t.live_at, t.editor_id, t.editor_name, t.updated_at`

// preferred joins the text of an article in the first of two languages that there is (three arguments: the language,
// the fallback, the language again); %s is what else the text must be.
const preferredText = ` JOIN article_texts t ON t.workspace_id = a.workspace_id AND t.article_id = a.id AND t.id = (SELECT x.id FROM article_texts x
	WHERE x.workspace_id = a.workspace_id AND x.article_id = a.id ORDER BY x.language = ? DESC, x.language = ? DESC, x.id LIMIT 1) `

const preferredLive = ` JOIN article_texts t ON t.workspace_id = a.workspace_id AND t.article_id = a.id AND t.id = (SELECT x.id FROM article_texts x
	WHERE x.workspace_id = a.workspace_id AND x.article_id = a.id AND x.live = 1 ORDER BY x.language = ? DESC, x.language = ? DESC, x.id LIMIT 1) `

// ArticleFilter says which articles to list.
type ArticleFilter struct {
	Language, Fallback string
	Status             string // empty: all but archived ones
	Visibility         string
	Collection         ID
	Loose              bool // in no collection
	Tag                string
	At                 Time // keyset: what comes after this pair
	Last               ID
	Limit              int
}

// List lists articles for the team, last changed first.
func (a Articles) List(f ArticleFilter) ([]ListedArticle, error) {
	a.saw("articles", "workspace_id", a.ws())
	a.saw("article_texts", "workspace_id", a.ws())
	var w where
	w.and("a.workspace_id = ?", a.ws())
	if f.Status != "" {
		w.and("a.status = ?", f.Status)
	} else {
		w.and("a.status <> 'archived'")
	}
	if f.Visibility != "" {
		w.and("a.visibility = ?", f.Visibility)
	}
	if f.Collection != 0 {
		w.and("a.collection_id = ?", f.Collection)
	}
	if f.Loose {
		w.and("a.collection_id IS NULL")
	}
	if f.Tag != "" {
		a.saw("article_tags", "workspace_id", a.ws())
		w.and("EXISTS (SELECT 1 FROM article_tags g WHERE g.workspace_id = a.workspace_id AND g.article_id = a.id AND g.tag = ?)", f.Tag)
	}
	if f.Last != 0 {
		w.and("(a.updated_at, a.id) < (?, ?)", f.At, f.Last)
	}
	args := append([]any{f.Language, f.Fallback}, append(w.args, f.Limit)...)
	return many[ListedArticle](a.session, `SELECT `+articleColumns+`, `+listText+` FROM articles a`+preferredText+w.String()+` ORDER BY a.updated_at DESC, a.id DESC LIMIT ?`, args...)
}

// Listed finds articles by their ids, for the team.
func (a Articles) Listed(ids []ID, language, fallback string) (map[ID]ListedArticle, error) {
	return a.byIDs(`SELECT `+articleColumns+`, `+listText+` FROM articles a`+preferredText+` WHERE a.workspace_id = ? AND a.id IN (`+marks(len(ids))+`)`, ids, language, fallback)
}

// Published finds articles by their ids, as far as everybody may read them.
func (a Articles) Published(ids []ID, language, fallback string) (map[ID]ListedArticle, error) {
	return a.byIDs(`SELECT `+articleColumns+`, `+listText+` FROM articles a`+preferredLive+` WHERE a.workspace_id = ? AND a.id IN (`+marks(len(ids))+`) AND a.status = 'published' AND a.visibility = 'public'`, ids, language, fallback)
}

func (a Articles) byIDs(query string, ids []ID, language, fallback string) (map[ID]ListedArticle, error) {
	for _, id := range ids {
		a.saw("articles", "id", id)
		a.saw("article_texts", "article_id", id)
	}
	list, err := many[ListedArticle](a.session, query, append([]any{language, fallback, a.ws()}, anys(ids)...)...)
	out := map[ID]ListedArticle{}
	for _, l := range list {
		out[l.Article.ID] = l
	}
	return out, err
}

// PublicIn lists what everybody may read in a collection (0: outside of all), in its order.
func (a Articles) PublicIn(collection ID, language, fallback string, limit int) ([]ListedArticle, error) {
	a.saw("articles", "workspace_id", a.ws())
	a.saw("article_texts", "workspace_id", a.ws())
	return many[ListedArticle](a.session, `SELECT `+articleColumns+`, `+listText+` FROM articles a`+preferredLive+`
		WHERE a.workspace_id = ? AND a.collection_id IS ? AND a.status = 'published' AND a.visibility = 'public' ORDER BY a.position, a.id LIMIT ?`,
		language, fallback, a.ws(), orNull(collection), limit)
}

// AllPublic lists what everybody may read, in all languages, newest first: for maps of the site.
func (a Articles) AllPublic(language string, limit int) ([]ListedArticle, error) {
	return many[ListedArticle](a.session, `SELECT `+articleColumns+`, `+listText+` FROM articles a JOIN article_texts t ON t.workspace_id = a.workspace_id AND t.article_id = a.id
		WHERE a.workspace_id = ? AND a.status = 'published' AND a.visibility = 'public' AND t.live = 1 AND (? = '' OR t.language = ?) ORDER BY t.live_at DESC, t.id DESC LIMIT ?`, a.ws(), language, language, limit)
}

// Whole lists articles with their full texts, all of them, by id: for exports.
func (a Articles) Whole(after ID, limit int) ([]ListedArticle, error) {
	return many[ListedArticle](a.session, `SELECT `+articleColumns+`, `+textColumns+` FROM articles a JOIN article_texts t ON t.workspace_id = a.workspace_id AND t.article_id = a.id
		WHERE a.workspace_id = ? AND t.id > ? ORDER BY t.id LIMIT ?`, a.ws(), after, limit)
}

// Order lists the articles of a collection (0: outside of all) in its order, but for one.
func (a Articles) Order(collection, except ID) ([]ID, error) {
	return column[ID](a.session, `SELECT id FROM articles WHERE workspace_id = ? AND collection_id IS ? AND id <> ? ORDER BY position, id`, a.ws(), orNull(collection), except)
}

// Place puts an article at a position of its collection.
func (a Articles) Place(id ID, position int64) error {
	_, err := exec(a.session, `UPDATE articles SET position = ? WHERE workspace_id = ? AND id = ? AND position <> ?`, position, a.ws(), id, position)
	return err
}

// ByIDs finds articles without their texts.
func (a Articles) ByIDs(ids []ID) (map[ID]Article, error) {
	for _, id := range ids {
		a.saw("articles", "id", id)
	}
	list, err := many[Article](a.session, `SELECT `+articleColumns+` FROM articles a WHERE a.workspace_id = ? AND a.id IN (`+marks(len(ids))+`)`, append([]any{a.ws()}, anys(ids)...)...)
	out := map[ID]Article{}
	for _, v := range list {
		out[v.ID] = v
	}
	return out, err
}
