package store

import (
	"strings"
	"unicode"
)

// Finder is the full text of articles (FTS5), in two indices: what readers may find, and the working copies that the
// team may find. Workspace, audience and language stand in the text as words, so that one tenant's search does not walk
// through everybody's matches.
type Finder struct{ *session }

// Index brings both indices up to date with a text, in the write that changes it. words are those that typing errors are
// held against.
func (f Finder) Index(a *Article, t *Text, plain string, words []string) error {
	if err := f.Forget(t.ID); err != nil {
		return err
	}
	scope := workspaceWord(f.ws()) + " lang" + languageWord(t.Language)
	if a.Status != "archived" {
		if _, err := exec(f.session, `INSERT INTO draft_search (rowid, scope, title, body) VALUES (?, ?, ?, ?)`, t.ID, scope, Spread(t.Title), Spread(t.Description+"\n"+plain)); err != nil {
			return err
		}
	}
	if a.Status != "published" || !t.Live {
		return nil
	}
	if _, err := exec(f.session, `INSERT INTO article_search (rowid, scope, title, body) VALUES (?, ?, ?, ?)`, t.ID, scope+" aud"+a.Visibility,
		Spread(t.LiveTitle), Spread(t.LiveExcerpt+"\n"+t.LivePlain)); err != nil {
		return err
	}
	return f.learn(words)
}

// Forget takes a text out of both indices.
func (f Finder) Forget(text ID) error {
	if _, err := exec(f.session, `DELETE FROM article_search WHERE rowid = ?`, text); err != nil {
		return err
	}
	_, err := exec(f.session, `DELETE FROM draft_search WHERE rowid = ?`, text)
	return err
}

func languageWord(l string) string { return strings.ReplaceAll(strings.ToLower(l), "-", "") }

// learn keeps words with their trigrams.
func (f Finder) learn(words []string) error {
	for _, w := range words {
		n, err := exec(f.session, `INSERT INTO article_words (workspace_id, word) VALUES (?, ?) ON CONFLICT DO NOTHING`, f.ws(), w)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		for _, g := range Grams(w) {
			if _, err := exec(f.session, `INSERT INTO article_grams (workspace_id, gram, word) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, f.ws(), g, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// Similar lists words of the workspace that share the most trigrams with a word.
func (f Finder) Similar(word string, limit int) ([]string, error) {
	grams := Grams(word)
	args := append([]any{f.ws()}, anys(grams)...)
	return column[string](f.session, `SELECT word FROM article_grams WHERE workspace_id = ? AND gram IN (`+marks(len(grams))+`) GROUP BY word ORDER BY count(*) DESC, length(word) LIMIT ?`, append(args, limit)...)
}

// Known reports whether a word, or one that begins so, stands in a published article.
func (f Finder) Known(word string) (bool, error) {
	var n int
	err := pick(f.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM article_words WHERE workspace_id = ? AND word >= ? AND word < ?)`, f.ws(), word, word+"\U0010FFFF")
	return n == 1, err
}

// Grams are the trigrams of a word with its ends marked.
func Grams(word string) []string {
	r := []rune("^" + word + "$")
	seen := map[string]bool{}
	out := []string{}
	for i := 0; i+3 <= len(r) && len(out) < 40; i++ {
		if g := string(r[i : i+3]); !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out
}

// Hunt says what to look for among articles.
type Hunt struct {
	Words    [][]string // each a word with those that mean the same
	Any      bool       // one of the words is enough
	Team     bool       // the team's index: working copies and internal articles
	Language string     // empty: any
	Limit    int
}

// Found is a text that fits.
type Found struct {
	Text, Article ID
}

func (f *Found) fields() []any { return []any{&f.Text, &f.Article} }

// Find finds texts, best first: titles weigh eight times as much as bodies.
func (f Finder) Find(h Hunt) ([]Found, error) {
	f.saw("article_texts", "workspace_id", f.ws())
	table := "article_search"
	scope := `scope : "` + workspaceWord(f.ws()) + `"`
	if h.Team {
		table = "draft_search"
	} else {
		scope += ` AND scope : "audpublic"`
	}
	if h.Language != "" {
		scope += ` AND scope : "lang` + languageWord(h.Language) + `"`
	}
	var terms []string
	for _, alternatives := range h.Words {
		var or []string
		for _, w := range alternatives {
			if q := phrase(w); q != "" {
				or = append(or, q)
			}
		}
		if len(or) > 0 {
			terms = append(terms, "("+strings.Join(or, " OR ")+")")
		}
	}
	if len(terms) == 0 {
		return []Found{}, nil
	}
	glue := " AND "
	if h.Any {
		glue = " OR "
	}
	query := scope + " AND {title body} : (" + strings.Join(terms, glue) + ")"
	return many[Found](f.session, `SELECT t.id, t.article_id FROM (SELECT rowid AS id, rank AS score FROM `+table+` WHERE `+table+` MATCH ? AND rank MATCH 'bm25(0.0, 8.0, 1.0)' ORDER BY rank LIMIT ?) s
		JOIN article_texts t ON t.id = s.id WHERE t.workspace_id = ? ORDER BY s.score, t.id`, query, h.Limit, f.ws())
}

// phrase is a word as FTS5 takes it: letters and numbers only, as a prefix.
func phrase(w string) string {
	parts := strings.FieldsFunc(Spread(w), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	if len(parts) == 0 {
		return ""
	}
	q := `"` + strings.Join(parts, " ") + `"`
	if last := []rune(parts[len(parts)-1]); len(last) > 1 {
		q += "*"
	}
	return q
}

// Spread puts spaces between characters of scripts that are written without them, so that each is a word.
func Spread(s string) string {
	wide := func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) }
	if strings.IndexFunc(s, wide) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if wide(r) {
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Texts finds texts by their ids.
func (f Finder) Texts(ids []ID) (map[ID]Text, error) {
	list, err := many[Text](f.session, `SELECT `+textColumns+` FROM article_texts t WHERE t.workspace_id = ? AND t.id IN (`+marks(len(ids))+`)`, append([]any{f.ws()}, anys(ids)...)...)
	out := map[ID]Text{}
	for _, t := range list {
		out[t.ID] = t
	}
	return out, err
}

// Synonyms lists groups of words that mean the same.
func (f Finder) Synonyms() ([]string, error) {
	f.saw("synonyms", "workspace_id", f.ws())
	return column[string](f.session, `SELECT words FROM synonyms WHERE workspace_id = ? ORDER BY position`, f.ws())
}

// SetSynonyms replaces the groups.
func (f Finder) SetSynonyms(groups []string) error {
	if _, err := exec(f.session, `DELETE FROM synonyms WHERE workspace_id = ?`, f.ws()); err != nil {
		return err
	}
	for i, g := range groups {
		if _, err := exec(f.session, `INSERT INTO synonyms (workspace_id, position, words) VALUES (?, ?, ?)`, f.ws(), i, g); err != nil {
			return err
		}
	}
	return nil
}

// FailedSearch is what readers looked for in vain.
type FailedSearch struct {
	Query  string
	N      int
	LastAt Time
}

func (s *FailedSearch) fields() []any { return []any{&s.Query, &s.N, &s.LastAt} }

// Failed notes a search in vain; the oldest beyond a thousand are forgotten.
func (f Finder) Failed(query string) error {
	if _, err := exec(f.session, `INSERT INTO failed_searches (workspace_id, query, n, last_at) VALUES (?, ?, 1, ?)
		ON CONFLICT (workspace_id, query) DO UPDATE SET n = n + 1, last_at = excluded.last_at`, f.ws(), query, f.Now()); err != nil {
		return err
	}
	_, err := exec(f.session, `DELETE FROM failed_searches WHERE workspace_id = ? AND last_at < (SELECT last_at FROM failed_searches WHERE workspace_id = ? ORDER BY last_at DESC LIMIT 1 OFFSET 999)`, f.ws(), f.ws())
	return err
}

// FailedSearches lists them, the most frequent first.
func (f Finder) FailedSearches(limit int) ([]FailedSearch, error) {
	f.saw("failed_searches", "workspace_id", f.ws())
	return many[FailedSearch](f.session, `SELECT query, n, last_at FROM failed_searches WHERE workspace_id = ? ORDER BY n DESC, last_at DESC LIMIT ?`, f.ws(), limit)
}
