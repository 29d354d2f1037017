package store

// Member is a user in a workspace, with a role.
type Member struct {
	ID          ID
	Workspace   ID
	User        ID
	Role        string
	Permissions string // JSON list that replaces the role's rights; empty: the role's
	Online      bool
	CreatedAt   Time
	Name        string // of the user
	Email       string
	AvatarURL   string
}

const memberSelect = `SELECT m.id, m.workspace_id, m.user_id, m.role, coalesce(m.permissions, ''), m.online, m.created_at, u.name, u.email, u.avatar_url
	FROM members m JOIN users u ON u.id = m.user_id `

func (m *Member) fields() []any {
	return []any{&m.ID, &m.Workspace, &m.User, &m.Role, &m.Permissions, &m.Online, &m.CreatedAt, &m.Name, &m.Email, &m.AvatarURL}
}

// Members are the users of the workspace, with their roles.
type Members struct{ *session }

// Of finds a user's membership of any workspace: the way into it.
func (m Members) Of(workspace, user ID) (*Member, error) {
	m.saw("users", "id", user)
	m.saw("members", "user_id", user)
	return one[Member](m.session, memberSelect+`WHERE m.workspace_id = ? AND m.user_id = ?`, workspace, user)
}

// OfUser lists all memberships of a user, oldest first.
func (m Members) OfUser(user ID) ([]Member, error) {
	m.saw("users", "id", user)
	m.saw("members", "user_id", user)
	return many[Member](m.session, memberSelect+`WHERE m.user_id = ? ORDER BY m.id LIMIT 200`, user)
}

// ByID finds a member of the workspace.
func (m Members) ByID(id ID) (*Member, error) {
	m.saw("members", "workspace_id", m.ws())
	return one[Member](m.session, memberSelect+`WHERE m.workspace_id = ? AND m.id = ?`, m.ws(), id)
}

// ByUser finds the workspace's member who is this user.
func (m Members) ByUser(user ID) (*Member, error) { return m.Of(m.ws(), user) }

// List lists the members of the workspace, oldest first.
func (m Members) List() ([]Member, error) {
	m.saw("members", "workspace_id", m.ws())
	m.sawTable("users")
	return many[Member](m.session, memberSelect+`WHERE m.workspace_id = ? ORDER BY m.id LIMIT 500`, m.ws())
}

// Add makes a user a member.
func (m Members) Add(user ID, role string) (ID, error) {
	id := m.NewID()
	_, err := exec(m.session, `INSERT INTO members (workspace_id, user_id, id, role, created_at) VALUES (?, ?, ?, ?, ?)`, m.ws(), user, id, role, m.Now())
	return id, err
}

// SetRole changes a role; rights of their own end with it.
func (m Members) SetRole(id ID, role string) error {
	return must(m.session, `UPDATE members SET role = ?, permissions = NULL WHERE workspace_id = ? AND id = ?`, role, m.ws(), id)
}

// SetPermissions gives a member rights of their own; empty is the role's.
func (m Members) SetPermissions(id ID, list string) error {
	var v any
	if list != "" {
		v = list
	}
	return must(m.session, `UPDATE members SET permissions = ? WHERE workspace_id = ? AND id = ?`, v, m.ws(), id)
}

// SetOnline notes whether a member has a dashboard open.
func (m Members) SetOnline(user ID, online bool) error {
	_, err := exec(m.session, `UPDATE members SET online = ? WHERE user_id = ? AND online <> ?`, online, user, online)
	return err
}

// AllOffline is the state after a start.
func (m Members) AllOffline() error {
	_, err := exec(m.session, `UPDATE members SET online = 0 WHERE online = 1`)
	return err
}

// Remove ends a membership. The conversations assigned to it must have been given up before.
func (m Members) Remove(id ID) error {
	return must(m.session, `DELETE FROM members WHERE workspace_id = ? AND id = ?`, m.ws(), id)
}
