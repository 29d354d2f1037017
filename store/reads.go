package store

// Reads are what each agent has read.
type Reads struct{ *session }

// Mark notes that a user has read a conversation up to a message.
func (r Reads) Mark(user, conversation, upTo ID) error {
	_, err := exec(r.session, `INSERT INTO conversation_reads (workspace_id, user_id, conversation_id, read_id) VALUES (?, ?, ?, ?)
		ON CONFLICT (workspace_id, user_id, conversation_id) DO UPDATE SET read_id = max(read_id, excluded.read_id)`, r.ws(), user, conversation, upTo)
	return err
}
