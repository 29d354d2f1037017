package safe

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
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
		"one\n\n&nbsp;\n\ntwo":                    "<p>one</p>\n<p>two</p>",
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

// What costs the square of its length stays plain text where there is too much of it; what people write does not.
func TestMarksBeyondReasonStayText(t *testing.T) {
	for name, in := range map[string]string{
		"stars": strings.Repeat("*a_ ", 20000), "brackets": strings.Repeat("[a](", 20000), "strokes": strings.Repeat("~~a ", 20000), "headings": strings.Repeat("# a\n", 20000), "empty headings": strings.Repeat("# \n", 20000),
		"table": "|" + strings.Repeat("a|", 20000) + "\n|" + strings.Repeat("-|", 20000) + "\n" + strings.Repeat("|x\n", 300),
	} {
		if got := Article(in, nil); strings.Contains(got.HTML, "<table") || strings.Count(got.HTML, "<em>") > mostMarks {
			t.Errorf("%s became too much", name)
		}
		if got := HTML(in[:min(len(in), 20000)]); strings.Count(got, "<em>") > mostMarks {
			t.Errorf("%s in a message became too much", name)
		}
	}
	list := strings.Repeat("- **bold** [a](https://x.example) ~~gone~~\n", 1000)
	if got := HTML(list); strings.Count(got, "<strong>") != 1000 || strings.Count(got, "<a ") != 1000 || strings.Count(got, "<del>") != 1000 {
		t.Error("a long list lost its marks")
	}
	wide := "|" + strings.Repeat(" **a** |", 20) + "\n|" + strings.Repeat("-|", 20) + "\n" + strings.Repeat("|"+strings.Repeat(" **b** |", 20)+"\n", 100)
	if got := Article(wide, nil).HTML; strings.Count(got, "<strong>") != 20*101 {
		t.Errorf("a large table lost its marks: %d", strings.Count(got, "<strong>"))
	}
	if got := Article("# a\n# a\n# a-2\n# a\n", nil); got.Headings[0].ID != "a" || got.Headings[1].ID != "a-2" || got.Headings[2].ID == "a-2" || got.Headings[3].ID == got.Headings[2].ID {
		t.Errorf("headings share an address: %v", got.Headings)
	}
}

// harmless walks through HTML as a browser would and says what in it could run or load something foreign.
func harmless(out string) string {
	z := html.NewTokenizer(strings.NewReader(out))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.CommentToken, html.DoctypeToken:
			return "a comment or doctype"
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			if !slices.Contains([]string{"p", "br", "hr", "strong", "b", "em", "i", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "iframe"}, tag.Data) {
				return "a " + tag.Data
			}
			for _, a := range tag.Attr {
				value := strings.ToLower(strings.TrimSpace(a.Val))
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "srcset":
					return "the attribute " + a.Key
				case a.Key == "src" && !strings.HasPrefix(value, Own) && !strings.HasPrefix(value, "https://www.youtube-nocookie.com/embed/") && !strings.HasPrefix(value, "https://player.vimeo.com/video/"):
					return "the source " + a.Val
				case a.Key == "href":
					u, err := url.Parse(value)
					if err != nil || !slices.Contains([]string{"", "http", "https", "mailto", "tel"}, u.Scheme) {
						return "the link " + a.Val
					}
				}
			}
		}
	}
}

func FuzzArticle(f *testing.F) {
	for _, s := range []string{"<svg onload=alert(1)>", "![a](javascript:1)", "> [!NOTE]\n> <img src=x onerror=1>", "[a](article:x)", "a|b\n-|-\n<iframe>|c", "## <script>", "https://youtu.be/abcdefgh", "[x](&#106;avascript:1)", "![x](asset:0A\"onerror=\"1)", "<a@b.c>", "**a*_b_**", "~~a~~", "&nbsp;", "[a]: x\n\n[a]", "\x00<\x00script>", "# a\n# a", "[a](//x)", "[a](\tjava\nscript:1)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := Article(s, func(string) Target { return Target{"/help/-/asset/0A/x", 4, 3} }).HTML
		if bad := harmless(out); bad != "" {
			t.Errorf("%q let %s through: %q", s, bad, out)
		}
		if again := strings.TrimSpace(articlePolicy.Sanitize(out)); again != out {
			t.Errorf("%q, sanitised again, is %q", out, again)
		}
		if bad := harmless(HTML(s)); bad != "" {
			t.Errorf("%q as a message let %s through", s, bad)
		}
	})
}

// S-88: what takes long to understand is shown as it was written; and headings that are all alike cost no more.
func TestNoTextTakesLongToUnderstand(t *testing.T) {
	for _, unit := range []string{"> ", "1) ", "1. ", "- ", "> - "} {
		s := strings.Repeat(unit, 20000/len(unit))
		if got, want := HTML(s), strings.TrimSpace(policy.Sanitize(plain(s))); got != want {
			t.Errorf("%q was parsed", unit)
		}
	}
	if got := HTML(strings.Repeat("> ", 40) + "a & b\nc"); strings.Contains(got, "blockquote") || !strings.Contains(got, "a &amp; b<br") {
		t.Errorf("got %q", got)
	}
	if got := HTML(strings.Repeat("> ", 20) + "*deep*"); !strings.Contains(got, "<em>deep</em>") {
		t.Errorf("got %q", got)
	}
	log := "```\n" + strings.Repeat("some_long_name[3] *x\n", 900) + "```"
	if got := HTML(log); !strings.HasPrefix(got, "<pre>") {
		t.Errorf("a long log became %.60q", got)
	}
	if got := Article("# a\n# a\n# a-2\n# a", nil).HTML; strings.Count(got, "id=") != 4 || strings.Count(got, `id="a-2"`) != 1 {
		t.Errorf("got %s", got)
	}
}
