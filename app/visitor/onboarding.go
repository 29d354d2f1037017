package visitor

import (
	"errors"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/store"
)

// Onboarding is how far the set-up has come. Its steps tick themselves by what is true.
type Onboarding struct {
	WidgetSeenAt  *store.Time `json:"widgetSeenAt"` // on a customer's site, not on our own pages
	WidgetSeenURL *string     `json:"widgetSeenUrl"`
	BackupTakenAt *store.Time `json:"backupTakenAt"`
	First         bool        `json:"first"`      // whether Deskbell was set up with this workspace: its owner takes backups
	Colleagues    int         `json:"colleagues"` // who have joined
	Invited       int         `json:"invited"`    // who have not yet
	Steps         Steps       `json:"steps"`
}

// Steps are the first things to do, and whether they are done.
type Steps struct {
	Widget    bool `json:"widget"`    // the messenger was seen on a site
	Answer    bool `json:"answer"`    // a visitor was answered
	Invite    bool `json:"invite"`    // a colleague has joined
	Origins   bool `json:"origins"`   // the sites that may embed the messenger are named
	Messenger bool `json:"messenger"` // the messenger was made one's own
	Backup    bool `json:"backup"`    // a backup was taken away
}

// Onboarding tells which first steps are done.
func (v *Visitors) Onboarding(tx *store.Tx, _ actor.Actor, _ Empty) (out Onboarding, err error) {
	w, err := tx.Workspaces.ByID(tx.Workspace)
	if err != nil {
		return out, err
	}
	first, err := tx.Workspaces.First()
	if err != nil {
		return out, err
	}
	members, err := tx.Members.List()
	if err != nil {
		return out, err
	}
	invited, err := tx.Invitations.List()
	if err != nil {
		return out, err
	}
	origins, err := tx.Workspaces.Origins(w.ID)
	if err != nil {
		return out, err
	}
	if w.WidgetSeenAt != 0 {
		out.WidgetSeenAt, out.WidgetSeenURL = &w.WidgetSeenAt, door.Maybe(w.WidgetSeenURL)
	}
	if w.BackupTakenAt != 0 {
		out.BackupTakenAt = &w.BackupTakenAt
	}
	out.First = first == w.ID
	out.Colleagues, out.Invited = len(members)-1, len(invited)
	out.Steps = Steps{Widget: w.WidgetSeenAt != 0, Invite: out.Colleagues > 0, Origins: len(origins) > 0, Backup: w.BackupTakenAt != 0}
	if out.Steps.Answer, err = tx.Conversations.Answered(); err != nil {
		return out, err
	}
	out.Steps.Messenger, err = tx.MessengerSettings.Changed()
	return out, err
}

// Tester finds the visitor as whom a member tries the messenger out, or makes one. No client can be that visitor: the
// secret is none that a client may have.
func Tester(tx *store.Tx, user store.ID, name string) (*store.Visitor, error) {
	secret := account.HashToken("the test visitor of " + user.String())
	found, err := tx.Visitors.BySecret(secret)
	if err == nil {
		return found, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	v := &store.Visitor{Name: name}
	return v, tx.Visitors.Add(v, secret, readableID)
}
