package helpcenter

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// Settings say where a help center is, how it looks and who may read it.
type Settings struct {
	Slug           string   `json:"slug"`
	Domain         *string  `json:"domain"`
	URL            string   `json:"url"`
	Title          *string  `json:"title"`
	Tagline        *string  `json:"tagline"`
	SiteURL        *string  `json:"siteUrl"`
	AccessPolicy   string   `json:"accessPolicy"`
	Link           *string  `json:"link"` // where it is read by link: that link
	Language       string   `json:"language"`
	Languages      []string `json:"languages"`
	Synonyms       []string `json:"synonyms"`
	FailedSearches []Failed `json:"failedSearches"`
}

// Failed is what readers looked for in vain.
type Failed struct {
	Query  string     `json:"query"`
	Count  int        `json:"count"`
	LastAt store.Time `json:"lastAt"`
}

// Settings tells the help center's settings.
func (h *HelpCenter) Settings(tx *store.Tx, _ actor.Actor, _ Empty) (Settings, error) {
	c, err := center(tx)
	if err != nil {
		return Settings{}, err
	}
	return h.settings(tx, c)
}

func (h *HelpCenter) settings(tx *store.Tx, c *store.HelpCenter) (out Settings, err error) {
	out = Settings{Slug: c.Slug, Domain: door.Maybe(c.Domain), URL: h.base(c), Title: door.Maybe(c.Title), Tagline: door.Maybe(c.Tagline), SiteURL: door.Maybe(c.SiteURL),
		AccessPolicy: c.Policy, Language: c.Language, Languages: append([]string{}, c.Languages...), FailedSearches: []Failed{}}
	if c.Policy == "link" {
		out.Link = door.Maybe(h.base(c) + "/?key=" + h.linkKey(c))
	}
	if out.Synonyms, err = tx.Finder.Synonyms(); err != nil {
		return out, err
	}
	failed, err := tx.Finder.FailedSearches(50)
	for _, f := range failed {
		out.FailedSearches = append(out.FailedSearches, Failed{f.Query, f.N, f.LastAt})
	}
	return out, err
}

// UpdateSettings is what may be changed of a help center.
type UpdateSettings struct {
	Slug         *string            `json:"slug,omitempty" maxLength:"100"`
	Domain       door.Patch[string] `json:"domain,omitempty"`
	Title        door.Patch[string] `json:"title,omitempty"`
	Tagline      door.Patch[string] `json:"tagline,omitempty"`
	SiteURL      door.Patch[string] `json:"siteUrl,omitempty"`
	AccessPolicy *string            `json:"accessPolicy,omitempty" enum:"public,restricted,link"`
	NewLink      bool               `json:"newLink,omitempty" doc:"make a new link; whoever has the old one reads no longer"`
	Language     *string            `json:"language,omitempty" maxLength:"12"`
	Languages    *[]string          `json:"languages,omitempty" maxItems:"30"`
	Synonyms     *[]string          `json:"synonyms,omitempty" maxItems:"200"`
}

// UpdateSettings changes a help center.
func (h *HelpCenter) UpdateSettings(ctx context.Context, who actor.Actor, in UpdateSettings) (out Settings, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, c *store.HelpCenter) error {
		if err := h.apply(c, in); err != nil {
			return err
		}
		if err := tx.HelpCenters.Set(c); err != nil {
			if errors.Is(err, store.ErrConflict) {
				return fault.New(fault.Conflict, "Another help center has this address or domain.").On("slug").Because(err)
			}
			return err
		}
		if in.Synonyms != nil {
			groups, err := synonyms(*in.Synonyms)
			if err != nil {
				return err
			}
			if err := tx.Finder.SetSynonyms(groups); err != nil {
				return err
			}
		}
		out, err = h.settings(tx, c)
		return err
	})
	return out, err
}

var domainForm = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

func (h *HelpCenter) apply(c *store.HelpCenter, in UpdateSettings) (err error) {
	if in.Slug != nil && *in.Slug != c.Slug {
		if c.Slug = safe.Slug(*in.Slug); !regexp.MustCompile(`^[a-z0-9-]{2,60}$`).MatchString(c.Slug) {
			return fault.New(fault.Invalid, "An address has 2 to 60 letters, digits or hyphens.").On("slug")
		}
	}
	c.Domain = strings.ToLower(strings.TrimSpace(in.Domain.Or(c.Domain)))
	own, _ := url.Parse(h.url)
	if c.Domain != "" && (!domainForm.MatchString(c.Domain) || len(c.Domain) > 253 || own != nil && c.Domain == own.Hostname()) {
		return fault.New(fault.Invalid, "A domain looks like help.example.com, and is not that of this server.").On("domain")
	}
	if c.Title, err = short("title", in.Title.Or(c.Title), 100); err != nil {
		return err
	}
	if c.Tagline, err = short("tagline", in.Tagline.Or(c.Tagline), 300); err != nil {
		return err
	}
	c.SiteURL = strings.TrimSpace(in.SiteURL.Or(c.SiteURL))
	if u, err := url.Parse(c.SiteURL); c.SiteURL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(c.SiteURL) > 500) {
		return fault.New(fault.Invalid, "A link begins with https:// or http://.").On("siteUrl")
	}
	if in.AccessPolicy != nil {
		c.Policy = *in.AccessPolicy
	}
	if in.NewLink {
		c.Link++
	}
	if in.Language != nil {
		c.Language = *in.Language
	}
	if in.Languages != nil {
		c.Languages = *in.Languages
	}
	for _, l := range append([]string{c.Language}, c.Languages...) {
		if !languageForm.MatchString(l) {
			return fault.New(fault.Invalid, "A language looks like de or pt-BR.").On("languages")
		}
	}
	c.Languages = slices.DeleteFunc(slices.Clone(c.Languages), func(l string) bool { return l == c.Language })
	slices.Sort(c.Languages)
	c.Languages = slices.Compact(c.Languages)
	return nil
}

// synonyms cleans groups of words that mean the same: "lamp, light".
func synonyms(in []string) ([]string, error) {
	out := []string{}
	for _, g := range in {
		var words []string
		for _, w := range strings.Split(strings.ToLower(safe.Text(g)), ",") {
			if w = strings.Join(strings.Fields(w), " "); w != "" && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
		if len(words) == 0 {
			continue
		}
		if len(words) == 1 || len(words) > 20 || len(g) > 500 {
			return nil, fault.New(fault.Invalid, "A group has 2 to 20 words with commas between them.").On("synonyms")
		}
		out = append(out, strings.Join(words, ", "))
	}
	return out, nil
}
