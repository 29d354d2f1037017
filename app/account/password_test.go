package account

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app/actor"
	"deskbell/store"
)

func opened(t testing.TB) *Accounts {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "deskbell.db"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	a := New(db, []byte("secret"), "http://localhost")
	if _, _, err := a.Found(t.Context(), Founder{Name: "Ann Berg", Email: "ann@shop.test", Password: "correct horse", WorkspaceName: "Shop"}); err != nil {
		t.Fatal(err)
	}
	return a
}

// S-21, S-23: every sign-in waits for its turn to hash, whether there is such an account or not. While both turns are
// taken none comes to an end, so none has answered without hashing.
func TestEverySignInHashesInItsTurn(t *testing.T) {
	a := opened(t)
	if cap(hashing) > 2 {
		t.Errorf("%d passwords are hashed at a time", cap(hashing))
	}
	for range cap(hashing) {
		hashing <- struct{}{}
	}
	for _, email := range []string{"ann@shop.test", "nobody@shop.test", "", "no address"} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		_, err := a.SignIn(ctx, actor.Actor{}, SignIn{Email: email, Password: "x"})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%q was answered without hashing: %v", email, err)
		}
	}
	for range cap(hashing) {
		<-hashing
	}
	if _, err := a.SignIn(t.Context(), actor.Actor{}, SignIn{Email: "ann@shop.test", Password: "correct horse"}); err != nil {
		t.Error(err)
	}
	// The hash that nobody has costs what the others cost.
	hash, err := hashPassword(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	mine, nobodys := strings.Split(hash, "$"), strings.Split(nobody, "$")
	if mine[1] != nobodys[1] || mine[2] != nobodys[2] || mine[3] != nobodys[3] || len(mine[4]) != len(nobodys[4]) || len(mine[5]) != len(nobodys[5]) {
		t.Errorf("%s is not like %s", nobody, hash)
	}
	for _, password := range []string{"", "x", "correct horse"} {
		if ok, err := passwordMatches(t.Context(), nobody, password); ok || err != nil {
			t.Errorf("%q opens it: %v", password, err)
		}
	}
}

// What is forgotten where very many fail is the oldest: nobody can have it all forgotten by failing often.
func TestFailuresAreForgottenOldestFirst(t *testing.T) {
	var th throttle
	here := []tally{{"here", 1}}
	if th.begin(1, here) != 0 || th.begin(2, here) == 0 {
		t.Fatal("one failure is free, and then one waits")
	}
	for i := range remembered + 10 {
		th.begin(store.Time(i+2), []tally{{"other " + store.ID(i).String(), 1}})
		if i%1000 == 0 {
			th.begin(store.Time(i+3000000), here) // it is tried again and again, and so remembered
		}
	}
	if len(th.keys) != remembered || th.order.Len() != remembered {
		t.Errorf("%d keys are remembered", len(th.keys))
	}
	if th.begin(store.Time(3000001+remembered), here) == 0 {
		t.Error("it was forgotten")
	}
}

// S-23: what a stranger could measure. Turn by turn, so that a busy machine is so to both.
func BenchmarkSignIn(b *testing.B) {
	a := opened(b)
	took := map[string][]time.Duration{}
	for b.Loop() {
		for _, email := range []string{"ann@shop.test", "nobody@shop.test"} {
			a.failed = throttle{}
			start := time.Now()
			if _, err := a.SignIn(b.Context(), actor.Actor{}, SignIn{Email: email, Password: "wrong"}); err == nil {
				b.Fatal("it opened")
			}
			took[email] = append(took[email], time.Since(start))
		}
	}
	median := func(list []time.Duration) float64 {
		slices.Sort(list)
		return float64(list[len(list)/2])
	}
	b.ReportMetric(median(took["nobody@shop.test"])/median(took["ann@shop.test"]), "unknown/known")
}
