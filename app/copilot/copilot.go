// Package copilot stands beside a member of the team who answers.
//
// It looks for what the workspace knows about a visitor's last question, drafts, sums up, and rewrites; it makes articles
// of what was solved. It never says anything to a visitor: what it makes goes into a draft, for a person to send. Without
// a language model it works with the team's own words, and says so; what cannot be done that way needs a model.
package copilot

import (
	"context"
	"log/slog"

	"golang.org/x/sync/singleflight"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/event"
	"deskbell/app/may"
	"deskbell/app/model"
	"deskbell/app/recall"
	"deskbell/store"
)

// Ways are what the copilot needs of its neighbours.
type Ways struct {
	// Search finds articles for the team by words, best first.
	Search func(tx *store.Tx, q string, limit int) ([]Article, error)
	// Terms are a question's words, each with those that mean the same.
	Terms func(tx *store.Tx, q string) ([][]string, error)
	// Link is where readers find an article; "" is nowhere.
	Link func(tx *store.Tx, article store.ID, language string) (string, error)
	// Confidence is how likely what was found answers a question, 0 to 1.
	Confidence func(question string, found []recall.Found) float64
	// Passage is the part of a text that speaks of a question.
	Passage func(question, markdown string) string
}

// Article is an article that was found by words.
type Article struct {
	ID      store.ID
	Title   string
	Excerpt string
	URL     string // empty: visitors cannot read it
}

// Copilot is the copilot of every workspace.
type Copilot struct {
	db     *store.DB
	index  *recall.Index
	models *model.Models
	log    *slog.Logger
	ways   Ways
	doors  *door.Doors
	being  singleflight.Group // translations that are under way
}

// New makes a copilot.
func New(db *store.DB, index *recall.Index, models *model.Models, log *slog.Logger, w Ways) *Copilot {
	return &Copilot{db: db, index: index, models: models, log: log, ways: w}
}

// Open hangs everything the copilot can do on its doors.
func (c *Copilot) Open(d *door.Doors) {
	c.doors = d
	door.View(d, "copilot.getSettings", may.Member, c.Settings, door.Shared())
	door.Verb(d, "copilot.updateSettings", may.Has(may.SetWorkspace), c.UpdateSettings)
	door.View(d, "copilot.find", may.Has(may.Reply), c.Find)
	door.Verb(d, "copilot.suggest", may.Has(may.Reply), c.Suggest, door.Cost(3))
	door.Verb(d, "copilot.draft", may.Has(may.Reply), c.Draft, door.Cost(5))
	door.Verb(d, "copilot.summarize", may.Has(may.ReadConversations), c.Summarize, door.Cost(3))
	door.Verb(d, "copilot.rewrite", may.Has(may.Reply), c.Rewrite, door.Cost(5))
	door.Verb(d, "copilot.translate", may.Has(may.Reply), c.Translate, door.Cost(5))
	door.View(d, "copilot.getTranslations", may.Has(may.ReadConversations), c.Translations, door.Shared())
	door.Verb(d, "copilot.translateMessage", may.Has(may.Reply), c.TranslateMessage, door.Cost(3))
	door.Verb(d, "copilot.draftArticle", may.Has(may.CreateArticles).And(may.Has(may.ReadArticles)).And(may.Has(may.ReadConversations)), c.DraftArticle, door.Cost(5))
	door.Verb(d, "copilot.draftFromQuestions", may.Has(may.CreateArticles).And(may.Has(may.ReadArticles)).And(may.Has(may.ReadConversations)), c.DraftFromQuestions, door.Cost(5))

	door.On(d, "copilot.moved", func(ctx context.Context, e event.ConversationMoved) error {
		return c.learn(ctx, e.Workspace, e.Conversation)
	})
	door.On(d, "copilot.merged", func(ctx context.Context, e event.ConversationMerged) error {
		return c.learn(ctx, e.Workspace, e.Conversation, e.Into)
	})
	door.Later(d, learning, c.learnAll)
}

// Empty is an input or output without fields.
type Empty struct{}

// Settings are what the workspace lets its copilot learn from.
type Settings struct {
	LearnConversations bool `json:"learnConversations"` // solved conversations, without personal data, for the team alone
	Learned            int  `json:"learned"`            // how many it has learned from
}

// Settings tells what the copilot learns from.
func (c *Copilot) Settings(tx *store.Tx, _ actor.Actor, _ Empty) (out Settings, err error) {
	if out.LearnConversations, err = tx.Copilot.LearnsConversations(); err != nil {
		return out, err
	}
	out.Learned, err = tx.Copilot.Learned()
	return out, err
}

// Update is what may be changed of the settings.
type Update struct {
	LearnConversations *bool `json:"learnConversations,omitempty"`
}

// UpdateSettings changes the settings. What was learned from conversations is not found any more once they are no source,
// and is deleted soon after.
func (c *Copilot) UpdateSettings(ctx context.Context, who actor.Actor, in Update) (out Settings, err error) {
	_, err = c.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		was, err := tx.Copilot.LearnsConversations()
		if err != nil {
			return err
		}
		if in.LearnConversations != nil && *in.LearnConversations != was {
			if err := tx.Copilot.LearnConversations(*in.LearnConversations); err != nil {
				return err
			}
			if err := c.doors.Enqueue(tx, learning, "", tx.Now(), page{Workspace: who.Workspace}); err != nil {
				return err
			}
		}
		out, err = c.Settings(tx, who, Empty{})
		return err
	})
	return out, err
}
