package ai

import (
	"context"
	"encoding/json"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/inbox"
	"deskbell/app/safe"
	"deskbell/app/tongue"
	"deskbell/store"
)

// Run is one time that the agent was asked, as the team sees it. Visitors never do.
type Run struct {
	ID             store.ID   `json:"id"`
	ConversationID store.ID   `json:"conversationId"`
	QuestionID     store.ID   `json:"questionId"`
	AnswerID       *store.ID  `json:"answerId"`
	Question       string     `json:"question"`
	Candidate      string     `json:"candidate"`
	CandidateHTML  string     `json:"candidateHtml"`
	Decision       string     `json:"decision"`
	Reason         *string    `json:"reason"`
	Confidence     float64    `json:"confidence"`
	Threshold      float64    `json:"threshold"`
	TookMs         int64      `json:"tookMs"`
	Helpful        *bool      `json:"helpful"`
	Found          []Piece    `json:"found"`
	Review         *Review    `json:"review"` // what the team said of it
	CreatedAt      store.Time `json:"createdAt"`
	Model          string     `json:"model"`
	Draft          string     `json:"draft"`    // what the model wrote, with all that could not be sent
	Fallback       *string    `json:"fallback"` // why the model's words were not used
	PromptHash     string     `json:"promptHash"`
	TokensIn       int        `json:"tokensIn"`
	TokensOut      int        `json:"tokensOut"`
	Cents          float64    `json:"cents"`
	SelfCheck      *float64   `json:"selfCheck"` // how sure the model said it is
	Tools          []ToolUse  `json:"tools"`
}

// ToolUse is something that a model had done.
type ToolUse struct {
	Tool   string `json:"tool"`
	Asked  string `json:"asked,omitempty"`
	Failed string `json:"failed,omitempty"`
}

// Key is the run's id.
func (r Run) Key() store.ID { return r.ID }

// Piece is something that was found for a question.
type Piece struct {
	Source   store.ChunkSource `json:"source"`
	SourceID store.ID          `json:"sourceId"`
	Title    string            `json:"title"`
	Heading  string            `json:"heading"`
	Words    float64           `json:"words"`
	Meaning  float64           `json:"meaning"`
	Score    float64           `json:"score"`
	Cited    bool              `json:"cited"`
}

func pieces(list []store.AIRunChunk) []Piece {
	out := make([]Piece, 0, len(list))
	for _, c := range list {
		out = append(out, Piece{c.Source, c.SourceID, c.Title, c.Heading, c.Words, c.Meaning, c.Score, c.Cited})
	}
	return out
}

func (a *Agent) runs(tx *store.Tx, list []store.AIRun) ([]Run, error) {
	ids := make([]store.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	found, err := tx.AI.Found(ids)
	if err != nil {
		return nil, err
	}
	reviews, err := tx.AI.Reviews(ids)
	out := make([]Run, 0, len(list))
	for _, r := range list {
		v := Run{ID: r.ID, ConversationID: r.Conversation, QuestionID: r.Question, Question: r.Asked, Candidate: r.Candidate, CandidateHTML: safe.HTML(r.Candidate), Decision: r.Decision,
			Confidence: r.Confidence, Threshold: r.Threshold, TookMs: r.TookMs, Found: pieces(found[r.ID]), CreatedAt: r.CreatedAt,
			Model: r.Model, Draft: r.Draft, Fallback: door.Maybe(r.Fallback), PromptHash: r.PromptHash, TokensIn: r.TokensIn, TokensOut: r.TokensOut, Cents: float64(r.Cost) / 1e6, Tools: []ToolUse{}}
		if r.SelfCheck >= 0 {
			v.SelfCheck = &r.SelfCheck
		}
		_ = json.Unmarshal(r.Tools, &v.Tools) // as AddRun has written it
		if r.Answer != 0 {
			v.AnswerID = &r.Answer
		}
		if r.Reason != "" {
			v.Reason = &r.Reason
		}
		if r.Helpful >= 0 {
			yes := r.Helpful == 1
			v.Helpful = &yes
		}
		if said, there := reviews[r.ID]; there {
			v.Review = review(said)
		}
		out = append(out, v)
	}
	return out, err
}

// Which names a conversation.
type Which struct {
	ConversationID store.ID `json:"conversationId"`
}

// OfConversation lists what the agent did in a conversation.
func (a *Agent) OfConversation(tx *store.Tx, _ actor.Actor, in Which) (page door.Page[Run], err error) {
	if _, err := tx.Conversations.Owner(in.ConversationID); err != nil {
		return page, err
	}
	list, err := tx.AI.OfConversation(in.ConversationID)
	if err != nil {
		return page, err
	}
	rows, err := a.runs(tx, list)
	return door.NewPage(rows, ""), err
}

// RunsIn is a page of runs, newest first.
type RunsIn struct {
	Decision string   `json:"decision,omitempty" enum:"answered,handed_over"`
	Before   store.ID `json:"before,omitempty"`
	Limit    int      `json:"limit,omitempty" minimum:"1" maximum:"100"`
}

// Runs lists what the agent did in the workspace.
func (a *Agent) Runs(tx *store.Tx, _ actor.Actor, in RunsIn) (page door.Page[Run], err error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	list, err := tx.AI.Runs(in.Decision, in.Before, in.Limit+1)
	if err != nil {
		return page, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = list[in.Limit-1].ID.String()
	}
	rows, err := a.runs(tx, list)
	return door.NewPage(rows, next), err
}

// Summary is how the agent did in the last 30 days.
type Summary struct {
	Answered   int `json:"answered"`
	HandedOver int `json:"handedOver"`
	Helpful    int `json:"helpful"`
	NotHelpful int `json:"notHelpful"`
}

// Summary counts the last 30 days, up to midnight (UTC) of the first, so that it is the same all day.
func (a *Agent) Summary(tx *store.Tx, _ actor.Actor, _ Empty) (Summary, error) {
	c, err := tx.AI.Counts(store.At(tx.Now().Std().UTC().Truncate(24*time.Hour).AddDate(0, 0, -30)))
	return Summary(c), err
}

// Try is a question to try the agent with.
type Try struct {
	Question string `json:"question" minLength:"1" maxLength:"2000"`
}

// Tried is what the agent would say to a visitor who asked so first.
type Tried struct {
	Answer     string         `json:"answer"`
	AnswerHTML string         `json:"answerHtml"`
	Sources    []store.Source `json:"sources"`
	Confidence float64        `json:"confidence"`
	Threshold  float64        `json:"threshold"`
	Decision   string         `json:"decision"`
	Reason     *string        `json:"reason"`
	Found      []Piece        `json:"found"`
	Model      string         `json:"model"`
	Fallback   *string        `json:"fallback"` // why the model's words were not used
	TookMs     int64          `json:"tookMs"`
}

// Try asks without a conversation: nothing is kept.
func (a *Agent) Try(ctx context.Context, who actor.Actor, in Try) (out Tried, err error) {
	var s *store.AISettings
	q := asked{question: in.Question}
	err = a.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		if s, err = tx.AI.Settings(); err == nil {
			q.home, err = a.help.Front(tx)
		}
		return err
	})
	if err != nil {
		return out, err
	}
	th := a.think(ctx, who, s, q)
	out = Tried{Model: th.model, Fallback: door.Maybe(th.fallback), TookMs: th.took.Milliseconds(), Answer: th.answer, AnswerHTML: safe.HTML(th.answer), Sources: append([]store.Source{}, th.sources...), Confidence: th.confidence, Threshold: s.Threshold, Decision: "answered", Found: pieces(th.chunks())}
	if th.reason != "" {
		out.Decision, out.Reason = "handed_over", &th.reason
	}
	return out, nil
}

// HandedOver says whether it was the first time.
type HandedOver struct {
	First bool `json:"first"`
}

// AskForPerson hands a conversation over on a visitor's or an agent's request.
func (a *Agent) AskForPerson(ctx context.Context, who actor.Actor, in Which) (out HandedOver, err error) {
	var s *store.AISettings
	var q asked
	err = a.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		owner, err := tx.Conversations.Owner(in.ConversationID)
		if err == nil && who.IsVisitor() && owner != who.Visitor {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		v, err := tx.Visitors.ByID(owner)
		if err != nil {
			return err
		}
		q.language = v.Language
		list, err := tx.Messages.Newest(in.ConversationID, 0, false, 10)
		if err != nil {
			return err
		}
		for _, m := range list {
			if m.SenderType == store.ByVisitor {
				q.question = m.Content
			}
		}
		s, err = tx.AI.Settings()
		return err
	})
	if err != nil {
		return out, err
	}
	bot := actor.Actor{Kind: actor.AI, Workspace: who.Workspace, Name: s.Name}
	out.First, err = a.inbox.HandOver(ctx, bot, inbox.BotHandOver{Conversation: in.ConversationID, Reason: onRequest, Notice: notice(s, q, a.db.Now()),
		Note: summary(thought{reason: onRequest, question: q.question}, tongue.Say(speech(s, q)))})
	return out, err
}

// Rate is what a visitor says of an answer.
type Rate struct {
	ConversationID store.ID `json:"conversationId"`
	MessageID      store.ID `json:"messageId"`
	Helpful        bool     `json:"helpful"`
}

// Rate keeps what a visitor says of an answer in their conversation.
func (a *Agent) Rate(ctx context.Context, who actor.Actor, in Rate) (Empty, error) {
	_, err := a.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		owner, err := tx.Conversations.Owner(in.ConversationID)
		if err == nil && owner != who.Visitor {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return tx.AI.Rate(in.ConversationID, in.MessageID, in.Helpful)
	})
	return Empty{}, err
}
