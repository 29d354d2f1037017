package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The load of the cell `post` shares two cores with what it measures, so it must cost next to nothing: one kept
// HTTP/1.1 connection a client, written and read by hand, and sockets that only look for a mark.

const patience = 10 * time.Second

// caller is one client's connection.
type caller struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	body    []byte
}

func newCallers(url string) []*caller {
	list := make([]*caller, clients)
	for i := range list {
		list[i] = &caller{address: strings.TrimPrefix(url, "http://")}
	}
	return list
}

func (c *caller) close() {
	if c.conn != nil {
		c.conn.Close()
	}
	c.conn = nil
}

// post sends a body and gives back an error unless it was taken. What was answered may be read until the next call.
func (c *caller) post(path, token string, body []byte) ([]byte, error) {
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.address)
		if err != nil {
			return nil, err
		}
		c.conn, c.in = conn, bufio.NewReader(conn)
	}
	c.out = append(append(append(c.out[:0], "POST "...), path...), " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"...)
	if token != "" {
		c.out = append(append(append(c.out, "Authorization: Bearer "...), token...), "\r\n"...)
	}
	c.out = append(strconv.AppendInt(append(c.out, "Content-Length: "...), int64(len(body)), 10), "\r\n\r\n"...)
	c.out = append(c.out, body...)
	c.conn.SetDeadline(time.Now().Add(patience))
	if _, err := c.conn.Write(c.out); err != nil {
		return nil, err
	}
	status, size := 0, -1
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first {
			if len(line) < 12 {
				return nil, fmt.Errorf("not an answer: %q", line)
			}
			status, _ = strconv.Atoi(string(line[9:12]))
			continue
		}
		if len(line) == 0 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); bytes.EqualFold(name, []byte("Content-Length")) {
			size, _ = strconv.Atoi(string(value))
		}
	}
	if size < 0 {
		return nil, errors.New("an answer without a length")
	}
	if cap(c.body) < size {
		c.body = make([]byte, size)
	}
	c.body = c.body[:size]
	if _, err := io.ReadFull(c.in, c.body); err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("%d: %s", status, c.body)
	}
	return c.body, nil
}

// watcher reads a socket and says when it showed the mark.
type watcher struct {
	mu    sync.Mutex
	mark  []byte
	shown chan error
}

func watch(ws *websocket.Conn) *watcher {
	w := &watcher{shown: make(chan error, 1)}
	go func() { // ends with the socket
		var frame bytes.Buffer
		for {
			_, r, err := ws.NextReader()
			if err == nil {
				frame.Reset()
				_, err = frame.ReadFrom(r)
			}
			w.mu.Lock()
			if w.mark != nil && (err != nil || bytes.Contains(frame.Bytes(), w.mark)) {
				w.mark = nil
				w.shown <- err
			}
			w.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return w
}

// expect names what is to be shown next.
func (w *watcher) expect(mark string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mark = []byte(mark)
}

// wait waits until it was shown.
func (w *watcher) wait(timer *time.Timer) error {
	timer.Reset(patience)
	select {
	case err := <-w.shown:
		return err
	case <-timer.C:
		return fmt.Errorf("a message was not pushed within %s", patience)
	}
}
