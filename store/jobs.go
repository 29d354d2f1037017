package store

import "encoding/json"

// Jobs are the durable queue: what has to happen at least once after a commit.
type Jobs struct{ *session }

// Job is one thing to do.
type Job struct {
	ID          ID
	Workspace   ID
	Kind        string
	Key         string // at most one job of a kind has this key; empty: no such bound
	Payload     json.RawMessage
	State       string // ready, running, or parked: failed too often, a person has to look. A job that is done is gone
	RunAt       Time
	Attempts    int
	MaxAttempts int
	LastError   string
}

const jobColumns = `id, workspace_id, kind, coalesce(unique_key, ''), payload, state, run_at, attempts, max_attempts, last_error`

func (j *Job) fields() []any {
	return []any{&j.ID, &j.Workspace, &j.Kind, &j.Key, &j.Payload, &j.State, &j.RunAt, &j.Attempts, &j.MaxAttempts, &j.LastError}
}

// Add enqueues a job. Where its key is taken already the one that is there will do, at the earlier of both times: a clock that
// was ahead must not keep it waiting.
func (j Jobs) Add(job Job) error {
	if job.MaxAttempts == 0 {
		job.MaxAttempts = 8
	}
	if job.Payload == nil {
		job.Payload = json.RawMessage("{}")
	}
	var key any
	if job.Key != "" {
		key = job.Key
	}
	_, err := exec(j.session, `INSERT INTO jobs (kind, id, workspace_id, unique_key, payload, run_at, max_attempts, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL
		DO UPDATE SET run_at = excluded.run_at WHERE state = 'ready' AND run_at > excluded.run_at`,
		job.Kind, j.NewID(), j.Workspace, key, job.Payload, job.RunAt, job.MaxAttempts, j.Now(), j.Now())
	return err
}

// Lane is a part of the queue: jobs of some kinds, or of all others.
type Lane struct {
	Kinds  []string
	Others bool
}

func (l Lane) kinds() string {
	b, _ := json.Marshal(append([]string{}, l.Kinds...))
	return string(b)
}

// Claim takes up to n due jobs of a lane, oldest first, and marks them running.
func (j Jobs) Claim(l Lane, n int) ([]Job, error) {
	return many[Job](j.session, `UPDATE jobs SET state = 'running', attempts = attempts + 1, updated_at = ?
		WHERE id IN (SELECT id FROM jobs INDEXED BY jobs_due WHERE state = 'ready' AND run_at <= ?
			AND (kind IN (SELECT value FROM json_each(?))) <> ? ORDER BY run_at, id LIMIT ?)
		RETURNING `+jobColumns, j.Now(), j.Now(), l.kinds(), l.Others, n)
}

// Due is when the next job of a lane is due; 0 when none is waiting.
func (j Jobs) Due(l Lane) (Time, error) {
	var at Time
	err := pick(j.session, []any{&at}, `SELECT coalesce((SELECT run_at FROM jobs INDEXED BY jobs_due WHERE state = 'ready'
		AND (kind IN (SELECT value FROM json_each(?))) <> ? ORDER BY run_at, id LIMIT 1), 0)`, l.kinds(), l.Others)
	return at, err
}

// Done removes a finished job.
func (j Jobs) Done(id ID) error {
	_, err := exec(j.session, `DELETE FROM jobs WHERE id = ?`, id)
	return err
}

// Retry puts a failed job back until a time.
func (j Jobs) Retry(id ID, at Time, why string) error {
	_, err := exec(j.session, `UPDATE jobs SET state = 'ready', run_at = ?, last_error = ?, updated_at = ? WHERE id = ?`, at, why, j.Now(), id)
	return err
}

// Postpone is Retry for a job that could not be done for a reason outside it: the attempt does not count.
func (j Jobs) Postpone(id ID, at Time, why string) error {
	_, err := exec(j.session, `UPDATE jobs SET state = 'ready', run_at = ?, attempts = attempts - 1, last_error = ?, updated_at = ? WHERE id = ?`, at, why, j.Now(), id)
	return err
}

// Park sets a job aside that failed too often. It gives up its key, so that the next one of its kind can run.
func (j Jobs) Park(id ID, why string) error {
	_, err := exec(j.session, `UPDATE jobs SET state = 'parked', unique_key = NULL, last_error = ?, updated_at = ? WHERE id = ?`, why, j.Now(), id)
	return err
}

// Revive makes the jobs ready again that were running when the process died. One that was running each time it died, as
// often as it may be tried, is set aside: it may be what the process dies of.
func (j Jobs) Revive() error {
	_, err := exec(j.session, `UPDATE jobs SET state = 'parked', unique_key = NULL, last_error = 'the process ended while it ran', updated_at = ?
		WHERE state = 'running' AND attempts >= max_attempts`, j.Now())
	if err == nil {
		_, err = exec(j.session, `UPDATE jobs SET state = 'ready', updated_at = ? WHERE state = 'running'`, j.Now())
	}
	return err
}

// JobCounts are how many jobs stand where, and how old the oldest due one is.
type JobCounts struct {
	Ready, Running, Parked int
	Oldest                 Time // when the oldest ready job was due; 0: none
}

// Counts counts the queue.
func (j Jobs) Counts() (c JobCounts, err error) {
	err = pick(j.session, []any{&c.Ready, &c.Running, &c.Parked, &c.Oldest}, `SELECT
		(SELECT count(*) FROM jobs WHERE state = 'ready'), (SELECT count(*) FROM jobs WHERE state = 'running'),
		(SELECT count(*) FROM jobs WHERE state = 'parked'),
		coalesce((SELECT run_at FROM jobs INDEXED BY jobs_due WHERE state = 'ready' ORDER BY run_at, id LIMIT 1), 0)`)
	return c, err
}
