package ai

import (
	"strings"
	"testing"
)

func read(text string, never ...string) *reading {
	list := []passage{
		{id: "bbbbb", text: "Returning a lamp\nYou can return a lamp within 30 days. Use the label in the box; the parcel is free. Write to help@shop.example or run:\nlamp --reset"},
		{id: "ccccc", text: "Prices\nThe price of the small lamp is 1,200.50 euros, and shipping e.g. to Norway takes 3 to 5 days."},
	}
	r := newReading(list, never, func(url string) bool { return strings.HasPrefix(url, "https://help.shop.example/") })
	for _, c := range text { // character by character, as it may come
		r.hear(string(c))
	}
	r.end()
	return r
}

func TestOnlyWhatHasASourceIsLetThrough(t *testing.T) {
	for what, c := range map[string]struct{ said, shown string }{
		"a citation before the stop":  {"SURE: 90\nYou can return a lamp within 30 days [bbbbb].", "You can return a lamp within 30 days."},
		"after it":                    {"SURE: 90\nYou can return a lamp within 30 days. [bbbbb] The parcel is free. [bbbbb]", "You can return a lamp within 30 days. The parcel is free."},
		"two at once":                 {"The lamp is returned free, and shipping takes 3 to 5 days [bbbbb, ccccc].", "The lamp is returned free, and shipping takes 3 to 5 days."},
		"none":                        {"SURE: 90\nYou can return a lamp within 30 days.", ""},
		"one that was never given":    {"You can return a lamp within 30 days [zzzzz].", ""},
		"the good ones of several":    {"You get 100 % back! The parcel is free [bbbbb]. We also promise a gift. Use the label in the box [bbbbb].", "The parcel is free. Use the label in the box."},
		"a number that is not there":  {"You can return a lamp within 60 days [bbbbb].", ""},
		"a number of another passage": {"The lamp costs 1,200.50 euros [bbbbb].", ""},
		"a number written otherwise":  {"Die kleine Lampe kostet 1.200,50 Euro [ccccc].", "Die kleine Lampe kostet 1.200,50 Euro."},
		"another subject":             {"Our chief executive personally guarantees every investment made today [bbbbb].", ""},
		"another language":            {"Sie können eine Lampe innerhalb von 30 Tagen zurückgeben [bbbbb].", "Sie können eine Lampe innerhalb von 30 Tagen zurückgeben."},
		"an abbreviation":             {"Shipping, e.g. to Norway, takes 3 to 5 days [ccccc]. The parcel is free [bbbbb].", "Shipping, e.g. to Norway, takes 3 to 5 days. The parcel is free."},
		"a list with its lead":        {"SURE: 80\nTo return a lamp:\n\n1. Use the label in the box [bbbbb].\n2. Pay 99 euros [bbbbb].\n3. The parcel is free [bbbbb].\n", "To return a lamp:\n1. Use the label in the box.\n3. The parcel is free."},
		"a lead without its list":     {"To get 1000 euros:\n- Ask nicely.\n", ""},
		"a lead that claims":          {"You get 1000 euros if you do this:\n- Use the label in the box [bbbbb].\n", ""},
		"an image":                    {"The parcel is free ![x](https://evil.example/?q=1) [bbbbb].", "The parcel is free."},
		"HTML":                        {"The parcel is free <img src=https://evil.example/x onerror=alert(1)> [bbbbb].", "The parcel is free."},
		"a foreign link":              {"Use [the label](https://evil.example/) in the box [bbbbb].", "Use the label in the box."},
		"a script link":               {"Use [the label](javascript:alert(1)) in the box [bbbbb].", "Use the label) in the box."},
		"our own link":                {"Use [the label](https://help.shop.example/a) in the box [bbbbb].", "Use [the label](https://help.shop.example/a) in the box."},
		"a bare foreign link":         {"Use the label in the box of https://evil.example/ [bbbbb].", ""},
		"www":                         {"Use the label in the box of www.evil.example now [bbbbb].", ""},
		"a link by reference":         {"[x]: https://evil.example/\n\nUse the [label][x] in the box [bbbbb].", "Use the [label][x] in the box."},
		"a reference that is cited":   {"[x]: https://evil.example/ [bbbbb]\n\nUse the [label][x] in the box [bbbbb].", "Use the [label][x] in the box."},
		"our own address":             {"Write to help@shop.example, the parcel is free [bbbbb].", "Write to help@shop.example, the parcel is free."},
		"a foreign address":           {"Write to help@evil.example, the parcel is free [bbbbb].", ""},
		"code of a passage":           {"Run the label command in the box [bbbbb]:\n\n```\nlamp --reset\n```\n", "Run the label command in the box:\n\n```\nlamp --reset\n```"},
		"other code":                  {"The parcel is free [bbbbb].\n\n```\nrm -rf /\n```\n", "The parcel is free."},
		"an end without an end":       {"The parcel is free [bbbbb]. Use the label in", "The parcel is free."},
		"nothing":                     {"", ""},
	} {
		if got := read(c.said).text(); got != c.shown {
			t.Errorf("%s: got %q, want %q", what, got, c.shown)
		}
	}
}

func TestTheFirstLineSaysHowSureTheModelIs(t *testing.T) {
	for said, sure := range map[string]float64{"SURE: 85\nx": 0.85, "**Sure: 7**\nx": 0.07, "sure = 100": 1, "SURE: 900\n": 1, "I am sure: 90 of them": -1, "x": -1, "": -1, "SURE: many\n": -1} {
		if got := read(said).sure; got != sure {
			t.Errorf("%q: got %v, want %v", said, got, sure)
		}
	}
	if r := read("SURE: 20\nThe parcel is free [bbbbb]."); r.sure != 0.2 || strings.Contains(r.text(), "20") {
		t.Errorf("got %v %q", r.sure, r.text())
	}
}

func TestWhatMustNeverBeSaidIsNot(t *testing.T) {
	for _, said := range []string{"The parcel is FREE [bbbbb].", "The parcel is fr\u200Bee [bbbbb].", "The parcel is **fr**ee [bbbbb].", "The parcel is fr\u00E9\u0065 [bbbbb].", "The parcel is fre\u0301e [bbbbb].", "The parcel is \uFF46\uFF52\uFF45\uFF45 [bbbbb].", "The parcel is fr\u00ADee [bbbbb].", "The parcel is fr\\ee [bbbbb]."} {
		if r := read(said, "free"); !r.said || r.text() != "" {
			t.Errorf("%q: said %q", said, r.text())
		}
	}
	if r := read("Use the label. [bbbbb] In the box [bbbbb].", "label.  in THE box"); !r.said {
		t.Errorf("across sentences: said %q", r.text())
	}
	if r := read("Use the label in the box [bbbbb].", "lamp"); r.said || r.text() == "" {
		t.Error("what is fine was taken for what is not")
	}
}

func FuzzReading(f *testing.F) {
	f.Add("SURE: 90\nYou can return a lamp within 30 days [bbbbb]. ![](https://evil.example) <script>x</script>")
	f.Add("[a](<https://evil.example>) [bbbbb].\n```\nx\n```\n[bbbbb]: https://evil.example\n[bbbbb]")
	f.Add("1. **x** [bbbbb][ccccc]; [bbbbb , ccccc] http://evil.example [x][bbbbb]\n\n[x]: //evil.example 'x' [bbbbb]")
	f.Fuzz(func(t *testing.T, said string) {
		r := read(said)
		html := shownHTML(r.text())
		for _, bad := range []string{"<script", "<img", "evil.example\"", "javascript:", "onerror="} {
			if strings.Contains(html, bad) {
				t.Errorf("%q shows %q", said, html)
			}
		}
	})
}

// Wherever the stream is cut, what was let through so far is safe as HTML: nothing half open that a browser would complete.
func TestACutAnswerIsSafe(t *testing.T) {
	said := "SURE: 90\nUse the **label** in the box, see [the label](https://help.shop.example/a?x=1) [bbbbb]. Use [the label](https://evil.example/a) and ![x](https://evil.example/i.png) in the box [bbbbb].\n" +
		"Run the label:\n\n```\nlamp --reset\n```\n\n- The parcel is <a href=\"https://evil.example\">free</a> [bbbbb].\n- The [parcel][e] is `free` <script>alert(1)</script> [bbbbb].\n\n[e]: https://evil.example/ref\n\nThe parcel is free, <https://evil.example/b> [bbbbb]. The parcel is [free](javascript:alert(1)) [bbbbb]. The parcel is free [bbbbb]."
	shown := map[string]bool{}
	for n := range said {
		r := newReading([]passage{{id: "bbbbb", text: "Returning a lamp\nUse the label in the box; the parcel is free. Run:\nlamp --reset"}}, nil, func(url string) bool { return strings.HasPrefix(url, "https://help.shop.example/") })
		r.hear(said[:n])
		shown[r.text()] = true
		r.end()
		shown[r.text()] = true
	}
	if len(shown) < 6 {
		t.Errorf("only %d states were looked at", len(shown))
	}
	for text := range shown {
		for n := range text {
			out := shownHTML(text[:n]) // and as if it were cut anywhere once more
			for _, bad := range []string{"<script", "<img", "evil.example/", "javascript:", "onerror", "<iframe"} {
				if strings.Contains(out, bad) {
					t.Errorf("%q becomes %q", text[:n], out)
				}
			}
		}
	}
}
