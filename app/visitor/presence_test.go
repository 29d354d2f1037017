package visitor_test

import (
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
)

// Somebody is gone two minutes after the last heartbeat and not before, twenty seconds after the last socket closed, and
// never while one is open.
func TestWhoSaysNothingMoreIsGoneAfterTheGraceAndNotBefore(t *testing.T) {
	d := apptest.New(t)
	d.Stop()
	ids := map[string]string{}
	boot := func(name string) string {
		out := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": (name + strings.Repeat("x", 43))[:43]})
		ids[name] = out["visitor"].(m)["id"].(string)
		return out["sessionToken"].(string)
	}
	online := func(name string) bool {
		return d.OK(d.Owner, "visitors.get", m{"visitorId": ids[name]})["online"].(bool)
	}
	early, late, open, closed := boot("early"), boot("late"), boot("open"), boot("closed")
	d.Socket(open)
	ws := d.Socket(closed)
	d.OK(early, "visitors.heartbeat", m{})
	d.Later(time.Minute)
	d.OK(late, "visitors.heartbeat", m{})
	for name := range ids {
		d.Until(name+" is here", func() bool { return online(name) })
	}

	// One look finds both, and lets only the first go.
	d.Later(time.Minute + time.Second)
	d.Until("the first is gone", func() bool { return !online("early") })
	if !online("late") {
		t.Error("somebody is gone before two minutes without a heartbeat are over")
	}
	seen := d.OK(d.Owner, "visitors.list", m{"online": true})["items"].([]any)
	if len(seen) != 3 {
		t.Errorf("%d visitors are listed as here, want 3", len(seen))
	}
	d.OK(late, "visitors.heartbeat", m{})
	d.OK(early, "visitors.heartbeat", m{})
	if !online("early") {
		t.Error("somebody who came back is not here")
	}

	d.Later(2*time.Minute + time.Second)
	d.Until("both are gone", func() bool { return !online("early") && !online("late") })
	d.OK(late, "visitors.heartbeat", m{})
	d.Later(-time.Hour)
	back := 0
	d.Until("whoever fell silent before the clock was put back is gone two minutes later", func() bool {
		d.Later(time.Second) // the server looks at the clock in its own time
		back++
		return !online("late")
	})
	if back < 100 || back > 600 {
		t.Errorf("that took %d seconds", back)
	}
	if !online("open") || !online("closed") {
		t.Error("somebody with an open socket is gone")
	}
	ws.Close()
	d.Until("who closed the last socket is gone", func() bool {
		d.Later(time.Second) // the server hears of the end in its own time
		return !online("closed")
	})
	if !online("open") {
		t.Error("who stayed is gone with who left")
	}
}
