package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/apptest"
	"deskbell/app/inbox"
	"deskbell/store"
)

// The three together show what the way to an acknowledged message costs: the bare group commit, the verb, and the
// whole request with session, rules, validation and JSON. Run them in one call: the machine's speed drifts.

func BenchmarkMessage(b *testing.B) {
	d := apptest.New(b)
	ws, _ := store.ParseID(d.Workspace)
	const talkers = 64
	tokens, ids := make([]string, talkers), make([]string, talkers)
	whos := make([]actor.Actor, talkers)
	for i := range talkers {
		tokens[i] = d.Visitor(fmt.Sprintf("v%02d", i))
		ids[i] = d.Say(tokens[i], "hello")
		whos[i], _ = d.App.Visitors.Who(context.Background(), tokens[i])
	}
	text := "It does, with the **US plug**. The one for Europe is in the other box, and both take the same bulb."
	each := func(b *testing.B, send func(i int) error) {
		b.SetParallelism(talkers / 2)
		next := make(chan int, talkers)
		for i := range talkers {
			next <- i
		}
		b.RunParallel(func(pb *testing.PB) {
			i := <-next
			for pb.Next() {
				if err := send(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	b.Run("commit", func(b *testing.B) {
		each(b, func(i int) error {
			c, _ := store.ParseID(ids[i])
			_, err := d.App.DB.Write(context.Background(), ws, func(tx *store.Tx) error {
				return tx.Messages.Add(&store.Message{Conversation: c, Kind: "event", SenderType: store.BySystem, Content: text})
			})
			return err
		})
	})
	b.Run("verb", func(b *testing.B) {
		each(b, func(i int) error {
			c, _ := store.ParseID(ids[i])
			_, err := d.App.Inbox.Send(context.Background(), whos[i], inbox.Send{ConversationID: c, Content: text})
			return err
		})
	})
	// An agent's session may send a hundred a second; the bench signs in as often as it needs to stay below that.
	owners := make([]string, 400)
	for i := range owners {
		signed, err := d.App.Accounts.Welcome(context.Background(), actor.Actor{}, d.User(), true)
		if err != nil {
			b.Fatal(err)
		}
		owners[i] = signed.Token
	}
	b.Run("request", func(b *testing.B) {
		var turn atomic.Int64
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: talkers}}
		each(b, func(i int) error {
			body, _ := json.Marshal(m{"workspaceId": d.Workspace, "conversationId": ids[i], "content": text})
			r, _ := http.NewRequest("POST", d.URL+"/api/messages.send", bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+owners[turn.Add(1)%int64(len(owners))])
			res, err := client.Do(r)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			if res.StatusCode != 200 {
				return fmt.Errorf("%d", res.StatusCode)
			}
			var out m
			return json.NewDecoder(res.Body).Decode(&out)
		})
	})
}
