package store

import (
	"context"
	"errors"
	"time"
)

// IdempotencyKeys remember the answers to requests that may come twice.
type IdempotencyKeys struct{ *session }

// IdempotencyKey is one request under a key: who asked what (Scope), and the hash of the body.
type IdempotencyKey struct {
	Scope, Key string
	Body       []byte
	Status     int64  // 200 once something that the request wrote is kept
	Answer     []byte // nil until there is one
	CreatedAt  Time
}

func (k *IdempotencyKey) fields() []any {
	return []any{&k.Scope, &k.Key, &k.Body, &k.Status, &k.Answer, &k.CreatedAt}
}

const kept = 24 * time.Hour

type keyedKey struct{}

// Keyed has each transaction that is written with the context returned say of the request under this key that it was
// carried out: after a crash one knows whether it was, though its answer is lost.
func Keyed(ctx context.Context, k IdempotencyKey) context.Context {
	return context.WithValue(ctx, keyedKey{}, k)
}

// keyed is fn, and what Keyed promises of it.
func keyed(ctx context.Context, fn func(*Tx) error) func(*Tx) error {
	k, ok := ctx.Value(keyedKey{}).(IdempotencyKey)
	if !ok {
		return fn
	}
	return func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		_, err := exec(tx.session, `UPDATE idempotency_keys SET status = 200 WHERE scope = ? AND key = ?`, k.Scope, k.Key)
		return err
	}
}

// Reserve takes the key for a request, or gives the earlier one that has it. One that has written nothing has it no longer:
// whoever asks knows that it does not run.
func (i IdempotencyKeys) Reserve(k IdempotencyKey) (*IdempotencyKey, error) {
	now := i.Now()
	if _, err := exec(i.session, `DELETE FROM idempotency_keys WHERE scope = ? AND key = ? AND (created_at < ? OR status = 0)`,
		k.Scope, k.Key, now.Add(-kept)); err != nil {
		return nil, err
	}
	earlier, err := one[IdempotencyKey](i.session, `SELECT scope, key, body_hash, status, answer, created_at FROM idempotency_keys WHERE scope = ? AND key = ?`, k.Scope, k.Key)
	if !errors.Is(err, ErrNotFound) {
		return earlier, err
	}
	_, err = exec(i.session, `INSERT INTO idempotency_keys (scope, key, body_hash, created_at) VALUES (?, ?, ?, ?)`, k.Scope, k.Key, k.Body, now)
	return nil, err
}

// Answered keeps the answer of the request.
func (i IdempotencyKeys) Answered(k IdempotencyKey, answer []byte) error {
	return must(i.session, `UPDATE idempotency_keys SET answer = ?, status = 200 WHERE scope = ? AND key = ?`, answer, k.Scope, k.Key)
}

// Forget lets go of a key whose request failed and changed nothing.
func (i IdempotencyKeys) Forget(k IdempotencyKey) error {
	_, err := exec(i.session, `DELETE FROM idempotency_keys WHERE scope = ? AND key = ?`, k.Scope, k.Key)
	return err
}

// Purge forgets keys older than a day.
func (i IdempotencyKeys) Purge() error {
	_, err := exec(i.session, `DELETE FROM idempotency_keys WHERE created_at < ?`, i.Now().Add(-kept))
	return err
}
