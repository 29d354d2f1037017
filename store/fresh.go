package store

import "sync"

// fresh keeps the newest messages as they were written, until something changes them: each is read again at once by the views
// that show it, and reading a row from the file costs more than all the rest of showing it.
//
// A message comes in behind its commit and leaves before the commit that changes it, so that no snapshot that holds the
// change finds the message as it was.
type fresh struct {
	mu   sync.Mutex
	at   map[ID]int       // where a message stands
	ring [newest]freshRow // the next one takes the oldest one's place
	next int

	added []freshRow // of the transaction that runs; the writer's alone
}

type freshRow struct {
	Message
	workspace ID
}

const (
	newest = 256
	little = 16 << 10 // bytes of a message that is kept
)

// wrote notes a message of the running transaction.
func (f *fresh) wrote(workspace ID, m *Message) {
	if len(m.Content)+len(m.HTML)+len(m.Event)+len(m.Sources) <= little {
		f.added = append(f.added, freshRow{*m, workspace})
	}
}

// changes forgets a message that the running transaction changes.
func (f *fresh) changes(id ID) {
	for i, m := range f.added {
		if m.ID == id {
			f.added = append(f.added[:i], f.added[i+1:]...)
			break
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(id)
}

func (f *fresh) forget(id ID) {
	if i, ok := f.at[id]; ok {
		delete(f.at, id)
		f.ring[i] = freshRow{}
	}
}

// undone forgets what the transaction wrote.
func (f *fresh) undone() {
	clear(f.added)
	f.added = f.added[:0]
}

// done keeps what the transaction wrote, now that it is durable.
func (f *fresh) done() {
	if len(f.added) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at == nil {
		f.at = map[ID]int{}
	}
	for _, m := range f.added {
		f.forget(f.ring[f.next].ID)
		f.at[m.ID], f.ring[f.next] = f.next, m
		f.next = (f.next + 1) % newest
	}
	f.undone()
}

func (f *fresh) row(id ID) (freshRow, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i, ok := f.at[id]
	if !ok {
		return freshRow{}, false
	}
	return f.ring[i], true
}
