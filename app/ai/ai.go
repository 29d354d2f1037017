// Package ai is the AI agent: it answers visitors from what the workspace knows, and hands over to people.
//
// A visitor's message is answered by a job. What may answer is looked up by words and by meaning (package recall); how
// sure the agent can be is a number from 0 to 1 with a meaning: of the answers given at 0.8, about four in five are
// right. Below the workspace's threshold, on request, on certain topics, and when anything fails, a person takes over:
// once, with a note that tells what it was about. Every run is kept, with what was found and what would have been said.
//
// Without a language model the agent is extractive: it sends the passages that answer, in the workspace's own words,
// with the articles they are from. What it cannot show a source for it does not say.
package ai

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/event"
	"deskbell/app/fault"
	"deskbell/app/inbox"
	"deskbell/app/may"
	"deskbell/app/recall"
	"deskbell/store"
)

// Agent is the AI agent of every workspace.
type Agent struct {
	db    *store.DB
	inbox *inbox.Inbox
	index *recall.Index
	log   *slog.Logger
	link  func(tx *store.Tx, article store.ID, language string) (string, error)
}

// New makes an agent. link tells where readers find an article; "" is nowhere.
func New(db *store.DB, b *inbox.Inbox, index *recall.Index, log *slog.Logger, link func(*store.Tx, store.ID, string) (string, error)) *Agent {
	return &Agent{db: db, inbox: b, index: index, log: log, link: link}
}

// Open hangs everything the agent can do on its doors.
func (a *Agent) Open(d *door.Doors) {
	door.View(d, "aiAgent.getSettings", may.Member, a.Settings, door.Shared())
	door.Verb(d, "aiAgent.updateSettings", may.Has(may.SetWorkspace), a.UpdateSettings)
	door.View(d, "aiAgent.getConversationResponses", may.Has(may.ReadConversations), a.OfConversation, door.Shared())
	door.View(d, "aiAgent.listRuns", may.Has(may.ReadConversations), a.Runs, door.Shared())
	door.View(d, "aiAgent.getSummary", may.Has(may.ReadConversations), a.Summary, door.Shared())
	door.Verb(d, "aiAgent.ask", may.Has(may.ReadConversations), a.Try, door.Cost(5))
	door.Verb(d, "aiAgent.handoffToHuman", may.Has(may.Reply).Or(may.OwnVisitor), a.AskForPerson)
	door.Verb(d, "aiAgent.handBack", may.Has(may.Reply), a.inbox.HandBack)
	door.Verb(d, "aiAgent.submitFeedback", may.OwnVisitor, a.Rate)

	door.Verb(d, "aiAgent.judge", may.Has(may.Reply), a.Judge)
	door.View(d, "aiAgent.getReport", may.Has(may.ReadConversations), a.Report, door.Shared())
	door.Verb(d, "aiAgent.listUnanswered", may.Has(may.ReadConversations), a.Unanswered, door.Cost(5))
	door.Verb(d, "aiAgent.settleQuestions", may.Has(may.Reply), a.Settle)

	door.On(d, "ai.respond", a.respond, wanted)
	door.On(d, "ai.learn", a.learn)
	door.Every(d, "ai.understand", "@every 1m", a.Understand)
}

// Empty is an input or output without fields.
type Empty struct{}

// Settings are how the workspace wants its AI agent.
type Settings struct {
	Enabled       bool     `json:"enabled"`
	Name          string   `json:"name"`
	Threshold     float64  `json:"threshold"`
	MaxTurns      int      `json:"maxTurns"`
	HandoffNotice *string  `json:"handoffNotice"`
	Topics        []string `json:"topics"`
	Indexed       int      `json:"indexed"` // of the knowledge's pieces, how many are found by meaning
	Pieces        int      `json:"pieces"`
}

func shown(tx *store.Tx, s *store.AISettings) (Settings, error) {
	out := Settings{Enabled: s.Enabled, Name: s.Name, Threshold: s.Threshold, MaxTurns: s.MaxTurns, Topics: []string{}}
	if s.HandoffNotice != "" {
		out.HandoffNotice = &s.HandoffNotice
	}
	if err := json.Unmarshal(s.Topics, &out.Topics); err != nil {
		return out, err
	}
	p, err := recall.Progress(tx)
	out.Indexed, out.Pieces = p.Done, p.Total
	return out, err
}

// Settings tells the settings, and how far the knowledge is indexed.
func (a *Agent) Settings(tx *store.Tx, _ actor.Actor, _ Empty) (Settings, error) {
	s, err := tx.AI.Settings()
	if err != nil {
		return Settings{}, err
	}
	return shown(tx, s)
}

// Update is what may be changed of the settings.
type Update struct {
	Enabled       *bool     `json:"enabled,omitempty"`
	Name          *string   `json:"name,omitempty" maxLength:"60"`
	Threshold     *float64  `json:"threshold,omitempty" minimum:"0" maximum:"1"`
	MaxTurns      *int      `json:"maxTurns,omitempty" minimum:"1" maximum:"50"`
	HandoffNotice *string   `json:"handoffNotice,omitempty" maxLength:"1000"`
	Topics        *[]string `json:"topics,omitempty" maxItems:"50"`
}

// UpdateSettings changes the settings.
func (a *Agent) UpdateSettings(ctx context.Context, who actor.Actor, in Update) (out Settings, err error) {
	topics, err := words(in.Topics)
	if err != nil {
		return out, err
	}
	if in.Name != nil && strings.TrimSpace(*in.Name) == "" {
		return out, fault.New(fault.Invalid, "Give the agent a name.").On("name")
	}
	_, err = a.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		s, err := tx.AI.Settings()
		if err != nil {
			return err
		}
		if in.Enabled != nil && *in.Enabled && !s.Enabled {
			s.EnabledAt = tx.Now()
		}
		set(&s.Enabled, in.Enabled)
		set(&s.Threshold, in.Threshold)
		set(&s.MaxTurns, in.MaxTurns)
		if in.Name != nil {
			s.Name = strings.TrimSpace(*in.Name)
		}
		if in.HandoffNotice != nil {
			s.HandoffNotice = strings.TrimSpace(*in.HandoffNotice)
		}
		if topics != nil {
			s.Topics = topics
		}
		if err := tx.AI.SetSettings(s); err != nil {
			return err
		}
		out, err = shown(tx, s)
		return err
	})
	return out, err
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// words tidies the list of topics; nil is no change.
func words(list *[]string) (json.RawMessage, error) {
	if list == nil {
		return nil, nil
	}
	out := []string{}
	for _, w := range *list {
		w = strings.ToLower(strings.TrimSpace(w))
		if w == "" {
			continue
		}
		if utf8.RuneCountInString(w) > 60 {
			return nil, fault.New(fault.Invalid, "A topic has at most 60 characters.").On("topics")
		}
		out = append(out, w)
	}
	return json.Marshal(out)
}

// learn keeps what can be found in step with an article.
func (a *Agent) learn(ctx context.Context, e event.ArticleChanged) error {
	_, err := a.db.Write(ctx, e.Workspace, func(tx *store.Tx) error { return teach(tx, e.Article) })
	a.index.Changed(e.Workspace)
	return err
}

// teach makes an article findable as readers see it now, in each of its languages.
func teach(tx *store.Tx, article store.ID) error {
	for _, s := range []store.ChunkSource{store.FromArticle, store.FromInternalArticle} {
		if err := recall.Drop(tx, s, article); err != nil {
			return err
		}
	}
	list, err := tx.Articles.ByIDs([]store.ID{article})
	if err != nil {
		return err
	}
	v, there := list[article]
	if !there || v.Status != "published" {
		return nil
	}
	texts, err := tx.Articles.Texts(article)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if !t.Live {
			continue
		}
		d := recall.Document{Source: store.FromArticle, ID: article, Language: t.Language, Published: true, Title: t.LiveTitle, Markdown: t.LiveContent}
		if v.Visibility == "internal" {
			d.Source, d.Audience = store.FromInternalArticle, store.AudienceStaff
		}
		if err := recall.Put(tx, d); err != nil {
			return err
		}
	}
	return nil
}
