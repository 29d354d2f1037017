package store

// Translation is what a message says, in another language.
type Translation struct {
	Message   ID
	Language  string // BCP 47, in lower case
	Content   string // Markdown
	Model     string // which made it
	CreatedAt Time
}

const translationColumns = `message_id, language, content, model, created_at`

func (t *Translation) fields() []any {
	return []any{&t.Message, &t.Language, &t.Content, &t.Model, &t.CreatedAt}
}

// Translations are messages in languages that the team reads.
type Translations struct{ *session }

// Of lists the translations of a conversation's messages into a language.
func (t Translations) Of(conversation ID, language string) ([]Translation, error) {
	t.saw("message_translations", "conversation_id", conversation)
	return many[Translation](t.session, `SELECT `+translationColumns+` FROM message_translations WHERE conversation_id = ? AND language = ? AND workspace_id = ? ORDER BY message_id`, conversation, language, t.ws())
}

// One finds the translation of a message.
func (t Translations) One(conversation, message ID, language string) (*Translation, error) {
	return one[Translation](t.session, `SELECT `+translationColumns+` FROM message_translations WHERE conversation_id = ? AND message_id = ? AND language = ? AND workspace_id = ?`, conversation, message, language, t.ws())
}

// Add keeps a translation. What is there already stays.
func (t Translations) Add(conversation ID, n *Translation) error {
	n.CreatedAt = t.Now()
	_, err := exec(t.session, `INSERT INTO message_translations (workspace_id, conversation_id, message_id, language, content, model, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		t.ws(), conversation, n.Message, n.Language, n.Content, n.Model, n.CreatedAt)
	return err
}
