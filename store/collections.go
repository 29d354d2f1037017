package store

// Collection is a shelf of articles, and of further collections.
type Collection struct {
	ID          ID
	Parent      ID // 0: at the top
	Position    int64
	Name        string
	Slug        string
	Description string
	Icon        string
	ImportPath  string
	UpdatedAt   Time
}

const collectionColumns = `id, coalesce(parent_id, 0), position, name, slug, description, icon, import_path, updated_at`

func (c *Collection) fields() []any {
	return []any{&c.ID, &c.Parent, &c.Position, &c.Name, &c.Slug, &c.Description, &c.Icon, &c.ImportPath, &c.UpdatedAt}
}

// Collections are the shelves of a help center.
type Collections struct{ *session }

// List lists all collections of the workspace, in the order that siblings stand.
func (c Collections) List() ([]Collection, error) {
	c.saw("collections", "workspace_id", c.ws())
	return many[Collection](c.session, `SELECT `+collectionColumns+` FROM collections WHERE workspace_id = ? ORDER BY position, id LIMIT 2000`, c.ws())
}

// CollectionText is what a collection is called in a further language.
type CollectionText struct {
	Collection  ID
	Language    string
	Name        string
	Description string
}

func (t *CollectionText) fields() []any {
	return []any{&t.Collection, &t.Language, &t.Name, &t.Description}
}

// Texts tells what the collections of the workspace are called in further languages.
func (c Collections) Texts() (map[ID][]CollectionText, error) {
	c.saw("collection_texts", "workspace_id", c.ws())
	list, err := many[CollectionText](c.session, `SELECT collection_id, language, name, description FROM collection_texts WHERE workspace_id = ? ORDER BY collection_id, language`, c.ws())
	out := map[ID][]CollectionText{}
	for _, t := range list {
		out[t.Collection] = append(out[t.Collection], t)
	}
	return out, err
}

// SetText says what a collection is called in a further language; without a name, nothing any more.
func (c Collections) SetText(t CollectionText) (err error) {
	if t.Name == "" {
		_, err = exec(c.session, `DELETE FROM collection_texts WHERE workspace_id = ? AND collection_id = ? AND language = ?`, c.ws(), t.Collection, t.Language)
		return err
	}
	_, err = exec(c.session, `INSERT INTO collection_texts (workspace_id, collection_id, language, name, description) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id, collection_id, language) DO UPDATE SET name = excluded.name, description = excluded.description`, c.ws(), t.Collection, t.Language, t.Name, t.Description)
	return err
}

// ByID finds a collection.
func (c Collections) ByID(id ID) (*Collection, error) {
	c.saw("collections", "id", id)
	return one[Collection](c.session, `SELECT `+collectionColumns+` FROM collections WHERE workspace_id = ? AND id = ?`, c.ws(), id)
}

// BySlug finds a collection by its address, or by one that it had.
func (c Collections) BySlug(slug string) (*Collection, error) {
	c.saw("collections", "workspace_id", c.ws())
	found, err := one[Collection](c.session, `SELECT `+collectionColumns+` FROM collections WHERE workspace_id = ? AND slug = ?`, c.ws(), slug)
	if err != ErrNotFound {
		return found, err
	}
	return one[Collection](c.session, `SELECT `+collectionColumns+` FROM collections WHERE workspace_id = ? AND id =
		(SELECT target_id FROM help_redirects WHERE workspace_id = ? AND kind = 'collection' AND language = '' AND slug = ?)`, c.ws(), c.ws(), slug)
}

// Taken reports whether another collection has, or had, an address.
func (c Collections) Taken(slug string, except ID) (bool, error) {
	var n int
	err := pick(c.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM collections WHERE workspace_id = ? AND slug = ? AND id <> ?)
		OR EXISTS (SELECT 1 FROM help_redirects WHERE workspace_id = ? AND kind = 'collection' AND slug = ? AND target_id <> ?)`, c.ws(), slug, except, c.ws(), slug, except)
	return n == 1, err
}

// Last is the position of the last of a parent's children.
func (c Collections) Last(parent ID) (int64, error) {
	var n int64
	err := pick(c.session, []any{&n}, `SELECT coalesce(max(position), 0) FROM collections WHERE workspace_id = ? AND parent_id IS ?`, c.ws(), orNull(parent))
	return n, err
}

// Add keeps a new collection.
func (c Collections) Add(v *Collection) error {
	v.ID, v.UpdatedAt = c.NewID(), c.Now()
	_, err := exec(c.session, `INSERT INTO collections (workspace_id, id, parent_id, position, name, slug, description, icon, import_path, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.ws(), v.ID, orNull(v.Parent), v.Position, v.Name, v.Slug, v.Description, v.Icon, v.ImportPath, c.Now(), c.Now())
	return err
}

// Save writes a collection; an address that it gives up leads to it from now on.
func (c Collections) Save(v *Collection, oldSlug string) error {
	if oldSlug != v.Slug {
		if err := redirect(c.session, "collection", "", oldSlug, v.Slug, v.ID); err != nil {
			return err
		}
	}
	v.UpdatedAt = c.Now()
	return must(c.session, `UPDATE collections SET parent_id = ?, position = ?, name = ?, slug = ?, description = ?, icon = ?, import_path = ?, updated_at = ?
		WHERE workspace_id = ? AND id = ?`, orNull(v.Parent), v.Position, v.Name, v.Slug, v.Description, v.Icon, v.ImportPath, v.UpdatedAt, c.ws(), v.ID)
}

// Place puts a collection at a position among its siblings.
func (c Collections) Place(id ID, position int64) error {
	return must(c.session, `UPDATE collections SET position = ?, updated_at = ? WHERE workspace_id = ? AND id = ?`, position, c.Now(), c.ws(), id)
}

// Empty reports whether nothing stands in a collection.
func (c Collections) Empty(id ID) (bool, error) {
	var n int
	err := pick(c.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM collections WHERE workspace_id = ? AND parent_id = ?)
		OR EXISTS (SELECT 1 FROM articles WHERE workspace_id = ? AND collection_id = ?)`, c.ws(), id, c.ws(), id)
	return n == 0, err
}

// Remove deletes an empty collection.
func (c Collections) Remove(id ID) error {
	if _, err := exec(c.session, `DELETE FROM help_redirects WHERE workspace_id = ? AND kind = 'collection' AND target_id = ?`, c.ws(), id); err != nil {
		return err
	}
	return must(c.session, `DELETE FROM collections WHERE workspace_id = ? AND id = ?`, c.ws(), id)
}

// redirect lets an old address lead to its owner, and frees the new one from leading elsewhere.
func redirect(s *session, kind, language, from, to string, target ID) error {
	if _, err := exec(s, `DELETE FROM help_redirects WHERE workspace_id = ? AND kind = ? AND language = ? AND slug = ?`, s.ws(), kind, language, to); err != nil {
		return err
	}
	_, err := exec(s, `INSERT INTO help_redirects (workspace_id, kind, language, slug, target_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id, kind, language, slug) DO UPDATE SET target_id = excluded.target_id`, s.ws(), kind, language, from, target, s.Now())
	return err
}

// InCollection counts articles by state in one collection.
type InCollection struct {
	Collection       ID
	All, Public, Own int // Public: published for everybody; Own: published for the team
}

func (c *InCollection) fields() []any { return []any{&c.Collection, &c.All, &c.Public, &c.Own} }

// Counts counts the articles of each collection; 0 is none.
func (c Collections) Counts() (map[ID]InCollection, error) {
	c.saw("articles", "workspace_id", c.ws())
	list, err := many[InCollection](c.session, `SELECT coalesce(collection_id, 0), sum(status <> 'archived'), sum(status = 'published' AND visibility = 'public'),
		sum(status = 'published' AND visibility = 'internal') FROM articles WHERE workspace_id = ? GROUP BY collection_id`, c.ws())
	out := map[ID]InCollection{}
	for _, v := range list {
		out[v.Collection] = v
	}
	return out, err
}
