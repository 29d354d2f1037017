package store

import "strings"

// SiteImport is pages of another help center that were chosen, and what was fetched of them.
type SiteImport struct {
	ID           ID
	Workspace    ID
	State        string // fetching, ready, failed, applied, discarded
	Address      string
	URLs         []string
	PictureHosts []string
	Publish      bool
	Total, Done  int
	Report       string // JSON
	Hash         []byte // of the zip of what was fetched; nil: none
	Author       ID
	AuthorName   string
	CreatedAt    Time
	urls, hosts  string
}

const siteImportColumns = `id, workspace_id, state, address, urls, picture_hosts, publish, total, done, report, hash, author_id, author_name, created_at`

func (s *SiteImport) fields() []any {
	return []any{&s.ID, &s.Workspace, &s.State, &s.Address, &s.urls, &s.hosts, &s.Publish, &s.Total, &s.Done, &s.Report, &s.Hash, &s.Author, &s.AuthorName, &s.CreatedAt}
}

func (s *SiteImport) split() {
	s.URLs, s.PictureHosts = strings.Fields(s.urls), strings.Fields(s.hosts)
}

// SiteImports are those of a workspace.
type SiteImports struct{ *session }

// Add begins one.
func (s SiteImports) Add(v *SiteImport) error {
	v.ID, v.Workspace, v.State, v.Total, v.CreatedAt = s.NewID(), s.ws(), "fetching", len(v.URLs), s.Now()
	_, err := exec(s.session, `INSERT INTO site_imports (workspace_id, id, address, urls, picture_hosts, publish, total, author_id, author_name, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, v.Workspace, v.ID, v.Address, strings.Join(v.URLs, "\n"), strings.Join(v.PictureHosts, " "), v.Publish, v.Total, v.Author, v.AuthorName, v.CreatedAt, v.CreatedAt)
	return err
}

// ByID finds one.
func (s SiteImports) ByID(id ID) (*SiteImport, error) {
	v, err := one[SiteImport](s.session, `SELECT `+siteImportColumns+` FROM site_imports WHERE workspace_id = ? AND id = ?`, s.ws(), id)
	if err == nil {
		v.split()
	}
	return v, err
}

// List lists them, newest first.
func (s SiteImports) List(limit int) ([]SiteImport, error) {
	s.saw("site_imports", "workspace_id", s.ws())
	list, err := many[SiteImport](s.session, `SELECT `+siteImportColumns+` FROM site_imports WHERE workspace_id = ? ORDER BY id DESC LIMIT ?`, s.ws(), limit)
	for i := range list {
		list[i].split()
	}
	return list, err
}

// Fetching finds the oldest of all workspaces that has still to be fetched.
func (s SiteImports) Fetching() (*SiteImport, error) {
	v, err := one[SiteImport](s.session, `SELECT `+siteImportColumns+` FROM site_imports WHERE state = 'fetching' ORDER BY id LIMIT 1`)
	if err == nil {
		v.split()
	}
	return v, err
}

// Progress notes how many pages were read of one that is being fetched; ErrNotFound says that it is not any longer.
func (s SiteImports) Progress(id ID, done int) error {
	return must(s.session, `UPDATE site_imports SET done = ?, updated_at = ? WHERE workspace_id = ? AND id = ? AND state = 'fetching'`, done, s.Now(), s.ws(), id)
}

// Set brings one from a state to another, with its report and what was fetched; ErrNotFound says that it was in no such
// state.
func (s SiteImports) Set(v *SiteImport, from string) error {
	return must(s.session, `UPDATE site_imports SET state = ?, report = ?, hash = ?, updated_at = ? WHERE workspace_id = ? AND id = ? AND state = ?`, v.State, v.Report, v.Hash, s.Now(), s.ws(), v.ID, from)
}
