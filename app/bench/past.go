package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"deskbell/store"
)

// fillPast gives a workspace conversations of the past, and waits until the search knows them.
func fillPast(ctx context.Context, db *store.DB, workspace store.ID, conversations int) error {
	const lot = 50
	for done := 0; done < conversations; done += lot {
		_, err := db.Write(ctx, workspace, func(tx *store.Tx) error {
			v := &store.Visitor{FirstSeenAt: tx.Now(), LastSeenAt: tx.Now()}
			if err := tx.Visitors.Add(v, fmt.Appendf(nil, "past %d", done), func(id store.ID) string { return id.String() }); err != nil {
				return err
			}
			for i := range min(lot, conversations-done) {
				if err := talk(tx, v.ID, i, said); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for ctx.Err() == nil {
		behind := 0
		err := db.Read(ctx, 0, func(tx *store.Tx) error {
			mark, err := tx.Meta.Value("search_fed")
			if err != nil {
				return err
			}
			n, err := strconv.ParseInt(mark, 10, 64)
			if err != nil {
				return err
			}
			news, err := tx.Messages.Feed(store.ID(n), 1)
			behind = len(news)
			return err
		})
		if err == nil && behind == 0 {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return ctx.Err()
}
