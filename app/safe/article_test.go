package safe

import (
	"strings"
	"testing"
)

func TestArticlesBecomeHarmlessHTML(t *testing.T) {
	resolve := func(ref string) Target {
		return map[string]Target{"asset:0A": {"/help/-/asset/0A/sig", 40, 30}, "asset:0C": {URL: "/help/-/asset/0C/sig"}, "article:0B": {URL: "/help/shop/a/bulbs"}}[ref]
	}
	for in, want := range map[string]string{
		"# Größe & Form":                          `<h2 id="groesse-form">Größe &amp; Form</h2>`,
		"## 日本語":                                  `<h2 id="日本語">日本語</h2>`,
		"![Lamp](asset:0A)":                       `<p><img src="/help/-/asset/0A/sig" alt="Lamp" loading="lazy" width="40" height="30"></p>`,
		"![Lamp](asset:0C)":                       `<p><img src="/help/-/asset/0C/sig" alt="Lamp" loading="lazy"></p>`,
		"![gone](asset:0Z)":                       `<p>gone</p>`,
		"![pixel](https://evil.example/p.gif)":    `<p><a href="https://evil.example/p.gif" rel="noreferrer noopener" target="_blank">pixel</a></p>`,
		"[bulbs](article:0B#e27)":                 `<p><a href="/help/shop/a/bulbs#e27" rel="noreferrer">bulbs</a></p>`,
		"[x](javascript:alert(1))":                `<p>x</p>`,
		"> [!WARNING]\n> Fuse **off**.":           "<blockquote class=\"callout warning\"><p>Fuse <strong>off</strong>.</p>\n</blockquote>",
		"https://www.youtube.com/watch?v=abcdefg": `<iframe src="https://www.youtube-nocookie.com/embed/abcdefg" title="YouTube" loading="lazy" allowfullscreen=""></iframe>`,
		"<iframe src='https://www.youtube-nocookie.com/embed/abcdefg'></iframe>": ``,
		"<script>alert(1)</script>": ``,
	} {
		if got := Article(in, resolve).HTML; strings.ReplaceAll(got, "/>", ">") != want {
			t.Errorf("%q became\n%q, want\n%q", in, got, want)
		}
	}
}

func TestPlainTextHasNoMarkup(t *testing.T) {
	got := Article("## One\n\n> [!NOTE]\n> Two & **three**\n\n| a | b |\n|-|-|\n| c | d |", nil)
	if strings.ContainsAny(got.Plain, "<>[]*|") || !strings.Contains(got.Plain, "Two & three") || len(got.Headings) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestSlugsOfAnyScript(t *testing.T) {
	for in, want := range map[string]string{
		"Which dimmers work?": "which-dimmers-work", "Größe & Maße": "groesse-masse", "Lámpara  rota": "lampara-rota", "日本語 ガイド": "日本語-ガイド",
		"🎉": "article", "Как заменить лампу": "как-заменить-лампу", "क्या है": "क्या-है",
	} {
		if got := Slug(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzArticle(f *testing.F) {
	for _, s := range []string{"<svg onload=alert(1)>", "![a](javascript:1)", "> [!NOTE]\n> <img src=x onerror=1>", "[a](article:x)", "a|b\n-|-\n<iframe>|c", "## <script>", "https://youtu.be/abcdefgh"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := strings.ToLower(Article(s, func(string) Target { return Target{URL: "/help/-/asset/0A/x"} }).HTML)
		for _, bad := range []string{"<script", "<svg", "<style", "<object", "href=\"javascript", "href=\"data", "src=\"http"} {
			if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(out, `src="https://www.youtube-nocookie.com/`, ""), `src="https://player.vimeo.com/`, ""), bad) {
				t.Errorf("%q let %s through: %q", s, bad, out)
			}
		}
	})
}
