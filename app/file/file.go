// Package file keeps the files that people send: staged on upload, known by their content rather than by what they
// claim to be, and read through links that are signed and expire.
package file

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/inbox"
	"deskbell/app/may"
	"deskbell/app/web"
	"deskbell/store"
)

const (
	largest = 25 << 20 // bytes of a file
	day     = 24 * time.Hour
)

// allowance is how many bytes one sender may send in a day: a stranger who fills the disk stops everybody.
var allowance = map[store.SenderType]int64{store.ByVisitor: 500 << 20, store.ByAgent: 10 << 30}

// Files keeps files.
type Files struct {
	db     *store.DB
	key    []byte
	url    string
	dir    string // where they wait while they arrive
	enter  func(w http.ResponseWriter, r *http.Request, visitors bool) (actor.Actor, error)
	refuse func(w http.ResponseWriter, r *http.Request, err error)
	making chan struct{} // pictures that are decoded at a time

	coming, waiting web.Quota // strangers' files that arrive, and their pictures that wait to be decoded
}

// New keeps files, with links signed by a key that is derived from the secret. They wait in dir while they arrive.
func New(db *store.DB, secret []byte, url, dir string) *Files {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("deskbell file links"))
	return &Files{db: db, key: mac.Sum(nil), url: url, dir: dir, making: make(chan struct{}, 1),
		coming: web.Quota{Each: 16, All: 96}, waiting: web.Quota{Each: mostWaiting, All: math.MaxInt64}}
}

// Open hangs uploading and reading on their doors. enter and refuse are the web's.
func (f *Files) Open(d *door.Doors, enter func(http.ResponseWriter, *http.Request, bool) (actor.Actor, error), refuse func(http.ResponseWriter, *http.Request, error)) {
	f.enter, f.refuse = enter, refuse
	d.ServeSites("POST", "/api/files.upload", f.upload(d))
	d.Serve("GET", "/files/:id", f.read)
	door.Every(d, "file.purge", "@every 10m", f.Purge)
}

// Purge removes staged files whose hour has passed, and contents that nothing refers to.
func (f *Files) Purge(ctx context.Context) error {
	_, err := f.db.Write(ctx, 0, func(tx *store.Tx) error {
		return tx.Attachments.Purge()
	})
	for gone := int64(1); gone > 0 && err == nil; { // a few at a time, so that nobody waits for it
		_, err = f.db.Write(ctx, 0, func(tx *store.Tx) (err error) {
			gone, err = tx.Blobs.Purge(tx.Now().Add(-time.Hour))
			return err
		})
	}
	return err
}

var uploader = may.Has(may.Reply).Or(may.OwnVisitor)

func (f *Files) upload(d *door.Doors) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := f.enter(w, r, true)
		if err == nil {
			who, err = d.Admit(r.Context(), uploader, who, r.URL.Query().Get("workspaceId"))
		}
		var out inbox.Attachment
		if err == nil {
			out, err = f.take(w, r, who)
		}
		if err != nil {
			f.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(out)
	}
}

func (f *Files) take(w http.ResponseWriter, r *http.Request, who actor.Actor) (out inbox.Attachment, err error) {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "multipart/form-data" {
		return out, fault.New(fault.Invalid, "Send multipart/form-data with a field named file.")
	}
	if r.ContentLength > largest+64<<10 {
		return out, fault.New(fault.TooLarge, "A file has at most 25 MB.")
	}
	came, err := f.arrive(who)
	if err != nil {
		return out, err
	}
	defer came()
	web.Reading(w, max(r.ContentLength, 0))
	r.Body = http.MaxBytesReader(w, r.Body, largest+64<<10)
	parts, err := r.MultipartReader()
	if err != nil {
		return out, fault.New(fault.Invalid, "The form is broken.").Because(err)
	}
	for {
		p, err := parts.NextPart()
		if err != nil {
			return out, unread(err)
		}
		if p.FormName() == "file" {
			in, err := newSpool(f.dir)
			if err != nil {
				return out, err
			}
			if err := in.fill(p, largest); err != nil {
				in.Close()
				return out, unread(err)
			}
			return f.stage(r.Context(), who, clean(p.FileName()), in)
		}
	}
}

func unread(err error) error {
	var big *http.MaxBytesError
	var said *fault.Error
	switch {
	case errors.As(err, &big):
		return fault.New(fault.TooLarge, "A file has at most 25 MB.")
	case errors.As(err, &said), errors.Is(err, store.ErrFull):
		return err
	}
	return fault.New(fault.Invalid, "The form has no field named file.").Because(err)
}

// clean makes a name of what a stranger called a file: no path, no control or direction characters.
func clean(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	if r := []rune(name); len(r) > 150 {
		name = string(r[:100]) + string(r[len(r)-50:])
	}
	if strings.Trim(name, ".") == "" {
		return "attachment"
	}
	return name
}

// kinds are the types that files may have, by content; whether a browser may show them in place, as a page of our
// origin: only pictures that were taken apart and put together again.
var kinds = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/avif": false, "application/pdf": false,
	"text/plain": false, "text/csv": false, "application/json": false, "application/zip": false, "video/mp4": false, "video/webm": false,
	"video/quicktime": false, "audio/mpeg": false, "audio/ogg": false, "audio/wav": false, "audio/mp4": false, "application/rtf": false, "text/rtf": false,
	"application/msword": false, "application/vnd.ms-excel": false, "application/vnd.ms-powerpoint": false,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   false,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         false,
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": false,
	"application/vnd.oasis.opendocument.text":                                   false,
	"application/vnd.oasis.opendocument.spreadsheet":                            false,
}

// stage keeps a file that came, under what it is and not under what it claims to be.
func (f *Files) stage(ctx context.Context, who actor.Actor, name string, in *spool) (out inbox.Attachment, err error) {
	m := made{content: in}
	defer func() { m.close() }()
	by, id := store.ByAgent, who.User
	if who.IsVisitor() {
		by, id = store.ByVisitor, who.Visitor
	}
	if err := in.begin(); err != nil {
		return out, err
	}
	found, err := mimetype.DetectReader(in)
	if err != nil {
		return out, err
	}
	kind, _, _ := mime.ParseMediaType(found.String())
	if _, ok := kinds[kind]; !ok || in.size == 0 {
		return out, fault.New(fault.Invalid, "Files of this kind are not accepted. Send pictures, PDF, text, office documents, audio, video or zip.").On("file")
	}
	if err := f.allowed(ctx, who.Workspace, by, id, in.size); err != nil {
		return out, err
	}
	m, err = f.fit(in, kind, func() (func(), error) { return f.turn(ctx, who) })
	if err != nil {
		return out, err
	}
	a := &store.Attachment{Hash: m.content.hash, Filename: name, ContentType: kind, Size: m.content.size, Width: m.width, Height: m.height}
	if m.small != nil {
		a.ThumbnailHash = m.small.hash
	}
	for _, s := range []*spool{m.content, m.small} {
		if s == nil {
			continue
		}
		if err := s.begin(); err != nil {
			return out, err
		}
		if err := f.db.KeepBlob(ctx, s.hash, s.size, s); err != nil {
			return out, err
		}
	}
	if _, err = f.db.Write(ctx, who.Workspace, func(tx *store.Tx) error { return tx.Attachments.Stage(a, by, id) }); err != nil {
		return out, err
	}
	return f.Shown([]store.Attachment{*a}, f.db.Now())[0], nil
}

// allowed refuses who has sent enough for today.
func (f *Files) allowed(ctx context.Context, workspace store.ID, by store.SenderType, sender store.ID, size int64) error {
	return f.db.Read(ctx, workspace, func(tx *store.Tx) error {
		sent, err := tx.Attachments.SentSince(by, sender, tx.Now().Add(-day))
		if err == nil && sent+size > allowance[by] {
			err = fault.New(fault.RateLimited, "You have sent very much today. Try again tomorrow, or send a link.").After(time.Hour)
		}
		return err
	})
}

// mostWaiting is how many pictures strangers of one network may have waiting: who sends many large ones must not have
// everybody else wait for all of them.
const mostWaiting = 10

// turn waits until a picture may be decoded, and gives the turn back.
func (f *Files) turn(ctx context.Context, who actor.Actor) (func(), error) {
	left, err := f.queue(who)
	if err != nil {
		return nil, err
	}
	select {
	case f.making <- struct{}{}:
		return func() { <-f.making; left() }, nil
	case <-ctx.Done():
		left()
		return nil, ctx.Err()
	}
}

// queue counts a picture to where it comes from, unless too many wait there, and gives what takes it back.
func (f *Files) queue(who actor.Actor) (func(), error) {
	if who.IsStaff() {
		return func() {}, nil
	}
	left, ok := f.waiting.Take(actor.Network(who.IP), 1)
	if !ok {
		return nil, fault.New(fault.RateLimited, "Your other pictures are still being looked at. Try again in a moment.").After(5 * time.Second)
	}
	return left, nil
}

// arrive counts a file that comes from a stranger, until the returned function is called: each is a descriptor besides the
// connection's, for as long as somebody takes to send it, and few of them are kept for that.
func (f *Files) arrive(who actor.Actor) (func(), error) {
	if who.IsStaff() {
		return func() {}, nil
	}
	came, ok := f.coming.Take(actor.Network(who.IP), 1)
	if !ok {
		return nil, fault.New(fault.RateLimited, "Other files are still on their way. Try again in a moment.").After(5 * time.Second)
	}
	return came, nil
}

// sign makes the signature of a link: good for one file, one form of it, until a day's end.
func (f *Files) sign(id store.ID, form string, expires int64) string {
	mac := hmac.New(sha256.New, f.key)
	fmt.Fprintf(mac, "%d %s %d", id, form, expires)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// link expires at a day boundary, two to three days from now: views that hold links stay the same all day.
func (f *Files) link(id store.ID, form string, now store.Time) string {
	expires := now.Std().Truncate(day).Add(3 * day).Unix()
	link := fmt.Sprintf("%s/files/%s?e=%d&s=%s", f.url, id, expires, f.sign(id, form, expires))
	if form != "" {
		link += "&t=1"
	}
	return link
}

// Shown are attachments as the wire tells them.
func (f *Files) Shown(list []store.Attachment, now store.Time) []inbox.Attachment {
	out := make([]inbox.Attachment, 0, len(list))
	for _, a := range list {
		v := inbox.Attachment{ID: a.ID, Filename: a.Filename, ContentType: a.ContentType, Size: a.Size, URL: f.link(a.ID, "", now)}
		if a.Width > 0 {
			v.Width, v.Height = &a.Width, &a.Height
		}
		if a.ThumbnailHash != nil {
			t := f.link(a.ID, "t", now)
			v.ThumbnailURL = &t
		}
		out = append(out, v)
	}
	return out
}

func (f *Files) read(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	id, err := store.ParseID(strings.TrimPrefix(r.URL.Path, "/files/"))
	expires, bad := strconv.ParseInt(q.Get("e"), 10, 64)
	form := ""
	if q.Get("t") == "1" {
		form = "t"
	}
	good := err == nil && bad == nil && f.db.Now().Std().Unix() < expires && hmac.Equal([]byte(q.Get("s")), []byte(f.sign(id, form, expires)))
	if !good {
		f.refuse(w, r, fault.New(fault.NotFound, "This link is not valid (any longer)."))
		return
	}
	var a *store.Attachment
	err = f.db.Read(r.Context(), 0, func(tx *store.Tx) (err error) {
		a, err = tx.Attachments.ByID(id)
		return err
	})
	var content *store.Blob
	if err == nil {
		hash := a.Hash
		if form == "t" && a.ThumbnailHash != nil {
			hash = a.ThumbnailHash
		}
		content, err = f.db.Blob(r.Context(), hash)
	}
	if err != nil {
		f.refuse(w, r, err)
		return
	}
	h := w.Header()
	kind, how := a.ContentType, "attachment"
	if form == "t" {
		kind = "image/jpeg"
	}
	if kinds[kind] {
		how = "inline"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": a.Filename}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	web.Writing(w, a.Size)
	http.ServeContent(w, r, "", a.ID.At().Std(), content)
}
