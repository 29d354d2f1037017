package ordeal_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sys/unix"

	"deskbell/app/apptest"
)

// smallDisk is a disk of so many megabytes that holds a data directory.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes))
	apptest.Needed(t, err == nil, fmt.Sprint("a disk of its own can only be made as root: ", err))
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill writes a file until so many bytes are left on its disk, or as much as goes. What others give back meanwhile it leaves alone.
func fill(t *testing.T, path string, leave int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s unix.Statfs_t
	unix.Statfs(filepath.Dir(path), &s)
	for free := int64(s.Bavail)*s.Bsize - leave; free > 0; free -= 64 << 10 {
		if _, err := f.Write(make([]byte, min(free, 64<<10))); err != nil {
			return
		}
	}
}

// within waits until something holds, for a minute at most.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not within a minute: ", what)
		}
	}
}

// F-08: a full disk refuses what is new with 507 and keeps nothing of it; what is there can be read, the team can sign in
// and is told, and when there is room again everything goes on without a restart.
func TestAFullDiskRefusesWritesAndRecoversByItself(t *testing.T) {
	data := smallDisk(t, 64)
	v, l := newVictim(t, data), newLedger()
	owner := v.owner()
	within(t, "the reserve is made", func() bool { _, err := os.Stat(filepath.Join(data, "reserve")); return err == nil })
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+v.addr+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	ws.WriteJSON(m{"auth": owner})
	ws.WriteJSON(m{"id": 1, "view": "storage.get", "args": m{"workspaceId": v.workspace}})
	said := func(room string) {
		t.Helper()
		apptest.Hear(t, ws, func(a m) bool { s, _ := a["value"].(m); return s["room"] == room })
	}
	said("ok")
	ballast := filepath.Join(data, "ballast")
	fill(t, ballast, 5<<20)
	said("low")
	if err := v.send(l, owner, "while low", "There is still room for this."); err != nil || len(l.acked) != 1 {
		t.Fatal("a low disk takes no message:", err, l.refused)
	}

	stop := v.load(l, owner, 4, "load", strings.Repeat("as long as there is room ", 40))
	fill(t, ballast, 0)
	within(t, "refusals", func() bool { _, refused := l.counts(); return refused > 20 })
	stop()
	said("full")

	status, out, err := v.ask(owner, "messages.send", m{"conversationId": v.conversation, "content": "No room"})
	if err != nil || status != 507 || out["code"] != "storage_full" || out["requestId"] == "" {
		t.Errorf("%d %v %v, want a problem of code storage_full", status, out, err)
	}
	again := v.owner() // signing in, with a session of one's own
	if list := v.ok(again, "conversations.listForInbox", m{}); len(list["items"].([]any)) != 1 {
		t.Errorf("the inbox on a full disk: %v", list)
	}
	if list := v.ok(v.visitor, "messages.list", m{"conversationId": v.conversation}); len(list["items"].([]any)) == 0 {
		t.Error("the visitor reads nothing on a full disk")
	}
	v.ok(again, "auth.signOut", m{})
	if status, _, _ := v.ask(again, "users.me", m{}); status != 401 {
		t.Errorf("a session that was ended on a full disk: %d, want 401", status)
	}
	for door, in := range map[string]m{"apiKeys.create": {"name": "x", "scopes": []string{"users.read"}}, "tags.create": {"name": "x"}} {
		if status, _, err := v.ask(owner, door, in); status != 507 {
			t.Errorf("%s: %d %v, want 507", door, status, err)
		}
	}
	if status, err := v.upload(v.visitor, 20<<10); status != 507 {
		t.Errorf("an upload: %d %v, want 507", status, err)
	}
	if status, page := v.page("/healthz"); status != 200 || !strings.Contains(page, `"disk":"full"`) || !strings.Contains(page, `"status":"disk full"`) {
		t.Errorf("/healthz: %d %s", status, page)
	}
	if _, page := v.page("/metrics"); !strings.Contains(page, "\ndeskbell_disk_full 1\n") {
		t.Errorf("/metrics does not tell: %s", page)
	}
	left, _ := filepath.Glob(filepath.Join(data, "*.tmp"))
	staged, _ := os.ReadDir(filepath.Join(data, "uploads"))
	if len(left)+len(staged) > 0 {
		t.Errorf("left behind: %v %v", left, staged)
	}

	os.Remove(ballast)
	within(t, "messages are taken again", func() bool {
		_, err := v.post(owner, "messages.send", m{"conversationId": v.conversation, "content": "Room again", "clientId": "again"})
		return err == nil
	})
	said("ok")
	within(t, "the reserve is made anew", func() bool { _, err := os.Stat(filepath.Join(data, "reserve")); return err == nil })
	v.settle(l, http.StatusInsufficientStorage)
}

// F-08: a limit on the size of files looks to SQLite like a broken disk (EFBIG); it is a full one.
func TestALimitOnFilesIsAFullDisk(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	owner := v.owner()
	limit := func(n uint64) error {
		return unix.Prlimit(v.cmd.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: n, Max: unix.RLIM_INFINITY}, nil)
	}
	if err := limit(1 << 20); err != nil { // the file is larger: only the log can grow for a while
		t.Fatal(err)
	}
	stop := v.load(l, owner, 4, "load", strings.Repeat("as long as there is room ", 200))
	within(t, "a refusal", func() bool { _, refused := l.counts(); return refused > 3 })
	if list := v.ok(owner, "messages.list", m{"conversationId": v.conversation}); len(list["items"].([]any)) == 0 {
		t.Error("nothing can be read")
	}
	stop()
	if err := limit(unix.RLIM_INFINITY); err != nil {
		t.Fatal(err)
	}
	within(t, "messages are taken again", func() bool {
		_, err := v.post(owner, "messages.send", m{"conversationId": v.conversation, "content": "Room again", "clientId": "again"})
		return err == nil
	})
	v.settle(l, http.StatusInsufficientStorage)
}

// failSyncs makes every sync of a process fail from here on, and answers with what waits for the end of the tracer that does it.
// A tracer that does not get hold of every thread in a while is begun anew.
func failSyncs(t *testing.T, tracer string, pid int) func() {
	t.Helper()
	for range 6 {
		var said bytes.Buffer
		trace := exec.Command(tracer, "-f", "-qq", "-o", filepath.Join(t.TempDir(), "trace"), "-p", fmt.Sprint(pid),
			"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO")
		trace.Stderr = &said
		if err := trace.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- trace.Wait() }()
		for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if traced(pid) {
				return func() { <-ended }
			}
			select {
			case err := <-ended:
				t.Fatalf("the tracer ended: %v: %s", err, said.String())
			default:
			}
		}
		trace.Process.Kill()
		<-ended
		t.Log("the tracer did not get hold of the process: ", said.String())
	}
	t.Fatal("no tracer gets hold of the process")
	return nil
}

// traced tells whether every thread of a process has a tracer; from then on those that begin have it too.
func traced(pid int) bool {
	list, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	for _, path := range list {
		if status, err := os.ReadFile(path); err == nil && bytes.Contains(status, []byte("TracerPid:\t0\n")) {
			return false
		}
	}
	return len(list) > 0
}

// F-10: a disk that fails to keep what it was given is not asked again. What was being written is refused, nothing is
// acknowledged any more, and the process ends with one clear line, so that whoever watches it starts it anew: then the log
// shows what was kept.
func TestADiskThatFailsEndsTheProcess(t *testing.T) {
	tracer, err := exec.LookPath("strace")
	apptest.Needed(t, err == nil, "strace is not installed")
	v, l := newVictim(t, t.TempDir()), newLedger()
	owner := v.owner()
	stop := v.load(l, owner, 4, "before", "a message")
	within(t, "messages", func() bool { acked, _ := l.counts(); return acked > 50 })
	stop()

	defer failSyncs(t, tracer, v.cmd.Process.Pid)()
	for n := range 20 {
		if v.send(l, owner, fmt.Sprint("after ", n), "a message") != nil {
			break // it has gone
		}
	}
	for client := range l.acked {
		if strings.HasPrefix(client, "after") {
			t.Errorf("%s was acknowledged after the disk had failed", client)
		}
	}
	v.ends("the disk fails to keep what is written")
	for client, status := range l.refused {
		if status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d, want 503", client, status)
		}
	}
	refused := l.refused
	l.refused = nil // what was not acknowledged may be there: a client sends it again under the same id
	v.start()
	for client := range refused {
		if err := v.send(l, owner, client, "a message"); err != nil {
			t.Fatal(err)
		}
	}
	v.settle(l, 0)
}
