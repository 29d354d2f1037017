package helpcenter

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/web"
	"deskbell/store"
)

// bringIn answers POST /api/helpCenter.import?workspaceId=…&dryRun=true&source=…, a form with a zip as file.
func (h *HelpCenter) bringIn(d *door.Doors) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		who, err := h.pages.enter(w, r, false)
		if err == nil {
			who, err = d.Admit(r.Context(), may.Has(may.PublishArticles), who, q.Get("workspaceId"))
		}
		if err == nil && !h.limits.let("import "+who.User.String(), 2*1e9, 20) {
			err = fault.New(fault.RateLimited, "Too many imports. Try again in a moment.")
		}
		var out Synced
		if err == nil {
			dry, _ := strconv.ParseBool(q.Get("dryRun"))
			err = h.zips.wait(r.Context(), who.Workspace, func() error {
				web.Reading(w, max(r.ContentLength, 0))
				return formFile(w, r, mostZip, func(name string, part io.Reader) error {
					return h.spooled(func(zip *os.File) error {
						size, err := io.Copy(writer{zip}, part)
						if err != nil {
							return broken(err)
						}
						web.Reading(w, mostZip) // many articles take minutes
						web.Writing(w, mostZip)
						out, err = h.SyncZip(r.Context(), who, zip, size, Sync{Source: or2(q.Get("source"), strings.TrimSuffix(name, ".zip")), DryRun: dry})
						return err
					})
				})
			})
		}
		if err != nil {
			h.pages.refuse(w, r, err)
			return
		}
		raw, err := door.Encode(out)
		if err != nil {
			h.pages.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Write(raw)
	}
}

// spooled gives fn an empty file, so that no zip need be held in memory. It stands on the disk of the data, where a start
// sweeps away what a killed process left.
func (h *HelpCenter) spooled(fn func(zip *os.File) error) error {
	zip, err := os.CreateTemp(h.Spool, "zip-*")
	if err != nil {
		return full(err)
	}
	defer os.Remove(zip.Name())
	defer zip.Close()
	return fn(zip)
}

// writer tells a full disk from what else breaks.
type writer struct{ f *os.File }

func (w writer) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	return n, full(err)
}

func full(err error) error {
	if store.Filled(err) {
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	}
	return err
}

// takeOut answers GET /api/helpCenter.export?workspaceId=… with a zip.
func (h *HelpCenter) takeOut(d *door.Doors) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := h.pages.enter(w, r, false)
		if err == nil {
			who, err = d.Admit(r.Context(), may.Has(may.ExportData), who, r.URL.Query().Get("workspaceId"))
		}
		if err != nil {
			h.pages.refuse(w, r, err)
			return
		}
		err = h.zips.wait(r.Context(), who.Workspace, func() error {
			return h.spooled(func(zip *os.File) error { // who reads slowly must not hold a snapshot
				if _, err := h.Export(r.Context(), who.Workspace, writer{zip}); err != nil {
					return err
				}
				size, err := zip.Seek(0, io.SeekCurrent)
				if err == nil {
					_, err = zip.Seek(0, io.SeekStart)
				}
				if err != nil {
					return err
				}
				web.Writing(w, size)
				w.Header().Set("Content-Type", "application/zip")
				w.Header().Set("Content-Disposition", `attachment; filename="help-center.zip"`)
				w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
				w.Header().Set("Cache-Control", "no-store")
				io.Copy(w, zip) // who is gone needs no answer
				return nil
			})
		})
		if err != nil {
			h.pages.refuse(w, r, err)
		}
	}
}
