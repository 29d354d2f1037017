package store

// Import is one run that brought Markdown in.
type Import struct {
	ID         ID
	Workspace  ID
	Source     string
	Author     ID
	AuthorName string
	State      string // applying, undoing, failed, restoring, done
	Failure    string // in words for people
	Part       bool   // it is but a part of its source
	Site       ID     // the pages of another help center that it takes over; 0: none
	Hash       []byte // of the zip, while it is needed
	Created    int
	Updated    int
	Deleted    int
	RestoredAt Time
	CreatedAt  Time
}

const importColumns = `id, workspace_id, source, author_id, author_name, state, failure, part, site_import_id, hash, created, updated, deleted, restored_at, created_at`

func (i *Import) fields() []any {
	return []any{&i.ID, &i.Workspace, &i.Source, &i.Author, &i.AuthorName, &i.State, &i.Failure, &i.Part, &i.Site, &i.Hash, &i.Created, &i.Updated, &i.Deleted, &i.RestoredAt, &i.CreatedAt}
}

// ImportEntry is what a run did to one article, and how the article was before.
type ImportEntry struct {
	Position int64
	Change   string // created, updated, deleted
	Article  ID
	Path     string
	Before   string // JSON; empty for created ones
	Done     bool   // what the file says is written
}

func (e *ImportEntry) fields() []any {
	return []any{&e.Position, &e.Change, &e.Article, &e.Path, &e.Before, &e.Done}
}

const entryColumns = `position, change, article_id, path, before, done`

// Imports are the runs that brought Markdown in.
type Imports struct{ *session }

// Add begins a run.
func (i Imports) Add(v *Import) error {
	v.ID, v.Workspace, v.CreatedAt, v.State = i.NewID(), i.ws(), i.Now(), "applying"
	_, err := exec(i.session, `INSERT INTO help_imports (workspace_id, id, source, author_id, author_name, state, part, site_import_id, hash, created, updated, deleted, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, i.ws(), v.ID, v.Source, v.Author, v.AuthorName, v.State, v.Part, v.Site, v.Hash, v.Created, v.Updated, v.Deleted, v.CreatedAt)
	return err
}

// ByID finds a run.
func (i Imports) ByID(id ID) (*Import, error) {
	return one[Import](i.session, `SELECT `+importColumns+` FROM help_imports WHERE workspace_id = ? AND id = ?`, i.ws(), id)
}

// Set brings a run from a state to the one that it has now; ErrNotFound says that it was in another.
func (i Imports) Set(v *Import, from string) error {
	return must(i.session, `UPDATE help_imports SET state = ?, failure = ?, hash = ?, created = ?, updated = ?, deleted = ?, restored_at = ? WHERE workspace_id = ? AND id = ? AND state = ?`,
		v.State, v.Failure, v.Hash, v.Created, v.Updated, v.Deleted, v.RestoredAt, i.ws(), v.ID, from)
}

// List lists runs, newest first.
func (i Imports) List(before ID, limit int) ([]Import, error) {
	i.saw("help_imports", "workspace_id", i.ws())
	if before == 0 {
		before = 1<<63 - 1
	}
	return many[Import](i.session, `SELECT `+importColumns+` FROM help_imports WHERE workspace_id = ? AND id < ? ORDER BY id DESC LIMIT ?`, i.ws(), before, limit)
}

// Unfinished finds a run of the workspace that is under way, or ErrNotFound.
func (i Imports) Unfinished() (*Import, error) {
	return one[Import](i.session, `SELECT `+importColumns+` FROM help_imports WHERE workspace_id = ? AND state IN ('applying', 'undoing', 'restoring') ORDER BY id LIMIT 1`, i.ws())
}

// AllUnfinished lists the runs of all workspaces that are under way.
func (i Imports) AllUnfinished() ([]Import, error) {
	return many[Import](i.session, `SELECT `+importColumns+` FROM help_imports INDEXED BY help_imports_unfinished WHERE state IN ('applying', 'undoing', 'restoring')`)
}

// Note adds to what a run does.
func (i Imports) Note(run ID, e ImportEntry) error {
	_, err := exec(i.session, `INSERT INTO help_import_entries (workspace_id, import_id, position, change, article_id, path, before, done)
		VALUES (?, ?, (SELECT coalesce(max(position) + 1, 0) FROM help_import_entries WHERE workspace_id = ? AND import_id = ?), ?, ?, ?, ?, ?)`,
		i.ws(), run, i.ws(), run, e.Change, e.Article, e.Path, e.Before, e.Done)
	return err
}

// Brought notes that an article which a run began says now what its file says.
func (i Imports) Brought(run, article ID) error {
	_, err := exec(i.session, `UPDATE help_import_entries SET done = 1 WHERE workspace_id = ? AND import_id = ? AND article_id = ? AND change = 'created'`, i.ws(), run, article)
	return err
}

// Begun lists the articles that a run began and has not written yet.
func (i Imports) Begun(run ID) ([]ID, error) {
	return column[ID](i.session, `SELECT article_id FROM help_import_entries WHERE workspace_id = ? AND import_id = ? AND done = 0 ORDER BY position`, i.ws(), run)
}

// Last is the newest entry of a run, or ErrNotFound.
func (i Imports) Last(run ID) (*ImportEntry, error) {
	return one[ImportEntry](i.session, `SELECT `+entryColumns+` FROM help_import_entries WHERE workspace_id = ? AND import_id = ? ORDER BY position DESC LIMIT 1`, i.ws(), run)
}

// Strike removes an entry.
func (i Imports) Strike(run ID, position int64) error {
	return must(i.session, `DELETE FROM help_import_entries WHERE workspace_id = ? AND import_id = ? AND position = ?`, i.ws(), run, position)
}

// Tally counts what a run did.
func (i Imports) Tally(run ID) (created, updated, deleted int, err error) {
	err = pick(i.session, []any{&created, &updated, &deleted}, `SELECT coalesce(sum(change = 'created'), 0), coalesce(sum(change = 'updated'), 0), coalesce(sum(change = 'deleted'), 0)
		FROM help_import_entries WHERE workspace_id = ? AND import_id = ?`, i.ws(), run)
	return created, updated, deleted, err
}
