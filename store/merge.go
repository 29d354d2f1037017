package store

// Merge moves what was said in one conversation to another: messages with their files and their ids, so that both
// histories stand in the order of time, answers that wait, what the AI agent rested on, and tags. A client id that both
// conversations know is given up by the message that moves.
func (c Conversations) Merge(from, to ID) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE messages SET client_id = NULL WHERE conversation_id = ? AND workspace_id = ? AND client_id IS NOT NULL AND EXISTS (SELECT 1 FROM messages t
			WHERE t.conversation_id = ? AND t.sender_id = messages.sender_id AND t.client_id = messages.client_id)`, []any{from, c.ws(), to}},
		// A file refers to its message by the conversation too; without one it refers to nothing for a moment.
		{`UPDATE attachments SET conversation_id = NULL WHERE conversation_id = ? AND workspace_id = ? AND message_id IS NOT NULL`, []any{from, c.ws()}},
		{`UPDATE messages SET conversation_id = ? WHERE conversation_id = ? AND workspace_id = ?`, []any{to, from, c.ws()}},
		{`UPDATE attachments SET conversation_id = ? WHERE conversation_id IS NULL AND message_id IS NOT NULL AND workspace_id = ?`, []any{to, c.ws()}},
		{`UPDATE scheduled_messages SET client_id = NULL, conversation_id = ? WHERE workspace_id = ? AND conversation_id = ?`, []any{to, c.ws(), from}},
		{`UPDATE ai_runs SET conversation_id = ? WHERE workspace_id = ? AND conversation_id = ?`, []any{to, c.ws(), from}},
		{`INSERT INTO conversation_tags (workspace_id, conversation_id, tag_id) SELECT workspace_id, ?, tag_id FROM conversation_tags
			WHERE workspace_id = ? AND conversation_id = ? ON CONFLICT DO NOTHING`, []any{to, c.ws(), from}},
	} {
		if _, err := exec(c.session, step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// Move gives what each agent has read of one conversation to another, in place of what they had read there.
func (r Reads) Move(from, to ID) error {
	if _, err := exec(r.session, `DELETE FROM conversation_reads WHERE workspace_id = ? AND conversation_id = ?`, r.ws(), to); err != nil {
		return err
	}
	_, err := exec(r.session, `UPDATE conversation_reads SET conversation_id = ? WHERE workspace_id = ? AND conversation_id = ?`, to, r.ws(), from)
	return err
}
