package web

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter bounds how often one caller may come: a token bucket per key, the least recently used forgotten.
type limiter struct {
	mu    sync.Mutex
	order *list.List
	keys  map[string]*list.Element
}

type bucket struct {
	key   string
	limit *rate.Limiter
}

const remembered = 50000

func newLimiter() *limiter { return &limiter{order: list.New(), keys: map[string]*list.Element{}} }

// wait takes n tokens of a key's bucket, or says how long until there are enough.
func (l *limiter) wait(now time.Time, key string, n int, every time.Duration, burst int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	el, ok := l.keys[key]
	if !ok {
		if l.order.Len() >= remembered {
			old := l.order.Back()
			delete(l.keys, old.Value.(*bucket).key)
			l.order.Remove(old)
		}
		el = l.order.PushFront(&bucket{key, rate.NewLimiter(rate.Every(every), burst)})
		l.keys[key] = el
	}
	l.order.MoveToFront(el)
	r := el.Value.(*bucket).limit.ReserveN(now, n)
	if !r.OK() {
		return time.Minute
	}
	if d := r.DelayFrom(now); d > 0 {
		r.CancelAt(now)
		return d
	}
	return 0
}
