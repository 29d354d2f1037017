package store

// AIReview is what the team says of a run.
type AIReview struct {
	Run       ID
	Verdict   string // right, partly, wrong
	Note      string
	User      ID
	UserName  string
	UpdatedAt Time
}

func (r *AIReview) fields() []any {
	return []any{&r.Run, &r.Verdict, &r.Note, &r.User, &r.UserName, &r.UpdatedAt}
}

// Run finds a run.
func (a AI) Run(id ID) (*AIRun, error) {
	return one[AIRun](a.session, `SELECT `+aiRunColumns+` FROM ai_runs WHERE workspace_id = ? AND id = ?`, a.ws(), id)
}

// Review keeps what the team says of a run, in place of what it said before.
func (a AI) Review(r *AIReview) error {
	r.UpdatedAt = a.Now()
	_, err := exec(a.session, `INSERT INTO ai_reviews (workspace_id, run_id, verdict, note, user_id, user_name, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (workspace_id, run_id) DO UPDATE SET verdict = excluded.verdict, note = excluded.note, user_id = excluded.user_id, user_name = excluded.user_name, updated_at = excluded.updated_at`,
		a.ws(), r.Run, r.Verdict, r.Note, r.User, r.UserName, r.UpdatedAt)
	return err
}

// Unreview forgets what the team said of a run.
func (a AI) Unreview(run ID) error {
	_, err := exec(a.session, `DELETE FROM ai_reviews WHERE workspace_id = ? AND run_id = ?`, a.ws(), run)
	return err
}

// Reviews are what the team said of runs.
func (a AI) Reviews(runs []ID) (map[ID]AIReview, error) {
	a.saw("ai_reviews", "workspace_id", a.ws())
	list, err := many[AIReview](a.session, `SELECT run_id, verdict, note, user_id, user_name, updated_at FROM ai_reviews WHERE workspace_id = ? AND run_id IN (`+marks(len(runs))+`)`, append([]any{a.ws()}, anys(runs)...)...)
	out := map[ID]AIReview{}
	for _, r := range list {
		out[r.Run] = r
	}
	return out, err
}

// AIOutcome is a run with what came of it.
type AIOutcome struct {
	Run          ID
	Conversation ID
	Decision     string
	Reason       string
	Confidence   float64
	HasCandidate bool
	Helpful      int // -1 where the visitor did not say
	Verdict      string
	AIState      string // of the conversation now
	ByPerson     bool   // a person has answered in the conversation
}

func (o *AIOutcome) fields() []any {
	return []any{&o.Run, &o.Conversation, &o.Decision, &o.Reason, &o.Confidence, &o.HasCandidate, &o.Helpful, &o.Verdict, &o.AIState, &o.ByPerson}
}

// Outcomes lists runs since a time, newest first, without small talk. What became of their conversations is as it stood at the last run or review.
func (a AI) Outcomes(since Time, limit int) ([]AIOutcome, error) {
	a.saw("ai_runs", "workspace_id", a.ws())
	a.saw("ai_reviews", "workspace_id", a.ws())
	return many[AIOutcome](a.session, `SELECT r.id, r.conversation_id, r.decision, r.reason, r.confidence, r.candidate <> '', coalesce(r.helpful, -1), coalesce(v.verdict, ''), c.ai_state, c.first_response_at > 0
		FROM ai_runs r JOIN conversations c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
		LEFT JOIN ai_reviews v ON v.workspace_id = r.workspace_id AND v.run_id = r.id
		WHERE r.workspace_id = ? AND r.id >= ? AND r.reason <> 'small_talk' ORDER BY r.id DESC LIMIT ?`, a.ws(), firstSince(since), limit)
}

// firstSince is the smallest id of a time.
func firstSince(t Time) ID { return max(0, ID((int64(t)-epoch)<<22)) }

// AIQuestion is a question that had no answer.
type AIQuestion struct {
	Run          ID
	Conversation ID
	Asked        string
	ByPerson     bool   // somebody of the team has answered since
	Model        string // of the vector; empty: none yet
	packed       []byte
	CreatedAt    Time
}

func (q *AIQuestion) fields() []any {
	return []any{&q.Run, &q.Conversation, &q.Asked, &q.ByPerson, &q.Model, &q.packed, &q.CreatedAt}
}

// Vector unpacks the vector; nil where there is none.
func (q *AIQuestion) Vector() []float32 { return unpack(q.packed) }

// Questions lists the questions without an answer that nobody has dealt with, newest first.
func (a AI) Questions(since Time, limit int) ([]AIQuestion, error) {
	return many[AIQuestion](a.session, `SELECT q.run_id, r.conversation_id, r.question,
		EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = r.conversation_id AND m.id > r.question_id AND m.workspace_id = r.workspace_id AND m.kind = 'message' AND m.sender_type = 'agent'), q.model, coalesce(q.vector, x''), r.created_at FROM ai_questions q
		JOIN ai_runs r ON r.workspace_id = q.workspace_id AND r.id = q.run_id
		WHERE q.workspace_id = ? AND q.run_id >= ? AND q.settled_at = 0 ORDER BY q.run_id DESC LIMIT ?`, a.ws(), firstSince(since), limit)
}

// Meant keeps the vector of a question.
func (a AI) Meant(run ID, model string, vector []float32) error {
	_, err := exec(a.session, `UPDATE ai_questions SET model = ?, vector = ? WHERE workspace_id = ? AND run_id = ?`, model, pack(vector), a.ws(), run)
	return err
}

// Settle says that questions have been dealt with, and how many of them there were.
func (a AI) Settle(runs []ID) (int64, error) {
	return exec(a.session, `UPDATE ai_questions SET settled_at = ? WHERE workspace_id = ? AND settled_at = 0 AND run_id IN (`+marks(len(runs))+`)`, append([]any{a.Now(), a.ws()}, anys(runs)...)...)
}

// Unmeant lists the workspaces that have questions without a vector. It stands outside of a workspace.
func (a AI) Unmeant(limit int) ([]ID, error) {
	return column[ID](a.session, `SELECT DISTINCT workspace_id FROM ai_questions WHERE model = '' LIMIT ?`, limit)
}

// AIUse is what calls of the model took for one purpose.
type AIUse struct {
	Purpose string
	Calls   int
	Failed  int
	Tokens  int64
	Cost    int64 // millionths of a cent
}

func (u *AIUse) fields() []any { return []any{&u.Purpose, &u.Calls, &u.Failed, &u.Tokens, &u.Cost} }

// Spent sums the calls of the model since a time by what they were for, the dearest first. Of very many the newest count.
func (a AI) Spent(since Time) ([]AIUse, error) {
	a.saw("ai_calls", "workspace_id", a.ws())
	return many[AIUse](a.session, `SELECT purpose, count(*) AS n, sum(outcome <> 'ok'), sum(tokens_in + tokens_out) AS t, sum(cost) AS c FROM
		(SELECT purpose, outcome, tokens_in, tokens_out, cost FROM ai_calls WHERE workspace_id = ? AND id >= ? ORDER BY id DESC LIMIT 50000) GROUP BY purpose ORDER BY c DESC, t DESC, purpose`, a.ws(), firstSince(since))
}
