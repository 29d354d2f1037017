package store

import (
	"encoding/json"
	"strings"
)

// Visitor is a person who writes to the workspace.
type Visitor struct {
	ID               ID
	ReadableID       string
	Name             string
	Email            string
	ExternalUserID   string
	Verified         bool
	AvatarURL        string
	Online           bool
	CurrentURL       string
	CurrentTitle     string
	Referrer         string
	OS               string
	Browser          string
	DeviceType       string
	Language         string
	Timezone         string
	CustomAttributes json.RawMessage
	FirstSeenAt      Time
	LastSeenAt       Time
	CreatedAt        Time
}

const visitorColumns = `id, readable_id, name, email, external_user_id, verified, avatar_url, online, current_url, current_title,
	referrer, os, browser, device_type, language, timezone, custom_attributes, first_seen_at, last_seen_at, created_at`

func (v *Visitor) fields() []any {
	return []any{&v.ID, &v.ReadableID, &v.Name, &v.Email, &v.ExternalUserID, &v.Verified, &v.AvatarURL, &v.Online, &v.CurrentURL, &v.CurrentTitle,
		&v.Referrer, &v.OS, &v.Browser, &v.DeviceType, &v.Language, &v.Timezone, &v.CustomAttributes, &v.FirstSeenAt, &v.LastSeenAt, &v.CreatedAt}
}

// Visitors are the people who write to the workspace.
type Visitors struct{ *session }

// ByID finds a visitor.
func (v Visitors) ByID(id ID) (*Visitor, error) {
	v.saw("visitors", "id", id)
	return one[Visitor](v.session, `SELECT `+visitorColumns+` FROM visitors WHERE workspace_id = ? AND id = ?`, v.ws(), id)
}

// BySecret finds the visitor whose client holds this secret. One who has proven an identity is never found by it.
func (v Visitors) BySecret(hash []byte) (*Visitor, error) {
	return one[Visitor](v.session, `SELECT `+visitorColumns+` FROM visitors WHERE workspace_id = ? AND secret_hash = ? AND verified = 0`, v.ws(), hash)
}

// Add keeps a new visitor; name makes the readable id of the id.
func (v Visitors) Add(n *Visitor, secret []byte, name func(ID) string) error {
	n.ID = v.NewID()
	n.ReadableID, n.CreatedAt, n.FirstSeenAt, n.LastSeenAt = name(n.ID), v.Now(), v.Now(), v.Now()
	if n.CustomAttributes == nil {
		n.CustomAttributes = json.RawMessage("{}")
	}
	_, err := exec(v.session, `INSERT INTO visitors (workspace_id, id, readable_id, secret_hash, name, email, external_user_id, avatar_url, online,
		current_url, current_title, referrer, os, browser, device_type, language, timezone, custom_attributes, first_seen_at, last_seen_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ws(), n.ID, n.ReadableID, secret, n.Name, n.Email, n.ExternalUserID, n.AvatarURL, n.Online, n.CurrentURL, n.CurrentTitle, n.Referrer,
		n.OS, n.Browser, n.DeviceType, n.Language, n.Timezone, n.CustomAttributes, n.FirstSeenAt, n.LastSeenAt, n.CreatedAt)
	return err
}

// Update writes what is known of a visitor.
func (v Visitors) Update(n *Visitor) error {
	return must(v.session, `UPDATE visitors SET name = ?, email = ?, external_user_id = ?, online = ?, current_url = ?, current_title = ?, os = ?,
		browser = ?, device_type = ?, language = ?, timezone = ?, custom_attributes = ?, last_seen_at = ? WHERE workspace_id = ? AND id = ?`,
		n.Name, n.Email, n.ExternalUserID, n.Online, n.CurrentURL, n.CurrentTitle, n.OS, n.Browser, n.DeviceType, n.Language, n.Timezone,
		n.CustomAttributes, n.LastSeenAt, v.ws(), n.ID)
}

// SetOnline notes that a visitor came or left.
func (v Visitors) SetOnline(id ID, online bool) error {
	_, err := exec(v.session, `UPDATE visitors SET online = ?, last_seen_at = ? WHERE workspace_id = ? AND id = ? AND online <> ?`, online, v.Now(), v.ws(), id, online)
	return err
}

// AllOffline is the state after a start, in every workspace.
func (v Visitors) AllOffline() error {
	_, err := exec(v.session, `UPDATE visitors SET online = 0 WHERE online = 1`)
	return err
}

// VisitorFilter says which visitors to list, newest seen first.
type VisitorFilter struct {
	Query  string // prefix of name, address or readable id
	Online bool
	Before Time // keyset: what comes after this pair
	Last   ID
	Limit  int
}

// List lists visitors by when they were last seen.
func (v Visitors) List(f VisitorFilter) ([]Visitor, error) {
	v.saw("visitors", "workspace_id", v.ws())
	var w where
	w.and("workspace_id = ?", v.ws())
	if f.Online {
		w.and("online = 1")
	}
	if f.Query != "" {
		like := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Query)
		w.and(`(name LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\' OR readable_id LIKE ? ESCAPE '\')`, "%"+like+"%", like+"%", like+"%")
	}
	if f.Last != 0 {
		w.and("(last_seen_at, id) < (?, ?)", f.Before, f.Last)
	}
	return many[Visitor](v.session, `SELECT `+visitorColumns+` FROM visitors`+w.String()+` ORDER BY last_seen_at DESC, id DESC LIMIT ?`, append(w.args, f.Limit)...)
}
