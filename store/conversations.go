package store

// Conversation is a talk with one visitor. Everything a list shows stands on its row.
type Conversation struct {
	ID                ID
	Workspace         ID
	Visitor           ID
	Assignee          ID
	Status            Status
	AIState           string
	Channel           string
	Subject           string
	Priority          string
	LastMessage       ID
	LastMessageAt     Time
	LastPreview       string
	LastSenderType    SenderType
	LastSenderName    string
	LastInternal      bool
	VisitorPreview    string
	VisitorSender     SenderType
	VisitorSenderName string
	VisitorMessageAt  Time
	MessageCount      int
	UnreadByAgent     int
	UnreadByVisitor   int
	AgentReadID       ID
	VisitorReadID     ID
	SnoozedUntil      Time
	FirstResponseAt   Time
	ResolvedAt        Time
	MergedInto        ID // the conversation that took this one in
	LastPublic        ID // the newest message that is no note
	CreatedAt         Time
	UpdatedAt         Time
}

const conversationColumns = `c.id, c.workspace_id, c.visitor_id, coalesce(c.assignee_id, 0), c.status, c.ai_state, c.channel, c.subject, c.priority, c.last_message_id,
	c.last_message_at, c.last_preview, c.last_sender_type, c.last_sender_name, c.last_internal, c.visitor_preview, c.visitor_sender_type,
	c.visitor_sender_name, c.visitor_message_at, c.message_count, c.unread_by_agent, c.unread_by_visitor, c.agent_read_id, c.visitor_read_id,
	c.snoozed_until, c.first_response_at, c.resolved_at, coalesce(c.merged_into, 0), c.last_public_id, c.created_at, c.updated_at`

func (c *Conversation) fields() []any {
	return []any{&c.ID, &c.Workspace, &c.Visitor, &c.Assignee, &c.Status, &c.AIState, &c.Channel, &c.Subject, &c.Priority, &c.LastMessage,
		&c.LastMessageAt, &c.LastPreview, &c.LastSenderType, &c.LastSenderName, &c.LastInternal, &c.VisitorPreview, &c.VisitorSender,
		&c.VisitorSenderName, &c.VisitorMessageAt, &c.MessageCount, &c.UnreadByAgent, &c.UnreadByVisitor, &c.AgentReadID, &c.VisitorReadID,
		&c.SnoozedUntil, &c.FirstResponseAt, &c.ResolvedAt, &c.MergedInto, &c.LastPublic, &c.CreatedAt, &c.UpdatedAt}
}

// ListedConversation is a conversation with the people that its line in a list names.
type ListedConversation struct {
	Conversation
	VisitorName, VisitorEmail, VisitorReadable, VisitorAvatar string
	VisitorOnline, VisitorVerified                            bool
	AssigneeName, AssigneeAvatar                              string
	ReadID                                                    ID // what the reader has read
}

const listedSelect = `SELECT ` + conversationColumns + `, v.name, v.email, v.readable_id, v.avatar_url, v.online, v.verified,
	coalesce(u.name, ''), coalesce(u.avatar_url, ''), coalesce(r.read_id, 0)
	FROM conversations c JOIN visitors v ON v.workspace_id = c.workspace_id AND v.id = c.visitor_id
	LEFT JOIN users u ON u.id = c.assignee_id
	LEFT JOIN conversation_reads r ON r.workspace_id = c.workspace_id AND r.conversation_id = c.id AND r.user_id = ?`

func (l *ListedConversation) fields() []any {
	return append(l.Conversation.fields(), &l.VisitorName, &l.VisitorEmail, &l.VisitorReadable, &l.VisitorAvatar, &l.VisitorOnline, &l.VisitorVerified,
		&l.AssigneeName, &l.AssigneeAvatar, &l.ReadID)
}

// Conversations are the workspace's talks with its visitors.
type Conversations struct{ *session }

// ByID finds a conversation.
func (c Conversations) ByID(id ID) (*Conversation, error) {
	c.saw("conversations", "id", id)
	if kept, ok := c.conn.hot.of(c.ws(), id); ok {
		return kept, nil
	}
	found, err := one[Conversation](c.session, `SELECT `+conversationColumns+` FROM conversations c WHERE c.workspace_id = ? AND c.id = ?`, c.ws(), id)
	if err == nil {
		c.conn.hot.keep(found)
	}
	return found, err
}

// Owner finds whose conversation it is. What else happens to the conversation does not matter to a view that asks so.
func (c Conversations) Owner(id ID) (visitor ID, err error) {
	c.sawKey("conversations", id)
	err = pick(c.session, []any{&visitor}, `SELECT visitor_id FROM conversations WHERE workspace_id = ? AND id = ?`, c.ws(), id)
	return visitor, err
}

// Listed finds a conversation with the people it names, as a user sees it.
func (c Conversations) Listed(id, reader ID) (*ListedConversation, error) {
	c.saw("conversations", "id", id)
	l, err := one[ListedConversation](c.session, listedSelect+` WHERE c.workspace_id = ? AND c.id = ?`, reader, c.ws(), id)
	if err == nil {
		c.saw("visitors", "id", l.Visitor)
		c.sawOf(l)
		c.saw("conversation_reads", "conversation_id", id)
	}
	return l, err
}

// listed reads conversations for a list, and says whom they name.
func (c Conversations) listed(query string, args ...any) ([]ListedConversation, error) {
	list, err := many[ListedConversation](c.session, query, args...)
	for i := range list {
		c.sawOf(&list[i])
	}
	return list, err
}

func (c Conversations) sawOf(l *ListedConversation) {
	if l.Assignee != 0 {
		c.saw("users", "id", l.Assignee)
	}
}

// ByClient finds the conversation that a visitor's client started under this id.
func (c Conversations) ByClient(visitor ID, client string) (*Conversation, error) {
	return one[Conversation](c.session, `SELECT `+conversationColumns+` FROM conversations c WHERE c.workspace_id = ? AND c.visitor_id = ? AND c.client_id = ?`, c.ws(), visitor, client)
}

// Add keeps a new conversation and counts it.
func (c Conversations) Add(n *Conversation, client string) error {
	n.ID, n.Workspace, n.CreatedAt, n.UpdatedAt = c.NewID(), c.ws(), c.Now(), c.Now()
	n.LastMessageAt, n.Status, n.AIState, n.Channel, n.Priority = c.Now(), StatusOpen, "none", "chat", "none"
	if _, err := exec(c.session, `INSERT INTO conversations (workspace_id, id, visitor_id, client_id, last_message_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		c.ws(), n.ID, n.Visitor, client, n.LastMessageAt, n.CreatedAt, n.UpdatedAt); err != nil {
		return err
	}
	return Counters(c).moved(nil, n)
}

// Save writes what changed of a conversation and keeps the counters: before is it as it was read in this transaction.
// Only the columns that differ are named: SQLite brings an index up to date, and looks after checks and references,
// for each column that a statement names, whether its value is another or not.
func (c Conversations) Save(before, n *Conversation) error {
	n.UpdatedAt = c.Now()
	var d difference
	if before.Assignee != n.Assignee {
		d.set("assignee_id", orNull(n.Assignee))
	}
	if before.MergedInto != n.MergedInto {
		d.set("merged_into", orNull(n.MergedInto))
	}
	differs(&d, "status", before.Status, n.Status)
	differs(&d, "ai_state", before.AIState, n.AIState)
	differs(&d, "subject", before.Subject, n.Subject)
	differs(&d, "priority", before.Priority, n.Priority)
	differs(&d, "last_message_id", before.LastMessage, n.LastMessage)
	differs(&d, "last_message_at", before.LastMessageAt, n.LastMessageAt)
	differs(&d, "last_preview", before.LastPreview, n.LastPreview)
	differs(&d, "last_sender_type", before.LastSenderType, n.LastSenderType)
	differs(&d, "last_sender_name", before.LastSenderName, n.LastSenderName)
	differs(&d, "last_internal", before.LastInternal, n.LastInternal)
	differs(&d, "last_public_id", before.LastPublic, n.LastPublic)
	differs(&d, "visitor_preview", before.VisitorPreview, n.VisitorPreview)
	differs(&d, "visitor_sender_type", before.VisitorSender, n.VisitorSender)
	differs(&d, "visitor_sender_name", before.VisitorSenderName, n.VisitorSenderName)
	differs(&d, "visitor_message_at", before.VisitorMessageAt, n.VisitorMessageAt)
	differs(&d, "message_count", before.MessageCount, n.MessageCount)
	differs(&d, "unread_by_agent", before.UnreadByAgent, n.UnreadByAgent)
	differs(&d, "unread_by_visitor", before.UnreadByVisitor, n.UnreadByVisitor)
	differs(&d, "agent_read_id", before.AgentReadID, n.AgentReadID)
	differs(&d, "visitor_read_id", before.VisitorReadID, n.VisitorReadID)
	differs(&d, "snoozed_until", before.SnoozedUntil, n.SnoozedUntil)
	differs(&d, "first_response_at", before.FirstResponseAt, n.FirstResponseAt)
	differs(&d, "resolved_at", before.ResolvedAt, n.ResolvedAt)
	d.set("updated_at", n.UpdatedAt)
	err := must(c.session, `UPDATE conversations SET `+string(d.columns)+` WHERE workspace_id = ? AND id = ?`, append(d.args, c.ws(), n.ID)...)
	if err != nil {
		return err
	}
	written := *n
	written.ID, written.Workspace, written.Visitor, written.Channel, written.CreatedAt = before.ID, before.Workspace, before.Visitor, before.Channel, before.CreatedAt
	c.conn.hot.keep(&written)
	return Counters(c).moved(before, n)
}

// Due lists snoozed conversations of every workspace whose time has come.
func (c Conversations) Due(limit int) ([]Conversation, error) {
	return many[Conversation](c.session, `SELECT `+conversationColumns+` FROM conversations c WHERE c.status = 'snoozed' AND c.snoozed_until <= ? ORDER BY c.snoozed_until LIMIT ?`, c.Now(), limit)
}

// OfAssignee lists the conversations that a member holds.
func (c Conversations) OfAssignee(user ID) ([]Conversation, error) {
	return many[Conversation](c.session, `SELECT `+conversationColumns+` FROM conversations c WHERE c.workspace_id = ? AND c.assignee_id = ?`, c.ws(), user)
}

// ConversationFilter says which conversations to list.
type ConversationFilter struct {
	Reader     ID
	Status     Status // empty: any
	Assignee   ID
	Unassigned bool
	AIState    string
	Channel    string
	Tag        ID
	Unread     bool
	UnreadBy   bool // by the reader, of what they or nobody hold
	Oldest     bool
	At         Time // keyset: what comes after this pair
	Last       ID
	Limit      int
}

// List lists conversations by their last activity, newest first unless Oldest.
func (c Conversations) List(f ConversationFilter) ([]ListedConversation, error) {
	c.saw("conversations", "workspace_id", c.ws())
	c.saw("visitors", "workspace_id", c.ws())
	if f.Reader != 0 {
		c.saw("conversation_reads", "user_id", f.Reader)
	}
	var w where
	w.and("c.workspace_id = ?", c.ws())
	if f.Status != "" {
		w.and("c.status = ?", f.Status)
	}
	if f.Assignee != 0 {
		w.and("c.assignee_id = ?", f.Assignee)
	}
	if f.Unassigned {
		w.and("c.assignee_id IS NULL")
	}
	if f.AIState != "" {
		w.and("c.ai_state = ? AND c.ai_state <> 'none'", f.AIState)
	}
	if f.Channel != "" {
		w.and("c.channel = ?", f.Channel)
	}
	if f.Tag != 0 {
		c.saw("conversation_tags", "workspace_id", c.ws())
		w.and("EXISTS (SELECT 1 FROM conversation_tags t WHERE t.workspace_id = c.workspace_id AND t.conversation_id = c.id AND t.tag_id = ?)", f.Tag)
	}
	if f.Unread {
		w.and("c.unread_by_agent > 0")
	}
	if f.UnreadBy {
		w.and("(c.assignee_id IS NULL OR c.assignee_id = ?) AND "+unread, f.Reader)
	}
	order, after := "DESC", "<"
	if f.Oldest {
		order, after = "ASC", ">"
	}
	if f.Last != 0 {
		w.and("(c.last_message_at, c.id) "+after+" (?, ?)", f.At, f.Last)
	}
	args := append([]any{f.Reader}, w.args...)
	return c.listed(listedSelect+w.String()+` ORDER BY c.last_message_at `+order+`, c.id `+order+` LIMIT ?`, append(args, f.Limit)...)
}

// BegunSince counts the conversations that a visitor began since a time, up to a number.
func (c Conversations) BegunSince(visitor ID, from Time, most int) (n int, err error) {
	err = pick(c.session, []any{&n}, `SELECT count(*) FROM (SELECT 1 FROM conversations WHERE workspace_id = ? AND visitor_id = ? AND id >= ? LIMIT ?)`, c.ws(), visitor, since(from), most)
	return n, err
}

// OfVisitor lists a visitor's conversations, newest activity first, without those that were merged into another.
func (c Conversations) OfVisitor(visitor, reader ID, limit int) ([]ListedConversation, error) {
	c.saw("conversations", "visitor_id", visitor)
	c.saw("visitors", "id", visitor)
	if reader != 0 {
		c.saw("conversation_reads", "user_id", reader)
	}
	return c.listed(listedSelect+` WHERE c.id IN (SELECT id FROM conversations WHERE workspace_id = ? AND visitor_id = ? AND merged_into IS NULL ORDER BY last_message_at DESC, id DESC LIMIT ?)
		ORDER BY c.last_message_at DESC, c.id DESC`, reader, c.ws(), visitor, limit)
}

// ByIDs finds conversations in the order of the ids.
func (c Conversations) ByIDs(ids []ID, reader ID) ([]ListedConversation, error) {
	list, err := c.listed(listedSelect+` WHERE c.workspace_id = ? AND c.id IN (`+marks(len(ids))+`)`, append([]any{reader, c.ws()}, anys(ids)...)...)
	if err != nil {
		return nil, err
	}
	at := map[ID]ListedConversation{}
	for _, l := range list {
		at[l.ID] = l
	}
	out := []ListedConversation{}
	for _, id := range ids {
		if l, ok := at[id]; ok {
			out = append(out, l)
		}
	}
	return out, nil
}

// Answered reports whether the team has answered any conversation. Once it has, the answer stays: nothing is watched.
func (c Conversations) Answered() (yes bool, err error) {
	err = pick(c.session, []any{&yes}, `SELECT EXISTS (SELECT 1 FROM conversations WHERE workspace_id = ? AND first_response_at > 0)`, c.ws())
	if !yes {
		c.saw("conversations", "workspace_id", c.ws())
	}
	return yes, err
}

// UnreadByVisitor sums what a visitor has not read.
func (c Conversations) UnreadByVisitor(visitor ID) (int, error) {
	c.saw("conversations", "visitor_id", visitor)
	var n int
	err := pick(c.session, []any{&n}, `SELECT coalesce(sum(unread_by_visitor), 0) FROM conversations WHERE workspace_id = ? AND visitor_id = ?`, c.ws(), visitor)
	return n, err
}
