package helpcenter

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/url"
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

func (h *HelpCenter) heard(c store.Commit) {
	if c.In("site_imports") {
		h.rouse()
	}
}

// rouse has Run look whether there is something to do.
func (h *HelpCenter) rouse() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run fetches what was chosen until ctx ends, one after the other, and goes on with imports that were interrupted. What a
// stop of the process interrupts begins again.
func (h *HelpCenter) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		var next *store.SiteImport
		unfinished := h.resume(ctx)
		err := h.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
			next, err = tx.SiteImports.Fetching()
			return err
		})
		if err == nil {
			err = h.fetch(ctx, next)
		}
		wait := time.Hour
		if unfinished != nil && ctx.Err() == nil {
			h.log.Error("go on with an import", "error", unfinished)
			wait = 10 * time.Second
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) && ctx.Err() == nil {
			h.log.Error("fetch a site", "error", err)
			wait = 10 * time.Second
		} else if err == nil {
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-h.wake:
		case <-t.C:
		}
		t.Stop()
	}
	return nil
}

const longestFetch = 10 * time.Minute

// fetch reads the pages and plans what taking them over would change. Only trouble of our own is an error.
func (h *HelpCenter) fetch(ctx context.Context, v *store.SiteImport) error {
	bounded, cancel := context.WithTimeout(ctx, longestFetch)
	defer cancel()
	found, err := h.harvest(bounded, v)
	if errors.Is(err, store.ErrNotFound) || ctx.Err() != nil {
		return nil // discarded meanwhile, or the process ends
	}
	report := siteReport{Failure: site.Why(err)}
	var content []byte
	if found != nil {
		report.Problems, report.LeftOut = found.Problems[:min(len(found.Problems), 200)], found.LeftOut
		if len(found.Pages) == 0 && err == nil {
			report.Failure = "None of the pages could be read."
		}
	}
	if report.Failure == "" {
		if content, err = packed(found, v.Publish); err == nil {
			report.Plan, err = h.planned(ctx, v, content)
		}
		if f := fault.Of(err); err != nil && f.Kind != fault.Internal {
			report.Failure = f.Message
		} else if err != nil {
			return err
		}
	}
	return h.fetched(ctx, v, report, content)
}

func (h *HelpCenter) harvest(ctx context.Context, v *store.SiteImport) (*site.Harvest, error) {
	s, err := site.Open(v.URLs[0], h.Reach, v.PictureHosts)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var pages []*url.URL
	for _, address := range v.URLs {
		u, err := s.Own(address)
		if err != nil {
			return nil, err
		}
		pages = append(pages, u)
	}
	return s.Read(ctx, pages, func(n int) error {
		_, err := h.db.Write(ctx, v.Workspace, func(tx *store.Tx) error { return tx.SiteImports.Progress(v.ID, n) })
		return err
	})
}

// packed is what was read as a zip of Markdown, such as an import takes.
func packed(found *site.Harvest, publish bool) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, content []byte) error {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(content)
		}
		return err
	}
	status := "draft"
	if publish {
		status = "published"
	}
	for _, p := range found.Pages {
		head := headOf([][2]string{{"title", p.Title}, {"description", p.Description}, {"status", status}, {"collection", strings.Join(p.Shelves, " / ")}}, nil)
		if err := add(p.Path, []byte(head+p.Markdown+"\n")); err != nil {
			return nil, err
		}
	}
	for name, content := range found.Pictures {
		if err := add(name, content); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func (h *HelpCenter) planned(ctx context.Context, v *store.SiteImport, content []byte) (*Synced, error) {
	f, err := openZip(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	who := actor.Actor{Kind: actor.System, Workspace: v.Workspace, User: v.Author, Name: v.AuthorName}
	plan, err := h.sync(ctx, who, f, Sync{Source: v.Address, Part: true, DryRun: true})
	return &plan, err
}

func (h *HelpCenter) fetched(ctx context.Context, v *store.SiteImport, report siteReport, content []byte) error {
	raw, err := json.Marshal(report)
	if err != nil {
		return err
	}
	v.State, v.Report, v.Hash = "failed", string(raw), nil
	if report.Failure == "" {
		sum := sha256.Sum256(content)
		v.State, v.Hash = "ready", sum[:]
		if err := h.db.KeepBlob(ctx, v.Hash, int64(len(content)), bytes.NewReader(content)); err != nil {
			return err
		}
	}
	_, err = h.db.Write(ctx, v.Workspace, func(tx *store.Tx) error { return tx.SiteImports.Set(v, "fetching") })
	if errors.Is(err, store.ErrNotFound) {
		return nil // discarded meanwhile
	}
	return err
}
