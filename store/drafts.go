package store

// Draft is what somebody of the team has begun to write in a conversation.
type Draft struct {
	Content  string // Markdown
	Internal bool   // it will be a note of the team
	Revision ID     // grows with every change
}

func (d *Draft) fields() []any { return []any{&d.Content, &d.Internal, &d.Revision} }

// Drafts are what has been written and not sent. Another's are nobody's to see.
type Drafts struct{ *session }

// Of reads a user's draft in a conversation; ErrNotFound where nothing is begun.
func (d Drafts) Of(user, conversation ID) (*Draft, error) {
	d.saw("drafts", "user_id", user)
	return one[Draft](d.session, `SELECT content, internal, revision FROM drafts WHERE workspace_id = ? AND user_id = ? AND conversation_id = ?`, d.ws(), user, conversation)
}

// Count counts a user's.
func (d Drafts) Count(user ID) (n int, err error) {
	d.saw("drafts", "user_id", user)
	err = pick(d.session, []any{&n}, `SELECT count(*) FROM drafts WHERE workspace_id = ? AND user_id = ?`, d.ws(), user)
	return n, err
}

// Begun is a conversation in which somebody has a draft.
type Begun struct {
	Conversation ID
	Internal     bool
}

func (b *Begun) fields() []any { return []any{&b.Conversation, &b.Internal} }

// List lists the conversations in which a user has a draft, by id.
func (d Drafts) List(user ID, limit int) ([]Begun, error) {
	d.saw("drafts", "user_id", user)
	return many[Begun](d.session, `SELECT conversation_id, internal FROM drafts WHERE workspace_id = ? AND user_id = ? ORDER BY conversation_id LIMIT ?`, d.ws(), user, limit)
}

// Keep keeps a user's draft in a conversation, in place of the one before, and says its revision.
func (d Drafts) Keep(user, conversation ID, content string, internal bool) (ID, error) {
	revision := d.NewID()
	_, err := exec(d.session, `INSERT INTO drafts (workspace_id, user_id, conversation_id, revision, internal, content) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id, user_id, conversation_id) DO UPDATE SET revision = excluded.revision, internal = excluded.internal, content = excluded.content`,
		d.ws(), user, conversation, revision, internal, content)
	return revision, err
}

// Forget lets go of a user's draft in a conversation, if there is one.
func (d Drafts) Forget(user, conversation ID) error {
	_, err := exec(d.session, `DELETE FROM drafts WHERE workspace_id = ? AND user_id = ? AND conversation_id = ?`, d.ws(), user, conversation)
	return err
}

// Move gives what each has begun in one conversation to another, but not to those who have begun something there too.
func (d Drafts) Move(from, to ID) error {
	_, err := exec(d.session, `UPDATE drafts SET conversation_id = ? WHERE workspace_id = ? AND conversation_id = ?
		AND NOT EXISTS (SELECT 1 FROM drafts t WHERE t.workspace_id = drafts.workspace_id AND t.user_id = drafts.user_id AND t.conversation_id = ?)`,
		to, d.ws(), from, to)
	return err
}
