package store

// Counters are the numbers beside the inbox's views. They are kept in the write that moves a conversation.
type Counters struct{ *session }

// buckets are the views that a conversation counts in.
func buckets(c *Conversation) []string {
	if c == nil {
		return nil
	}
	b := []string{string(c.Status)}
	if c.Status == StatusOpen {
		if c.Assignee == 0 {
			b = append(b, "unassigned")
		} else {
			b = append(b, "assignee:"+c.Assignee.String())
		}
	}
	if c.AIState != "none" {
		b = append(b, "ai:"+c.AIState)
	}
	return b
}

func (c Counters) moved(before, after *Conversation) error {
	if before != nil && before.Status == after.Status && before.Assignee == after.Assignee && before.AIState == after.AIState {
		return nil
	}
	was, is := buckets(before), buckets(after)
	for _, b := range is {
		if !contains(was, b) {
			if err := c.Add(b, 1); err != nil {
				return err
			}
		}
	}
	for _, b := range was {
		if !contains(is, b) {
			if err := c.Add(b, -1); err != nil {
				return err
			}
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// Add changes a counter.
func (c Counters) Add(bucket string, n int) error {
	_, err := exec(c.session, `INSERT INTO inbox_counters (workspace_id, bucket, n) VALUES (?, ?, ?)
		ON CONFLICT (workspace_id, bucket) DO UPDATE SET n = n + excluded.n`, c.ws(), bucket, n)
	return err
}

// Count is one counter.
type Count struct {
	Bucket string
	N      int
}

func (c *Count) fields() []any { return []any{&c.Bucket, &c.N} }

// All are the workspace's counters.
func (c Counters) All() (map[string]int, error) {
	c.saw("inbox_counters", "workspace_id", c.ws())
	list, err := many[Count](c.session, `SELECT bucket, n FROM inbox_counters WHERE workspace_id = ?`, c.ws())
	out := make(map[string]int, len(list))
	for _, v := range list {
		out[v.Bucket] = v.N
	}
	return out, err
}
