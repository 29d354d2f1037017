// Package ordeal_test has the program as it is installed go through what machines and people do to it: kills, full and
// failing disks, damaged files, little memory, few descriptors.
package ordeal_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"deskbell/app"
	"deskbell/app/apptest"
	"deskbell/store"
)

// victim is a Deskbell in a process of its own, to which things can happen.
type victim struct {
	t            *testing.T
	binary, data string
	addr         string
	cmd          *exec.Cmd
	log          *apptest.Logged // what it has written to standard error
	before       []string
	flags        []string // of serve, besides those that each has
	workspace    string
	visitor      string // a token
	conversation string // of that visitor
}

// newVictim sets a Deskbell up in a directory, starts it, and lets a visitor begin a conversation.
func newVictim(t *testing.T, data string, flags ...string) *victim {
	t.Helper()
	binary, err := apptest.Program()
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{t: t, binary: binary, data: data, addr: apptest.Address(t), log: &apptest.Logged{}, flags: flags}
	set := exec.Command(binary, "setup", "--data", v.data, "--email", "a@b.test", "--name", "Ann", "--workspace", "Shop", "--password-stdin")
	set.Stdin = strings.NewReader("correct horse\n")
	out, err := set.Output()
	if err != nil {
		t.Fatal(err, string(out))
	}
	var made struct{ WorkspaceID string }
	json.Unmarshal(out, &made)
	v.workspace = made.WorkspaceID
	v.start()
	v.visitor = v.ok("", "widgetSessions.boot", m{"workspaceId": made.WorkspaceID, "sessionId": strings.Repeat("k", 43)})["sessionToken"].(string)
	v.conversation = v.ok(v.visitor, "conversations.start", m{"content": "first"})["conversation"].(m)["id"].(string)
	return v
}

// begin starts the process and waits until it serves.
func (v *victim) begin() error {
	args := append(append([]string{}, v.before...), v.binary, "serve", "--data", v.data, "--addr", v.addr)
	args = append(args, v.flags...)
	v.cmd = exec.Command(args[0], args[1:]...)
	v.cmd.Stderr = v.log
	out, err := v.cmd.StdoutPipe()
	if err == nil {
		err = v.cmd.Start()
	}
	if err != nil {
		return err
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		return errors.Join(err, v.cmd.Wait(), errors.New(v.log.String()))
	}
	return nil
}

func (v *victim) start() {
	v.t.Helper()
	if err := v.begin(); err != nil {
		v.t.Fatal("the server did not start:", err)
	}
	v.t.Cleanup(v.kill)
}

func (v *victim) kill() {
	v.cmd.Process.Kill()
	v.cmd.Wait()
}

// stop asks it to end, and gives how it ended.
func (v *victim) stop() error {
	v.cmd.Process.Signal(syscall.SIGTERM)
	return v.cmd.Wait()
}

// ask passes a request through a door and gives the answer's status and body.
func (v *victim) ask(token, door string, in m) (int, m, error) { return v.keyed(token, door, "", in) }

// keyed is ask under an Idempotency-Key.
func (v *victim) keyed(token, door, key string, in m) (int, m, error) {
	body, _ := json.Marshal(in)
	r, _ := http.NewRequest("POST", "http://"+v.addr+"/api/"+door, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	res, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	var out m
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return 0, nil, err
	}
	if want := "application/problem+json"; res.StatusCode >= 400 && res.Header.Get("Content-Type") != want {
		return 0, nil, fmt.Errorf("%d is told as %s, want %s", res.StatusCode, res.Header.Get("Content-Type"), want)
	}
	return res.StatusCode, out, nil
}

func (v *victim) post(token, door string, in m) (m, error) {
	status, out, err := v.ask(token, door, in)
	if err == nil && status != 200 {
		err = fmt.Errorf("%d %v", status, out)
	}
	return out, err
}

func (v *victim) ok(token, door string, in m) m {
	v.t.Helper()
	out, err := v.post(token, door, in)
	if err != nil {
		v.t.Fatalf("%s: %v", door, err)
	}
	return out
}

// owner signs the owner in.
func (v *victim) owner() string {
	v.t.Helper()
	return v.ok("", "auth.signIn", m{"email": "a@b.test", "password": "correct horse", "token": true})["token"].(string)
}

// page reads a page of the server.
func (v *victim) page(path string) (int, string) {
	v.t.Helper()
	res, err := http.Get("http://" + v.addr + path)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

// upload sends a text of some size and gives the status.
func (v *victim) upload(token string, size int) (int, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, _ := form.CreateFormFile("file", "a.txt")
	part.Write(bytes.Repeat([]byte("text of some length\n"), size/20))
	form.Close()
	r, _ := http.NewRequest("POST", "http://"+v.addr+"/api/files.upload?workspaceId="+v.workspace, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// ledger is what was answered, kept outside of the system: the message's id, or the status of the refusal, by clientId.
type ledger struct {
	mu      sync.Mutex
	acked   map[string]string
	refused map[string]int
}

func newLedger() *ledger { return &ledger{acked: map[string]string{}, refused: map[string]int{}} }

// all is a copy of what was acknowledged.
func (l *ledger) all() map[string]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.acked)
}

func (l *ledger) counts() (acked, refused int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked), len(l.refused)
}

// send sends a message and notes the answer. The error says that there was none, or to send less.
func (v *victim) send(l *ledger, token, client, content string) error {
	status, out, err := v.ask(token, "messages.send", m{"conversationId": v.conversation, "content": content, "clientId": client})
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch status {
	case 200:
		l.acked[client] = out["id"].(string)
	case http.StatusTooManyRequests:
		return fmt.Errorf("%v", out)
	default:
		l.refused[client] = status
	}
	return nil
}

// load sends messages from several sides at once until there is no answer or the returned function is called, which waits.
func (v *victim) load(l *ledger, token string, senders int, prefix, content string) (stop func()) {
	quit := make(chan struct{})
	var running sync.WaitGroup
	for n := range senders {
		running.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-quit:
					return
				default:
				}
				if v.send(l, token, fmt.Sprintf("%s.%d.%d", prefix, n, i), content) != nil {
					return
				}
			}
		})
	}
	return func() { close(quit); running.Wait() }
}

// settle ends the victim in order and holds what it left against the ledger. What was refused was refused with one status.
func (v *victim) settle(l *ledger, status int) {
	v.t.Helper()
	if err := v.stop(); err != nil {
		v.t.Error("stopping:", err)
	}
	for client, got := range l.refused {
		if got != status {
			v.t.Errorf("%s was refused with %d, want %d", client, got, status)
		}
	}
	v.verify(l)
	v.t.Logf("%d acknowledged, %d refused", len(l.acked), len(l.refused))
}

// verify opens the file that a stopped victim left and holds it against the ledger: what was acknowledged is there once,
// what was refused is not there, and the file is sound.
func (v *victim) verify(l *ledger) {
	v.t.Helper()
	a, err := app.New(v.t.Context(), app.Options{Data: v.data, Addr: v.addr})
	if err != nil {
		v.t.Fatal(err)
	}
	defer a.DB.Close()
	if err := a.DB.Check(v.t.Context()); err != nil {
		v.t.Error(err)
	}
	ws, _ := store.ParseID(v.workspace)
	conversation, _ := store.ParseID(v.conversation)
	kept := map[string]string{}
	err = a.DB.Read(v.t.Context(), ws, func(tx *store.Tx) error {
		for before := store.ID(0); ; {
			page, err := tx.Messages.Newest(conversation, before, false, 500)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, msg := range page {
				if msg.ClientID != "" && kept[msg.ClientID] != "" {
					v.t.Errorf("%s was kept twice", msg.ClientID)
				}
				kept[msg.ClientID] = msg.ID.String()
			}
			before = page[0].ID
		}
	})
	if err != nil {
		v.t.Fatal(err)
	}
	for client, id := range l.acked {
		if kept[client] != id {
			v.t.Errorf("%s was acknowledged as %s, and is %q", client, id, kept[client])
		}
	}
	for client, status := range l.refused {
		if kept[client] != "" {
			v.t.Errorf("%s was refused with %d, and was kept", client, status)
		}
	}
}
