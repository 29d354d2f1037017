package store

import "encoding/json"

// AISettings are how a workspace wants its AI agent.
type AISettings struct {
	Enabled       bool
	EnabledAt     Time // what was asked before is not the agent's
	Name          string
	Threshold     float64 // of confidence, 0 to 1: below it a person answers
	MaxTurns      int     // answers in one conversation
	HandoffNotice string  // empty: the usual words
	Topics        json.RawMessage
	UseModel      bool   // where there is one
	Instructions  string // to the model
	Tone          string
	Language      string          // of answers; empty: the visitor's
	Guidance      json.RawMessage // rules for the model, one sentence each
	NeverSay      json.RawMessage // words that no answer may hold
	LinkOrigins   json.RawMessage // where links in answers may lead, beside the help center
	Rules         json.RawMessage // attributes whose conversations always go to a person
	Hours         string          // JSON: when people are there; empty: always
	AwayNotice    string          // the notice outside these hours; empty: the usual words
}

const aiSettingsColumns = `enabled, enabled_at, name, threshold, max_turns, handoff_notice, topics, use_model, instructions, tone, language, guidance, never_say, link_origins, rules, hours, away_notice`

func (a *AISettings) fields() []any {
	return []any{&a.Enabled, &a.EnabledAt, &a.Name, &a.Threshold, &a.MaxTurns, &a.HandoffNotice, &a.Topics, &a.UseModel, &a.Instructions, &a.Tone, &a.Language, &a.Guidance,
		&a.NeverSay, &a.LinkOrigins, &a.Rules, &a.Hours, &a.AwayNotice}
}

// AIRun is one time that the AI agent was asked, and what it decided.
type AIRun struct {
	ID           ID
	Conversation ID
	Question     ID // the visitor's message
	Answer       ID // the message that was sent; 0: none
	Asked        string
	Candidate    string
	Decision     string // answered, handed_over
	Reason       string
	Confidence   float64
	Threshold    float64
	Model        string // empty: the answer is in the articles' words
	TookMs       int64
	Helpful      int // -1 where nobody said
	CreatedAt    Time
	Draft        string // what the model wrote, before what could not be shown was taken out
	Fallback     string // why the model's words were not used
	PromptHash   string
	TokensIn     int
	TokensOut    int
	Cost         int64           // millionths of a cent
	SelfCheck    float64         // how sure the model said it is, 0 to 1; -1 where it did not
	Tools        json.RawMessage // what the model had done
}

const aiRunColumns = `id, conversation_id, question_id, answer_id, question, candidate, decision, reason, confidence, threshold, model, took_ms, coalesce(helpful, -1), created_at,
	draft, fallback, prompt_hash, tokens_in, tokens_out, cost, coalesce(self_check, -1), tools`

func (r *AIRun) fields() []any {
	return []any{&r.ID, &r.Conversation, &r.Question, &r.Answer, &r.Asked, &r.Candidate, &r.Decision, &r.Reason, &r.Confidence, &r.Threshold, &r.Model, &r.TookMs, &r.Helpful, &r.CreatedAt,
		&r.Draft, &r.Fallback, &r.PromptHash, &r.TokensIn, &r.TokensOut, &r.Cost, &r.SelfCheck, &r.Tools}
}

// AIRunChunk is one thing that was found for a question.
type AIRunChunk struct {
	Run      ID
	Ordinal  int
	Source   ChunkSource
	SourceID ID
	Title    string
	Heading  string
	Words    float64
	Meaning  float64
	Score    float64
	Cited    bool
}

func (c *AIRunChunk) fields() []any {
	return []any{&c.Run, &c.Ordinal, &c.Source, &c.SourceID, &c.Title, &c.Heading, &c.Words, &c.Meaning, &c.Score, &c.Cited}
}

// AI is what a workspace's AI agent is set to, and what it did.
type AI struct{ *session }

// Settings are the workspace's, or the defaults where nobody has set any.
func (a AI) Settings() (*AISettings, error) {
	a.saw("ai_settings", "workspace_id", a.ws())
	s, err := one[AISettings](a.session, `SELECT `+aiSettingsColumns+` FROM ai_settings WHERE workspace_id = ?`, a.ws())
	if err == ErrNotFound {
		none := json.RawMessage("[]")
		return &AISettings{Name: "Assistant", Threshold: 0.6, MaxTurns: 5, Topics: none, UseModel: true, Tone: "friendly", Guidance: none, NeverSay: none, LinkOrigins: none, Rules: none}, nil
	}
	return s, err
}

// SetSettings keeps the workspace's settings.
func (a AI) SetSettings(s *AISettings) error {
	_, err := exec(a.session, `INSERT INTO ai_settings (`+aiSettingsColumns+`, workspace_id, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id) DO UPDATE SET enabled = excluded.enabled, enabled_at = excluded.enabled_at, name = excluded.name, threshold = excluded.threshold, max_turns = excluded.max_turns,
		handoff_notice = excluded.handoff_notice, topics = excluded.topics, use_model = excluded.use_model, instructions = excluded.instructions, tone = excluded.tone, language = excluded.language,
		guidance = excluded.guidance, never_say = excluded.never_say, link_origins = excluded.link_origins, rules = excluded.rules, hours = excluded.hours, away_notice = excluded.away_notice,
		updated_at = excluded.updated_at`,
		s.Enabled, s.EnabledAt, s.Name, s.Threshold, s.MaxTurns, s.HandoffNotice, s.Topics, s.UseModel, s.Instructions, s.Tone, s.Language, s.Guidance, s.NeverSay, s.LinkOrigins, s.Rules,
		s.Hours, s.AwayNotice, a.ws(), a.Now())
	return err
}

// AddRun keeps a run with what was found. The same question twice is ErrConflict.
func (a AI) AddRun(r *AIRun, found []AIRunChunk) error {
	r.ID, r.CreatedAt, r.Helpful = a.NewID(), a.Now(), -1
	if r.Tools == nil {
		r.Tools = json.RawMessage("[]")
	}
	var check any
	if r.SelfCheck >= 0 {
		check = r.SelfCheck
	}
	if _, err := exec(a.session, `INSERT INTO ai_runs (workspace_id, id, conversation_id, question_id, answer_id, question, candidate, decision, reason, confidence, threshold, model, took_ms, created_at,
		draft, fallback, prompt_hash, tokens_in, tokens_out, cost, self_check, tools) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ws(), r.ID, r.Conversation, r.Question, r.Answer, r.Asked, r.Candidate, r.Decision, r.Reason, r.Confidence, r.Threshold, r.Model, r.TookMs, r.CreatedAt,
		r.Draft, r.Fallback, r.PromptHash, r.TokensIn, r.TokensOut, r.Cost, check, r.Tools); err != nil {
		return err
	}
	if r.Decision == "handed_over" && (r.Reason == "low_confidence" || r.Reason == "budget" || r.Reason == "failure") { // nobody had an answer
		if _, err := exec(a.session, `INSERT INTO ai_questions (workspace_id, run_id) VALUES (?, ?)`, a.ws(), r.ID); err != nil {
			return err
		}
	}
	for i, c := range found {
		if _, err := exec(a.session, `INSERT INTO ai_run_chunks (workspace_id, run_id, ordinal, source, source_id, title, heading, words, meaning, score, cited) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.ws(), r.ID, i, c.Source, c.SourceID, c.Title, c.Heading, c.Words, c.Meaning, c.Score, c.Cited); err != nil {
			return err
		}
	}
	return nil
}

// Asked reports whether a question was dealt with already.
func (a AI) Asked(question ID) (yes bool, err error) {
	err = pick(a.session, []any{&yes}, `SELECT EXISTS (SELECT 1 FROM ai_runs WHERE workspace_id = ? AND question_id = ?)`, a.ws(), question)
	return yes, err
}

// Turns counts the answers given in a conversation.
func (a AI) Turns(conversation ID) (n int, err error) {
	err = pick(a.session, []any{&n}, `SELECT count(*) FROM ai_runs WHERE workspace_id = ? AND conversation_id = ? AND decision = 'answered' AND reason <> 'small_talk'`, a.ws(), conversation)
	return n, err
}

// OfConversation lists the runs of a conversation, oldest first.
func (a AI) OfConversation(conversation ID) ([]AIRun, error) {
	a.saw("ai_runs", "conversation_id", conversation)
	return many[AIRun](a.session, `SELECT `+aiRunColumns+` FROM ai_runs WHERE workspace_id = ? AND conversation_id = ? ORDER BY id LIMIT 200`, a.ws(), conversation)
}

// Runs lists runs, newest first, before an id (0: all), of one decision or any.
func (a AI) Runs(decision string, before ID, limit int) ([]AIRun, error) {
	a.saw("ai_runs", "workspace_id", a.ws())
	if before == 0 {
		before = 1<<63 - 1
	}
	var w where
	w.and("workspace_id = ?", a.ws())
	if decision != "" {
		w.and("decision = ?", decision)
	}
	w.and("id < ?", before)
	return many[AIRun](a.session, `SELECT `+aiRunColumns+` FROM ai_runs`+w.String()+` ORDER BY id DESC LIMIT ?`, append(w.args, limit)...)
}

// Found lists what was found for runs.
func (a AI) Found(runs []ID) (map[ID][]AIRunChunk, error) {
	list, err := many[AIRunChunk](a.session, `SELECT run_id, ordinal, source, source_id, title, heading, words, meaning, score, cited FROM ai_run_chunks
		WHERE workspace_id = ? AND run_id IN (`+marks(len(runs))+`) ORDER BY run_id, ordinal`, append([]any{a.ws()}, anys(runs)...)...)
	out := map[ID][]AIRunChunk{}
	for _, c := range list {
		out[c.Run] = append(out[c.Run], c)
	}
	return out, err
}

// Rate keeps what the visitor of a conversation said of an answer there.
func (a AI) Rate(conversation, answer ID, helpful bool) error {
	return must(a.session, `UPDATE ai_runs SET helpful = ? WHERE workspace_id = ? AND conversation_id = ? AND answer_id = ? AND answer_id <> 0`, helpful, a.ws(), conversation, answer)
}

// AICounts are how often the agent answered and handed over since a time, and what visitors said.
type AICounts struct {
	Answered, HandedOver, Helpful, NotHelpful int
}

// Counts counts runs since a time, without small talk.
func (a AI) Counts(since Time) (c AICounts, err error) {
	a.saw("ai_runs", "workspace_id", a.ws())
	err = pick(a.session, []any{&c.Answered, &c.HandedOver, &c.Helpful, &c.NotHelpful}, `SELECT coalesce(sum(decision = 'answered'), 0), coalesce(sum(decision = 'handed_over'), 0),
		coalesce(sum(helpful = 1), 0), coalesce(sum(helpful = 0), 0) FROM ai_runs WHERE workspace_id = ? AND id >= ? AND reason <> 'small_talk'`, a.ws(), firstSince(since))
	return c, err
}
