package store

import "fmt"

// flight is a group of writes behind its COMMIT: others can read it, but nobody has heard of it yet. While the disk makes
// it durable the writer is already at the next group.
type flight struct {
	jobs  []*job   // all of the group
	parts []part   // those that were committed; more than one where the group had to be taken apart
	log   *walFile // to be synced, or nil
}

// part is one commit.
type part struct {
	jobs    []*job
	changes []Change
}

// land waits until a group is durable, announces it and answers its callers, all in the order of the commits: whoever is
// answered may have read what the groups before wrote.
func (w *writer) land(f flight) {
	if f.log != nil {
		if err := syncData(f.log.fd); err != nil {
			w.db.fail(fmt.Errorf("%w: the log: %w", ErrBroken, err))
		}
	}
	w.answer(f)
}

// answer announces a group and tells its callers. Once the disk has failed nothing counts as kept that was not before.
func (w *writer) answer(f flight) {
	failure := w.db.Failure()
	for _, p := range f.parts {
		seq := w.db.Seq()
		if failure == nil && len(p.changes) > 0 {
			seq = w.db.publish(nil, p.changes)
		}
		for _, j := range p.jobs {
			if j.seq = seq; failure != nil && j.err == nil {
				j.err = failure
			}
		}
	}
	for _, j := range f.jobs {
		close(j.done)
	}
}
