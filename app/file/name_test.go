package file

import (
	"mime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzName(f *testing.F) {
	for _, s := range []string{"../../x", `C:\a\b.txt`, ".htaccess", "a\r\nSet-Cookie: x", "\u202Egpj.exe", "\"; filename=b", strings.Repeat("ü", 400), "", "...", "\xff", "a/", "größe 1€.txt", "a;b=c.txt", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := clean(s)
		if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > 150 || strings.ContainsAny(name, "/\\\x00\r\n") || strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") || strings.Trim(name, ".") == "" {
			t.Fatalf("%q became %q", s, name)
		}
		if again := clean(name); again != name {
			t.Fatalf("%q became %q, and then %q", s, name, again)
		}
		head := mime.FormatMediaType("attachment", map[string]string{"filename": name})
		kind, params, err := mime.ParseMediaType(head)
		if err != nil || kind != "attachment" || params["filename"] != name || len(params) != 1 || strings.ContainsFunc(head, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("%q is told as %q, which is read as %q %v %v", name, head, kind, params, err)
		}
	})
}
