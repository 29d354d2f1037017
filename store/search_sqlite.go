package store

import (
	"fmt"
	"strings"
	"unicode"
)

// Search is the full text of messages (FTS5). The workspace stands in the text as a word, so that a small tenant's
// search does not walk through everybody's matches.
type Search struct{ *session }

func workspaceWord(ws ID) string { return "ws" + strings.ToLower(ws.String()) }

// Index adds messages that follow each other (Messages.Feed) and are not in the index yet. The texts stay with SQLite: to have
// each read and written one by one would take half as long again.
func (s Search) Index(news []FedMessage) error {
	if len(news) == 0 {
		return nil
	}
	words := map[ID]string{}
	for _, m := range news {
		if words[m.Workspace] == "" {
			words[m.Workspace] = workspaceWord(m.Workspace)
		}
	}
	named := []byte{'{'}
	for id, word := range words {
		named = fmt.Appendf(named, `"%d":"%s",`, id, word)
	}
	named[len(named)-1] = '}'
	_, err := exec(s.session, `INSERT INTO message_search (rowid, body)
		SELECT id, json_extract(?, '$."' || workspace_id || '"') || ' ' || content FROM messages WHERE id BETWEEN ? AND ? AND kind <> 'event' ORDER BY id`,
		string(named), news[0].ID, news[len(news)-1].ID)
	return err
}

// Merge brings the pieces that the index was written in a step nearer to one (https://sqlite.org/fts5.html#the_merge_command):
// about so many pages are written.
func (s Search) Merge(pages int) error {
	_, err := exec(s.session, `INSERT INTO message_search (message_search, rank) VALUES ('merge', ?)`, pages)
	return err
}

// parting are the signs of New Tai Lue and Vedic that parted words when SQLite's tokenizer was made, and are letters by now.
// Two words within quotes would be a phrase, and the index knows none.
func parting(r rune) bool {
	return 0x19b0 <= r && r <= 0x19c0 || r == 0x19c8 || r == 0x19c9 || r == 0x1cf2 || r == 0x1cf3
}

// Conversations finds conversations with messages that have all the words (the last one as a prefix), newest first.
func (s Search) Conversations(query string, limit int) ([]ID, error) {
	match := []string{`"` + workspaceWord(s.ws()) + `"`}
	words := strings.FieldsFunc(query, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) || parting(r) })
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
