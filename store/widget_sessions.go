package store

import "bytes"

// WidgetSession is what a visitor's client proves itself with.
type WidgetSession struct {
	ID         ID
	Workspace  ID
	Visitor    ID
	ClientType string
	Version    string
	Origin     string
	LifetimeMs int64
	ExpiresAt  Time
	Name       string // of the visitor
	Verified   bool
	Hash       []byte // of its token
	Previous   []byte // of the token before, where there was one
	PreviousAt Time   // until when that works too
}

const widgetSessionSelect = `SELECT s.id, s.workspace_id, s.visitor_id, s.client_type, s.client_version, s.origin, s.lifetime_ms, s.expires_at, v.name, v.verified,
	s.token_hash, s.previous_hash, s.previous_until
	FROM widget_sessions s JOIN visitors v ON v.workspace_id = s.workspace_id AND v.id = s.visitor_id `

func (s *WidgetSession) fields() []any {
	return []any{&s.ID, &s.Workspace, &s.Visitor, &s.ClientType, &s.Version, &s.Origin, &s.LifetimeMs, &s.ExpiresAt, &s.Name, &s.Verified, &s.Hash, &s.Previous, &s.PreviousAt}
}

// WidgetSessions are what visitors prove themselves with.
type WidgetSessions struct{ *session }

// ByToken finds the session of a token that has not expired, in whatever workspace, and says until when that token works.
func (s WidgetSessions) ByToken(hash []byte) (*WidgetSession, Time, error) {
	w, err := one[WidgetSession](s.session, widgetSessionSelect+`WHERE (s.token_hash = ? OR s.previous_hash = ? AND s.previous_until > ?) AND s.expires_at > ?`, hash, hash, s.Now(), s.Now())
	if err != nil {
		return nil, 0, err
	}
	if !bytes.Equal(w.Hash, hash) {
		return w, min(w.PreviousAt, w.ExpiresAt), nil
	}
	return w, w.ExpiresAt, nil
}

// ByID finds a session that has not expired.
func (s WidgetSessions) ByID(workspace, id ID) (*WidgetSession, error) {
	s.saw("widget_sessions", "id", id)
	w, err := one[WidgetSession](s.session, widgetSessionSelect+`WHERE s.workspace_id = ? AND s.id = ? AND s.expires_at > ?`, workspace, id, s.Now())
	if err == nil {
		s.sawKey("visitors", w.Visitor)
	}
	return w, err
}

// Add keeps a new session.
func (s WidgetSessions) Add(v *WidgetSession, hash []byte) error {
	v.ID, v.Workspace = s.NewID(), s.ws()
	_, err := exec(s.session, `INSERT INTO widget_sessions (workspace_id, visitor_id, id, token_hash, client_type, client_version, origin, lifetime_ms, expires_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, s.ws(), v.Visitor, v.ID, hash, v.ClientType, v.Version, v.Origin, v.LifetimeMs, v.ExpiresAt, s.Now())
	return err
}

// Newest ends all of a visitor's sessions but the newest.
func (s WidgetSessions) Newest(visitor ID, most int) error {
	list, err := column[ID](s.session, `SELECT id FROM widget_sessions WHERE workspace_id = ? AND visitor_id = ? ORDER BY id DESC LIMIT ?`, s.ws(), visitor, most+1)
	if err == nil && len(list) > most {
		_, err = exec(s.session, `DELETE FROM widget_sessions WHERE workspace_id = ? AND visitor_id = ? AND id <= ?`, s.ws(), visitor, list[most])
	}
	return err
}

// Renew gives a session a new token and time; whoever uses it stays signed in. The token before works for a while longer.
func (s WidgetSessions) Renew(id ID, hash []byte, until, previous Time) error {
	return must(s.session, `UPDATE widget_sessions SET previous_hash = token_hash, previous_until = ?, token_hash = ?, expires_at = ? WHERE workspace_id = ? AND id = ?`,
		previous, hash, until, s.ws(), id)
}

// Remove ends a session.
func (s WidgetSessions) Remove(id ID) error {
	_, err := exec(s.session, `DELETE FROM widget_sessions WHERE workspace_id = ? AND id = ?`, s.ws(), id)
	return err
}

// Purge removes expired sessions of every workspace.
func (s WidgetSessions) Purge() error {
	_, err := exec(s.session, `DELETE FROM widget_sessions WHERE expires_at <= ?`, s.Now())
	return err
}
