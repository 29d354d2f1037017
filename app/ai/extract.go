package ai

import (
	"context"
	"strings"

	"deskbell/app/recall"
	"deskbell/app/tongue"
	"deskbell/store"
)

// stop are words that say nothing of what a question is about.
var stop = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a an and any are as at be been but by can could do does did for from get got had has have how i if in into is it its
		me my no not of on or our out please should so some than that the their them then there they this to up us was we were what when where which who why will
		with would you your hello hi hey dear thanks thank need want like about just`) {
		m[w] = true
	}
	return m
}()

// german are German words that say nothing of what a question is about, but for those that say something in English.
var german = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`ich sie wir ihr der das den dem des ein eine einen einem einer ist sind haben habe kann können muss wie wo wer wann warum
		welche welcher welches gibt es auch im an auf bei mit von vom zu zum zur für und oder nicht mein meine meinen meiner meinem ihre ihren ihrer mir mich
		bitte viel viele wird werden ob dass aus bis lassen lässt sich`) {
		m[w] = true
	}
	return m
}()

// content are the words that say what a text is about, cut to their first six letters so that forms of a word meet.
func content(s string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range tongue.Tokens(s) {
		if stop[w] || len(w) < 2 {
			continue
		}
		if r := []rune(w); len(r) > 6 {
			w = string(r[:6])
		}
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// coverage is the part of a question's words that a text has, 0 to 1.
func coverage(question []string, text string) float64 {
	if len(question) == 0 {
		return 0
	}
	has := map[string]bool{}
	for _, w := range content(text) {
		has[w] = true
	}
	n := 0
	for _, w := range question {
		if has[w] {
			n++
		}
	}
	return float64(n) / float64(len(question))
}

// knowledge is what visitors may be answered from: published articles, and the saved replies that the team lets the agent say.
// Nothing else has everyone as its audience.
var knowledge = []store.ChunkSource{store.FromArticle, store.FromSavedReply}

const (
	excerpt  = 700 // characters of a passage at most
	nearness = 0.8 // of the best score, that a second article must have to be shown too
)

// extract makes an answer of the best passages, in their own words, with their articles; or of a saved reply, which has none.
func (a *Agent) extract(ctx context.Context, workspace store.ID, th *thought) {
	q := content(th.question)
	var parts []string
	var shown []recall.Found
	used := map[store.ID]bool{}
	th.cited = map[int]bool{}
	for i, f := range th.found {
		if len(parts) == 2 || used[f.Document.SourceID] || i > 0 && f.Score < nearness*th.found[0].Score {
			continue
		}
		text := best(q, f.Body)
		if text == "" {
			continue
		}
		used[f.Document.SourceID], th.cited[i] = true, true
		if f.Document.Source == store.FromSavedReply { // a whole message already; its name is the team's own
			parts = append(parts, text)
			continue
		}
		shown = append(shown, f)
		parts = append(parts, "**"+recall.Quote(f.Document.Title)+"**\n\n"+text)
	}
	th.answer, th.sources = strings.Join(parts, "\n\n"), a.sources(workspace, shown)
}

// sources are the articles that passages are from, each once, with where readers find them.
func (a *Agent) sources(workspace store.ID, list []recall.Found) (out []store.Source) {
	err := a.db.Read(context.Background(), workspace, func(tx *store.Tx) error {
		seen := map[store.ID]bool{}
		for _, f := range list {
			if seen[f.Document.SourceID] || f.Document.Source != store.FromArticle { // a saved reply is nowhere to be read
				continue
			}
			seen[f.Document.SourceID] = true
			url, err := a.help.Link(tx, f.Document.SourceID, f.Document.Language)
			if err != nil {
				a.log.Error("address of an article", "error", err)
			}
			out = append(out, store.Source{ArticleID: f.Document.SourceID, Title: f.Document.Title, URL: url})
		}
		return nil
	})
	if err != nil {
		a.log.Error("addresses of articles", "error", err)
	}
	return out
}

// Passage is the part of a text that speaks of a question, as it stands there.
func Passage(question, markdown string) string { return best(content(question), markdown) }

// best is the paragraphs of a chunk that speak of the question, as many as a passage holds; the whole chunk where it is
// short.
func best(question []string, markdown string) string {
	paragraphs := strings.Split(strings.TrimSpace(markdown), "\n\n")
	if len(markdown) <= excerpt {
		return strings.TrimSpace(markdown)
	}
	top, at := -1.0, 0
	for i, p := range paragraphs {
		if c := coverage(question, p); c > top {
			top, at = c, i
		}
	}
	from, to, size := at, at+1, len(paragraphs[at])
	for to < len(paragraphs) && size+len(paragraphs[to]) <= excerpt {
		size += len(paragraphs[to])
		to++
	}
	for from > 0 && size+len(paragraphs[from-1]) <= excerpt {
		from--
		size += len(paragraphs[from])
	}
	return strings.Join(paragraphs[from:to], "\n\n")
}
