package app_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"deskbell/app"
	"deskbell/app/account"
	"deskbell/app/apptest"
)

// Who mistakes a name loses nothing by it: no command writes over the database, over what belongs to it, or over a file that
// it did not write. Its own earlier files it replaces.
func TestNoCommandWritesOverWhatIsNotItsOwn(t *testing.T) {
	s, d := newShell(t), apptest.New(t)
	data, dir := d.App.Data, t.TempDir()
	v := d.Visitor("clara")
	c := d.Say(v, "before")
	own := filepath.Join(dir, "accounts.csv")
	if err := os.WriteFile(own, []byte("somebody's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(data, link); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(data, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	held := func() {
		t.Helper()
		for _, base := range []string{data, link} {
			for _, name := range []string{"deskbell.db", "deskbell.db-wal", "deskbell.db-shm", "deskbell.db.stamp", "deskbell.db.lock"} {
				s.fails("choose another name", "", "backup", filepath.Join(base, name), "--data", data)
			}
			s.fails("choose another name", "", "backup", filepath.Join(base, "secret.key"), "--data", data)
			s.fails("choose another name", "", "help", "export", filepath.Join(base, "deskbell.db"), "--data", data)
		}
		for _, command := range [][]string{{"backup"}, {"help", "export"}} {
			s.fails("choose another name", "", append(command, own, "--data", data)...)
			s.fails("is no file", "", append(command, dir, "--data", data)...)
			s.fails("no such file", "", append(command, filepath.Join(dir, "nowhere", "x"), "--data", data)...)
			for range 2 {
				s.fine("", append(command, filepath.Join(dir, command[0]), "--data", data)...)
			}
		}
		if b, err := os.ReadFile(own); err != nil || string(b) != "somebody's own" {
			t.Errorf("somebody's own file: %q %v", b, err)
		}
		if b, err := os.ReadFile(filepath.Join(data, "secret.key")); err != nil || !bytes.Equal(b, key) {
			t.Errorf("the key: %d bytes, %v", len(b), err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 4 {
			t.Errorf("%v is left, %v", left, err)
		}
	}
	held()
	d.OK(v, "messages.send", m{"conversationId": c, "content": "after"})
	d.End()
	held()
	again := apptest.Bare(t, app.Options{Data: data})
	if n := len(again.OK(v, "messages.list", m{"conversationId": c})["items"].([]any)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

// A command that waits for a password ends when it is told to, and has made nothing.
func TestACommandThatWaitsCanBeEnded(t *testing.T) {
	s, data := newShell(t), filepath.Join(t.TempDir(), "data")
	in, _, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(s.program, "setup", "--data", data, "--email", "ann@shop.test", "--name", "Ann", "--workspace", "Shop", "--password-stdin")
	var said bytes.Buffer
	c.Stdin, c.Stderr = in, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { c.Wait(); close(ended) }()
	(&apptest.Desk{T: t}).Until("it ends", func() bool {
		c.Process.Signal(syscall.SIGTERM) // the first may come before it listens to any, and ends it as well
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	if _, err := os.Stat(data); err == nil || strings.Count(said.String(), "\n") > 1 {
		t.Errorf("it said %q and made something", said.String())
	}
}

// What was given to a server that ended before it answered is not done once more by the command itself.
func TestACommandIsNotDoneTwice(t *testing.T) {
	data := t.TempDir()
	made, err := app.Ask(t.Context(), data, app.Command{Name: "setup", Founder: account.Founder{Email: "ann@shop.test", Name: "Ann", WorkspaceName: "Shop", Password: "correct horse"}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(data, "control.sock"))
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	})}
	go srv.Serve(l)
	_, err = app.Ask(t.Context(), data, app.Command{Name: "token-create", Space: made.Space, Key: account.NewKey{Name: "x", Scopes: []string{"users.read"}}})
	if err == nil || !strings.Contains(err.Error(), "may have done this, or not") {
		t.Errorf("%v", err)
	}
	srv.Close()
	d := apptest.Bare(t, app.Options{Data: data})
	owner := d.OK("", "auth.signIn", m{"email": "ann@shop.test", "password": "correct horse", "token": true})["token"].(string)
	if n := len(d.OK(owner, "apiKeys.list", m{})["items"].([]any)); n != 0 {
		t.Errorf("%d keys, want none", n)
	}
}

// A server that ends while copies are taken ends each of them: whole, or not at all, and tells which.
func TestEndingAmidBackupsLeavesNoHalves(t *testing.T) {
	d := apptest.New(t)
	d.Say(d.Visitor("clara"), "Hello")
	dir, data := t.TempDir(), d.App.Data
	var running sync.WaitGroup
	first, quit := make(chan struct{}, 100), make(chan struct{})
	for n := range 8 {
		running.Go(func() {
			for i := 0; ; i++ {
				path := filepath.Join(dir, string(rune('a'+n))+string(rune('a'+i%20)))
				os.Remove(path)
				_, err := app.Ask(t.Context(), data, app.Command{Name: "backup", Path: path})
				_, there := os.Stat(path)
				if (err == nil) != (there == nil) {
					t.Errorf("a copy ended with %v, and the file with %v", err, there)
				}
				select {
				case <-quit:
					return
				case first <- struct{}{}:
				default:
				}
			}
		})
	}
	<-first
	close(quit)
	d.End()
	running.Wait()
	if left, err := filepath.Glob(filepath.Join(dir, "*.tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
