package helpcenter

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/event"
	"deskbell/app/fault"
	"deskbell/app/may"
	"deskbell/app/outside"
	"deskbell/app/safe"
	"deskbell/store"
)

// HelpCenter is the articles of a team and the way to them.
type HelpCenter struct {
	db     *store.DB
	url    string
	key    []byte
	emit   func(tx *store.Tx, e event.Event) error
	limits *limits
	pages  *pages
	log    *slog.Logger
	wake   chan struct{}

	imports *turns // one at a time
	zips    *turns // on their way in or out: each takes as much of the disk

	Reach outside.Reach // of imports; Private only where the owner of the machine allowed it
	Spool string        // where a zip waits on its way in or out; empty: where the system keeps such files
}

// New makes a help center. url is the public base URL; the secret signs the addresses of pictures.
func New(db *store.DB, secret []byte, url string, log *slog.Logger) *HelpCenter {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("deskbell help center"))
	h := &HelpCenter{db: db, url: url, key: mac.Sum(nil), limits: newLimits(), log: log, wake: make(chan struct{}, 1), imports: newTurns(1), zips: newTurns(3)}
	db.Watch(h.heard)
	return h
}

// Open hangs everything a help center can do on its doors.
func (h *HelpCenter) Open(d *door.Doors) {
	h.emit = func(tx *store.Tx, e event.Event) error { return d.Emit(tx, e) }
	read, write, publish := may.Has(may.ReadArticles), may.Has(may.CreateArticles), may.Has(may.PublishArticles)

	door.View(d, "collections.list", read, h.Collections, door.Shared())
	door.Verb(d, "collections.create", write, h.CreateCollection)
	door.Verb(d, "collections.update", write, h.UpdateCollection)
	door.Verb(d, "collections.move", write, h.MoveCollection)
	door.Verb(d, "collections.remove", may.Has(may.DeleteArticles), h.RemoveCollection)

	door.View(d, "articles.list", read, h.List, door.Shared())
	door.View(d, "articles.get", read, h.Article, door.Shared())
	door.Verb(d, "articles.create", write, h.Create)
	door.Verb(d, "articles.update", write, h.Update)
	door.Verb(d, "articles.move", write, h.Move)
	door.Verb(d, "articles.publish", publish, h.Publish)
	door.Verb(d, "articles.unpublish", publish, h.Unpublish)
	door.Verb(d, "articles.archive", publish, h.Archive)
	door.Verb(d, "articles.schedule", publish, h.Schedule)
	door.Verb(d, "articles.discardChanges", write, h.DiscardChanges)
	door.Verb(d, "articles.remove", may.Has(may.DeleteArticles), h.Remove)
	door.View(d, "articles.listVersions", read, h.Versions, door.Shared())
	door.View(d, "articles.getVersion", read, h.Version, door.Shared())
	door.Verb(d, "articles.restoreVersion", write, h.RestoreVersion)
	door.View(d, "articles.listFeedback", read, h.Feedback, door.Shared())
	door.View(d, "articles.listTags", read, h.Tags, door.Shared())
	door.View(d, "articles.preview", read, h.Preview)
	door.View(d, "articles.search", read, h.SearchTeam)

	door.View(d, "helpCenter.getSettings", read, h.Settings, door.Shared())
	door.Verb(d, "helpCenter.updateSettings", may.Has(may.SetWorkspace), h.UpdateSettings)
	door.View(d, "helpCenter.listImports", read, h.Imports, door.Shared())
	door.Verb(d, "helpCenter.restoreImport", publish, h.RestoreImport)
	door.Verb(d, "helpCenter.mapSite", publish, h.MapSite, door.Cost(5))
	door.Verb(d, "helpCenter.fetchSite", publish, h.FetchSite, door.Cost(5))
	door.View(d, "helpCenter.listSites", publish, h.Sites, door.Shared())
	door.Verb(d, "helpCenter.applySite", publish, h.ApplySite)
	door.Verb(d, "helpCenter.discardSite", publish, h.DiscardSite)
	door.View(d, "helpCenter.search", may.Anyone, h.SearchPublic, door.PublicGET())
	door.View(d, "helpCenter.get", may.Anyone, h.Home, door.PublicGET())
	door.View(d, "helpCenter.getCollection", may.Anyone, h.Shelf, door.PublicGET())
	door.View(d, "helpCenter.getArticle", may.Anyone, h.Read, door.PublicGET())
	door.Verb(d, "helpCenter.submitFeedback", may.Anyone, h.SubmitFeedback)

	door.Every(d, "helpcenter.publish", "@every 1m", h.PublishDue)
	door.Every(d, "helpcenter.tidy", "@every 10m", h.Tidy)
}

// Empty is an input or output without fields.
type Empty struct{}

// center is the workspace's help center; before anything was written, what it would be.
func center(tx *store.Tx) (*store.HelpCenter, error) {
	c, err := tx.HelpCenters.Of()
	if !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	return &store.HelpCenter{Workspace: tx.Workspace, Slug: strings.ToLower(tx.Workspace.String()), Policy: "public", Link: 1, Language: "en"}, nil
}

// found gives the workspace its help center with the first thing that is written.
func found(tx *store.Tx) (*store.HelpCenter, error) {
	c, err := tx.HelpCenters.Of()
	if !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	w, err := tx.Workspaces.ByID(tx.Workspace)
	if err != nil {
		return nil, err
	}
	c = &store.HelpCenter{Workspace: tx.Workspace, Policy: "public", Link: 1, Language: "en"}
	c.Slug, err = free(safe.Slug(w.Name), func(s string) (bool, error) {
		_, err := tx.HelpCenters.BySlug(s)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return true, err
	})
	if err != nil {
		return nil, err
	}
	return c, tx.HelpCenters.Set(c)
}

// free finds an address that nobody has: the wish, or the wish with a number.
func free(wish string, taken func(string) (bool, error)) (string, error) {
	slug := wish
	for n := 2; n < 1000; n++ {
		t, err := taken(slug)
		if err != nil || !t {
			return slug, err
		}
		slug = fmt.Sprintf("%s-%d", wish, n)
	}
	return "", fault.New(fault.Conflict, "Too many have this address. Choose another.").On("slug")
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$`)

// language is the one that was asked for, if the help center speaks it, or else its own.
func language(c *store.HelpCenter, wish string) (string, error) {
	if wish == "" || wish == c.Language {
		return c.Language, nil
	}
	for _, l := range c.Languages {
		if l == wish {
			return l, nil
		}
	}
	return "", fault.New(fault.Invalid, "The help center does not have this language. Add it in its settings.").On("language")
}

// spoken is language for readers: one that the help center does not speak is its own.
func spoken(c *store.HelpCenter, wish string) string {
	l, err := language(c, wish)
	if err != nil {
		return c.Language
	}
	return l
}

// base is where the help center's public pages are.
func (h *HelpCenter) base(c *store.HelpCenter) string {
	if c.Domain != "" {
		return "https://" + c.Domain + "/help"
	}
	return h.url + "/help/" + c.Slug
}

func (h *HelpCenter) articleURL(c *store.HelpCenter, language, slug string) string {
	return h.base(c) + tongue(c, language) + "/a/" + slug
}

// Front is the address of the help center's first page; "" where there is none yet.
func (h *HelpCenter) Front(tx *store.Tx) (string, error) {
	c, err := tx.HelpCenters.Of()
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return h.base(c), nil
}

// Link is where readers find an article in a language; "" where they find none.
func (h *HelpCenter) Link(tx *store.Tx, article store.ID, language string) (string, error) {
	c, err := tx.HelpCenters.Of()
	if err != nil {
		return "", err
	}
	t, err := tx.Articles.Text(article, language)
	if err != nil || !t.Live {
		return "", err
	}
	return h.articleURL(c, language, t.Slug), nil
}

// tongue is the part of an address that says the language; the help center's own needs none.
func tongue(c *store.HelpCenter, language string) string {
	if language == "" || language == c.Language {
		return ""
	}
	return "/" + language
}

// sign makes the part of a picture's address that nobody can guess. It never changes, so that pages may be kept.
func (h *HelpCenter) sign(id store.ID) string {
	mac := hmac.New(sha256.New, h.key)
	fmt.Fprintf(mac, "asset %d", id)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

func (h *HelpCenter) assetURL(id store.ID) string { return safe.Own + id.String() + "/" + h.sign(id) }

var references = regexp.MustCompile(`\b(asset|article):([0-9A-Za-z]{13})\b`)

// render renders a text of the workspace. Links to articles lead to what readers may read, for the team to all of them.
func (h *HelpCenter) render(tx *store.Tx, c *store.HelpCenter, language, source string, team bool) (safe.Rendered, error) {
	to, err := h.references(tx, c, language, source)
	if err != nil {
		return safe.Rendered{}, err
	}
	return safe.Article(source, h.targets(to, team)), nil
}

// targets is where references lead; for the team, articles that readers cannot read lead to the editor.
func (h *HelpCenter) targets(to map[string]safe.Target, team bool) func(ref string) safe.Target {
	return func(ref string) safe.Target {
		if to[ref].URL == "" && team && strings.HasPrefix(ref, "article:") {
			return safe.Target{URL: h.url + "/app/help/" + strings.TrimPrefix(ref, "article:")}
		}
		return to[ref]
	}
}

// references are the addresses of what a text names of ours.
func (h *HelpCenter) references(tx *store.Tx, c *store.HelpCenter, language, source string) (map[string]safe.Target, error) {
	to := map[string]safe.Target{}
	var articles, assets []store.ID
	for _, m := range references.FindAllStringSubmatch(source, 500) {
		id, err := store.ParseID(m[2])
		if err != nil {
			continue
		}
		if m[1] == "article" {
			articles = append(articles, id)
		} else {
			assets = append(assets, id)
		}
	}
	if len(articles) > 0 {
		list, err := tx.Articles.Published(articles, language, c.Language)
		if err != nil {
			return nil, err
		}
		for id, a := range list {
			to["article:"+id.String()] = safe.Target{URL: h.articleURL(c, a.Text.Language, a.Slug)}
		}
	}
	if len(assets) > 0 {
		list, err := tx.Assets.ByIDs(assets)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			to["asset:"+a.ID.String()] = safe.Target{URL: h.url + h.assetURL(a.ID), Width: a.Width, Height: a.Height}
		}
	}
	return to, nil
}

// write runs fn in one write of the actor's workspace, with its help center.
func (h *HelpCenter) write(ctx context.Context, who actor.Actor, fn func(*store.Tx, *store.HelpCenter) error) error {
	_, err := h.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		c, err := found(tx)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
	return err
}
