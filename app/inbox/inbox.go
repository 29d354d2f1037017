// Package inbox is where people and visitors talk.
//
// A conversation begins with its first message. It is open, snoozed or closed; a visitor's message opens it again.
// Messages are Markdown; notes are seen by the team alone; events tell the history. Who has read what is kept for the
// visitor, for the team as a whole, and for each agent.
package inbox

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/event"
	"deskbell/app/live"
	"deskbell/app/may"
	"deskbell/store"
)

// Files is what the inbox needs of attachments.
type Files interface {
	// Shown are attachments as the wire tells them, with links that expire.
	Shown(list []store.Attachment, now store.Time) []Attachment
}

// Attachment is a file of a message as the wire tells it.
type Attachment struct {
	ID           store.ID `json:"id"`
	Filename     string   `json:"filename"`
	ContentType  string   `json:"contentType"`
	Size         int64    `json:"size"`
	Width        *int     `json:"width"`
	Height       *int     `json:"height"`
	URL          string   `json:"url"`
	ThumbnailURL *string  `json:"thumbnailUrl"`
}

// Inbox is the conversations of a team.
type Inbox struct {
	db    *store.DB
	files Files
	emit  func(tx *store.Tx, e event.Event) error
	doors *door.Doors
	board *board
}

// New makes an inbox.
func New(db *store.DB, files Files) *Inbox {
	return &Inbox{db: db, files: files, board: newBoard(db)}
}

// Open hangs everything an inbox can do on its doors.
func (b *Inbox) Open(d *door.Doors) {
	b.doors, b.emit = d, d.Emit
	staffOrOwn := may.Has(may.ReadConversations).Or(may.OwnVisitor)
	replyOrOwn := may.Has(may.Reply).Or(may.OwnVisitor)

	door.Verb(d, "conversations.start", may.OwnVisitor, b.Start, door.Keeps())
	door.Verb(d, "onboarding.sendTestMessage", may.Has(may.Reply), b.SendTest, door.Cost(10))
	door.View(d, "conversations.listForInbox", may.Has(may.ReadConversations), b.List)
	door.View(d, "conversations.get", staffOrOwn, b.Conversation)
	door.View(d, "conversations.listForVisitor", staffOrOwn, b.OfVisitor)
	door.View(d, "conversations.getTotalUnreadForVisitor", may.OwnVisitor, b.Unread)
	door.View(d, "conversations.counts", may.Has(may.ReadConversations), b.Counts)
	door.View(d, "conversations.unreadForMe", may.Has(may.ReadConversations), b.UnreadForMe)
	door.View(d, "conversations.search", may.Has(may.ReadConversations), b.Search)
	door.Verb(d, "conversations.assign", may.Has(may.Assign), b.Assign)
	door.Verb(d, "conversations.assignMany", may.Has(may.Assign), b.AssignMany)
	door.Verb(d, "conversations.setStatus", may.Has(may.Close), b.SetStatus)
	door.Verb(d, "conversations.setStatusMany", may.Has(may.Close), b.SetStatusMany)
	door.Verb(d, "conversations.snooze", may.Has(may.Close), b.Snooze)
	door.Verb(d, "conversations.snoozeMany", may.Has(may.Close), b.SnoozeMany)
	door.Verb(d, "conversations.setPriority", may.Has(may.Reply), b.SetPriority)
	door.Verb(d, "conversations.addTag", may.Has(may.Reply), b.AddTag)
	door.Verb(d, "conversations.removeTag", may.Has(may.Reply), b.RemoveTag)
	door.Verb(d, "conversations.addTagMany", may.Has(may.Reply), b.AddTagMany)
	door.Verb(d, "conversations.removeTagMany", may.Has(may.Reply), b.RemoveTagMany)
	door.Verb(d, "conversations.merge", may.Has(may.Reply).And(may.Has(may.Close)), b.Merge)
	door.Verb(d, "conversations.markAsRead", staffOrOwn, b.MarkAsRead, door.NoIdempotency())
	door.Verb(d, "conversations.look", may.Has(may.ReadConversations), b.Look, door.NoIdempotency())
	door.View(d, "conversations.presence", staffOrOwn, b.Presence)
	door.View(d, "messages.list", staffOrOwn, b.Thread, door.Shared(), door.Keyed(b.threadPath))
	door.Verb(d, "messages.send", replyOrOwn, b.Send, door.Keeps())
	door.View(d, "messages.scheduled", may.Has(may.ReadConversations), b.Scheduled)
	door.Verb(d, "messages.cancelScheduled", may.Has(may.Reply), b.CancelScheduled)
	door.Verb(d, "messages.sendScheduled", may.Has(may.Reply), b.SendScheduled)
	door.View(d, "drafts.get", may.Person(may.Reply), b.Draft)
	door.View(d, "drafts.list", may.Person(may.Reply), b.Drafts)
	door.Verb(d, "drafts.save", may.Person(may.Reply), b.SaveDraft, door.NoIdempotency())
	door.Verb(d, "messages.typing", replyOrOwn, b.Typing, door.NoIdempotency())
	door.View(d, "tags.list", may.Has(may.ReadConversations), b.Tags, door.Shared())
	door.Verb(d, "tags.create", may.Has(may.Reply), b.CreateTag)
	door.Verb(d, "tags.update", may.Has(may.SetWorkspace), b.UpdateTag)
	door.Verb(d, "tags.remove", may.Has(may.SetWorkspace), b.DeleteTag)

	door.Later(d, deliver, b.Deliver)
	door.Every(d, "inbox.wake", "@every 1m", b.WakeSnoozed)
}

// Run forgets who has stopped typing and looking, and feeds the full-text index, until ctx ends.
func (b *Inbox) Run(ctx context.Context) error {
	var feeding sync.WaitGroup
	feeding.Go(func() { b.feed(ctx) })
	defer feeding.Wait()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			b.board.sweep(now)
		}
	}
}

// Empty is an input or output without fields.
type Empty struct{}

// find finds a conversation within the actor's reach: a stranger's is not found.
func (b *Inbox) find(tx *store.Tx, who actor.Actor, id store.ID) (*store.Conversation, error) {
	c, err := tx.Conversations.ByID(id)
	if err == nil && who.IsVisitor() && c.Visitor != who.Visitor {
		err = store.ErrNotFound
	}
	return c, err
}

// reach is find for views that need nothing of the conversation itself, so that they do not depend on it.
func (b *Inbox) reach(tx *store.Tx, who actor.Actor, id store.ID) error {
	owner, err := tx.Conversations.Owner(id)
	if err == nil && who.IsVisitor() && owner != who.Visitor {
		err = store.ErrNotFound
	}
	return err
}

// change reads a conversation, lets fn change it, and saves it.
func (b *Inbox) change(ctx context.Context, who actor.Actor, id store.ID, fn func(*store.Tx, *store.Conversation) error) (out Conversation, err error) {
	_, err = b.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		c, err := b.whole(tx, who, id)
		if err != nil {
			return err
		}
		if err := changed(tx, c, fn); err != nil {
			return err
		}
		out, err = b.conversation(tx, who, id)
		return err
	})
	return out, err
}

// whole is find for what is about to be changed: what was merged into another is changed no more.
func (b *Inbox) whole(tx *store.Tx, who actor.Actor, id store.ID) (*store.Conversation, error) {
	c, err := b.find(tx, who, id)
	if err == nil && c.MergedInto != 0 {
		err = errMerged
	}
	return c, err
}

// changed lets fn change a conversation, and saves it.
func changed(tx *store.Tx, c *store.Conversation, fn func(*store.Tx, *store.Conversation) error) error {
	before := *c
	if err := fn(tx, c); err != nil || *c == before {
		return err
	}
	return tx.Conversations.Save(&before, c)
}

// addEvent writes an event into the history of a conversation, and tells of those that move it.
func (b *Inbox) addEvent(tx *store.Tx, c *store.Conversation, e Event) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	m := &store.Message{Conversation: c.ID, Kind: "event", SenderType: store.BySystem, Content: e.Type, Event: raw}
	if e.Actor != nil {
		m.Sender, m.SenderName = e.Actor.ID, e.Actor.Name
	}
	if err := tx.Messages.Add(m); err != nil || e.Type != "closed" && e.Type != "opened" && e.Type != "snoozed" {
		return err
	}
	return b.emit(tx, event.ConversationMoved{Workspace: tx.Workspace, Conversation: c.ID})
}

// Event is what happened to a conversation.
type Event struct {
	Type   string      `json:"type"`
	Actor  *Named      `json:"actor"`
	Target *Named      `json:"target"`
	Until  *store.Time `json:"until,omitempty"`
	Reason string      `json:"reason,omitempty"`
}

// Named is somebody or something by id and name.
type Named struct {
	ID   store.ID `json:"id"`
	Name string   `json:"name"`
}

func by(who actor.Actor) *Named {
	if who.User == 0 {
		return nil
	}
	return &Named{who.User, who.Name}
}

var _ live.Lister = door.Page[Conversation]{}
