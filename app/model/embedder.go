package model

import (
	"context"
	"errors"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/outside"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/store"
)

// Embedder tells whose vectors the knowledge is found by, and how far they are.
type Embedder struct {
	Protocol string  `json:"protocol"` // "": the model inside the program
	BaseURL  string  `json:"baseUrl"`
	Model    string  `json:"model"`
	Dims     int     `json:"dims"` // 0: the model's own
	Price    int64   `json:"price"`
	KeySet   bool    `json:"keySet"`
	KeyEnd   string  `json:"keyEnd"`
	Serving  string  `json:"serving"` // the model that answers until the chosen one has learned everything
	Done     int     `json:"done"`
	Total    int     `json:"total"`
	Trouble  *string `json:"trouble"`
}

// Embedder tells how it is set, and how far it is.
func (m *Models) Embedder(tx *store.Tx, who actor.Actor, _ Empty) (out Embedder, err error) {
	e, err := tx.Models.Embedder()
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return out, err
	}
	p, err := recall.Progress(tx)
	if err != nil {
		return out, err
	}
	out = Embedder{Serving: p.Serving, Done: p.Done, Total: p.Total}
	if p.LastError != "" && who.Can(may.SetIntegrations) {
		out.Trouble = &p.LastError
	}
	if e != nil && who.Can(may.SetIntegrations) {
		out.Protocol, out.BaseURL, out.Model, out.Dims, out.Price, out.KeySet, out.KeyEnd = e.Protocol, e.BaseURL, e.Model, e.Dims, e.Price, len(e.KeySealed) > 0, e.KeyEnd
	}
	return out, nil
}

// EmbedderUpdate chooses an embedder. A key is for one address: with another it is forgotten, unless it comes along.
type EmbedderUpdate struct {
	Protocol string             `json:"protocol" enum:",openai,ollama"`
	BaseURL  string             `json:"baseUrl,omitempty" maxLength:"300"`
	Model    string             `json:"model,omitempty" maxLength:"200"`
	Dims     int                `json:"dims,omitempty" minimum:"0" maximum:"8192"`
	Price    int64              `json:"price,omitempty" minimum:"0" maximum:"1000000" doc:"cents for a million tokens, for the budgets of the language model"`
	Key      door.Patch[string] `json:"key,omitempty" maxLength:"500"`
}

const greeting = 20 * time.Second // for a new embedder to show that it works

// UpdateEmbedder chooses whose vectors to use, once it has made one. What is known is learned anew in the background, while
// the former vectors go on answering.
func (m *Models) UpdateEmbedder(ctx context.Context, who actor.Actor, in EmbedderUpdate) (out Embedder, err error) {
	e := &store.AIEmbedder{}
	if in.Protocol != "" {
		if e, err = m.choice(ctx, who.Workspace, in); err != nil {
			return out, err
		}
		if err := m.greet(ctx, who.Workspace, e); err != nil {
			return out, err
		}
	}
	_, err = m.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		if in.Protocol == "" {
			err = tx.Models.RemoveEmbedder()
		} else {
			err = tx.Models.SetEmbedder(e)
		}
		if err == nil {
			out, err = m.Embedder(tx, who, Empty{})
		}
		return err
	})
	return out, err
}

// choice checks what was chosen, and joins it with the key that is there.
func (m *Models) choice(ctx context.Context, workspace store.ID, in EmbedderUpdate) (*store.AIEmbedder, error) {
	e := &store.AIEmbedder{Protocol: in.Protocol, BaseURL: strings.TrimRight(strings.TrimSpace(in.BaseURL), "/"), Model: strings.TrimSpace(in.Model), Dims: in.Dims, Price: in.Price}
	err := m.db.Read(ctx, workspace, func(tx *store.Tx) error {
		was, err := tx.Models.Embedder()
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil && was.Protocol == e.Protocol && was.BaseURL == e.BaseURL {
			e.KeySealed, e.KeyEnd = was.KeySealed, was.KeyEnd
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if e.Model == "" {
		return nil, fault.New(fault.Invalid, "Name the model.").On("model")
	}
	return e, m.rekey(workspace, in.Key, &e.KeySealed, &e.KeyEnd)
}

// greet has an embedder make one vector.
func (m *Models) greet(ctx context.Context, workspace store.ID, e *store.AIEmbedder) error {
	made, err := m.embedder(workspace, e)
	if errors.Is(err, outside.ErrPrivate) {
		return fault.New(fault.Invalid, "%s", inside).On("baseUrl").Because(err)
	}
	if err != nil {
		return fault.New(fault.Invalid, "The address must be a whole one, such as https://api.example.com/v1.").On("baseUrl").Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, greeting)
	defer cancel()
	if _, err := made.Embed(ctx, []string{"hello"}); err != nil {
		if errors.Is(err, outside.ErrPrivate) {
			return fault.New(fault.Invalid, "%s", inside).On("baseUrl").Because(err)
		}
		return fault.New(fault.Unavailable, "This model gave no vector, so nothing was changed. (%s)", safe.Clip(err.Error(), 200)).Because(err)
	}
	return nil
}

func (m *Models) embedder(workspace store.ID, e *store.AIEmbedder) (recall.Embedder, error) {
	key, err := m.seal.Open(workspace, e.KeySealed)
	if err != nil {
		return nil, err
	}
	made, err := recall.Remote{Protocol: e.Protocol, BaseURL: e.BaseURL, Key: key, Model: e.Model, Dims: e.Dims, Reach: m.reach}.Embedder()
	if err != nil {
		return nil, err
	}
	return &booked{Counting: made, m: m, workspace: workspace, of: *e}, nil
}

// booked is an embedder whose work stands in the books of the language model, and within its budgets. Where they are used
// up it refuses, and words have to do.
type booked struct {
	recall.Counting
	m         *Models
	workspace store.ID
	of        store.AIEmbedder
}

// Embed embeds what the budgets allow.
func (b *booked) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	c := &call{workspace: b.workspace, row: store.AICall{Purpose: "embed", Provider: b.of.Protocol, Model: b.of.Model, Outcome: "ok"}}
	for _, t := range texts {
		c.in += tokens(min(len(t), recall.MostText))
	}
	_, err := b.m.db.Write(ctx, b.workspace, func(tx *store.Tx) error {
		c.day, c.held = day(tx.Now()), b.cost(c.in)
		s, err := tx.Models.Budgets()
		if err == nil {
			err = affordable(tx, s, c)
		} else if errors.Is(err, store.ErrNotFound) { // no budgets
			err = nil
		}
		if err != nil {
			return err
		}
		return spend(tx, c, c.held)
	})
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	list, read, failed := b.EmbedCounting(ctx, texts)
	c.row.TookMs = time.Since(begun).Milliseconds()
	return list, errors.Join(failed, b.settle(ctx, c, read, failed))
}

func (b *booked) cost(tokens int) store.AISpent {
	return store.AISpent{Tokens: int64(tokens), Cost: int64(tokens) * b.of.Price}
}

// settle writes a call down and gives back what it did not use. What a server refused it did not read; what it answered
// brokenly, or too late, it did.
func (b *booked) settle(ctx context.Context, c *call, read int, failed error) error {
	row := c.row
	if row.TokensIn = read; read == 0 && (failed == nil || errors.Is(failed, recall.ErrBroken) || errors.Is(failed, context.DeadlineExceeded)) {
		row.TokensIn, row.Estimated = c.in, true
	}
	if failed != nil {
		row.Outcome = "failed"
	}
	used := b.cost(row.TokensIn)
	row.Cost = used.Cost
	// The caller may have given up; what was spent was spent.
	_, err := b.m.db.Write(context.WithoutCancel(ctx), b.workspace, func(tx *store.Tx) error {
		kept := row
		if err := tx.Models.AddCall(&kept); err != nil {
			return err
		}
		return spend(tx, c, store.AISpent{Tokens: used.Tokens - c.held.Tokens, Cost: used.Cost - c.held.Cost})
	})
	return err
}

// chosen is an embedder that was made, and what of.
type chosen struct {
	of   store.AIEmbedder
	made recall.Embedder
}

// Choose gives recall the embedder of a workspace. The same settings give the same one, which keeps its connections.
func (m *Models) Choose(ctx context.Context, workspace store.ID) (recall.Embedder, error) {
	var e *store.AIEmbedder
	err := m.db.Read(ctx, workspace, func(tx *store.Tx) (err error) {
		e, err = tx.Models.Embedder()
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return recall.Builtin, nil
	}
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, is := m.embedders[workspace]; is && c.of.Protocol == e.Protocol && c.of.BaseURL == e.BaseURL && c.of.Model == e.Model && c.of.Dims == e.Dims && c.of.Price == e.Price && string(c.of.KeySealed) == string(e.KeySealed) {
		return c.made, nil
	}
	made, err := m.embedder(workspace, e)
	if err != nil {
		return nil, err
	}
	if len(m.embedders) > 1000 {
		clear(m.embedders)
	}
	m.embedders[workspace] = chosen{*e, made}
	return made, nil
}
