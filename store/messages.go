package store

import "encoding/json"

// Message is one thing said in a conversation, a note of the team, or an event of its history.
type Message struct {
	ID              ID
	Conversation    ID
	Kind            string // message, note, event
	SenderType      SenderType
	Sender          ID // a visitor or a user
	SenderName      string
	Content         string // Markdown
	HTML            string // sanitised
	Event           json.RawMessage
	Channel         string
	DeliveryStatus  string
	AttachmentCount int
	Sources         json.RawMessage // of an AI answer: a JSON list of Source
	ClientID        string
	SeenAt          Time
	CreatedAt       Time
}

const messageColumns = `id, conversation_id, kind, sender_type, sender_id, sender_name, content, content_html, event, channel, delivery_status,
	attachment_count, sources, coalesce(client_id, ''), seen_at, created_at`

func (m *Message) fields() []any {
	return []any{&m.ID, &m.Conversation, &m.Kind, &m.SenderType, &m.Sender, &m.SenderName, &m.Content, &m.HTML, &m.Event, &m.Channel, &m.DeliveryStatus,
		&m.AttachmentCount, &m.Sources, &m.ClientID, &m.SeenAt, &m.CreatedAt}
}

// Source is something that an AI answer rests on.
type Source struct {
	ArticleID ID     `json:"articleId"`
	Title     string `json:"title"`
	URL       string `json:"url,omitempty"`
}

// Messages are what was said in conversations.
type Messages struct{ *session }

// Add keeps a new message.
func (m Messages) Add(n *Message) error {
	n.ID = m.NewID()
	if n.CreatedAt == 0 {
		n.CreatedAt = m.Now()
	}
	n.Channel, n.DeliveryStatus, n.SeenAt = "chat", "sent", 0
	var client, event, sources any
	if n.Sources != nil {
		sources = n.Sources
	}
	if n.ClientID != "" {
		client = n.ClientID
	}
	if n.Event != nil {
		event = n.Event
	}
	_, err := exec(m.session, `INSERT INTO messages (workspace_id, conversation_id, id, kind, sender_type, sender_id, sender_name, content, content_html, event,
		attachment_count, sources, client_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ws(), n.Conversation, n.ID, n.Kind, n.SenderType, n.Sender, n.SenderName, n.Content, n.HTML, event, n.AttachmentCount, sources, client, n.CreatedAt)
	if err == nil {
		m.db.fresh.wrote(m.ws(), n)
	}
	return err
}

// ByClient finds the message that a sender sent under this client id.
func (m Messages) ByClient(conversation, sender ID, client string) (*Message, error) {
	return one[Message](m.session, `SELECT `+messageColumns+` FROM messages WHERE conversation_id = ? AND sender_id = ? AND client_id = ? AND workspace_id = ?`, conversation, sender, client, m.ws())
}

// ByID finds a message of a conversation.
func (m Messages) ByID(conversation, id ID) (*Message, error) {
	return one[Message](m.session, `SELECT `+messageColumns+` FROM messages WHERE conversation_id = ? AND id = ? AND workspace_id = ?`, conversation, id, m.ws())
}

// Announced is ByID for a message that was announced before this snapshot was taken. The newest ones are not read from the file.
func (m Messages) Announced(conversation, id ID) (*Message, error) {
	if row, ok := m.db.fresh.row(id); ok && row.workspace == m.ws() && row.Conversation == conversation {
		return &row.Message, nil
	}
	return m.ByID(conversation, id)
}

// Newest lists the newest messages before an id (0: all), oldest of them first. Without notes where they are not for
// the reader.
func (m Messages) Newest(conversation, before ID, notes bool, limit int) ([]Message, error) {
	m.saw("messages", "conversation_id", conversation)
	if before == 0 {
		before = 1<<63 - 1
	}
	kinds := ""
	if !notes {
		kinds = ` AND kind = 'message'`
	}
	list, err := many[Message](m.session, `SELECT `+messageColumns+` FROM messages WHERE conversation_id = ? AND id < ? AND workspace_id = ?`+kinds+` ORDER BY id DESC LIMIT ?`, conversation, before, m.ws(), limit)
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, err
}

// Oldest lists the first messages of a conversation that its visitor sees.
func (m Messages) Oldest(conversation ID, limit int) ([]Message, error) {
	m.saw("messages", "conversation_id", conversation)
	return many[Message](m.session, `SELECT `+messageColumns+` FROM messages WHERE conversation_id = ? AND workspace_id = ? AND kind = 'message' ORDER BY id LIMIT ?`, conversation, m.ws(), limit)
}

// After lists what was written after a message, notes too, except a sender's own.
func (m Messages) After(conversation, id, except ID, limit int) ([]Message, error) {
	return many[Message](m.session, `SELECT `+messageColumns+` FROM messages WHERE conversation_id = ? AND id > ? AND workspace_id = ? AND kind <> 'event' AND sender_id <> ? ORDER BY id LIMIT ?`, conversation, id, m.ws(), except, limit)
}

// SeenByVisitor notes that a visitor has read the team's messages after one and up to another.
func (m Messages) SeenByVisitor(conversation, after, upTo ID) error {
	_, err := exec(m.session, `UPDATE messages SET seen_at = ? WHERE conversation_id = ? AND id > ? AND id <= ? AND workspace_id = ? AND seen_at = 0 AND sender_type <> 'visitor' AND kind = 'message'`,
		m.Now(), conversation, after, upTo, m.ws())
	return err
}

// SeenByTeam notes that somebody of the team has read the visitor's messages after one and up to another.
func (m Messages) SeenByTeam(conversation, after, upTo ID) error {
	_, err := exec(m.session, `UPDATE messages SET seen_at = ? WHERE conversation_id = ? AND id > ? AND id <= ? AND workspace_id = ? AND seen_at = 0 AND sender_type = 'visitor' AND kind = 'message'`,
		m.Now(), conversation, after, upTo, m.ws())
	return err
}

// Feed lists messages of every workspace behind an id, for the full-text index.
func (m Messages) Feed(after ID, limit int) ([]FedMessage, error) {
	return many[FedMessage](m.session, `SELECT id, workspace_id FROM messages WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
}

// FedMessage is a message that goes into the full-text index.
type FedMessage struct{ ID, Workspace ID }

func (m *FedMessage) fields() []any { return []any{&m.ID, &m.Workspace} }
