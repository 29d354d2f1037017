package helpcenter

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/may"
	fit "deskbell/app/picture"
	"deskbell/app/safe"
	"deskbell/store"
)

const largestPicture = 10 << 20

var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/avif": true}

// Asset is a picture as the wire tells it. Articles name it as asset:<id>.
type Asset struct {
	ID          store.ID `json:"id"`
	Filename    string   `json:"filename"`
	ContentType string   `json:"contentType"`
	Size        int64    `json:"size"`
	Width       int      `json:"width"`
	Height      int      `json:"height"`
	URL         string   `json:"url"`
	Reference   string   `json:"reference"`
}

// picture keeps the content of a picture and says what it is.
func (h *HelpCenter) picture(ctx context.Context, name string, content []byte) (*store.Asset, error) {
	a, content, err := fitted(name, content)
	if err != nil {
		return nil, err
	}
	return a, h.db.KeepBlob(ctx, a.Hash, a.Size, bytes.NewReader(content))
}

// fitted makes of a picture what may be kept, and says what that is.
func fitted(name string, content []byte) (*store.Asset, []byte, error) {
	if len(content) > largestPicture {
		return nil, nil, fault.New(fault.TooLarge, "A picture has at most 10 MB.")
	}
	kind, _, _ := mime.ParseMediaType(mimetype.Detect(content).String())
	if !pictures[kind] {
		return nil, nil, fault.New(fault.Invalid, "Pictures are PNG, JPEG, GIF, WebP or AVIF.").On("file")
	}
	name = path.Base(strings.ReplaceAll(safe.Text(name), `\`, "/"))
	if r := []rune(name); len(r) > 120 || len(r) == 0 {
		name = "picture"
	}
	content, m, err := fit.Fit(kind, content)
	switch {
	case errors.Is(err, fit.ErrLarge):
		return nil, nil, fault.New(fault.TooLarge, "A picture has at most 40 megapixels, and 20,000 pixels a side.").On("file")
	case errors.Is(err, fit.ErrBroken):
		return nil, nil, fault.New(fault.Invalid, "This picture is broken.").On("file")
	case err != nil:
		return nil, nil, err
	}
	sum := sha256.Sum256(content)
	a := &store.Asset{Hash: sum[:], Filename: name, ContentType: kind, Size: int64(len(content)), Width: m.Width, Height: m.Height}
	return a, content, nil
}

// AddPicture keeps a picture for articles.
func (h *HelpCenter) AddPicture(ctx context.Context, who actor.Actor, name string, content []byte) (out Asset, err error) {
	a, err := h.picture(ctx, name, content)
	if err != nil {
		return out, err
	}
	err = h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) error { return tx.Assets.Add(a) })
	return Asset{a.ID, a.Filename, a.ContentType, a.Size, a.Width, a.Height, h.url + h.assetURL(a.ID), "asset:" + a.ID.String()}, err
}

// upload answers POST /api/articles.uploadAsset?workspaceId=…, a form with a field named file.
func (h *HelpCenter) upload(d *door.Doors) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := h.pages.enter(w, r, false)
		if err == nil {
			who, err = d.Admit(r.Context(), may.Has(may.CreateArticles), who, r.URL.Query().Get("workspaceId"))
		}
		var out Asset
		if err == nil {
			err = formFile(w, r, largestPicture, func(name string, part io.Reader) error {
				content, err := io.ReadAll(part)
				if err != nil {
					return broken(err)
				}
				out, err = h.AddPicture(r.Context(), who, name, content)
				return err
			})
		}
		if err != nil {
			h.pages.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		json.NewEncoder(w).Encode(out)
	}
}

// formFile gives fn the field named file of a form.
func formFile(w http.ResponseWriter, r *http.Request, most int64, fn func(name string, part io.Reader) error) error {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "multipart/form-data" {
		return fault.New(fault.Invalid, "Send multipart/form-data with a field named file.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, most+64<<10)
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "The form is broken.").Because(err)
	}
	for {
		p, err := parts.NextPart()
		if err != nil {
			return broken(err)
		}
		if p.FormName() == "file" {
			return fn(p.FileName(), p)
		}
	}
}

func broken(err error) error {
	var big *http.MaxBytesError
	if errors.Is(err, store.ErrFull) {
		return err
	}
	if errors.As(err, &big) {
		return fault.New(fault.TooLarge, "The file is too large.")
	}
	return fault.New(fault.Invalid, "The form has no field named file.").Because(err)
}

// asset answers a picture to whoever knows its address.
func (h *HelpCenter) asset(w http.ResponseWriter, r *http.Request, name string) {
	text, signature, _ := strings.Cut(name, "/")
	id, err := store.ParseID(text)
	if err != nil || !hmac.Equal([]byte(signature), []byte(h.sign(id))) {
		h.pages.refuse(w, r, store.ErrNotFound)
		return
	}
	var a *store.Asset
	var content []byte
	err = h.db.Read(r.Context(), 0, func(tx *store.Tx) (err error) {
		if a, err = tx.Assets.ByID(id); err == nil {
			content, err = tx.Blobs.Content(a.Hash)
		}
		return err
	})
	if err != nil {
		h.pages.refuse(w, r, err)
		return
	}
	head := w.Header()
	head.Set("Content-Type", a.ContentType)
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	head.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
