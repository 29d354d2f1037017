package copilot

import (
	"context"

	"deskbell/app/actor"
	"deskbell/app/may"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/app/saved"
	"deskbell/store"
)

// least is the confidence from which a suggestion is worth a look; a draft has to be surer.
const (
	least = 0.07
	sure  = 0.2
)

// Suggested is what fits a visitor's last question.
type Suggested struct {
	Question string `json:"question"`
	Items    []Item `json:"items"`
}

// matter is what somebody needs to answer in a conversation.
type matter struct {
	talk
	known   map[string]string
	sources []store.ChunkSource
}

// open reads a conversation, and which sources the one who answers may use.
func (c *Copilot) open(ctx context.Context, who actor.Actor, conversation store.ID) (m matter, err error) {
	err = c.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		if m.talk, err = read(tx, conversation); err != nil {
			return err
		}
		if m.known, err = saved.Known(tx, who, conversation); err != nil {
			return err
		}
		m.sources = []store.ChunkSource{store.FromSavedReply}
		if who.Can(may.ReadArticles) {
			m.sources = append(m.sources, store.FromArticle, store.FromInternalArticle)
		}
		learns, err := tx.Copilot.LearnsConversations()
		if err == nil && learns {
			m.sources = append(m.sources, store.FromConversation)
		}
		return err
	})
	return m, err
}

// Suggest finds what the workspace knows about a visitor's last question: articles, saved replies, and what was solved before.
func (c *Copilot) Suggest(ctx context.Context, who actor.Actor, in Which) (out Suggested, err error) {
	m, err := c.open(ctx, who, in.ConversationID)
	if err != nil {
		return out, err
	}
	out = Suggested{Question: safe.Preview(m.question()), Items: []Item{}}
	found, err := c.find(ctx, who, m, m.sources)
	if err != nil {
		return out, err
	}
	for _, f := range found {
		i, err := c.item(ctx, who, m, f)
		if err != nil {
			return out, err
		}
		if i != nil && len(out.Items) < 6 {
			out.Items = append(out.Items, *i)
		}
	}
	return out, nil
}

// find looks in sources for what is worth a look, best first.
func (c *Copilot) find(ctx context.Context, who actor.Actor, m matter, sources []store.ChunkSource) (out []recall.Found, err error) {
	question := m.question()
	found, err := c.index.Find(ctx, recall.Query{Workspace: who.Workspace, Text: question, Sources: sources, Staff: true, Limit: 12, PerDocument: 1})
	for _, f := range found {
		self := f.Document.Source == store.FromConversation && f.Document.SourceID == m.ID
		if !self && (f.Meaning == 0 || c.ways.Confidence(question, []recall.Found{f}) >= least) { // without a vector yet, its words have to speak for it
			out = append(out, f)
		}
	}
	return out, err
}

// item is what was found as it goes into an answer; nil when it is gone meanwhile.
func (c *Copilot) item(ctx context.Context, who actor.Actor, m matter, f recall.Found) (*Item, error) {
	d := f.Document
	i := Item{Source: d.Source, ID: d.SourceID, Title: d.Title, Text: c.ways.Passage(m.question(), f.Body), Confidence: c.ways.Confidence(m.question(), []recall.Found{f})}
	if f.Heading != "" {
		i.Title += " › " + f.Heading
	}
	err := c.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		switch d.Source {
		case store.FromSavedReply:
			r, err := tx.SavedReplies.ByID(d.SourceID, who.User)
			if err == nil {
				i = reply(*r, m.known)
				i.Confidence = c.ways.Confidence(m.question(), []recall.Found{f})
			}
			return err
		case store.FromArticle:
			url, err := c.ways.Link(tx, d.SourceID, d.Language)
			if url != "" {
				i.URL = &url
			}
			return err
		case store.FromInternalArticle:
			i.TeamOnly, i.Text = true, "" // it is for the team: nothing of it slips into an answer
		}
		return nil
	})
	if err == store.ErrNotFound {
		return nil, nil
	}
	if i.Excerpt == "" {
		i.Excerpt = safe.Preview(f.Body)
	}
	return &i, err
}
