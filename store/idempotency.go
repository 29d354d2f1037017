package store

import (
	"errors"
	"time"
)

// IdempotencyKeys remember the answers to requests that may come twice.
type IdempotencyKeys struct{ *session }

// IdempotencyKey is one request under a key: who asked what (Scope), and the hash of the body.
type IdempotencyKey struct {
	Scope, Key string
	Body       []byte
	Answer     []byte // nil while the first request runs
	CreatedAt  Time
}

func (k *IdempotencyKey) fields() []any {
	return []any{&k.Scope, &k.Key, &k.Body, &k.Answer, &k.CreatedAt}
}

const (
	kept  = 24 * time.Hour
	stuck = time.Minute // after which a request without an answer is taken to have died
)

// Reserve takes the key for a request, or gives the earlier one that has it.
func (i IdempotencyKeys) Reserve(k IdempotencyKey) (*IdempotencyKey, error) {
	now := i.Now()
	if _, err := exec(i.session, `DELETE FROM idempotency_keys WHERE scope = ? AND key = ? AND (created_at < ? OR answer IS NULL AND created_at < ?)`,
		k.Scope, k.Key, now.Add(-kept), now.Add(-stuck)); err != nil {
		return nil, err
	}
	earlier, err := one[IdempotencyKey](i.session, `SELECT scope, key, body_hash, answer, created_at FROM idempotency_keys WHERE scope = ? AND key = ?`, k.Scope, k.Key)
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
