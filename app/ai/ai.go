// Package ai is the AI agent: it answers visitors from what the workspace knows, and hands over to people.
//
// A visitor's message is answered by a job. What may answer is looked up by words and by meaning (package recall); how
// sure the agent can be is a number from 0 to 1 with a meaning: of the answers given at 0.8, about four in five are
// right. Below the workspace's threshold, on request, on certain topics, and when anything fails, a person takes over:
// once, with a note that tells what it was about. Every run is kept, with what was found and what would have been said.
//
// Without a language model the agent is extractive: it sends the passages that answer, in the workspace's own words,
// with the articles they are from. With one (package model) it converses: the model is given the passages, and of what it
// says only the sentences reach anybody that cite them and hold against them. What has no source is not said; small talk
// is answered by fixed sentences. While an answer grows the visitor sees what was checked so far. Where the model fails,
// is too slow, or may cost no more, the passages answer or a person does.
package ai

import (
	"log/slog"
	"sync"

	"deskbell/app/door"
	"deskbell/app/inbox"
	"deskbell/app/may"
	"deskbell/app/model"
	"deskbell/app/recall"
	"deskbell/store"
)

// Agent is the AI agent of every workspace.
type Agent struct {
	Patience Patience

	db      *store.DB
	inbox   *inbox.Inbox
	index   *recall.Index
	models  *model.Models
	log     *slog.Logger
	help    Help
	doors   *door.Doors
	talking chan struct{}

	mu    sync.Mutex
	plain map[store.ID]bool // workspaces whose model knows no tools, as far as was seen
}

// Help is what the agent needs of the help center.
type Help interface {
	// Link tells where readers find an article; "" is nowhere.
	Link(tx *store.Tx, article store.ID, language string) (string, error)
	// Front is the address of the help center's first page; "" where there is none.
	Front(tx *store.Tx) (string, error)
}

// New makes an agent.
func New(db *store.DB, b *inbox.Inbox, index *recall.Index, models *model.Models, log *slog.Logger, help Help) *Agent {
	return &Agent{Patience: Usual, db: db, inbox: b, index: index, models: models, log: log, help: help, talking: make(chan struct{}, atOnce), plain: map[store.ID]bool{}}
}

// Open hangs everything the agent can do on its doors.
func (a *Agent) Open(d *door.Doors) {
	a.doors = d
	door.View(d, "aiAgent.getSettings", may.Member, a.Settings, door.Shared())
	door.Verb(d, "aiAgent.updateSettings", may.Has(may.SetWorkspace), a.UpdateSettings)
	door.View(d, "aiAgent.getConversationResponses", may.Has(may.ReadConversations), a.OfConversation, door.Shared())
	door.View(d, "aiAgent.listRuns", may.Has(may.ReadConversations), a.Runs, door.Shared())
	door.View(d, "aiAgent.getSummary", may.Has(may.ReadConversations), a.Summary, door.Shared())
	door.Verb(d, "aiAgent.ask", may.Has(may.ReadConversations), a.Try, door.Cost(5))
	door.Verb(d, "aiAgent.handoffToHuman", may.Has(may.Reply).Or(may.OwnVisitor), a.AskForPerson, door.Keeps())
	door.Verb(d, "aiAgent.handBack", may.Has(may.Reply), a.inbox.HandBack)
	door.Verb(d, "aiAgent.submitFeedback", may.OwnVisitor, a.Rate, door.NoIdempotency())

	door.Verb(d, "aiAgent.judge", may.Has(may.Reply), a.Judge)
	door.View(d, "aiAgent.getReport", may.Has(may.ReadConversations), a.Report, door.Shared())
	door.Verb(d, "aiAgent.listUnanswered", may.Has(may.ReadConversations), a.Unanswered, door.Cost(5))
	door.Verb(d, "aiAgent.settleQuestions", may.Has(may.Reply), a.Settle)

	door.On(d, "ai.respond", a.respond, door.Where(concerns), door.Waits)
	door.On(d, "ai.learn", a.learn)
	door.Every(d, "ai.understand", "@every 1m", a.Understand)
}

// toolless reports whether a workspace's model was seen to know no tools. It is forgotten at the next start.
func (a *Agent) toolless(workspace store.ID) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.plain[workspace]
}

func (a *Agent) noTools(workspace store.ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.plain) > 10000 {
		clear(a.plain)
	}
	a.plain[workspace] = true
}
