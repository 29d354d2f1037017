package web_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"deskbell/app"
	"deskbell/app/actor"
	"deskbell/app/apptest"
	"deskbell/app/door"
	"deskbell/app/may"
	"deskbell/store"
)

// F-41: a bug that panics, also in the middle of a write, costs its own request alone: that is answered with 500, which says
// nothing of the bug, and the log names both. Sockets stay open, nothing half is kept, and the next request is served.
func TestADoorThatPanicsIsAnsweredAndNothingElseIsDisturbed(t *testing.T) {
	var log apptest.Logged
	d := apptest.With(t, app.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	space := d.Space()
	door.Verb(d.App.Doors, "tests.panic", may.Has(may.Reply).Or(may.OwnVisitor), func(context.Context, actor.Actor, struct{}) (struct{}, error) {
		panic("a secret bug")
	})
	door.Verb(d.App.Doors, "tests.panicInAWrite", may.Has(may.Reply).Or(may.OwnVisitor), func(ctx context.Context, _ actor.Actor, _ struct{}) (struct{}, error) {
		_, err := d.App.DB.Write(ctx, space, func(tx *store.Tx) error {
			if err := tx.Tags.Add(&store.Tag{Name: "half"}); err != nil {
				return err
			}
			panic("a secret bug")
		})
		return struct{}{}, err
	})
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	ws := d.Socket(v)
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": c}})
	d.Hear(ws, func(a m) bool { return a["value"] != nil })
	for _, name := range []string{"tests.panic", "tests.panicInAWrite"} {
		status, out := d.Call(v, name, m{})
		id, _ := out["requestId"].(string)
		if status != 500 || out["code"] != "internal" || id == "" || strings.Contains(apptest.JSON(out), "secret") {
			t.Errorf("%s: %d %v", name, status, out)
		}
		d.Until("the log tells of it", func() bool {
			said := log.String()
			return id != "" && strings.Contains(said, id) && strings.Contains(said, "a secret bug")
		})
	}
	d.OK(v, "messages.send", m{"conversationId": c, "content": "Is anybody there?"})
	d.Hear(ws, func(a m) bool { return strings.Contains(apptest.JSON(a), "Is anybody there?") })
	if list := d.OK(d.Owner, "tags.list", m{})["items"].([]any); len(list) != 0 {
		t.Errorf("half of a write was kept: %v", list)
	}
}
