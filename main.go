// Deskbell is a whole help desk in one program and one file: a chat widget, a shared inbox and what belongs to them.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	_ "time/tzdata" // the image it runs in may have none

	"github.com/alecthomas/kong"

	"deskbell/app"
	"deskbell/app/account"
	"deskbell/app/recall"
	"deskbell/store"
)

var version = "dev" // stamped by the build

type commands struct {
	Data string `help:"Directory of everything remembered." default:"./data" env:"DESKBELL_DATA"`

	Serve   serve   `cmd:"" default:"withargs" help:"Start (the default)."`
	Setup   setup   `cmd:"" help:"Set up without a browser: the first user and workspace."`
	Backup  backup  `cmd:"" help:"Write a consistent, verified copy, also while serving."`
	Restore restore `cmd:"" help:"Put a backup in the place of the database. Refused while serving."`
	User    struct {
		ResetPassword reset `cmd:"" help:"Give a user a new password and end their sessions."`
	} `cmd:"" help:"Users."`
	Token struct {
		Create tokenCreate `cmd:"" help:"Make an API key for a program. It acts as the workspace's owner, and is printed once."`
	} `cmd:"" help:"API keys."`
	Help struct {
		Import helpImport `cmd:"" help:"Bring a folder or zip of Markdown in. Works while serving and when not."`
		Export helpExport `cmd:"" help:"Write all articles as a zip of Markdown."`
	} `cmd:"" help:"The help center."`
	Version struct{} `cmd:"" help:"Print the version."`
	Health  health   `cmd:"" hidden:"" help:"Ask a running server whether it is well."`
	Embed   embed    `cmd:"" hidden:"" help:"Answer texts with what they mean, for a running server."`
}

func main() {
	app.TuneGC()
	app.LimitMemory()
	var c commands
	parser := kong.Must(&c, kong.Name("deskbell"), kong.Description("A whole help desk in one program and one file."), kong.UsageOnError())
	k, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "deskbell:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if k.Command() == "version" {
		fmt.Println(version)
		return
	}
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(&c); err != nil {
		last := app.NewLog(os.Stderr)
		fmt.Fprintln(last, "deskbell:", strings.Split(err.Error(), "\n")[0])
		last.Close()
		stop()
		os.Exit(1)
	}
}

type serve struct {
	Addr       string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"DESKBELL_ADDR"`
	URL        string   `help:"Public base URL, such as https://help.example.com." env:"DESKBELL_URL"`
	Proxies    []string `name:"trusted-proxies" help:"Networks (CIDR) of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed." env:"DESKBELL_TRUSTED_PROXIES"`
	Apps       []string `name:"app-origins" help:"Further origins that staff may sign in from." env:"DESKBELL_APP_ORIGINS"`
	TLSDomains []string `name:"tls-domain" help:"Name of this host, such as help.example.com: HTTPS on port 443 with a certificate that comes by itself. Further names, such as help centers', after commas." env:"DESKBELL_TLS_DOMAIN"`
	ACME       string   `name:"acme-directory" help:"Another certificate authority than Let's Encrypt: the address of its ACME directory." env:"DESKBELL_ACME_DIRECTORY"`
	TLSAddr    string   `name:"tls-addr" hidden:"" default:":443" env:"DESKBELL_TLS_ADDR"`
	PlainAddr  string   `name:"plain-addr" hidden:"" default:":80" env:"DESKBELL_PLAIN_ADDR"`
	Durability string   `help:"What an answered write survives: a power cut (full) or a crash (normal)." enum:"full,normal" default:"full" env:"DESKBELL_DURABILITY"`
	PrivateAI  bool     `name:"ai-private-hosts" help:"Let workspaces use model servers on this machine and in its network, such as Ollama." env:"DESKBELL_AI_PRIVATE_HOSTS"`
	PrivateIn  bool     `name:"import-private-hosts" help:"Let workspaces import help centers from this machine and its network." env:"DESKBELL_IMPORT_PRIVATE_HOSTS"`
	Metrics    string   `name:"metrics-token" help:"Token with which Prometheus may read /metrics from another machine." env:"DESKBELL_METRICS_TOKEN"`
	Demo       bool     `help:"On an empty data directory: a workspace that looks alive, and a shop at /demo."`
	Verbose    bool     `help:"Log every request."`
}

func (s *serve) Run(ctx context.Context, c *commands) error {
	l, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return err
	}
	log, lines := logger(s.Verbose)
	defer lines.Close()
	secure, err := s.public()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	a, err := app.New(ctx, app.Options{Data: c.Data, URL: s.URL, Addr: l.Addr().String(), TLS: secure, Durability: store.Durability(s.Durability),
		Proxies: s.Proxies, Apps: s.Apps, Demo: s.Demo, PrivateAI: s.PrivateAI, PrivateIn: s.PrivateIn, MetricsToken: s.Metrics, Version: version, Log: log})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if self, err := os.Executable(); err == nil {
		a.Recall.Apart(self, "embed")
	}
	line, err := a.SetupLine(ctx)
	if err != nil {
		return errors.Join(err, a.DB.Close())
	}
	if line != "" {
		fmt.Println("Set up Deskbell in your browser:", line)
	} else {
		fmt.Println("Deskbell is at", a.URL)
	}
	return a.Run(ctx, l)
}

// public opens the doors to the public where TLS is done here.
func (s *serve) public() (t app.TLS, err error) {
	t = app.TLS{Domains: s.TLSDomains, Directory: s.ACME}
	if len(t.Domains) == 0 {
		return t, nil
	}
	if t.Secure, err = net.Listen("tcp", s.TLSAddr); err == nil {
		t.Plain, err = net.Listen("tcp", s.PlainAddr)
	}
	return t, err
}

// logger writes to standard error without ever waiting for whoever reads it.
func logger(verbose bool) (*slog.Logger, *app.Log) {
	out := app.NewLog(os.Stderr)
	level := &slog.HandlerOptions{Level: slog.LevelInfo}
	if verbose {
		level.Level = slog.LevelDebug
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return slog.New(slog.NewTextHandler(out, level)), out
	}
	return slog.New(slog.NewJSONHandler(out, level)), out
}

type setup struct {
	Email         string `required:"" help:"The first user's address; they sign in with it."`
	Name          string `required:"" help:"The first user's name."`
	Workspace     string `required:"" help:"What the workspace is called, such as the shop's name."`
	PasswordStdin bool   `required:"" help:"Read the password from standard input."`
}

func (s *setup) Run(ctx context.Context, c *commands) error {
	password, err := secret(ctx)
	if err != nil {
		return err
	}
	out, err := app.Ask(ctx, c.Data, app.Command{Name: "setup", Founder: account.Founder{Email: s.Email, Name: s.Name, WorkspaceName: s.Workspace, Password: password}})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]store.ID{"workspaceId": out.Space, "userId": out.User})
}

// secret is what stands on standard input. Whoever is asked for it there may also end the command.
func secret(ctx context.Context) (string, error) {
	type said struct {
		text []byte
		err  error
	}
	read := make(chan said, 1)
	go func() { // ends with the process at the latest: nobody can stop it from reading
		b, err := io.ReadAll(io.LimitReader(os.Stdin, 4096))
		read <- said{b, err}
	}()
	select {
	case s := <-read:
		return strings.TrimRight(string(s.text), "\r\n"), s.err
	case <-ctx.Done():
		return "", app.ErrInterrupted
	}
}

type backup struct {
	File string `arg:"" help:"Where to, or - for standard output."`
}

func (b *backup) Run(ctx context.Context, c *commands) error {
	path := b.File
	if path == "-" {
		dir, err := os.MkdirTemp(c.Data, ".backup-") // whoever serves writes there, and an image may have no other place
		if errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("there is no database in %s", c.Data)
		}
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "backup.db")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	out, err := app.Ask(ctx, c.Data, app.Command{Name: "backup", Path: path})
	if err != nil {
		return err
	}
	s := out.Snapshot
	fmt.Fprintf(os.Stderr, "%d bytes, sha256 %s, %d conversations, %d messages\n", s.Size, s.SHA256, s.Counts["conversations"], s.Counts["messages"])
	if b.File != "-" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(os.Stdout, f)
	return err
}

type restore struct {
	File string `arg:"" help:"A backup."`
}

func (r *restore) Run(ctx context.Context, c *commands) error {
	info, err := os.Stat(r.File)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a directory", r.File)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	out, err := store.Restore(ctx, app.Database(c.Data), r.File)
	if err != nil {
		return err
	}
	if out.Aside != "" {
		fmt.Fprintln(os.Stderr, "The old database is kept as", out.Aside)
	}
	if out.Partial {
		fmt.Fprintln(os.Stderr, "Beware: this file was copied while Deskbell ran, without its log. What was newest then is missing. Copy backup.db instead.")
	}
	fmt.Fprintln(os.Stderr, "Restored. Start Deskbell as usual.")
	return nil
}

type reset struct {
	Email         string `arg:"" help:"The user's address."`
	PasswordStdin bool   `required:"" help:"Read the password from standard input."`
}

func (r *reset) Run(ctx context.Context, c *commands) error {
	password, err := secret(ctx)
	if err != nil {
		return err
	}
	_, err = app.Ask(ctx, c.Data, app.Command{Name: "reset-password", Email: r.Email, Password: password})
	return err
}

type tokenCreate struct {
	Workspace string   `required:"" help:"Id of the workspace."`
	Name      string   `required:"" help:"What the key is for."`
	Scope     []string `required:"" help:"A permission, such as conversations.read. May be given several times."`
	Days      int      `help:"How many days it works; 0 is without end."`
}

func (t *tokenCreate) Run(ctx context.Context, c *commands) error {
	id, err := workspace(t.Workspace)
	if err != nil {
		return err
	}
	out, err := app.Ask(ctx, c.Data, app.Command{Name: "token-create", Space: id, Key: account.NewKey{Name: t.Name, Scopes: t.Scope, ExpiresIn: t.Days}})
	if err == nil {
		fmt.Println(out.Token)
	}
	return err
}

type health struct {
	Addr string `default:"127.0.0.1:8080" env:"DESKBELL_ADDR"`
}

func (h *health) Run(ctx context.Context) error { return app.Healthy(ctx, h.Addr) }

type embed struct{}

func (*embed) Run() error { return recall.Passages(os.Stdin, os.Stdout) }

type helpImport struct {
	Workspace string `help:"Id of the workspace, where there are several."`
	Source    string `help:"What the articles are known by when they come again; the folder's name otherwise."`
	DryRun    bool   `name:"dry-run" help:"Only say what would change."`
	Path      string `arg:"" help:"A folder, or a zip."`
}

func (h *helpImport) Run(ctx context.Context, c *commands) error {
	id, path, err := target(h.Workspace, h.Path)
	if err != nil {
		return err
	}
	out, err := app.Ask(ctx, c.Data, app.Command{Name: "help-import", Space: id, Path: path, Source: h.Source, DryRun: h.DryRun})
	if err != nil {
		return err
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(out.Synced)
}

type helpExport struct {
	Workspace string `help:"Id of the workspace, where there are several."`
	Path      string `arg:"" help:"The zip to write."`
}

func (h *helpExport) Run(ctx context.Context, c *commands) error {
	id, path, err := target(h.Workspace, h.Path)
	if err != nil {
		return err
	}
	out, err := app.Ask(ctx, c.Data, app.Command{Name: "help-export", Space: id, Path: path})
	if err == nil {
		fmt.Fprintf(os.Stderr, "%d articles\n", out.Articles)
	}
	return err
}

// target reads what the commands of the help center are about.
func target(space, path string) (id store.ID, _ string, err error) {
	if space != "" {
		if id, err = workspace(space); err != nil {
			return 0, "", err
		}
	}
	path, err = filepath.Abs(path)
	return id, path, err
}

// workspace reads the id of a workspace.
func workspace(s string) (store.ID, error) {
	id, err := store.ParseID(s)
	if err != nil {
		return 0, fmt.Errorf("--workspace: %w", err)
	}
	return id, nil
}
