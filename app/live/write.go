package live

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/fault"
)

// Problem is an error as the wire tells it.
func Problem(err error) any {
	f := fault.Of(err)
	return struct {
		Code   fault.Kind    `json:"code"`
		Detail string        `json:"detail"`
		Errors []fault.Field `json:"errors,omitempty"`
	}{f.Kind, f.Message, f.Fields}
}

func (c *conn) fail(id int, err error) {
	a := Answer{ID: id, Error: Problem(err)}
	if b, err := a.append(nil); err == nil {
		c.note(b)
	}
}

func (c *conn) note(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.notes) < 256 {
		c.notes = append(c.notes, b)
	}
	c.flush()
}

// Changed is the engine's word that a view has an answer. The engine holds its lock: only note it.
func (c *conn) Changed(s *Subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.dirty {
		if d == s {
			return
		}
	}
	c.dirty = append(c.dirty, s)
	c.flush()
}

// Settled is the engine's word that a run changed nothing; it may let a fence through.
func (c *conn) Settled() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.fences) > 0 {
		c.again = true
		c.flush()
	}
}

// flush starts a flusher unless there is one. The lock is held.
func (c *conn) flush() {
	if !c.flushing && !c.ended {
		c.flushing = true
		go c.write() // ends by itself as soon as nothing is left to write; every write has a deadline
	}
}

func (c *conn) write() {
	out := outgoing.Get().(*[]byte)
	defer func() {
		if cap(*out) <= 64<<10 {
			outgoing.Put(out)
		}
	}()
	for {
		c.mu.Lock()
		dirty, notes := c.dirty, c.notes
		c.dirty, c.notes, c.again = nil, nil, false
		asked := append([]uint64(nil), c.fences...)
		c.mu.Unlock()
		f := outframe{bytes: append((*out)[:0], '[')}
		for _, n := range notes {
			f.add(n)
		}
		for _, s := range dirty {
			c.answer(&f, s)
		}
		if len(asked) > 0 {
			for _, seq := range c.passed(asked) {
				f.add(fmt.Appendf(nil, `{"fence":%d}`, seq))
			}
		}
		*out = f.bytes
		if f.n > 0 && !c.send(f.whole()) {
			return
		}
		c.mu.Lock()
		if len(c.dirty) == 0 && len(c.notes) == 0 && !c.again {
			c.flushing = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
	}
}

var outgoing = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// outframe is a frame that is being made: one answer, or a list of answers.
type outframe struct {
	bytes []byte // begins with [
	n     int
}

func (f *outframe) next() {
	if f.n++; f.n > 1 {
		f.bytes = append(f.bytes, ',')
	}
}

func (f *outframe) add(b []byte) {
	f.next()
	f.bytes = append(f.bytes, b...)
}

func (f *outframe) whole() []byte {
	if f.n == 1 {
		return f.bytes[1:]
	}
	return append(f.bytes, ']')
}

// answer adds what is new of a subscription to a frame.
func (c *conn) answer(f *outframe, s *Subscription) {
	a, ok := c.socket.Engine.Take(s)
	switch {
	case !ok:
		return
	case s.Hidden: // the guard: what it guards is the socket
		if a.Err != nil {
			c.end(websocket.ClosePolicyViolation, "the session has ended")
		}
		return
	case a.Err != nil:
		c.forget(s) // this view, not one that has its id meanwhile
		a = Answer{ID: s.ID, Error: Problem(a.Err)}
	}
	if !c.affords(s, a.kept) {
		c.end(websocket.CloseTryAgainLater, "too much is open")
		return
	}
	before := *f
	f.next()
	var err error
	if f.bytes, err = a.append(f.bytes); err != nil {
		*f = before
	}
}

// passed takes the fences that every open view has reached.
func (c *conn) passed(asked []uint64) []uint64 {
	c.mu.Lock()
	subs := append([]*Subscription(nil), c.subs...)
	c.mu.Unlock()
	var done []uint64
	for _, f := range asked {
		reached := f <= c.socket.Engine.db.Seq()
		for _, s := range subs {
			reached = reached && c.socket.Engine.Contains(s, f)
		}
		if reached {
			done = append(done, f)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range done {
		for i, g := range c.fences {
			if f == g {
				c.fences = append(c.fences[:i], c.fences[i+1:]...)
				break
			}
		}
	}
	return done
}

// affords counts a value that is kept for a visitor, once for each view, for as long as it is open; anew when it has grown
// by a quarter.
func (c *conn) affords(s *Subscription, n int) bool {
	if n <= little || c.socket.Showing == nil || !c.who.IsVisitor() {
		return true
	}
	c.mu.Lock()
	counted := c.ended || s.shown != nil && n <= s.counted+s.counted/4
	c.mu.Unlock()
	if counted {
		return true
	}
	done, ok := c.socket.Showing(c.ip, int64(n))
	if !ok {
		return false
	}
	c.mu.Lock()
	if slices.Contains(c.subs, s) { // or it was closed meanwhile
		s.shown, done = done, s.shown
		s.counted = n
	}
	c.mu.Unlock()
	if done != nil {
		done()
	}
	return true
}

func (c *conn) send(frame []byte) bool {
	if len(frame) > little && c.socket.Sending != nil && c.who.IsVisitor() {
		done, ok := c.socket.Sending(c.ip, int64(len(frame)))
		if !ok {
			c.end(websocket.CloseTryAgainLater, "too much is on its way")
			return false
		}
		defer done()
	}
	c.ws.SetWriteDeadline(time.Now().Add(patience))
	if err := c.ws.WriteMessage(websocket.TextMessage, frame); err != nil {
		c.mu.Lock()
		c.ended = true
		c.mu.Unlock()
		c.ws.Close()
		return false
	}
	return true
}

// end says goodbye with a code and closes.
func (c *conn) end(code int, why string) {
	c.mu.Lock()
	already := c.ended
	c.ended = true
	c.mu.Unlock()
	if already {
		return
	}
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(time.Second))
	c.ws.Close()
}

func (c *conn) gone() {
	c.mu.Lock()
	c.ended = true
	subs := c.subs
	c.subs = nil
	c.mu.Unlock()
	c.ws.Close()
	for _, s := range subs {
		c.close(s)
	}
	if c.guard != nil {
		c.socket.Engine.Close(c.guard)
		if c.socket.Closed != nil {
			c.socket.Closed(*c.who)
		}
	}
	c.socket.release(c, c.ip)
}
