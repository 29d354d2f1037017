package store

import "slices"

// Failure is how often somebody failed to prove who they are, under some key.
type Failure struct {
	Key  string
	N    int
	Last Time
}

func (f *Failure) fields() []any { return []any{&f.Key, &f.N, &f.Last} }

// Failures are the failed attempts that a restart must not forget.
type Failures struct{ *session }

// Since lists those whose last attempt was after a time, the oldest first; of very many the newest.
func (f Failures) Since(t Time, most int) ([]Failure, error) {
	list, err := many[Failure](f.session, `SELECT key, n, last_at FROM sign_in_failures WHERE last_at > ? ORDER BY last_at DESC LIMIT ?`, t, most)
	slices.Reverse(list)
	return list, err
}

// Keep notes how many there were; none forgets the key.
func (f Failures) Keep(v Failure) error {
	if v.N == 0 {
		_, err := exec(f.session, `DELETE FROM sign_in_failures WHERE key = ?`, v.Key)
		return err
	}
	_, err := exec(f.session, `INSERT INTO sign_in_failures (key, n, last_at) VALUES (?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET n = excluded.n, last_at = excluded.last_at`, v.Key, v.N, v.Last)
	return err
}

// Purge forgets those whose last attempt was before a time.
func (f Failures) Purge(before Time) error {
	_, err := exec(f.session, `DELETE FROM sign_in_failures WHERE last_at < ?`, before)
	return err
}
