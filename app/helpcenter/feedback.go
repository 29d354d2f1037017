package helpcenter

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/store"
)

// NewFeedback is what a reader thinks of an article. The same reader again changes their mind.
type NewFeedback struct {
	WorkspaceID store.ID `json:"workspaceId,omitempty"`
	ArticleID   store.ID `json:"articleId"`
	Helpful     bool     `json:"helpful"`
	Comment     string   `json:"comment,omitempty" maxLength:"8000"`
	Language    string   `json:"language,omitempty" maxLength:"12"`
}

// SubmitFeedback keeps what a reader thinks of an article that they may read.
func (h *HelpCenter) SubmitFeedback(ctx context.Context, who actor.Actor, in NewFeedback) (Empty, error) {
	comment, err := short("comment", in.Comment, 2000)
	if err != nil {
		return Empty{}, err
	}
	if !h.limits.let("feedback "+actor.Network(who.IP), 10*time.Second, 10) {
		return Empty{}, fault.New(fault.RateLimited, "Thank you, that is enough for the moment.").After(time.Minute)
	}
	workspace := in.WorkspaceID
	if who.IsVisitor() {
		workspace = who.Workspace
	}
	if workspace == 0 {
		return Empty{}, fault.New(fault.Invalid, "Name the workspace.").On("workspaceId")
	}
	_, err = h.db.Write(ctx, workspace, func(tx *store.Tx) error {
		_, c, err := h.reader(tx, who, workspace)
		if err != nil {
			return err
		}
		list, err := tx.Articles.Published([]store.ID{in.ArticleID}, c.Language, c.Language)
		if err != nil {
			return err
		}
		if _, there := list[in.ArticleID]; !there {
			return store.ErrNotFound
		}
		return tx.Feedback.Put(&store.Vote{Article: in.ArticleID, Visitor: who.Visitor, Language: in.Language, Helpful: in.Helpful, Comment: comment}, h.voter(who, tx.Now()))
	})
	return Empty{}, err
}

// voter is one reader: a visitor, or for strangers their network and day, hashed so that no address is kept.
func (h *HelpCenter) voter(who actor.Actor, now store.Time) string {
	if who.IsVisitor() {
		return "visitor " + who.Visitor.String()
	}
	sum := sha256.Sum256(append(append([]byte{}, h.key...), actor.Network(who.IP)+now.Std().Format("2006-01-02")...))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// limits bounds what strangers may write.
type limits struct {
	mu   sync.Mutex
	keys map[string]*rate.Limiter
}

func newLimits() *limits { return &limits{keys: map[string]*rate.Limiter{}} }

func (l *limits) let(key string, every time.Duration, burst int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.keys[key]
	if k == nil {
		if len(l.keys) > 20000 {
			clear(l.keys)
		}
		k = rate.NewLimiter(rate.Every(every), burst)
		l.keys[key] = k
	}
	return k.Allow()
}

// Vote is what a reader thought of an article, as the team sees it.
type Vote struct {
	ID        store.ID   `json:"id"`
	Helpful   bool       `json:"helpful"`
	Comment   *string    `json:"comment"`
	VisitorID *store.ID  `json:"visitorId"`
	Language  *string    `json:"language"`
	CreatedAt store.Time `json:"createdAt"`
}

// Key is the vote's id.
func (v Vote) Key() store.ID { return v.ID }

// FeedbackIn names an article and a page of what readers thought of it.
type FeedbackIn struct {
	ArticleID store.ID `json:"articleId"`
	Limit     int      `json:"limit,omitempty" minimum:"1" maximum:"100"`
	Cursor    string   `json:"cursor,omitempty" maxLength:"100"`
}

// Feedback lists what readers thought of an article, newest first.
func (h *HelpCenter) Feedback(tx *store.Tx, _ actor.Actor, in FeedbackIn) (page door.Page[Vote], err error) {
	if _, err := tx.Articles.ByID(in.ArticleID); err != nil {
		return page, err
	}
	_, before, err := door.ReadCursor(in.Cursor)
	if err != nil {
		return page, err
	}
	n := or(in.Limit, 50)
	list, err := tx.Feedback.List(in.ArticleID, before, n+1)
	next := ""
	if len(list) > n {
		list = list[:n]
		next = door.Cursor(list[n-1].CreatedAt, list[n-1].ID)
	}
	out := make([]Vote, 0, len(list))
	for _, v := range list {
		out = append(out, Vote{v.ID, v.Helpful, door.Maybe(v.Comment), door.Maybe(v.Visitor), door.Maybe(v.Language), v.CreatedAt})
	}
	return door.NewPage(out, next), err
}
