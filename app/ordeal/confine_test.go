package ordeal_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// F-12: within a narrow limit of memory, many sockets, large uploads and many messages at once do not end the process.
func TestANarrowMemoryLimitIsLivedWith(t *testing.T) {
	group := fmt.Sprintf("/sys/fs/cgroup/memory/deskbell-test-%d", os.Getpid())
	err := os.Mkdir(group, 0o755)
	if err == nil {
		defer os.Remove(group)
		err = os.WriteFile(filepath.Join(group, "memory.limit_in_bytes"), []byte("128M"), 0o644)
	}
	if err != nil {
		t.Skip("no control group can be made here: ", err)
	}
	v, l := newVictim(t, t.TempDir()), newLedger()
	if err := v.stop(); err != nil {
		t.Fatal(err)
	}
	v.before = []string{"sh", "-c", `echo $$ > ` + group + `/cgroup.procs && exec "$0" "$@"`}
	v.start()
	owner := v.owner()
	for range 1000 {
		ws, _, err := websocket.DefaultDialer.Dial("ws://"+v.addr+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		ws.WriteJSON(m{"auth": v.visitor})
		ws.WriteJSON(m{"id": 1, "view": "conversations.getTotalUnreadForVisitor", "args": m{}})
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
	most, _ := os.ReadFile(filepath.Join(group, "memory.max_usage_in_bytes"))
	if err := v.stop(); err != nil {
		t.Error("stopping:", err)
	}
	v.verify(l)
	acked, refused := l.counts()
	t.Logf("%d acknowledged, %d refused, at most %s bytes with the system's cache", acked, refused, bytes.TrimSpace(most))
}
