package app_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/store"
)

// clocked does what the clock has done from time to time.
func clocked(d *apptest.Desk, kinds ...string) {
	d.T.Helper()
	for _, kind := range kinds {
		scheduled := false
		for _, s := range d.App.Doors.Schedules() {
			scheduled = scheduled || s.Kind == kind
		}
		if !scheduled {
			d.T.Errorf("%s is never done by itself", kind)
			continue
		}
		if err := d.App.Doors.Jobs()[kind].Run(d.T.Context(), nil); err != nil {
			d.T.Errorf("%s: %v", kind, err)
		}
	}
}

// What has expired is removed and not only refused: sessions of visitors and of the team, files that no message carries, and
// their contents. What is in use stays.
func TestWhatHasExpiredIsRemoved(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	v := d.Visitor("clara")
	who, err := d.App.Visitors.Who(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	staff, err := d.App.Accounts.Who(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	sent, staged := d.File(v, "sent.txt", []byte("sent")), d.File(v, "staged.txt", []byte("staged"))
	d.OK(v, "conversations.start", m{"content": "See there", "attachmentIds": []any{sent["id"]}})
	left := func() (visitors, team bool, contents int) {
		err := d.App.DB.Read(t.Context(), 0, func(tx *store.Tx) (err error) {
			visitors, team = d.App.Visitors.Alive(tx, who) == nil, true
			if _, err := tx.Sessions.ByID(staff.User, staff.Session); errors.Is(err, store.ErrNotFound) {
				team = false
			}
			contents, err = tx.Blobs.Count()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return visitors, team, contents
	}
	after := func(what string, visitors, team bool, contents int) {
		t.Helper()
		clocked(d, "visitor.purge", "account.purge", "file.purge")
		if v, s, n := left(); v != visitors || s != team || n != contents {
			t.Errorf("%s: the visitor's session %v, the team's %v, %d contents; want %v, %v, %d", what, v, s, n, visitors, team, contents)
		}
	}
	there := func(f m) int { status, _, _ := d.Page(f["url"].(string), nil); return status }
	after("at once", true, true, 2)
	d.Later(50 * time.Minute)
	after("before an hour has passed", true, true, 2)
	d.Later(20 * time.Minute)
	after("after an hour", true, true, 1)
	if got := there(staged); got != http.StatusNotFound {
		t.Errorf("a file that was never sent: %d", got)
	}
	if got := there(sent); got != 200 {
		t.Errorf("a file that was sent: %d", got)
	}
	d.Later(24 * time.Hour)
	after("after a day", false, true, 1)
	d.Later(31 * 24 * time.Hour)
	after("after a month", false, false, 1)
}

// An Idempotency-Key is its sender's alone: whoever sends the same is answered with what they did themselves.
func TestAKeyOfOneIsNoKeyOfAnother(t *testing.T) {
	d := apptest.New(t)
	clara, bo, agent := d.Visitor("clara"), d.Visitor("bo"), d.Member("agent")
	keyed := func(token, door string, in m) m {
		t.Helper()
		status, out := d.Raw(token, door, []byte(apptest.JSON(in)), http.Header{"Idempotency-Key": {"one-key"}})
		if status != 200 {
			t.Fatalf("%s: %d %v", door, status, out)
		}
		return out
	}
	begin := m{"content": "Hello"}
	a, b := keyed(clara, "conversations.start", begin), keyed(bo, "conversations.start", begin)
	c := a["conversation"].(m)["id"]
	if c == b["conversation"].(m)["id"] {
		t.Error("a visitor is answered with another's conversation")
	}
	if again := keyed(clara, "conversations.start", begin); again["conversation"].(m)["id"] != c {
		t.Error("the same again begins another one")
	}
	say := m{"conversationId": c, "content": "From the team"}
	if x, y := keyed(d.Owner, "messages.send", say), keyed(agent, "messages.send", say); x["id"] == y["id"] || x["sender"].(m)["id"] == y["sender"].(m)["id"] {
		t.Errorf("a colleague is answered with another's message: %v %v", x, y)
	}
	if n := len(d.OK(clara, "messages.list", m{"conversationId": c})["items"].([]any)); n != 3 {
		t.Errorf("%d messages, want 3", n)
	}
}
