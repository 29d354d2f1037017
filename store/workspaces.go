package store

// Workspace is one business with its team and its visitors.
type Workspace struct {
	ID                ID
	Name              string
	AccentColor       string
	SessionLifetimeMs int64
	WidgetSeenAt      Time
	WidgetSeenURL     string
	BackupTakenAt     Time
	CreatedAt         Time
}

const workspaceColumns = `id, name, accent_color, session_lifetime_ms, widget_seen_at, widget_seen_url, backup_taken_at, created_at`

func (w *Workspace) fields() []any {
	return []any{&w.ID, &w.Name, &w.AccentColor, &w.SessionLifetimeMs, &w.WidgetSeenAt, &w.WidgetSeenURL, &w.BackupTakenAt, &w.CreatedAt}
}

// Workspaces are the tenants.
type Workspaces struct{ *session }

// ByID finds a workspace.
func (w Workspaces) ByID(id ID) (*Workspace, error) {
	w.saw("workspaces", "id", id)
	return one[Workspace](w.session, `SELECT `+workspaceColumns+` FROM workspaces WHERE id = ?`, id)
}

// First is the workspace that Deskbell was set up with: its owner runs the machine.
func (w Workspaces) First() (id ID, err error) {
	err = pick(w.session, []any{&id}, `SELECT coalesce(min(id), 0) FROM workspaces`)
	w.saw("workspaces", "id", id)
	return id, err
}

// Only is the one workspace, or ErrNotFound where there are none or several.
func (w Workspaces) Only() (*Workspace, error) {
	list, err := many[Workspace](w.session, `SELECT `+workspaceColumns+` FROM workspaces ORDER BY id LIMIT 2`)
	if err == nil && len(list) != 1 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	w.saw("workspaces", "id", list[0].ID)
	return &list[0], nil
}

// Add keeps a new workspace.
func (w Workspaces) Add(v *Workspace) error {
	v.ID, v.CreatedAt, v.SessionLifetimeMs = w.NewID(), w.Now(), 86400000
	if v.AccentColor == "" {
		v.AccentColor = "#0b7262"
	}
	_, err := exec(w.session, `INSERT INTO workspaces (id, name, accent_color, session_lifetime_ms, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)`,
		v.ID, v.Name, v.AccentColor, v.SessionLifetimeMs, v.CreatedAt, v.CreatedAt)
	return err
}

// Update writes the settings of a workspace.
func (w Workspaces) Update(v *Workspace) error {
	return must(w.session, `UPDATE workspaces SET name = ?, accent_color = ?, session_lifetime_ms = ?, updated_at = ? WHERE id = ?`,
		v.Name, v.AccentColor, v.SessionLifetimeMs, w.Now(), v.ID)
}

// WidgetSeen notes where the widget was last loaded.
func (w Workspaces) WidgetSeen(id ID, url string) error {
	return must(w.session, `UPDATE workspaces SET widget_seen_at = ?, widget_seen_url = ? WHERE id = ?`, w.Now(), url, id)
}

// BackupTaken notes that somebody took a backup away.
func (w Workspaces) BackupTaken(id ID) error {
	return must(w.session, `UPDATE workspaces SET backup_taken_at = ? WHERE id = ?`, w.Now(), id)
}

// Origins lists the sites that may embed the widget; none is every site.
func (w Workspaces) Origins(id ID) ([]string, error) {
	w.saw("workspace_origins", "workspace_id", id)
	return column[string](w.session, `SELECT origin FROM workspace_origins WHERE workspace_id = ? ORDER BY position`, id)
}

// SetOrigins replaces the list.
func (w Workspaces) SetOrigins(id ID, origins []string) error {
	if _, err := exec(w.session, `DELETE FROM workspace_origins WHERE workspace_id = ?`, id); err != nil {
		return err
	}
	for i, o := range origins {
		if _, err := exec(w.session, `INSERT INTO workspace_origins (workspace_id, position, origin) VALUES (?, ?, ?)`, id, i, o); err != nil {
			return err
		}
	}
	return nil
}
