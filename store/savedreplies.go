package store

// SavedReply is a text that the team, or one of it, says again and again.
type SavedReply struct {
	ID         ID
	Owner      ID // whose it is alone; 0: the team's
	Name       string
	Shortcut   string
	Folder     string
	Content    string // Markdown with placeholders
	ForAI      bool   // the AI agent may say it to visitors
	AuthorName string
	CreatedAt  Time
	UpdatedAt  Time
}

const savedReplyColumns = `id, coalesce(owner_id, 0), name, shortcut, folder, content, for_ai, author_name, created_at, updated_at`

func (r *SavedReply) fields() []any {
	return []any{&r.ID, &r.Owner, &r.Name, &r.Shortcut, &r.Folder, &r.Content, &r.ForAI, &r.AuthorName, &r.CreatedAt, &r.UpdatedAt}
}

// SavedReplies are the texts that are said again and again. Another's own are nobody's to see.
type SavedReplies struct{ *session }

// MostSavedReplies is how many a workspace may have, those of its members included.
const MostSavedReplies = 2000

// Of lists the team's and a user's own, oldest first.
func (s SavedReplies) Of(user ID) ([]SavedReply, error) {
	s.saw("saved_replies", "workspace_id", s.ws())
	return many[SavedReply](s.session, `SELECT `+savedReplyColumns+` FROM saved_replies WHERE workspace_id = ? AND (owner_id IS NULL OR owner_id = ?) ORDER BY id LIMIT 2000`, s.ws(), user)
}

// ByID finds one of the team's or of a user's own.
func (s SavedReplies) ByID(id, user ID) (*SavedReply, error) {
	s.saw("saved_replies", "workspace_id", s.ws())
	return one[SavedReply](s.session, `SELECT `+savedReplyColumns+` FROM saved_replies WHERE workspace_id = ? AND id = ? AND (owner_id IS NULL OR owner_id = ?)`, s.ws(), id, user)
}

// Count counts all of the workspace's.
func (s SavedReplies) Count() (n int, err error) {
	err = pick(s.session, []any{&n}, `SELECT count(*) FROM saved_replies WHERE workspace_id = ?`, s.ws())
	return n, err
}

// Add keeps a new one. A taken shortcut is ErrConflict.
func (s SavedReplies) Add(r *SavedReply) error {
	r.ID, r.CreatedAt, r.UpdatedAt = s.NewID(), s.Now(), s.Now()
	_, err := exec(s.session, `INSERT INTO saved_replies (workspace_id, owner_id, id, name, shortcut, folder, content, for_ai, author_name, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.ws(), orNull(r.Owner), r.ID, r.Name, r.Shortcut, r.Folder, r.Content, r.ForAI, r.AuthorName, r.CreatedAt, r.UpdatedAt)
	return err
}

// Update writes one. A taken shortcut is ErrConflict.
func (s SavedReplies) Update(r *SavedReply) error {
	r.UpdatedAt = s.Now()
	return must(s.session, `UPDATE saved_replies SET owner_id = ?, name = ?, shortcut = ?, folder = ?, content = ?, for_ai = ?, updated_at = ? WHERE workspace_id = ? AND id = ?`,
		orNull(r.Owner), r.Name, r.Shortcut, r.Folder, r.Content, r.ForAI, r.UpdatedAt, s.ws(), r.ID)
}

// Remove deletes one.
func (s SavedReplies) Remove(id ID) error {
	return must(s.session, `DELETE FROM saved_replies WHERE workspace_id = ? AND id = ?`, s.ws(), id)
}
