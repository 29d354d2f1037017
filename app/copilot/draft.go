package copilot

import (
	"context"
	"fmt"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/app/tongue"
	"deskbell/store"
)

// How something was made.
const (
	extractive = "extractive" // of the workspace's own words
	byModel    = "model"
)

// Drafted is a proposal for an answer. Nothing has been sent.
type Drafted struct {
	Content    string  `json:"content"` // Markdown; empty: nothing fits
	HTML       string  `json:"contentHtml"`
	How        string  `json:"how" enum:"extractive,model"`
	Sources    []Item  `json:"sources"` // what it rests on
	Confidence float64 `json:"confidence"`
	Why        *string `json:"why"` // the model failed, and why
}

// Draft proposes an answer to a visitor's last question, of what visitors may read: published articles and saved replies.
func (c *Copilot) Draft(ctx context.Context, who actor.Actor, in Which) (out Drafted, err error) {
	m, err := c.open(ctx, who, in.ConversationID)
	if err != nil {
		return out, err
	}
	out = Drafted{How: extractive, Sources: []Item{}}
	sources := []store.ChunkSource{store.FromSavedReply}
	if who.Can(may.ReadArticles) {
		sources = append(sources, store.FromArticle)
	}
	found, err := c.find(ctx, who, m, sources)
	if err != nil || len(found) == 0 {
		return out, err
	}
	if out.Confidence = c.ways.Confidence(m.question(), found); out.Confidence < sure {
		return out, nil
	}
	composed, err := c.compose(ctx, who, m, found, out)
	if err == nil {
		return composed, nil
	}
	if fault.Of(err).Kind == fault.Internal {
		return out, err
	}
	out.Why = why(err)
	return c.extract(ctx, who, m, found, out)
}

// compose has a model write the draft from what was found.
func (c *Copilot) compose(ctx context.Context, who actor.Actor, m matter, found []recall.Found, out Drafted) (Drafted, error) {
	var items []Item
	var of []recall.Found
	for _, f := range found[:min(len(found), 5)] {
		i, err := c.item(ctx, who, m, f)
		if err != nil {
			return out, err
		}
		if i != nil {
			items, of = append(items, *i), append(of, f)
		}
	}
	sources, urls := shown(items, of), ""
	for _, s := range sources {
		urls += s.Text + "\n" + s.URL + "\n"
	}
	text, err := c.ask(ctx, who, errand{purpose: "draft", allowed: urls,
		task: "Draft the team's next answer to the visitor's last question, in the visitor's language, in at most 150 words, with their first name if it is given. Use nothing but the sources; where they do not answer, say plainly that you will find out. Link to a source by its url where the visitor would want to read on.",
		data: map[string]any{"conversation": m.lines(), "sources": sources, "visitorFirstName": m.known["visitor.firstName"], "workspace": m.known["workspace.name"]}})
	if err != nil {
		return out, err
	}
	out.Content, out.HTML, out.How, out.Sources = text, safe.HTML(text), byModel, items
	return out, nil
}

// extract makes a draft of the best saved reply as it is, or else of the best passages, each with its article.
func (c *Copilot) extract(ctx context.Context, who actor.Actor, m matter, found []recall.Found, out Drafted) (Drafted, error) {
	var parts []string
	for k, f := range found {
		if len(parts) == 2 || k > 0 && (f.Score < 0.8*found[0].Score || f.Document.Source == store.FromSavedReply) {
			continue
		}
		i, err := c.item(ctx, who, m, f)
		if err != nil {
			return out, err
		}
		if i == nil || i.Text == "" {
			continue
		}
		out.Sources = append(out.Sources, *i)
		text := i.Text
		if i.URL != nil {
			text += "\n\n[" + strings.NewReplacer("[", "\\[", "]", "\\]").Replace(f.Document.Title) + "](" + *i.URL + ")"
		}
		parts = append(parts, text)
		if i.Source == store.FromSavedReply {
			break
		}
	}
	if len(parts) > 0 && out.Sources[0].Source == store.FromArticle {
		parts = append([]string{greeting(m)}, parts...)
	}
	out.Content = strings.Join(parts, "\n\n")
	out.HTML = safe.HTML(out.Content)
	return out, nil
}

func greeting(m matter) string {
	name := m.known["visitor.firstName"]
	if name != "" {
		name = " " + strings.NewReplacer("[", "", "]", "", "*", "", "<", "").Replace(name)
	}
	return fmt.Sprintf(tongue.Say(m.language()).Hello, name)
}
