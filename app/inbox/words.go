package inbox

import (
	"context"
	"errors"
	"strconv"
	"time"

	"deskbell/store"
)

const (
	fed   = "search_fed"
	meal  = 100 // messages of one write
	merge = 16  // pages that are merged behind it
)

// feed puts new messages into the full-text index, about a second behind: in the message's own transaction it would
// double the cost of sending. It writes little at a time, because each write holds up the messages behind it.
func (b *Inbox) feed(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for more := true; more && ctx.Err() == nil; {
			n, err := b.feedSome(ctx)
			more = err == nil && n == meal
		}
	}
}

// feedSome feeds the next messages, and says how many there were.
func (b *Inbox) feedSome(ctx context.Context) (int, error) {
	var last store.ID
	var news []store.FedMessage
	err := b.db.Read(ctx, 0, func(tx *store.Tx) error {
		mark, err := tx.Meta.Value(fed)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		n, _ := strconv.ParseInt(mark, 10, 64)
		last = store.ID(n)
		news, err = tx.Messages.Feed(last, meal)
		return err
	})
	if err != nil || len(news) == 0 {
		return 0, err
	}
	if _, err := b.db.Write(ctx, 0, func(tx *store.Tx) error {
		for _, m := range news {
			if m.Kind != "event" {
				if err := tx.Search.Index(m); err != nil {
					return err
				}
			}
		}
		return tx.Meta.Set(fed, strconv.FormatInt(int64(news[len(news)-1].ID), 10))
	}); err != nil {
		return 0, err
	}
	_, err = b.db.Write(ctx, 0, func(tx *store.Tx) error { return tx.Search.Merge(merge) })
	return len(news), err
}
