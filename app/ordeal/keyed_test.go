package ordeal_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Requests under an Idempotency-Key that a kill left without an answer are sent again: each is carried out once, also when
// it had been kept and only its answer was lost.
func TestAKillHasNoKeyedRequestCarriedOutTwice(t *testing.T) {
	v := newVictim(t, t.TempDir())
	owner := v.owner()
	send := func(name string) (int, error) {
		status, _, err := v.keyed(owner, "messages.send", name, m{"workspaceId": v.workspace, "conversationId": v.conversation, "content": name})
		return status, err
	}
	var mu sync.Mutex
	sent, unsure, lost := map[string]int{}, []string{}, 0 // sent: how it was answered in the end
	for k := range often(10) {
		var running sync.WaitGroup
		for n := range 8 {
			running.Go(func() {
				for i := 0; ; i++ {
					name := fmt.Sprintf("%d.%d.%d", k, n, i)
					status, err := send(name)
					mu.Lock()
					if sent[name] = status; err != nil {
						unsure = append(unsure, name)
					}
					mu.Unlock()
					if status != 200 {
						return
					}
				}
			})
		}
		time.Sleep(time.Duration(20+rand.IntN(100)) * time.Millisecond)
		v.kill()
		running.Wait()
		v.start()
		for _, name := range unsure {
			status, err := send(name)
			if sent[name] = status; err != nil || status != 200 && status != http.StatusConflict && status != http.StatusTooManyRequests {
				t.Errorf("%s again: %d %v", name, status, err)
			}
			if status == http.StatusConflict {
				lost++
			}
		}
		unsure = nil
	}
	times := map[string]int{}
	for before := (m{}); ; {
		in := m{"workspaceId": v.workspace, "conversationId": v.conversation, "limit": 100}
		for k, x := range before {
			in[k] = x
		}
		list := v.ok(owner, "messages.list", in)["items"].([]any)
		for _, x := range list {
			times[x.(m)["content"].(string)]++
		}
		if len(list) < 100 {
			break
		}
		before = m{"before": list[0].(m)["id"]}
	}
	for name, status := range sent {
		want := 1
		if status == http.StatusTooManyRequests {
			want = 0
		}
		if times[name] != want {
			t.Errorf("%s was answered with %d and is there %d times", name, status, times[name])
		}
	}
	t.Logf("%d requests, of which %d were kept and had lost their answers", len(sent), lost)
}
