package web

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/store"
)

// api answers /api/<door>.
func (s *Server) api(w http.ResponseWriter, r *http.Request, name string) {
	e := s.Doors.Entry(name)
	if e == nil {
		s.refuse(w, r, fault.New(fault.NotFound, "There is no door of this name."))
		return
	}
	if r.Method == http.MethodOptions {
		s.preflight(w, r, e.ForSites())
		return
	}
	who, err := s.Enter(w, r, e.ForSites())
	if err == nil {
		err = s.throttle(who, e.Cost, e.Cost > 1 || e.Need.Public() && !e.View)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	var body []byte
	if err = s.limitMessages(who, e); err == nil {
		err = s.limitBody(who, r, e.BodyLimit)
	}
	if err == nil {
		body, err = s.body(w, r, e)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.call(w, r, e, who, body)
}

// answered are the headers of an answer with a value. As with always, nobody appends to them.
var answered = http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}}

func (s *Server) call(w http.ResponseWriter, r *http.Request, e *door.Entry, who actor.Actor, body []byte) {
	call, err := s.Doors.Read(e, body)
	if err == nil && e.Need.Public() {
		err = s.checkSite(r, call.Workspace())
	}
	if n := call.Weight(); err == nil && n > 0 {
		err = s.throttle(who, n, false)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	ctx := door.WithBrowser(r.Context(), door.Browser{
		Session: func(token string, life time.Duration) { s.setCookie(w, s.cookie(), token, life) },
		Device:  func(note string) { s.setCookie(w, s.cookie()+"-device", note, year) },
	})
	out, err := s.Doors.Once(ctx, who, call, r.Header.Get("Idempotency-Key"), body)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if len(out) > small && !who.IsStaff() {
		done, err := s.hold(who.IP, int64(len(out)))
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		defer done()
	}
	if !e.View {
		w.Header().Set("X-Seq", strconv.FormatUint(s.DB.Seq(), 10))
	}
	maps.Copy(w.Header(), answered)
	w.Write(out)
}

func (s *Server) body(w http.ResponseWriter, r *http.Request, e *door.Entry) ([]byte, error) {
	if r.Method == http.MethodGet && e.GET {
		return fromQuery(r.URL.Query())
	}
	if r.Method != http.MethodPost {
		return nil, fault.New(fault.Invalid, "Use POST.")
	}
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, errMedia
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(15 * time.Second))
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, e.BodyLimit))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, fault.New(fault.TooLarge, "The request is larger than %d bytes.", e.BodyLimit)
	case err != nil:
		return nil, fault.New(fault.Invalid, "The request ended early.").Because(err)
	}
	return b, nil
}

func fromQuery(q url.Values) ([]byte, error) {
	m := make(map[string]any, len(q))
	for k, v := range q {
		m[k] = v[0]
		if n, err := strconv.Atoi(v[0]); err == nil && k == "limit" {
			m[k] = n
		}
	}
	return json.Marshal(m)
}

// errMedia is 415: the one refusal whose status is not its code's.
func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && t == "application/json"
}

var errMedia = fault.New(fault.Invalid, "Send application/json.")

// Visit is Enter for plain pages, which are bounded like doors. What is sent to them is dear: a file, a folder, a form.
// A visitor may begin as many sessions as they like, so their files count by address as well.
func (s *Server) Visit(w http.ResponseWriter, r *http.Request, visitors bool) (actor.Actor, error) {
	who, err := s.Enter(w, r, visitors)
	switch {
	case err != nil:
		return who, err
	case r.Method != http.MethodPost:
		return who, s.throttle(who, 1, false)
	case !who.IsStaff():
		if err = s.spend("sends "+actor.Network(who.IP), 1, 500*time.Millisecond, 240); err == nil {
			err = s.limitBytes(who, r.ContentLength)
		}
	}
	if err == nil {
		err = s.throttle(who, 5, false)
	}
	return who, err
}

// refuse answers with a problem document (RFC 9457), or with a page where somebody's browser came to an address. Only here
// an error becomes a status.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	status := f.Kind.Status()
	if errors.Is(err, errMedia) {
		status = http.StatusUnsupportedMediaType
	}
	if f.Kind == fault.Internal {
		s.Log.Error("request", "request", RequestID(r.Context()), "path", r.URL.Path, "error", errors.Unwrap(f))
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	if s.Sorry != nil && wantsPage(r) {
		s.Sorry(w, r, status)
		return
	}
	doc := map[string]any{}
	for k, v := range f.Extra {
		doc[k] = v
	}
	doc["type"], doc["title"], doc["status"] = "about:blank", http.StatusText(status), status
	doc["code"], doc["detail"], doc["requestId"] = f.Kind, f.Message, RequestID(r.Context())
	doc["errors"] = append([]fault.Field{}, f.Fields...)
	b, _ := door.Encode(doc)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b)
}

// wantsPage says whether a browser came to show a page, and not a program to ask something.
func wantsPage(r *http.Request) bool {
	return r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/api/") && strings.HasPrefix(r.Header.Get("Accept"), "text/html")
}

// checkSite holds the page a stranger's request comes from against the workspace that it names.
func (s *Server) checkSite(r *http.Request, workspace store.ID) error {
	origin := originOf(r)
	if origin == "" || strings.EqualFold(origin, s.own) || workspace == 0 {
		return nil
	}
	list, err := s.Origins(r.Context(), workspace)
	if err != nil {
		return err
	}
	if !s.Allowed(list, origin) {
		return fault.New(fault.Forbidden, "This site is not among the workspace's allowed origins.")
	}
	return nil
}
