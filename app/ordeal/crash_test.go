package ordeal_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// Kills at random moments under load: every acknowledged message exists exactly once, counts and previews agree, the
// file is sound. DESKBELL_KILLS sets how many (the gate: 20; 200 for a long look).
func TestKillsLoseNothingThatWasAcknowledged(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	for k := range often(20) {
		stop := v.load(l, v.visitor, 8, fmt.Sprint(k), "a message")
		time.Sleep(time.Duration(20+rand.IntN(120)) * time.Millisecond)
		v.kill()
		stop()
		v.start()
	}
	v.kill()
	v.verify(l)
	acked, refused := l.counts()
	if refused > 0 {
		t.Errorf("refused: %v", l.refused)
	}
	t.Logf("%d acknowledged messages, all there once", acked)
}

// often is how many times a test does something to a running process: DESKBELL_KILLS, or what the gate has time for.
func often(n int) int {
	if more, err := strconv.Atoi(os.Getenv("DESKBELL_KILLS")); err == nil {
		return more
	}
	return n
}
