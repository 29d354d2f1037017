package llm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"deskbell/app/outside"
)

// Kind classes what went wrong by what can be done about it.
type Kind string

// The kinds.
const (
	RateLimited Kind = "rate_limited" // try again after RetryAfter
	Overloaded  Kind = "overloaded"   // theirs; try again later
	Auth        Kind = "auth"         // the key is wrong, or its account has no credit
	Refused     Kind = "refused"      // the request is one they do not take: model, length, content
	Timeout     Kind = "timeout"      // too slow
	Unreachable Kind = "unreachable"  // no connection
	Broken      Kind = "broken"       // what came is not an answer
	TooLong     Kind = "too_long"     // more came than was allowed
	Forbidden   Kind = "forbidden"    // we do not go there
	Cancelled   Kind = "cancelled"    // the caller gave up
)

// Error is what went wrong with a model. Message is for the team, not for visitors: it may quote the provider.
type Error struct {
	Kind       Kind
	Status     int
	RetryAfter time.Duration
	Message    string
	cause      error
}

// Error is the kind and the message.
func (e *Error) Error() string { return fmt.Sprintf("model: %s: %s", e.Kind, e.Message) }

// Unwrap is the cause, for errors.Is.
func (e *Error) Unwrap() error { return e.cause }

// Temporary reports whether the same request may succeed later.
func (e *Error) Temporary() bool {
	switch e.Kind {
	case RateLimited, Overloaded, Timeout, Unreachable, Broken:
		return true
	}
	return false
}

// KindOf is the kind of an error of this package; empty for others.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// refused makes an error of a status that is not 200. code is the provider's own word for it, if it has one.
func refused(r *http.Response, message, code string) *Error {
	e := &Error{Status: r.StatusCode, RetryAfter: retryAfter(r.Header.Get("Retry-After")), Message: fmt.Sprintf("status %d: %s", r.StatusCode, message)}
	switch s := r.StatusCode; {
	case s == http.StatusTooManyRequests && code == "insufficient_quota": // OpenAI's word for an account without credit
		e.Kind = Auth
	case s == http.StatusTooManyRequests:
		e.Kind = RateLimited
		e.RetryAfter = or(e.RetryAfter, 10*time.Second)
	case s == http.StatusUnauthorized, s == http.StatusForbidden, s == http.StatusPaymentRequired:
		e.Kind = Auth
	case s == http.StatusRequestTimeout, s == http.StatusGatewayTimeout:
		e.Kind = Timeout
	case s >= 500:
		e.Kind = Overloaded
	case s >= 400:
		e.Kind = Refused
	case s >= 300:
		e.Kind, e.Message = Forbidden, fmt.Sprintf("status %d: redirects are not followed", s)
	default:
		e.Kind = Broken
	}
	return e
}

func retryAfter(s string) time.Duration {
	if n, err := strconv.Atoi(s); err == nil {
		return time.Duration(max(0, min(n, 3600))) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(0, min(time.Until(at), time.Hour))
	}
	return 0
}

// ended makes an error of a reason to end for which there is no answer: a filter held it back, or the model would not give it.
func ended(reason string) error {
	if reason == "content_filter" || reason == "refusal" {
		return &Error{Kind: Refused, Message: "the answer was held back: " + reason}
	}
	return nil
}

// classed makes an *Error of whatever came up from below.
func classed(ctx context.Context, err error) error {
	var ours *Error
	var network net.Error
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errSlow), errors.Is(cause, context.DeadlineExceeded):
		return &Error{Kind: Timeout, Message: errSlow.Error(), cause: cause}
	case errors.Is(cause, errIdle):
		return &Error{Kind: Timeout, Message: errIdle.Error(), cause: cause}
	case cause != nil:
		return &Error{Kind: Cancelled, Message: "the caller gave up", cause: cause}
	case err == nil:
		return nil
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, outside.ErrPrivate):
		return &Error{Kind: Forbidden, Message: outside.ErrPrivate.Error(), cause: err}
	case errors.As(err, &network) && network.Timeout():
		return &Error{Kind: Timeout, Message: err.Error(), cause: err}
	case errors.As(err, &network):
		return &Error{Kind: Unreachable, Message: err.Error(), cause: err}
	}
	return &Error{Kind: Broken, Message: err.Error(), cause: err}
}
