package visitor

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"deskbell/store"
)

// A name that was made for somebody stays theirs: words may come at the ends of the lists, and nothing else may change.
func TestReadableNamesNeverChange(t *testing.T) {
	sum := sha256.Sum256([]byte(strings.Join(adjectives[:named], " ") + "/" + strings.Join(animals[:named], " ")))
	if got := hex.EncodeToString(sum[:8]); got != goldenWords {
		t.Errorf("the first words are %s now: names that were given would change", got)
	}
	for id, want := range goldenNames {
		if got := readableID(id); got != want {
			t.Errorf("%d is called %s, and was called %s", id, got, want)
		}
	}
	seen := map[string]bool{}
	for _, w := range append(adjectives[:len(adjectives):len(adjectives)], animals...) {
		if seen[w] || w != strings.ToLower(w) || len(w) > 10 {
			t.Errorf("%q stands twice or is no plain word", w)
		}
		seen[w] = true
	}
}

func TestNeighboursHaveDifferentNames(t *testing.T) {
	seen := map[string]bool{}
	for i := range 20000 {
		seen[readableID(store.ID(1<<60+i))] = true
	}
	if len(seen) < 19900 {
		t.Errorf("20,000 visitors have %d names", len(seen))
	}
}

func TestDevicesAreKnown(t *testing.T) {
	for ua, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0":                  "Windows Edge desktop",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15":                          "macOS Safari desktop",
		"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0":                                                                         "Linux Firefox desktop",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0":                  "Windows Opera desktop",
		"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36":                          "Android Chrome mobile",
		"Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36":     "Android Samsung Internet mobile",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1":        "iOS Safari mobile",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0.6099.50 Mobile/15E148 Safari/604.1": "iOS Chrome mobile",
		"Mozilla/5.0 (iPad; CPU OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/121.0 Mobile/15E148 Safari/605.1.15":               "iPadOS Firefox tablet",
		"Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36":                                 "Android Chrome tablet",
		"": "  desktop",
	} {
		os, browser, kind := device(ua)
		if got := os + " " + browser + " " + kind; got != want {
			t.Errorf("%q is %q, want %q", ua, got, want)
		}
	}
}

func FuzzUserAgent(f *testing.F) {
	for _, s := range []string{"Mozilla/5.0 (iPad; CPU OS 17_1 like Mac OS X)", "curl/8", "\x00\x1b[31m/1", strings.Repeat("a", 100000), strings.Repeat("(", 400), "Edg/ OPR/ CriOS/ iPad", "\xff/\xfe", "a/b (c; \u202Ed)", "Mozilla/5.0 (" + strings.Repeat(";", 300) + ")"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ua string) {
		os, browser, kind := device(ua)
		for _, s := range []string{os, browser} {
			if utf8.RuneCountInString(s) > 40 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Fatalf("%q is %q", ua, s)
			}
		}
		if kind != "desktop" && kind != "mobile" && kind != "tablet" {
			t.Fatalf("%q is a %q", ua, kind)
		}
	})
}

// S-96: a site is allowed by being exactly on the list, and by nothing that looks like it.
func TestOriginsAreComparedExactly(t *testing.T) {
	list := []string{"https://shop.example", "https://*.shop.example", "http://localhost:*", "https://eu.example:8443"}
	for origin, want := range map[string]bool{
		"https://shop.example": true, "https://SHOP.example": true, "https://a.shop.example": true, "https://a.b.shop.example": true, "https://shop.example:443": true, "http://localhost:3000": true, "http://localhost": true, "https://eu.example:8443": true,
		"http://shop.example": false, "https://shop.example.evil.example": false, "https://evilshop.example": false, "https://shop.example:8443": false, "https://shop.example@evil.example": false, "https://evil.example#shop.example": false, "https://evil.example/?shop.example": false,
		"null": false, "": false, "file://": false, "https://": false, "https://shop.example/": true, "https://shop.example/x": false, "https://.shop.example": false, "https://localhost:3000": false, "http://localhost.evil.example:80": false, "https://eu.example": false, "https://a.shop.example:444": false, "javascript://shop.example": false, "https://shop.example\x00": false, "*": false,
	} {
		if got := Allowed(list, origin); got != want {
			t.Errorf("%q: %v, want %v", origin, got, want)
		}
	}
	for in, want := range map[string]string{
		"https://Shop.Example/": "https://shop.example", " https://*.shop.example ": "https://*.shop.example", "http://localhost:*": "http://localhost:*", "https://müller.example": "https://xn--mller-kva.example", "https://shop.example:443": "https://shop.example", "http://[::1]:3000": "http://[::1]:3000", "http://127.0.0.1:3000": "http://127.0.0.1:3000",
		"shop.example": "", "https://*": "", "*": "", "https://*.example": "", "https://shop.example/path": "", "https://a;b.example": "", "https://a b.example": "", "https://shop.example'self'": "", "ftp://shop.example": "", "https://x:y@shop.example": "", "https://shop.example:99999": "", "https://*.*.example.com": "", "https://a.*.example.com": "", "https://shop.example?x": "", "https://shop.example#x": "",
		"https://*.10.0.0.1": "", "https://[::1": "", "https://": "", "null": "", "https://" + strings.Repeat("a", 300) + ".example": "",
	} {
		got, err := NormalOrigin(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is kept as %q, %v; want %q", in, got, err, want)
		}
	}
}

func FuzzOrigin(f *testing.F) {
	for _, s := range []string{"https://shop.example", "https://*.shop.example", "http://localhost:*", "https://müller.example", "https://a;b", "https://[::1]:80", "null", "https://a@b.c", "HTTPS://A.B:443/", "https://*.a.b:*", "https://xn--a.b", "https://a..b"} {
		f.Add(s, "https://evil.example")
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, entry, origin string) {
		kept, err := NormalOrigin(entry)
		if err != nil {
			return
		}
		if again, err := NormalOrigin(kept); err != nil || again != kept {
			t.Fatalf("%q is kept as %q, which would be %q, %v", entry, kept, again, err)
		}
		if strings.ContainsFunc(kept, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_.:/*[]", r) }) {
			t.Fatalf("%q is kept as %q", entry, kept)
		}
		if exact := !strings.Contains(kept, "*"); exact && !Allowed([]string{kept}, kept) {
			t.Fatalf("%q does not allow itself", kept)
		}
		if !Allowed([]string{kept}, origin) {
			return
		}
		u, err := url.Parse(strings.ToLower(origin))
		if err != nil {
			t.Fatalf("%q allows %q, which is no address", kept, origin)
		}
		scheme, host, _ := strings.Cut(kept, "://")
		name := strings.TrimSuffix(host, ":*")
		below, wild := strings.CutPrefix(name, "*.")
		if u.Scheme != scheme || u.User != nil || wild && !strings.HasSuffix(u.Host, "."+below) && !strings.HasSuffix(u.Hostname(), "."+below) || !wild && u.Hostname() != strings.Trim(name, "[]") && !strings.HasPrefix(u.Host+":", name+":") && u.Hostname() != hostOf(name) {
			t.Fatalf("%q allows %q", kept, origin)
		}
	})
}

func hostOf(s string) string {
	u, err := url.Parse("https://" + s)
	if err != nil {
		return s
	}
	return u.Hostname()
}

const goldenWords = "f7019c7a2ecf286b"

var goldenNames = map[store.ID]string{1: "jolly-otter-5921", 42: "clear-gecko-7559", 1 << 40: "amber-llama-4208", 7234567890123456789: "silver-quail-0989"}
