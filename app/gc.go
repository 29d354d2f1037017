package app

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	leanest = 33       // percent of what is in use that may be garbage
	room    = 24 << 20 // bytes that may be garbage in any case
	ample   = 96 << 20 // bytes that may be garbage when so much is allocated in a second,
	full    = 96 << 20 // and less where garbage and all that is in use would be more than this: what lives long lies scattered among it
)

// TuneGC sets the garbage collector for a small server: memory is dearer than the collector's time, but with little in
// use a share of it is next to nothing, and the collector would run seventy times a second. While very much is going on
// it runs about once a second; what it needs for that goes back when the busy time is over (returnMemory). GOGC in the
// environment overrides it.
func TuneGC() {
	if os.Getenv("GOGC") != "" {
		return
	}
	p := &pacer{sample: []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}, {Name: "/gc/heap/allocs:bytes"}}, last: time.Now()}
	p.adjust()
}

type pacer struct {
	sample    []metrics.Sample
	percent   int
	last      time.Time // of the collection before
	allocated uint64    // up to then
}

// adjust runs after every collection: a dead object's finalizer is how the runtime tells.
func (p *pacer) adjust() {
	metrics.Read(p.sample)
	live := max(4<<20, int(p.sample[0].Value.Uint64()))
	whole := live // what GOGC is a percentage of
	for _, s := range p.sample[1:3] {
		whole += int(s.Value.Uint64())
	}
	allocated, now := p.sample[3].Value.Uint64(), time.Now()
	second := float64(allocated-p.allocated) / max(now.Sub(p.last).Seconds(), 0.01)
	p.allocated, p.last = allocated, now
	if want := 100 * max(room, live*leanest/100, min(int(second), ample, full-whole)) / whole; want < p.percent*9/10 || want > p.percent*11/10 {
		p.percent = want
		debug.SetGCPercent(want)
	}
	runtime.SetFinalizer(&struct{ p *pacer }{p}, func(d *struct{ p *pacer }) { d.p.adjust() })
}

const (
	pause = 5 * time.Second
	calm  = 2 << 20 // bytes allocated in a pause in which next to nothing happens
)

// stacks are the megabytes that goroutines' stacks take.
func stacks() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() >> 20
}

// returnMemory gives memory back to the machine when a busy time is over, until ctx ends.
func returnMemory(ctx context.Context) error {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	var last, rested uint64
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		metrics.Read(sample)
		now := sample[0].Value.Uint64()
		if now-last < calm && now-rested > room/2 {
			for was := uint64(math.MaxUint64); stacks() < was; { // each collection halves stacks that are too large by now
				was = stacks()
				debug.FreeOSMemory()
			}
			rested = now
		}
		last = now
	}
}
