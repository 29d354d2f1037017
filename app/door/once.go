package door

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

type browserKey struct{}

// Browser is where verbs leave what whoever called is to keep: over HTTP it becomes cookies.
type Browser struct {
	Session func(token string, life time.Duration)
	Device  func(note string)
}

// WithBrowser lets verbs hand things to whoever called. Callers that keep none lose nothing.
func WithBrowser(ctx context.Context, b Browser) context.Context {
	return context.WithValue(ctx, browserKey{}, b)
}

// SetSession hands the caller a sign-in; an empty token ends it.
func SetSession(ctx context.Context, token string, life time.Duration) {
	if b, ok := ctx.Value(browserKey{}).(Browser); ok {
		b.Session(token, life)
	}
}

// SetDevice hands the caller a note by which it is known again.
func SetDevice(ctx context.Context, note string) {
	if b, ok := ctx.Value(browserKey{}).(Browser); ok {
		b.Device(note)
	}
}

// Once passes a call through its door and encodes the answer. With a key, the same call within 24 hours is answered
// as the first time, and another call under the same key is a conflict. So is the same call where the first one changed
// something and its answer was lost, as in a crash: it is not done twice.
func (d *Doors) Once(ctx context.Context, who actor.Actor, c Call, key string, body []byte) ([]byte, error) {
	if key == "" || !c.entry.Idempotent || who.Kind == actor.Anonymous { // strangers are many, and would share their keys
		return d.answer(ctx, who, c)
	}
	if len(key) > 200 {
		return nil, fault.New(fault.Invalid, "An Idempotency-Key has at most 200 characters.")
	}
	hash := sha256.Sum256(body)
	k := store.IdempotencyKey{Scope: c.entry.Name + " " + who.Personal(), Key: key, Body: hash[:]}
	if _, runs := d.running.LoadOrStore(k.Scope+"\x00"+key, true); runs {
		return nil, fault.New(fault.Conflict, "A request with this Idempotency-Key is still running.").After(time.Second)
	}
	defer d.running.Delete(k.Scope + "\x00" + key)
	earlier, err := d.reserve(ctx, k)
	if err != nil || earlier != nil {
		return earlier, err
	}
	out, err := d.answer(store.Keyed(ctx, k), who, c)
	if err != nil && fault.Is(err, fault.Internal) {
		return nil, err // it may have changed something first, as when its caller went away: the key says whether it did
	}
	_, write := d.db.Write(store.Vital(context.WithoutCancel(ctx)), 0, func(tx *store.Tx) error {
		if err != nil {
			return tx.IdempotencyKeys.Forget(k)
		}
		return tx.IdempotencyKeys.Answered(k, out)
	})
	return out, errors.Join(err, write)
}

// reserve takes the key for a call that does not run, or gives the answer of the earlier one.
func (d *Doors) reserve(ctx context.Context, k store.IdempotencyKey) (answer []byte, err error) {
	_, err = d.db.Write(ctx, 0, func(tx *store.Tx) error {
		earlier, err := tx.IdempotencyKeys.Reserve(k)
		switch {
		case err != nil:
			return err
		case earlier == nil:
			answer = nil
		case string(earlier.Body) != string(k.Body):
			return fault.New(fault.Conflict, "This Idempotency-Key was used for another request.")
		case earlier.Answer == nil:
			return fault.New(fault.Conflict, "The request with this Idempotency-Key was carried out, but its answer was lost. See what is there before you send it again.")
		default:
			answer = earlier.Answer
		}
		return nil
	})
	return answer, err
}

func (d *Doors) answer(ctx context.Context, who actor.Actor, c Call) (json.RawMessage, error) {
	out, err := d.Do(ctx, who, c)
	if err != nil {
		return nil, err
	}
	return Encode(out)
}
