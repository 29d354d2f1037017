package live_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/actor"
	"deskbell/app/live"
	"deskbell/store"
)

// line is a network of this process: a listener whose connections are pipes.
type line struct {
	calls chan net.Conn
	cut   context.Context
}

func (l line) Accept() (net.Conn, error) {
	select {
	case c := <-l.calls:
		return c, nil
	case <-l.cut.Done():
		return nil, net.ErrClosed
	}
}
func (line) Close() error   { return nil }
func (line) Addr() net.Addr { return &net.TCPAddr{} }

// dial opens a socket over the line, and gives the wire it stands on, too.
func (l line) dial(t *testing.T, token string) (*websocket.Conn, net.Conn) {
	t.Helper()
	here, there := net.Pipe()
	d := websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) { return here, nil }}
	go func() { l.calls <- there }()
	ws, _, err := d.DialContext(t.Context(), "ws://desk.test/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.WriteJSON(map[string]string{"auth": token}); err != nil {
		t.Fatal(err)
	}
	return ws, here
}

// F-29: who has gone without a word, as a telephone that lost its network does, is let go after a minute and a half, and those
// who keep account of presence hear of it. Who is only quiet, and answers pings, stays.
func TestWhoAnswersNoPingIsLetGo(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "d.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	synctest.Test(t, func(t *testing.T) { // with a time of its own
		sessions := map[string]store.ID{"quiet": 1, "gone": 2}
		var mu sync.Mutex
		var left []store.ID
		e := live.New(db, slog.New(slog.DiscardHandler))
		s := &live.Socket{
			Engine: e,
			Authenticate: func(_ context.Context, token string) (actor.Actor, error) {
				return actor.Actor{Kind: actor.Visitor, Session: sessions[token]}, nil
			},
			Alive: func(*store.Tx, actor.Actor) error { return nil },
			Closed: func(who actor.Actor) {
				mu.Lock()
				defer mu.Unlock()
				left = append(left, who.Session)
			},
		}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		l := line{make(chan net.Conn), ctx}
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Serve(w, r, actor.Actor{}, actor.Actor{}) })}
		running.Go(func() { e.Run(ctx) })
		running.Go(func() { s.Run(ctx) })
		running.Go(func() { server.Serve(l) })

		quiet, _ := l.dial(t, "quiet")
		running.Go(func() { // reads, and so answers pings
			for {
				if _, _, err := quiet.NextReader(); err != nil {
					quiet.Close()
					return
				}
			}
		})
		_, wire := l.dial(t, "gone")
		running.Go(func() { io.Copy(io.Discard, wire) }) // what is sent arrives nowhere, and nothing comes back
		open := func(after time.Duration, want int) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			if n := s.Open(); n != want {
				t.Errorf("%d sockets are open, want %d", n, want)
			}
		}
		open(85*time.Second, 2) // a tunnel is no end
		open(6*time.Second, 1)
		open(time.Hour, 1)
		mu.Lock()
		if len(left) != 1 || left[0] != sessions["gone"] {
			t.Errorf("it was heard of %v leaving, want the one who is gone", left)
		}
		mu.Unlock()
		stop()
		running.Wait()
		server.Close()
		wire.Close()
	})
}
