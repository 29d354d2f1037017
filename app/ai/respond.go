package ai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/event"
	"deskbell/app/inbox"
	"deskbell/app/recall"
	"deskbell/app/tongue"
	"deskbell/store"
)

// Why a conversation was handed over.
const (
	lowConfidence = "low_confidence"
	onRequest     = "requested"
	onTopic       = "topic"
	onRule        = "rule"
	onTurns       = "turns"
	onFailure     = "failure"
	onBudget      = "budget"
	chatting      = "small_talk" // of an answer: it needed no source
)

// asked is a question with what is known about it.
type asked struct {
	question     string
	turns        int             // answers given before in this conversation
	conversation store.ID        // 0: it is only tried
	history      []store.Message // what was said before, without notes
	language     string          // of the visitor's browser
	attributes   map[string]any  // of the visitor
	home         string          // of the help center
	show         func(text string) bool
}

// thought is what the agent makes of one question.
type thought struct {
	question   string
	found      []recall.Found
	cited      map[int]bool // of found
	answer     string       // empty: there is nothing to say
	sources    []store.Source
	confidence float64
	reason     string // to hand over; empty: the answer may be sent
	small      bool   // small talk
	took       time.Duration

	model, draft, fallback, promptHash string // of the model that was asked
	tokensIn, tokensOut                int
	cost                               int64
	selfCheck                          float64
	tools                              []ToolUse
}

// concerns reports whether a message may be the agent's to answer: a visitor's, where the workspace has an agent.
func concerns(tx *store.Tx, e event.MessageSent) (bool, error) {
	if e.Sender != store.ByVisitor {
		return false, nil
	}
	s, err := tx.AI.Settings()
	return err == nil && s.Enabled, err
}

// respond deals with a visitor's message. It may run more than once: a question is dealt with once.
func (a *Agent) respond(ctx context.Context, e event.MessageSent) error {
	if e.Sender != store.ByVisitor {
		return nil
	}
	var s *store.AISettings
	var q asked
	who := actor.Actor{Kind: actor.AI, Workspace: e.Workspace}
	mine := false
	err := a.db.Read(ctx, e.Workspace, func(tx *store.Tx) (err error) {
		if s, err = tx.AI.Settings(); err != nil || !s.Enabled {
			return err
		}
		c, err := tx.Conversations.ByID(e.Conversation)
		if err != nil || !inbox.ForBot(c, e.Message) || c.FirstResponseAt > 0 && c.AIState != "none" && c.AIState != "ai_handled" {
			return err
		}
		done, err := tx.AI.Asked(e.Message)
		if err != nil || done {
			return err
		}
		m, err := tx.Messages.ByID(e.Conversation, e.Message)
		if err != nil || m.CreatedAt < s.EnabledAt {
			return err
		}
		mine, who.Name, who.Visitor = true, s.Name, c.Visitor
		q = asked{question: m.Content, conversation: e.Conversation}
		return a.context(tx, &q, c, e.Message)
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !mine {
		return nil
	}
	if err != nil {
		return err
	}
	q.show = func(text string) bool {
		a.inbox.Writing(e.Conversation, s.Name, shownHTML(text))
		return a.waits(ctx, e)
	}
	defer a.inbox.Wrote(e.Conversation)
	th := a.think(ctx, who, s, q)
	if ctx.Err() != nil {
		return ctx.Err() // the server stops; after its start the question is asked again
	}
	if th.reason == "" {
		err = a.say(ctx, who, s, e, th)
		switch {
		case errors.Is(err, errWithdrawn):
			th.reason, th.fallback = lowConfidence, ""
		case errors.Is(err, errOff):
			th.reason, th.fallback = onFailure, "off"
		}
	}
	if th.reason != "" {
		err = a.giveUp(ctx, who, s, q, e, th)
	}
	if errors.Is(err, inbox.ErrSuperseded) || errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// context reads what is known about a question.
func (a *Agent) context(tx *store.Tx, q *asked, c *store.Conversation, message store.ID) (err error) {
	if q.turns, err = tx.AI.Turns(c.ID); err != nil {
		return err
	}
	if q.history, err = tx.Messages.Newest(c.ID, message, false, mostTurns); err != nil {
		return err
	}
	v, err := tx.Visitors.ByID(c.Visitor)
	if err != nil {
		return err
	}
	q.language = tongue.Base(v.Language)
	if err := json.Unmarshal(v.CustomAttributes, &q.attributes); err != nil {
		return err
	}
	q.home, err = a.help.Front(tx)
	return err
}

// waits reports whether a question still waits for the agent's word, and the workspace still has an agent.
func (a *Agent) waits(ctx context.Context, e event.MessageSent) (yes bool) {
	err := a.db.Read(ctx, e.Workspace, func(tx *store.Tx) error {
		c, err := tx.Conversations.ByID(e.Conversation)
		yes = err == nil && inbox.ForBot(c, e.Message)
		return errors.Join(err, enabled(tx))
	})
	return yes && err == nil
}

// think finds an answer, and decides whether it is good enough. It does not fail: where something breaks, a person
// is to answer.
func (a *Agent) think(ctx context.Context, who actor.Actor, s *store.AISettings, q asked) (th thought) {
	begun := time.Now()
	th = thought{question: q.question, cited: map[int]bool{}, selfCheck: -1}
	defer func() { th.took = time.Since(begun) }()
	if th.reason = forPeople(s, q); th.reason != "" {
		return th
	}
	if th.answer = smallTalk(q.question, q.language); th.answer != "" {
		th.small, th.confidence = true, 1
		return th
	}
	found, err := a.find(ctx, who.Workspace, q.question)
	if err != nil {
		a.log.Error("recall for the AI agent", "error", err)
		th.reason = onFailure
		return th
	}
	th.found = found
	th.confidence = a.Signs(ctx, who.Workspace, q.question, found).Confidence()
	if q.turns >= s.MaxTurns {
		a.extract(ctx, who.Workspace, &th)
		th.reason = onTurns
		return th
	}
	if s.UseModel && len(found) > 0 {
		a.converse(ctx, who, s, q, &th)
		if th.reason != "" {
			return th
		}
	}
	if th.answer == "" && th.fallback != notSure {
		a.extract(ctx, who.Workspace, &th)
		if neverSaid(th.answer, folds(lines(s.NeverSay))) {
			th.answer, th.fallback = "", neverWord
		}
	}
	if th.answer == "" || th.confidence < s.Threshold || th.fallback == notSure {
		th.reason = lowConfidence
		switch th.fallback {
		case "", "off", notSure, uncited, neverWord:
		case spentAll:
			th.reason = onBudget
		default:
			th.reason = onFailure
		}
	}
	return th
}

// Why an answer that was found is not sent after all.
var (
	errOff       = errors.New("the agent was switched off meanwhile")
	errWithdrawn = errors.New("what the answer rests on is not published any more")
)

func enabled(tx *store.Tx) error {
	s, err := tx.AI.Settings()
	if err == nil && !s.Enabled {
		err = errOff
	}
	return err
}

// find looks for what may answer a visitor.
func (a *Agent) find(ctx context.Context, workspace store.ID, text string) (list []recall.Found, err error) {
	if list, err = a.index.Find(ctx, recall.Query{Workspace: workspace, Text: text, Sources: knowledge, Limit: 6, PerDocument: 2}); err != nil {
		return nil, err
	}
	err = a.db.Read(ctx, workspace, func(tx *store.Tx) error {
		list = slices.DeleteFunc(list, func(f recall.Found) bool {
			public, bad := public(tx, f)
			err = errors.Join(err, bad)
			return !public
		})
		return err
	})
	return list, err
}

// public reports whether readers may be told what was found. The index follows what the team decides a moment later, and a
// model may take its time.
func public(tx *store.Tx, f recall.Found) (bool, error) {
	if f.Document.Source != store.FromArticle {
		left, err := tx.Chunks.Found([]store.ID{f.ID}, store.ChunkFilter{Sources: knowledge})
		return len(left) > 0, err
	}
	list, err := tx.Articles.ByIDs([]store.ID{f.Document.SourceID})
	a, there := list[f.Document.SourceID]
	if err != nil || !there || a.Status != "published" || a.Visibility != "public" {
		return false, err
	}
	t, err := tx.Articles.Text(a.ID, f.Document.Language)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && t.Live, err
}

func folds(list []string) []string {
	for i := range list {
		list[i] = folded(list[i])
	}
	return list
}

// forPeople is why a question goes to a person at once; empty where the agent may try.
func forPeople(s *store.AISettings, q asked) string {
	if WantsPerson(q.question) {
		return onRequest
	}
	if about(q.question, s.Topics) {
		return onTopic
	}
	for _, r := range rules(s) {
		if v, has := q.attributes[r.Attribute]; has && (r.Value == "" || strings.EqualFold(fmt.Sprint(v), r.Value)) {
			return onRule
		}
	}
	return ""
}

func about(question string, topics json.RawMessage) bool {
	var list []string
	if json.Unmarshal(topics, &list) != nil {
		return false
	}
	padded := " " + strings.Join(tongue.Tokens(question), " ") + " "
	for _, t := range list {
		if strings.Contains(padded, " "+strings.Join(tongue.Tokens(t), " ")+" ") {
			return true
		}
	}
	return false
}

// say sends the answer, together with the run that led to it.
func (a *Agent) say(ctx context.Context, who actor.Actor, s *store.AISettings, e event.MessageSent, th thought) error {
	return a.inbox.Answer(ctx, who, inbox.BotAnswer{Conversation: e.Conversation, Question: e.Message, Content: th.answer, Sources: append([]store.Source{}, th.sources...),
		Keep: func(tx *store.Tx, message store.ID) error {
			if err := enabled(tx); err != nil {
				return err
			}
			for i := range th.cited {
				if public, err := public(tx, th.found[i]); err != nil || !public {
					return cmp.Or(err, errWithdrawn)
				}
			}
			return tx.AI.AddRun(run(s, e, th, "answered", message), th.chunks())
		}})
}

// giveUp hands over to a person. What would have been said stays with the team.
func (a *Agent) giveUp(ctx context.Context, who actor.Actor, s *store.AISettings, q asked, e event.MessageSent, th thought) error {
	_, err := a.inbox.HandOver(ctx, who, inbox.BotHandOver{Conversation: e.Conversation, Reason: th.reason, Notice: notice(s, q, a.db.Now()), Note: summary(th, tongue.Say(speech(s, q))),
		Keep: func(tx *store.Tx) error { return tx.AI.AddRun(run(s, e, th, "handed_over", 0), th.chunks()) }})
	return err
}

func run(s *store.AISettings, e event.MessageSent, th thought, decision string, answer store.ID) *store.AIRun {
	r := &store.AIRun{Conversation: e.Conversation, Question: e.Message, Answer: answer, Asked: th.question, Candidate: th.answer, Decision: decision, Reason: th.reason,
		Confidence: th.confidence, Threshold: s.Threshold, TookMs: th.took.Milliseconds(),
		Draft: th.draft, Fallback: th.fallback, PromptHash: th.promptHash, TokensIn: th.tokensIn, TokensOut: th.tokensOut, Cost: th.cost, SelfCheck: th.selfCheck}
	if th.fallback == "" || th.fallback == notSure {
		r.Model = th.model
	}
	if th.small {
		r.Reason = chatting
	}
	if len(th.tools) > 0 {
		r.Tools = asJSON(th.tools)
	}
	return r
}

func (th thought) chunks() []store.AIRunChunk {
	out := make([]store.AIRunChunk, 0, len(th.found))
	for i, f := range th.found {
		out = append(out, store.AIRunChunk{Source: f.Document.Source, SourceID: f.Document.SourceID, Title: f.Document.Title, Heading: f.Heading,
			Words: f.Words, Meaning: f.Meaning, Score: f.Score, Cited: th.cited[i]})
	}
	return out
}

// because says why a person is to answer.
func because(reason string, say tongue.Phrases) string {
	switch reason {
	case onRequest:
		return say.Requested
	case onTopic:
		return say.Topic
	case onRule:
		return say.Rule
	case onBudget:
		return say.Spent
	case onTurns:
		return say.Turns
	case onFailure:
		return say.Failed
	}
	return say.Unsure
}

// summary is the note that the team finds.
func summary(th thought, say tongue.Phrases) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n**%s:** %s", because(th.reason, say), say.Asked, recall.Quote(th.question))
	if len(th.found) > 0 {
		fmt.Fprintf(&b, "\n\n**%s:**\n", say.Nearest)
		seen := map[store.ID]bool{}
		for _, f := range th.found {
			if !seen[f.Document.SourceID] && len(seen) < 3 {
				seen[f.Document.SourceID] = true
				fmt.Fprintf(&b, "\n- %s", recall.Quote(f.Document.Title))
			}
		}
		b.WriteString("\n\n" + fmt.Sprintf(say.Confidence, strconv.Itoa(int(th.confidence*100+0.5))))
	}
	return b.String()
}
