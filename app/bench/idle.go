package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

const talking = 500 // of the idle visitors have a conversation that is written to

// crowd is many visitors who have the widget on their page and do nothing.
type crowd struct {
	*child
	client  *http.Client
	tokens  []string
	ids     []string // conversations of the first ones
	sockets []*websocket.Conn

	mu      sync.Mutex
	due     map[string]time.Time // messages on their way, by mark
	took    samples
	settled sync.WaitGroup // first answers that are still to come
}

// idle measures the memory of idle visitor sockets, the way of a message in a crowd of them, and their return after a
// kill.
func idle(ctx context.Context, s settings, t *table) error {
	var room syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &room); err != nil {
		return err
	}
	if most := int(room.Max) - 200; s.sockets > most { // Go has raised the soft limit to the hard one already
		fmt.Fprintf(os.Stderr, "  only %d files may be open here: measuring %d sockets\n", room.Max, most)
		s.sockets = most
	}
	dir, err := os.MkdirTemp("", "deskbell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c, err := spawn("product", dir, "127.0.0.1:0", "50", "0", s.profile)
	if err != nil {
		return err
	}
	defer func() { c.kill() }()
	crowd := &crowd{child: c, client: httpClient(32), due: map[string]time.Time{}}
	if err := crowd.boot(s.sockets); err != nil {
		return err
	}
	time.Sleep(12 * time.Second) // what the boots needed has gone back
	before, err := rssAnon(c.pid())
	if err != nil {
		return err
	}
	if err := crowd.connect(crowd.join); err != nil {
		return err
	}
	time.Sleep(15 * time.Second)
	after, err := rssAnon(c.pid())
	if s.profile != "" {
		c.cmd.Process.Signal(syscall.SIGUSR1)
		time.Sleep(3 * time.Second)
	}
	if err != nil {
		return err
	}
	t.add("an idle visitor socket with its three views, RssAnon", "≤ 10 KB", "%.1f KB (%d sockets)", float64(after-before)/1024/float64(s.sockets), s.sockets)
	t.add("the whole process with them, RssAnon", "≤ 140 MB", "%d MB", after>>20)
	if err := crowd.openLoop(ctx, 300, 10*time.Second); err != nil {
		return err
	}
	t.add("300 messages a second to visitors in the crowd, p99", "≤ 50 ms", "%s (p50 %s, %d of %d arrived)", ms(crowd.took.at(0.99)), ms(crowd.took.at(0.5)), crowd.took.n(), 3000)
	return crowd.comeBack(dir, s, t)
}

// each runs fn for every visitor, 32 at a time.
func (c *crowd) each(n int, fn func(i int) error) error {
	var next atomic.Int64
	var failed atomic.Value
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				if err := fn(i); err != nil {
					failed.Store(err)
				}
			}
		})
	}
	wg.Wait()
	err, _ := failed.Load().(error)
	return err
}

func (c *crowd) boot(n int) error {
	c.tokens, c.sockets, c.ids = make([]string, n), make([]*websocket.Conn, n), make([]string, min(talking, n))
	return c.each(n, func(i int) (err error) {
		if c.tokens[i], err = c.visitor(c.client, i); err == nil && i < len(c.ids) {
			c.ids[i], err = c.conversation(c.client, c.tokens[i])
		}
		return err
	})
}

func (c *crowd) connect(join func(i int) error) error {
	if err := c.each(len(c.tokens), join); err != nil {
		return err
	}
	c.settled.Wait()
	return nil
}

// join opens visitor i's socket and what the widget holds open on it.
func (c *crowd) join(i int) error {
	ws, err := c.socket(c.tokens[i])
	if err != nil {
		return err
	}
	for id, view := range []string{"messengerSettings.get", "conversations.listForVisitor", "conversations.getTotalUnreadForVisitor"} {
		if err := ws.WriteJSON(map[string]any{"id": id + 1, "view": view, "args": map[string]any{}, "patch": true}); err != nil {
			return err
		}
	}
	c.sockets[i] = ws
	c.settled.Add(1)
	go c.read(ws) // ends with the socket
	return nil
}

func (c *crowd) read(ws *websocket.Conn) {
	missing := map[string]bool{`"id":1`: true, `"id":2`: true, `"id":3`: true}
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			if len(missing) > 0 {
				c.settled.Done()
			}
			return
		}
		frame := string(b)
		if len(missing) > 0 {
			for id := range missing {
				if strings.Contains(frame, id) {
					delete(missing, id)
				}
			}
			if len(missing) == 0 {
				c.settled.Done()
				missing = nil
			}
			continue
		}
		c.arrived(frame)
	}
}

// arrived ends the clocks of the messages that a frame shows.
func (c *crowd) arrived(frame string) {
	now := time.Now()
	_, rest, ok := strings.Cut(frame, "mark-")
	if !ok {
		return
	}
	mark, _, _ := strings.Cut(rest, ".")
	c.mu.Lock()
	at, known := c.due[mark]
	delete(c.due, mark)
	c.mu.Unlock()
	if known {
		c.took.add(now.Sub(at))
	}
}

// openLoop sends at a rate, whether or not earlier messages have been answered, and counts from when each was due.
func (c *crowd) openLoop(ctx context.Context, rate int, length time.Duration) error {
	var wg sync.WaitGroup
	var failed atomic.Value
	begun := time.Now()
	for n := range rate * int(length.Seconds()) {
		at := begun.Add(time.Duration(n) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(at))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		mark := fmt.Sprint(n)
		c.mu.Lock()
		c.due[mark] = at
		c.mu.Unlock()
		wg.Go(func() {
			var out struct{ ID string }
			err := c.call(c.client, c.Agents[n%len(c.Agents)], "messages.send", map[string]any{"workspaceId": c.Workspace, "conversationId": c.ids[n%len(c.ids)], "content": "mark-" + mark + ". " + text}, &out)
			if err != nil {
				failed.Store(err)
			}
		})
	}
	wg.Wait()
	for range 40 { // what is still under way
		c.mu.Lock()
		left := len(c.due)
		c.mu.Unlock()
		if left == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	err, _ := failed.Load().(error)
	return err
}

// comeBack kills the server, starts it again on the same address, and lets everybody come back as the client does:
// after a random wait that doubles up to half a minute.
func (c *crowd) comeBack(dir string, s settings, t *table) error {
	agents, workspace := c.Agents, c.Workspace
	addr := strings.TrimPrefix(c.URL, "http://")
	c.kill()
	again, err := spawn("product", dir, addr, "0")
	if err != nil {
		return err
	}
	*c.child = *again
	c.Agents, c.Workspace = agents, workspace
	begun := time.Now()
	var failures, refused atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // an agent who goes on working
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
			var out any
			err := c.call(c.client, agents[i%len(agents)], "conversations.listForInbox", map[string]any{"workspaceId": workspace}, &out)
			var status statusError
			if errors.As(err, &status) && status.status >= 500 {
				failures.Add(1)
			} else if err != nil {
				refused.Add(1)
			}
		}
	})
	var all sync.WaitGroup
	for i := range c.tokens {
		all.Go(func() {
			for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
				time.Sleep(time.Duration(rand.Int64N(int64(wait))))
				if c.join(i) == nil {
					return
				}
			}
		})
	}
	all.Wait()
	c.settled.Wait()
	took := time.Since(begun)
	close(stop)
	wg.Wait()
	t.add(fmt.Sprintf("%d visitors are back after a kill", s.sockets), "≤ 45 s", "%.1f s; an agent saw %d answers of 5xx and %d other failures meanwhile", took.Seconds(), failures.Load(), refused.Load())
	return nil
}
