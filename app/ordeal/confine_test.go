package ordeal_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// confinement is a limit of memory.
type confinement struct {
	before []string                        // a command line that runs another within it
	most   func() int64                    // that were in use at one time
	held   func(process int) (stop func()) // while it runs
	what   string
}

// confined makes a limit: a control group of either version, which ends what goes beyond it; where none can be made, the
// same limit is what the collector is told, and what the process takes is measured.
func confined(t *testing.T, limit int64) confinement {
	t.Helper()
	name := fmt.Sprintf("deskbell-test-%d", os.Getpid())
	for _, g := range []struct{ what, dir, limit, most string }{
		{"a control group (version 1)", "/sys/fs/cgroup/memory/" + name, "memory.limit_in_bytes", "memory.max_usage_in_bytes"},
		{"a control group (version 2)", "/sys/fs/cgroup/" + name, "memory.max", "memory.peak"},
	} {
		if os.Mkdir(g.dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { os.Remove(g.dir) })
		if os.WriteFile(filepath.Join(g.dir, g.limit), strconv.AppendInt(nil, limit, 10), 0o644) != nil {
			os.Remove(g.dir)
			continue
		}
		return confinement{
			before: []string{"sh", "-c", `echo $$ > ` + g.dir + `/cgroup.procs && exec "$0" "$@"`}, what: g.what,
			held: func(int) func() { return func() {} },
			most: func() int64 { return number(filepath.Join(g.dir, g.most), "") },
		}
	}
	var mu sync.Mutex
	var most int64
	return confinement{
		before: []string{"env", fmt.Sprint("GOMEMLIMIT=", limit/10*9)}, what: "what the collector is told",
		held: func(process int) func() {
			quit, ended := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(ended)
				for tick := time.NewTicker(20 * time.Millisecond); ; {
					select {
					case <-quit:
						return
					case <-tick.C:
					}
					mu.Lock()
					most = max(most, number(fmt.Sprintf("/proc/%d/status", process), "RssAnon:")<<10)
					mu.Unlock()
				}
			}()
			return func() { close(quit); <-ended }
		},
		most: func() int64 { mu.Lock(); defer mu.Unlock(); return most },
	}
}

// number reads a number from a file, from behind a word.
func number(path, behind string) int64 {
	b, _ := os.ReadFile(path)
	_, after, _ := bytes.Cut(b, []byte(behind))
	word, _, _ := strings.Cut(strings.TrimSpace(string(after))+"\n", "\n")
	word, _, _ = strings.Cut(word, " ")
	n, _ := strconv.ParseInt(word, 10, 64)
	return n
}

// F-12: within a narrow limit of memory, thousands of sockets, large uploads and many messages at once do not end the process.
func TestANarrowMemoryLimitIsLivedWith(t *testing.T) {
	const limit, sockets = 160 << 20, 5000
	limits := confined(t, limit)
	v, l := newVictim(t, t.TempDir()), newLedger()
	if err := v.stop(); err != nil {
		t.Fatal(err)
	}
	v.before = limits.before
	v.start()
	watched := limits.held(v.cmd.Process.Pid)
	defer watched()
	owner := v.owner()
	visitor := ""
	var open []*websocket.Conn
	for n := range sockets {
		if n%100 == 0 { // so many sockets may one session have
			visitor = v.ok("", "widgetSessions.boot", m{"workspaceId": v.workspace})["sessionToken"].(string)
		}
		ws, _, err := websocket.DefaultDialer.Dial("ws://"+v.addr+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		ws.WriteJSON(m{"auth": visitor})
		ws.WriteJSON(m{"id": 1, "view": "conversations.getTotalUnreadForVisitor", "args": m{}})
		open = append(open, ws)
	}
	for _, ws := range open {
		ws.SetReadDeadline(time.Now().Add(time.Minute))
		if _, _, err := ws.ReadMessage(); err != nil {
			t.Fatal("a socket is not served: ", err)
		}
	}
	stop := v.load(l, owner, 16, "load", strings.Repeat("a long message ", 200))
	var uploads sync.WaitGroup
	for range 6 {
		uploads.Go(func() {
			if status, err := v.upload(owner, 20<<20); status != 200 {
				t.Error("an upload:", status, err)
			}
		})
	}
	uploads.Wait()
	stop()
	if status, page := v.page("/healthz"); status != 200 {
		t.Errorf("%d %s", status, page)
	}
	if _, page := v.page("/metrics"); !strings.Contains(page, fmt.Sprintf("\ndeskbell_sockets %d\n", sockets)) {
		t.Errorf("not all %d sockets are open: %s", sockets, page)
	}
	most := limits.most()
	if most > limit+1<<20 { // a group counts the system's cache too, and may go a page over
		t.Errorf("%d MB were taken, the limit is %d", most>>20, limit>>20)
	}
	v.settle(l, http.StatusServiceUnavailable)
	t.Logf("%d sockets, at most %d MB, within %s", sockets, most>>20, limits.what)
}
