package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/app/inbox"
	"deskbell/app/live"
	"deskbell/store"
)

// counting is a client that takes every answer.
type counting struct {
	engine  *live.Engine
	answers atomic.Int64
	taken   chan struct{}
}

func (c *counting) Settled() {}
func (c *counting) Changed(*live.Subscription) {
	c.answers.Add(1)
	select {
	case c.taken <- struct{}{}:
	default:
	}
}

// reruns measures one live inbox: a run with its comparison against the plain query, and how often it runs while
// writers write as fast as they can.
func (d *desk) reruns(ctx context.Context, s settings, t *table) error {
	sink := &counting{engine: d.Engine, taken: make(chan struct{}, 1)}
	args, err := json.Marshal(map[string]any{"workspaceId": d.agent.Workspace, "status": "open"})
	if err != nil {
		return err
	}
	sub, err := d.Engine.Open(sink, 1, true, &d.agent, "conversations.listForInbox", args)
	if err != nil {
		return err
	}
	defer d.Engine.Close(sub)
	<-sink.taken
	d.Engine.Take(sub)
	var ids []store.ID
	err = d.DB.Read(ctx, d.agent.Workspace, func(tx *store.Tx) error {
		list, err := tx.Conversations.List(store.ConversationFilter{Status: store.StatusOpen, Limit: 50, Reader: d.agent.User})
		for _, l := range list {
			ids = append(ids, l.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	// Both are measured behind a commit of their own, which makes a reader fetch its pages anew, and on a connection of the
	// same pool. The plain view's commit concerns a draft: no live view runs for it.
	var ratios []float64
	for range s.rounds {
		var plain time.Duration
		before := d.Engine.Stats()
		for i := range 200 {
			if _, err := d.Inbox.SetPriority(ctx, d.agent, inbox.SetPriority{ConversationID: ids[i%len(ids)], Priority: []string{"low", "high"}[i/len(ids)%2]}); err != nil {
				return err
			}
			<-sink.taken
			d.Engine.Take(sub)
			if _, err := d.Inbox.SaveDraft(ctx, d.agent, inbox.SaveDraft{ConversationID: ids[i%len(ids)], Content: fmt.Sprint(i)}); err != nil {
				return err
			}
			took, err := d.pages(ctx, 1)
			if err != nil {
				return err
			}
			plain += took.at(0)
		}
		after := d.Engine.Stats()
		run := (after.Spent - before.Spent) / time.Duration(max(1, after.Runs-before.Runs))
		ratios = append(ratios, float64(run)/float64(plain/200))
		fmt.Fprintf(os.Stderr, "  a run took %s, the plain view %s\n", run, plain/200)
	}
	t.add("a live inbox: run and comparison, of the plain view", "≤ 1.5", "%.2f", median(ratios))
	before := d.Engine.Stats()
	begun := time.Now()
	var wg sync.WaitGroup
	var wrote atomic.Int64
	for w := range 8 {
		wg.Go(func() {
			for i := 0; time.Since(begun) < s.length; i++ {
				if _, err := d.Inbox.SetPriority(ctx, d.agent, inbox.SetPriority{ConversationID: ids[(i+w*6)%len(ids)], Priority: []string{"low", "high", "urgent"}[rand.IntN(3)]}); err == nil {
					wrote.Add(1)
				}
			}
		})
	}
	wg.Wait()
	runs := float64(d.Engine.Stats().Runs-before.Runs) / time.Since(begun).Seconds()
	t.add("its runs a second while writers write without pause", "≤ 40", "%.0f (at %.0f writes/s)", runs, float64(wrote.Load())/time.Since(begun).Seconds())
	return nil
}
