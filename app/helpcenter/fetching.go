package helpcenter

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/site"
	"deskbell/store"
)

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
		unfinished := errors.Join(h.Refill(ctx), h.resume(ctx))
		err := h.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
			next, err = tx.SiteImports.Fetching()
			return err
		})
		if err == nil {
			err = h.fetch(ctx, next)
		}
		wait := time.Hour
		if unfinished != nil && ctx.Err() == nil {
			h.log.Error("go on with what was interrupted", "error", unfinished)
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
		head := headOf([][2]string{{"title", p.Title}, {"description", p.Description}, {"status", status}, {"collection", joined(p.Shelves)}})
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
