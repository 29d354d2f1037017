// Package app assembles the help desk from its capabilities and runs it. It decides nothing itself.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/ai"
	"deskbell/app/backup"
	"deskbell/app/copilot"
	"deskbell/app/door"
	"deskbell/app/file"
	"deskbell/app/helpcenter"
	"deskbell/app/inbox"
	"deskbell/app/job"
	"deskbell/app/live"
	"deskbell/app/model"
	"deskbell/app/outside"
	"deskbell/app/recall"
	"deskbell/app/saved"
	"deskbell/app/seal"
	"deskbell/app/visitor"
	"deskbell/app/web"
	"deskbell/app/workspace"
	"deskbell/store"
	"deskbell/ui"
	"deskbell/widget"
)

// App is the help desk.
type App struct {
	Options
	DB       *store.DB
	Doors    *door.Doors
	Accounts *account.Accounts
	Visitors *visitor.Visitors
	Inbox    *inbox.Inbox
	Help     *helpcenter.HelpCenter
	Backups  *backup.Backups
	Engine   *live.Engine
	Socket   *live.Socket
	Web      *web.Server
	Agent    *ai.Agent
	Models   *model.Models
	jobs     *job.Runner
	certs    *web.Certificates
	Recall   *recall.Index
	behind   atomic.Int64 // milliseconds that the clock is behind while the demo is filled
}

// New opens the data directory and assembles everything on it.
func New(ctx context.Context, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	certs, err := certificates(&o)
	if err != nil {
		return nil, err
	}
	if o.URL == "" {
		o.URL = "http://" + reached(o.Addr)
	}
	base, err := public("--url", o.URL)
	if err != nil {
		return nil, err
	}
	o.URL = base.String()
	apps, err := listed(o.Apps)
	if err != nil {
		return nil, err
	}
	o.Apps = apps
	proxies, err := prefixes(o.Proxies)
	if err != nil {
		return nil, err
	}
	a := &App{Options: o, certs: certs}
	db, err := store.Open(ctx, store.Options{Path: Database(o.Data), Durability: o.Durability, Log: o.Log, Now: a.clock(), Backup: backup.Path(o.Data)})
	if err != nil {
		return nil, err
	}
	secret, err := file.Secret(o.Data)
	if err == nil {
		err = file.Sweep(file.Dir(o.Data))
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	sealed, err := seal.New(secret, "models")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	reach := outside.Public
	if o.PrivateAI {
		reach = outside.Private
	}
	a.DB, a.Doors, a.Models = db, door.New(db, account.Bind), model.New(db, sealed, reach)
	a.assemble(base, proxies, secret)
	return a, a.start(ctx)
}

// clock is the time that the store keeps.
func (a *App) clock() func() store.Time {
	now := a.Now
	if !a.Demo {
		return now
	}
	if now == nil {
		now = func() store.Time { return store.At(time.Now()) }
	}
	return func() store.Time { return now() - store.Time(a.behind.Load()) }
}

// assemble makes the capabilities, hangs each on its doors, and gives the doors to what serves them: live views, jobs, HTTP.
func (a *App) assemble(base *url.URL, proxies []netip.Prefix, secret []byte) {
	files := file.New(a.DB, secret, a.URL, file.Dir(a.Data))
	a.Accounts = account.New(a.DB, secret, a.URL)
	a.Visitors = visitor.New(a.DB, secret, a.URL)
	a.Inbox = inbox.New(a.DB, files)
	a.Help = helpcenter.New(a.DB, secret, a.URL, a.Log)
	a.Help.Spool = file.Dir(a.Data)
	if a.PrivateIn {
		a.Help.Reach = outside.Private
	}
	a.Backups = backup.New(a.DB, a.Data, a.Log)
	a.Engine = live.New(a.DB, a.Log)
	a.jobs = job.New(a.DB, a.Log)
	a.Recall = recall.New(a.DB, a.Log, a.Models.Choose)
	a.Socket = &live.Socket{Engine: a.Engine, Authenticate: a.who, Alive: a.alive, Opened: a.Visitors.Came, Closed: a.Visitors.Left, Most: 25000, PerAddress: 12000, PerSession: 100}

	a.Accounts.Open(a.Doors)
	workspace.New(a.DB, a.URL, a.Accounts).Open(a.Doors)
	a.Visitors.Open(a.Doors)
	a.Inbox.Open(a.Doors)
	a.Help.Open(a.Doors)
	saved.New(a.DB).Open(a.Doors)
	// Files and backups have plain pages, which ask the web who is there; the web is made of all pages.
	enter := func(w web.Response, r *web.Request, visitors bool) (actor.Actor, error) {
		return a.Web.Visit(w, r, visitors)
	}
	refuse := func(w web.Response, r *web.Request, err error) { a.Web.Refuse(w, r, err) }
	files.Open(a.Doors, enter, refuse)
	a.Backups.Open(a.Doors, enter, refuse)
	a.Models.Open(a.Doors)
	a.Agent = ai.New(a.DB, a.Inbox, a.Recall, a.Models, a.Log, a.Help)
	a.Agent.Open(a.Doors)
	copilot.New(a.DB, a.Recall, a.Models, a.Log, copilot.Ways{Search: a.articles, Terms: a.Help.Terms, Link: a.Help.Link, Confidence: ai.Confidence, Passage: ai.Passage}).Open(a.Doors)
	a.Help.Pages(a.Doors, enter, refuse)
	a.pages()
	a.frontPages()

	for _, v := range a.Doors.Views() {
		a.Engine.Define(v)
	}
	for kind, j := range a.Doors.Jobs() {
		if j.Waits {
			a.jobs.HandleWaiting(kind, j.Run)
		} else {
			a.jobs.Handle(kind, j.Run)
		}
	}
	a.Web = web.New(web.Options{Doors: a.Doors, DB: a.DB, Socket: a.Socket, Log: a.Log, URL: base, Proxies: proxies, Apps: a.Apps,
		Staff: a.Accounts.Who, Visitor: a.Visitors.Who, Origins: a.origins, Allowed: visitor.Allowed, Sorry: a.sorry})
	a.Web.Front(ui.FS(), widget.FS())
}

// start enqueues what the clock runs, and fills the demo.
func (a *App) start(ctx context.Context) error {
	for _, s := range a.Doors.Schedules() {
		if err := a.jobs.Schedule(s.Kind, s.Spec); err != nil {
			return errors.Join(err, a.DB.Close())
		}
	}
	if a.Demo {
		if err := a.demo(ctx); err != nil {
			return errors.Join(err, a.DB.Close())
		}
	}
	return nil
}

// Run serves on a listener until ctx ends, and then stops everything in order: requests, sockets, jobs, the store.
func (a *App) Run(ctx context.Context, l net.Listener) error {
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	parts := []func(context.Context) error{
		func(ctx context.Context) error { a.Engine.Run(ctx); return nil },
		func(ctx context.Context) error { a.Socket.Run(ctx); return nil },
		a.jobs.Run, a.Visitors.Run, a.Inbox.Run, a.Backups.Run, a.Recall.Run, a.Help.Run, a.control, returnMemory, a.DB.WatchDisk, a.DB.Verify,
	}
	serving, end := context.WithCancel(ctx)
	defer end()
	parts = append(parts, func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			return nil
		case <-a.DB.Failed():
			end()
			return nil // the store says why when it is closed
		}
	})
	ended := make(chan error, len(parts))
	for _, run := range parts {
		go func() { ended <- run(inner) }() // waited for below
	}
	err := a.listen(serving, l)
	stop()
	for range parts {
		if end := <-ended; !errors.Is(end, context.Canceled) { // stopped before it had begun: that is fine
			err = errors.Join(err, end)
		}
	}
	return errors.Join(err, a.DB.Close())
}

// SetupLine is the one line that a first start prints.
func (a *App) SetupLine(ctx context.Context) (string, error) { return a.Accounts.SetupURL(ctx) }

// What capabilities need of each other and do not know by themselves:

// who finds who a token of the live socket belongs to.
func (a *App) who(ctx context.Context, token string) (actor.Actor, error) {
	if strings.HasPrefix(token, "wst_") {
		return a.Visitors.Who(ctx, token)
	}
	return a.Accounts.Who(ctx, token)
}

// alive fails once the session of an actor has ended.
func (a *App) alive(tx *store.Tx, who actor.Actor) error {
	if who.IsVisitor() {
		return a.Visitors.Alive(tx, who)
	}
	return a.Accounts.Alive(tx, who)
}

// origins are the sites that may use a workspace's visitor doors; none listed is every site.
func (a *App) origins(ctx context.Context, workspace store.ID) (list []string, err error) {
	err = a.DB.Read(ctx, 0, func(tx *store.Tx) error {
		if _, err := tx.Workspaces.ByID(workspace); err != nil {
			return err
		}
		if list, err = tx.Workspaces.Origins(workspace); err != nil || len(list) == 0 {
			return err
		}
		c, err := tx.In(workspace).HelpCenters.Of()
		if err == nil && c.Domain != "" { // the workspace's own pages carry the messenger too
			list = append(list, "https://"+c.Domain)
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return list, err
}

// articles finds articles for the copilot, which does not know the help center.
func (a *App) articles(tx *store.Tx, q string, limit int) ([]copilot.Article, error) {
	hits, err := a.Help.Search(tx, helpcenter.Query{Q: q, Team: true, Limit: limit})
	out := make([]copilot.Article, 0, len(hits))
	for _, h := range hits {
		v := copilot.Article{ID: h.ArticleID, Title: h.Title, Excerpt: h.Excerpt}
		if h.URL != nil {
			v.URL = *h.URL
		}
		out = append(out, v)
	}
	return out, err
}
