package inbox

import (
	"encoding/json"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/store"
)

// Person is a visitor on a conversation's line.
type Person struct {
	ID         store.ID `json:"id"`
	ReadableID string   `json:"readableId"`
	Name       *string  `json:"name"`
	Email      *string  `json:"email"`
	AvatarURL  *string  `json:"avatarUrl"`
	Online     bool     `json:"online"`
	Verified   bool     `json:"verified"`
}

// Face is a member of the team by name and picture.
type Face struct {
	ID        store.ID `json:"id"`
	Name      string   `json:"name"`
	AvatarURL *string  `json:"avatarUrl"`
}

// Last is the newest message of a conversation in short.
type Last struct {
	ID         store.ID         `json:"id"`
	Preview    string           `json:"preview"`
	SenderType store.SenderType `json:"senderType"`
	SenderName string           `json:"senderName"`
	At         store.Time       `json:"at"`
	Internal   bool             `json:"internal"`
}

// Label is a tag as the wire tells it.
type Label struct {
	ID    store.ID `json:"id"`
	Name  string   `json:"name"`
	Color string   `json:"color"`
}

// Key is the tag's id.
func (l Label) Key() store.ID { return l.ID }

// Conversation is a conversation as the wire tells it.
type Conversation struct {
	ID              store.ID     `json:"id"`
	WorkspaceID     store.ID     `json:"workspaceId"`
	Visitor         Person       `json:"visitor"`
	Status          store.Status `json:"status"`
	Channel         string       `json:"channel"`
	Subject         *string      `json:"subject"`
	Assignee        *Face        `json:"assignee"`
	Team            *Named       `json:"team"`
	Priority        string       `json:"priority"`
	Tags            []Label      `json:"tags"`
	LastMessage     Last         `json:"lastMessage"`
	MessageCount    int          `json:"messageCount"`
	UnreadByAgent   int          `json:"unreadByAgent"`
	UnreadByVisitor int          `json:"unreadByVisitor"`
	Unread          bool         `json:"unread"` // for the one who asks
	AIState         string       `json:"aiState"`
	SnoozedUntil    *store.Time  `json:"snoozedUntil"`
	MergedInto      *store.ID    `json:"mergedInto"` // the conversation that took this one in
	CreatedAt       store.Time   `json:"createdAt"`
	UpdatedAt       store.Time   `json:"updatedAt"`
}

// Key is the conversation's id.
func (c Conversation) Key() store.ID { return c.ID }

// Sender is who wrote a message.
type Sender struct {
	ID        store.ID `json:"id"`
	Name      string   `json:"name"`
	AvatarURL *string  `json:"avatarUrl"`
}

// Message is a message as the wire tells it.
type Message struct {
	ID             store.ID         `json:"id"`
	ConversationID store.ID         `json:"conversationId"`
	Kind           string           `json:"kind"`
	SenderType     store.SenderType `json:"senderType"`
	Sender         *Sender          `json:"sender"`
	Content        string           `json:"content"`
	ContentHTML    string           `json:"contentHtml"`
	Internal       bool             `json:"internal"`
	Event          json.RawMessage  `json:"event"`
	Attachments    []Attachment     `json:"attachments"`
	Sources        []store.Source   `json:"sources"` // what an AI answer rests on
	Channel        string           `json:"channel"`
	DeliveryStatus string           `json:"deliveryStatus"`
	SeenAt         *store.Time      `json:"seenAt"`
	SendAt         *store.Time      `json:"sendAt,omitempty"` // of one that waits for its time
	CreatedAt      store.Time       `json:"createdAt"`
	ClientID       *string          `json:"clientId"`
}

// Key is the message's id.
func (m Message) Key() store.ID { return m.ID }

// firstName is what visitors see of a member of the team.
func firstName(name string, reader actor.Actor) string {
	if !reader.IsVisitor() {
		return name
	}
	first, _, _ := strings.Cut(name, " ")
	return first
}

func shown(l *store.ListedConversation, tags []store.Tag, reader actor.Actor) Conversation {
	c := Conversation{ID: l.ID, WorkspaceID: l.Workspace, Status: l.Status, Channel: l.Channel, Subject: door.Maybe(l.Subject), Priority: l.Priority,
		Visitor: Person{l.Visitor, l.VisitorReadable, door.Maybe(l.VisitorName), door.Maybe(l.VisitorEmail), door.Maybe(l.VisitorAvatar), l.VisitorOnline, l.VisitorVerified},
		Tags:    []Label{}, MessageCount: l.MessageCount, UnreadByAgent: l.UnreadByAgent, UnreadByVisitor: l.UnreadByVisitor, AIState: l.AIState,
		SnoozedUntil: door.Maybe(l.SnoozedUntil), MergedInto: door.Maybe(l.MergedInto), CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt,
		LastMessage: Last{l.LastMessage, l.LastPreview, l.LastSenderType, l.LastSenderName, l.LastMessageAt, l.LastInternal}}
	if l.Assignee != 0 {
		c.Assignee = &Face{l.Assignee, firstName(l.AssigneeName, reader), door.Maybe(l.AssigneeAvatar)}
	}
	if reader.IsVisitor() { // nothing of the team's own: no notes, tags, priority or counters
		c.LastMessage = Last{0, l.VisitorPreview, l.VisitorSender, firstName(l.VisitorSenderName, reader), l.VisitorMessageAt, false}
		c.Unread, c.UnreadByAgent, c.MessageCount, c.Priority, c.SnoozedUntil = l.UnreadByVisitor > 0, 0, 0, "none", nil
		c.UpdatedAt = l.VisitorMessageAt
		if c.Status == store.StatusSnoozed {
			c.Status = store.StatusOpen
		}
		return c
	}
	c.Unread = (l.VisitorSender == store.ByVisitor || l.VisitorSender == store.ByBot && l.AIState == "handoff") && l.LastPublic > l.ReadID
	for _, t := range tags {
		c.Tags = append(c.Tags, Label(t))
	}
	return c
}

// conversation reads one conversation as its reader sees it.
func (b *Inbox) conversation(tx *store.Tx, who actor.Actor, id store.ID) (Conversation, error) {
	l, err := tx.Conversations.Listed(id, who.User)
	if err != nil {
		return Conversation{}, err
	}
	if who.IsVisitor() {
		return shown(l, nil, who), nil
	}
	tags, err := tx.Tags.Of([]store.ID{id})
	return shown(l, tags[id], who), err
}

func (b *Inbox) conversations(tx *store.Tx, who actor.Actor, list []store.ListedConversation) ([]Conversation, error) {
	out := make([]Conversation, 0, len(list))
	tags := map[store.ID][]store.Tag{}
	if len(list) > 0 && who.IsStaff() {
		ids := make([]store.ID, len(list))
		for i := range list {
			ids[i] = list[i].ID
		}
		var err error
		if tags, err = tx.Tags.Of(ids); err != nil {
			return nil, err
		}
	}
	for i := range list {
		out = append(out, shown(&list[i], tags[list[i].ID], who))
	}
	return out, nil
}

// message shows one message.
func (b *Inbox) message(tx *store.Tx, who actor.Actor, m *store.Message) (Message, error) {
	list, err := b.messages(tx, who, m.Conversation, []store.Message{*m})
	if err != nil {
		return Message{}, err
	}
	return list[0], nil
}

// messages shows messages of one conversation, with their files.
func (b *Inbox) messages(tx *store.Tx, who actor.Actor, conversation store.ID, list []store.Message) ([]Message, error) {
	var with []store.ID
	for _, m := range list {
		if m.AttachmentCount > 0 {
			with = append(with, m.ID)
		}
	}
	files := map[store.ID][]store.Attachment{}
	if len(with) > 0 {
		all, err := tx.Attachments.ForMessages(conversation, with)
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			files[a.Message] = append(files[a.Message], a)
		}
	}
	out := make([]Message, 0, len(list))
	for _, m := range list {
		v := Message{ID: m.ID, ConversationID: m.Conversation, Kind: m.Kind, SenderType: m.SenderType, Content: m.Content, ContentHTML: m.HTML,
			Internal: m.Kind == "note", Event: m.Event, Attachments: []Attachment{}, Sources: []store.Source{}, Channel: m.Channel, DeliveryStatus: m.DeliveryStatus,
			SeenAt: door.Maybe(m.SeenAt), CreatedAt: m.CreatedAt}
		if m.Sender != 0 {
			v.Sender = &Sender{ID: m.Sender, Name: m.SenderName}
			if m.SenderType == store.ByAgent {
				v.Sender.Name = firstName(m.SenderName, who)
			}
			if m.Sender == sender(who) {
				v.ClientID = door.Maybe(m.ClientID)
			}
		}
		if m.SenderType == store.ByBot {
			v.Sender = &Sender{Name: m.SenderName}
			if m.Sources != nil {
				if err := json.Unmarshal(m.Sources, &v.Sources); err != nil {
					return nil, err
				}
			}
		}
		if len(files[m.ID]) > 0 {
			v.Attachments = b.files.Shown(files[m.ID], tx.Now())
		}
		out = append(out, v)
	}
	return out, nil
}
