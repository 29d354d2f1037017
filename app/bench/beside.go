package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"deskbell/app/inbox"
)

// paced sends a message every so often, one after the other, until the time is over or until is closed.
func (d *desk) paced(ctx context.Context, every, length time.Duration, until chan struct{}) (*samples, error) {
	ids, err := d.newest(ctx, 1)
	if err != nil {
		return nil, err
	}
	var took samples
	var failed atomic.Value
	var wg sync.WaitGroup
	tick := time.NewTicker(every)
	defer tick.Stop()
	for begun := time.Now(); failed.Load() == nil && (until != nil || time.Since(begun) < length); {
		select {
		case <-until:
			wg.Wait()
			return &took, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
		wg.Go(func() { // a message does not wait for the one before it: waiting would hide a stop
			at := time.Now()
			if _, err := d.Inbox.Send(ctx, d.agent, inbox.Send{ConversationID: ids[0], Content: text}); err != nil {
				failed.Store(err)
			}
			took.add(time.Since(at))
		})
	}
	wg.Wait()
	err, _ = failed.Load().(error)
	return &took, err
}

const pace = 10 * time.Millisecond // between two messages, where messages are measured beside something else

// beside measures messages before and while something runs.
func (d *desk) beside(ctx context.Context, length time.Duration, run func() error) (before, during *samples, err error) {
	if before, err = d.paced(ctx, pace, length, nil); err != nil {
		return nil, nil, err
	}
	until, ran := make(chan struct{}), make(chan error, 1)
	go func() { ran <- run(); close(until) }()
	during, err = d.paced(ctx, pace, 0, until)
	return before, during, errors.Join(err, <-ran)
}

// importing measures messages while a folder of articles is taken over and published.
func importing(ctx context.Context, s settings, t *table) error {
	d, err := newFilledDesk(ctx, 100)
	if err != nil {
		return err
	}
	defer d.stop()
	l := newLexicon(20000)
	if err := d.library(ctx, l, 0); err != nil {
		return err
	}
	const articles, photographs = 300, 20
	var ratios []float64
	var p99, worst, took []time.Duration
	for round := range s.rounds {
		name := fmt.Sprint("folder", round)
		raw, err := l.folder(name, articles, photographs)
		if err != nil {
			return err
		}
		begun := time.Now()
		before, during, err := d.beside(ctx, s.length, func() error {
			begun = time.Now()
			_, err := d.take(ctx, raw, name, articles)
			took = append(took, time.Since(begun))
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "  before p50 %s p99 %s, during p50 %s p99 %s most %s\n", ms(before.at(0.5)), ms(before.at(0.99)), ms(during.at(0.5)), ms(during.at(0.99)), ms(during.at(1)))
		ratios = append(ratios, float64(during.at(0.99))/float64(before.at(0.99)))
		p99, worst = append(p99, during.at(0.99)), append(worst, during.at(1))
	}
	t.add(fmt.Sprintf("a message's p99 while %d articles and %d photographs are imported, of before", articles, photographs), "≤ 3", "%.2f (p99 %s, most %s; the import took %s)", median(ratios), ms(median(p99)), ms(median(worst)), median(took).Round(100*time.Millisecond))
	return nil
}
