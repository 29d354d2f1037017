package outside

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestAddressesInsideAreRefused(t *testing.T) {
	for ip, want := range map[string][2]bool{ // Public, Private
		"93.184.216.34": {true, true}, "2606:2800:220:1:248:1893:25c8:1946": {true, true},
		"127.0.0.1": {false, true}, "127.9.9.9": {false, true}, "::1": {false, true}, "10.1.2.3": {false, true}, "172.31.0.1": {false, true},
		"192.168.1.1": {false, true}, "100.64.1.1": {false, true}, "fd00::1": {false, true}, "::ffff:127.0.0.1": {false, true}, "::ffff:10.0.0.1": {false, true},
		"169.254.169.254": {}, "::ffff:169.254.169.254": {}, "fe80::1": {}, "0.0.0.0": {}, "::": {}, "0.1.2.3": {}, "224.0.0.1": {}, "255.255.255.255": {},
		"64:ff9b::7f00:1": {}, "2002:7f00:1::": {}, "2001:0:1::": {}, "::7f00:1": {}, "ff02::1": {}, "198.18.0.1": {}, "240.0.0.1": {},
	} {
		a := netip.MustParseAddr(ip)
		if got := [2]bool{Public.allows(a), Private.allows(a)}; got != want {
			t.Errorf("%s: got %v, want %v", ip, got, want)
		}
	}
}

func TestTheConnectionIsCheckedNotTheName(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	for _, host := range []string{"127.0.0.1", "localhost", "127.1", "0x7f.1", "[::ffff:127.0.0.1]"} {
		r, err := Client(Public).Get("http://" + host + s.URL[strings.LastIndex(s.URL, ":"):])
		if err == nil {
			r.Body.Close()
			t.Errorf("%s was reached", host)
		}
		if (host == "127.0.0.1" || host == "localhost") && !errors.Is(err, ErrPrivate) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if reached {
		t.Error("a request came through")
	}
	r, err := Client(Private).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	reached := false
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler(inner.URL, http.StatusTemporaryRedirect))
	defer outer.Close()
	r, err := Client(Private).Post(outer.URL, "text/plain", strings.NewReader("secret"))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusTemporaryRedirect || reached {
		t.Errorf("got %d, reached %v", r.StatusCode, reached)
	}
}

func TestOnlySoundAddressesAreTaken(t *testing.T) {
	for s, want := range map[string]bool{
		"https://api.example.com/v1": true, "http://api.example.com": false, "ftp://x.example": false, "https://": false, "https://u:p@x.example": false,
		"https://x.example/#f": false, "https://127.0.0.1": false, "https://[::1]:3": false, "file:///etc/passwd": false, "gopher://x.example": false, "//x.example": false, "": false,
	} {
		if _, err := URL(s, Public); (err == nil) != want {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := URL("http://localhost:11434", Private); err != nil {
		t.Error(err)
	}
}
