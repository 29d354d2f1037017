package inbox

import (
	"context"
	"sync"
	"time"

	"deskbell/app/actor"
	"deskbell/store"
)

const (
	typingFor  = 6 * time.Second
	lookingFor = 45 * time.Second
)

// board knows who is typing and who is looking: what is gone in a moment and survives no restart.
type board struct {
	db *store.DB
	mu sync.Mutex
	on map[store.ID]map[mark]until // by conversation
}

type mark struct {
	who    store.ID
	typing bool
}

type until struct {
	name string
	kind string // of who types: visitor, agent, bot
	text string // HTML of what the AI agent has written so far
	end  time.Time
}

func newBoard(db *store.DB) *board { return &board{db: db, on: map[store.ID]map[mark]until{}} }

func boardTopic(conversation store.ID) store.Topic {
	return store.Aside("board", conversation)
}

// put sets a mark, and announces it if it is new or says something else.
func (b *board) put(conversation store.ID, m mark, u until) {
	b.mu.Lock()
	marks := b.on[conversation]
	if marks == nil {
		marks = map[mark]until{}
		b.on[conversation] = marks
	}
	was, there := marks[m]
	marks[m] = u
	b.mu.Unlock()
	if !there || was.text != u.text {
		b.db.Touch(boardTopic(conversation))
	}
}

// stop takes the typing mark of somebody who has just sent. It is called within a write and so must not announce: the
// message itself tells that they stopped; the sweep announces.
func (b *board) stop(conversation, who store.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if u, ok := b.on[conversation][mark{who, true}]; ok {
		u.end = time.Time{}
		b.on[conversation][mark{who, true}] = u
	}
}

// take removes a mark, and announces that.
func (b *board) take(conversation store.ID, m mark) {
	b.mu.Lock()
	_, there := b.on[conversation][m]
	delete(b.on[conversation], m)
	if len(b.on[conversation]) == 0 {
		delete(b.on, conversation)
	}
	b.mu.Unlock()
	if there {
		b.db.Touch(boardTopic(conversation))
	}
}

// sweep removes the marks that have run out by now, and announces that.
func (b *board) sweep(now time.Time) {
	var topics []store.Topic
	b.mu.Lock()
	for id, marks := range b.on {
		n := len(marks)
		for m, u := range marks {
			if now.After(u.end) {
				delete(marks, m)
			}
		}
		if len(marks) < n {
			topics = append(topics, boardTopic(id))
		}
		if len(marks) == 0 {
			delete(b.on, id)
		}
	}
	b.mu.Unlock()
	if len(topics) > 0 {
		b.db.Touch(topics...)
	}
}

// Typing says that one is writing, or has stopped.
type Typing struct {
	ConversationID store.ID `json:"conversationId"`
	Stopped        bool     `json:"stopped,omitempty"`
}

// Typing shows the others that one is writing. It is forgotten after six seconds.
func (b *Inbox) Typing(ctx context.Context, who actor.Actor, in Typing) (Empty, error) {
	err := b.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		_, err := b.find(tx, who, in.ConversationID)
		return err
	})
	if err != nil {
		return Empty{}, err
	}
	m, kind := mark{sender(who), true}, "agent"
	if who.IsVisitor() {
		kind = "visitor"
	}
	if in.Stopped {
		b.board.take(in.ConversationID, m)
	} else {
		b.board.put(in.ConversationID, m, until{name: who.Name, kind: kind, end: time.Now().Add(typingFor)})
	}
	return Empty{}, nil
}

// writingFor is how long a growing answer stays without a word more: longer than a model may be silent.
const writingFor = 15 * time.Second

// Writing shows in a conversation what the AI agent has written so far, sanitised, to both sides. It is kept nowhere.
func (b *Inbox) Writing(conversation store.ID, name, html string) {
	b.board.put(conversation, mark{0, true}, until{name: name, kind: "bot", text: html, end: time.Now().Add(writingFor)})
}

// Wrote says that the AI agent has ended.
func (b *Inbox) Wrote(conversation store.ID) { b.board.take(conversation, mark{0, true}) }

// Look names the conversation that one looks at.
type Look struct {
	ConversationID store.ID `json:"conversationId"`
	Left           bool     `json:"left,omitempty"`
}

// Look shows colleagues that one has a conversation open.
func (b *Inbox) Look(ctx context.Context, who actor.Actor, in Look) (Empty, error) {
	err := b.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		_, err := b.find(tx, who, in.ConversationID)
		return err
	})
	if err != nil {
		return Empty{}, err
	}
	if in.Left {
		b.board.take(in.ConversationID, mark{who.User, false})
	} else {
		b.board.put(in.ConversationID, mark{who.User, false}, until{name: who.Name, end: time.Now().Add(lookingFor)})
	}
	return Empty{}, nil
}

// Present is who is typing and who is looking.
type Present struct {
	Typing  []Typist `json:"typing"`
	Looking []Named  `json:"looking"`
}

// Typist is somebody who is writing.
type Typist struct {
	ID   store.ID `json:"id"`
	Name string   `json:"name"`
	Kind string   `json:"kind"` // visitor, agent, bot
	HTML string   `json:"html,omitempty" doc:"what the AI agent has written so far; it is no message until it is one"`
}

// Presence tells who else is here. Visitors learn only that somebody of the team is typing.
func (b *Inbox) Presence(tx *store.Tx, who actor.Actor, in Which) (Present, error) {
	out := Present{Typing: []Typist{}, Looking: []Named{}}
	if _, err := b.find(tx, who, in.ConversationID); err != nil {
		return out, err
	}
	tx.Saw(boardTopic(in.ConversationID))
	b.board.mu.Lock()
	defer b.board.mu.Unlock()
	now := time.Now()
	for m, u := range b.board.on[in.ConversationID] {
		switch {
		case m.who == sender(who) && m.who != 0 || now.After(u.end):
		case m.typing && u.kind == "agent":
			out.Typing = append(out.Typing, Typist{ID: m.who, Name: firstName(u.name, who), Kind: u.kind})
		case m.typing:
			out.Typing = append(out.Typing, Typist{ID: m.who, Name: u.name, Kind: u.kind, HTML: u.text})
		case who.IsStaff():
			out.Looking = append(out.Looking, Named{m.who, u.name})
		}
	}
	return out, nil
}
