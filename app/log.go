package app

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	linesKept = 1024            // lines of the log that wait to be written; one more is dropped
	lastWords = 2 * time.Second // how long the end of the process waits for them
)

// Log hands lines on to a writer and never waits for it: whoever reads the log may have stopped, its disk may be full, and
// nobody's message waits for that. What is dropped is counted, and the count is written when there is room again.
type Log struct {
	to    io.Writer
	lines chan []byte
	done  chan struct{}

	mu      sync.Mutex
	dropped int
	closed  bool
}

// NewLog begins to write; Close ends it.
func NewLog(to io.Writer) *Log {
	l := &Log{to: to, lines: make(chan []byte, linesKept), done: make(chan struct{})}
	go l.run() // ends with Close
	return l
}

// Write takes a line, or drops it. It never fails.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return len(p), nil
	}
	if l.dropped > 0 {
		select {
		case l.lines <- fmt.Appendf(nil, "%d lines of the log were dropped: nobody read them\n", l.dropped):
			l.dropped = 0
		default:
		}
	}
	select {
	case l.lines <- append([]byte(nil), p...):
	default:
		l.dropped++
	}
	return len(p), nil
}

func (l *Log) run() {
	defer close(l.done)
	for line := range l.lines {
		l.to.Write(line)
	}
}

// Waiting is how many lines wait to be written.
func (l *Log) Waiting() int { return len(l.lines) }

// Close writes what waits, but does not wait long for it.
func (l *Log) Close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.lines)
	}
	l.mu.Unlock()
	select {
	case <-l.done:
	case <-time.After(lastWords):
	}
}
