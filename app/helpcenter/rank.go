package helpcenter

import (
	"cmp"
	"slices"
	"strings"

	"deskbell/store"
)

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
	if err != nil || len(list) >= min(q.Limit, hunt.Limit) {
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
