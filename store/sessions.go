package store

// Session is one sign-in of a user.
type Session struct {
	ID         ID
	User       ID
	TokenHash  []byte
	UserAgent  string
	IP         string
	LastSeenAt Time
	ExpiresAt  Time
	CreatedAt  Time
}

const sessionColumns = `id, user_id, token_hash, user_agent, ip, last_seen_at, expires_at, created_at`

func (s *Session) fields() []any {
	return []any{&s.ID, &s.User, &s.TokenHash, &s.UserAgent, &s.IP, &s.LastSeenAt, &s.ExpiresAt, &s.CreatedAt}
}

// Sessions are the sign-ins of staff.
type Sessions struct{ *session }

// ByToken finds a session that has not expired.
func (s Sessions) ByToken(hash []byte) (*Session, error) {
	return one[Session](s.session, `SELECT `+sessionColumns+` FROM sessions WHERE token_hash = ? AND expires_at > ?`, hash, s.Now())
}

// ByID finds a session of a user.
func (s Sessions) ByID(user, id ID) (*Session, error) {
	s.saw("sessions", "id", id)
	return one[Session](s.session, `SELECT `+sessionColumns+` FROM sessions WHERE id = ? AND user_id = ?`, id, user)
}

// List lists a user's sessions, newest first.
func (s Sessions) List(user ID) ([]Session, error) {
	s.saw("sessions", "user_id", user)
	return many[Session](s.session, `SELECT `+sessionColumns+` FROM sessions WHERE user_id = ? AND expires_at > ? ORDER BY id DESC LIMIT 100`, user, s.Now())
}

// Add keeps a new session.
func (s Sessions) Add(v *Session) error {
	v.ID, v.CreatedAt, v.LastSeenAt = s.NewID(), s.Now(), s.Now()
	_, err := exec(s.session, `INSERT INTO sessions (user_id, id, token_hash, user_agent, ip, last_seen_at, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		v.User, v.ID, v.TokenHash, v.UserAgent, v.IP, v.LastSeenAt, v.ExpiresAt, v.CreatedAt)
	return err
}

// Newest ends all of a user's sessions but the newest.
func (s Sessions) Newest(user ID, most int) error {
	list, err := column[ID](s.session, `SELECT id FROM sessions WHERE user_id = ? ORDER BY id DESC LIMIT ?`, user, most+1)
	if err == nil && len(list) > most {
		_, err = exec(s.session, `DELETE FROM sessions WHERE user_id = ? AND id <= ?`, user, list[most])
	}
	return err
}

// Seen notes that a session is in use and keeps it alive until a time.
func (s Sessions) Seen(id ID, until Time) error {
	_, err := exec(s.session, `UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE id = ?`, s.Now(), until, id)
	return err
}

// Remove ends a session of a user.
func (s Sessions) Remove(user, id ID) error {
	return must(s.session, `DELETE FROM sessions WHERE id = ? AND user_id = ?`, id, user)
}

// RemoveOthers ends all of a user's sessions but one (0: all), and says how many.
func (s Sessions) RemoveOthers(user, keep ID) (int64, error) {
	return exec(s.session, `DELETE FROM sessions WHERE user_id = ? AND id <> ?`, user, keep)
}

// Purge removes expired sessions.
func (s Sessions) Purge() error {
	_, err := exec(s.session, `DELETE FROM sessions WHERE expires_at <= ?`, s.Now())
	return err
}
