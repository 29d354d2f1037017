// Package saved is what the team says again and again.
//
// A saved reply is a text with placeholders under a name and, for those who type fast, a shortcut. It is the team's, or
// one member's own: nobody else sees that. The team's are found by meaning too (package recall), by the team alone; those
// that the team marks so may be said to visitors by the AI agent.
package saved

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/store"
)

const longest = 20000 // characters of a saved reply

// Replies are the saved replies of every workspace.
type Replies struct{ db *store.DB }

// New makes them.
func New(db *store.DB) *Replies { return &Replies{db} }

// Open hangs everything that can be done with them on its doors.
func (r *Replies) Open(d *door.Doors) {
	write := may.Has(may.Reply).Or(may.Has(may.ManageSnippets))
	door.View(d, "savedReplies.list", may.Has(may.ReadConversations), r.List)
	door.Verb(d, "savedReplies.create", write, r.Create)
	door.Verb(d, "savedReplies.update", write, r.Update)
	door.Verb(d, "savedReplies.remove", write, r.Remove)
}

// Empty is an input or output without fields.
type Empty struct{}

// Reply is a saved reply as the wire tells it.
type Reply struct {
	ID        store.ID   `json:"id"`
	Shared    bool       `json:"shared"` // the team's; otherwise one's own
	Name      string     `json:"name"`
	Shortcut  *string    `json:"shortcut"`
	Folder    *string    `json:"folder"`
	Content   string     `json:"content"`
	ForAI     bool       `json:"forAi"`
	Author    string     `json:"author"`
	CreatedAt store.Time `json:"createdAt"`
	UpdatedAt store.Time `json:"updatedAt"`
}

// Key is the saved reply's id.
func (r Reply) Key() store.ID { return r.ID }

func shown(r *store.SavedReply) Reply {
	out := Reply{ID: r.ID, Shared: r.Owner == 0, Name: r.Name, Content: r.Content, ForAI: r.ForAI, Author: r.AuthorName, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
	if r.Shortcut != "" {
		out.Shortcut = &r.Shortcut
	}
	if r.Folder != "" {
		out.Folder = &r.Folder
	}
	return out
}

// List lists the team's saved replies and one's own, by folder and name.
func (r *Replies) List(tx *store.Tx, who actor.Actor, _ Empty) (page door.Page[Reply], err error) {
	list, err := tx.SavedReplies.Of(who.User)
	if err != nil {
		return page, err
	}
	slices.SortStableFunc(list, func(a, b store.SavedReply) int {
		if c := strings.Compare(strings.ToLower(a.Folder), strings.ToLower(b.Folder)); c != 0 {
			return c
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	rows := make([]Reply, 0, len(list))
	for i := range list {
		rows = append(rows, shown(&list[i]))
	}
	return door.NewPage(rows, ""), nil
}

// NewReply is a saved reply to make.
type NewReply struct {
	Shared   bool   `json:"shared,omitempty" doc:"for the team; needs snippets.manage"`
	Name     string `json:"name" maxLength:"400"`
	Shortcut string `json:"shortcut,omitempty" maxLength:"80"`
	Folder   string `json:"folder,omitempty" maxLength:"240"`
	Content  string `json:"content" maxLength:"80000"`
	ForAI    bool   `json:"forAi,omitempty" doc:"the AI agent may say it to visitors; only of the team's"`
}

// Create makes a saved reply.
func (r *Replies) Create(ctx context.Context, who actor.Actor, in NewReply) (out Reply, err error) {
	v := &store.SavedReply{Name: in.Name, Shortcut: in.Shortcut, Folder: in.Folder, Content: in.Content, ForAI: in.ForAI, AuthorName: who.Name}
	if err := check(v); err != nil {
		return out, err
	}
	if err := assign(v, who, in.Shared); err != nil {
		return out, err
	}
	_, err = r.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		n, err := tx.SavedReplies.Count()
		if err != nil {
			return err
		}
		if n >= store.MostSavedReplies {
			return fault.New(fault.Conflict, "There are %d saved replies already. Delete some first.", n)
		}
		if err := tx.SavedReplies.Add(v); err != nil {
			return err
		}
		out = shown(v)
		return learn(tx, v)
	})
	return out, taken(err)
}

// assign makes a saved reply the team's or one's own, if one may.
func assign(v *store.SavedReply, who actor.Actor, shared bool) error {
	switch {
	case shared && !who.Can(may.ManageSnippets):
		return fault.New(fault.Forbidden, "You do not have the permission to change the team's saved replies.")
	case !shared && who.User == 0:
		return fault.New(fault.Invalid, "Only a person has saved replies of their own.").On("shared")
	case !shared && v.ForAI:
		return fault.New(fault.Invalid, "Only the team's saved replies can be said by the AI agent.").On("forAi")
	}
	v.Owner = 0
	if !shared {
		v.Owner = who.User
	}
	return nil
}

var shortcuts = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

func check(v *store.SavedReply) error {
	v.Name, v.Folder = account.OneLine(v.Name), account.OneLine(v.Folder)
	v.Shortcut = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(v.Shortcut), "/"))
	v.Content = safe.Text(v.Content)
	switch {
	case v.Name == "":
		return fault.New(fault.Invalid, "Give it a name.").On("name")
	case utf8.RuneCountInString(v.Name) > 100:
		return fault.New(fault.Invalid, "A name has at most 100 characters.").On("name")
	case utf8.RuneCountInString(v.Folder) > 60:
		return fault.New(fault.Invalid, "A folder has at most 60 characters.").On("folder")
	case v.Shortcut != "" && !shortcuts.MatchString(v.Shortcut):
		return fault.New(fault.Invalid, "A shortcut is made of a to z, 0 to 9 and hyphens, at most 40.").On("shortcut")
	case v.Content == "":
		return fault.New(fault.Invalid, "Write what is to be said.").On("content")
	case utf8.RuneCountInString(v.Content) > longest:
		return fault.New(fault.Invalid, "A saved reply has at most %d characters.", longest).On("content")
	}
	return checked(v.Content)
}

func taken(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return fault.New(fault.Conflict, "Another saved reply has this shortcut.").On("shortcut")
	}
	return err
}

// Edit names a saved reply, and what to change of it.
type Edit struct {
	SavedReplyID store.ID `json:"savedReplyId"`
	Shared       *bool    `json:"shared,omitempty"`
	Name         *string  `json:"name,omitempty" maxLength:"400"`
	Shortcut     *string  `json:"shortcut,omitempty" maxLength:"80" doc:"empty: none"`
	Folder       *string  `json:"folder,omitempty" maxLength:"240" doc:"empty: none"`
	Content      *string  `json:"content,omitempty" maxLength:"80000"`
	ForAI        *bool    `json:"forAi,omitempty"`
}

// Update changes a saved reply.
func (r *Replies) Update(ctx context.Context, who actor.Actor, in Edit) (out Reply, err error) {
	err = r.change(ctx, who, in.SavedReplyID, func(tx *store.Tx, v *store.SavedReply) error {
		for _, f := range []struct{ to, from *string }{{&v.Name, in.Name}, {&v.Shortcut, in.Shortcut}, {&v.Folder, in.Folder}, {&v.Content, in.Content}} {
			if f.from != nil {
				*f.to = *f.from
			}
		}
		if in.ForAI != nil {
			v.ForAI = *in.ForAI
		}
		shared := v.Owner == 0
		if in.Shared != nil {
			shared = *in.Shared
		}
		if err := check(v); err != nil {
			return err
		}
		if err := assign(v, who, shared); err != nil {
			return err
		}
		if err := tx.SavedReplies.Update(v); err != nil {
			return err
		}
		out = shown(v)
		return learn(tx, v)
	})
	return out, taken(err)
}

// Which names a saved reply.
type Which struct {
	SavedReplyID store.ID `json:"savedReplyId"`
}

// Remove deletes a saved reply.
func (r *Replies) Remove(ctx context.Context, who actor.Actor, in Which) (Empty, error) {
	return Empty{}, r.change(ctx, who, in.SavedReplyID, func(tx *store.Tx, v *store.SavedReply) error {
		if err := tx.SavedReplies.Remove(v.ID); err != nil {
			return err
		}
		return recall.Drop(tx, store.FromSavedReply, v.ID)
	})
}

// change finds a saved reply that one may change, and lets fn.
func (r *Replies) change(ctx context.Context, who actor.Actor, id store.ID, fn func(*store.Tx, *store.SavedReply) error) error {
	_, err := r.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		v, err := tx.SavedReplies.ByID(id, who.User)
		if err != nil {
			return err
		}
		if v.Owner == 0 && !who.Can(may.ManageSnippets) {
			return fault.New(fault.Forbidden, "You do not have the permission to change the team's saved replies.")
		}
		return fn(tx, v)
	})
	return err
}

// learn makes the team's saved replies findable by meaning, with nothing in the place of what only a conversation knows.
// One's own are found by their words alone.
func learn(tx *store.Tx, v *store.SavedReply) error {
	if v.Owner != 0 {
		return recall.Drop(tx, store.FromSavedReply, v.ID)
	}
	d := recall.Document{Source: store.FromSavedReply, ID: v.ID, Audience: store.AudienceStaff, Published: true, Title: v.Name, Markdown: Fill(v.Content, nil)}
	if v.ForAI {
		d.Audience = ""
	}
	return recall.Put(tx, d)
}
