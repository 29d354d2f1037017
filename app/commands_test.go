package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"deskbell/app"
	"deskbell/app/apptest"
)

// shell runs the program's commands.
type shell struct {
	t       *testing.T
	program string
}

func newShell(t *testing.T) shell {
	t.Helper()
	program, err := apptest.Program()
	if err != nil {
		t.Fatal(err)
	}
	return shell{t, program}
}

// run gives how a command ended, and what it wrote to standard output and standard error.
func (s shell) run(in string, args ...string) (code int, out, said string) {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), s.program, args...)
	var stdout, stderr bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(in), &stdout, &stderr
	c.Env = append(os.Environ(), "DESKBELL_DATA=", "DESKBELL_ADDR=")
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// fine runs a command that must end well.
func (s shell) fine(in string, args ...string) (out, said string) {
	s.t.Helper()
	code, out, said := s.run(in, args...)
	if code != 0 {
		s.t.Fatalf("%v: %d %s", args, code, said)
	}
	return out, said
}

// fails runs a command that must end with 1 and one line that says why.
func (s shell) fails(why, in string, args ...string) {
	s.t.Helper()
	code, out, said := s.run(in, args...)
	if code != 1 || out != "" || strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "deskbell: ") || !strings.Contains(said, why) {
		s.t.Errorf("%v: %d %q %q, want 1 and a line that says %q", args, code, out, said, why)
	}
}

// The first user comes from the command line as well, once; what is wrong is said in one line and makes nothing.
func TestSettingUpFromTheCommandLine(t *testing.T) {
	s, data := newShell(t), filepath.Join(t.TempDir(), "data")
	set := func(email, name string) []string {
		return []string{"setup", "--data", data, "--email", email, "--name", name, "--workspace", "Shop", "--password-stdin"}
	}
	s.fails("8 characters", "short\n", set("ann@shop.test", "Ann")...)
	s.fails("address", "correct horse\n", set("no address", "Ann")...)
	s.fails("name", "correct horse\n", set("ann@shop.test", " ")...)
	if _, err := os.Stat(data); err == nil {
		t.Error("what was wrong made a data directory")
	}
	var made struct{ WorkspaceID, UserID string }
	out, _ := s.fine("correct horse\n", set("ann@shop.test", "Ann")...)
	if err := json.Unmarshal([]byte(out), &made); err != nil || len(made.WorkspaceID) != 13 || len(made.UserID) != 13 {
		t.Fatalf("it printed %q", out)
	}
	s.fails("already", "correct horse\n", set("eve@else.test", "Eve")...)
	d := apptest.Bare(t, app.Options{Data: data})
	in := d.OK("", "auth.signIn", m{"email": "ANN@shop.test", "password": "correct horse", "token": true})
	if w := in["workspaces"].([]any)[0].(m); w["id"] != made.WorkspaceID || w["role"] != "owner" {
		t.Errorf("she is %v", in)
	}
	d.Refused("unauthenticated", "", "auth.signIn", m{"email": "eve@else.test", "password": "correct horse"})
}

// A password is set anew by whoever has the machine, while it serves and when it does not: every session ends.
func TestAForgottenPasswordIsSetAnew(t *testing.T) {
	s, d := newShell(t), apptest.New(t)
	data := d.App.Data
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "users.me", "args": m{}})
	d.Hear(ws, func(a m) bool { return a["value"] != nil })
	s.fails("8 characters", "short", "user", "reset-password", apptest.Ann, "--password-stdin", "--data", data)
	s.fails("Nobody", "battery staple", "user", "reset-password", "nobody@shop.test", "--password-stdin", "--data", data)
	d.OK(d.Owner, "users.me", m{})
	s.fine("battery staple\n", "user", "reset-password", apptest.Ann, "--password-stdin", "--data", data)
	d.Refused("unauthenticated", d.Owner, "users.me", m{})
	if code := apptest.Closed(t, ws); code != 1008 {
		t.Errorf("her socket: %d", code)
	}
	d.Refused("unauthenticated", "", "auth.signIn", m{"email": apptest.Ann, "password": apptest.Right})
	d.OK("", "auth.signIn", m{"email": apptest.Ann, "password": "battery staple"})
	d.End()
	s.fine("third time lucky", "user", "reset-password", apptest.Ann, "--password-stdin", "--data", data)
	again := apptest.Bare(t, app.Options{Data: data})
	again.Refused("unauthenticated", "", "auth.signIn", m{"email": apptest.Ann, "password": "battery staple"})
	again.OK("", "auth.signIn", m{"email": apptest.Ann, "password": "third time lucky"})
}

// A backup is taken while it serves and when it does not, to a file or to standard output; it is put back only when nothing
// serves, and what was there is kept aside.
func TestBackingUpAndRestoring(t *testing.T) {
	s, d := newShell(t), apptest.New(t)
	data, dir := d.App.Data, t.TempDir()
	v := d.Visitor("clara")
	c := d.Say(v, "before the backup")
	kept := d.File(v, "a.txt", []byte("a file from before"))
	d.OK(v, "messages.send", m{"conversationId": c, "content": "with a file", "attachmentIds": []any{kept["id"]}})
	file := filepath.Join(dir, "b.db")
	_, said := s.fine("", "backup", file, "--data", data)
	if !strings.Contains(said, "sha256 ") || !strings.Contains(said, "1 conversations, 2 messages") {
		t.Errorf("it said %q", said)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info, err)
	}
	out, _ := s.fine("", "backup", "-", "--data", data)
	if !strings.HasPrefix(out, "SQLite format 3\x00") {
		t.Errorf("on standard output: %d bytes, %q", len(out), out[:min(16, len(out))])
	}
	d.OK(v, "messages.send", m{"conversationId": c, "content": "after the backup"})
	s.fails("", "", "restore", file, "--data", data)
	d.OK(v, "messages.send", m{"conversationId": c, "content": "it still serves"})
	d.End()
	s.fails("", "", "restore", filepath.Join(dir, "none.db"), "--data", data)
	bad := filepath.Join(dir, "bad.db")
	if err := os.WriteFile(bad, []byte(out[:len(out)/2]), 0o600); err != nil {
		t.Fatal(err)
	}
	s.fails("", "", "restore", bad, "--data", data)
	_, said = s.fine("", "restore", file, "--data", data)
	if !strings.Contains(said, "kept as") {
		t.Errorf("it said %q", said)
	}
	again := apptest.Bare(t, app.Options{Data: data})
	list := again.OK(v, "messages.list", m{"conversationId": c})["items"].([]any)
	if len(list) != 2 || list[0].(m)["content"] != "before the backup" {
		t.Errorf("after it: %v", list)
	}
	_, query, _ := strings.Cut(kept["url"].(string), "/files/")
	if status, _, body := again.Page("/files/"+query, nil); status != 200 || body != "a file from before" {
		t.Errorf("the file: %d %q", status, body)
	}
	again.End()
}

// Only setting up and serving begin a data directory: a command that is pointed at the wrong place says so and makes nothing.
func TestCommandsMakeNothingWhereNothingIs(t *testing.T) {
	s, dir := newShell(t), t.TempDir()
	nothing, out := filepath.Join(dir, "nothing"), filepath.Join(dir, "out")
	for _, args := range [][]string{
		{"backup", out}, {"backup", "-"}, {"user", "reset-password", apptest.Ann, "--password-stdin"}, {"help", "export", out}, {"help", "import", dir},
		{"token", "create", "--workspace", "0SAZPVHNMQ3QW", "--name", "x", "--scope", "users.read"},
	} {
		s.fails("there is no database in "+nothing, "battery staple", append(args, "--data", nothing)...)
	}
	s.fails("no such file", "", "restore", out, "--data", nothing)
	s.fails("not a directory", "", "backup", out, "--data", s.program) // what is not seen is not said to be missing
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("something was made: %v %v", left, err)
	}
}

// A backup to standard output needs no room but the data directory's, as in an image that has nothing else, and leaves nothing
// there.
func TestABackupToStandardOutputNeedsNoOtherDirectory(t *testing.T) {
	s, d := newShell(t), apptest.New(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	out, _ := s.fine("", "backup", "-", "--data", d.App.Data)
	if !strings.HasPrefix(out, "SQLite format 3\x00") {
		t.Errorf("%d bytes, %q", len(out), out[:min(16, len(out))])
	}
	if left, err := filepath.Glob(filepath.Join(d.App.Data, ".backup-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// The README names every command, and every flag and variable with which it serves.
func TestTheReadmeNamesEveryCommandAndFlag(t *testing.T) {
	s := newShell(t)
	raw, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(raw)
	help, _ := s.fine("", "--help")
	_, help, _ = strings.Cut(help, "Commands:\n")
	commands := regexp.MustCompile(`(?m)^  ([a-z]+( [a-z-]+)?) `).FindAllStringSubmatch(help, -1)
	serving, _ := s.fine("", "serve", "--help")
	flags := regexp.MustCompile(`--[a-z]+(-[a-z]+)*|\$DESKBELL_[A-Z_]+`).FindAllString(serving, -1)
	if len(commands) < 9 || len(flags) < 20 {
		t.Fatalf("the help names %q and %q", commands, flags)
	}
	for _, c := range commands {
		if !strings.Contains(readme, "deskbell "+c[1]) {
			t.Errorf("the README does not say %q", "deskbell "+c[1])
		}
	}
	for _, f := range flags {
		if f = strings.TrimPrefix(f, "$"); f != "--help" && !strings.Contains(readme, f) {
			t.Errorf("the README does not say %q", f)
		}
	}
}

// Wrong usage ends with 2, and starts nothing; a second server on the same data ends with 1 and names the first.
func TestWrongUsageIsSaid(t *testing.T) {
	s, d := newShell(t), apptest.New(t)
	for _, args := range [][]string{{"nonsense"}, {"serve", "--nonsense"}, {"serve", "--durability", "little"}, {"backup"}, {"setup"}, {"user"}, {"token", "create"}, {"restore"}, {"version", "more"}} {
		if code, out, said := s.run("", args...); code != 2 || !strings.Contains(said, "deskbell:") {
			t.Errorf("%v: %d %q %q, want 2", args, code, out, said)
		}
	}
	for why, args := range map[string][]string{
		"--app-origins must": {"serve", "--app-origins", "https://desk.example/app", "--addr", "127.0.0.1:0"},
		"--app-origins":      {"serve", "--app-origins", "https://*.desk.example", "--addr", "127.0.0.1:0"},
		"--url must":         {"serve", "--url", "https://*.example.com", "--addr", "127.0.0.1:0"},
		"--url":              {"serve", "--url", "help.example.com", "--addr", "127.0.0.1:0"},
		"--trusted-proxies":  {"serve", "--trusted-proxies", "10.0.0.1", "--addr", "127.0.0.1:0"},
		"--tls-domain":       {"serve", "--tls-domain", "localhost", "--tls-addr", "127.0.0.1:0", "--plain-addr", "127.0.0.1:0", "--addr", "127.0.0.1:0"},
		"listen":             {"serve", "--addr", "256.0.0.1:80"},
	} {
		data := filepath.Join(t.TempDir(), "data")
		s.fails(why, "", append(args, "--data", data)...)
	}
	s.fails(fmt.Sprint("deskbell.db.lock: another process is using this data directory: ", os.Getpid()), "", "serve", "--data", d.App.Data, "--addr", "127.0.0.1:0")
	if out, _ := s.fine("", "version"); strings.TrimSpace(out) == "" || strings.Count(out, "\n") != 1 {
		t.Errorf("version: %q", out)
	}
	d.OK(d.Owner, "users.me", m{})
}

// What operators ask is answered: whether the file can be read, how old the backup is, whether work waits.
func TestHealthTellsWhatOperatorsNeed(t *testing.T) {
	d := apptest.New(t)
	health := func() (out m) {
		status, body := d.Answered("", "GET", "/healthz", nil)
		if status != 200 || json.Unmarshal([]byte(body), &out) != nil {
			t.Fatalf("%d %s", status, body)
		}
		return out
	}
	if h := health(); h["status"] != "ok" || h["version"] != "test" || h["database"] != "ok" || h["queue_age_s"] == nil || h["jobs_parked"] != 0.0 || h["disk"] != "ok" {
		t.Errorf("%v", h)
	}
	d.Say(d.Visitor("clara"), "Hello")
	if err := d.App.Backups.Now(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h := health(); h["last_backup_at"] == nil || h["last_backup_at"].(float64) <= 0 {
		t.Errorf("after a backup: %v", h)
	}
	_, body := d.Answered("", "GET", "/metrics", nil)
	for _, name := range []string{"deskbell_sockets", "deskbell_live_runs_total", "deskbell_jobs_ready", "deskbell_jobs_parked", "deskbell_disk_free_bytes", "deskbell_database_bytes", "deskbell_heap_bytes"} {
		if !strings.Contains(body, "\n# TYPE "+name+" ") || !strings.Contains(body, "\n"+name+" ") {
			t.Errorf("/metrics does not tell %s", name)
		}
	}
	_, body = d.Answered("", "GET", "/.well-known/deskbell.json", nil)
	for _, field := range []string{`"name"`, `"url"`, `"version"`, `"signup"`, `"auth"`} {
		if !strings.Contains(body, field) {
			t.Errorf("discovery does not tell %s: %s", field, body)
		}
	}
}

// A database that cannot be read is told to whoever watches.
func TestHealthSaysWhenTheDatabaseCannotBeRead(t *testing.T) {
	a, err := app.New(t.Context(), app.Options{Data: t.TempDir(), Addr: "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	asked := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		a.Web.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
		return w
	}
	if w := asked(); w.Code != 200 {
		t.Errorf("while it can: %d %s", w.Code, w.Body)
	}
	if err := a.DB.Close(); err != nil {
		t.Fatal(err)
	}
	if w := asked(); w.Code != 503 || !strings.Contains(w.Body.String(), `"database":"unreadable"`) {
		t.Errorf("when it cannot: %d %s", w.Code, w.Body)
	}
}

// The demo looks alive, and its shop embeds the widget as any site would. It fills an empty directory, once, and no other.
func TestTheDemoLooksAlive(t *testing.T) {
	data := t.TempDir()
	d := apptest.Bare(t, app.Options{Data: data, Demo: true})
	in := d.OK("", "auth.signIn", m{"email": "owner@demo.test", "password": "demo-password-1", "token": true})
	owner := in["token"].(string)
	w := in["workspaces"].([]any)[0].(m)["id"].(string)
	status, page := d.Answered("", "GET", "/demo", nil)
	if status != 200 || !strings.Contains(page, "/widget.js") || !strings.Contains(page, w) {
		t.Errorf("the shop: %d %s", status, page)
	}
	count := func(d *apptest.Desk, door string) int {
		return len(d.OK(owner, door, m{"limit": 100})["items"].([]any))
	}
	if n := count(d, "articles.list"); n < 12 {
		t.Errorf("%d articles, want 12", n)
	}
	roles := map[any]bool{}
	for _, x := range d.OK(owner, "workspaceMembers.list", m{})["items"].([]any) {
		roles[x.(m)["role"]] = true
	}
	talks := count(d, "conversations.listForInbox")
	if talks < 8 || !roles["owner"] || !roles["agent"] || !roles["viewer"] || len(d.OK(owner, "tags.list", m{})["items"].([]any)) < 5 {
		t.Errorf("%d conversations, roles %v", talks, roles)
	}
	d.End()
	again := apptest.Bare(t, app.Options{Data: data, Demo: true})
	if n := count(again, "conversations.listForInbox"); n != talks {
		t.Errorf("%d conversations after a restart, want %d", n, talks)
	}
	own := apptest.New(t)
	dir := own.App.Data
	own.End()
	if _, err := app.New(t.Context(), app.Options{Data: dir, Demo: true, Addr: "127.0.0.1:1"}); err == nil || !strings.Contains(err.Error(), "set up already") {
		t.Errorf("on somebody's own data: %v", err)
	}
	other := apptest.Bare(t, app.Options{Data: dir})
	other.Refused("unauthenticated", "", "auth.signIn", m{"email": "owner@demo.test", "password": "demo-password-1"})
	other.OK("", "auth.signIn", m{"email": apptest.Ann, "password": apptest.Right})
	plain := apptest.New(t)
	if status, _ := plain.Answered("", "GET", "/demo", nil); status != 404 {
		t.Errorf("without --demo: %d", status)
	}
}

// The process that a server lets learn answers each text with its vector, touches nothing, and ends with what it reads.
func TestTheProcessThatLearnsAnswersWithVectors(t *testing.T) {
	s, data := newShell(t), filepath.Join(t.TempDir(), "data")
	out, _ := s.fine(`"My money back" "a refund"`, "embed", "--data", data)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var vectors [2][]float64
	if len(lines) != 2 || json.Unmarshal([]byte(lines[0]), &vectors[0]) != nil || json.Unmarshal([]byte(lines[1]), &vectors[1]) != nil || len(vectors[0]) != 384 || len(vectors[1]) != 384 {
		t.Fatalf("it printed %d lines: %.200q", len(lines), out)
	}
	near := 0.0
	for i := range vectors[0] {
		near += vectors[0][i] * vectors[1][i]
	}
	if near < 0.3 || near > 0.99 {
		t.Errorf("the two are %f near", near)
	}
	s.fails("invalid", `{"text": `+"\x00", "embed", "--data", data)
	if _, err := os.Stat(data); err == nil {
		t.Error("it made a data directory")
	}
}
