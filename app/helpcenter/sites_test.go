package helpcenter_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"deskbell/app/apptest"
	"deskbell/app/outside"
)

// elsewhere is somebody's help center on this machine, with pages and a picture.
func elsewhere(t *testing.T, n int) (*httptest.Server, map[string]string) {
	t.Helper()
	pages := map[string]string{"/p.png": apptest.Dot(7)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, there := pages[r.URL.Path]
		switch {
		case !there:
			http.NotFound(w, r)
			return
		case strings.HasSuffix(r.URL.Path, ".png"):
			w.Header().Set("Content-Type", "image/png")
		case strings.HasSuffix(r.URL.Path, ".xml"):
			w.Header().Set("Content-Type", "application/xml")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	all := ""
	for i := range n {
		pages[fmt.Sprintf("/kb/%d-page", i)] = fmt.Sprintf(`<nav class="breadcrumb"><a href="/">Help</a><a href="/x">Bulbs</a></nav><article><h1>Page %d</h1><p>About <b>thing%d</b>. <img src="/p.png" alt="dot"> <a href="/kb/%d-page">next</a><script>alert(1)</script></article>`, i, i, (i+1)%n)
		all += fmt.Sprintf("<url><loc>%s/kb/%d-page</loc></url>", s.URL, i)
	}
	pages["/sitemap.xml"] = "<urlset>" + all + "</urlset>"
	return s, pages
}

// fetchedSite waits until pages that were chosen are not being fetched any longer.
func (d *desk) fetchedSite(id any) m {
	d.T.Helper()
	ws := d.Socket(d.Owner)
	ws.WriteJSON(m{"id": 1, "view": "helpCenter.listSites", "args": m{}})
	var found m
	d.Hear(ws, func(a m) bool {
		value, _ := a["value"].(m)
		list, _ := value["items"].([]any)
		for _, i := range list {
			if s := i.(m); s["id"] == id && s["state"] != "fetching" {
				found = s
			}
		}
		return found != nil
	})
	return found
}

func TestPagesOfAnotherHelpCenterComeInAndAreTakenBack(t *testing.T) {
	d := newDesk(t)
	d.App.Help.Reach = outside.Private
	s, pages := elsewhere(t, 6)
	found := d.OK(d.Owner, "helpCenter.mapSite", m{"address": s.URL})["pages"].([]any)
	if len(found) != 6 || found[2].(m)["name"] != "page" {
		t.Fatalf("mapped: %v", found)
	}
	var urls []string
	for _, p := range found[:4] {
		urls = append(urls, p.(m)["url"].(string))
	}
	begun := d.OK(d.Owner, "helpCenter.fetchSite", m{"address": s.URL, "urls": append(urls, s.URL+"/kb/none"), "publish": true})
	got := d.fetchedSite(begun["id"])
	plan, _ := got["plan"].(m)
	if got["state"] != "ready" || got["done"] != 5.0 || apptest.Counted(plan) != "4 created, 0 updated, 0 deleted, 0 unchanged" || len(got["problems"].([]any)) != 1 {
		t.Fatalf("fetched: %v", got)
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("there are articles before anybody took them over: %v", list)
	}
	if status, _ := d.Call(d.Member("agent"), "helpCenter.applySite", m{"siteImportId": begun["id"]}); status != 403 {
		t.Errorf("an agent takes them over: %d", status)
	}
	applied := d.OK(d.Owner, "helpCenter.applySite", m{"siteImportId": begun["id"]})
	if applied["state"] != "applied" || apptest.Counted(applied["plan"].(m)) != apptest.Counted(plan) {
		t.Errorf("applied: %v", applied)
	}
	d.Refused("conflict", d.Owner, "helpCenter.applySite", m{"siteImportId": begun["id"]})
	d.Refused("conflict", d.Owner, "helpCenter.discardSite", m{"siteImportId": begun["id"]})
	page := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-2"})
	html := page["contentHtml"].(string)
	if !strings.Contains(html, "<strong>thing2</strong>") || !strings.Contains(html, "/help/shop/a/page-3") || !strings.Contains(html, "<img src=") || strings.Contains(html, "alert") || page["path"].([]any)[0].(m)["name"] != "Bulbs" {
		t.Errorf("page 2: %v", page)
	}

	pages["/kb/1-page"] = "<article><h1>Page 1</h1><p>Said anew</p></article>"
	second := d.OK(d.Owner, "helpCenter.fetchSite", m{"address": s.URL, "urls": []string{urls[1], s.URL + "/kb/5-page"}})
	if got := d.fetchedSite(second["id"]); apptest.Counted(got["plan"].(m)) != "1 created, 1 updated, 0 deleted, 0 unchanged" {
		t.Errorf("a part of the site again: %v", got)
	}
	again := d.OK(d.Owner, "helpCenter.applySite", m{"siteImportId": second["id"]})
	if got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-1"}); !strings.Contains(got["contentHtml"].(string), "thing1") {
		t.Errorf("what was not to be published is: %v", got)
	}
	d.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-5"})
	d.OK(d.Owner, "helpCenter.restoreImport", m{"importId": again["plan"].(m)["importId"]})
	for _, i := range d.OK(d.Owner, "articles.list", m{})["items"].([]any) {
		if l := i.(m); l["title"] == "Page 5" || l["title"] == "Page 1" && l["changed"] == true {
			t.Errorf("not taken back: %v", l)
		}
	}
	if other := d.OK(d.Stranger(), "helpCenter.listSites", m{})["items"].([]any); len(other) != 0 {
		t.Errorf("another workspace sees %v", other)
	}
}

func TestOneFetchAtATimeAndItCanBeEnded(t *testing.T) {
	d := newDesk(t)
	d.App.Help.Reach = outside.Private
	stop, came := make(chan struct{}), make(chan struct{}, 9)
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came <- struct{}{}; <-stop }))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(stop) })
	in := m{"address": s.URL, "urls": []string{s.URL + "/a"}}
	begun := d.OK(d.Owner, "helpCenter.fetchSite", in)
	d.Refused("conflict", d.Owner, "helpCenter.fetchSite", in)
	<-came
	if got := d.OK(d.Owner, "helpCenter.discardSite", m{"siteImportId": begun["id"]}); got["state"] != "discarded" {
		t.Errorf("ended: %v", got)
	}
	for name, bad := range map[string]m{
		"another host":  {"address": s.URL, "urls": []string{"http://127.0.0.2/a"}},
		"no host":       {"address": s.URL, "urls": []string{"/a"}},
		"picture hosts": {"address": s.URL, "urls": []string{s.URL + "/a"}, "pictureHosts": []string{"http://x/"}},
		"inside":        {"address": "http://169.254.169.254", "urls": []string{"http://169.254.169.254/latest"}},
	} {
		if status, out := d.Call(d.Owner, "helpCenter.fetchSite", bad); status != 422 {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	d.App.Help.Reach = outside.Public
	d.Refused("invalid", d.Owner, "helpCenter.mapSite", m{"address": s.URL})
	d.Refused("invalid", d.Owner, "helpCenter.mapSite", m{"address": "https://localhost" + s.URL[strings.LastIndex(s.URL, ":"):]})
}

// A site that turns out to be inside fails, and says so; the next one is fetched all the same.
func TestASiteThatCannotBeReachedFails(t *testing.T) {
	d := newDesk(t)
	begun := d.OK(d.Owner, "helpCenter.fetchSite", m{"address": "https://localhost", "urls": []string{"https://localhost/a"}})
	if got := d.fetchedSite(begun["id"]); got["state"] != "failed" || got["failure"] != "None of the pages could be read." {
		t.Errorf("got %v", got)
	}
	next := d.OK(d.Owner, "helpCenter.fetchSite", m{"address": "https://localhost", "urls": []string{"https://localhost/b"}})
	if got := d.fetchedSite(next["id"]); got["state"] != "failed" || got["problems"].([]any)[0].(m)["why"] != "It leads inside, not to the public internet." {
		t.Errorf("the next: %v", got)
	}
}
