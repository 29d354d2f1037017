package helpcenter_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

func TestADomainOfItsOwn(t *testing.T) {
	d := newDesk(t)
	d.Wrote("Bulbs", "x", nil)
	d.Refused("invalid", d.Owner, "helpCenter.updateSettings", m{"domain": "127.0.0.1"})
	d.OK(d.Owner, "helpCenter.updateSettings", m{"domain": "help.shop.example", "languages": []string{"de"}})
	own := http.Header{"Host": {"help.shop.example"}}
	if status, head, _ := d.Page("/", own); status != 302 || head.Get("Location") != "/help/" {
		t.Errorf("/: %d %s", status, head.Get("Location"))
	}
	_, _, out := d.Page("/help/a/bulbs", own)
	if !strings.Contains(out, `<link rel="canonical" href="https://help.shop.example/help/a/bulbs">`) || !strings.Contains(out, `href="/help/search"`) && !strings.Contains(out, `action="/help/search"`) {
		t.Errorf("on its domain: %s", out)
	}
	if _, _, evil := d.Page("/help/shop/a/bulbs", http.Header{"Host": {"evil.example"}}); strings.Contains(evil, "evil.example") {
		t.Errorf("the Host header stands in the page: %s", evil)
	}
	if _, _, de := d.Page("/help/de/", own); !strings.Contains(de, "Wie können wir helfen?") || !strings.Contains(de, `hreflang="de" href="https://help.shop.example/help/de/"`) {
		t.Errorf("in German: %s", de)
	}
}

// everywhere are the places that tell what a help center has.
var everywhere = []string{"", "a/bulbs", "c/lamps", "search?q=bulbs", "search?part=1&q=bulbs", "sitemap.xml", "feed.xml", "llms.txt", "a/none", "de/", "de/a/bulbs", "feedback/0SAZPVHNMQ3QW"}

// silent asks everywhere, and says where anything is told.
func (d *desk) silent(stranger, base string, header http.Header) {
	d.T.Helper()
	for _, path := range everywhere {
		status, head, out := d.Page(base+path, header)
		if status != 404 || regexp.MustCompile(`Bulbs|Lamps|Lumen|Shop`).MatchString(out+head.Get("Location")) {
			d.T.Errorf("%s%s: %d %s", base, path, status, out)
		}
	}
	for door, in := range map[string]m{"search": {"q": "bulbs"}, "get": {}, "getArticle": {"slug": "bulbs"}, "getCollection": {"slug": "lamps"}} {
		in["workspaceId"] = d.Workspace
		d.Refused("not_found", "", "helpCenter."+door, in)
		d.Refused("not_found", stranger, "helpCenter."+door, in)
		q := url.Values{}
		for k, v := range in {
			q.Set(k, v.(string))
		}
		if status, _, out := d.Page("/api/helpCenter."+door+"?"+q.Encode(), header); status != 404 || strings.Contains(out, "Bulbs") {
			d.T.Errorf("GET helpCenter.%s: %d %s", door, status, out)
		}
	}
	if status, _, out := d.Page("/help", header); status != 404 {
		d.T.Errorf("/help leads on: %d %s", status, out)
	}
}

// shy is a help center with an article, for a policy.
func (d *desk) shy(policy string) m {
	d.T.Helper()
	d.Wrote("Bulbs", "Lumen tells how bright.", m{"collectionId": d.shelf("Lamps", nil)})
	return d.OK(d.Owner, "helpCenter.updateSettings", m{"accessPolicy": policy, "languages": []string{"de"}, "domain": "help.shop.example"})
}

func TestRestrictedPagesAreForTheTeam(t *testing.T) {
	d := newDesk(t)
	eve := d.Stranger()
	if c := d.shy("restricted"); c["link"] != nil {
		t.Errorf("there is a link: %v", c)
	}
	d.silent(eve, "/help/shop/", nil)
	d.silent(eve, "/help/", http.Header{"Host": {"help.shop.example"}})
	owner := http.Header{"Authorization": {"Bearer " + d.Owner}}
	status, head, out := d.Page("/help/shop/a/bulbs", owner)
	if status != 200 || !strings.Contains(head.Get("Cache-Control"), "private") || !strings.Contains(head.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("the owner: %d %v", status, head)
	}
	if regexp.MustCompile(`og:|canonical|rss`).MatchString(out) {
		t.Errorf("machines are told: %s", out)
	}
	for _, path := range []string{"sitemap.xml", "feed.xml", "llms.txt"} {
		if status, _, _ := d.Page("/help/shop/"+path, owner); status != 404 {
			t.Errorf("%s for the owner: %d", path, status)
		}
	}
	if hits := apptest.Titles(d.OK(d.Visitor("clara"), "helpCenter.search", m{"q": "lumen"})); len(hits) != 1 {
		t.Errorf("a visitor finds %v", hits)
	}
	d.OK(d.Owner, "helpCenter.updateSettings", m{"accessPolicy": "public"})
	if status, _, _ := d.Page("/help/shop/sitemap.xml", nil); status != 200 {
		t.Errorf("public again: %d", status)
	}
}

func TestWhoeverHasTheLinkReads(t *testing.T) {
	d := newDesk(t)
	eve := d.Stranger()
	d.shy("link")
	d.OK(d.Owner, "helpCenter.updateSettings", m{"domain": nil})
	d.silent(eve, "/help/shop/", nil)
	link := d.OK(d.Owner, "helpCenter.getSettings", m{})["link"].(string)
	path := strings.TrimPrefix(link, d.URL)
	status, head, _ := d.Page(path, nil)
	cookie := head.Get("Set-Cookie")
	if status != 303 || head.Get("Location") != "/help/shop/" || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "Path=/help/shop;") || head.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("the link: %d %v", status, head)
	}
	by := http.Header{"Cookie": {strings.Split(cookie, ";")[0]}}
	for _, path := range []string{"", "a/bulbs", "c/lamps", "search?q=lumen"} {
		status, head, out := d.Page("/help/shop/"+path, by)
		if status != 200 || !regexp.MustCompile("Bulbs|Lamps").MatchString(out) || regexp.MustCompile(`og:|canonical|rss|alternate`).MatchString(out) || !strings.Contains(head.Get("X-Robots-Tag"), "noindex") || !strings.Contains(head.Get("Cache-Control"), "no-store") {
			t.Errorf("%s by the link: %d %v %s", path, status, head, out)
		}
	}
	for _, path := range []string{"sitemap.xml", "feed.xml", "llms.txt"} {
		if status, _, _ := d.Page("/help/shop/"+path, by); status != 404 {
			t.Errorf("%s by the link: %d", path, status)
		}
	}
	d.silent(eve, "/help/shop/", http.Header{"Cookie": {"deskbell_reader=" + strings.Repeat("A", 43)}})
	if status, _, _ := d.Page("/help/shop/?key="+strings.Repeat("A", 43), nil); status != 404 {
		t.Errorf("a made-up key: %d", status)
	}
	if renewed := d.OK(d.Owner, "helpCenter.updateSettings", m{"newLink": true})["link"]; renewed == link {
		t.Error("the new link is the old one")
	}
	d.silent(eve, "/help/shop/", by)
	if status, _, _ := d.Page(path, nil); status != 404 {
		t.Errorf("the old link: %d", status)
	}
}

// The Host header decides whose pages are shown, and is believed nothing else.
func TestDomainsAreHeldAgainstTheHostHeader(t *testing.T) {
	d := newDesk(t)
	d.Wrote("Bulbs", "x", nil)
	d.OK(d.Owner, "helpCenter.updateSettings", m{"domain": "help.shop.example"})
	for _, host := range []string{"help.shop.example", "HELP.shop.example", "help.shop.example:8443", "help.shop.example."} {
		if status, _, out := d.Page("/help/a/bulbs", http.Header{"Host": {host}}); status != 200 || !strings.Contains(out, "Bulbs") {
			t.Errorf("%s: %d", host, status)
		}
	}
	for _, host := range []string{"shop.example", "xhelp.shop.example", "help.shop.example.evil.example", "evil.example", "127.0.0.1"} {
		if status, _, out := d.Page("/help/a/bulbs", http.Header{"Host": {host}}); status != 404 || strings.Contains(out, "evil") {
			t.Errorf("%s: %d %s", host, status, out)
		}
	}
	eve := d.Stranger()
	d.Refused("conflict", eve, "helpCenter.updateSettings", m{"domain": "help.shop.example"})
	d.OK(eve, "articles.publish", m{"articleId": d.OK(eve, "articles.create", m{"title": "Elsewhere"})["id"]})
	for _, path := range []string{"/help/else/", "/help/else/a/elsewhere", "/help/a/elsewhere", "/help/search?q=elsewhere"} {
		if _, _, out := d.Page(path, http.Header{"Host": {"help.shop.example"}}); strings.Contains(out, "Elsewhere") {
			t.Errorf("%s shows another workspace's article", path)
		}
	}
	d.OK(d.Owner, "workspaces.update", m{"allowedOrigins": []string{"https://shop.example"}})
	boot := []byte(`{"workspaceId":"` + d.Workspace + `","sessionId":"` + strings.Repeat("x", 43) + `"}`)
	if status, out := d.Raw("", "widgetSessions.boot", boot, http.Header{"Origin": {"https://help.shop.example"}}); status != 200 {
		t.Errorf("the messenger on the help center's own domain: %d %v", status, out)
	}
	if status, _ := d.Raw("", "widgetSessions.boot", boot, http.Header{"Origin": {"https://evil.example"}}); status != 403 {
		t.Errorf("the messenger elsewhere: %d", status)
	}
}
