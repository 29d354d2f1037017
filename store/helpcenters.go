package store

import "strings"

// HelpCenter says where a workspace's help center is, how it looks and who may read it.
type HelpCenter struct {
	Workspace ID
	Slug      string
	Domain    string // empty: none of its own
	Title     string // empty: made of the workspace's name
	Tagline   string
	SiteURL   string
	Policy    string // public, restricted (to visitors and the team), or link (also to whoever has the link)
	Link      int64  // a new number makes a new link
	Language  string
	Languages []string // further ones
	extra     string
}

const helpCenterColumns = `workspace_id, slug, coalesce(domain, ''), title, tagline, site_url, policy, link_number, language, languages`

func (h *HelpCenter) fields() []any {
	return []any{&h.Workspace, &h.Slug, &h.Domain, &h.Title, &h.Tagline, &h.SiteURL, &h.Policy, &h.Link, &h.Language, &h.extra}
}

// HelpCenters are the help centers of all workspaces.
type HelpCenters struct{ *session }

func split(h *HelpCenter, err error) (*HelpCenter, error) {
	if err == nil {
		h.Languages = strings.Fields(h.extra)
	}
	return h, err
}

// Of is the workspace's help center.
func (h HelpCenters) Of() (*HelpCenter, error) {
	h.saw("help_centers", "workspace_id", h.ws())
	return split(one[HelpCenter](h.session, `SELECT `+helpCenterColumns+` FROM help_centers WHERE workspace_id = ?`, h.ws()))
}

// BySlug finds a help center by its address, in whatever workspace.
func (h HelpCenters) BySlug(slug string) (*HelpCenter, error) {
	return split(one[HelpCenter](h.session, `SELECT `+helpCenterColumns+` FROM help_centers WHERE slug = ?`, slug))
}

// ByDomain finds a help center by a domain of its own.
func (h HelpCenters) ByDomain(domain string) (*HelpCenter, error) {
	return split(one[HelpCenter](h.session, `SELECT `+helpCenterColumns+` FROM help_centers WHERE domain = ?`, domain))
}

// First lists a few public help centers, oldest workspace first.
func (h HelpCenters) First(limit int) ([]HelpCenter, error) {
	return many[HelpCenter](h.session, `SELECT `+helpCenterColumns+` FROM help_centers WHERE policy = 'public' ORDER BY workspace_id LIMIT ?`, limit)
}

// Set writes the workspace's help center. A taken address or domain is ErrConflict.
func (h HelpCenters) Set(v *HelpCenter) error {
	var domain any
	if v.Domain != "" {
		domain = v.Domain
	}
	_, err := exec(h.session, `INSERT INTO help_centers (workspace_id, slug, domain, title, tagline, site_url, policy, link_number, language, languages, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace_id) DO UPDATE SET slug = excluded.slug, domain = excluded.domain, title = excluded.title,
		tagline = excluded.tagline, site_url = excluded.site_url, policy = excluded.policy, link_number = excluded.link_number, language = excluded.language, languages = excluded.languages, updated_at = excluded.updated_at`,
		h.ws(), v.Slug, domain, v.Title, v.Tagline, v.SiteURL, v.Policy, v.Link, v.Language, strings.Join(v.Languages, " "), h.Now())
	return err
}
