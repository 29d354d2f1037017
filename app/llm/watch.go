package llm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	mostWire = 4 << 20   // bytes of a response, with all that is around the text
	mostLine = 256 << 10 // bytes of one event
)

var errIdle = errors.New("nothing was heard for too long")

// run is what is known of one call below langchaingo, which loses statuses, headers, and some errors altogether.
type run struct {
	cancel          context.CancelCauseFunc
	dropTemperature bool
	patience        time.Duration // without a byte

	mu    sync.Mutex
	first error // the first thing that went wrong
	idle  *time.Timer
}

type runKey struct{}

func watch(ctx context.Context, dropTemperature bool, patience time.Duration) (context.Context, *run) {
	ctx, cancel := context.WithCancelCause(ctx)
	r := &run{cancel: cancel, dropTemperature: dropTemperature, patience: patience}
	r.idle = time.AfterFunc(patience, func() { cancel(errIdle) })
	return context.WithValue(ctx, runKey{}, r), r
}

func (r *run) stop() {
	r.idle.Stop()
	r.cancel(nil)
}

func (r *run) failed(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first == nil {
		r.first = err
	}
	return err
}

// verdict is the call's true outcome: an end by the context or on the wire counts, even where langchaingo saw none.
func (r *run) verdict(ctx context.Context, err error) error {
	r.mu.Lock()
	first := r.first
	r.mu.Unlock()
	if ctx.Err() != nil {
		return classed(ctx, err)
	}
	if first != nil {
		err = first
	}
	return classed(ctx, err)
}

// watched is a transport that turns away what is no answer before anybody parses it.
type watched struct {
	inner    http.RoundTripper
	provider Provider
}

func (w *watched) RoundTrip(q *http.Request) (*http.Response, error) {
	r, _ := q.Context().Value(runKey{}).(*run)
	if r == nil {
		return nil, errors.New("llm: a request outside of a run")
	}
	q, err := r.trimmed(q)
	if err != nil {
		return nil, r.failed(err)
	}
	a, err := w.inner.RoundTrip(q)
	if err != nil {
		return nil, r.failed(err)
	}
	r.idle.Reset(r.patience)
	if a.StatusCode != http.StatusOK {
		defer a.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(a.Body, 16<<10))
		return nil, r.failed(refused(a, complaint(body), codeOf(body)))
	}
	switch {
	case q.Method == http.MethodPost && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html"):
		a.Body.Close()
		return nil, r.failed(&Error{Kind: Broken, Message: "the response is a web page"})
	case q.Method == http.MethodPost && strings.HasSuffix(q.URL.Path, "/api/chat"):
		a.Body = &lines{inner: a.Body, in: bufio.NewReaderSize(a.Body, 8<<10), run: r, event: ndjson, done: ndjsonDone}
	case q.Method == http.MethodPost:
		a.Body = newEvents(a.Body, r, w.provider == Anthropic)
	default:
		defer a.Body.Close()
		body, err := io.ReadAll(io.LimitReader(a.Body, mostWire+1))
		if err == nil && len(body) > mostWire {
			err = &Error{Kind: TooLong, Message: "the response is too large"}
		}
		if err != nil {
			return nil, r.failed(err)
		}
		a.Body = io.NopCloser(bytes.NewReader(body))
	}
	return a, nil
}

// trimmed takes out the temperature that langchaingo always sends, where nobody asked for one: some models refuse it.
func (r *run) trimmed(q *http.Request) (*http.Request, error) {
	if !r.dropTemperature || q.Body == nil {
		return q, nil
	}
	raw, err := io.ReadAll(q.Body)
	q.Body.Close()
	if err != nil {
		return nil, err
	}
	var body map[string]json.RawMessage
	if json.Unmarshal(raw, &body) == nil {
		delete(body, "temperature")
		if options, ok := body["options"]; ok { // Ollama's
			var inner map[string]json.RawMessage
			if json.Unmarshal(options, &inner) == nil && inner != nil {
				delete(inner, "temperature")
				body["options"], _ = json.Marshal(inner)
			}
		}
		if raw, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	q = q.Clone(q.Context())
	q.Body = io.NopCloser(bytes.NewReader(raw))
	q.ContentLength = int64(len(raw))
	q.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }
	return q, nil
}

// complaint is the sentence in an error's body.
func complaint(body []byte) string {
	var e struct {
		Error   json.RawMessage
		Message string
	}
	var inner struct{ Message string }
	var text string
	if json.Unmarshal(body, &e) == nil {
		switch {
		case json.Unmarshal(e.Error, &inner) == nil && inner.Message != "":
			text = inner.Message
		case json.Unmarshal(e.Error, &text) == nil && text != "":
		default:
			text = e.Message
		}
	}
	if text == "" {
		text = string(body)
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	return text[:min(len(text), 200)]
}

// codeOf is the word for an error in its body, as OpenAI and those who follow it write it.
func codeOf(body []byte) string {
	var e struct{ Error struct{ Code, Type string } }
	if json.Unmarshal(body, &e) != nil {
		return ""
	}
	return or(e.Error.Code, e.Error.Type)
}

// lines lets a stream through event by event: whole lines of sound JSON, until the one that ends it. A stream that
// breaks off, or never ends, is an error to whoever reads it.
type lines struct {
	inner io.ReadCloser
	in    *bufio.Reader
	run   *run
	event func(line []byte) (data []byte)       // the JSON of a line; nil: there is none
	done  func(data []byte) (end bool, _ error) // whether it is the last
	out   []byte
	total int
	ended bool
	err   error
}

func (l *lines) Read(p []byte) (int, error) {
	for len(l.out) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		l.next()
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}

func (l *lines) Close() error { return l.inner.Close() }

func (l *lines) next() {
	line, err := l.line()
	l.run.idle.Reset(l.run.patience)
	switch {
	case err == io.EOF && len(line) == 0 && l.ended:
		l.err = io.EOF
		return
	case err != nil && !(err == io.EOF && len(line) > 0):
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			err = &Error{Kind: Broken, Message: "the answer broke off"}
		}
		l.err = l.run.failed(err)
		return
	}
	if data := l.event(line); data != nil {
		end, err := l.done(data)
		if err != nil {
			l.err = l.run.failed(err)
			return
		}
		l.ended = l.ended || end
	}
	l.out = append(line, '\n')
}

func (l *lines) line() ([]byte, error) {
	var line []byte
	for {
		part, err := l.in.ReadSlice('\n')
		line = append(line, part...)
		if l.total += len(part); l.total > mostWire || len(line) > mostLine {
			return nil, &Error{Kind: TooLong, Message: "the stream is too large"}
		}
		if err != bufio.ErrBufferFull {
			return bytes.TrimRight(line, "\r\n"), err
		}
	}
}

func newEvents(body io.ReadCloser, r *run, anthropic bool) io.ReadCloser {
	done := openAIDone
	if anthropic {
		done = anthropicDone
	}
	return &lines{inner: body, in: bufio.NewReaderSize(body, 8<<10), run: r, event: sse, done: done}
}

func sse(line []byte) []byte {
	data, ok := bytes.CutPrefix(line, []byte("data:"))
	if !ok {
		return nil
	}
	return bytes.TrimSpace(data)
}

func ndjson(line []byte) []byte {
	if len(line) == 0 {
		return nil
	}
	return line
}

func notJSON(data []byte) error {
	return &Error{Kind: Broken, Message: fmt.Sprintf("an event is not what it should be: %.60q", data)}
}

func openAIDone(data []byte) (bool, error) {
	if string(data) == "[DONE]" {
		return true, nil
	}
	var e struct {
		Choices []struct {
			FinishReason *string `json:"finish_reason"`
		} `json:"choices"`
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(data, &e) != nil {
		return false, notJSON(data)
	}
	if len(e.Error) > 0 && string(e.Error) != "null" {
		return false, &Error{Kind: Overloaded, Message: complaint(data)}
	}
	if len(e.Choices) == 0 || e.Choices[0].FinishReason == nil {
		return false, nil
	}
	reason := *e.Choices[0].FinishReason
	return reason != "", ended(reason)
}

// anthropicDone also refuses what makes langchaingo panic in a goroutine of its own: an index below 0.
func anthropicDone(data []byte) (bool, error) {
	var e struct {
		Type  string `json:"type"`
		Index *int   `json:"index"`
		Delta struct {
			StopReason string `json:"stop_reason"`
		} `json:"delta"`
		Error struct{ Type string }
	}
	if json.Unmarshal(data, &e) != nil || e.Index != nil && (*e.Index < 0 || *e.Index > 1000) {
		return false, notJSON(data)
	}
	if e.Type != "error" {
		return e.Type == "message_stop", ended(e.Delta.StopReason)
	}
	failed := &Error{Kind: Overloaded, Message: complaint(data)}
	switch e.Error.Type {
	case "rate_limit_error":
		failed.Kind, failed.RetryAfter = RateLimited, 10*time.Second
	case "authentication_error", "permission_error", "billing_error":
		failed.Kind = Auth
	case "invalid_request_error", "request_too_large", "not_found_error":
		failed.Kind = Refused
	case "timeout_error":
		failed.Kind = Timeout
	}
	return false, failed
}

func ndjsonDone(data []byte) (bool, error) {
	var e struct {
		Done  bool
		Error string
	}
	if json.Unmarshal(data, &e) != nil {
		return false, notJSON(data)
	}
	if e.Error != "" {
		return false, &Error{Kind: Overloaded, Message: complaint(data)}
	}
	return e.Done, nil
}
