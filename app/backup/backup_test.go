package backup

import (
	"log/slog"
	"path/filepath"
	"testing"

	"deskbell/store"
)

// What the clock does by itself every minute is no reason for another copy of the file; what people do is.
func TestTheClocksOwnWorkIsNoChange(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "deskbell.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b := New(db, dir, slog.New(slog.DiscardHandler))
	if !b.changed.Load() {
		t.Error("nothing is to be kept after a start")
	}
	b.changed.Store(false)
	does := func(what string, want bool, fn func(*store.Tx) error) {
		t.Helper()
		if _, err := db.Write(t.Context(), 0, fn); err != nil {
			t.Fatal(err)
		}
		if got := b.changed.Swap(false); got != want {
			t.Errorf("%s: changed is %v, want %v", what, got, want)
		}
	}
	does("the clock", false, func(tx *store.Tx) error { return tx.Jobs.Add(store.Job{Kind: "x", Key: "clock", RunAt: tx.Now()}) })
	does("a purge of nothing", false, func(tx *store.Tx) error { return tx.Sessions.Purge() })
	does("somebody", true, func(tx *store.Tx) error { return tx.Users.Add(&store.User{Email: "ann@shop.test", Name: "Ann"}) })
	if err := b.Now(t.Context()); err != nil {
		t.Fatal(err)
	}
	if last, err := b.Last(); err != nil || last.Counts["users"] != 1 || last.Size == 0 {
		t.Errorf("%v %v", last, err)
	}
}
