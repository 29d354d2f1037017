package visitor

import (
	"cmp"
	"context"
	"strings"
	"unicode/utf8"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/safe"
	"deskbell/store"
)

// Settings say how a messenger looks and behaves.
type Settings struct {
	WorkspaceID      store.ID   `json:"workspaceId"`
	Name             string     `json:"name"`
	AccentColor      string     `json:"accentColor"`
	BackgroundColor  string     `json:"backgroundColor"`
	ThemeMode        string     `json:"themeMode"`
	LauncherPosition string     `json:"launcherPosition"`
	SideSpacing      int        `json:"sideSpacing"`
	BottomSpacing    int        `json:"bottomSpacing"`
	LauncherIconURL  *string    `json:"launcherIconUrl"`
	ShowLauncher     bool       `json:"showLauncher"`
	WelcomeMessage   string     `json:"welcomeMessage"`
	TeamIntroduction *string    `json:"teamIntroduction"`
	ShowAvatars      bool       `json:"showTeammateAvatars"`
	PrivacyPolicyURL *string    `json:"privacyPolicyUrl"`
	MobileEnabled    bool       `json:"mobileEnabled"`
	Language         *string    `json:"language"`
	ReplyTime        *string    `json:"replyTime"`
	Team             []Teammate `json:"team"`
}

// Teammate is a face of the team.
type Teammate struct {
	Name      string  `json:"name"`
	AvatarURL *string `json:"avatarUrl"`
	Online    bool    `json:"online"`
}

func (v *Visitors) openMessenger(d *door.Doors) {
	door.View(d, "messengerSettings.get", may.Member.Or(may.OwnVisitor), v.Settings, door.SharedByAll())
	door.Verb(d, "messengerSettings.update", may.Has(may.SetWorkspace), v.UpdateSettings)
	door.View(d, "onboarding.get", may.Member, v.Onboarding, door.Shared())
}

func settingsOf(tx *store.Tx) (out Settings, err error) {
	w, err := tx.Workspaces.ByID(tx.Workspace)
	if err != nil {
		return out, err
	}
	m, err := tx.MessengerSettings.Of()
	if err != nil {
		return out, err
	}
	accent := cmp.Or(m.AccentColor, w.AccentColor)
	out = Settings{WorkspaceID: w.ID, Name: w.Name, AccentColor: accent, BackgroundColor: cmp.Or(m.BackgroundColor, accent), ThemeMode: m.ThemeMode,
		LauncherPosition: m.LauncherPosition, SideSpacing: m.SideSpacing, BottomSpacing: m.BottomSpacing, LauncherIconURL: door.Maybe(m.LauncherIconURL),
		ShowLauncher: m.ShowLauncher, WelcomeMessage: m.WelcomeMessage, TeamIntroduction: door.Maybe(m.TeamIntroduction), ShowAvatars: m.ShowAvatars,
		PrivacyPolicyURL: door.Maybe(m.PrivacyPolicyURL), MobileEnabled: m.MobileEnabled, Language: door.Maybe(m.Language), Team: []Teammate{}}
	if !m.ShowAvatars {
		return out, nil
	}
	members, err := tx.Members.List()
	for i, t := range members {
		if i == 5 {
			break
		}
		first, _, _ := strings.Cut(t.Name, " ") // visitors see first names
		out.Team = append(out.Team, Teammate{first, door.Maybe(t.AvatarURL), t.Online})
	}
	return out, err
}

// Settings are the messenger's settings as visitors get them.
func (v *Visitors) Settings(tx *store.Tx, _ actor.Actor, _ Empty) (Settings, error) {
	return settingsOf(tx)
}

// UpdateSettings is what may be changed of the messenger.
type UpdateSettings struct {
	AccentColor      door.Patch[string] `json:"accentColor,omitempty"`
	BackgroundColor  door.Patch[string] `json:"backgroundColor,omitempty"`
	ThemeMode        *string            `json:"themeMode,omitempty" enum:"light,dark,system"`
	LauncherPosition *string            `json:"launcherPosition,omitempty" enum:"left,right"`
	SideSpacing      *int               `json:"sideSpacing,omitempty" minimum:"0" maximum:"100"`
	BottomSpacing    *int               `json:"bottomSpacing,omitempty" minimum:"0" maximum:"100"`
	LauncherIconURL  door.Patch[string] `json:"launcherIconUrl,omitempty"`
	ShowLauncher     *bool              `json:"showLauncher,omitempty"`
	WelcomeMessage   *string            `json:"welcomeMessage,omitempty"`
	TeamIntroduction door.Patch[string] `json:"teamIntroduction,omitempty"`
	ShowAvatars      *bool              `json:"showTeammateAvatars,omitempty"`
	PrivacyPolicyURL door.Patch[string] `json:"privacyPolicyUrl,omitempty"`
	MobileEnabled    *bool              `json:"mobileEnabled,omitempty"`
	Language         door.Patch[string] `json:"language,omitempty"`
}

// UpdateSettings changes the messenger; open messengers change with it.
func (v *Visitors) UpdateSettings(ctx context.Context, who actor.Actor, in UpdateSettings) (out Settings, err error) {
	_, err = v.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		m, err := tx.MessengerSettings.Of()
		if err != nil {
			return err
		}
		m.AccentColor, m.BackgroundColor = in.AccentColor.Or(m.AccentColor), in.BackgroundColor.Or(m.BackgroundColor)
		m.LauncherIconURL, m.PrivacyPolicyURL = in.LauncherIconURL.Or(m.LauncherIconURL), in.PrivacyPolicyURL.Or(m.PrivacyPolicyURL)
		m.TeamIntroduction, m.Language = in.TeamIntroduction.Or(m.TeamIntroduction), in.Language.Or(m.Language)
		door.Set(&m.ThemeMode, in.ThemeMode)
		door.Set(&m.LauncherPosition, in.LauncherPosition)
		door.Set(&m.SideSpacing, in.SideSpacing)
		door.Set(&m.BottomSpacing, in.BottomSpacing)
		door.Set(&m.ShowLauncher, in.ShowLauncher)
		door.Set(&m.WelcomeMessage, in.WelcomeMessage)
		m.WelcomeMessage, m.TeamIntroduction = safe.Text(m.WelcomeMessage), safe.Text(m.TeamIntroduction)
		door.Set(&m.ShowAvatars, in.ShowAvatars)
		door.Set(&m.MobileEnabled, in.MobileEnabled)
		if err := checkMessenger(m); err != nil {
			return err
		}
		if err := tx.MessengerSettings.Set(m); err != nil {
			return err
		}
		out, err = settingsOf(tx)
		return err
	})
	return out, err
}

func checkMessenger(m *store.Messenger) error {
	for field, color := range map[string]string{"accentColor": m.AccentColor, "backgroundColor": m.BackgroundColor} {
		if color != "" && !isColor(color) {
			return fault.New(fault.Invalid, "A colour looks like #0b7262.").On(field)
		}
	}
	for field, link := range map[string]string{"launcherIconUrl": m.LauncherIconURL, "privacyPolicyUrl": m.PrivacyPolicyURL} {
		if link != "" && pageURL(link) == "" {
			return fault.New(fault.Invalid, "A link begins with https:// or http://.").On(field)
		}
	}
	for field, text := range map[string]string{"welcomeMessage": m.WelcomeMessage, "teamIntroduction": m.TeamIntroduction} {
		if utf8.RuneCountInString(text) > 500 {
			return fault.New(fault.Invalid, "At most 500 characters.").On(field)
		}
	}
	if len(m.Language) > 10 {
		return fault.New(fault.Invalid, "A language looks like de.").On("language")
	}
	return nil
}

func isColor(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, c := range strings.ToLower(s[1:]) {
		if !strings.ContainsRune("0123456789abcdef", c) {
			return false
		}
	}
	return true
}
