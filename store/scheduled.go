package store

import "encoding/json"

// Scheduled is an answer that waits for its time.
type Scheduled struct {
	ID           ID
	Conversation ID
	User         ID // who wrote it
	Name         string
	Content      string
	Files        json.RawMessage // a JSON list of attachment ids
	ClientID     string
	Closes       bool // the conversation is closed with it
	SendAt       Time
	CreatedAt    Time
}

const scheduledSelect = `SELECT s.id, s.conversation_id, s.user_id, u.name, s.content, s.attachment_ids, coalesce(s.client_id, ''), s.closes, s.send_at, s.created_at
	FROM scheduled_messages s JOIN users u ON u.id = s.user_id `

func (s *Scheduled) fields() []any {
	return []any{&s.ID, &s.Conversation, &s.User, &s.Name, &s.Content, &s.Files, &s.ClientID, &s.Closes, &s.SendAt, &s.CreatedAt}
}

// Outbox are the answers that wait for their time.
type Outbox struct{ *session }

// Add keeps an answer until its time.
func (o Outbox) Add(s *Scheduled) error {
	s.ID, s.CreatedAt = o.NewID(), o.Now()
	var client any
	if s.ClientID != "" {
		client = s.ClientID
	}
	_, err := exec(o.session, `INSERT INTO scheduled_messages (workspace_id, conversation_id, id, user_id, content, attachment_ids, client_id, closes, send_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, o.ws(), s.Conversation, s.ID, s.User, s.Content, s.Files, client, s.Closes, s.SendAt, s.CreatedAt)
	return err
}

// ByID finds an answer that still waits.
func (o Outbox) ByID(id ID) (*Scheduled, error) {
	return one[Scheduled](o.session, scheduledSelect+`WHERE s.workspace_id = ? AND s.id = ?`, o.ws(), id)
}

// ByClient finds the waiting answer that a user sent under this client id.
func (o Outbox) ByClient(conversation, user ID, client string) (*Scheduled, error) {
	return one[Scheduled](o.session, scheduledSelect+`WHERE s.conversation_id = ? AND s.user_id = ? AND s.client_id = ? AND s.workspace_id = ?`, conversation, user, client, o.ws())
}

// Of lists what waits in a conversation, soonest first.
func (o Outbox) Of(conversation ID) ([]Scheduled, error) {
	o.saw("scheduled_messages", "conversation_id", conversation)
	list, err := many[Scheduled](o.session, scheduledSelect+`WHERE s.workspace_id = ? AND s.conversation_id = ? ORDER BY s.send_at, s.id LIMIT 100`, o.ws(), conversation)
	for i := range list {
		o.saw("users", "id", list[i].User)
	}
	return list, err
}

// Remove takes an answer out: delivered, or thought better of.
func (o Outbox) Remove(id ID) error {
	return must(o.session, `DELETE FROM scheduled_messages WHERE workspace_id = ? AND id = ?`, o.ws(), id)
}
