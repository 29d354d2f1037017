package store

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Hunt says what to look for among articles.
type Hunt struct {
	Words    [][]string // each a word with those that mean the same
	Team     bool       // the team's index: working copies and internal articles
	Language string     // empty: any
	Some     bool       // some of the words will do
	Limit    int        // of candidates
	Except   []ID       // texts that are known already: they count among the candidates, but are not read again
}

// Candidate is a text that fits, with what is needed to rank and show it.
type Candidate struct {
	Text, Article  ID
	Language, Slug string
	Live           bool // there is one for readers
	Title          string
	Description    string
	Plain          string  // its beginning
	Weight         float64 // of the words that fit, where not all of them have to
}

func (c *Candidate) fields() []any {
	return []any{&c.Text, &c.Article, &c.Language, &c.Slug, &c.Live, &c.Title, &c.Description, &c.Plain}
}

func (f Finder) table(h Hunt) (name, scope string) {
	name, scope = "article_search", workspaceWord(f.ws())
	if h.Team {
		name = "draft_search"
	}
	if h.Language != "" {
		scope = f.spokenIn(h.Language)
	}
	return name, `scope : "` + scope + `"`
}

func either(alternatives []string, beginning bool) string {
	var or []string
	for _, w := range alternatives {
		if q := phrase(w, beginning); q != "" {
			or = append(or, q)
		}
	}
	if len(or) == 0 {
		return ""
	}
	return "(" + strings.Join(or, " OR ") + ")"
}

// Find finds texts that have the words, of the last at least the beginning: all of them, first those that have one in the
// title, newest first; or some, first those whose words are the rarest. FTS5's own ranking would visit every match of
// every word.
func (f Finder) Find(h Hunt) ([]Candidate, error) {
	f.saw("article_texts", "workspace_id", f.ws())
	if h.Some {
		return f.some(h)
	}
	if len(h.Words) <= fewWords { // whole words alone are often enough, and what begins like a common word is much to join
		ids, err := f.every(h, false)
		if err != nil || len(ids) == h.Limit {
			return f.candidates(h, ids, nil, err)
		}
	}
	ids, err := f.every(h, true)
	return f.candidates(h, ids, nil, err)
}

// fewWords are so few that many texts may have all of them.
const fewWords = 3

// every finds texts that have all words; of the last perhaps only the beginning.
func (f Finder) every(h Hunt, beginning bool) ([]ID, error) {
	var terms []string
	for i, w := range h.Words {
		if t := either(w, beginning && i == len(h.Words)-1); t != "" {
			terms = append(terms, t)
		}
	}
	if len(terms) == 0 {
		return nil, nil
	}
	table, scope := f.table(h)
	all := "{title body} : (" + strings.Join(terms, " AND ") + ") AND " + scope // the longest lists come last: those before say where to look in them
	query := newestOf(table)
	ids, err := column[ID](f.session, query, all, h.Limit)
	if err != nil || len(ids) < h.Limit {
		return ids, err
	}
	titled, err := column[ID](f.session, query, "title : ("+strings.Join(terms, " OR ")+") AND "+all, h.Limit) // there may be more: these go first
	for _, id := range ids {
		if len(titled) < h.Limit && !slices.Contains(titled, id) {
			titled = append(titled, id)
		}
	}
	return titled, err
}

// newestOf finds texts in an index, the newest first.
func newestOf(table string) string {
	return `SELECT -rowid FROM ` + table + ` WHERE ` + table + ` MATCH ? ORDER BY rowid LIMIT ?`
}

func (f Finder) some(h Hunt) ([]Candidate, error) {
	table, scope := f.table(h)
	weights := map[ID]float64{}
	const most = 200 // of one word: what more texts have tells them apart badly
	for i, w := range h.Words {
		t := either(w, i == len(h.Words)-1)
		if t == "" {
			continue
		}
		ids, err := column[ID](f.session, newestOf(table), "{title body} : "+t+" AND "+scope, most)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			weights[id] += 1 / math.Log2(2+float64(len(ids)))
		}
	}
	ids := make([]ID, 0, len(weights))
	for id := range weights {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b ID) int {
		if c := cmp.Compare(weights[b], weights[a]); c != 0 {
			return c
		}
		return cmp.Compare(b, a)
	})
	return f.candidates(h, ids[:min(len(ids), h.Limit)], weights, nil)
}

// candidates reads what is needed to rank and show texts; err is that of finding them.
func (f Finder) candidates(h Hunt, ids []ID, weights map[ID]float64, err error) ([]Candidate, error) {
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id ID) bool { return slices.Contains(h.Except, id) })
	if len(ids) == 0 {
		return []Candidate{}, nil
	}
	glances := "article_glances"
	if h.Team {
		glances = "draft_glances"
	}
	list, err := many[Candidate](f.session, glanced(glances, len(ids)), append([]any{f.ws()}, anys(ids)...)...)
	for i := range list {
		list[i].Weight = weights[list[i].Text]
	}
	return list, err
}

// glanced reads n texts. (The + keeps SQLite from walking through all of the workspace, which it takes for cheaper than
// looking up many.)
func glanced(table string, n int) string {
	return `SELECT id, article_id, language, slug, live, title, description, plain FROM ` + table + ` WHERE +workspace_id = ? AND id IN (` + marks(n) + `)`
}

// phrase is a word as FTS5 takes it: letters and numbers only, and if it is only the beginning of one, a prefix.
func phrase(w string, beginning bool) string {
	parts := strings.FieldsFunc(Spread(w), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	if len(parts) == 0 {
		return ""
	}
	q := `"` + strings.Join(parts, " ") + `"`
	if last := []rune(parts[len(parts)-1]); beginning && len(last) > 1 {
		q += "*"
	}
	return q
}

// Similar lists words of the workspace that are a letter or two away from a word. (The + keeps SQLite from walking
// through all words in their order.)
func (f Finder) Similar(word string, limit int) ([]string, error) {
	grams := Grams(word)
	args := append([]any{f.ws()}, anys(grams)...)
	return column[string](f.session, `SELECT word FROM article_grams WHERE workspace_id = ? AND gram IN (`+marks(len(grams))+`) GROUP BY +word ORDER BY count(*) DESC, length(word) LIMIT ?`, append(args, limit)...)
}

// Known reports whether a word, or one that begins so, stands in a published article.
func (f Finder) Known(word string) (bool, error) {
	var n int
	err := pick(f.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM article_words WHERE workspace_id = ? AND word >= ? AND word < ?)`, f.ws(), word, word+"\U0010FFFF")
	return n == 1, err
}
