// Package fault says what kind of thing went wrong, so that each door can answer in its own way.
//
// A fault carries one whole sentence that a person may read. Every other error is Internal: it is logged
// and shown as "Something went wrong."
package fault

import (
	"errors"
	"fmt"
	"time"

	"deskbell/store"
)

// Kind classes an error by what the caller can do about it. Its text is the `code` of a problem document (RFC 9457).
type Kind string

// The kinds, in the words of the wire.
const (
	Invalid         Kind = "invalid"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not_found"
	Conflict        Kind = "conflict"
	TooLarge        Kind = "too_large"
	RateLimited     Kind = "rate_limited"
	StorageFull     Kind = "storage_full"
	Unavailable     Kind = "unavailable"
	Internal        Kind = "internal"
)

var statuses = map[Kind]int{
	Invalid: 422, Unauthenticated: 401, Forbidden: 403, NotFound: 404, Conflict: 409, TooLarge: 413,
	RateLimited: 429, StorageFull: 507, Unavailable: 503, Internal: 500,
}

// Status is the HTTP status of a kind.
func (k Kind) Status() int {
	if s, ok := statuses[k]; ok {
		return s
	}
	return 500
}

// Field is one complaint about one field of the input. The message never repeats the offending value.
type Field struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is a fault: a kind, a sentence, and where it applies the fields at fault.
type Error struct {
	Kind       Kind
	Message    string
	Fields     []Field
	RetryAfter time.Duration  // for RateLimited and Unavailable
	Extra      map[string]any // further members of the problem document, such as what was missed
	cause      error
}

// Error is the sentence.
func (e *Error) Error() string { return e.Message }

// Unwrap is what was given to Because.
func (e *Error) Unwrap() error { return e.cause }

// New makes a fault of a kind with a sentence for a person.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// On names the field that the sentence is about.
func (e *Error) On(field string) *Error {
	e.Fields = append(e.Fields, Field{Field: field, Message: e.Message})
	return e
}

// Because keeps the cause for errors.Is and the log; it is never shown.
func (e *Error) Because(err error) *Error {
	e.cause = err
	return e
}

// After says how long to wait before the next try.
func (e *Error) After(d time.Duration) *Error {
	e.RetryAfter = d
	return e
}

// With adds a member to the problem document.
func (e *Error) With(key string, value any) *Error {
	if e.Extra == nil {
		e.Extra = map[string]any{}
	}
	e.Extra[key] = value
	return e
}

// Of turns any error into a fault: what nobody classed is Internal and says nothing of itself.
func Of(err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, store.ErrNotFound):
		return New(NotFound, "There is no such thing here.").Because(err)
	case errors.Is(err, store.ErrConflict):
		return New(Conflict, "This exists already.").Because(err)
	case errors.Is(err, store.ErrFull):
		return New(StorageFull, "The server's disk is full; nothing was saved.").Because(err)
	case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrBroken):
		return New(Unavailable, "The server is busy. Try again in a moment.").After(time.Second).Because(err)
	}
	return New(Internal, "Something went wrong.").Because(err)
}

// Is reports whether err is a fault of this kind.
func Is(err error, kind Kind) bool { return err != nil && Of(err).Kind == kind }
