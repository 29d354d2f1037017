package copilot

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"deskbell/app/actor"
	"deskbell/app/may"
	"deskbell/app/safe"
	"deskbell/app/saved"
	"deskbell/store"
)

// FindIn is what to look for while answering in a conversation.
type FindIn struct {
	ConversationID store.ID `json:"conversationId"`
	Q              string   `json:"q,omitempty" maxLength:"200"`
	Limit          int      `json:"limit,omitempty" minimum:"1" maximum:"50"`
}

// Item is something to put into an answer.
type Item struct {
	Source     store.ChunkSource `json:"source"`
	ID         store.ID          `json:"id"` // of the saved reply, article or conversation
	Title      string            `json:"title"`
	Shortcut   *string           `json:"shortcut"`
	Excerpt    string            `json:"excerpt"`
	Text       string            `json:"text"` // Markdown to insert; empty: only the link can be
	URL        *string           `json:"url"`  // where visitors can read it
	TeamOnly   bool              `json:"teamOnly"`
	Confidence float64           `json:"confidence"` // that it answers the question, 0 to 1; 0 when it was found by words alone
}

// Key is the id of what it is.
func (i Item) Key() store.ID { return i.ID }

// Items are what was found, best first.
type Items struct {
	Items []Item `json:"items"`
}

// Find finds saved replies and articles by words: a shortcut first, then names and titles, then texts. Without words it lists
// the saved replies. Placeholders are filled for the conversation.
func (c *Copilot) Find(tx *store.Tx, who actor.Actor, in FindIn) (out Items, err error) {
	known, err := saved.Known(tx, who, in.ConversationID)
	if err != nil {
		return out, err
	}
	in.Limit = cmp.Or(in.Limit, 20)
	replies, err := c.replies(tx, who, in.Q)
	if err != nil {
		return out, err
	}
	out.Items = []Item{}
	for _, r := range replies[:min(len(replies), in.Limit)] {
		out.Items = append(out.Items, reply(r, known))
	}
	if strings.TrimSpace(in.Q) == "" || !who.Can(may.ReadArticles) || len(out.Items) == in.Limit {
		return out, nil
	}
	articles, err := c.ways.Search(tx, in.Q, in.Limit-len(out.Items))
	for _, a := range articles {
		i := Item{Source: store.FromArticle, ID: a.ID, Title: a.Title, Excerpt: a.Excerpt, TeamOnly: a.URL == ""}
		if a.URL != "" {
			i.URL = &a.URL
		}
		out.Items = append(out.Items, i)
	}
	return out, err
}

func reply(r store.SavedReply, known map[string]string) Item {
	i := Item{Source: store.FromSavedReply, ID: r.ID, Title: r.Name, Text: saved.Fill(r.Content, known)}
	i.Excerpt = safe.Preview(i.Text)
	if r.Shortcut != "" {
		i.Shortcut = &r.Shortcut
	}
	return i
}

// replies are the saved replies that have all the words, best first.
func (c *Copilot) replies(tx *store.Tx, who actor.Actor, q string) ([]store.SavedReply, error) {
	list, err := tx.SavedReplies.Of(who.User)
	if err != nil {
		return nil, err
	}
	q = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(q), "/"))
	terms, err := c.ways.Terms(tx, q)
	if err != nil {
		return nil, err
	}
	scores := map[store.ID]int{}
	list = slices.DeleteFunc(list, func(r store.SavedReply) bool {
		s := fits(r, q, terms)
		scores[r.ID] = s
		return s == 0
	})
	slices.SortStableFunc(list, func(a, b store.SavedReply) int {
		return cmp.Or(cmp.Compare(scores[b.ID], scores[a.ID]), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return list, nil
}

// fits says how well a saved reply has the words, 0 for not at all: a word in its shortcut or name counts eight times one in its
// text.
func fits(r store.SavedReply, q string, terms [][]string) int {
	score := 1
	switch {
	case q == "":
		return score
	case r.Shortcut == q:
		return 1000
	case r.Shortcut != "" && strings.HasPrefix(r.Shortcut, q):
		score = 500
	case len(terms) == 0:
		return 0
	}
	for _, same := range terms {
		best := 0
		for _, w := range same {
			for _, field := range []struct {
				text  string
				worth int
			}{{r.Shortcut, 8}, {r.Name, 8}, {r.Folder, 3}, {r.Content, 1}} {
				if begins(field.text, w) {
					best = max(best, field.worth)
				}
			}
		}
		if best == 0 && score < 500 {
			return 0
		}
		score += best
	}
	return score
}

// begins reports whether a word of the text begins so.
func begins(text, with string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }),
		func(w string) bool { return strings.HasPrefix(w, with) })
}
