package helpcenter

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/store"
)

// sheet is what a page shows.
type sheet struct {
	Language, Base, Tongue, Center, Head, Title, Canonical, Kind string
	Color, Build, Workspace, Server                              string
	Description, Tagline, Site                                   string
	Lead                                                         *string
	NoIndex, Secret, RTL, Searching                              bool
	Alternates, Tongues                                          []tongued
	Path, Shelves                                                []Shelved
	Articles                                                     []Brief
	Q                                                            string
	Hits                                                         []markedHit
	Article                                                      Published
	Body                                                         template.HTML
	Places                                                       []place
	Face, Day, Stamp, Thanks, Picture                            string
	Minutes                                                      int
	status                                                       int
}

type tongued struct {
	Language, Name, URL string
	Here                bool
}

type markedHit struct {
	Slug, Language             string
	TitleMarked, ExcerptMarked template.HTML
}

// sheet begins a page.
func (h *HelpCenter) sheet(v *visit, title string) *sheet {
	c := v.center
	s := &sheet{Language: v.language, Base: v.base, Tongue: tongue(c, v.language), Center: titleOf(c, v.space), Title: title, Kind: "website", Color: strings.TrimPrefix(v.space.AccentColor, "#"),
		Build: h.pages.build, Workspace: c.Workspace.String(), Server: h.url, Tagline: c.Tagline, Site: c.SiteURL, NoIndex: c.Policy != "public", Secret: c.Policy != "public", RTL: rightToLeft(v.language), Searching: true}
	s.Head = title + " · " + s.Center
	s.Canonical = h.base(c) + s.Tongue + "/" + v.rest
	s.Description = or2(c.Tagline, fmt.Sprintf(say(v.language, "about"), s.Center))
	if len(c.Languages) > 0 {
		for _, l := range append([]string{c.Language}, c.Languages...) {
			s.Tongues = append(s.Tongues, tongued{l, autonym(l), v.base + tongue(c, l) + "/", l == v.language})
		}
	}
	return s
}

// fallBack says which of the alternates is for readers of any other language.
func (s *sheet) fallBack(language string) {
	for _, a := range s.Alternates {
		if a.Language == language {
			s.Alternates = append(s.Alternates, tongued{Language: "x-default", URL: a.URL})
			return
		}
	}
}

// alternate says where a page that there is in all languages is in each of them, and leads there.
func (h *HelpCenter) alternate(v *visit, s *sheet, rest string) {
	for i := range s.Tongues {
		at := tongue(v.center, s.Tongues[i].Language) + "/" + rest
		s.Alternates = append(s.Alternates, tongued{Language: s.Tongues[i].Language, URL: h.base(v.center) + at})
		s.Tongues[i].URL = v.base + at
	}
	s.fallBack(v.center.Language)
}

func (h *HelpCenter) front(v *visit) error {
	s := h.sheet(v, titleOf(v.center, v.space))
	s.Head, s.Searching = s.Center, false
	err := h.read(v, func(tx *store.Tx) error {
		home, err := h.home(tx, v.center, v.language)
		for _, c := range home.Collections {
			if c.ParentID == nil {
				s.Shelves = append(s.Shelves, c)
			}
		}
		s.Articles = home.Articles
		return err
	})
	if err != nil {
		return err
	}
	h.alternate(v, s, "")
	return h.show(v, "home", s)
}

func (h *HelpCenter) shelfPage(v *visit, slug string) error {
	var in Contents
	err := h.read(v, func(tx *store.Tx) error {
		c, err := tx.Collections.BySlug(slug)
		if err != nil {
			return err
		}
		in, err = h.contents(tx, v.center, c.ID, v.language)
		return err
	})
	if err != nil {
		return err
	}
	if in.Collection.Slug != slug {
		http.Redirect(v.w, v.r, v.base+tongue(v.center, v.language)+"/c/"+in.Collection.Slug, http.StatusMovedPermanently)
		return nil
	}
	s := h.sheet(v, in.Collection.Name)
	s.Lead = in.Collection.Description
	if s.Description = fmt.Sprintf(say(v.language, "shelf"), in.Collection.Name, s.Center); s.Lead != nil {
		s.Description = *s.Lead
	}
	s.Path, s.Shelves, s.Articles = in.Path, in.Collections, in.Articles
	h.alternate(v, s, "c/"+in.Collection.Slug)
	return h.show(v, "shelf", s)
}

func (h *HelpCenter) articlePage(v *visit, slug string) error {
	var a Published
	var asked *store.Text
	err := h.read(v, func(tx *store.Tx) (err error) {
		asked, err = tx.Articles.TextBySlug(v.language, slug)
		if err != nil && v.language != v.center.Language {
			asked, err = tx.Articles.TextBySlug(v.center.Language, slug)
		}
		if err == nil {
			a, err = h.published(tx, v.center, asked.Article, v.language, v.base)
		}
		return err
	})
	if err != nil {
		return err
	}
	if a.Slug != slug {
		http.Redirect(v.w, v.r, v.base+tongue(v.center, a.Language)+"/a/"+a.Slug, http.StatusMovedPermanently)
		return nil
	}
	s := h.sheet(v, or2(a.seo, a.Title))
	s.Article, s.Body, s.Kind, s.Canonical = a, template.HTML(a.ContentHTML), "article", a.URL // sanitised by safe.Article
	s.Picture = a.picture
	s.Path, s.Day, s.Stamp = a.Path, sayDay(v.language, a.UpdatedAt.Std()), a.UpdatedAt.Std().Format(time.RFC3339)
	s.Minutes = 1 + len(strings.Fields(a.plain))/220
	for _, p := range a.places {
		if p.Level <= 3 {
			s.Places = append(s.Places, p)
		}
	}
	for _, w := range strings.Fields(a.Author) {
		if r := []rune(w); len([]rune(s.Face)) < 2 {
			s.Face += strings.ToUpper(string(r[0]))
		}
	}
	if s.Description = excerpt(a.plain); a.Description != nil {
		s.Description = *a.Description
	}
	if len(a.others) > 1 {
		for i := range s.Tongues {
			if u := a.others[s.Tongues[i].Language]; u != "" {
				s.Alternates = append(s.Alternates, tongued{Language: s.Tongues[i].Language, URL: u})
				s.Tongues[i].URL = rebased(u, h.base(v.center), v.base)
			}
		}
		s.fallBack(v.center.Language)
	}
	switch v.r.URL.Query().Get("thanks") {
	case "yes":
		s.Thanks = "yes"
	case "no":
		s.Thanks = "no"
	}
	return h.show(v, "article", s)
}

func (h *HelpCenter) searchPage(v *visit) error {
	s := h.sheet(v, say(v.language, "search"))
	s.NoIndex, s.Searching = true, false
	s.Q = strings.TrimSpace(v.r.URL.Query().Get("q"))
	if r := []rune(s.Q); len(r) > 200 {
		s.Q = string(r[:200])
	}
	part, limit := v.r.URL.Query().Get("part") == "1", 30
	if part {
		limit = 6
	}
	err := h.db.Searching(v.r.Context(), v.center.Workspace, func(tx *store.Tx) error {
		list, err := h.Search(tx, Query{Q: s.Q, Language: v.language, Limit: limit})
		for _, hit := range list {
			s.Hits = append(s.Hits, markedHit{hit.Slug, hit.Language, template.HTML(hit.TitleMarked), template.HTML(hit.ExcerptMarked)}) // escaped by mark
		}
		return err
	})
	if err != nil {
		return err
	}
	if part {
		return h.show(v, "hits", s)
	}
	if s.Q != "" && len(s.Hits) == 0 && h.limits.let("failed search "+v.center.Workspace.String(), time.Second, 20) {
		if err := h.failed(v.r.Context(), v.center.Workspace, s.Q); err != nil {
			return err
		}
	}
	return h.show(v, "search", s)
}

// failed notes what readers looked for in vain.
func (h *HelpCenter) failed(ctx context.Context, workspace store.ID, q string) error {
	_, err := h.db.Write(ctx, workspace, func(tx *store.Tx) error { return tx.Finder.Failed(clip(strings.ToLower(q), 100)) })
	return err
}

// vote takes the feedback form of an article, which works without JavaScript. Forms of other sites are refused.
func (h *HelpCenter) vote(v *visit, name string) error {
	id, err := store.ParseID(name)
	if err != nil {
		return store.ErrNotFound
	}
	if err := http.NewCrossOriginProtection().Check(v.r); err != nil {
		return fault.New(fault.Forbidden, "This form belongs to another site.").Because(err)
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, 32<<10)
	if err := v.r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "The form is broken.").Because(err)
	}
	helpful := v.r.PostForm.Get("helpful")
	if helpful != "yes" && helpful != "no" {
		return fault.New(fault.Invalid, "Say yes or no.").On("helpful")
	}
	reader := actor.Actor{Kind: actor.Anonymous, IP: v.who.IP}
	if v.center.Policy != "public" { // whoever came this far may read it
		reader.Kind = actor.System
	}
	if _, err := h.SubmitFeedback(v.r.Context(), reader, NewFeedback{WorkspaceID: v.center.Workspace, ArticleID: id, Helpful: helpful == "yes", Comment: v.r.PostForm.Get("comment"), Language: v.language}); err != nil {
		return err
	}
	var a Published
	if err := h.read(v, func(tx *store.Tx) (err error) {
		a, err = h.published(tx, v.center, id, v.language, v.base)
		return err
	}); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, v.base+tongue(v.center, v.language)+"/a/"+a.Slug+"?thanks="+helpful+"#feedback", http.StatusSeeOther)
	return nil
}
