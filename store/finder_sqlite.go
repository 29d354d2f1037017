package store

import (
	"errors"
	"strings"
	"unicode"
)

// Finder is the full text of articles (FTS5), in two indices: what readers may find, and the working copies that the
// team may find. The workspace, alone and with the language, stands in the text as a word, so that one tenant's search does
// not walk through everybody's matches. The row of a text is its id below zero: the newest come first where SQLite walks
// forwards, which takes it half as long as backwards.
type Finder struct{ *session }

// Gists are the beginnings of a text without markup, as they are ranked and shown: of what readers see, and of the working
// copy.
type Gists struct{ Live, Draft string }

// Index brings both indices up to date with a text, in the write that changes it. words are those that typing errors are
// held against.
func (f Finder) Index(a *Article, t *Text, g Gists, words []string) error {
	if err := f.IndexDraft(a, t, g.Draft); err != nil {
		return err
	}
	return f.IndexLive(a, t, g.Live, words)
}

// IndexDraft brings the team's index up to date with a working copy.
func (f Finder) IndexDraft(a *Article, t *Text, gist string) error {
	if err := f.forget("draft", t.ID); err != nil || a.Status == "archived" {
		return err
	}
	if _, err := exec(f.session, `INSERT INTO draft_glances (id, workspace_id, article_id, language, slug, live, title, description, plain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.ID, f.ws(), t.Article, t.Language, t.Slug, t.Live, t.Title, t.Description, gist); err != nil {
		return err
	}
	_, err := exec(f.session, `INSERT INTO draft_search (rowid, scope, title, body) VALUES (?, ?, ?, ?)`, -t.ID, f.scope(t), Spread(t.Title), Spread(t.Description+"\n"+t.Content))
	return err
}

// IndexLive brings the readers' index up to date with what they see of a text.
func (f Finder) IndexLive(a *Article, t *Text, gist string, words []string) error {
	if err := f.forget("article", t.ID); err != nil {
		return err
	}
	if _, err := exec(f.session, `UPDATE draft_glances SET live = ? WHERE id = ? AND live <> ?`, t.Live, t.ID, t.Live); err != nil {
		return err
	}
	if a.Status != "published" || !t.Live || a.Visibility != "public" {
		return nil
	}
	if _, err := exec(f.session, `INSERT INTO article_glances (id, workspace_id, article_id, language, slug, live, title, description, plain) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?)`,
		t.ID, f.ws(), t.Article, t.Language, t.Slug, t.LiveTitle, t.LiveExcerpt, gist); err != nil {
		return err
	}
	if _, err := exec(f.session, `INSERT INTO article_search (rowid, scope, title, body) VALUES (?, ?, ?, ?)`, -t.ID, f.scope(t),
		Spread(t.LiveTitle), Spread(t.LiveExcerpt+"\n"+t.LivePlain)); err != nil {
		return err
	}
	return f.Learn(words)
}

func (f Finder) scope(t *Text) string {
	return workspaceWord(f.ws()) + " " + f.spokenIn(t.Language)
}

// Forget takes a text out of both indices.
func (f Finder) Forget(text ID) error {
	return errors.Join(f.forget("article", text), f.forget("draft", text))
}

func (f Finder) forget(index string, text ID) error {
	if _, err := exec(f.session, `DELETE FROM `+index+`_search WHERE rowid = ?`, -text); err != nil {
		return err
	}
	_, err := exec(f.session, `DELETE FROM `+index+`_glances WHERE id = ?`, text)
	return err
}

// Tidy joins the segments that changes left of the indices, some pages at a time: a word is looked up in each of them. It
// says whether there is more to do.
func (f Finder) Tidy(pages int) (more bool, err error) {
	for _, index := range []string{"article_search", "draft_search", "recall_words"} {
		var n int
		if err := pick(f.session, []any{&n}, `SELECT count(DISTINCT segid) FROM `+index+`_idx`); err != nil {
			return more, err
		}
		if n <= fewSegments {
			continue
		}
		if _, err := exec(f.session, `INSERT INTO `+index+` (`+index+`, rank) VALUES ('merge', ?)`, -pages); err != nil {
			return more, err
		}
		more = true
	}
	return more, nil
}

// spokenIn is the word for the workspace's texts in a language. It ends with a number, which no stemmer takes for an ending.
func (f Finder) spokenIn(language string) string {
	return workspaceWord(f.ws()) + strings.ReplaceAll(strings.ToLower(language), "-", "") + "0"
}

// Calm keeps the indices from joining many pages amid a change of many: whoever makes it calls Join between its writes.
func (f Finder) Calm() error {
	for _, index := range Indices {
		if _, err := exec(f.session, `INSERT INTO `+index+` (`+index+`, rank) VALUES ('automerge', 0)`); err != nil {
			return err
		}
	}
	return nil
}

// Join joins segments of an index where there are several of a size, at most so many pages.
func (f Finder) Join(index string, pages int) error {
	_, err := exec(f.session, `INSERT INTO `+index+` (`+index+`, rank) VALUES ('merge', ?)`, pages)
	return err
}

// Indices are those that Calm calms.
var Indices = []string{"article_search", "draft_search"}

// fewSegments are not worth joining: an index that is written to has some.
const fewSegments = 6

// Learn keeps words with their spellings, which typing errors are held against.
func (f Finder) Learn(words []string) error {
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

// Unlearned are those of the words that are not kept yet.
func (f Finder) Unlearned(words []string) ([]string, error) {
	var out []string
	for _, w := range words {
		var n int
		if err := pick(f.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM article_words WHERE workspace_id = ? AND word = ?)`, f.ws(), w); err != nil {
			return nil, err
		}
		if n == 0 {
			out = append(out, w)
		}
	}
	return out, nil
}

// Grams are a word and its spellings with one letter left out. Two words that differ by one letter, or by two that
// changed places, share one: looking for similar words is a few exact look-ups, however many words there are.
func Grams(word string) []string {
	r := []rune(word)
	seen := map[string]bool{word: true}
	out := []string{word}
	for i := range r {
		if g := string(r[:i]) + string(r[i+1:]); !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out
}

const firstThai = 0x0E01 // no script without spaces comes before it

// Spread puts spaces between characters of scripts that are written without them, so that each is a word.
func Spread(s string) string {
	wide := func(r rune) bool {
		return r >= firstThai && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
	}
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
