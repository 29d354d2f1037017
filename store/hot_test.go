package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
)

// However conversations change, by whatever statement, and whichever of those changes are undone: whoever reads one in order to
// write it reads what the file holds.
func TestTheWriterReadsConversationsAsTheFileHasThem(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	ws, talks := insertTalks(t, db, 8)
	undo := errors.New("undone")
	kept := 0
	verify := func(tx *Tx, id ID) error {
		want, wrong := one[Conversation](tx.session, `SELECT `+conversationColumns+` FROM conversations c WHERE c.workspace_id = ? AND c.id = ?`, ws, id)
		if _, ok := tx.conn.hot.of(ws, id); ok {
			kept++
		}
		got, err := tx.Conversations.ByID(id)
		if !errors.Is(err, wrong) || wrong == nil && *got != *want {
			return fmt.Errorf("it reads %+v (%v), the file has %+v (%v)", got, err, want, wrong)
		}
		if _, err := tx.In(ws + 1).Conversations.ByID(id); !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("another workspace reads it: %v", err)
		}
		return nil
	}
	change := func(tx *Tx, r *rand.Rand, id ID) error {
		c, err := tx.Conversations.ByID(id)
		if err != nil {
			return nil // it is gone
		}
		switch r.IntN(6) {
		case 0, 1, 2:
			before := *c
			c.Priority, c.MessageCount, c.LastPreview = []string{"low", "high"}[r.IntN(2)], r.IntN(1000), fmt.Sprint("said ", r.IntN(1000))
			c.Channel = "not written" // what Save does not write does not stay
			return tx.Conversations.Save(&before, c)
		case 3:
			_, err = exec(tx.session, `UPDATE conversations SET unread_by_agent = unread_by_agent + 1`)
		case 4:
			_, err = exec(tx.session, `UPDATE conversations SET subject = ? WHERE id = ?`, fmt.Sprint(r.IntN(100)), id)
		default:
			if r.IntN(20) == 0 {
				_, err = exec(tx.session, `DELETE FROM visitors WHERE id = ?`, c.Visitor) // and its conversations with it
			}
			c.Subject = "nobody writes this" // it is the reader's own copy
		}
		return err
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 7))
			for range 150 {
				fails := r.IntN(12) == 0
				_, err := db.Write(t.Context(), ws, func(tx *Tx) error {
					for range 1 + r.IntN(3) {
						id := talks[r.IntN(len(talks))]
						if err := verify(tx, id); err != nil {
							return err
						}
						if err := change(tx, r, id); err != nil {
							return err
						}
						if err := verify(tx, id); err != nil {
							return err
						}
					}
					if fails && r.IntN(2) == 0 {
						panic("undone")
					}
					if fails {
						return undo
					}
					return nil
				})
				if err != nil && !(fails && (errors.Is(err, undo) || err.Error()[:5] == "panic")) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if kept < 500 {
		t.Errorf("only %d reads did without the file: nothing was shown", kept)
	}
	if err := db.Read(t.Context(), ws, func(tx *Tx) error {
		for _, id := range talks {
			if _, err := tx.Conversations.ByID(id); err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		if tx.conn.hot != nil {
			return errors.New("a reader keeps conversations, which others change")
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// Only so many are kept.
func TestHotConversationsAreFew(t *testing.T) {
	h := hot{}
	for i := range ID(3 * warm) {
		h.keep(&Conversation{ID: i, Workspace: 1})
		if _, ok := h.of(1, i); !ok {
			t.Fatal("the newest one is not kept")
		}
	}
	if len(h) != warm {
		t.Errorf("%d are kept, not %d", len(h), warm)
	}
}
