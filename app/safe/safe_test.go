package safe

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

func TestMarkdownBecomesHarmlessHTML(t *testing.T) {
	for in, want := range map[string]string{
		"**bold** and `code`":                    `<p><strong>bold</strong> and <code>code</code></p>`,
		"one\ntwo":                               "<p>one<br>\ntwo</p>",
		"<script>alert(1)</script>":              `<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`,
		"<script>\n</script> it does\n\nnothing": "<p>&lt;script&gt;<br>\n&lt;/script&gt; it does</p>\n<p>nothing</p>",
		"one<BR />two <!-- three -->":            "<p>one<br>\ntwo &lt;!-- three --&gt;</p>",
		"[x](javascript:alert(1))":               `<p>x</p>`,
		"[x](http:)":                             `<p>x</p>`,
		"[x](https:/admin)":                      `<p>x</p>`,
		"![pixel](https://evil.example/p.gif)":   `<p></p>`,
		"https://shop.example/a":                 `<p><a href="https://shop.example/a" rel="nofollow noreferrer noopener" target="_blank">https://shop.example/a</a></p>`,
		`<a href="/x" onclick="go()">x</a>`:      `<p>&lt;a href=&#34;/x&#34; onclick=&#34;go()&#34;&gt;x&lt;/a&gt;</p>`,
	} {
		if got := strings.ReplaceAll(HTML(in), "<br/>", "<br>"); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestPreviewIsOneShortLine(t *testing.T) {
	if got := Preview("# Hello\n\n**Anna** wrote [here](https://x.example)"); got != "Hello Anna wrote here" {
		t.Errorf("got %q", got)
	}
	if got := Preview("Sizes\n\n| Lamp | Socket |\n|:--|--:|\n| **Havn** | E14 |\n\na | b"); got != "Sizes Lamp, Socket Havn, E14 a | b" {
		t.Errorf("a table: %q", got)
	}
	if got := Preview("Lamp | Socket\n--- | :-:\nHavn | E14\n\nx || y"); got != "Lamp, Socket Havn, E14 x || y" {
		t.Errorf("a table without bars at its ends: %q", got)
	}
	if got := Line("| Lamp | Socket |\n|---|---|\n| Havn | E14 |\n| Lykke | E27 |", 55); got != "Lamp, Socket Havn, E14 Lykke, E2" {
		t.Errorf("a table that is cut off: %q", got)
	}
	if got := Preview(strings.Repeat("wörd", 100)); utf8.RuneCountInString(got) != 140 || !strings.HasSuffix(got, "…") {
		t.Errorf("%d characters: %q", utf8.RuneCountInString(got), got)
	}
	if whole := strings.Repeat("ä", 140); Preview(whole) != whole {
		t.Errorf("what fits was cut: %q", Preview(whole))
	}
}

// marks is what unmarked takes out, said shorter.
var marks = regexp.MustCompile("(?m)^(#{1,6} |> ?|[-*+] |```.*$)|[*_~`]{1,3}|!?\\[([^\\]]*)\\]\\([^)]*\\)")

func FuzzUnmarked(f *testing.F) {
	for _, s := range []string{"# a\n> b\n>c\n- d\n* e\n+ f\n####### g\n```go\nx\n```", "![a](b) [c](d e) [f] (g) ![h", "**b** _i_ ~~s~~ `c` ````", "!! [*x*](y)\n-z\n#\n>", "[a\nb](c\nd)\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := unmarked(s), marks.ReplaceAllString(s, "$2"); got != want {
			t.Errorf("%q became %q, want %q", s, got, want)
		}
	})
}

// only fails where rendered text holds an element, an attribute or an address that it must not hold.
func only(t *testing.T, source, out string, elements, attributes map[string]bool, address func(string) bool) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(out))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		token := z.Token()
		switch kind {
		case html.CommentToken, html.DoctypeToken:
			t.Fatalf("%q let %v through: %q", source, token, out)
		case html.StartTagToken, html.SelfClosingTagToken:
			if !elements[token.Data] {
				t.Fatalf("%q let <%s> through: %q", source, token.Data, out)
			}
			for _, a := range token.Attr {
				if !attributes[token.Data+" "+a.Key] || (a.Key == "href" || a.Key == "src") && !address(a.Val) {
					t.Fatalf("%q let %s=%q of <%s> through: %q", source, a.Key, a.Val, token.Data, out)
				}
			}
		}
	}
}

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Split(s, ",") {
		m[w] = true
	}
	return m
}

var (
	texts    = words("p,br,hr,strong,b,em,i,del,code,pre,blockquote,ul,ol,li,h1,h2,h3,h4,h5,h6,table,thead,tbody,tr,th,td,a")
	ofTexts  = words("a href,a rel,a target,ol start")
	outwards = regexp.MustCompile(`^(https?://|mailto:|tel:)`)
)

// hostile are ways in that have worked elsewhere: nested tags after one pass of stripping, other name spaces, half
// closed comments, schemes in pieces, entities, and Markdown that becomes an attribute.
var hostile = []string{
	"<svg onload=alert(1)>", "[a](javascript:1)", "<img src=x onerror=1>", "```html\n<script>", "<style>*{}</style>", "a|b\n-|-\n<iframe>|c", "<<script>script>alert(1)</script>", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
	"<svg><style><img src=x onerror=alert(1)>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<!--><img src=x onerror=1>-->", "[a](jAvAsCrIpT&colon;alert(1))", "[a](&#106;avascript:alert(1))", "[a]( java\tscript:alert(1))", "[a](data:text/html;base64,PHNjcmlwdD4=)", "[a](vbscript:x)",
	"[a](//evil.example)", "[a](https://x.example \"onmouseover=alert(1)\")", "<https://x.example/\"onmouseover=alert(1)>", "![a](x \"y\" onerror=1)", "[a][b]\n\n[b]: javascript:alert(1)", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "<form action=//evil.example><input type=submit>", "<a href=x style=position:fixed>",
	"<template><script>1</script></template>", "<select><option><style></option></select><img src=x onerror=1>", "# {onclick=alert(1)}\n", "## a {#x onclick=alert(1)}", "<x:script xmlns:x=http://www.w3.org/1999/xhtml>1</x:script>", "\u2028<script>\u2029", strings.Repeat("<div>", 3000), strings.Repeat("> ", 3000) + "x", strings.Repeat("*a ", 3000), strings.Repeat("[", 3000), strings.Repeat("- ", 1500) + "x", "|" + strings.Repeat("a|", 2000) + "\n|" + strings.Repeat("-|", 2000),
}

// S-52, S-53, S-58: whatever is written, what comes out holds text, its markup, and links that lead outwards.
func TestHostileMarkdownBecomesHarmless(t *testing.T) {
	for _, s := range hostile {
		only(t, s, HTML(s), texts, ofTexts, outwards.MatchString)
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := HTML(s)
		only(t, s, out, texts, ofTexts, outwards.MatchString)
		if again := strings.TrimSpace(policy.Sanitize(out)); again != out {
			t.Fatalf("%q is not final: %q becomes %q", s, out, again)
		}
		if len(out) > 1000+200*len(s) {
			t.Fatalf("%d bytes became %d", len(s), len(out))
		}
	})
}

// What is not parsed is what parsing would have made of it, to the byte.
func TestProseNeedsNoParser(t *testing.T) {
	for s, prosaic := range map[string]bool{
		"Hello, where is my parcel? It's late!":     true,
		"Erste Zeile;\nzweite Zeile (noch)":         true,
		"First line\nsecond line, with 2 lamps.":    true,
		"Größe 40 in Grün) 東京は":                     true,
		"Two\n\nparagraphs":                         false,
		"Title\n===":                                false,
		"1. a list":                                 false,
		"see www.havn.test now":                     false,
		"see WwW.havn.test now":                     true,
		"see http://havn.test":                      false,
		"mail a@havn.test":                          false,
		"a  gap":                                    false,
		"a gap \nat the end":                        false,
		"It has the **US plug**, and **two** lamps": true,
		"one **strong**\nand **two**.":              true,
		"**first** word":                            false,
		"a**b**c":                                   false,
		"a ** b ** c":                               false,
		"a **b** **c**d":                            false,
		"a **b":                                     false,
		"a **b*c** d":                               false,
		"a ***b*** d":                               false,
		"a **b** c** d **e** f":                     false,
		"a **b\nc** d":                              false,
		"a *star*":                                  false, "a_b_c": false, "`code`": false, "~~gone~~": false, "a | b\n- | -": false, "R&D": false, "a < b": false, `a "b": 50 % e-mail – 3 € 😀`: true, `a\.b`: false, "[x](y)": false, "": false,
	} {
		html, done := prose(s)
		if done != prosaic {
			t.Errorf("%q: taken for prose: %v", s, done)
		}
		if want := rendered(markdown, s); done && html != want {
			t.Errorf("%q: %q instead of %q", s, html, want)
		}
	}
}

func FuzzProse(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Add("a **b c**, **d** e\n**f** (**g**) ****h ** i**j")
	f.Add("It's 3 o'clock. Www? WWW.a.b ftp.a.b\nNext (one) two")
	f.Fuzz(func(t *testing.T, s string) {
		if html := HTML(s); html != rendered(markdown, s) {
			t.Fatalf("%q: %q instead of %q", s, html, rendered(markdown, s))
		}
	})
}

// What goes past the sanitiser is what it would have made, to the byte.
func FuzzBare(f *testing.F) {
	for _, s := range append([]string{"<p>it's &quot;one&quot; &lt;two&gt; &amp; three<br>\n<strong>four</strong></p>", "<P>a</P>", "<p >a</p>", "<br/>", "a &amp", "a > b", "&#39;", "<p", "a\rb", "a\x00b", "\xff"}, hostile...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if out, done := bare(s); done && out != policy.Sanitize(s) {
			t.Fatalf("%q became %q, not %q", s, out, policy.Sanitize(s))
		}
	})
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"a\r\nb", " \x00x\x1b[31m\u202Eevil\u2066 ", "\xff\xfe", "\u00a0x\u00a0", "ä😀\t\n", "\u0085"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := Text(s)
		if !utf8.ValidString(out) || Text(out) != out || strings.ContainsFunc(out, func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
		}) {
			t.Fatalf("%q became %q", s, out)
		}
		if p := Preview(out); strings.ContainsAny(p, "\n\r\t") || utf8.RuneCountInString(p) > 140 {
			t.Fatalf("the preview of %q is %q", s, p)
		}
	})
}
