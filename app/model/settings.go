package model

import (
	"context"
	"errors"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/llm"
	"deskbell/app/may"
	"deskbell/app/outside"
	"deskbell/app/safe"
	"deskbell/app/seal"
	"deskbell/store"
)

// Empty is an input or output without fields.
type Empty struct{}

// Settings are a workspace's model as the team sees it. Where it is and what it costs is for those who may change it.
type Settings struct {
	Provider      string  `json:"provider"` // "": there is none
	BaseURL       string  `json:"baseUrl"`  // "": the provider's own
	Model         string  `json:"model"`
	KeySet        bool    `json:"keySet"`
	KeyEnd        string  `json:"keyEnd"`
	Enabled       bool    `json:"enabled"`
	Ready         bool    `json:"ready"` // it may be asked now
	PriceIn       int64   `json:"priceIn"`
	PriceOut      int64   `json:"priceOut"`
	BudgetUnit    string  `json:"budgetUnit"`
	VisitorBudget int64   `json:"visitorBudget"`
	DayBudget     int64   `json:"dayBudget"`
	MonthBudget   int64   `json:"monthBudget"`
	Today         Spent   `json:"today"`
	Month         Spent   `json:"month"`
	Trouble       *Failed `json:"trouble"`
	PrivateHosts  bool    `json:"privateHosts"` // the owner of the machine allows addresses inside
}

// Spent is what a time took.
type Spent struct {
	Tokens int64   `json:"tokens"`
	Cents  float64 `json:"cents"`
}

// Failed tells what is wrong with a model.
type Failed struct {
	Kind        string      `json:"kind"`
	Complaint   string      `json:"complaint"`
	Failures    int         `json:"failures"`
	At          store.Time  `json:"at"`
	PausedUntil *store.Time `json:"pausedUntil"`
}

const defaultVisitorBudget = 100_000

// Settings tells how the workspace's model is set up.
func (m *Models) Settings(tx *store.Tx, who actor.Actor, _ Empty) (Settings, error) {
	s, err := tx.Models.Model()
	if errors.Is(err, store.ErrNotFound) {
		out := Settings{BudgetUnit: "tokens", VisitorBudget: defaultVisitorBudget, PrivateHosts: m.reach == outside.Private}
		if !who.Can(may.SetIntegrations) {
			return out, nil
		}
		b, err := current(tx)
		if err != nil {
			return out, err
		}
		out.cost(b)
		err = out.count(tx) // an embedder spends too
		return out, err
	}
	if err != nil {
		return Settings{}, err
	}
	out := Settings{Provider: s.Provider, Model: s.Model, Enabled: s.Enabled, Ready: s.Enabled && s.Failures < tolerated, BudgetUnit: s.BudgetUnit, PrivateHosts: m.reach == outside.Private}
	if !who.Can(may.SetIntegrations) {
		return out, nil
	}
	out.BaseURL, out.KeySet, out.KeyEnd = s.BaseURL, len(s.KeySealed) > 0, s.KeyEnd
	out.cost(s)
	if s.Failures > 0 {
		out.Trouble = &Failed{Kind: s.Failure, Complaint: s.Complaint, Failures: s.Failures, At: s.FailedAt}
		if s.PausedUntil > 0 {
			out.Trouble.PausedUntil = &s.PausedUntil
		}
	}
	err = out.count(tx)
	return out, err
}

// cost tells the prices and budgets.
func (s *Settings) cost(m *store.AIModel) {
	s.BudgetUnit, s.PriceIn, s.PriceOut, s.VisitorBudget, s.DayBudget, s.MonthBudget = m.BudgetUnit, m.PriceIn, m.PriceOut, m.VisitorBudget, m.DayBudget, m.MonthBudget
}

// count tells what today and this month took.
func (s *Settings) count(tx *store.Tx) error {
	today, err := tx.Models.Spent(day(tx.Now()), day(tx.Now()), 0)
	if err != nil {
		return err
	}
	whole, err := tx.Models.Spent(month(tx.Now()), day(tx.Now()), 0)
	s.Today, s.Month = shown(today), shown(whole)
	return err
}

func shown(s store.AISpent) Spent { return Spent{Tokens: s.Tokens, Cents: float64(s.Cost) / 1e6} }

// Update is what may be changed of a model's settings. A key is for one address: with another provider or base URL it is
// forgotten, unless it comes along.
type Update struct {
	Provider      *string            `json:"provider,omitempty" enum:",openai,anthropic,ollama"`
	BaseURL       *string            `json:"baseUrl,omitempty" maxLength:"300"`
	Model         *string            `json:"model,omitempty" maxLength:"200"`
	Key           door.Patch[string] `json:"key,omitempty" maxLength:"500"`
	Enabled       *bool              `json:"enabled,omitempty"`
	PriceIn       *int64             `json:"priceIn,omitempty" minimum:"0" maximum:"1000000"`
	PriceOut      *int64             `json:"priceOut,omitempty" minimum:"0" maximum:"1000000"`
	BudgetUnit    *string            `json:"budgetUnit,omitempty" enum:"tokens,cents"`
	VisitorBudget *int64             `json:"visitorBudget,omitempty" minimum:"0" maximum:"1000000000000"`
	DayBudget     *int64             `json:"dayBudget,omitempty" minimum:"0" maximum:"1000000000000"`
	MonthBudget   *int64             `json:"monthBudget,omitempty" minimum:"0" maximum:"1000000000000"`
}

// Update changes where the model is and what it may cost. No provider is no model, and forgets the key, but no budget.
func (m *Models) Update(ctx context.Context, who actor.Actor, in Update) (out Settings, err error) {
	_, err = m.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		if in.Provider != nil && *in.Provider == "" {
			if err := tx.Models.Remove(); err != nil {
				return err
			}
			in = in.frugal()
		}
		s, err := current(tx)
		if err != nil {
			return err
		}
		if s.Model == "" && in.frugal() == in {
			err = budget(tx, s, in)
		} else {
			err = m.change(s, who.Workspace, in)
		}
		if err != nil {
			return err
		}
		if err := tx.Models.Set(s); err != nil {
			return err
		}
		out, err = m.Settings(tx, who, Empty{})
		return err
	})
	return out, err
}

// frugal is what of an update is about prices and budgets: these may be set without a model, for an embedder spends too.
func (u Update) frugal() Update {
	return Update{PriceIn: u.PriceIn, PriceOut: u.PriceOut, BudgetUnit: u.BudgetUnit, VisitorBudget: u.VisitorBudget, DayBudget: u.DayBudget, MonthBudget: u.MonthBudget}
}

// current is what is set up so far: without a model it has no name and no provider.
func current(tx *store.Tx) (*store.AIModel, error) {
	s, err := tx.Models.Budgets()
	if errors.Is(err, store.ErrNotFound) {
		return &store.AIModel{Enabled: true, BudgetUnit: "tokens", VisitorBudget: defaultVisitorBudget}, nil
	}
	if err == nil && s.Model == "" {
		s.Provider, s.Enabled = "", true
	}
	return s, err
}

// budget changes the budgets of a workspace without a model.
func budget(tx *store.Tx, s *store.AIModel, in Update) error {
	in.price(s)
	if s.BudgetUnit == "cents" && s.PriceIn == 0 && s.PriceOut == 0 {
		if e, err := tx.Models.Embedder(); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		} else if e == nil || e.Price == 0 {
			return errPriceless
		}
	}
	s.Provider = string(llm.OpenAI) // a row has one; without the name of a model it means nothing
	return nil
}

var errPriceless = fault.New(fault.Invalid, "A budget in cents needs the prices.").On("priceIn")

// price takes over prices and budgets.
func (u Update) price(s *store.AIModel) {
	door.Set(&s.PriceIn, u.PriceIn)
	door.Set(&s.PriceOut, u.PriceOut)
	door.Set(&s.BudgetUnit, u.BudgetUnit)
	door.Set(&s.VisitorBudget, u.VisitorBudget)
	door.Set(&s.DayBudget, u.DayBudget)
	door.Set(&s.MonthBudget, u.MonthBudget)
}

func (m *Models) change(s *store.AIModel, workspace store.ID, in Update) error {
	provider, base := s.Provider, s.BaseURL
	door.Set(&s.Provider, in.Provider)
	door.Set(&s.Enabled, in.Enabled)
	in.price(s)
	if in.BaseURL != nil {
		s.BaseURL = strings.TrimRight(strings.TrimSpace(*in.BaseURL), "/")
	}
	if in.Model != nil {
		s.Model = strings.TrimSpace(*in.Model)
	}
	if s.Provider != provider || s.BaseURL != base {
		s.KeySealed, s.KeyEnd = nil, ""
	}
	if err := m.rekey(workspace, in.Key, &s.KeySealed, &s.KeyEnd); err != nil {
		return err
	}
	switch {
	case s.Provider == "":
		return fault.New(fault.Invalid, "Choose a provider.").On("provider")
	case s.Model == "" || strings.ContainsFunc(s.Model, func(r rune) bool { return r < ' ' }):
		return fault.New(fault.Invalid, "Name the model.").On("model")
	case s.BudgetUnit == "cents" && s.PriceIn == 0 && s.PriceOut == 0:
		return errPriceless
	}
	return m.reachable(s)
}

// rekey seals a key that came along.
func (m *Models) rekey(workspace store.ID, in door.Patch[string], sealed *[]byte, end *string) error {
	if !in.Set {
		return nil
	}
	key := strings.TrimSpace(in.Value)
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) || len(key) > 500 {
		return fault.New(fault.Invalid, "A key has no spaces and no special characters.").On("key")
	}
	*sealed, *end = nil, ""
	if key != "" {
		*sealed, *end = m.seal.Close(workspace, key), seal.End(key)
	}
	return nil
}

const inside = "This address is inside the server's network. Its owner can allow that with --ai-private-hosts."

// reachable refuses an address that nobody may go to.
func (m *Models) reachable(s *store.AIModel) error {
	if _, err := llm.New(llm.Config{Provider: llm.Provider(s.Provider), BaseURL: s.BaseURL, Model: s.Model, Reach: m.reach}); err != nil {
		if errors.Is(err, outside.ErrPrivate) || m.reach == outside.Public && s.Provider == string(llm.Ollama) {
			return fault.New(fault.Invalid, "%s", inside).On("baseUrl").Because(err)
		}
		return fault.New(fault.Invalid, "The address must be a whole one, such as https://api.example.com/v1.").On("baseUrl").Because(err)
	}
	return nil
}

// Where says which server to ask for its models: the one that is set up, or one that may become it.
type Where struct {
	Provider string `json:"provider,omitempty" enum:",openai,anthropic,ollama"`
	BaseURL  string `json:"baseUrl,omitempty" maxLength:"300"`
	Key      string `json:"key,omitempty" maxLength:"500"`
}

// Offered are the models a provider has.
type Offered struct {
	Models []string `json:"models"`
}

// List asks the provider which models it has. The stored key goes to the stored address and to no other.
func (m *Models) List(ctx context.Context, who actor.Actor, in Where) (Offered, error) {
	var s *store.AIModel
	err := m.db.Read(ctx, who.Workspace, func(tx *store.Tx) (err error) {
		s, err = current(tx)
		return err
	})
	if err != nil {
		return Offered{}, err
	}
	up := Update{}
	if in.Provider != "" {
		up.Provider, up.BaseURL = &in.Provider, &in.BaseURL
	}
	if in.Key != "" {
		up.Key = door.Patch[string]{Set: true, Value: in.Key}
	}
	if s.Model == "" {
		s.Model = "any"
	}
	if err := m.change(s, who.Workspace, up); err != nil {
		return Offered{}, err
	}
	model, err := m.open(who.Workspace, s)
	if err != nil {
		return Offered{}, complaint(err)
	}
	list, err := model.Models(ctx)
	if err != nil {
		return Offered{}, told(err)
	}
	return Offered{Models: list}, nil
}

// Tested is how the model answered a greeting.
type Tested struct {
	Answer string `json:"answer"`
	TookMs int64  `json:"tookMs"`
	Tokens int    `json:"tokens"`
}

// Test lets the model say a word, whether it is left alone just now or not.
func (m *Models) Test(ctx context.Context, who actor.Actor, _ Empty) (Tested, error) {
	_, err := m.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		s, err := tx.Models.Model()
		if errors.Is(err, store.ErrNotFound) {
			return ErrNone
		}
		if err != nil || s.PausedUntil == 0 {
			return err
		}
		s.PausedUntil = 0
		return tx.Models.Fared(s)
	})
	if err != nil {
		return Tested{}, err
	}
	begun := time.Now()
	a, err := m.Complete(ctx, who, "test", llm.Prompt{System: "You are being tested. Answer with one short sentence.", Messages: []llm.Message{{Role: llm.User, Text: "Say that you are ready."}}, MaxTokens: 200, Timeout: 20 * time.Second})
	if err != nil {
		return Tested{}, told(err)
	}
	return Tested{Answer: safe.Clip(a.Text, 300), TookMs: time.Since(begun).Milliseconds(), Tokens: a.TokensIn + a.TokensOut}, nil
}

// told is a failure for those who set the model up: they may read what its server says.
func told(err error) error {
	var e *llm.Error
	f := fault.Of(complaint(err))
	if fault.Of(err).Kind != fault.Internal {
		f = fault.Of(err)
	}
	if errors.As(err, &e) {
		return fault.New(f.Kind, "%s (%s)", f.Message, safe.Clip(e.Message, 200)).Because(err)
	}
	return f
}
