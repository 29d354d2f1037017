package helpcenter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/site"
	"deskbell/store"
)

// WhereSite names another help center by the address of any of its pages, or of its sitemap.
type WhereSite struct {
	Address string `json:"address" maxLength:"2000"`
}

// SiteMap is what another help center has, by its sitemap.
type SiteMap struct {
	Pages []SitePage `json:"pages"`
	More  bool       `json:"more"` // there are more than are shown
}

// SitePage is a page, and what it is likely called.
type SitePage struct {
	URL  string `json:"url"`
	Name string `json:"name"`
}

func (h *HelpCenter) visiting(who actor.Actor) error {
	if h.limits.let("site "+who.Workspace.String(), 5*time.Second, 20) {
		return nil
	}
	return fault.New(fault.RateLimited, "Too many at once. Try again in a moment.").After(time.Minute)
}

// MapSite reads the sitemap of another help center. It changes nothing.
func (h *HelpCenter) MapSite(ctx context.Context, who actor.Actor, in WhereSite) (SiteMap, error) {
	out := SiteMap{Pages: []SitePage{}}
	if err := h.visiting(who); err != nil {
		return out, err
	}
	s, err := site.Open(in.Address, h.Reach, nil)
	if err != nil {
		return out, err
	}
	defer s.Close()
	found, err := s.Map(ctx)
	if err != nil {
		return out, err
	}
	for _, p := range found.Pages {
		out.Pages = append(out.Pages, SitePage{p, site.Name(p)})
	}
	out.More = found.More
	return out, nil
}

// ChosenPages are pages of another help center to fetch.
type ChosenPages struct {
	Address      string   `json:"address" maxLength:"2000"`
	URLs         []string `json:"urls" minItems:"1" maxItems:"300"`
	PictureHosts []string `json:"pictureHosts,omitempty" maxItems:"5" doc:"further hosts that pictures may be fetched from"`
	Publish      bool     `json:"publish,omitempty" doc:"publish the articles when they are taken over; otherwise they are drafts"`
}

// SiteImport is pages of another help center that were chosen: being fetched, or fetched and waiting for a decision.
type SiteImport struct {
	ID        store.ID       `json:"id"`
	State     string         `json:"state" enum:"fetching,ready,failed,applied,discarded"`
	Address   string         `json:"address"`
	Author    string         `json:"author"`
	Total     int            `json:"total"`
	Done      int            `json:"done"`
	Publish   bool           `json:"publish"`
	Plan      *Synced        `json:"plan"` // what taking it over would change, or changed
	Problems  []site.Problem `json:"problems"`
	LeftOut   []string       `json:"leftOut"` // hosts of pictures that were not named
	Failure   *string        `json:"failure"`
	CreatedAt store.Time     `json:"createdAt"`
}

// Key is the import's id.
func (s SiteImport) Key() store.ID { return s.ID }

type siteReport struct {
	Plan     *Synced
	Problems []site.Problem
	LeftOut  []string
	Failure  string
}

func siteImport(v *store.SiteImport) (out SiteImport, err error) {
	var r siteReport
	err = json.Unmarshal([]byte(v.Report), &r)
	return SiteImport{ID: v.ID, State: v.State, Address: v.Address, Author: v.AuthorName, Total: v.Total, Done: v.Done, Publish: v.Publish, Plan: r.Plan,
		Problems: append([]site.Problem{}, r.Problems...), LeftOut: append([]string{}, r.LeftOut...), Failure: door.Maybe(r.Failure), CreatedAt: v.CreatedAt}, err
}

// FetchSite has chosen pages of another help center fetched, in the background. Nothing of ours changes before somebody
// takes them over.
func (h *HelpCenter) FetchSite(ctx context.Context, who actor.Actor, in ChosenPages) (out SiteImport, err error) {
	s, err := site.Open(in.Address, h.Reach, in.PictureHosts)
	if err != nil {
		return out, err
	}
	if err := h.visiting(who); err != nil {
		return out, err
	}
	v := &store.SiteImport{Address: s.Host(), Publish: in.Publish, Author: who.User, AuthorName: who.Name, Report: "{}"}
	for _, h := range in.PictureHosts {
		v.PictureHosts = append(v.PictureHosts, strings.ToLower(strings.TrimSpace(h)))
	}
	for _, address := range in.URLs {
		u, err := s.Own(strings.TrimSpace(address))
		if err != nil {
			return out, err
		}
		if !slices.Contains(v.URLs, u.String()) {
			v.URLs = append(v.URLs, u.String())
		}
	}
	err = h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) error {
		list, err := tx.SiteImports.List(5)
		if err != nil {
			return err
		}
		for i := range list {
			switch o := &list[i]; o.State {
			case "fetching":
				return fault.New(fault.Conflict, "Pages are being fetched already. Wait for them, or discard them.")
			case "ready": // the new ones take its place
				o.State, o.Hash = "discarded", nil
				if err := tx.SiteImports.Set(o, "ready"); err != nil {
					return err
				}
			}
		}
		if err := tx.SiteImports.Add(v); err != nil {
			return err
		}
		out, err = siteImport(v)
		return err
	})
	return out, err
}

// SiteImports are the newest of a workspace.
type SiteImports struct {
	Items []SiteImport `json:"items"`
}

// Sites lists the newest pages of other help centers that were chosen.
func (h *HelpCenter) Sites(tx *store.Tx, _ actor.Actor, _ Empty) (SiteImports, error) {
	out := SiteImports{[]SiteImport{}}
	list, err := tx.SiteImports.List(5)
	for i := range list {
		v, bad := siteImport(&list[i])
		err = errors.Join(err, bad)
		out.Items = append(out.Items, v)
	}
	return out, err
}

// WhichSite names pages of another help center that were chosen.
type WhichSite struct {
	SiteImportID store.ID `json:"siteImportId"`
}

var errNotReady = fault.New(fault.Conflict, "These pages are not waiting for a decision.")

// ApplySite takes fetched pages over as articles. It is an import like that of a folder: what it wrote can be taken back.
func (h *HelpCenter) ApplySite(ctx context.Context, who actor.Actor, in WhichSite) (out SiteImport, err error) {
	var v *store.SiteImport
	var content []byte
	err = h.db.Read(ctx, who.Workspace, func(tx *store.Tx) (err error) {
		if v, err = tx.SiteImports.ByID(in.SiteImportID); err != nil {
			return err
		}
		if v.State != "ready" {
			return errNotReady
		}
		content, err = tx.Blobs.Content(v.Hash)
		return err
	})
	if err != nil {
		return out, err
	}
	f, err := openZip(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return out, err
	}
	done, err := h.sync(ctx, who, f, Sync{Source: v.Address, Part: true, Site: v.ID})
	if err != nil {
		return out, err
	}
	if done.ImportID == nil { // there was nothing to change
		return h.decided(ctx, who, in, "applied", &done)
	}
	err = h.db.Read(ctx, who.Workspace, func(tx *store.Tx) error {
		if v, err = tx.SiteImports.ByID(in.SiteImportID); err == nil {
			out, err = siteImport(v)
		}
		return err
	})
	return out, err
}

// DiscardSite forgets pages that were fetched, or ends their fetching.
func (h *HelpCenter) DiscardSite(ctx context.Context, who actor.Actor, in WhichSite) (SiteImport, error) {
	return h.decided(ctx, who, in, "discarded", nil)
}

func (h *HelpCenter) decided(ctx context.Context, who actor.Actor, in WhichSite, state string, done *Synced) (out SiteImport, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) error {
		out, err = decide(tx, in.SiteImportID, state, done)
		return err
	})
	return out, err
}

// decide ends the waiting of pages that were fetched. done is what taking them over did; without it, what was planned.
func decide(tx *store.Tx, id store.ID, state string, done *Synced) (out SiteImport, err error) {
	v, err := tx.SiteImports.ByID(id)
	if err != nil {
		return out, err
	}
	from := v.State
	if from != "ready" && (from != "fetching" || state != "discarded") {
		return out, errNotReady
	}
	var r siteReport
	if err := json.Unmarshal([]byte(v.Report), &r); err != nil {
		return out, err
	}
	if done != nil {
		r.Plan = done
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return out, err
	}
	v.State, v.Report, v.Hash = state, string(raw), nil
	if err := tx.SiteImports.Set(v, from); err != nil {
		return out, err
	}
	return siteImport(v)
}
