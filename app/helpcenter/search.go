package helpcenter

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/safe"
	"deskbell/store"
)

// Query says what to look for, for whom.
type Query struct {
	Q        string
	Team     bool   // also what only the team may read, and working copies
	Language string // preferred; the help center's own comes after it
	Limit    int
}

// Hit is an article that fits. The marked forms are HTML in which only <mark> stands.
type Hit struct {
	ArticleID     store.ID  `json:"articleId"`
	CollectionID  *store.ID `json:"collectionId"`
	Title         string    `json:"title"`
	TitleMarked   string    `json:"titleMarked"`
	Excerpt       string    `json:"excerpt"`
	ExcerptMarked string    `json:"excerptMarked"`
	Language      string    `json:"language"`
	Status        string    `json:"status"`
	Visibility    string    `json:"visibility"`
	Slug          string    `json:"slug"`
	URL           *string   `json:"url"`
}

// Key is the article's id.
func (h Hit) Key() store.ID { return h.ArticleID }

// Search finds articles, best first: all words (the rest of the last may be missing), with those that mean the same; then
// with typing errors mended; then any of the words. It serves the public pages, the messenger and the team alike.
func (h *HelpCenter) Search(tx *store.Tx, q Query) ([]Hit, error) {
	c, err := center(tx)
	if err != nil {
		return nil, err
	}
	terms := wordsOf(q.Q)
	if len(terms) == 0 {
		return []Hit{}, nil
	}
	q.Limit = min(max(or(q.Limit, 10), 1), 50)
	groups, err := tx.Finder.Synonyms()
	if err != nil {
		return nil, err
	}
	found, used, err := h.hunt(tx, c, q, terms, groups)
	if err != nil {
		return nil, err
	}
	return h.hits(tx, c, q, found, used)
}

// Terms are the words of a question that Search looks for, each with those that mean the same.
func (h *HelpCenter) Terms(tx *store.Tx, q string) (out [][]string, err error) {
	groups, err := tx.Finder.Synonyms()
	for _, w := range wordsOf(q) {
		out = append(out, alike(w, groups))
	}
	return out, err
}

// hunt goes through the stages until one finds something, and says with which words.
func (h *HelpCenter) hunt(tx *store.Tx, c *store.HelpCenter, q Query, terms []string, groups []string) ([]store.Candidate, []string, error) {
	find := func(terms []string, some bool) ([]store.Candidate, []string, error) {
		hunt := store.Hunt{Team: q.Team, Some: some, Limit: 40}
		var used []string
		for _, t := range terms {
			same := alike(t, groups)
			hunt.Words = append(hunt.Words, same)
			used = append(used, same...)
		}
		list, err := inLanguages(tx, c, q, hunt)
		return list, used, err
	}
	list, used, err := find(terms, false)
	if err != nil || len(list) > 0 {
		return list, used, err
	}
	mended, changed, err := mend(tx, terms)
	if err != nil {
		return nil, nil, err
	}
	if changed {
		if list, used, err = find(mended, false); err != nil || len(list) > 0 {
			return list, used, err
		}
	}
	if len(mended) == 1 {
		return nil, nil, nil
	}
	return find(mended, true)
}

// inLanguages finds texts of the language that was asked for, and fills up with other languages.
func inLanguages(tx *store.Tx, c *store.HelpCenter, q Query, hunt store.Hunt) ([]store.Candidate, error) {
	if len(c.Languages) == 0 {
		list, err := tx.Finder.Find(hunt)
		return best(list, hunt, q.Limit), err
	}
	wish := spoken(c, q.Language)
	if len(hunt.Words) > 3 && !hunt.Some { // few texts have so many words: one look at all languages mostly shows them all
		if all, err := tx.Finder.Find(hunt); err != nil || len(all) < hunt.Limit {
			all = best(all, hunt, hunt.Limit)
			slices.SortStableFunc(all, func(a, b store.Candidate) int { return cmp.Compare(foreign(a, wish), foreign(b, wish)) })
			return join(nil, all, q.Limit), err
		}
	}
	hunt.Language = wish
	list, err := tx.Finder.Find(hunt)
	list = best(list, hunt, q.Limit)
	if err != nil || len(list) >= q.Limit {
		return list, err
	}
	hunt.Language, hunt.Except = "", texts(list)
	rest, err := tx.Finder.Find(hunt)
	return join(list, best(rest, hunt, q.Limit), q.Limit), err
}

func texts(list []store.Candidate) []store.ID {
	ids := make([]store.ID, len(list))
	for i, c := range list {
		ids[i] = c.Text
	}
	return ids
}

func foreign(c store.Candidate, wish string) int {
	if c.Language == wish {
		return 0
	}
	return 1
}

// join appends candidates whose articles are not in a list yet.
func join(list, rest []store.Candidate, limit int) []store.Candidate {
	for _, f := range rest {
		if !slices.ContainsFunc(list, func(o store.Candidate) bool { return o.Article == f.Article }) && len(list) < limit {
			list = append(list, f)
		}
	}
	return list
}

// best ranks candidates: a word in the title counts eight times one in the body, a whole word more than a beginning, and
// the same word again less each time.
func best(list []store.Candidate, hunt store.Hunt, limit int) []store.Candidate {
	scores := make(map[store.ID]float64, len(list))
	for _, c := range list {
		title, body := " "+strings.ToLower(c.Title)+" ", strings.ToLower(c.Plain)
		score := c.Weight * 20
		for _, same := range hunt.Words {
			most := 0.0
			for _, w := range same {
				n := strings.Count(body, stem(w))
				s := float64(n) / (float64(n) + 1.5 + float64(len(body))/1500)
				if strings.Contains(title, " "+w+" ") {
					s += 10
				} else if strings.Contains(title, stem(w)) {
					s += 8
				}
				most = max(most, s)
			}
			score += most
		}
		scores[c.Text] = score - float64(len(title))/200
	}
	slices.SortFunc(list, func(a, b store.Candidate) int {
		if c := cmp.Compare(scores[b.Text], scores[a.Text]); c != 0 {
			return c
		}
		return cmp.Compare(b.Text, a.Text)
	})
	return list[:min(len(list), limit)]
}

// stem is a word without an ending that the index ignores too.
func stem(w string) string {
	for _, end := range []string{"ing", "es", "ed", "s"} {
		if s, cut := strings.CutSuffix(w, end); cut && len(s) >= 4 {
			return s
		}
	}
	return w
}

func (h *HelpCenter) hits(tx *store.Tx, c *store.HelpCenter, q Query, found []store.Candidate, terms []string) ([]Hit, error) {
	out := []Hit{}
	if len(found) == 0 {
		return out, nil
	}
	articles := make([]store.ID, len(found))
	for i, f := range found {
		articles[i] = f.Article
	}
	list, err := tx.Articles.ByIDs(articles)
	if err != nil {
		return nil, err
	}
	m := marking(terms)
	for _, f := range found {
		a, there := list[f.Article]
		if !there || !q.Team && (a.Status != "published" || a.Visibility != "public") {
			continue
		}
		v := Hit{ArticleID: a.ID, CollectionID: door.Maybe(a.Collection), Title: f.Title, Language: f.Language, Status: a.Status, Visibility: a.Visibility, Slug: f.Slug}
		if f.Live && a.Status == "published" && a.Visibility == "public" {
			v.URL = door.Maybe(h.articleURL(c, f.Language, f.Slug))
		}
		v.Excerpt = m.excerpt(f.Plain, f.Description)
		v.TitleMarked, v.ExcerptMarked = m.mark(v.Title), m.mark(v.Excerpt)
		out = append(out, v)
	}
	return out, nil
}

func or2(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var idle = map[string]bool{"a": true, "an": true, "and": true, "are": true, "can": true, "do": true, "does": true, "for": true, "how": true, "i": true, "in": true, "is": true,
	"it": true, "my": true, "of": true, "on": true, "or": true, "the": true, "to": true, "what": true, "with": true, "you": true, "your": true, "der": true, "die": true, "das": true,
	"ein": true, "eine": true, "ich": true, "ist": true, "kann": true, "mein": true, "meine": true, "mit": true, "oder": true, "und": true, "wie": true, "zu": true}

// wordsOf are the words of a question, at most eight, without those that every text has, unless there are no others.
func wordsOf(q string) []string {
	var all, some []string
	for _, w := range strings.FieldsFunc(strings.ToLower(q), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }) {
		if utf8.RuneCountInString(w) > 40 || len(all) == 30 {
			continue
		}
		all = append(all, w)
		if !idle[w] && len(some) < 8 && !slices.Contains(some, w) {
			some = append(some, w)
		}
	}
	if len(some) == 0 {
		return all[:min(len(all), 8)]
	}
	return some
}

// alike are a word and those that mean the same in this workspace.
func alike(word string, groups []string) []string {
	out := []string{word}
	for _, g := range groups {
		members := strings.Split(g, ",")
		if slices.ContainsFunc(members, func(m string) bool { return strings.TrimSpace(m) == word }) {
			for _, m := range members {
				if m = strings.TrimSpace(m); m != word && m != "" {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

// mend replaces words that no article has by the nearest that one has.
func mend(tx *store.Tx, terms []string) (out []string, changed bool, err error) {
	for _, t := range terms {
		n := utf8.RuneCountInString(t)
		known := n < 4
		if !known {
			if known, err = tx.Finder.Known(t); err != nil {
				return nil, false, err
			}
		}
		if !known {
			near, err := tx.Finder.Similar(t, 25)
			if err != nil {
				return nil, false, err
			}
			best, least := "", 1+min(2, (n-2)/2)
			for _, w := range near {
				if d := distance(t, w); d < least {
					best, least = w, d
				}
			}
			if best != "" {
				t, changed = best, true
			}
		}
		out = append(out, t)
	}
	return out, changed, nil
}

// distance is how many letters must change to make one word of another (Damerau and Levenshtein: also two swapped ones).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

const glance = 3000 // bytes of a text that are ranked and shown

// beginning is that of a plain text, as one line.
func beginning(plain string) string {
	if len(plain) > glance {
		plain = strings.ToValidUTF8(plain[:glance], "")
	}
	return strings.Join(strings.Fields(plain), " ")
}

// index brings the indices up to date with one text.
func (h *HelpCenter) index(tx *store.Tx, a *store.Article, t *store.Text) error {
	var words []string
	if t.Live && a.Status == "published" {
		words = vocabulary(t.LiveTitle + " " + t.LiveExcerpt + " " + t.LivePlain)
	}
	return tx.Finder.Index(a, t, store.Gists{Live: beginning(t.LivePlain), Draft: draftGist(t)}, words)
}

// draftGist is the beginning of a working copy.
func draftGist(t *store.Text) string { return safe.Line(t.Content, glance) }

// indexAll brings the indices up to date with all texts of an article.
func (h *HelpCenter) indexAll(tx *store.Tx, a *store.Article) error {
	texts, err := tx.Articles.Texts(a.ID)
	for i := range texts {
		err = errors.Join(err, h.index(tx, a, &texts[i]))
	}
	return err
}

// Tidy brings the indices into the form that is searched the fastest, in short writes with as long a pause after each.
func (h *HelpCenter) Tidy(ctx context.Context) error {
	for more := true; more; {
		var took time.Duration
		_, err := h.db.Write(ctx, 0, func(tx *store.Tx) (err error) {
			begun := time.Now()
			more, err = tx.Finder.Tidy(16)
			took = time.Since(begun)
			return err
		})
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(took):
		}
	}
	return nil
}

// vocabulary are the words that typing errors are held against, each once.
func vocabulary(text string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		if n := utf8.RuneCountInString(w); n < 4 || n > 30 || seen[w] || len(out) == 3000 {
			continue
		}
		seen[w] = true
		out = append(out, w)
	}
	return out
}

// SearchIn is what to look for.
type SearchIn struct {
	WorkspaceID store.ID `json:"workspaceId,omitempty"`
	Q           string   `json:"q" maxLength:"400"`
	Language    string   `json:"language,omitempty" maxLength:"12"`
	Limit       int      `json:"limit,omitempty" minimum:"1" maximum:"50"`
}

// TeamSearch is what the team looks for.
type TeamSearch struct {
	Q        string `json:"q" maxLength:"400"`
	Language string `json:"language,omitempty" maxLength:"12"`
	Limit    int    `json:"limit,omitempty" minimum:"1" maximum:"50"`
}

// SearchTeam finds articles for the team: drafts and internal ones too.
func (h *HelpCenter) SearchTeam(tx *store.Tx, _ actor.Actor, in TeamSearch) (Results, error) {
	list, err := h.Search(tx, Query{Q: in.Q, Team: true, Language: in.Language, Limit: in.Limit})
	return Results{list}, err
}

// Results are what was found.
type Results struct {
	Items []Hit `json:"items"`
}

// SearchPublic finds what everybody may read.
func (h *HelpCenter) SearchPublic(tx *store.Tx, who actor.Actor, in SearchIn) (Results, error) {
	tx, _, err := h.reader(tx, who, in.WorkspaceID)
	if err != nil {
		return Results{[]Hit{}}, err
	}
	list, err := h.Search(tx, Query{Q: in.Q, Language: in.Language, Limit: in.Limit})
	return Results{list}, err
}
