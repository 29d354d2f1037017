package inbox

import (
	"cmp"
	"errors"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/live"
	"deskbell/store"
)

// ListIn says which conversations to list.
type ListIn struct {
	Status   store.Status `json:"status,omitempty" enum:"open,snoozed,closed"`
	Assignee string       `json:"assignee,omitempty" maxLength:"13" doc:"me, none, or the id of a member"`
	Tag      store.ID     `json:"tag,omitempty"`
	Channel  string       `json:"channel,omitempty" maxLength:"20"`
	AI       string       `json:"ai,omitempty" enum:"ai_handled,handoff"`
	Unread   bool         `json:"unread,omitempty" doc:"nobody of the team has read it"`
	ForMe    bool         `json:"unreadForMe,omitempty" doc:"as conversations.unreadForMe counts"`
	Q        string       `json:"q,omitempty" maxLength:"200"`
	Sort     string       `json:"sort,omitempty" enum:"newest,oldest"`
	Limit    int          `json:"limit,omitempty" minimum:"1" maximum:"100"`
	Cursor   string       `json:"cursor,omitempty" maxLength:"100"`
}

// List lists conversations for the team, by their last activity.
func (b *Inbox) List(tx *store.Tx, who actor.Actor, in ListIn) (page door.Page[Conversation], err error) {
	if strings.TrimSpace(in.Q) != "" {
		return b.Search(tx, who, SearchIn{Q: in.Q, Limit: in.Limit})
	}
	f := store.ConversationFilter{Reader: who.User, Status: in.Status, AIState: in.AI, Channel: in.Channel, Tag: in.Tag, Unread: in.Unread, UnreadBy: in.ForMe, Oldest: in.Sort == "oldest"}
	switch in.Assignee {
	case "":
	case "me":
		f.Assignee = who.User
	case "none":
		f.Unassigned = true
	default:
		if f.Assignee, err = store.ParseID(in.Assignee); err != nil {
			return page, fault.New(fault.Invalid, "Say me, none, or the id of a member.").On("assignee")
		}
	}
	if f.At, f.Last, err = door.ReadCursor(in.Cursor); err != nil {
		return page, err
	}
	limit := cmp.Or(in.Limit, 50)
	f.Limit = limit + 1
	list, err := tx.Conversations.List(f)
	if err != nil {
		return page, err
	}
	list, next := door.Cut(list, limit, func(l *store.ListedConversation) (store.Time, store.ID) { return l.LastMessageAt, l.ID })
	rows, err := b.conversations(tx, who, list)
	return door.NewPage(rows, next), err
}

// Which names a conversation.
type Which struct {
	ConversationID store.ID `json:"conversationId"`
}

// Conversation tells one conversation.
func (b *Inbox) Conversation(tx *store.Tx, who actor.Actor, in Which) (Conversation, error) {
	if _, err := b.find(tx, who, in.ConversationID); err != nil {
		return Conversation{}, err
	}
	return b.conversation(tx, who, in.ConversationID)
}

// OfVisitorIn names a visitor; visitors themselves need not.
type OfVisitorIn struct {
	VisitorID store.ID `json:"visitorId,omitempty"`
}

// OfVisitor lists a visitor's conversations: one's own, or for the team any visitor's.
func (b *Inbox) OfVisitor(tx *store.Tx, who actor.Actor, in OfVisitorIn) (page door.Page[Conversation], err error) {
	id := in.VisitorID
	if who.IsVisitor() {
		id = who.Visitor
	}
	if id == 0 {
		return page, fault.New(fault.Invalid, "Name the visitor.").On("visitorId")
	}
	list, err := tx.Conversations.OfVisitor(id, who.User, 100)
	if err != nil {
		return page, err
	}
	rows, err := b.conversations(tx, who, list)
	return door.NewPage(rows, ""), err
}

// Total is a number.
type Total struct {
	Total int `json:"total"`
}

// Unread sums what a visitor has not read.
func (b *Inbox) Unread(tx *store.Tx, who actor.Actor, _ Empty) (Total, error) {
	n, err := tx.Conversations.UnreadByVisitor(who.Visitor)
	return Total{n}, err
}

// Counts are the numbers beside the views.
type Counts struct {
	Mine       int `json:"mine"`
	Unassigned int `json:"unassigned"`
	All        int `json:"all"`
	Snoozed    int `json:"snoozed"`
	Closed     int `json:"closed"`
	AIHandled  int `json:"aiHandled"`
	Handoff    int `json:"handoff"`
}

// Counts tells how many conversations stand in each view.
func (b *Inbox) Counts(tx *store.Tx, who actor.Actor, _ Empty) (Counts, error) {
	n, err := tx.Counters.All()
	return Counts{n["assignee:"+who.User.String()], n["unassigned"], n["open"], n["snoozed"], n["closed"], n["ai:ai_handled"], n["ai:handoff"]}, err
}

// SearchIn is what to look for.
type SearchIn struct {
	Q     string `json:"q" maxLength:"200"`
	Limit int    `json:"limit,omitempty" minimum:"1" maximum:"100"`
}

// Search finds conversations by the words of their messages, newest first.
func (b *Inbox) Search(tx *store.Tx, who actor.Actor, in SearchIn) (page door.Page[Conversation], err error) {
	ids, err := tx.Search.Conversations(in.Q, cmp.Or(in.Limit, 20))
	if err != nil || len(ids) == 0 {
		return door.NewPage([]Conversation{}, ""), err
	}
	list, err := tx.Conversations.ByIDs(ids, who.User)
	if err != nil {
		return page, err
	}
	rows, err := b.conversations(tx, who, list)
	return door.NewPage(rows, ""), err
}

// ThreadIn names a conversation and a page of it.
type ThreadIn struct {
	ConversationID store.ID `json:"conversationId"`
	Before         store.ID `json:"before,omitempty"`
	Limit          int      `json:"limit,omitempty" minimum:"1" maximum:"100"`
}

func (in ThreadIn) limit() int { return cmp.Or(in.Limit, 50) }

// Thread lists the newest messages before an id, oldest of them first. Visitors see neither notes nor events.
func (b *Inbox) Thread(tx *store.Tx, who actor.Actor, in ThreadIn) (page door.Page[Message], err error) {
	if err := b.reach(tx, who, in.ConversationID); err != nil {
		return page, err
	}
	list, err := tx.Messages.Newest(in.ConversationID, in.Before, who.IsStaff(), in.limit()+1)
	if err != nil {
		return page, err
	}
	next := ""
	if len(list) > in.limit() {
		list = list[1:]
		next = list[0].ID.String()
	}
	rows, err := b.messages(tx, who, in.ConversationID, list)
	return door.NewPage(rows, next), err
}

// threadPath reads changed messages one by one instead of the page again.
func (b *Inbox) threadPath(in ThreadIn) *live.Keyed {
	if in.Before != 0 {
		return nil
	}
	cut := func(first store.ID) any { return door.NewPage([]Message{}, first.String()).Rest() }
	return &live.Keyed{Table: "messages", Limit: in.limit(), Cut: cut, Row: func(tx *store.Tx, who actor.Actor, row store.ID) (any, bool, error) {
		m, err := tx.Messages.Announced(in.ConversationID, row)
		if errors.Is(err, store.ErrNotFound) || err == nil && who.IsVisitor() && m.Kind != "message" {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		v, err := b.message(tx, who, m)
		return v, err == nil, err
	}}
}
