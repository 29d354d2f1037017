package store

// Import is one run that brought Markdown in.
type Import struct {
	ID         ID
	Source     string
	AuthorName string
	Created    int
	Updated    int
	Deleted    int
	RestoredAt Time
	CreatedAt  Time
}

func (i *Import) fields() []any {
	return []any{&i.ID, &i.Source, &i.AuthorName, &i.Created, &i.Updated, &i.Deleted, &i.RestoredAt, &i.CreatedAt}
}

// ImportEntry is what a run did to one article, and how the article was before.
type ImportEntry struct {
	Change  string // created, updated, deleted
	Article ID
	Path    string
	Before  string // JSON; empty for created ones
}

func (e *ImportEntry) fields() []any { return []any{&e.Change, &e.Article, &e.Path, &e.Before} }

// Imports are the runs that brought Markdown in.
type Imports struct{ *session }

// Add keeps a run with what it did.
func (i Imports) Add(v *Import, entries []ImportEntry) error {
	v.ID, v.CreatedAt = i.NewID(), i.Now()
	if _, err := exec(i.session, `INSERT INTO help_imports (workspace_id, id, source, author_name, created, updated, deleted, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		i.ws(), v.ID, v.Source, v.AuthorName, v.Created, v.Updated, v.Deleted, v.CreatedAt); err != nil {
		return err
	}
	for n, e := range entries {
		if _, err := exec(i.session, `INSERT INTO help_import_entries (workspace_id, import_id, position, change, article_id, path, before) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			i.ws(), v.ID, n, e.Change, e.Article, e.Path, e.Before); err != nil {
			return err
		}
	}
	return nil
}

// List lists runs, newest first.
func (i Imports) List(before ID, limit int) ([]Import, error) {
	i.saw("help_imports", "workspace_id", i.ws())
	if before == 0 {
		before = 1<<63 - 1
	}
	return many[Import](i.session, `SELECT id, source, author_name, created, updated, deleted, restored_at, created_at FROM help_imports WHERE workspace_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, i.ws(), before, limit)
}

// Entries are what a run did.
func (i Imports) Entries(id ID) ([]ImportEntry, error) {
	return many[ImportEntry](i.session, `SELECT change, article_id, path, before FROM help_import_entries WHERE workspace_id = ? AND import_id = ? ORDER BY position`, i.ws(), id)
}

// Restored notes that a run was taken back; a second time is ErrNotFound.
func (i Imports) Restored(id ID) error {
	return must(i.session, `UPDATE help_imports SET restored_at = ? WHERE workspace_id = ? AND id = ? AND restored_at = 0`, i.Now(), i.ws(), id)
}
