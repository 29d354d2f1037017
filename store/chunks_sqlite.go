package store

import (
	"slices"
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

// enoughMatches is how many chunks are ranked, or nearly so. Ranking one costs some 3 µs.
const enoughMatches = 400

// Match finds chunks that have any of the words, best first by BM25 (Robertson, Zaragoza 2009; titles count four
// times, headings twice). The filter is applied before the ranking. Of many words the rarest are looked for: those
// that a large part of the chunks have say little.
func (c Chunks) Match(words []string, f ChunkFilter, limit int) ([]ChunkMatch, error) {
	c.saw("recall_documents", "workspace_id", c.ws())
	if len(f.Sources) == 0 {
		return []ChunkMatch{}, nil
	}
	scope, err := c.scope()
	if err != nil {
		return nil, err
	}
	terms, err := c.terms(scope, words)
	if err != nil || terms == "" {
		return []ChunkMatch{}, err
	}
	var w where
	w.and(`recall_words MATCH ?`, terms)
	f.where(&w, c.ws())
	return many[ChunkMatch](c.session, `SELECT c.id, -bm25(recall_words, 0, 4, 2, 1) AS score FROM recall_words
		CROSS JOIN recall_chunks c INDEXED BY recall_chunks_place ON c.workspace_id = ? AND c.id = recall_words.rowid
		CROSS JOIN recall_documents d ON d.workspace_id = c.workspace_id AND d.id = c.document_id`+w.String()+` ORDER BY score DESC, c.id LIMIT ?`, append(append([]any{c.ws()}, w.args...), limit)...)
}

// scope is the word that only this workspace's chunks have. It is left out where most chunks are this workspace's: FTS5 would
// walk through all of them to learn how rare that word is. What is found is the workspace's own in any case, by the join.
func (c Chunks) scope() (string, error) {
	var own, all int
	err := pick(c.session, []any{&own, &all}, `SELECT coalesce((SELECT total FROM recall_indexes WHERE workspace_id = ?), 0), (SELECT coalesce(sum(total), 0) FROM recall_indexes)`, c.ws())
	if err != nil || own > 0 && own >= all-own {
		return "", err
	}
	return `workspace : "` + workspaceWord(c.ws()) + `" AND `, nil
}

// terms are what to look for: any of the rare words, or what has all of the common ones, or has them in its title.
func (c Chunks) terms(scope string, words []string) (string, error) {
	list, err := c.counted(scope, words)
	if err != nil {
		return "", err
	}
	var rare, common []string
	sum := 0
	for _, t := range list {
		sum += t.n
		switch {
		case t.n > enoughMatches:
			common = append(common, t.text)
		case sum <= enoughMatches || len(rare) == 0:
			rare = append(rare, t.text)
		}
	}
	if len(rare) > 0 || len(common) == 0 {
		return having(scope, "title heading body", rare, " OR "), nil
	}
	for _, try := range []string{having(scope, "title heading body", common, " AND "), having(scope, "title heading", common, " OR ")} {
		if n, err := c.matches(try); err != nil || n > 0 && n <= enoughMatches {
			return try, err
		}
	}
	return having(scope, "title heading body", common, " AND "), nil
}

type countedTerm struct {
	text string
	n    int
}

// counted are the words that occur, by how many chunks have them, rarest first.
func (c Chunks) counted(scope string, words []string) ([]countedTerm, error) {
	var list []countedTerm
	for _, word := range words {
		for _, t := range quoted(word) {
			n, err := c.matches(having(scope, "title heading body", []string{t}, ""))
			if err != nil {
				return nil, err
			}
			if n > 0 {
				list = append(list, countedTerm{t, n})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b countedTerm) int { return a.n - b.n })
	return list, nil
}

// matches counts up to one more than enough.
func (c Chunks) matches(match string) (n int, err error) {
	err = pick(c.session, []any{&n}, `SELECT count(*) FROM (SELECT 1 FROM recall_words WHERE recall_words MATCH ? LIMIT ?)`, match, enoughMatches+1)
	return n, err
}

func having(scope, columns string, terms []string, between string) string {
	if len(terms) == 0 {
		return ""
	}
	return scope + `{` + columns + `} : (` + strings.Join(terms, between) + `)`
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
