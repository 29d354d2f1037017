package safe

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMarkdownBecomesHarmlessHTML(t *testing.T) {
	for in, want := range map[string]string{
		"**bold** and `code`":                              `<p><strong>bold</strong> and <code>code</code></p>`,
		"one\ntwo":                                         "<p>one<br>\ntwo</p>",
		"<script>alert(1)</script>":                        ``,
		"[x](javascript:alert(1))":                         `<p>x</p>`,
		"![pixel](https://evil.example/p.gif)":             `<p></p>`,
		"https://shop.example/a":                           `<p><a href="https://shop.example/a" rel="nofollow noreferrer noopener" target="_blank">https://shop.example/a</a></p>`,
		`<a href="https://x.example" onclick="go()">x</a>`: `<p>x</p>`,
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
	if got := Preview(strings.Repeat("wörd ", 100)); utf8.RuneCountInString(got) > 140 {
		t.Errorf("%d characters", utf8.RuneCountInString(got))
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

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<svg onload=alert(1)>", "[a](javascript:1)", "<img src=x onerror=1>", "```html\n<script>", "<style>*{}</style>", "a|b\n-|-\n<iframe>|c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := strings.ToLower(HTML(s))
		for _, bad := range []string{"<script", "<iframe", "<img", "<svg", "<style", "<object", "href=\"javascript", "href=\"data"} {
			if strings.Contains(out, bad) {
				t.Errorf("%q let %s through: %q", s, bad, out)
			}
		}
	})
}
