package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/backup"
)

const (
	clients = 64
	held    = 16 // conversations of each client
	said    = 15 // messages of each conversation of the past
	text    = "It does, with the **US plug**. The one for Europe is in the other box, and both take the same bulb. " +
		"If you would rather have the long cable, write back before Thursday and we put it into the parcel; there is no charge for it. " +
		"The lamp itself has two years of guarantee, which start on the day that it arrives at your door."
)

// party is something that takes messages and pushes them.
type party struct {
	name string
	// send sends as client i and returns when it was acknowledged.
	send func(i int, text string) error
	// sockets show client i what was sent.
	sockets []*watcher
	callers []*caller
	pid     int
}

// turn is what one party did in one turn.
type turn struct {
	rate      float64 // messages a second
	cpu, load float64 // microseconds a message, of the party and of those who send
	p50, p99  time.Duration
}

// oneOf is one of a client's conversations, by chance.
func oneOf(client, past int) int64 { return int64(past + client*held + rand.IntN(held)) }

// post has 64 clients send to one of their 16 conversations, into files that hold 20,000 others, each waiting until its message was acknowledged and seen on a socket.
func post(ctx context.Context, s settings, t *table) error {
	dir, err := os.MkdirTemp("", "deskbell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	raw, err := newBareWriter(filepath.Join(dir, "raw.db"), s.past)
	if err != nil {
		return err
	}
	defer raw.close()
	proto, stop, err := prototypeParty(filepath.Join(dir, "prototype"), s.past)
	if err != nil {
		return err
	}
	defer stop()
	parties := []party{{name: "writer", pid: os.Getpid(), send: func(i int, text string) error {
		return raw.write(&bareMessage{Conversation: oneOf(i, s.past), Body: text})
	}}, proto}
	for i, program := range append([]string{""}, strings.Fields(s.versus)...) {
		p, end, err := productParty(program, productData(dir, i), s.past, s.profile)
		if err != nil {
			return err
		}
		defer end()
		parties = append(parties, p)
	}
	for i := range len(parties) - 2 {
		if !firstBackup(productData(dir, i)) {
			return errors.New("the first backup was not taken")
		}
	}
	turns := map[string][]turn{}
	for round := range s.rounds + 1 {
		for _, p := range parties {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			profiled := s.profile != "" && p.name == "product"
			if profiled {
				syscall.Kill(p.pid, syscall.SIGUSR2)
			}
			one, err := p.turn(s.length)
			if profiled {
				syscall.Kill(p.pid, syscall.SIGUSR2)
				time.Sleep(time.Second) // until it is written
			}
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			fmt.Fprintf(os.Stderr, "  %-10s %6.0f/s  p50 %s  p99 %s  cpu %.0f µs, of the load %.0f µs\n", p.name, one.rate, ms(one.p50), ms(one.p99), one.cpu, one.load)
			if round > 0 { // the first warms up
				turns[p.name] = append(turns[p.name], one)
			}
		}
	}
	over := func(name string, of func(turn) float64) float64 {
		var list []float64
		for _, one := range turns[name] {
			list = append(list, of(one))
		}
		return median(list)
	}
	rate, spent := func(o turn) float64 { return o.rate }, func(o turn) float64 { return o.cpu }
	t.add("POST → commit FULL → push, 64 clients, of the bare writer's rate", "≥ 0.35", "%.2f (%.0f/s of %.0f/s; prototype %.2f)",
		over("product", rate)/over("writer", rate), over("product", rate), over("writer", rate), over("prototype", rate)/over("writer", rate))
	t.add("the same, p99", "≤ 40 ms", "%.1f ms", over("product", func(o turn) float64 { return float64(o.p99.Microseconds()) / 1000 }))
	t.add("CPU a message, of the prototype's", "≤ 2", "%.2f (%.0f µs of %.0f µs)", over("product", spent)/over("prototype", spent), over("product", spent), over("prototype", spent))
	return nil
}

func productData(dir string, i int) string { return filepath.Join(dir, fmt.Sprint("product", i)) }

func (p party) turn(length time.Duration) (turn, error) {
	var took samples
	var n atomic.Int64
	var failed atomic.Value
	before, err := cpu(p.pid)
	if err != nil {
		return turn{}, err
	}
	own, _ := cpu(os.Getpid())
	begun := time.Now()
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			timer := time.NewTimer(patience)
			for time.Since(begun) < length && failed.Load() == nil {
				mark := fmt.Sprintf("m%d.%d.", i, n.Add(1))
				at := time.Now()
				if p.sockets != nil {
					p.sockets[i].expect(mark)
				}
				err := p.send(i, mark+text)
				if err == nil && p.sockets != nil {
					err = p.sockets[i].wait(timer)
				}
				if err != nil {
					failed.Store(err)
					return
				}
				took.add(time.Since(at))
			}
		})
	}
	wg.Wait()
	span := time.Since(begun)
	for _, c := range p.callers { // servers close what is idle
		c.close()
	}
	if err, bad := failed.Load().(error); bad {
		return turn{}, err
	}
	after, err := cpu(p.pid)
	end, _ := cpu(os.Getpid())
	sent := float64(n.Load())
	return turn{rate: sent / span.Seconds(), cpu: float64((after - before).Microseconds()) / sent, load: float64((end - own).Microseconds()) / sent, p50: took.at(0.5), p99: took.at(0.99)}, err
}

func prototypeParty(data string, past int) (party, func(), error) {
	c, err := spawn("prototype", data, strconv.Itoa(past))
	if err != nil {
		return party{}, nil, err
	}
	p := party{name: "prototype", pid: c.pid()}
	for i := range clients {
		ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(c.URL, "http")+fmt.Sprintf("/live?from=%d&to=%d", past+i*held, past+(i+1)*held), nil)
		if err != nil {
			c.kill()
			return p, nil, err
		}
		p.sockets = append(p.sockets, watch(ws))
	}
	p.callers = newCallers(c.URL)
	p.send = func(i int, text string) error {
		_, err := p.callers[i].post("/messages", "", fmt.Appendf(nil, `{"Conversation":%d,"Body":%q}`, oneOf(i, past), text))
		return err
	}
	return p, c.kill, nil
}

// productParty is the product of a build of this program: "" for this one.
func productParty(program, data string, past int, profile string) (party, func(), error) {
	c, err := spawnOf(program, "product", data, "127.0.0.1:0", "400", strconv.Itoa(past), profile) // an agent's session may send a hundred a second
	if err != nil {
		return party{}, nil, err
	}
	p := party{name: "product", pid: c.pid()}
	if program != "" {
		p.name = filepath.Base(program)
	}
	client := httpClient(clients)
	var ids [clients][held]string
	for i := range clients {
		v, err := c.visitor(client, i)
		var ws *websocket.Conn
		if err == nil {
			ws, err = c.socket(v)
		}
		for k := range held {
			if err == nil {
				ids[i][k], err = c.conversation(client, v)
			}
			if err == nil {
				err = ws.WriteJSON(map[string]any{"id": k + 1, "view": "messages.list", "args": map[string]any{"conversationId": ids[i][k]}, "patch": true})
			}
		}
		if err != nil {
			c.kill()
			return p, nil, err
		}
		p.sockets = append(p.sockets, watch(ws))
	}
	p.callers = newCallers(c.URL)
	var next atomic.Int64
	p.send = func(i int, text string) error {
		token := c.Agents[next.Add(1)%int64(len(c.Agents))]
		_, err := p.callers[i].post("/api/messages.send", token, fmt.Appendf(nil, `{"workspaceId":%q,"conversationId":%q,"content":%q}`, c.Workspace, ids[i][rand.IntN(held)], text))
		return err
	}
	return p, c.kill, nil
}

// firstBackup waits for the backup that is taken a minute after the start: what it costs is a cell of its own.
func firstBackup(data string) bool {
	for range 180 {
		if _, err := os.Stat(backup.Path(data)); err == nil {
			return true
		}
		time.Sleep(time.Second)
	}
	return false
}

// visitor boots visitor number i and gives their token.
func (c *child) visitor(client *http.Client, i int) (string, error) {
	var out struct{ SessionToken string }
	err := c.call(client, "", "widgetSessions.boot", map[string]any{"workspaceId": c.Workspace, "sessionId": fmt.Sprintf("bench%038d", i)}, &out)
	return out.SessionToken, err
}

func (c *child) conversation(client *http.Client, visitor string) (string, error) {
	var out struct{ Conversation struct{ ID string } }
	err := c.call(client, visitor, "conversations.start", map[string]any{"content": text}, &out)
	return out.Conversation.ID, err
}

func (c *child) socket(token string) (*websocket.Conn, error) {
	d := websocket.Dialer{ReadBufferSize: 512, WriteBufferSize: 512, HandshakeTimeout: 10 * time.Second}
	ws, _, err := d.Dial("ws"+strings.TrimPrefix(c.URL, "http")+"/live", nil)
	if err != nil {
		return nil, err
	}
	return ws, ws.WriteJSON(map[string]any{"auth": token})
}
