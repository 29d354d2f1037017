package store

// Waiting is an open conversation whose visitor wrote last, and whose last message a user has not read.
type Waiting struct {
	ID       ID
	Message  ID
	At       Time
	Preview  string
	Visitor  ID
	Name     string
	Email    string
	Readable string
}

func (w *Waiting) fields() []any {
	return []any{&w.ID, &w.Message, &w.At, &w.Preview, &w.Visitor, &w.Name, &w.Email, &w.Readable}
}

// unread is what a reader (r) has not read: the visitor wrote last, or the AI agent handed over with a last word.
const unread = `(c.visitor_sender_type = 'visitor' OR c.visitor_sender_type = 'bot' AND c.ai_state = 'handoff') AND c.last_public_id > coalesce(r.read_id, 0)`

// window bounds how many open conversations of one holder are looked through: a badge does not count to thousands.
const window = 500

// Unread lists what a user has not read among the conversations that one holder (0: nobody) has open, newest first.
func (c Conversations) Unread(holder, reader ID) ([]Waiting, error) {
	c.saw("conversations", "workspace_id", c.ws())
	c.saw("conversation_reads", "user_id", reader)
	list, err := many[Waiting](c.session, `SELECT c.id, c.last_public_id, c.visitor_message_at, c.visitor_preview, v.id, v.name, v.email, v.readable_id
		FROM (SELECT workspace_id, id, visitor_id, last_public_id, visitor_message_at, visitor_preview, visitor_sender_type, ai_state FROM conversations
			WHERE workspace_id = ? AND assignee_id IS ? AND status = 'open' ORDER BY last_message_at DESC, id DESC LIMIT ?) c
		CROSS JOIN visitors v ON v.workspace_id = c.workspace_id AND v.id = c.visitor_id
		LEFT JOIN conversation_reads r ON r.workspace_id = c.workspace_id AND r.user_id = ? AND r.conversation_id = c.id
		WHERE `+unread, c.ws(), orNull(holder), window, reader)
	for i := range list {
		c.saw("visitors", "id", list[i].Visitor)
	}
	return list, err
}
