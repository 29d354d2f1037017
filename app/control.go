package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"deskbell/app/account"
	"deskbell/app/fault"
	"deskbell/app/helpcenter"
	"deskbell/store"
)

// Only one process opens the live file. Commands that find a server on the data directory ask it through a socket that
// only the owner of the directory can open; otherwise they open the file themselves.

// Command is something that the command line asks for.
type Command struct {
	Name     string          `json:"name"` // backup, setup, reset-password, token-create, help-import, help-export
	Space    store.ID        `json:"workspace,omitempty"`
	Source   string          `json:"source,omitempty"`
	DryRun   bool            `json:"dryRun,omitempty"`
	Path     string          `json:"path,omitempty"`
	Email    string          `json:"email,omitempty"`
	Password string          `json:"password,omitempty"`
	Founder  account.Founder `json:"founder"`
	Key      account.NewKey  `json:"key"`
}

// Answer is what a command prints.
type Answer struct {
	Error    string          `json:"error,omitempty"`
	Snapshot *store.Snapshot `json:"snapshot,omitempty"`
	User     store.ID        `json:"user,omitempty"`
	Space    store.ID        `json:"workspace,omitempty"`

	Synced   *helpcenter.Synced `json:"synced,omitempty"`
	Articles int                `json:"articles,omitempty"`
	Token    string             `json:"token,omitempty"`
}

func socketPath(data string) string { return filepath.Join(data, "control.sock") }

// control answers commands on the socket until ctx ends.
func (a *App) control(ctx context.Context) error {
	path := socketPath(a.Data)
	os.Remove(path) // a leftover: the lock says that nobody else serves here
	l, err := net.Listen("unix", path)
	if err != nil {
		a.Log.Warn("no control socket: commands have to wait until this process ends", "error", err)
		return nil
	}
	os.Chmod(path, 0o600)
	srv := &http.Server{ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c Command
		out := Answer{Error: "not a command"}
		in := http.NewResponseController(w)
		in.SetReadDeadline(time.Now().Add(5 * time.Second))
		if json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&c) == nil {
			in.SetReadDeadline(time.Time{})
			out = a.command(r.Context(), c)
		}
		json.NewEncoder(w).Encode(out)
	})}
	ended := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { ended <- srv.Shutdown(context.WithoutCancel(ctx)) }) // each command answers: ctx has told it to end
	if err := srv.Serve(l); stop() || !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

func (a *App) command(ctx context.Context, c Command) (out Answer) {
	var err error
	switch c.Name {
	case "backup":
		var s store.Snapshot
		if err = replaceable(c.Path, "SQLite format 3\x00"); err == nil {
			s, err = a.DB.Snapshot(ctx, c.Path)
		}
		out.Snapshot = &s
	case "setup":
		out.User, out.Space, err = a.Accounts.Found(ctx, c.Founder)
	case "token-create":
		if c.Space, err = a.meant(ctx, c); err == nil {
			out.Token, err = a.Accounts.KeyFor(ctx, c.Space, c.Key)
		}
	case "reset-password":
		err = a.Accounts.ResetPassword(ctx, c.Email, c.Password)
	case "help-import":
		out.Synced, err = a.helpImport(ctx, c)
	case "help-export":
		out.Articles, err = a.helpExport(ctx, c)
	default:
		err = fault.New(fault.Invalid, "not a command")
	}
	if err != nil {
		out.Error = reason(err)
	}
	return out
}

// reason is a one-line reason for the command line: there the cause may be told.
func reason(err error) string {
	if errors.Is(err, context.Canceled) {
		return ErrInterrupted.Error()
	}
	f := fault.Of(err)
	if f.Kind == fault.Internal {
		return err.Error()
	}
	return f.Message
}

var (
	// ErrInterrupted is of a command that was told to end before it had done anything.
	ErrInterrupted = errors.New("interrupted")

	errUnknown = errors.New("the server did not answer: it may have done this, or not")
)

// replaceable refuses to have a file written over that is there already and does not begin as what would be written: whoever
// mistakes a name must not lose what bears it.
func replaceable(path, begins string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Stat(filepath.Dir(path))
		return err
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", path)
	}
	if info.Size() == 0 {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(begins))
	if _, err := io.ReadFull(f, head); err != nil || string(head) != begins {
		return fmt.Errorf("%s is there already, and nothing that this command wrote: choose another name", path)
	}
	return nil
}

// Ask has a command done: by the server on the data directory, or by opening it. Only setting up begins a new one, and only
// if nothing is wrong with what it is to begin with.
func Ask(ctx context.Context, data string, c Command) (out Answer, err error) {
	out, reached, err := served(ctx, data, c)
	if reached {
		return out, errors.Join(err, failed(out))
	}
	if c.Name == "setup" {
		err = c.Founder.Check()
	} else if _, err = os.Stat(Database(data)); errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no database in %s", data)
	}
	if err != nil {
		return out, errors.New(reason(err))
	}
	a, err := New(ctx, Options{Data: data, Addr: "127.0.0.1:8080"})
	if err != nil {
		return out, err
	}
	defer a.DB.Close()
	out = a.command(ctx, c)
	return out, failed(out)
}

// served has a command done by the server on the data directory, if there is one to be reached. A command that was given to
// it is done by nobody else.
func served(ctx context.Context, data string, c Command) (out Answer, reached bool, err error) {
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "unix", socketPath(data))
	}}}
	body, err := json.Marshal(c)
	if err != nil {
		return out, true, err
	}
	req, err := http.NewRequestWithContext(ctx, "POST", "http://deskbell/", bytes.NewReader(body))
	if err != nil {
		return out, true, err
	}
	r, err := client.Do(req)
	if err == nil {
		defer r.Body.Close()
		err = json.NewDecoder(r.Body).Decode(&out)
	}
	var dial *net.OpError
	switch {
	case err == nil:
		return out, true, nil
	case r == nil && errors.As(err, &dial) && dial.Op == "dial" && ctx.Err() == nil:
		return out, false, nil
	}
	return out, true, errUnknown
}

func failed(a Answer) error {
	if a.Error == "" {
		return nil
	}
	return fmt.Errorf("%s", a.Error)
}

// Healthy asks a server on this machine whether it is well.
func Healthy(ctx context.Context, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, "GET", "http://127.0.0.1:"+port+"/healthz", nil)
	if err != nil {
		return err
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered %s", r.Status)
	}
	return nil
}
