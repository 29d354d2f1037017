package helpcenter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/door"
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
