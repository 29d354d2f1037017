package store

import (
	"context"
	"errors"
	"fmt"
)

// Check holds the file against SQLite's checks and against itself: what stands denormalised on conversations and in
// counters must agree with the rows it was made of. It is slow, and meant for tests and for doubt.
func (db *DB) Check(ctx context.Context) error {
	return db.Slowly(ctx, 0, func(tx *Tx) error {
		err := verify(ctx, tx.conn)
		for what, query := range map[string]string{
			"conversations whose count is wrong": `SELECT count(*) FROM conversations c WHERE c.message_count <>
				(SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.kind <> 'event')`,
			"conversations whose last message is wrong": `SELECT count(*) FROM conversations c WHERE c.last_message_id <>
				coalesce((SELECT max(m.id) FROM messages m WHERE m.conversation_id = c.id AND m.kind <> 'event'), 0)`,
			"workspaces whose open counter is wrong": `SELECT count(*) FROM workspaces w WHERE
				coalesce((SELECT n FROM inbox_counters i WHERE i.workspace_id = w.id AND i.bucket = 'open'), 0) <>
				(SELECT count(*) FROM conversations c WHERE c.workspace_id = w.id AND c.status = 'open')`,
			"workspaces whose unassigned counter is wrong": `SELECT count(*) FROM workspaces w WHERE
				coalesce((SELECT n FROM inbox_counters i WHERE i.workspace_id = w.id AND i.bucket = 'unassigned'), 0) <>
				(SELECT count(*) FROM conversations c WHERE c.workspace_id = w.id AND c.status = 'open' AND c.assignee_id IS NULL)`,
			"messages that were kept twice": `SELECT count(*) FROM (SELECT 1 FROM messages WHERE client_id IS NOT NULL GROUP BY conversation_id, sender_id, client_id HAVING count(*) > 1)`,
		} {
			var n int
			if bad := pick(tx.session, []any{&n}, query); bad != nil {
				err = errors.Join(err, bad)
			} else if n > 0 {
				err = errors.Join(err, fmt.Errorf("%d %s", n, what))
			}
		}
		return err
	})
}
