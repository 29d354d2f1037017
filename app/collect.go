package app

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	leanest = 50       // percent of what is in use that may be garbage
	room    = 16 << 20 // bytes that may be garbage in any case
)

// Collect sets the garbage collector for a small server: memory is dearer than the collector's time, but with little in
// use half of it is next to nothing, and the collector would run seventy times a second. GOGC in the environment
// overrides it.
func Collect() {
	if os.Getenv("GOGC") != "" {
		return
	}
	p := &pacer{sample: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
	p.adjust()
}

type pacer struct {
	sample  []metrics.Sample
	percent int
}

// adjust runs after every collection: a dead object's finalizer is how the runtime tells.
func (p *pacer) adjust() {
	metrics.Read(p.sample)
	live := max(4<<20, int(p.sample[0].Value.Uint64()))
	if want := max(leanest, room*100/live); want < p.percent*9/10 || want > p.percent*11/10 {
		p.percent = want
		debug.SetGCPercent(want)
	}
	runtime.SetFinalizer(&struct{ p *pacer }{p}, func(d *struct{ p *pacer }) { d.p.adjust() })
}
