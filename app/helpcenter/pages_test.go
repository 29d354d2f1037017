package helpcenter_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

func TestPagesCanBeReadWithoutJavaScript(t *testing.T) {
	d := newDesk(t)
	top := d.shelf("Bulbs & <dimmers>", nil)
	id := d.Wrote("Which dimmers work", "## Find out\n\nAll of <script>alert(1)</script> them.\n\n## Tested\n\n![x](https://evil.example/x.png)", m{"collectionId": d.shelf("Dimmers", top), "description": "What to look for."})
	d.Wrote("Dimmers and bulbs", "Each dimmer fits.", m{"collectionId": top})
	d.Wrote("Internal dimmers", "The team's secret", m{"visibility": "internal"})
	status, head, _ := d.Page("/help", nil)
	if status != 302 || head.Get("Location") != "/help/shop/" {
		t.Errorf("/help: %d %s", status, head.Get("Location"))
	}
	status, head, home := d.Page("/help/shop/", nil)
	if status != 200 || !strings.Contains(home, "Bulbs &amp; &lt;dimmers&gt;") || !strings.Contains(home, "2 articles") || strings.Contains(home, "<dimmers>") {
		t.Errorf("home: %d %s", status, home)
	}
	if csp := head.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(home) {
		t.Errorf("inline script, or it would be let run: %s", csp)
	}
	if status, _, _ := d.Page("/help/shop/", http.Header{"If-None-Match": {head.Get("Etag")}}); status != 304 {
		t.Errorf("not changed, but %d", status)
	}
	_, _, article := d.Page("/help/shop/a/which-dimmers-work", nil)
	for _, want := range []string{`<link rel="canonical" href="` + d.URL + `/help/shop/a/which-dimmers-work">`, `property="og:title" content="Which dimmers work"`, `href="#find-out"`, `<h2 id="tested">`,
		`href="/help/shop/c/bulbs-dimmers"`, "What to look for.", "Dimmers and bulbs", `name="helpful" value="yes"`} {
		if !strings.Contains(article, want) {
			t.Errorf("the article has no %s:\n%s", want, article)
		}
	}
	if strings.Contains(article, "<script>alert") || strings.Contains(article, "<img") || strings.Contains(article, "secret") {
		t.Errorf("harmful or secret: %s", article)
	}
	if _, _, out := d.Page("/help/shop/search?q=dimmer%22%3E%3Cscript%3E", nil); strings.Contains(out, "<script>") {
		t.Errorf("search echoes: %s", out)
	}
	if _, _, out := d.Page("/help/shop/search?q=fits", nil); !strings.Contains(out, "<mark>fits</mark>") || strings.Contains(out, "secret") {
		t.Errorf("search: %s", out)
	}
	d.Page("/help/shop/search?q=warranty", nil)
	if failed := d.OK(d.Owner, "helpCenter.getSettings", m{})["failedSearches"].([]any); len(failed) != 1 || failed[0].(m)["query"] != "warranty" {
		t.Errorf("failed searches: %v", failed)
	}
	for path, want := range map[string]string{"sitemap.xml": "/help/shop/a/which-dimmers-work</loc>", "feed.xml": "<title>Which dimmers work</title>", "llms.txt": "- [Which dimmers work](" + d.URL + "/help/shop/a/which-dimmers-work): What to look for."} {
		if status, _, out := d.Page("/help/shop/"+path, nil); status != 200 || !strings.Contains(out, want) || strings.Contains(out, "nternal") {
			t.Errorf("%s: %d %s", path, status, out)
		}
	}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "slug": "dimmers"})
	if status, head, _ := d.Page("/help/shop/a/which-dimmers-work", nil); status != 301 || head.Get("Location") != "/help/shop/a/dimmers" {
		t.Errorf("the old address: %d %s", status, head.Get("Location"))
	}
	for _, path := range []string{"/help/shop/a/internal-dimmers", "/help/shop/a/nope", "/help/shop/x", "/help/nope/", "/help/-/nope", "/help/-/asset/0SAZPVHNMQ3QW/x"} {
		if status, _, _ := d.Page(path, nil); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// Every kind of page says what it is to readers and machines, is small, moves nothing while it loads, and is not sent twice.
func TestPublicPagesAreSoundAndLight(t *testing.T) {
	d := newDesk(t)
	d.OK(d.Owner, "helpCenter.updateSettings", m{"languages": []string{"de"}})
	shelf := d.shelf("Lamps", nil)
	_, pic := d.Picture(d.Owner, []byte(apptest.Dot(1)))
	long := strings.Repeat("Lamps of ours can be dimmed, by hand or by voice, as long as the dimmer knows LEDs. ", 60)
	id := d.Wrote("Which dimmers work", "![A dimmer]("+pic["reference"].(string)+")\n\n## Try it\n\n"+long, m{"collectionId": shelf, "tags": []string{"dim", "led"}, "description": "What to look for."})
	d.OK(d.Owner, "articles.update", m{"articleId": id, "seoTitle": "Dimmers for LED lamps"})
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	d.Wrote("Bulbs", long, m{"tags": []string{"led"}})
	d.Wrote("Shipping", "It takes two days.", m{"collectionId": shelf})
	d.Wrote("Warranty", "It takes two years.", nil)
	one := func(out, pattern string) string {
		t.Helper()
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(out, -1)
		if len(found) != 1 {
			t.Errorf("%d of %s", len(found), pattern)
			return ""
		}
		return found[0][1]
	}
	titles := map[string]bool{}
	for path, indexed := range map[string]bool{"": true, "c/lamps": true, "a/which-dimmers-work": true, "a/bulbs": true, "search?q=lamps": false, "a/none": false, "de/": true} {
		status, head, out := d.Page("/help/shop/"+path, nil)
		want := "en"
		if path == "de/" {
			want = "de"
		}
		if lang := one(out, `<html lang="([a-z]+)"`); lang != want || !strings.HasPrefix(out, "<!doctype html>") || !strings.Contains(out, `name="viewport"`) {
			t.Errorf("%s begins %s", path, out[:min(len(out), 300)])
		}
		if title := one(out, `<title>([^<]{5,120})</title>`); path != "de/" && titles[title] {
			t.Errorf("%s is called like another: %s", path, title)
		} else if path != "de/" {
			titles[title] = true
		}
		one(out, `<h1[^>]*>([^<]+)</h1>`)
		one(out, `<(main) `)
		if indexed {
			one(out, `<meta name="description" content="([^"]{10,320})">`)
			one(out, `<link rel="canonical" href="(`+regexp.QuoteMeta(d.URL)+`[^"]+)">`)
			one(out, `<meta property="og:title" content="([^"]+)">`)
		} else if !strings.Contains(out, `content="noindex"`) {
			t.Errorf("%s may be indexed", path)
		}
		for _, img := range regexp.MustCompile(`<img [^>]*>`).FindAllString(out, -1) {
			if !regexp.MustCompile(` width="\d+"`).MatchString(img) || !regexp.MustCompile(` height="\d+"`).MatchString(img) || !strings.Contains(img, ` alt="`) {
				t.Errorf("%s has %s", path, img)
			}
		}
		for _, bad := range []string{"style=", "<style", "onclick", "javascript:", "<script>"} {
			if strings.Contains(out, bad) {
				t.Errorf("%s has %s", path, bad)
			}
		}
		for _, ref := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(out, -1) {
			if u, err := url.Parse(ref[1]); err != nil || u.Host != "" && u.Scheme+"://"+u.Host != d.URL {
				t.Errorf("%s leads to %s", path, ref[1])
			} else if strings.HasPrefix(u.Path, "/help/-/") {
				if status, head, _ := d.Page(u.RequestURI(), nil); status != 200 || !strings.Contains(head.Get("Cache-Control"), "immutable") {
					t.Errorf("%s: %d %v", ref[1], status, head)
				}
			}
		}
		if csp := head.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", path, csp)
		}
		_, packed, body := d.Page("/help/shop/"+path, http.Header{"Accept-Encoding": {"gzip"}})
		if len(body) > 6<<10 || packed.Get("Vary") == "" {
			t.Errorf("%s weighs %d", path, len(body))
		}
		if status != 200 {
			continue
		}
		if again, _, body := d.Page("/help/shop/"+path, http.Header{"If-None-Match": {head.Get("Etag")}}); again != 304 || body != "" {
			t.Errorf("%s again: %d", path, again)
		}
	}
	_, _, out := d.Page("/help/shop/a/which-dimmers-work", nil)
	if !strings.Contains(out, "<title>Dimmers for LED lamps · Shop Help</title>") || !strings.Contains(out, `<meta name="description" content="What to look for.">`) {
		t.Errorf("what search engines are told: %s", out)
	}
	for _, want := range []string{`property="og:image" content="` + d.URL + `/help/-/asset/`, `<details class="contents"><summary>On this page</summary><ol><li class="l2"><a href="#try-it">`} {
		if !strings.Contains(out, want) {
			t.Errorf("the article has no %s", want)
		}
	}
	if _, _, home := d.Page("/help/shop/", nil); !strings.Contains(home, `hreflang="x-default" href="`+d.URL+`/help/shop/"`) || strings.Contains(home, "og:image") {
		t.Errorf("the first page: %s", home)
	}
	if related := regexp.MustCompile(`(?s)<nav class="related".*?</nav>`).FindString(out); !strings.Contains(related, "Bulbs") || !strings.Contains(related, "Shipping") || strings.Contains(related, "Warranty") || strings.Index(related, "Bulbs") > strings.Index(related, "Shipping") {
		t.Errorf("related: %s", related)
	}
	before := regexp.MustCompile(`style-[^"]+`).FindString(out)
	d.OK(d.Owner, "articles.update", m{"articleId": id, "title": "Which dimmers fit"})
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	_, _, changed := d.Page("/help/shop/a/which-dimmers-work", nil)
	if changed == out || regexp.MustCompile(`style-[^"]+`).FindString(changed) != before {
		t.Error("a change is not seen, or sends the style anew")
	}
}

// Nothing may run in the preview's frame, and so a video is a link in it that says where it plays.
func TestAVideoInThePreviewIsALink(t *testing.T) {
	d := newDesk(t)
	text := "Look:\n\nhttps://youtu.be/abcdefgh?t=1&x=%22%3E%3Cscript%3E\n\nhttps://vimeo.com/12345678"
	shown := d.OK(d.Owner, "articles.preview", m{"title": "Films", "content": text})
	for _, out := range []string{shown["html"].(string), shown["document"].(string)} {
		if strings.Contains(out, "<iframe") || strings.Contains(out, "<script") || strings.Count(out, `<blockquote class="callout note">`) != 2 || strings.Count(out, "The video plays on the public page.") != 2 ||
			!strings.Contains(out, `href="https://youtu.be/abcdefgh?t=1`) || !strings.Contains(out, `href="https://vimeo.com/12345678"`) {
			t.Errorf("the preview: %s", out)
		}
	}
	d.Wrote("Films", text, nil)
	if _, _, out := d.Page("/help/shop/a/films", nil); !strings.Contains(out, `<iframe src="https://www.youtube-nocookie.com/embed/abcdefgh"`) || !strings.Contains(out, `<iframe src="https://player.vimeo.com/video/12345678?dnt=1"`) || strings.Contains(out, "plays on the public page") {
		t.Errorf("the public page: %s", out)
	}
}

// A link from article to article stays in the same window and on the same host; one that leads outside opens another.
func TestLinksBetweenArticlesStayOnThePage(t *testing.T) {
	d := newDesk(t)
	to := d.Wrote("Bulbs", "x", nil)
	d.Wrote("Dimmers", "See [bulbs](article:"+to+"#more) and [others](https://other.example/).", nil)
	const same, outside = ` rel="noreferrer">bulbs</a>`, `<a href="https://other.example/" rel="noreferrer noopener" target="_blank">others</a>`
	_, _, out := d.Page("/help/shop/a/dimmers", nil)
	if !strings.Contains(out, `<a href="/help/shop/a/bulbs#more"`+same) || !strings.Contains(out, outside) {
		t.Errorf("on the server's own host: %s", out)
	}
	d.OK(d.Owner, "helpCenter.updateSettings", m{"domain": "help.shop.example"})
	_, _, out = d.Page("/help/a/dimmers", http.Header{"Host": {"help.shop.example"}})
	if !strings.Contains(out, `<a href="/help/a/bulbs#more"`+same) {
		t.Errorf("on its domain: %s", out)
	}
	_, read := d.Call(d.Visitor("clara"), "helpCenter.getArticle", m{"slug": "dimmers"})
	if html := read["contentHtml"].(string); !strings.Contains(html, `href="https://help.shop.example/help/a/bulbs#more"`) {
		t.Errorf("in the messenger, which has no page to stay on: %s", html)
	}
}

func TestTheFeedbackFormWorksWithoutJavaScript(t *testing.T) {
	d := newDesk(t)
	id := d.Wrote("Bulbs", "x", nil)
	post := func(form url.Values, header http.Header) *http.Response {
		r, _ := http.NewRequest("POST", d.URL+"/help/shop/feedback/"+id, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for k, v := range header {
			r.Header[k] = v
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res
	}
	if res := post(url.Values{"helpful": {"yes"}}, http.Header{"Sec-Fetch-Site": {"cross-site"}}); res.StatusCode != 403 {
		t.Errorf("another site's form: %d", res.StatusCode)
	}
	if res := post(url.Values{"helpful": {"perhaps"}}, nil); res.StatusCode != 422 {
		t.Errorf("neither yes nor no: %d", res.StatusCode)
	}
	if res := post(url.Values{"helpful": {"no"}}, http.Header{"Sec-Fetch-Site": {"same-origin"}}); res.StatusCode != 200 || res.Request.URL.Query().Get("thanks") != "no" {
		t.Errorf("a vote: %d %s", res.StatusCode, res.Request.URL)
	}
	post(url.Values{"helpful": {"no"}, "comment": {"Which socket?"}}, nil)
	if list := d.OK(d.Owner, "articles.listFeedback", m{"articleId": id})["items"].([]any); len(list) != 1 || list[0].(m)["comment"] != "Which socket?" {
		t.Errorf("kept: %v", list)
	}
}

func TestPicturesLieInTheOneFile(t *testing.T) {
	d := newDesk(t)
	var b bytes.Buffer
	png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 3)))
	status, a := d.Picture(d.Owner, b.Bytes())
	if status != 200 || a["filename"] != "lamp.png" || a["width"] != 4.0 {
		t.Fatalf("%d %v", status, a)
	}
	id := d.Wrote("Lamp", "![A lamp]("+a["reference"].(string)+") and ![gone](asset:0SAZPVHNMQ3QW)", nil)
	html := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "articleId": id})["contentHtml"].(string)
	src := regexp.MustCompile(`src="([^"]+)"`).FindStringSubmatch(html)
	if len(src) != 2 || strings.Count(html, "<img") != 1 {
		t.Fatalf("shown as %s", html)
	}
	status, head, body := d.Page(strings.TrimPrefix(src[1], d.URL), nil)
	if status != 200 || head.Get("Content-Type") != "image/png" || body != b.String() {
		t.Errorf("the picture: %d %v", status, head)
	}
	if status, _, _ := d.Page(strings.TrimPrefix(src[1], d.URL)+"x", nil); status != 404 {
		t.Errorf("a guessed address: %d", status)
	}
	if status, _ := d.Picture(d.Owner, []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)); status != 422 {
		t.Errorf("a script as a picture: %d", status)
	}
	if !strings.Contains(html, `width="4" height="3"`) {
		t.Errorf("the page moves when the picture comes: %s", html)
	}
	if status, _ := d.Picture(d.Member("viewer"), b.Bytes()); status != 403 {
		t.Errorf("a viewer: %d", status)
	}
}
