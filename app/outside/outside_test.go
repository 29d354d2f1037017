package outside

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
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

// S-69: a name that is somebody's public host when it is looked at, and this machine when it is connected to, leads
// nowhere: what counts is the address that the connection goes to.
func TestANameThatChangesItsMindLeadsNowhere(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	var asked atomic.Int32
	turns := []string{"93.184.216.34", "127.0.0.1", "169.254.169.254"}
	resolver := names(t, func(kind dnsmessage.Type) (list []string) {
		if kind == dnsmessage.TypeA {
			list = turns[min(int(asked.Add(1)), len(turns))-1:][:1]
		}
		return list
	})
	first, err := resolver.LookupHost(t.Context(), "rebind.example.")
	if err != nil || first[0] != turns[0] {
		t.Fatalf("the first answer: %v %v", first, err)
	}
	was := net.DefaultResolver
	net.DefaultResolver = resolver
	defer func() { net.DefaultResolver = was }()
	for range 2 {
		r, err := Client(Public).Get("http://rebind.example" + s.URL[strings.LastIndex(s.URL, ":"):])
		if err == nil {
			r.Body.Close()
		}
		if !errors.Is(err, ErrPrivate) {
			t.Errorf("got %v", err)
		}
	}
	if reached || asked.Load() < 3 {
		t.Errorf("reached %v after %d answers", reached, asked.Load())
	}
}

// names is a resolver that asks a server of names on this machine, which answers as it is told.
func names(t *testing.T, answer func(dnsmessage.Type) []string) *net.Resolver {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Additionals = true, nil
			for _, ip := range answer(m.Questions[0].Type) {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET}, Body: &dnsmessage.AResource{A: netip.MustParseAddr(ip).As4()}})
			}
			if out, err := m.Pack(); err == nil {
				c.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", c.LocalAddr().String())
	}}
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
