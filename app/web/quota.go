package web

import "sync"

// Quota bounds what is held for strangers at a time, in all and for one network: memory for whoever reads slowly, or not at
// all, files that come slowly. One may have many connections, and be as many visitors as one likes.
type Quota struct {
	Each, All int64 // at most, for one network and for all

	mu  sync.Mutex
	by  map[string]int64
	sum int64
}

// Take counts n of what is held for somebody of a network until the returned function is called; false where there is too
// much.
func (l *Quota) Take(network string, n int64) (done func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by[network]+n > l.Each || l.sum+n > l.All {
		return nil, false
	}
	if l.by == nil {
		l.by = map[string]int64{}
	}
	l.by[network] += n
	l.sum += n
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.sum -= n
		if l.by[network] -= n; l.by[network] == 0 {
			delete(l.by, network)
		}
	}, true
}

// Sum is how much is held now.
func (l *Quota) Sum() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sum
}
