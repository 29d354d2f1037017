package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	_ "modernc.org/sqlite" // the driver
)

// bareWriter is the least that keeps a message: one INSERT and one UPDATE by prepared statements on one connection,
// group commit with FULL, checkpoints on another connection.
type bareWriter struct {
	queue     chan *bareMessage
	committed func([]*bareMessage)
	done      sync.WaitGroup
	stop      chan struct{}
}

type bareMessage struct {
	ID           int64
	Conversation int64
	Body         string
	at           int64
	err          error
	done         chan struct{}
}

const bareSchema = `
CREATE TABLE IF NOT EXISTS conversations (id INTEGER PRIMARY KEY, workspace_id INTEGER NOT NULL, contact_id INTEGER NOT NULL, assignee_id INTEGER, status INTEGER NOT NULL DEFAULT 0,
	last_at INTEGER NOT NULL, preview TEXT NOT NULL, unread INTEGER NOT NULL DEFAULT 0, messages INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS conversations_inbox ON conversations (workspace_id, status, last_at DESC);
CREATE INDEX IF NOT EXISTS conversations_assignee ON conversations (workspace_id, assignee_id, status, last_at DESC);
CREATE INDEX IF NOT EXISTS conversations_contact ON conversations (contact_id, last_at DESC);
CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, conversation_id INTEGER NOT NULL, workspace_id INTEGER NOT NULL, author INTEGER NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS messages_thread ON messages (conversation_id, id);`

func bareDSN(path string) string {
	return "file:" + path + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(0)&_pragma=cache_size(-16000)&_txlock=immediate"
}

func newBareWriter(path string, conversations int) (*bareWriter, error) {
	db, err := sql.Open("sqlite", bareDSN(path))
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec(bareSchema); err != nil {
		return nil, err
	}
	if err := barePast(db, conversations); err != nil {
		return nil, err
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	w := &bareWriter{queue: make(chan *bareMessage, 4096), stop: make(chan struct{})}
	w.done.Go(func() {
		conn.Raw(func(raw any) error { return w.run(raw.(driver.Conn)) })
		conn.Close()
	})
	w.done.Go(func() {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-w.stop:
				return
			case <-tick.C:
				db.Exec("PRAGMA wal_checkpoint(PASSIVE)")
			}
		}
	})
	return w, nil
}

// barePast fills the file with conversations and what was said in them, and with those that the clients hold.
func barePast(db *sql.DB, conversations int) error {
	const counted = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1) "
	_, err := db.Exec(counted+"INSERT INTO conversations (id, workspace_id, contact_id, last_at, preview) SELECT i, 1, i, 0, '' FROM n", conversations+clients*held)
	if err == nil && conversations > 0 {
		_, err = db.Exec(counted+"INSERT INTO messages (uuid, conversation_id, workspace_id, author, body, created_at) SELECT hex(randomblob(16)), i / ?2, 1, 1, ?3, i FROM n",
			conversations*said, said, text)
	}
	return err
}

func (w *bareWriter) close() {
	close(w.queue)
	close(w.stop)
	w.done.Wait()
}

func (w *bareWriter) write(m *bareMessage) error {
	m.done = make(chan struct{})
	w.queue <- m
	<-m.done
	return m.err
}

func (w *bareWriter) run(c driver.Conn) error {
	var stmts [5]driver.StmtExecContext
	for i, q := range []string{"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK",
		"INSERT INTO messages (uuid, conversation_id, workspace_id, author, body, created_at) VALUES (?, ?, 1, ?, ?, ?)",
		"UPDATE conversations SET last_at = ?, preview = ?, unread = unread + 1, messages = messages + 1, updated_at = ? WHERE id = ?"} {
		s, err := c.Prepare(q)
		if err != nil {
			return err
		}
		stmts[i] = s.(driver.StmtExecContext)
	}
	ctx := context.Background()
	for m := range w.queue {
		batch := []*bareMessage{m}
		for more := true; more && len(batch) < 256; {
			select {
			case m, ok := <-w.queue:
				if more = ok; ok {
					batch = append(batch, m)
				}
			default:
				more = false
			}
		}
		_, err := stmts[0].ExecContext(ctx, nil)
		for _, m := range batch {
			if err == nil {
				err = keepBare(ctx, stmts[3], stmts[4], m)
			}
		}
		if err == nil {
			_, err = stmts[1].ExecContext(ctx, nil)
		}
		if err != nil {
			stmts[2].ExecContext(ctx, nil)
		}
		if err == nil && w.committed != nil {
			w.committed(batch)
		}
		for _, m := range batch {
			m.err = err
			close(m.done)
		}
	}
	return nil
}

func keepBare(ctx context.Context, insert, update driver.StmtExecContext, m *bareMessage) error {
	m.at = time.Now().UnixMilli()
	r, err := insert.ExecContext(ctx, named(fmt.Sprintf("%012x%s", m.at, rand.Text()[:20]), m.Conversation, int64(1), m.Body, m.at))
	if err != nil {
		return err
	}
	m.ID, _ = r.LastInsertId()
	_, err = update.ExecContext(ctx, named(m.at, m.Body[:min(100, len(m.Body))], m.at, m.Conversation))
	return err
}

func named(values ...any) []driver.NamedValue {
	out := make([]driver.NamedValue, len(values))
	for i, v := range values {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return out
}

// prototype is the least server: it takes a message, commits it, and pushes the row to whoever looks at the
// conversation. No sessions, no permissions, no events, no validation.
func prototype(ctx context.Context, data string, conversations int) error {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	w, err := newBareWriter(filepath.Join(data, "bare.db"), conversations)
	if err != nil {
		return err
	}
	hub := &bareHub{subs: map[int64][]*bareSocket{}}
	w.committed = hub.committed
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /messages", func(rw http.ResponseWriter, r *http.Request) {
		var m bareMessage
		if json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&m) != nil || w.write(&m) != nil {
			http.Error(rw, "no", http.StatusBadRequest)
			return
		}
		rw.Header().Set("Content-Type", "application/json")
		json.NewEncoder(rw).Encode(m)
	})
	mux.HandleFunc("GET /live", hub.serve)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { srv.Close() })
	if err := json.NewEncoder(os.Stdout).Encode(hello{URL: "http://" + l.Addr().String()}); err != nil {
		return err
	}
	return srv.Serve(l)
}

type bareHub struct {
	mu   sync.RWMutex
	subs map[int64][]*bareSocket
}

type bareSocket struct {
	mu    sync.Mutex
	ws    *websocket.Conn
	queue [][]byte
	busy  bool
}

func (h *bareHub) serve(rw http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 1024}
	ws, err := up.Upgrade(rw, r, nil)
	if err != nil {
		return
	}
	from, _ := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	to, _ := strconv.ParseInt(r.URL.Query().Get("to"), 10, 64)
	h.mu.Lock()
	socket := &bareSocket{ws: ws}
	for id := from; id < to; id++ {
		h.subs[id] = append(h.subs[id], socket)
	}
	h.mu.Unlock()
	go func() {
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				return
			}
		}
	}()
}

func (h *bareHub) committed(batch []*bareMessage) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, m := range batch {
		if subs := h.subs[m.Conversation]; len(subs) > 0 {
			b, _ := json.Marshal(m)
			for _, s := range subs {
				s.push(b)
			}
		}
	}
}

func (s *bareSocket) push(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, b)
	if !s.busy {
		s.busy = true
		go s.flush()
	}
}

func (s *bareSocket) flush() {
	for {
		s.mu.Lock()
		list := s.queue
		s.queue = nil
		if s.busy = len(list) > 0; !s.busy {
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		s.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
		for _, b := range list {
			s.ws.WriteMessage(websocket.TextMessage, b)
		}
	}
}
