package minilm

import (
	"strings"
	"testing"
	"time"
)

func TestOlderProcessorsCountAlike(t *testing.T) {
	if !faster {
		t.Skip("this one is an older one")
	}
	faster = false
	defer func() { faster = true }()
	TestAllProcessorsCountAlike(t)
}

// BenchmarkProcessors compares a passage by what newer and older processors have, in turns.
func BenchmarkProcessors(b *testing.B) {
	if !faster {
		b.Skip("this one is an older one")
	}
	defer func() { faster = true }()
	ids := load().tokens(strings.Repeat("the parcel has not arrived and the shop does not answer me ", 40))[:128]
	var took [2]time.Duration
	for b.Loop() {
		for i := range took {
			faster = i == 0
			start := time.Now()
			load().forward(ids, func() {})
			took[i] += time.Since(start)
		}
	}
	b.ReportMetric(float64(took[0].Microseconds())/1000/float64(b.N), "newer-ms")
	b.ReportMetric(float64(took[1].Microseconds())/1000/float64(b.N), "older-ms")
}
