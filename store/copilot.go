package store

import "errors"

// Copilot is what a workspace lets its copilot learn from.
type Copilot struct{ *session }

// LearnsConversations reports whether solved conversations are a source for the team.
func (c Copilot) LearnsConversations() (yes bool, err error) {
	c.saw("copilot_settings", "workspace_id", c.ws())
	err = pick(c.session, []any{&yes}, `SELECT learn_conversations FROM copilot_settings WHERE workspace_id = ?`, c.ws())
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return yes, err
}

// LearnConversations says whether they are.
func (c Copilot) LearnConversations(yes bool) error {
	_, err := exec(c.session, `INSERT INTO copilot_settings (workspace_id, learn_conversations, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (workspace_id) DO UPDATE SET learn_conversations = excluded.learn_conversations, updated_at = excluded.updated_at`, c.ws(), yes, c.Now())
	return err
}

// Solved lists conversations that were closed and not merged away, newest first, before an id (0: all).
func (c Copilot) Solved(before ID, limit int) ([]ID, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return column[ID](c.session, `SELECT id FROM conversations WHERE workspace_id = ? AND id < ? AND status = 'closed' AND merged_into IS NULL ORDER BY id DESC LIMIT ?`, c.ws(), before, limit)
}

// Learned counts the conversations that were learned from.
func (c Copilot) Learned() (n int, err error) {
	c.saw("recall_documents", "workspace_id", c.ws())
	err = pick(c.session, []any{&n}, `SELECT count(*) FROM recall_documents WHERE workspace_id = ? AND source = 'conversation'`, c.ws())
	return n, err
}

// Unlearn forgets up to n of the conversations that were learned from, and says how many there were.
func (c Copilot) Unlearn(n int) (int64, error) {
	return exec(c.session, `DELETE FROM recall_documents WHERE id IN (SELECT id FROM recall_documents WHERE workspace_id = ? AND source = 'conversation' LIMIT ?)`, c.ws(), n)
}
