package store

import (
	"strings"
	"unicode"
)

// ChunkMatch is a chunk that has words of a question. A larger score is a better match.
type ChunkMatch struct {
	ID    ID
	Score float64
}

func (m *ChunkMatch) fields() []any { return []any{&m.ID, &m.Score} }

func (c Chunks) addWords(d *ChunkDocument, v Chunk) error {
	_, err := exec(c.session, `INSERT INTO recall_words (rowid, workspace, title, heading, body) VALUES (?, ?, ?, ?, ?)`,
		v.ID, workspaceWord(c.ws()), spaced(d.Title), spaced(v.Heading), spaced(v.Plain))
	return err
}

// Match finds chunks that have any of the words, best first by BM25 (Robertson, Zaragoza 2009; titles count four
// times, headings twice). The filter is applied before the ranking.
func (c Chunks) Match(words []string, f ChunkFilter, limit int) ([]ChunkMatch, error) {
	c.saw("recall_documents", "workspace_id", c.ws())
	var terms []string
	for _, word := range words {
		terms = append(terms, quoted(word)...)
	}
	if len(terms) == 0 || len(f.Sources) == 0 {
		return []ChunkMatch{}, nil
	}
	var w where
	w.and(`recall_words MATCH ?`, `workspace : "`+workspaceWord(c.ws())+`" AND {title heading body} : (`+strings.Join(terms, " OR ")+`)`)
	f.where(&w, c.ws())
	return many[ChunkMatch](c.session, `SELECT c.id, -bm25(recall_words, 0, 4, 2, 1) AS score FROM recall_words
		JOIN recall_chunks c ON c.id = recall_words.rowid
		JOIN recall_documents d ON d.workspace_id = c.workspace_id AND d.id = c.document_id`+w.String()+` ORDER BY score DESC, c.id LIMIT ?`, append(w.args, limit)...)
}

// quoted makes FTS5 strings of a word, one for each part that the tokenizer would make of it.
func quoted(word string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(spaced(word), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.Co, unicode.M) }) {
		out = append(out, `"`+part+`"`)
	}
	return out
}

// spaced puts spaces around the letters of scripts that have none between words, so that each is a token.
func spaced(s string) string {
	dense := func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) }
	if !strings.ContainsFunc(s, dense) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if dense(r) {
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
