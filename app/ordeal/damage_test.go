package ordeal_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"deskbell/app/apptest"
	"deskbell/migrations"
	"deskbell/store"
)

// command runs Deskbell's command line on the victim's directory.
func (v *victim) command(args ...string) (string, error) {
	out, err := exec.Command(v.binary, append(args, "--data", v.data)...).CombinedOutput()
	return string(out), err
}

// ends waits until the process ends by itself, which it must with 1 and one line that says what.
func (v *victim) ends(what string) {
	v.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- v.cmd.Wait() }()
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 {
			v.t.Errorf("it ended with %v, want 1", err)
		}
	case <-time.After(time.Minute):
		v.t.Fatal("it goes on")
	}
	if log := v.log.String(); strings.Count(log, "deskbell: ") != 1 || !strings.Contains(log, what) {
		v.t.Errorf("it said %q, want one line with %q", log, what)
	}
}

// F-15: a file that is damaged where nobody looks at the start is found after a process died, and not served any longer.
// What is put back as the program says works again.
func TestDamageAfterAKillIsFoundAndABackupPutBack(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	for n := range 20 {
		if err := v.send(l, v.visitor, fmt.Sprint(n), "a message"); err != nil {
			t.Fatal(err)
		}
	}
	backup := filepath.Join(v.data, "backup.db")
	if out, err := v.command("backup", backup); err != nil {
		t.Fatal(err, out)
	}
	v.kill()
	file := filepath.Join(v.data, "deskbell.db")
	f, err := os.OpenFile(file, os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for page := int64(60); page < 90; page++ { // of tables that are empty
		f.WriteAt([]byte(strings.Repeat("rot", 1000)), page*4096)
	}
	f.Close()
	v.log = &apptest.Logged{}
	if err := v.begin(); err == nil {
		v.ends("the database is damaged")
	} else if !strings.Contains(err.Error(), "the database is damaged") {
		t.Error(err)
	}
	advice := "deskbell restore --data " + v.data + " " + backup
	if !strings.Contains(v.log.String(), advice) {
		t.Fatalf("it said %q, want %q", v.log, advice)
	}
	if out, err := v.command("restore", backup); err != nil {
		t.Fatal(err, out)
	}
	v.start()
	if err := v.send(l, v.visitor, "after", "a message"); err != nil {
		t.Fatal(err)
	}
	v.settle(l, 0)
}

// F-15, F-17: what is refused at the start is refused in one line, with 1, and nothing is changed.
func TestAWrongFileIsRefusedAtTheStart(t *testing.T) {
	binary, err := apptest.Program()
	if err != nil {
		t.Fatal(err)
	}
	pattern, err := apptest.Prepared()
	if err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(file string) error{
		"there was a database here, and it is gone": func(file string) error { return os.Truncate(file, 0) },
		"the database is damaged": func(file string) error {
			return os.WriteFile(file, []byte(strings.Repeat("This is a letter.", 1000)), 0o600)
		},
		"the database was taken without its log": func(file string) error {
			d := apptest.New(t)
			d.Say(d.Visitor("clara"), "Hello")
			b, err := os.ReadFile(filepath.Join(d.App.Data, "deskbell.db"))
			if err != nil {
				return err
			}
			return os.WriteFile(file, b, 0o600)
		},
	} {
		data := t.TempDir()
		if err := os.CopyFS(data, os.DirFS(pattern.Dir)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(data, "deskbell.db")
		if err := spoil(file); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(file)
		out, err := exec.Command(binary, "serve", "--data", data, "--addr", "127.0.0.1:0").CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), want) || !strings.Contains(string(out), "deskbell restore") {
			t.Errorf("%v, said %q, want one line with %q", err, out, want)
		}
		if after, _ := os.ReadFile(file); string(before) != string(after) {
			t.Errorf("%s: the file was changed", want)
		}
	}
}

// F-05: killed at any write of an upgrade or of a first start, the next start completes it.
func TestAKillDuringAMigrationIsMadeGoodByTheNextStart(t *testing.T) {
	tracer, err := exec.LookPath("strace")
	apptest.Needed(t, err == nil, "strace is not installed")
	binary, err := apptest.Program()
	if err != nil {
		t.Fatal(err)
	}
	old := t.TempDir()
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(old, "deskbell.db")+"?_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, migrations.FS)
	if err == nil {
		_, err = p.UpTo(t.Context(), 4)
	}
	if err = errors.Join(err, pool.Close()); err != nil {
		t.Fatal(err)
	}
	step := max(1, 250/often(10))
	for what, dir := range map[string]string{"an upgrade": old, "a first start": t.TempDir()} {
		kills := 0
		for n := 1; ; n += step {
			data := t.TempDir()
			if err := os.CopyFS(data, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			set := exec.Command(tracer, "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", fmt.Sprintf("inject=pwrite64:signal=SIGKILL:when=%d", n),
				binary, "setup", "--data", data, "--email", "a@b.test", "--name", "Ann", "--workspace", "Shop", "--password-stdin")
			set.Stdin = strings.NewReader("correct horse\n")
			if set.Run() == nil { // it came to its end
				break
			}
			kills++
			db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(data, "deskbell.db")})
			if err != nil {
				t.Errorf("%s, killed at write %d: %v", what, n, err)
				continue
			}
			if err := errors.Join(db.Check(t.Context()), db.Close()); err != nil {
				t.Errorf("%s, killed at write %d: %v", what, n, err)
			}
			if kept, _ := filepath.Glob(filepath.Join(data, "*.before-schema-4")); dir == old && len(kept) != 1 {
				t.Errorf("%s, killed at write %d: the file from before was not kept", what, n)
			}
		}
		if kills < 5 {
			t.Errorf("%s: only %d kills", what, kills)
		}
		t.Logf("%s: %d kills", what, kills)
	}
}

// F-16: whoever copies backup.db, at any moment and at any speed, while it is replaced under load, has a whole database
// with everything that was acknowledged before the backup began. DESKBELL_KILLS sets how many copies.
func TestCopiesOfTheBackupAreWhole(t *testing.T) {
	v, l := newVictim(t, t.TempDir()), newLedger()
	owner := v.owner()
	stop := v.load(l, owner, 2, "load", "a message")
	defer stop()
	backup := filepath.Join(v.data, "backup.db")
	sure := 0 // how many messages the backup holds at least
	var mu sync.Mutex
	renew := func() {
		acked, _ := l.counts()
		r, _ := http.NewRequest("GET", "http://"+v.addr+"/api/backups.download?workspaceId="+v.workspace, nil)
		r.Header.Set("Authorization", "Bearer "+owner)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			return
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		switch res.StatusCode {
		case http.StatusOK:
			mu.Lock()
			sure = acked
			mu.Unlock()
		case http.StatusTooManyRequests: // the load has used up what one session may ask for
			time.Sleep(100 * time.Millisecond)
		default:
			t.Errorf("a backup: %s", res.Status)
		}
	}
	renew()
	done := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			renew()
		}
	})
	ws, _ := store.ParseID(v.workspace)
	conversation, _ := store.ParseID(v.conversation)
	for n := range often(12) {
		path := filepath.Join(t.TempDir(), "copy.db")
		mu.Lock()
		least := sure
		mu.Unlock()
		from, err := os.Open(backup)
		if err != nil {
			t.Fatal(err)
		}
		to, _ := os.Create(path)
		for err == nil {
			_, err = io.CopyN(to, from, 64<<10)
			time.Sleep(time.Duration(n%4) * time.Millisecond)
		}
		from.Close()
		to.Close()
		db, err := store.Open(t.Context(), store.Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Check(t.Context()); err != nil {
			t.Error(err)
		}
		var got int
		db.Read(t.Context(), ws, func(tx *store.Tx) error {
			c, err := tx.Conversations.ByID(conversation)
			if err == nil {
				got = c.MessageCount
			}
			return err
		})
		if got < least {
			t.Errorf("the copy has %d messages; %d were acknowledged before the backup began", got, least)
		}
		db.Close()
	}
	close(done)
	renewing.Wait()
}
