package ordeal_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app"
	"deskbell/app/apptest"
)

// F-32: asked to end under load, it ends in order every time: with 0, sockets told to come back (1012), nothing that was
// acknowledged lost, and one file left. DESKBELL_KILLS sets how often.
func TestStoppingUnderLoadLosesNothing(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	for n := range often(5) {
		ws, _, err := websocket.DefaultDialer.Dial("ws://"+v.addr+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		ws.WriteJSON(m{"auth": v.visitor})
		ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"conversationId": v.conversation}})
		apptest.Hear(t, ws, func(a m) bool { return a["value"] != nil })
		before, _ := l.counts()
		stop := v.load(l, v.visitor, 8, fmt.Sprint(n), "a message")
		within(t, "messages under load", func() bool { acked, _ := l.counts(); return acked > before+20 })
		if err := v.stop(); err != nil {
			t.Errorf("stop %d: %v", n, err)
		}
		stop()
		for err == nil {
			_, _, err = ws.ReadMessage()
		}
		if !websocket.IsCloseError(err, websocket.CloseServiceRestart) {
			t.Errorf("stop %d: a socket ended with %v, want 1012", n, err)
		}
		ws.Close()
		if _, err := os.Stat(filepath.Join(v.data, "deskbell.db-wal")); err == nil {
			t.Errorf("stop %d left a log", n)
		}
		v.start()
	}
	v.settle(l, http.StatusServiceUnavailable)
}

// Asked to end while others are in the middle of a request, an upload and an answer that they never finish, it ends in order
// all the same, and leaves nothing of theirs.
func TestWhoIsSlowDoesNotDecideHowItEnds(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	owner := v.owner()
	if err := v.send(l, v.visitor, "before", "a message"); err != nil {
		t.Fatal(err)
	}
	for what, head := range map[string]string{
		"a request": "POST /api/messages.send HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n",
		"an upload": "POST /api/files.upload?workspaceId=" + v.workspace + " HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n",
		"an answer": "GET /api/backups.download?workspaceId=" + v.workspace + " HTTP/1.1\r\n",
	} {
		c, err := net.Dial("tcp", v.addr)
		if err != nil {
			t.Fatal(what, err)
		}
		defer c.Close()
		c.(*net.TCPConn).SetReadBuffer(4096)
		fmt.Fprintf(c, "%sHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", head, v.addr, owner)
		if what == "an upload" {
			fmt.Fprintf(c, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n%s", strings.Repeat("text ", 50_000))
		}
	}
	if err := v.send(l, owner, "meanwhile", "a message"); err != nil {
		t.Fatal(err)
	}
	if err := v.stop(); err != nil {
		t.Errorf("it ended with %v, and said %s", err, v.log)
	}
	if _, err := os.Stat(filepath.Join(v.data, "deskbell.db-wal")); err == nil {
		t.Error("it left a log")
	}
	v.start()
	v.settle(l, 0)
}

// F-44: a reader of the log that has stopped holds nobody up.
func TestALogThatNobodyReadsHoldsNobodyUp(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	if err := v.stop(); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	v.cmd = exec.Command(v.binary, "serve", "--data", v.data, "--addr", v.addr, "--verbose")
	v.cmd.Stderr = w
	if err := v.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.kill)
	w.Close()
	within(t, "it answers", func() bool { _, err := http.Get("http://" + v.addr + "/healthz"); return err == nil })
	const requests = 3000 // some 200 bytes a line: a pipe holds 64 KB
	var asked sync.WaitGroup
	for range 4 {
		asked.Go(func() {
			for range requests / 4 {
				res, err := http.Get("http://" + v.addr + "/.well-known/deskbell.json")
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
		})
	}
	asked.Wait()
	if err := v.send(l, v.visitor, "after", "a message"); err != nil || len(l.acked) != 1 {
		t.Error("a message:", err, l.refused)
	}
	v.settle(l, 0)
}

// What is dropped is counted; what is not is written, in order and whole.
func TestTheLogDropsLinesRatherThanWait(t *testing.T) {
	r, w := io.Pipe()
	log := app.NewLog(w)
	for n := range 3000 {
		fmt.Fprintf(log, "line %d\n", n)
	}
	var got bytes.Buffer
	read := make(chan struct{})
	go func() { io.Copy(&got, r); close(read) }()
	within(t, "the lines are read", func() bool {
		fmt.Fprint(log, "later\n")
		return log.Waiting() == 0
	})
	log.Close()
	w.Close()
	<-read
	lines := strings.Split(got.String(), "\n")
	for n := range 1000 {
		if lines[n] != fmt.Sprint("line ", n) {
			t.Fatalf("line %d is %q", n, lines[n])
		}
	}
	if !strings.Contains(got.String(), " lines of the log were dropped") || strings.Contains(got.String(), "line 2999\n") {
		t.Error("what was dropped was not counted")
	}
}

// F-11: with few descriptors, connections beyond what can be served are refused; those that are there go on, and files can
// still be opened. When they leave, others come in.
func TestFewDescriptorsRefuseConnectionsAndNothingElse(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	if err := v.stop(); err != nil {
		t.Fatal(err)
	}
	v.before = []string{"sh", "-c", `ulimit -n 256 && exec "$0" "$@"`}
	v.start()
	owner := v.owner() // keeps its connection
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+v.addr+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	ws.WriteJSON(m{"auth": owner})
	ws.WriteJSON(m{"id": 1, "view": "messages.list", "args": m{"workspaceId": v.workspace, "conversationId": v.conversation}})
	apptest.Hear(t, ws, func(a m) bool { return a["value"] != nil })

	var crowd []net.Conn
	served := 0
	for range 400 {
		c, err := net.Dial("tcp", v.addr)
		if err != nil {
			t.Fatal(err)
		}
		crowd = append(crowd, c)
		fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		b := make([]byte, 12)
		if _, err := io.ReadFull(c, b); err == nil && string(b) == "HTTP/1.1 200" {
			served++
		}
	}
	if served < 64 || served > 200 {
		t.Errorf("%d of 400 connections were served, with 256 descriptors", served)
	}
	if err := v.send(l, owner, "crowded", "a message in a crowd"); err != nil || len(l.acked) != 1 {
		t.Error("a connection that was there:", err, l.refused)
	}
	apptest.Hear(t, ws, func(a m) bool { return strings.Contains(apptest.JSON(a), "a message in a crowd") })
	if out, err := v.command("backup", filepath.Join(t.TempDir(), "b.db")); err != nil {
		t.Error("a backup:", err, out)
	}
	for _, c := range crowd {
		c.Close()
	}
	within(t, "others come in", func() bool {
		_, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get("http://" + v.addr + "/healthz")
		return err == nil
	})
	v.settle(l, 0)
}
