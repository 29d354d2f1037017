package inbox

import (
	"context"
	"errors"
	"strconv"
	"time"

	"deskbell/store"
)

const (
	indexedUpTo = "search_fed"
	batch       = 250 // messages of one write: fewer are more pieces to merge, more hold up the messages behind them longer
	mergePages  = 16  // that one merge writes
	mostOwed    = 100 // merges that may be owed, each with less than 16 more pieces to look into for whoever searches
	busyRate    = 500 // messages a second that put merges off
)

// feed puts new messages into the full-text index, about a second behind: in the message's own transaction it would
// double the cost of sending. It writes little at a time, because each write holds up the messages behind it. What it wrote
// in pieces is merged when there is time: where very much is written, a while later.
func (b *Inbox) feed(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	owed := 0 // merges
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		came := 0
		for more := true; more && ctx.Err() == nil; {
			n, err := b.feedSome(ctx)
			if n > 0 {
				owed += max(1, n*2/batch) // about a third more than is needed in the long run
			}
			came += n
			more = err == nil && n == batch
			for ; owed > mostOwed && err == nil && ctx.Err() == nil; owed-- {
				err = b.mergeWords(ctx)
			}
		}
		for ; owed > 0 && came < busyRate && ctx.Err() == nil; owed-- {
			if b.mergeWords(ctx) != nil {
				break
			}
		}
	}
}

func (b *Inbox) mergeWords(ctx context.Context) error {
	_, err := b.db.Write(ctx, 0, func(tx *store.Tx) error { return tx.Search.Merge(mergePages) })
	return err
}

// feedSome feeds the next messages, and says how many there were.
func (b *Inbox) feedSome(ctx context.Context) (int, error) {
	var last store.ID
	var news []store.FedMessage
	err := b.db.Read(ctx, 0, func(tx *store.Tx) error {
		mark, err := tx.Meta.Value(indexedUpTo)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		n, _ := strconv.ParseInt(mark, 10, 64)
		last = store.ID(n)
		news, err = tx.Messages.Feed(last, batch)
		return err
	})
	if err != nil || len(news) == 0 {
		return 0, err
	}
	_, err = b.db.Write(ctx, 0, func(tx *store.Tx) error {
		if err := tx.Search.Index(news); err != nil {
			return err
		}
		return tx.Meta.Set(indexedUpTo, strconv.FormatInt(int64(news[len(news)-1].ID), 10))
	})
	if err != nil {
		return 0, err
	}
	return len(news), nil
}
