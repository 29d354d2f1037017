package helpcenter

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What readLeaf reads of a head is what headOf wrote, whatever stands in it.
func FuzzLeaf(f *testing.F) {
	for _, s := range []string{"---\ntitle: a\n---\nb", "# a\nb", "", "---\n", "---\n---\n", "---\ntags:\n- a\n- b\n---\n", "---\ntitle: \"a\\\"b\"\ncollection: x / y\n---\nz", "---\r\ntitle: a\r\n---\r\n", "---\ncollectionPath: a/b\n---\n", "---\nstatus: archived\ndraft: true\n---\n", "\\", "\"", "a\\\"", "'a'", "\x00"} {
		f.Add(s, "dir/a-b.md")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		if _, err := clean(name); err != nil {
			name = "a.md"
		}
		p := readLeaf(name, text)
		if p.title == "" && p.content == "" && strings.TrimSpace(text) != "" && !strings.HasPrefix(text, "---\n") && !strings.HasPrefix(text, "# ") {
			t.Errorf("%q says nothing", text)
		}
		if !slices.Contains([]string{"published", "draft", "archived"}, p.status) || p.hasVisibility && p.visibility != "public" && p.visibility != "internal" {
			t.Errorf("%q is %s, %s", text, p.status, p.visibility)
		}
		line := strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
		if line == "" {
			return
		}
		again := readLeaf(name, headOf([][2]string{{"title", line}, {"description", line}, {"status", "draft"}, {"collection", ""}}, [2]string{"tags", "a, b"})+"words\n")
		if again.title != line || again.description != line || again.status != "draft" || len(again.shelves) != 0 || strings.Join(again.tags, " ") != "a b" || again.content != "words" {
			t.Errorf("%q came back as %+v", line, again)
		}
	})
}

// Replacing each reference by itself changes nothing, and nothing but what was found is asked for.
func FuzzRelink(f *testing.F) {
	for _, s := range []string{"[a](b.md)", "![a](<b c.png>)", "[a](b.md#x \"t\")", "<img src=\"b.png\">", "```\n[a](b.md)\n```\n[c](d.md)", "~~~\n[a](b.md)", "[a](../../b.md)", "[a](//b)", "[a](javascript:1)", "[a](?q)", "[a](#b)", "[a](b\n)", "![](", "```\n"} {
		f.Add(s, "dir")
	}
	f.Fuzz(func(t *testing.T, text, dir string) {
		if out := relink(text, dir, func(string) (string, bool) { return "", false }); out != text {
			t.Errorf("%q became %q", text, out)
		}
		asked := 0
		out := relink(text, dir, func(target string) (string, bool) {
			asked++
			if strings.HasPrefix(target, "/") {
				t.Errorf("%q asks for %q", text, target)
			}
			return "asset:0SAZPVHNMQ3QW", true
		})
		if asked == 0 && out != text {
			t.Errorf("%q became %q", text, out)
		}
	})
}

// The words of a question are few, lower case, and nothing but letters, marks and numbers; what marks them in a text changes
// no word of it.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"how can I dim the lamp", `"; DROP TABLE x -- *`, "NEAR(a b)", "電球 交換", "a:b AND c*", "\xff\xfe", "İstanbul ſ ß", strings.Repeat("x ", 100), "ǅ ǲ", "<b>bold</b> & more", "ﬁne"} {
		f.Add(s, "How to dim <b>the</b> lamp & İstanbul 電球の交換")
	}
	f.Fuzz(func(t *testing.T, q, text string) {
		words := wordsOf(q)
		if len(words) > 8 {
			t.Errorf("%q has %d words", q, len(words))
		}
		for _, w := range words {
			if w == "" || strings.ContainsAny(w, "\"'*():^-+{}<>& ") || utf8.RuneCountInString(w) > 40 {
				t.Errorf("%q has the word %q", q, w)
			}
		}
		text = strings.ToValidUTF8(text, "")
		marked := marking(words).mark(text)
		plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(marked)
		if strings.ContainsAny(plain, "<>\"") || strings.Count(marked, "<mark>") != strings.Count(marked, "</mark>") {
			t.Errorf("%q marked for %q is %q", text, q, marked)
		}
		if e := marking(words).excerpt(text, ""); !utf8.ValidString(e) || len(e) > 3*window {
			t.Errorf("the excerpt of %q is %q", text, e)
		}
		if d := distance(clip(q, 20), clip(text, 20)); d < 0 {
			t.Errorf("a distance of %d", d)
		}
	})
}
