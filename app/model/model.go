// Package model is a workspace's language model: where it is, what it may cost, and the one way to ask it.
//
// Its key is sealed and never shown again. Whoever asks says what for and for whom; what that took is written down, and
// counts against the budgets. After failures in a row the model is left alone for a while, so that nobody waits for what
// will not come. What a model says is a stranger's text (package llm).
package model

import (
	"context"
	"errors"
	"sync"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/llm"
	"deskbell/app/may"
	"deskbell/app/outside"
	"deskbell/app/seal"
	"deskbell/store"
)

// Models are the language models of all workspaces.
type Models struct {
	db    *store.DB
	seal  *seal.Seal
	reach outside.Reach

	mu        sync.Mutex
	embedders map[store.ID]chosen
}

// New makes Models. reach is how far the owner of the machine lets them go.
func New(db *store.DB, s *seal.Seal, reach outside.Reach) *Models {
	return &Models{db: db, seal: s, reach: reach, embedders: map[store.ID]chosen{}}
}

// Open hangs the model's settings on their doors.
func (m *Models) Open(d *door.Doors) {
	door.View(d, "aiAgent.getModel", may.Member, m.Settings, door.Shared())
	door.Verb(d, "aiAgent.updateModel", may.Has(may.SetIntegrations), m.Update, door.NoIdempotency())
	door.Verb(d, "aiAgent.listModels", may.Has(may.SetIntegrations), m.List, door.Cost(5), door.NoIdempotency())
	door.Verb(d, "aiAgent.testModel", may.Has(may.SetIntegrations), m.Test, door.Cost(10))
	door.View(d, "aiAgent.getEmbedder", may.Member, m.Embedder, door.Shared())
	door.Verb(d, "aiAgent.updateEmbedder", may.Has(may.SetIntegrations), m.UpdateEmbedder, door.Cost(5), door.NoIdempotency())

	door.Every(d, "model.purge", "@every 6h", m.Purge)
}

// Why a model is not asked. All of them are faults that a person may read.
var (
	ErrNone   = fault.New(fault.Unavailable, "No language model is set up.")
	ErrOff    = fault.New(fault.Unavailable, "The language model is switched off.")
	ErrPaused = fault.New(fault.Unavailable, "The language model failed several times and is left alone for a while.")
	ErrSpent  = fault.New(fault.RateLimited, "The budget for the language model is used up.")
)

// Answer is what a model said, and what that took.
type Answer struct {
	llm.Answer
	Model string
	Cost  int64 // millionths of a cent
}

// Complete puts a prompt to the model of who's workspace. purpose names what for ("answer", "translate"): one word, it
// is what the costs are sorted by. Where who.Visitor is set, the visitor's budget counts. An error is a fault: one of
// those above, or Unavailable around an *llm.Error.
func (m *Models) Complete(ctx context.Context, who actor.Actor, purpose string, p llm.Prompt) (*Answer, error) {
	c, err := m.begin(ctx, who, purpose, p)
	if err != nil {
		return nil, err
	}
	heard := 0
	if stream := p.Stream; stream != nil {
		p.Stream = func(text string) error {
			heard += len(text)
			return stream(text)
		}
	} else {
		p.Stream = func(text string) error { heard += len(text); return nil }
	}
	begun := time.Now()
	a, err := c.model.Ask(ctx, p)
	c.row.TookMs = time.Since(begun).Milliseconds()
	if err := m.settle(ctx, c, a, heard, err); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, complaint(err)
	}
	return &Answer{Answer: *a, Model: c.settings.Model, Cost: c.row.Cost}, nil
}

// call is one that is under way.
type call struct {
	workspace store.ID
	settings  *store.AIModel
	model     *llm.Model
	row       store.AICall
	in        int // tokens of the prompt, as estimated
	day       int64
	held      store.AISpent // reserved of the budgets
}

// begin looks whether the model may be asked, and reserves what the answer may cost at most, so that a hundred questions
// at once do not all fit into the same last cent.
func (m *Models) begin(ctx context.Context, who actor.Actor, purpose string, p llm.Prompt) (*call, error) {
	c := &call{workspace: who.Workspace}
	_, err := m.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		s, err := tx.Models.Model()
		switch {
		case errors.Is(err, store.ErrNotFound):
			return ErrNone
		case err != nil:
			return err
		case !s.Enabled:
			return ErrOff
		case s.PausedUntil > tx.Now():
			return ErrPaused
		}
		c.settings, c.day = s, day(tx.Now())
		c.row = store.AICall{Purpose: purpose, Provider: s.Provider, Model: s.Model, User: who.User, Visitor: who.Visitor}
		most := p.MaxTokens
		if most == 0 {
			most = llm.MostTokens
		}
		c.in = tokens(size(p))
		c.held = spent(s, c.in, most)
		if err := affordable(tx, s, c); err != nil {
			return err
		}
		if s.Failures >= tolerated { // one tries whether it works again; the others wait for what it finds
			s.PausedUntil = tx.Now().Add(trial)
			if err := tx.Models.Fared(s); err != nil {
				return err
			}
		}
		return spend(tx, c, c.held)
	})
	if err != nil {
		return nil, err
	}
	c.model, err = m.open(who.Workspace, c.settings)
	if err != nil {
		return nil, errors.Join(complaint(err), m.settle(ctx, c, nil, 0, err))
	}
	return c, nil
}

// open makes the client of a workspace's model.
func (m *Models) open(workspace store.ID, s *store.AIModel) (*llm.Model, error) {
	key, err := m.seal.Open(workspace, s.KeySealed)
	if err != nil {
		return nil, err
	}
	return llm.New(llm.Config{Provider: llm.Provider(s.Provider), BaseURL: s.BaseURL, Key: key, Model: s.Model, Reach: m.reach})
}

// settle writes a call down, gives back what it did not use, and notes how the model fares.
func (m *Models) settle(ctx context.Context, c *call, a *llm.Answer, heard int, failed error) error {
	c.row.Outcome = "ok"
	if failed != nil {
		c.row.Outcome = string(llm.KindOf(failed))
		if c.row.Outcome == "" {
			c.row.Outcome = "failed"
		}
	}
	// The caller may have given up; what was spent was spent.
	_, err := m.db.Write(context.WithoutCancel(ctx), c.workspace, func(tx *store.Tx) error {
		row := c.row
		row.TokensIn, row.TokensOut, row.Estimated = usage(c, a, heard, failed)
		used := spent(c.settings, row.TokensIn, row.TokensOut)
		row.Cost = used.Cost
		if err := tx.Models.AddCall(&row); err != nil {
			return err
		}
		if err := spend(tx, c, store.AISpent{Tokens: used.Tokens - c.held.Tokens, Cost: used.Cost - c.held.Cost}); err != nil {
			return err
		}
		if err := fared(tx, c, failed); err != nil {
			return err
		}
		c.row.Cost = row.Cost
		return nil
	})
	return err
}

// complaint makes a fault of a model's failure. The provider's words stay out of it: the settings show them to those
// who may see them.
func complaint(err error) error {
	if errors.Is(err, seal.ErrLost) {
		return fault.New(fault.Unavailable, "The key of the language model cannot be read any more; enter it again.").Because(err)
	}
	text := map[llm.Kind]string{
		llm.RateLimited: "The language model's server asks us to slow down.", llm.Auth: "The language model's server refuses the key.",
		llm.Refused: "The language model's server refused the request.", llm.Timeout: "The language model took too long.",
		llm.Unreachable: "The language model's server cannot be reached.", llm.TooLong: "The language model said too much.",
		llm.Forbidden: "The language model's address is not on the public internet.",
	}[llm.KindOf(err)]
	if text == "" {
		text = "The language model did not give an answer."
	}
	return fault.New(fault.Unavailable, "%s", text).Because(err)
}
