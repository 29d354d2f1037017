package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// However messages come, change, move to another conversation, go, or are undone: whoever reads one that was announced to them
// reads what the file holds.
func TestAnAnnouncedMessageIsAsTheFileHasIt(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	ws, talks := insertTalks(t, db, 3)
	var mu sync.Mutex
	var known []ID // announced
	kept := 0      // reads that the file was not needed for
	db.Watch(func(c Commit) {
		mu.Lock()
		defer mu.Unlock()
		for _, ch := range c.Changes {
			if ch.Table == "messages" && ch.Op == Insert {
				known = append(known, ID(ch.Row))
			}
		}
	})
	check := func() {
		mu.Lock()
		ids := known[max(0, len(known)-60):]
		mu.Unlock()
		if err := db.Read(t.Context(), ws, func(tx *Tx) error {
			for _, id := range ids {
				if _, ok := db.fresh.row(id); ok {
					kept++
				}
				for _, c := range talks {
					got, gotErr := tx.Messages.Announced(c, id)
					want, wantErr := tx.Messages.ByID(c, id)
					if fmt.Sprintf("%+v %v", got, gotErr) != fmt.Sprintf("%+v %v", want, wantErr) {
						return fmt.Errorf("message %s is announced as %+v %v, and is %+v %v", id, got, gotErr, want, wantErr)
					}
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(3, 9))
	add := func(tx *Tx) error {
		m := &Message{Conversation: talks[r.IntN(3)], Kind: "message", SenderType: ByVisitor, Content: strings.Repeat("long ", r.IntN(8)*1000), HTML: "<p>", SeenAt: 7}
		if r.IntN(3) == 0 {
			m.ClientID, m.Sender, m.SenderType, m.SenderName = fmt.Sprint("c", r.Int64()), 5, ByAgent, "Ada"
		}
		if r.IntN(4) == 0 {
			m.Event, m.Kind, m.Sources = []byte(`{"type":"opened"}`), "event", []byte(`[]`)
		}
		return tx.Messages.Add(m)
	}
	changed := errors.New("changed my mind")
	for range 400 {
		what := r.IntN(8)
		_, err := db.Write(t.Context(), ws, func(tx *Tx) error {
			switch what {
			case 0: // one that comes and changes at once
				if err := add(tx); err != nil {
					return err
				}
				return tx.Messages.SeenByTeam(talks[r.IntN(3)], 0, 1<<62)
			case 1:
				return tx.Messages.SeenByVisitor(talks[r.IntN(3)], 0, 1<<62)
			case 2: // all of one conversation move to another
				_, err := exec(tx.session, `UPDATE messages SET client_id = NULL, conversation_id = ? WHERE conversation_id = ?`, talks[r.IntN(3)], talks[r.IntN(3)])
				return err
			case 3:
				if err := add(tx); err != nil {
					return err
				}
				return changed
			case 4:
				_, err := exec(tx.session, `DELETE FROM messages WHERE id % 7 = ?`, r.IntN(7))
				return err
			}
			return add(tx)
		})
		if err != nil && !errors.Is(err, changed) {
			t.Fatal(err)
		}
		check()
	}
	if _, err := db.Write(t.Context(), ws, func(tx *Tx) error { // by a cascade
		_, err := exec(tx.session, `DELETE FROM conversations WHERE id = ?`, talks[0])
		return err
	}); err != nil {
		t.Fatal(err)
	}
	check()
	if kept < 100 || len(db.fresh.at) > newest {
		t.Errorf("%d reads needed no file, %d messages are kept", kept, len(db.fresh.at))
	}
	// Another workspace does not find them.
	db.Read(t.Context(), ws+1, func(tx *Tx) error {
		for id, i := range db.fresh.at {
			row := db.fresh.ring[i]
			if _, err := tx.Messages.Announced(row.Conversation, id); !errors.Is(err, ErrNotFound) {
				t.Errorf("another workspace reads %s: %v", id, err)
			}
		}
		return nil
	})
}

// insertTalks makes a workspace with conversations.
func insertTalks(t *testing.T, db *DB, n int) (ws ID, talks []ID) {
	t.Helper()
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) (err error) {
		ws, err = insertWorkspace(tx, "one")
		if err != nil {
			return err
		}
		tx = tx.In(ws)
		for i := range n {
			v := &Visitor{}
			if err := tx.Visitors.Add(v, fmt.Appendf(nil, "secret %d", i), func(ID) string { return fmt.Sprint("quiet-heron-", i) }); err != nil {
				return err
			}
			c := &Conversation{Visitor: v.ID}
			if err := tx.Conversations.Add(c, ""); err != nil {
				return err
			}
			talks = append(talks, c.ID)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return ws, talks
}
