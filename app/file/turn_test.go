package file

import (
	"context"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/fault"
)

// Strangers of one network have so many pictures waiting and no more; others, and the team, wait for their turn alone.
func TestPicturesOfOnePlaceDoNotQueueWithoutEnd(t *testing.T) {
	f := New(nil, []byte("secret"), "http://localhost", t.TempDir())
	visitor := func(ip string) actor.Actor { return actor.Actor{Kind: actor.Visitor, Workspace: 1, Visitor: 1, IP: ip} }
	done, err := f.turn(t.Context(), visitor("203.0.113.1"))
	if err != nil {
		t.Fatal(err)
	}
	var left []func()
	for i := range mostWaiting - 1 {
		l, err := f.queue(visitor("203.0.113.1"))
		if err != nil {
			t.Fatalf("picture %d: %v", i, err)
		}
		left = append(left, l)
	}
	if _, err := f.turn(t.Context(), visitor("203.0.113.1")); !fault.Is(err, fault.RateLimited) {
		t.Errorf("one more: %v", err)
	}
	given, cancel := context.WithCancel(t.Context())
	cancel()
	for what, who := range map[string]actor.Actor{"another place": visitor("203.0.113.2"), "the team": {Kind: actor.Staff, User: 1, IP: "203.0.113.1"}} {
		if _, err := f.turn(given, who); err != context.Canceled { // it waits for its turn, and gives up when asked to
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, l := range left {
		l()
	}
	done()
	if f.waiting.Sum() != 0 || len(f.making) != 0 {
		t.Errorf("still counted: %d", f.waiting.Sum())
	}
	if done, err := f.turn(t.Context(), visitor("203.0.113.1")); err != nil {
		t.Error(err)
	} else {
		done()
	}
}
