package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/app"
	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/inbox"
	"deskbell/app/may"
	"deskbell/store"
)

// desk is the product within this process, for what is measured without a network.
type desk struct {
	*app.App
	agent actor.Actor
	dir   string
	quit  func() // ends it
	stop  func() // and removes what it kept
}

func newDesk(ctx context.Context) (*desk, error) {
	dir, err := os.MkdirTemp("", "deskbell-bench-")
	if err != nil {
		return nil, err
	}
	return newDeskIn(ctx, dir)
}

// newDeskIn is newDesk in a directory of one's own; what is in it already stays.
func newDeskIn(ctx context.Context, dir string) (*desk, error) {
	a, err := app.New(ctx, app.Options{Data: dir, Addr: "127.0.0.1:8080", Version: "bench"})
	if err != nil {
		return nil, err
	}
	var there store.ID
	if err := a.DB.Read(ctx, 0, func(tx *store.Tx) (err error) { there, err = tx.Workspaces.First(); return err }); err != nil && !errors.Is(err, store.ErrNotFound) {
		a.DB.Close()
		return nil, err
	}
	if there != 0 {
		return begun(ctx, a, dir, actor.Actor{Kind: actor.Staff, Workspace: there, Name: "Bench", Role: "owner", Permissions: may.Effective("owner", nil)}), nil
	}
	user, workspace, err := a.Accounts.Found(ctx, account.Founder{Name: "Bench", Email: "bench@example.com", Password: "correct horse", WorkspaceName: "Bench"})
	if err != nil {
		a.DB.Close()
		return nil, err
	}
	return begun(ctx, a, dir, actor.Actor{Kind: actor.Staff, Workspace: workspace, User: user, Name: "Bench", Role: "owner", Permissions: may.Effective("owner", nil)}), nil
}

// begun runs a desk until it is stopped.
func begun(ctx context.Context, a *app.App, dir string, agent actor.Actor) *desk {
	d := &desk{App: a, dir: dir, agent: agent}
	inner, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { a.Engine.Run(inner); close(ended) }()
	d.quit = func() { cancel(); <-ended; a.DB.Close() }
	d.stop = func() { d.quit(); os.RemoveAll(dir) }
	return d
}

// newFilledDesk is newDesk with some conversations.
func newFilledDesk(ctx context.Context, n int) (*desk, error) {
	d, err := newDesk(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.fill(ctx, n); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// fill makes conversations of one message each, many in one commit.
func (d *desk) fill(ctx context.Context, n int) error {
	const each = 500
	for done := 0; done < n; done += each {
		_, err := d.DB.Write(ctx, d.agent.Workspace, func(tx *store.Tx) error {
			v := &store.Visitor{FirstSeenAt: tx.Now(), LastSeenAt: tx.Now()}
			if err := tx.Visitors.Add(v, fmt.Appendf(nil, "secret of %d of %d", done, rand.Int64()), func(id store.ID) string { return id.String() }); err != nil {
				return err
			}
			for i := range min(each, n-done) {
				if err := talk(tx, v.ID, i, 1); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// talk makes a conversation of some messages.
func talk(tx *store.Tx, visitor store.ID, i, messages int) error {
	c := &store.Conversation{Visitor: visitor}
	if err := tx.Conversations.Add(c, ""); err != nil {
		return err
	}
	before := *c
	for range messages {
		m := &store.Message{Conversation: c.ID, Kind: "message", SenderType: store.ByVisitor, Sender: visitor, Content: text, HTML: "<p>" + text + "</p>"}
		if err := tx.Messages.Add(m); err != nil {
			return err
		}
		c.LastMessage = m.ID
	}
	c.LastMessageAt, c.LastPreview, c.MessageCount, c.UnreadByAgent = tx.Now(), text[:100], messages, messages
	if i%10 == 0 { // every tenth is closed
		c.Status = store.StatusClosed
	}
	return tx.Conversations.Save(&before, c)
}

// pages reads the inbox's first page and some way down, n times.
func (d *desk) pages(ctx context.Context, n int) (*samples, error) {
	var took samples
	for range n {
		at := time.Now()
		err := d.DB.Read(ctx, d.agent.Workspace, func(tx *store.Tx) error {
			page, err := d.Inbox.List(tx, d.agent, inbox.ListIn{Status: store.StatusOpen})
			if err == nil && len(page.Items) != 50 {
				err = fmt.Errorf("a page of %d", len(page.Items))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		took.add(time.Since(at))
	}
	return &took, nil
}

// inboxPage measures the inbox over many conversations against few, and what keeping it live costs.
func inboxPage(ctx context.Context, s settings, t *table) error {
	few, err := newDesk(ctx)
	if err != nil {
		return err
	}
	defer few.stop()
	many, err := newDesk(ctx)
	if err != nil {
		return err
	}
	defer many.stop()
	if err := few.fill(ctx, min(10_000, s.messages)); err != nil {
		return err
	}
	begun := time.Now()
	if err := many.fill(ctx, s.messages); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "  %d conversations were written in %s\n", s.messages, time.Since(begun).Round(time.Second))
	var ratios []float64
	var p99 []time.Duration
	for range s.rounds {
		a, err := few.pages(ctx, 500)
		if err != nil {
			return err
		}
		b, err := many.pages(ctx, 500)
		if err != nil {
			return err
		}
		ratios, p99 = append(ratios, float64(b.at(0.5))/float64(a.at(0.5))), append(p99, b.at(0.99))
	}
	t.add(fmt.Sprintf("an inbox page over %d conversations, of one over 10,000", s.messages), "≤ 1.5", "%.2f", median(ratios))
	t.add("the same, p99 in the process", "≤ 5 ms", "%s", ms(median(p99)))
	return many.reruns(ctx, s, t)
}

// lone measures a single caller's messages.
func lone(ctx context.Context, s settings, t *table) error {
	d, err := newFilledDesk(ctx, 10)
	if err != nil {
		return err
	}
	defer d.stop()
	var ratios []float64
	var p50 []time.Duration
	for range s.rounds {
		took, err := d.sends(ctx, 1, s.length, nil)
		if err != nil {
			return err
		}
		ratios, p50 = append(ratios, float64(took.at(0.99))/float64(took.at(0.5))), append(p50, took.at(0.5))
	}
	t.add("one caller's message, p99 of its p50", "≤ 6", "%.1f (p50 %s)", median(ratios), ms(median(p50)))
	return nil
}

// newest are the newest conversations.
func (d *desk) newest(ctx context.Context, n int) (ids []store.ID, err error) {
	err = d.DB.Read(ctx, d.agent.Workspace, func(tx *store.Tx) error {
		list, err := tx.Conversations.List(store.ConversationFilter{Limit: n})
		for _, l := range list {
			ids = append(ids, l.ID)
		}
		return err
	})
	return ids, err
}

// sends has callers send to the newest conversations, until the time is over or until is closed.
func (d *desk) sends(ctx context.Context, callers int, length time.Duration, until chan struct{}) (*samples, error) {
	ids, err := d.newest(ctx, 50)
	if err != nil {
		return nil, err
	}
	var took samples
	var failed atomic.Value
	var wg sync.WaitGroup
	begun := time.Now()
	for c := range callers {
		wg.Go(func() {
			for i := 0; failed.Load() == nil; i++ {
				select {
				case <-until:
					return
				default:
				}
				if until == nil && time.Since(begun) > length {
					return
				}
				at := time.Now()
				if _, err := d.Inbox.Send(ctx, d.agent, inbox.Send{ConversationID: ids[(c+i)%len(ids)], Content: text}); err != nil {
					failed.Store(err)
					return
				}
				took.add(time.Since(at))
			}
		})
	}
	wg.Wait()
	err, _ = failed.Load().(error)
	return &took, err
}

// duringBackup measures messages while a snapshot of a large file is written.
func duringBackup(ctx context.Context, s settings, t *table) error {
	d, err := newFilledDesk(ctx, min(200_000, s.messages))
	if err != nil {
		return err
	}
	defer d.stop()
	var ratios []float64
	for range s.rounds {
		before, err := d.sends(ctx, 8, s.length, nil)
		if err != nil {
			return err
		}
		until := make(chan struct{})
		var snap error
		go func() { _, snap = d.DB.Snapshot(ctx, filepath.Join(d.dir, "backup.db")); close(until) }()
		during, err := d.sends(ctx, 8, 0, until)
		if err != nil {
			return fmt.Errorf("a write failed during the backup: %w", err)
		}
		if snap != nil {
			return snap
		}
		ratios = append(ratios, float64(during.at(0.99))/float64(before.at(0.99)))
	}
	t.add("a write's p99 during a backup, of before", "≤ 3, none failed", "%.2f, none failed", median(ratios))
	return nil
}

// built builds the program as it is given out.
func built(ctx context.Context, binary string) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// start measures the built program: its size, its start on an existing file, and what it takes while nobody is there.
func start(ctx context.Context, s settings, t *table) error {
	dir, err := os.MkdirTemp("", "deskbell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, data := filepath.Join(dir, "deskbell"), filepath.Join(dir, "data")
	if err := built(ctx, binary); err != nil {
		return err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	t.add("the program, stripped", "≤ 40 MB", "%.1f MB", float64(info.Size())/1e6)
	var took []time.Duration
	for round := range s.rounds + 1 {
		first, memory, err := started(ctx, binary, data, 2*time.Second)
		if err != nil {
			return err
		}
		if round > 0 { // the first makes the file
			took = append(took, first)
		}
		if round == s.rounds {
			t.add("from exec to the first 200, existing file", "≤ 100 ms", "%s", ms(median(took)))
			t.add("idle, RssAnon", "≤ 43 MB", "%.1f MB", float64(memory)/1e6)
		}
	}
	return nil
}

func started(ctx context.Context, binary, data string, idle time.Duration) (first time.Duration, memory int64, err error) {
	const addr = "127.0.0.1:18080" // below the ports that the idle cell's sockets came from and still hold
	cmd := exec.CommandContext(ctx, binary, "serve", "--data", data, "--addr", addr)
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() }()
	for {
		res, err := http.Get("http://" + addr + "/healthz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(begun) > 10*time.Second {
			return 0, 0, fmt.Errorf("the program did not start")
		}
		time.Sleep(time.Millisecond)
	}
	first = time.Since(begun)
	time.Sleep(idle)
	memory, err = rssAnon(cmd.Process.Pid)
	return first, memory, err
}
