package copilot

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/app/tongue"
	"deskbell/store"
)

// near is the cosine from which an article is shown as one on a subject like it, and same that from which it most likely answers
// the question already: of testdata/recall, a quarter of the questions come so near to their article, and hardly one to another.
const (
	near = 0.42
	same = 0.55
)

const heads = 119 // characters of a title

// ArticleDraft is an article to be made of a solved conversation. Nothing has been saved.
type ArticleDraft struct {
	Title   string    `json:"title"`
	Content string    `json:"content"` // Markdown
	How     string    `json:"how" enum:"extractive,model"`
	Why     *string   `json:"why"`  // the model failed, and why
	Near    []Nearest `json:"near"` // articles on the same subject, nearest first
}

// Nearest is an article that may say so already.
type Nearest struct {
	ArticleID store.ID `json:"articleId"`
	Title     string   `json:"title"`
	Excerpt   string   `json:"excerpt"`
	TeamOnly  bool     `json:"teamOnly"`
	Likeness  float64  `json:"likeness"` // cosine of the angle between the texts; 0 where only words were compared
	Same      bool     `json:"same"`     // most likely the same subject: better amend it
}

// DraftArticle makes an article of what was asked and answered in a conversation, without personal data, and shows the articles
// that may say so already.
func (c *Copilot) DraftArticle(ctx context.Context, who actor.Actor, in Which) (out ArticleDraft, err error) {
	m, err := c.open(ctx, who, in.ConversationID)
	if err != nil {
		return out, err
	}
	asked, answered := m.told(most)
	if len(asked) == 0 || len(answered) == 0 {
		return out, fault.New(fault.Conflict, "Nobody of the team has answered in this conversation yet: there is nothing to make an article of.")
	}
	return c.article(ctx, who, asked, answered, body(answered))
}

// Questions name questions that mean the same, by the runs in which the AI agent had no answer; the first stands for them.
type Questions struct {
	RunIDs []store.ID `json:"runIds" minItems:"1" maxItems:"400"`
}

const (
	looked   = 12 // questions whose conversations are looked at for an answer
	mentions = 8  // questions that stand in the draft
)

// DraftFromQuestions makes an article of what several visitors asked, and of what the team answered where it has, without personal
// data. Where nobody has answered yet, it holds the questions alone.
func (c *Copilot) DraftFromQuestions(ctx context.Context, who actor.Actor, in Questions) (out ArticleDraft, err error) {
	var asked, answered []string
	err = c.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		asked, answered = nil, nil
		for _, id := range in.RunIDs[:min(len(in.RunIDs), looked)] {
			r, err := tx.AI.Run(id)
			if err != nil {
				return err
			}
			t, err := read(tx, r.Conversation)
			if err != nil {
				return err
			}
			if q := safe.Scrub(r.Asked, t.names()...); q != "" && !slices.Contains(asked, q) {
				asked = append(asked, q)
			}
			for _, a := range t.after(r.Question) {
				if !slices.Contains(answered, a) {
					answered = append(answered, a)
				}
			}
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	if len(asked) == 0 {
		return out, fault.New(fault.Conflict, "There is nothing in these questions that may stand in an article.")
	}
	list := "## " + tongue.Say(tongue.Of(strings.Join(asked, "\n"))).VisitorsAsked + "\n"
	for _, q := range asked[:min(len(asked), mentions)] {
		list += "\n- " + recall.Quote(q)
	}
	return c.article(ctx, who, asked, answered, strings.TrimSpace(body(answered)+"\n\n"+list))
}

// article makes a draft of what was asked and answered: by a model, or else as it is given.
func (c *Copilot) article(ctx context.Context, who actor.Actor, asked, answered []string, plain string) (out ArticleDraft, err error) {
	out = ArticleDraft{Title: heading(asked), Content: plain, How: extractive}
	if len(answered) > 0 { // a model is to write up what the team said, and nothing of its own
		text, err := c.ask(ctx, who, errand{purpose: "article", allowed: strings.Join(answered, "\n"),
			task: "Write a help center article that answers the question for everybody, from what the team answered. First line: the title, at most ten words. Then an empty line, then the article: short paragraphs, numbered steps where something is to be done. Write in the language of the question. Leave out greetings, names, everything about this one person, and everything in square brackets. Make nothing up.",
			data: map[string]any{"question": asked, "answer": answered}})
		title, content, whole := strings.Cut(text, "\n")
		switch {
		case err == nil && whole && strings.TrimSpace(content) != "":
			out.Title, out.Content, out.How = safe.Clip(recall.Plain(title), heads), strings.TrimSpace(content), byModel
		case err != nil && fault.Of(err).Kind == fault.Internal:
			return out, err
		default:
			out.Why = why(err)
		}
	}
	out.Near, err = c.near(ctx, who, out.Title+"\n\n"+strings.Join(asked, "\n\n"))
	return out, err
}

func (c *Copilot) near(ctx context.Context, who actor.Actor, text string) ([]Nearest, error) {
	list := []Nearest{}
	found, err := c.index.Find(ctx, recall.Query{Workspace: who.Workspace, Text: text, Sources: []store.ChunkSource{store.FromArticle, store.FromInternalArticle}, Staff: true, Limit: 20, PerDocument: 1})
	for _, f := range found {
		known := slices.ContainsFunc(list, func(n Nearest) bool { return n.ArticleID == f.Document.SourceID })
		if known || len(list) == 3 || f.Meaning < near && (f.Meaning != 0 || f.Words == 0) {
			continue
		}
		list = append(list, Nearest{ArticleID: f.Document.SourceID, Title: f.Document.Title, Excerpt: safe.Preview(f.Body), TeamOnly: f.Document.Source == store.FromInternalArticle,
			Likeness: f.Meaning, Same: len(list) == 0 && f.Meaning >= same})
	}
	return list, err
}

var (
	sentences = regexp.MustCompile(`[^.!?\n]+[.!?]*`)
	greetings = regexp.MustCompile(`(?i)^(hi|hello|hey|dear|good (morning|afternoon|evening)|hallo|guten (morgen|tag|abend)|moin|servus|sehr geehrte?r?|liebe?r?|bonjour|hola)\b[^.!?\n]{0,40}$`)
	called    = regexp.MustCompile(`,? ?\[name\]`) // somebody, by name
	farewells = regexp.MustCompile(`(?i)^(best|kind|warm|many)? ?(regards|wishes|greetings|cheers|thanks|thank you|thank you very much|sincerely|yours|viele|liebe|beste|mit freundlichen|freundliche|schöne) ?(grüße|grüßen|gruß|regards|wishes|dank)?[ ,.!]*(\[name\])?[ ,.!]*$`)
)

// heading is the first thing the visitor said that is a question, or the first that is no greeting.
func heading(asked []string) string {
	first := ""
	for _, a := range asked {
		for _, s := range sentences.FindAllString(recall.Plain(a), 20) {
			s = strings.TrimSpace(s)
			switch {
			case len(s) < 8 || greetings.MatchString(strings.TrimRight(s, ".!,")):
			case strings.HasSuffix(s, "?"):
				return safe.Clip(s, heads)
			case first == "":
				first = safe.Clip(s, heads)
			}
		}
	}
	if first == "" {
		return safe.Clip(recall.Plain(asked[0]), heads)
	}
	return first
}

// body is what the team answered, without greetings and farewells.
func body(answered []string) string {
	var out []string
	for _, a := range answered {
		var lines []string
		for l := range strings.Lines(a) {
			bare := strings.TrimRight(strings.TrimSpace(recall.Plain(l)), ",.! ")
			if bare != "" && (greetings.MatchString(bare) || farewells.MatchString(bare) || bare == "[name]") {
				continue
			}
			lines = append(lines, strings.TrimRight(l, "\n"))
		}
		if text := strings.TrimSpace(strings.Join(lines, "\n")); text != "" {
			out = append(out, text)
		}
	}
	return called.ReplaceAllString(strings.Join(out, "\n\n"), "")
}
