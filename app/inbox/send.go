package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/event"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

const (
	longest   = 20000 // characters of a message
	mostBegun = 100   // conversations that one visitor begins in a day
)

// Send is a message to a conversation. The same clientId again gives the same message, not another.
type Send struct {
	ConversationID    store.ID   `json:"conversationId"`
	Content           string     `json:"content" maxLength:"80000"`
	AttachmentIDs     []store.ID `json:"attachmentIds,omitempty" maxItems:"10"`
	ClientID          string     `json:"clientId,omitempty" maxLength:"64"`
	Internal          bool       `json:"internal,omitempty"`
	LastSeenMessageID store.ID   `json:"lastSeenMessageId,omitempty"`
	SendAt            store.Time `json:"sendAt,omitempty" minimum:"0" doc:"send then, not now; staff only"`
	DelayMs           int64      `json:"delayMs,omitempty" minimum:"0" maximum:"60000" doc:"send after this long, to have time to take it back; staff only"`
	Close             bool       `json:"close,omitempty" doc:"close the conversation with it; staff only"`
}

// Start is a visitor's first message.
type Start struct {
	Content       string     `json:"content" maxLength:"80000"`
	AttachmentIDs []store.ID `json:"attachmentIds,omitempty" maxItems:"10"`
	ClientID      string     `json:"clientId,omitempty" maxLength:"64"`
}

// Started is the conversation that began, and its message.
type Started struct {
	Conversation Conversation `json:"conversation"`
	Message      Message      `json:"message"`
}

// draft is a message that has been checked, but not sent.
type draft struct {
	content, html, preview string
	files                  []store.ID
	clientID               string
	sources                json.RawMessage // of an AI answer
}

func compose(content string, files []store.ID, client string) (draft, error) {
	d := draft{content: safe.Text(content), files: files, clientID: client}
	switch {
	case d.content == "" && len(files) == 0:
		return d, fault.New(fault.Invalid, "Write something, or attach a file.").On("content")
	case utf8.RuneCountInString(d.content) > longest:
		return d, fault.New(fault.Invalid, "A message has at most %d characters.", longest).On("content")
	}
	d.html, d.preview = safe.HTML(d.content), safe.Preview(d.content)
	if d.preview == "" && len(files) == 1 {
		d.preview = "1 attachment"
	} else if d.preview == "" && len(files) > 1 {
		d.preview = "Several attachments"
	}
	return d, nil
}

// Start begins a conversation with a visitor's first message.
func (b *Inbox) Start(ctx context.Context, who actor.Actor, in Start) (out Started, err error) {
	d, err := compose(in.Content, in.AttachmentIDs, in.ClientID)
	if err != nil {
		return out, err
	}
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		if in.ClientID != "" {
			c, err := tx.Conversations.ByClient(who.Visitor, in.ClientID)
			if err == nil {
				out, err = b.started(tx, who, c.ID, in.ClientID)
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		begun, err := tx.Conversations.BegunSince(who.Visitor, tx.Now().Add(-24*time.Hour), mostBegun)
		if err == nil && begun >= mostBegun {
			err = fault.New(fault.RateLimited, "You have begun very many conversations today. Go on in one of them.").After(time.Hour)
		}
		if err != nil {
			return err
		}
		c := &store.Conversation{Visitor: who.Visitor}
		if err := tx.Conversations.Add(c, in.ClientID); err != nil {
			return err
		}
		m, err := b.add(tx, who, c, d, false)
		if err != nil {
			return err
		}
		if err := b.emit(tx, event.ConversationStarted{Workspace: who.Workspace, Conversation: c.ID}); err != nil {
			return err
		}
		if out.Conversation, err = b.conversation(tx, who, c.ID); err == nil {
			out.Message, err = b.message(tx, who, m)
		}
		return err
	})
	return out, err
}

// started is the answer to a start that was answered before.
func (b *Inbox) started(tx *store.Tx, who actor.Actor, id store.ID, client string) (out Started, err error) {
	m, err := tx.Messages.ByClient(id, who.Visitor, client)
	if err != nil {
		return out, err
	}
	if out.Conversation, err = b.conversation(tx, who, id); err == nil {
		out.Message, err = b.message(tx, who, m)
	}
	return out, err
}

// Send adds a message to a conversation: a visitor's to their own, an agent's as an answer or a note.
func (b *Inbox) Send(ctx context.Context, who actor.Actor, in Send) (out Message, err error) {
	if err := checkSend(who, in); err != nil {
		return out, err
	}
	d, err := compose(in.Content, in.AttachmentIDs, in.ClientID)
	if err != nil {
		return out, err
	}
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		c, err := b.find(tx, who, in.ConversationID)
		if err == nil {
			c, err = b.mergedTarget(tx, c)
		}
		if err != nil {
			return err
		}
		if in.ClientID != "" {
			m, err := tx.Messages.ByClient(c.ID, sender(who), in.ClientID)
			if err == nil {
				out, err = b.message(tx, who, m)
			}
			if errors.Is(err, store.ErrNotFound) && who.User != 0 {
				var s *store.Scheduled
				if s, err = tx.Outbox.ByClient(c.ID, who.User, in.ClientID); err == nil {
					out, err = b.waiting(tx, s)
				}
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if in.LastSeenMessageID != 0 && who.IsStaff() {
			if err := b.missed(tx, who, c, in.LastSeenMessageID); err != nil {
				return err
			}
		}
		if at, err := in.when(tx.Now()); at != 0 || err != nil {
			if err == nil {
				out, err = b.hold(tx, who, c, in, d, at)
			}
			return err
		}
		m, err := b.add(tx, who, c, d, in.Internal)
		if err == nil && in.Close {
			err = b.closeAfter(tx, who, c)
		}
		if err == nil {
			out, err = b.message(tx, who, m)
		}
		return err
	})
	return out, err
}

func sender(who actor.Actor) store.ID {
	if who.IsVisitor() {
		return who.Visitor
	}
	return who.User
}

// missed refuses to send past messages that the writer has not seen, and says which.
func (b *Inbox) missed(tx *store.Tx, who actor.Actor, c *store.Conversation, seen store.ID) error {
	list, err := tx.Messages.After(c.ID, seen, who.User, 20)
	if err != nil || len(list) == 0 {
		return err
	}
	shown, err := b.messages(tx, who, c.ID, list)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "Somebody wrote meanwhile. Read it before you send.").With("missed", shown)
}

// add puts a checked message into a conversation and brings the conversation's own row up to date.
func (b *Inbox) add(tx *store.Tx, who actor.Actor, c *store.Conversation, d draft, internal bool) (*store.Message, error) {
	before := *c
	m := &store.Message{Conversation: c.ID, Kind: "message", SenderType: store.ByAgent, Sender: sender(who), SenderName: who.Name,
		Content: d.content, HTML: d.html, AttachmentCount: len(d.files), ClientID: d.clientID, Sources: d.sources}
	if who.Kind == actor.AI {
		m.SenderType = store.ByBot
	}
	if who.IsVisitor() {
		m.SenderType = store.ByVisitor
		if c.Status != store.StatusOpen {
			move(c, store.StatusOpen, tx.Now())
			if err := b.addEvent(tx, c, Event{Type: "opened"}); err != nil {
				return nil, err
			}
		}
	}
	if internal {
		m.Kind = "note"
	}
	if err := tx.Messages.Add(m); err != nil {
		return nil, err
	}
	if len(d.files) > 0 {
		if _, err := tx.Attachments.Bind(d.files, c.ID, m.ID, m.SenderType, m.Sender); err != nil {
			return nil, err
		}
	}
	if err := seen(tx, c, m); err != nil {
		return nil, err
	}
	touch(c, m, d.preview)
	if err := tx.Conversations.Save(&before, c); err != nil {
		return nil, err
	}
	if internal && who.User != 0 { // after an answer nobody has anything to read, until somebody writes again
		if err := tx.Reads.Mark(who.User, c.ID, m.ID); err != nil {
			return nil, err
		}
	}
	b.board.stop(c.ID, sender(who))
	return m, b.emit(tx, event.MessageSent{Workspace: tx.Workspace, Conversation: c.ID, Message: m.ID, Sender: m.SenderType})
}

// seen notes that whoever writes has read what the other side wrote before.
func seen(tx *store.Tx, c *store.Conversation, m *store.Message) error {
	switch {
	case m.SenderType == store.ByVisitor && c.UnreadByVisitor > 0:
		return tx.Messages.SeenByVisitor(c.ID, c.VisitorReadID, m.ID)
	case m.SenderType == store.ByAgent && m.Kind == "message" && c.UnreadByAgent > 0:
		return tx.Messages.SeenByTeam(c.ID, c.AgentReadID, m.ID)
	}
	return nil
}

// touch brings what a list shows of a conversation up to date. Notes never show where visitors look.
func touch(c *store.Conversation, m *store.Message, preview string) {
	c.LastMessage, c.LastMessageAt, c.LastPreview = m.ID, m.CreatedAt, preview
	c.LastSenderType, c.LastSenderName, c.LastInternal = m.SenderType, m.SenderName, m.Kind == "note"
	c.MessageCount++
	if m.Kind == "note" {
		return
	}
	c.LastPublic = m.ID
	c.VisitorPreview, c.VisitorSender, c.VisitorSenderName, c.VisitorMessageAt = preview, m.SenderType, m.SenderName, m.CreatedAt
	if m.SenderType == store.ByVisitor {
		c.UnreadByAgent++
		c.UnreadByVisitor, c.VisitorReadID = 0, m.ID
		return
	}
	c.UnreadByVisitor++
	if m.SenderType == store.ByBot {
		if c.AIState == "ai_handled" {
			c.UnreadByAgent = 0
		}
		return
	}
	c.UnreadByAgent, c.AgentReadID = 0, m.ID
	if c.FirstResponseAt == 0 {
		c.FirstResponseAt = m.CreatedAt
	}
}
