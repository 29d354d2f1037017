package store

import (
	"context"
	"errors"
)

// What can go wrong with a row or a write.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("conflict")                    // a unique key is taken
	ErrFull     = errors.New("the disk is full")            // nothing was written
	ErrBusy     = errors.New("too many writes are waiting") // nothing was written
	ErrClosed   = errors.New("the store is closed")
	ErrBroken   = errors.New("the disk fails to keep what is written")
)

// Tx is one transaction, bound to one workspace, and the way to every table. A Tx of DB.Read cannot write.
type Tx struct {
	*session

	Meta     Meta
	Users    Users
	Sessions Sessions
	APIKeys  APIKeys
	Failures Failures

	Workspaces  Workspaces
	Members     Members
	Invitations Invitations

	Visitors          Visitors
	WidgetSessions    WidgetSessions
	MessengerSettings MessengerSettings

	Conversations Conversations
	Messages      Messages
	Outbox        Outbox
	Reads         Reads
	Drafts        Drafts
	Counters      Counters
	Tags          Tags
	Search        Search

	Blobs       Blobs
	Attachments Attachments

	Chunks       Chunks
	SavedReplies SavedReplies
	Copilot      Copilot
	Translations Translations

	AI          AI
	Models      Models
	HelpCenters HelpCenters
	Collections Collections
	Articles    Articles
	Versions    Versions
	Feedback    Feedback
	Assets      Assets
	Finder      Finder
	Imports     Imports
	SiteImports SiteImports

	Jobs            Jobs
	IdempotencyKeys IdempotencyKeys
}

type session struct {
	// Workspace is the only workspace whose rows this transaction can reach; 0 in the few reads and writes
	// that stand outside of one.
	Workspace ID

	conn *conn
	ctx  context.Context
	db   *DB
	seen *seen // nil where nobody asks
}

func newTx(s *session) *Tx {
	return &Tx{
		session: s, Meta: Meta{s}, Users: Users{s}, Sessions: Sessions{s}, APIKeys: APIKeys{s}, Failures: Failures{s}, Workspaces: Workspaces{s}, Members: Members{s},
		Invitations: Invitations{s}, Visitors: Visitors{s}, WidgetSessions: WidgetSessions{s}, MessengerSettings: MessengerSettings{s},
		Conversations: Conversations{s}, Messages: Messages{s}, Outbox: Outbox{s}, Reads: Reads{s}, Drafts: Drafts{s}, Counters: Counters{s}, Tags: Tags{s},
		Search: Search{s}, Chunks: Chunks{s}, SavedReplies: SavedReplies{s}, Copilot: Copilot{s}, Translations: Translations{s}, AI: AI{s}, Models: Models{s}, Blobs: Blobs{s}, Attachments: Attachments{s}, Jobs: Jobs{s}, IdempotencyKeys: IdempotencyKeys{s},
		HelpCenters: HelpCenters{s}, Collections: Collections{s}, Articles: Articles{s}, Versions: Versions{s}, Feedback: Feedback{s},
		Assets: Assets{s}, Finder: Finder{s}, Imports: Imports{s}, SiteImports: SiteImports{s},
	}
}

// In is the same transaction bound to another workspace. Only code that has checked its right to be there calls it.
func (tx *Tx) In(workspace ID) *Tx {
	s := *tx.session
	s.Workspace = workspace
	return newTx(&s)
}

// Saw says that what is being read depends on topics outside the file.
func (tx *Tx) Saw(topics ...Topic) {
	for _, t := range topics {
		tx.note("", t)
	}
}

// Now is the store's time.
func (s *session) Now() Time { return s.db.now() }

// NewID draws an ID larger than every one before.
func (s *session) NewID() ID { return s.db.ids.next(s.db.now().Std()) }

// ws is the workspace of the transaction. Reading a workspace's rows outside of one is a mistake of the program.
func (s *session) ws() ID {
	if s.Workspace == 0 {
		panic("store: a workspace's rows were asked for outside of a workspace")
	}
	return s.Workspace
}

// seen is what a read depends on.
type seen struct {
	topics []Topic
	tables []string // for an audit
}

func (s *session) note(table string, t Topic) {
	if s.seen == nil {
		return
	}
	s.seen.topics = append(s.seen.topics, t)
	if s.db.audit != nil {
		s.seen.tables = append(s.seen.tables, table)
	}
}

// saw notes that the result depends on the rows of a table that share a value.
func (s *session) saw(table, column string, value ID) {
	s.note(table, topicOf(table, column, int64(value)))
}

// sawTable notes that the result depends on all rows of a table.
func (s *session) sawTable(table string) { s.note(table, tableTopic(table)) }

// sawRow notes that the result depends on one row.
func (s *session) sawRow(table string, id ID) { s.note(table, rowTopic(table, int64(id))) }

// sawKey notes that the result depends on the identity of one row.
func (s *session) sawKey(table string, id ID) { s.note(table, keyTopic(table, int64(id))) }
