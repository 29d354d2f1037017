package store

// AIModel is a workspace's language model: where it is, what it may cost, and how it fared.
type AIModel struct {
	Provider      string // openai, anthropic, ollama
	BaseURL       string // empty: the provider's own
	Model         string
	KeySealed     []byte // nil: none
	KeyEnd        string
	Enabled       bool
	PriceIn       int64 // cents for a million tokens; 0: not told
	PriceOut      int64
	BudgetUnit    string // tokens, cents
	VisitorBudget int64  // of one visitor a day; 0: no bound
	DayBudget     int64
	MonthBudget   int64
	Failures      int // in a row
	PausedUntil   Time
	FailedAt      Time
	Failure       string // the kind of the last one
	Complaint     string // in the provider's words
}

func (m *AIModel) fields() []any {
	return []any{&m.Provider, &m.BaseURL, &m.Model, &m.KeySealed, &m.KeyEnd, &m.Enabled, &m.PriceIn, &m.PriceOut, &m.BudgetUnit, &m.VisitorBudget, &m.DayBudget, &m.MonthBudget,
		&m.Failures, &m.PausedUntil, &m.FailedAt, &m.Failure, &m.Complaint}
}

const aiModelColumns = `provider, base_url, model, key_sealed, key_end, enabled, price_in, price_out, budget_unit, visitor_budget, day_budget, month_budget, failures, paused_until, failed_at, failure, complaint`

// AICall is one call of a model.
type AICall struct {
	ID        ID
	Purpose   string
	Provider  string
	Model     string
	User      ID // for whom: a member of staff, or 0
	Visitor   ID // or a visitor, or 0
	TokensIn  int
	TokensOut int
	Estimated bool  // the provider did not say how many tokens there were
	Cost      int64 // millionths of a cent
	TookMs    int64
	Outcome   string // ok, or the kind of error
	CreatedAt Time
}

func (c *AICall) fields() []any {
	return []any{&c.ID, &c.Purpose, &c.Provider, &c.Model, &c.User, &c.Visitor, &c.TokensIn, &c.TokensOut, &c.Estimated, &c.Cost, &c.TookMs, &c.Outcome, &c.CreatedAt}
}

// AISpent is what calls took: tokens, and millionths of a cent.
type AISpent struct{ Tokens, Cost int64 }

// Models are the workspaces' language models.
type Models struct{ *session }

// Model is the workspace's model, or ErrNotFound.
func (m Models) Model() (*AIModel, error) {
	m.saw("ai_models", "workspace_id", m.ws())
	return one[AIModel](m.session, `SELECT `+aiModelColumns+` FROM ai_models WHERE workspace_id = ? AND model <> ''`, m.ws())
}

// Budgets is the workspace's model, or what is kept where there is none (without a name): the prices and budgets, which hold
// for its embedder too.
func (m Models) Budgets() (*AIModel, error) {
	m.saw("ai_models", "workspace_id", m.ws())
	return one[AIModel](m.session, `SELECT `+aiModelColumns+` FROM ai_models WHERE workspace_id = ?`, m.ws())
}

// Set keeps the workspace's model, as one that has not failed.
func (m Models) Set(v *AIModel) error {
	_, err := exec(m.session, `INSERT INTO ai_models (workspace_id, provider, base_url, model, key_sealed, key_end, enabled, price_in, price_out, budget_unit, visitor_budget, day_budget, month_budget, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id) DO UPDATE SET provider = excluded.provider, base_url = excluded.base_url, model = excluded.model, key_sealed = excluded.key_sealed, key_end = excluded.key_end,
		enabled = excluded.enabled, price_in = excluded.price_in, price_out = excluded.price_out, budget_unit = excluded.budget_unit, visitor_budget = excluded.visitor_budget,
		day_budget = excluded.day_budget, month_budget = excluded.month_budget, failures = 0, paused_until = 0, failed_at = 0, failure = '', complaint = '', updated_at = excluded.updated_at`,
		m.ws(), v.Provider, v.BaseURL, v.Model, v.KeySealed, v.KeyEnd, v.Enabled, v.PriceIn, v.PriceOut, v.BudgetUnit, v.VisitorBudget, v.DayBudget, v.MonthBudget, m.Now())
	return err
}

// Remove forgets the workspace's model, but not the budgets.
func (m Models) Remove() error {
	_, err := exec(m.session, `UPDATE ai_models SET model = '', base_url = '', key_sealed = NULL, key_end = '', failures = 0, paused_until = 0, failed_at = 0, failure = '', complaint = '' WHERE workspace_id = ?`, m.ws())
	return err
}

// Fared keeps how the model fares.
func (m Models) Fared(v *AIModel) error {
	_, err := exec(m.session, `UPDATE ai_models SET failures = ?, paused_until = ?, failed_at = ?, failure = ?, complaint = ? WHERE workspace_id = ?`,
		v.Failures, v.PausedUntil, v.FailedAt, v.Failure, v.Complaint, m.ws())
	return err
}

// AddCall keeps a call.
func (m Models) AddCall(c *AICall) error {
	c.ID, c.CreatedAt = m.NewID(), m.Now()
	_, err := exec(m.session, `INSERT INTO ai_calls (workspace_id, id, purpose, provider, model, user_id, visitor_id, tokens_in, tokens_out, estimated, cost, took_ms, outcome, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, m.ws(), c.ID, c.Purpose, c.Provider, c.Model, c.User, c.Visitor, c.TokensIn, c.TokensOut, c.Estimated, c.Cost, c.TookMs, c.Outcome, c.CreatedAt)
	return err
}

// Calls lists the newest calls.
func (m Models) Calls(limit int) ([]AICall, error) {
	m.saw("ai_calls", "workspace_id", m.ws())
	return many[AICall](m.session, `SELECT id, purpose, provider, model, user_id, visitor_id, tokens_in, tokens_out, estimated, cost, took_ms, outcome, created_at FROM ai_calls
		WHERE workspace_id = ? ORDER BY id DESC LIMIT ?`, m.ws(), limit)
}

// Spend adds to what was spent on a day by a visitor (0: all). What is given back is negative.
func (m Models) Spend(day int64, visitor ID, by AISpent) error {
	_, err := exec(m.session, `INSERT INTO ai_spent (workspace_id, day, visitor_id, tokens, cost) VALUES (?, ?, ?, max(0, ?), max(0, ?))
		ON CONFLICT (workspace_id, day, visitor_id) DO UPDATE SET tokens = max(0, tokens + ?), cost = max(0, cost + ?)`, m.ws(), day, visitor, by.Tokens, by.Cost, by.Tokens, by.Cost)
	return err
}

// Spent is what was spent from one day to another by a visitor (0: all).
func (m Models) Spent(from, to int64, visitor ID) (s AISpent, err error) {
	m.saw("ai_spent", "workspace_id", m.ws())
	err = pick(m.session, []any{&s.Tokens, &s.Cost}, `SELECT coalesce(sum(tokens), 0), coalesce(sum(cost), 0) FROM ai_spent WHERE workspace_id = ? AND day BETWEEN ? AND ? AND visitor_id = ?`,
		m.ws(), from, to, visitor)
	return s, err
}

// Purge forgets the calls from before a time, and what single visitors spent before a day, in all workspaces.
func (m Models) Purge(calls Time, day int64) error {
	if _, err := exec(m.session, `DELETE FROM ai_calls WHERE id < ?`, max(0, (int64(calls)-epoch)<<22)); err != nil {
		return err
	}
	_, err := exec(m.session, `DELETE FROM ai_spent WHERE day < ? AND visitor_id <> 0`, day)
	return err
}

// AIEmbedder says whose vectors a workspace's knowledge is found by.
type AIEmbedder struct {
	Protocol  string // openai, ollama
	BaseURL   string
	Model     string
	Dims      int   // 0: the model's own
	Price     int64 // cents for a million tokens; 0: not told
	KeySealed []byte
	KeyEnd    string
}

func (e *AIEmbedder) fields() []any {
	return []any{&e.Protocol, &e.BaseURL, &e.Model, &e.Dims, &e.Price, &e.KeySealed, &e.KeyEnd}
}

// Embedder is the workspace's, or ErrNotFound where it is the program's own.
func (m Models) Embedder() (*AIEmbedder, error) {
	m.saw("ai_embedders", "workspace_id", m.ws())
	return one[AIEmbedder](m.session, `SELECT protocol, base_url, model, dims, price, key_sealed, key_end FROM ai_embedders WHERE workspace_id = ?`, m.ws())
}

// SetEmbedder keeps the workspace's embedder.
func (m Models) SetEmbedder(e *AIEmbedder) error {
	_, err := exec(m.session, `INSERT INTO ai_embedders (workspace_id, protocol, base_url, model, dims, price, key_sealed, key_end, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id) DO UPDATE SET protocol = excluded.protocol, base_url = excluded.base_url, model = excluded.model, dims = excluded.dims, price = excluded.price, key_sealed = excluded.key_sealed,
		key_end = excluded.key_end, updated_at = excluded.updated_at`, m.ws(), e.Protocol, e.BaseURL, e.Model, e.Dims, e.Price, e.KeySealed, e.KeyEnd, m.Now())
	return err
}

// RemoveEmbedder goes back to the program's own.
func (m Models) RemoveEmbedder() error {
	_, err := exec(m.session, `DELETE FROM ai_embedders WHERE workspace_id = ?`, m.ws())
	return err
}
