package web

import (
	"encoding/json"
	"errors"
	"io"
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
	if err = s.kept(who, e); err == nil {
		err = s.words(who, r, e.BodyLimit)
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

func (s *Server) call(w http.ResponseWriter, r *http.Request, e *door.Entry, who actor.Actor, body []byte) {
	call, err := s.Doors.Read(e, body)
	if err == nil && e.Need.Public() {
		err = s.site(r, call.Workspace())
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
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(out)
}

func (s *Server) body(w http.ResponseWriter, r *http.Request, e *door.Entry) ([]byte, error) {
	if r.Method == http.MethodGet && e.GET {
		return fromQuery(r.URL.Query())
	}
	if r.Method != http.MethodPost {
		return nil, fault.New(fault.Invalid, "Use POST.")
	}
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
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
var errMedia = fault.New(fault.Invalid, "Send application/json.")

// throttle bounds what one caller may ask for: by address for strangers, by session for the rest. What is dear, or makes
// something for anybody, counts by address whoever asks.
func (s *Server) throttle(who actor.Actor, cost int, byAddress bool) error {
	key, every, burst := "ip "+actor.Network(who.IP), 20*time.Millisecond, 400
	switch {
	case byAddress:
		key = "public " + actor.Network(who.IP)
		every, burst = 100*time.Millisecond, 12000
	case who.IsStaff():
		key, every, burst = "staff "+who.Session.String(), 10*time.Millisecond, 1000
	case who.IsVisitor():
		key, every, burst = "visitor "+who.Session.String(), 100*time.Millisecond, 120
	}
	return s.spend(key, cost, every, burst)
}

// opening bounds how often one session opens views on its sockets, however many it has.
func (s *Server) opening(who actor.Actor) error {
	if who.IsVisitor() {
		return s.spend("views of visitor "+who.Session.String(), 1, 50*time.Millisecond, 400)
	}
	return s.spend("views of staff "+who.Session.String(), 1, 10*time.Millisecond, 2000)
}

// bounded bounds how often one address asks for plain pages of whatever kind, before anything is read.
func (s *Server) bounded(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := s.spend("pages "+actor.Network(s.IP(r)), 1, 10*time.Millisecond, 1000)
		done := func() {}
		if err == nil {
			done, err = s.hold(s.IP(r), piece)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		defer done()
		h(w, r)
	}
}

// pace is what a connection must carry of a large file at the least, in bytes a second.
const pace = 64 << 10

// Reading gives who sends a file of n bytes the time that it takes, besides what every request has.
func Reading(w http.ResponseWriter, n int64) {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(toRead + time.Duration(n/pace)*time.Second))
}

// Writing gives who is sent a file of n bytes the time that it takes, besides what every request has.
func Writing(w http.ResponseWriter, n int64) {
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(toWrite + time.Duration(n/pace)*time.Second))
}

const (
	piece = 320 << 10 // what a plain page holds of what it sends, or of what it is sent
	small = 16 << 10  // an answer that the system takes at once
)

// hold counts what is held for somebody who reads slowly.
func (s *Server) hold(ip string, n int64) (done func(), err error) {
	done, ok := s.leaving.Take(actor.Network(ip), n)
	if !ok {
		return nil, fault.New(fault.RateLimited, "Too much is on its way to you already. Try again in a moment.").After(5 * time.Second)
	}
	return done, nil
}

func (s *Server) spend(key string, cost int, every time.Duration, burst int) error {
	if d := s.limits.wait(s.DB.Now().Std(), key, cost, every, burst); d > 0 {
		return fault.New(fault.RateLimited, "Too many requests. Try again in a moment.").After(d)
	}
	return nil
}

const unsaid = 25 << 20 // what a body counts that does not say how large it is

// bytes bounds how much strangers write from one place: megabytes by the day, two thousand at once. Who fills the disk
// stops everybody, and may be as many visitors as they like.
func (s *Server) bytes(who actor.Actor, n int64) error {
	if who.IsStaff() || n >= 0 && n < 1<<20 {
		return nil
	}
	if n < 0 {
		n = unsaid
	}
	return s.spend("megabytes "+actor.Network(who.IP), int(min(n>>20, 2000)), 43*time.Second, 2000)
}

// words does so for what is sent to doors, of which there may be many: kilobytes, ten in a second, twenty thousand at
// once. It counts what is announced, before any of it is read and held. What is shorter counts as a request alone.
func (s *Server) words(who actor.Actor, r *http.Request, most int64) error {
	n := r.ContentLength
	if n < 0 || n > most {
		n = most
	}
	if who.IsStaff() || n < 1<<10 {
		return nil
	}
	return s.spend("kilobytes "+actor.Network(who.IP), int(n>>10), 100*time.Millisecond, 20000)
}

// kept bounds how many messages visitors leave from one place, as many visitors as they say they are: a whole office may
// write at once, but nobody goes on like that all day.
func (s *Server) kept(who actor.Actor, e *door.Entry) error {
	if !e.Keeps || !who.IsVisitor() {
		return nil
	}
	return s.spend("messages "+actor.Network(who.IP), 1, 200*time.Millisecond, 12000)
}

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
			err = s.bytes(who, r.ContentLength)
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
	if s.Sorry != nil && visits(r) {
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

// visits says whether a browser came to show a page, and not a program to ask something.
func visits(r *http.Request) bool {
	return r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/api/") && strings.HasPrefix(r.Header.Get("Accept"), "text/html")
}

// site holds the page a stranger's request comes from against the workspace that it names.
func (s *Server) site(r *http.Request, workspace store.ID) error {
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
