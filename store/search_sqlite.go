package store

import (
	"strings"
	"unicode"
)

// Search is the full text of messages (FTS5). The workspace stands in the text as a word, so that a small tenant's
// search does not walk through everybody's matches.
type Search struct{ *session }

func workspaceWord(ws ID) string { return "ws" + strings.ToLower(ws.String()) }

// Index adds a message.
func (s Search) Index(m FedMessage) error {
	if _, err := exec(s.session, `DELETE FROM message_search WHERE rowid = ?`, m.ID); err != nil {
		return err
	}
	_, err := exec(s.session, `INSERT INTO message_search (rowid, body) VALUES (?, ?)`, m.ID, workspaceWord(m.Workspace)+" "+m.Content)
	return err
}

// Conversations finds conversations with messages that have all the words (the last one as a prefix), newest first.
func (s Search) Conversations(query string, limit int) ([]ID, error) {
	match := []string{`"` + workspaceWord(s.ws()) + `"`}
	words := strings.FieldsFunc(query, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for i, w := range words {
		if i == 8 {
			break
		}
		match = append(match, `"`+w+`"`)
	}
	if len(match) == 1 {
		return []ID{}, nil
	}
	rows, err := column[ID](s.session, `SELECT m.conversation_id FROM (SELECT rowid AS id FROM message_search WHERE message_search MATCH ? ORDER BY rowid DESC LIMIT ?) f
		JOIN messages m ON m.id = f.id WHERE m.workspace_id = ? ORDER BY m.id DESC`, strings.Join(match, " AND ")+"*", limit*10, s.ws())
	seen := map[ID]bool{}
	out := []ID{}
	for _, id := range rows {
		if !seen[id] && len(out) < limit {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out, err
}
