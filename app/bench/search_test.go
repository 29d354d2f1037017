package main

import (
	"context"
	"testing"
)

// BenchmarkSearch asks 5,000 articles: go test ./app/bench -run '^$' -bench Search -benchtime 1000x -cpuprofile FILE
func BenchmarkSearch(b *testing.B) {
	d, err := newDesk(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	defer d.stop()
	l := newLexicon(20000)
	if err := d.library(context.Background(), l, shelf); err != nil {
		b.Fatal(err)
	}
	for _, k := range asked(l) {
		b.Run(k.kind, func(b *testing.B) {
			var took samples
			for b.Loop() {
				one, err := d.ask(context.Background(), 1, k.next)
				if err != nil {
					b.Fatal(err)
				}
				took.add(one.at(0))
			}
			b.ReportMetric(float64(took.at(0.5).Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took.at(0.99).Microseconds())/1000, "p99-ms")
		})
	}
}
