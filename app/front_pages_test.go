package app_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func (d *desk) page(path, language string) (string, http.Header) {
	d.t.Helper()
	r, _ := http.NewRequest("GET", d.url+path, nil)
	r.Header.Set("Accept-Language", language)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != 200 {
		d.t.Fatalf("%s: %d", path, res.StatusCode)
	}
	return string(body), res.Header
}

func TestTheServersOwnPagesLoadNothingForeign(t *testing.T) {
	d := newDesk(t)
	landing, _ := d.page("/", "de-DE,de;q=0.9,en;q=0.5")
	if !strings.Contains(landing, `href="/app/"`) || !strings.Contains(landing, "Anmelden") {
		t.Errorf("no way in: %s", landing)
	}
	reference, header := d.page("/api/docs", "en")
	for _, e := range d.app.Doors.Entries() {
		if !strings.Contains(reference, `id="`+e.Name+`"`) {
			t.Errorf("%s is not in the reference", e.Name)
		}
	}
	if csp := header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
		t.Errorf("policy: %s", csp)
	}
	for _, link := range regexp.MustCompile(`(?:href|src)="(https?:)?//[^"]*"`).FindAllString(landing+reference, -1) {
		t.Errorf("a foreign link: %s", link)
	}
	for _, target := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(reference, -1) {
		if !strings.Contains(reference, `id="`+target[1]+`"`) {
			t.Errorf("a link to nothing: #%s", target[1])
		}
	}
}
