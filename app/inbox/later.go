package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/store"
)

const (
	farthest = 365 * 24 * time.Hour // ahead of now, of an answer
	keepFor  = time.Hour            // a waiting answer's files, beyond its time
)

// when says when a message is to be sent; 0 is at once.
func (in Send) when(now store.Time) (store.Time, error) {
	switch {
	case in.DelayMs > 0:
		return now.Add(time.Duration(in.DelayMs) * time.Millisecond), nil
	case in.SendAt == 0:
		return 0, nil
	case !in.SendAt.After(now) || in.SendAt.Sub(now) > farthest:
		return 0, fault.New(fault.Invalid, "Choose a time within the coming year.").On("sendAt")
	}
	return in.SendAt, nil
}

// checkSend refuses what only the team, or only an answer, can have.
func checkSend(who actor.Actor, in Send) error {
	later := in.SendAt != 0 || in.DelayMs != 0
	switch {
	case in.Internal && who.IsVisitor():
		return fault.New(fault.Invalid, "Only the team writes notes.").On("internal")
	case (later || in.Close) && who.IsVisitor():
		return fault.New(fault.Invalid, "Only the team sends later, or closes.").On("sendAt")
	case later && (in.Internal || who.User == 0):
		return fault.New(fault.Invalid, "Only a person's answer can wait for its time.").On("sendAt")
	case in.Close && !who.Can(may.Close):
		return fault.New(fault.Forbidden, "You do not have the permission to close.")
	}
	return nil
}

// delivery is the job that sends an answer whose time has come.
type delivery struct {
	Workspace store.ID `json:"workspace"`
	ID        store.ID `json:"id"`
}

const deliver = "inbox.deliver"

// hold keeps an answer until its time. Its files are kept with it.
func (b *Inbox) hold(tx *store.Tx, who actor.Actor, c *store.Conversation, in Send, d draft, at store.Time) (Message, error) {
	files, err := json.Marshal(append([]store.ID{}, d.files...))
	if err != nil {
		return Message{}, err
	}
	if err := tx.Attachments.Keep(d.files, store.ByAgent, who.User, at.Add(keepFor)); err != nil {
		return Message{}, err
	}
	s := &store.Scheduled{Conversation: c.ID, User: who.User, Name: who.Name, Content: d.content, Files: files, ClientID: in.ClientID, Closes: in.Close, SendAt: at}
	if err := tx.Outbox.Add(s); err != nil {
		return Message{}, err
	}
	if err := b.doors.Enqueue(tx, deliver, s.ID.String(), at, delivery{tx.Workspace, s.ID}); err != nil {
		return Message{}, err
	}
	b.board.stop(c.ID, who.User)
	return b.waiting(tx, s)
}

// Deliver sends an answer whose time has come. One that was taken back is gone, and that is fine.
func (b *Inbox) Deliver(ctx context.Context, in delivery) error {
	_, err := b.db.Write(ctx, in.Workspace, func(tx *store.Tx) error {
		s, err := tx.Outbox.ByID(in.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = b.deliver(tx, s)
		return err
	})
	return err
}

func (b *Inbox) deliver(tx *store.Tx, s *store.Scheduled) (*store.Message, error) {
	c, err := tx.Conversations.ByID(s.Conversation)
	if err != nil {
		return nil, err
	}
	var files []store.ID
	if err := json.Unmarshal(s.Files, &files); err != nil {
		return nil, err
	}
	d, err := compose(s.Content, files, s.ClientID)
	if err != nil {
		return nil, err
	}
	if err := tx.Outbox.Remove(s.ID); err != nil {
		return nil, err
	}
	who := actor.Actor{Kind: actor.Staff, Workspace: tx.Workspace, User: s.User, Name: s.Name}
	m, err := b.add(tx, who, c, d, false)
	if err == nil && s.Closes {
		err = b.closeAfter(tx, who, c)
	}
	return m, err
}

// closeAfter closes a conversation with the message that has just been sent.
func (b *Inbox) closeAfter(tx *store.Tx, who actor.Actor, c *store.Conversation) error {
	if c.Status == store.StatusClosed {
		return nil
	}
	before := *c
	move(c, store.StatusClosed, tx.Now())
	if err := tx.Conversations.Save(&before, c); err != nil {
		return err
	}
	return b.addEvent(tx, c, Event{Type: "closed", Actor: by(who)})
}

// WhichScheduled names an answer that waits.
type WhichScheduled struct {
	MessageID store.ID `json:"messageId"`
}

var errSent = fault.New(fault.NotFound, "This message is not waiting (any longer): it was sent or taken back.")

// scheduled finds an answer that waits.
func (b *Inbox) scheduled(tx *store.Tx, id store.ID) (*store.Scheduled, error) {
	s, err := tx.Outbox.ByID(id)
	if errors.Is(err, store.ErrNotFound) {
		err = errSent
	}
	return s, err
}

// CancelScheduled takes an answer back before its time, and gives what it said.
func (b *Inbox) CancelScheduled(ctx context.Context, who actor.Actor, in WhichScheduled) (out Message, err error) {
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		s, err := b.scheduled(tx, in.MessageID)
		if err != nil {
			return err
		}
		if out, err = b.waiting(tx, s); err != nil {
			return err
		}
		return tx.Outbox.Remove(s.ID)
	})
	return out, err
}

// SendScheduled sends an answer before its time.
func (b *Inbox) SendScheduled(ctx context.Context, who actor.Actor, in WhichScheduled) (out Message, err error) {
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		s, err := b.scheduled(tx, in.MessageID)
		if err != nil {
			return err
		}
		m, err := b.deliver(tx, s)
		if err == nil {
			out, err = b.message(tx, who, m)
		}
		return err
	})
	return out, err
}

// Scheduled lists what waits in a conversation, soonest first. Visitors never see it.
func (b *Inbox) Scheduled(tx *store.Tx, who actor.Actor, in Which) (page door.Page[Message], err error) {
	if err := b.reach(tx, who, in.ConversationID); err != nil {
		return page, err
	}
	list, err := tx.Outbox.Of(in.ConversationID)
	if err != nil {
		return page, err
	}
	out := make([]Message, 0, len(list))
	for i := range list {
		m, err := b.waiting(tx, &list[i])
		if err != nil {
			return page, err
		}
		out = append(out, m)
	}
	return door.NewPage(out, ""), nil
}

// waiting shows an answer that waits as the message it will be.
func (b *Inbox) waiting(tx *store.Tx, s *store.Scheduled) (Message, error) {
	var ids []store.ID
	if err := json.Unmarshal(s.Files, &ids); err != nil {
		return Message{}, err
	}
	d, err := compose(s.Content, ids, s.ClientID)
	if err != nil {
		return Message{}, err
	}
	m := Message{ID: s.ID, ConversationID: s.Conversation, Kind: "message", SenderType: store.ByAgent, Sender: &Sender{ID: s.User, Name: s.Name},
		Content: s.Content, ContentHTML: d.html, Attachments: []Attachment{}, Channel: "chat", DeliveryStatus: "pending", CreatedAt: s.CreatedAt,
		SendAt: &s.SendAt, ClientID: door.Maybe(s.ClientID)}
	if len(ids) == 0 {
		return m, nil
	}
	files, err := tx.Attachments.Staged(ids)
	m.Attachments = b.files.Shown(files, tx.Now())
	return m, err
}
