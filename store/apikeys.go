package store

// APIKey is a program's way in: it acts as a member of a workspace, within its scopes.
type APIKey struct {
	ID         ID
	Workspace  ID
	User       ID
	UserName   string
	Name       string
	Hint       string
	Scopes     string // a JSON list of permissions
	LastUsedAt Time
	ExpiresAt  Time // 0: never
	CreatedAt  Time
}

const apiKeyColumns = `k.id, k.workspace_id, k.user_id, u.name, k.name, k.hint, k.scopes, k.last_used_at, k.expires_at, k.created_at`

func (k *APIKey) fields() []any {
	return []any{&k.ID, &k.Workspace, &k.User, &k.UserName, &k.Name, &k.Hint, &k.Scopes, &k.LastUsedAt, &k.ExpiresAt, &k.CreatedAt}
}

// APIKeys are the keys of programs.
type APIKeys struct{ *session }

// ByToken finds a key that has not expired, of whatever workspace.
func (a APIKeys) ByToken(hash []byte) (*APIKey, error) {
	return one[APIKey](a.session, `SELECT `+apiKeyColumns+` FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.token_hash = ? AND (k.expires_at = 0 OR k.expires_at > ?)`, hash, a.Now())
}

// ByID finds a key of the workspace.
func (a APIKeys) ByID(id ID) (*APIKey, error) {
	a.saw("api_keys", "id", id)
	return one[APIKey](a.session, `SELECT `+apiKeyColumns+` FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.id = ? AND k.workspace_id = ?`, id, a.ws())
}

// List lists the keys of the workspace, newest first.
func (a APIKeys) List() ([]APIKey, error) {
	a.saw("api_keys", "workspace_id", a.ws())
	a.sawTable("users")
	return many[APIKey](a.session, `SELECT `+apiKeyColumns+` FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.workspace_id = ? ORDER BY k.id DESC LIMIT 200`, a.ws())
}

// Add keeps a new key of which only the hash is known.
func (a APIKeys) Add(k *APIKey, hash []byte) error {
	k.ID, k.Workspace, k.CreatedAt = a.NewID(), a.ws(), a.Now()
	_, err := exec(a.session, `INSERT INTO api_keys (workspace_id, id, user_id, name, token_hash, hint, scopes, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ws(), k.ID, k.User, k.Name, hash, k.Hint, k.Scopes, k.ExpiresAt, k.CreatedAt)
	return err
}

// Used notes that a key was used.
func (a APIKeys) Used(id ID) error {
	_, err := exec(a.session, `UPDATE api_keys SET last_used_at = ? WHERE id = ?`, a.Now(), id)
	return err
}

// Ended has everybody look again who watches a key, of whatever workspace, that expired after a time and by now. The keys stay
// as they are.
func (a APIKeys) Ended(since Time) error {
	_, err := exec(a.session, `UPDATE api_keys SET expires_at = expires_at WHERE expires_at > ? AND expires_at <= ?`, since, a.Now())
	return err
}

// Remove ends a key of the workspace.
func (a APIKeys) Remove(id ID) error {
	return must(a.session, `DELETE FROM api_keys WHERE id = ? AND workspace_id = ?`, id, a.ws())
}
