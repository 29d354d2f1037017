package app_test

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/store"
)

// A request under an Idempotency-Key is carried out once: the same again is answered as the first time, for a day, and
// another under its key is a conflict. What was refused has changed nothing, and lets go of its key.
func TestARequestUnderAKeyIsCarriedOutOnce(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	c := d.Say(d.Visitor("clara"), "Hello")
	said := func() int { return len(d.OK(d.Owner, "messages.list", m{"conversationId": c})["items"].([]any)) }
	send := func(key, content string) (int, m) {
		return d.Raw(d.Owner, "messages.send", []byte(apptest.JSON(m{"conversationId": c, "content": content})), http.Header{"Idempotency-Key": {key}})
	}
	_, first := send("k", "once")
	for _, after := range []time.Duration{0, time.Minute, 23 * time.Hour} {
		d.Later(after)
		if status, again := send("k", "once"); status != 200 || apptest.JSON(again) != apptest.JSON(first) || said() != 2 {
			t.Errorf("%v later: %d %v, %d messages", after, status, again, said())
		}
	}
	if status, out := send("k", "something else"); status != 409 || said() != 2 {
		t.Errorf("another request: %d %v", status, out)
	}
	if status, _ := send("l", strings.Repeat("x", 200_000)); status != 422 {
		t.Errorf("a message that is too long: %d", status)
	}
	if status, out := send("l", "short"); status != 200 || said() != 3 {
		t.Errorf("under the key of what was refused: %d %v", status, out)
	}
	if status, out := send(strings.Repeat("k", 201), "a long key"); status != 422 || said() != 3 {
		t.Errorf("a key of 201 characters: %d %v", status, out)
	}
	d.Later(25 * time.Hour)
	if status, again := send("k", "once"); status != 200 || again["id"] == first["id"] || said() != 4 {
		t.Errorf("two days later: %d %v", status, again)
	}
}

// The same request under a key many times at once is carried out once; who comes while it runs is told so, or has its answer.
func TestARequestUnderAKeyAtOnceIsCarriedOutOnce(t *testing.T) {
	d := apptest.New(t)
	c := d.Say(d.Visitor("clara"), "Hello")
	var same sync.WaitGroup
	for range 20 {
		same.Go(func() {
			body := []byte(apptest.JSON(m{"conversationId": c, "content": "once"}))
			if status, out := d.Raw(d.Owner, "messages.send", body, http.Header{"Idempotency-Key": {"k"}}); status != 200 && !strings.HasSuffix(out["detail"].(string), "is still running.") {
				t.Errorf("%d %v", status, out)
			}
		})
	}
	same.Wait()
	if n := len(d.OK(d.Owner, "messages.list", m{"conversationId": c})["items"].([]any)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

// What a crash left of a request: one that had written nothing is carried out, one whose writing was kept is not carried out
// again, though nobody knows its answer any longer.
func TestWhatWasKeptBeforeACrashIsNotDoneAgain(t *testing.T) {
	d := apptest.New(t)
	c := d.Say(d.Visitor("clara"), "Hello")
	body := []byte(apptest.JSON(m{"conversationId": c, "content": "once"}))
	who, err := d.App.Accounts.Who(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	left := func(key string, did bool) {
		t.Helper()
		hash := sha256.Sum256(body)
		k := store.IdempotencyKey{Scope: "messages.send " + who.Personal(), Key: key, Body: hash[:]}
		_, err := d.App.DB.Write(t.Context(), 0, func(tx *store.Tx) error {
			_, err := tx.IdempotencyKeys.Reserve(k)
			return err
		})
		ctx := context.Background()
		if did {
			ctx = store.Keyed(ctx, k)
		}
		if err == nil {
			_, err = d.App.DB.Write(ctx, d.Space(), func(tx *store.Tx) error { return nil })
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	left("nothing", false)
	left("something", true)
	d = d.Again()
	for key, want := range map[string]int{"nothing": 200, "something": 409} {
		for range 2 {
			if status, out := d.Raw(d.Owner, "messages.send", body, http.Header{"Idempotency-Key": {key}}); status != want {
				t.Errorf("%s: %d %v, want %d", key, status, out, want)
			}
		}
	}
	if n := len(d.OK(d.Owner, "messages.list", m{"conversationId": c})["items"].([]any)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}
