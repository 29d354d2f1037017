package store

// Invitation lets one person become a member.
type Invitation struct {
	ID          ID
	Workspace   ID
	Email       string
	Role        string
	Status      string // pending, accepted, cancelled
	InvitedBy   ID
	InviterName string
	ExpiresAt   Time
	CreatedAt   Time
}

const invitationSelect = `SELECT i.id, i.workspace_id, i.email, i.role, i.status, coalesce(i.invited_by, 0), coalesce(u.name, ''), i.expires_at, i.created_at
	FROM invitations i LEFT JOIN users u ON u.id = i.invited_by `

func (i *Invitation) fields() []any {
	return []any{&i.ID, &i.Workspace, &i.Email, &i.Role, &i.Status, &i.InvitedBy, &i.InviterName, &i.ExpiresAt, &i.CreatedAt}
}

// Invitations are the members to be.
type Invitations struct{ *session }

// ByToken finds the pending invitation that a link belongs to, in whatever workspace.
func (i Invitations) ByToken(hash []byte) (*Invitation, error) {
	return one[Invitation](i.session, invitationSelect+`WHERE i.token_hash = ? AND i.status = 'pending' AND i.expires_at > ?`, hash, i.Now())
}

// ByID finds an invitation of the workspace.
func (i Invitations) ByID(id ID) (*Invitation, error) {
	i.saw("invitations", "workspace_id", i.ws())
	i.sawTable("users") // the inviter's name
	return one[Invitation](i.session, invitationSelect+`WHERE i.workspace_id = ? AND i.id = ?`, i.ws(), id)
}

// List lists the pending invitations of the workspace.
func (i Invitations) List() ([]Invitation, error) {
	i.saw("invitations", "workspace_id", i.ws())
	i.sawTable("users") // the inviter's name
	return many[Invitation](i.session, invitationSelect+`WHERE i.workspace_id = ? AND i.status = 'pending' ORDER BY i.id DESC LIMIT 500`, i.ws())
}

// MostInvitations is how many may be pending in a workspace: as many as are listed.
const MostInvitations = 500

// Count counts those that are pending.
func (i Invitations) Count() (n int, err error) {
	err = pick(i.session, []any{&n}, `SELECT count(*) FROM invitations WHERE workspace_id = ? AND status = 'pending'`, i.ws())
	return n, err
}

// Add keeps an invitation. A pending one for the same address is ErrConflict.
func (i Invitations) Add(v *Invitation, hash []byte) error {
	v.ID, v.CreatedAt, v.Status, v.Workspace = i.NewID(), i.Now(), "pending", i.ws()
	_, err := exec(i.session, `INSERT INTO invitations (workspace_id, id, email, role, token_hash, invited_by, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		i.ws(), v.ID, v.Email, v.Role, hash, orNull(v.InvitedBy), v.ExpiresAt, v.CreatedAt)
	return err
}

// Renew gives a pending invitation a new link, by whom it is now.
func (i Invitations) Renew(id, by ID, hash []byte, until Time) error {
	return must(i.session, `UPDATE invitations SET token_hash = ?, invited_by = ?, expires_at = ? WHERE workspace_id = ? AND id = ? AND status = 'pending'`, hash, by, until, i.ws(), id)
}

// Settle ends a pending invitation: accepted or cancelled.
func (i Invitations) Settle(id ID, status string) error {
	return must(i.session, `UPDATE invitations SET status = ? WHERE workspace_id = ? AND id = ? AND status = 'pending'`, status, i.ws(), id)
}
