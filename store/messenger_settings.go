package store

import "errors"

// Messenger is how the workspace's messenger looks and behaves.
type Messenger struct {
	AccentColor      string // empty: the workspace's
	BackgroundColor  string // empty: the accent
	ThemeMode        string
	LauncherPosition string
	SideSpacing      int
	BottomSpacing    int
	LauncherIconURL  string
	ShowLauncher     bool
	WelcomeMessage   string
	TeamIntroduction string
	ShowAvatars      bool
	PrivacyPolicyURL string
	MobileEnabled    bool
	Language         string
}

const messengerColumns = `accent_color, background_color, theme_mode, launcher_position, side_spacing, bottom_spacing, launcher_icon_url,
	show_launcher, welcome_message, team_introduction, show_avatars, privacy_policy_url, mobile_enabled, language`

func (m *Messenger) fields() []any {
	return []any{&m.AccentColor, &m.BackgroundColor, &m.ThemeMode, &m.LauncherPosition, &m.SideSpacing, &m.BottomSpacing, &m.LauncherIconURL,
		&m.ShowLauncher, &m.WelcomeMessage, &m.TeamIntroduction, &m.ShowAvatars, &m.PrivacyPolicyURL, &m.MobileEnabled, &m.Language}
}

// MessengerSettings says how the workspace's messenger looks and behaves.
type MessengerSettings struct{ *session }

// Changed reports whether anybody changed the settings since the workspace began.
func (m MessengerSettings) Changed() (bool, error) {
	m.saw("messenger_settings", "workspace_id", m.ws())
	var yes bool
	err := pick(m.session, []any{&yes}, `SELECT EXISTS (SELECT 1 FROM messenger_settings WHERE workspace_id = ? AND updated_at > 0)`, m.ws())
	return yes, err
}

// Of are the workspace's settings; before they were ever changed, the defaults.
func (m MessengerSettings) Of() (*Messenger, error) {
	m.saw("messenger_settings", "workspace_id", m.ws())
	found, err := one[Messenger](m.session, `SELECT `+messengerColumns+` FROM messenger_settings WHERE workspace_id = ?`, m.ws())
	if errors.Is(err, ErrNotFound) {
		return &Messenger{ThemeMode: "system", LauncherPosition: "right", SideSpacing: 20, BottomSpacing: 20, ShowLauncher: true,
			WelcomeMessage: "How can we help you today?", ShowAvatars: true, MobileEnabled: true}, nil
	}
	return found, err
}

// Begin gives a new workspace its greeting; without one it is the default's. That is no change of the settings.
func (m MessengerSettings) Begin(greeting string) error {
	if greeting == "" {
		return nil
	}
	_, err := exec(m.session, `INSERT INTO messenger_settings (workspace_id, welcome_message) VALUES (?, ?)`, m.ws(), greeting)
	return err
}

// Set writes the workspace's settings.
func (m MessengerSettings) Set(v *Messenger) error {
	if _, err := exec(m.session, `INSERT INTO messenger_settings (workspace_id) VALUES (?) ON CONFLICT (workspace_id) DO NOTHING`, m.ws()); err != nil {
		return err
	}
	return must(m.session, `UPDATE messenger_settings SET accent_color = ?, background_color = ?, theme_mode = ?, launcher_position = ?, side_spacing = ?,
		bottom_spacing = ?, launcher_icon_url = ?, show_launcher = ?, welcome_message = ?, team_introduction = ?, show_avatars = ?,
		privacy_policy_url = ?, mobile_enabled = ?, language = ?, updated_at = ? WHERE workspace_id = ?`,
		v.AccentColor, v.BackgroundColor, v.ThemeMode, v.LauncherPosition, v.SideSpacing, v.BottomSpacing, v.LauncherIconURL, v.ShowLauncher,
		v.WelcomeMessage, v.TeamIntroduction, v.ShowAvatars, v.PrivacyPolicyURL, v.MobileEnabled, v.Language, m.Now(), m.ws())
}
