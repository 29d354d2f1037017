package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app"
	"deskbell/app/apptest"
)

// authority is an ACME server (RFC 8555) that hands out certificates for what it can reach over plain HTTP.
type authority struct {
	*httptest.Server
	t     *testing.T
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	plain string // where the domain is reached on port 80

	mu     sync.Mutex
	domain string
	proven bool
	issued []byte
	orders int
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	a.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	root := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, root, root, a.key.Public(), a.key)
	if err == nil {
		a.cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Replay-Nonce", rand.Text())
	var jws struct{ Payload, Protected string }
	json.NewDecoder(r.Body).Decode(&jws)
	payload, _ := base64.RawURLEncoding.DecodeString(jws.Payload)
	status, order := "pending", m{"identifiers": []m{{"type": "dns", "value": a.domain}}, "authorizations": []string{a.URL + "/authz"}, "finalize": a.URL + "/finalize"}
	if a.proven {
		status = "ready"
	}
	if a.issued != nil {
		status, order["certificate"] = "valid", a.URL+"/cert"
	}
	order["status"] = status
	challenge := m{"type": "http-01", "url": a.URL + "/challenge", "token": "a-token", "status": map[bool]string{true: "valid", false: "pending"}[a.proven]}
	say := func(code int, v m) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		json.NewEncoder(w).Encode(v)
	}
	switch r.URL.Path {
	case "/":
		say(200, m{"newNonce": a.URL + "/nonce", "newAccount": a.URL + "/account", "newOrder": a.URL + "/order", "revokeCert": a.URL + "/revoke", "keyChange": a.URL + "/key"})
	case "/nonce":
	case "/account":
		w.Header().Set("Location", a.URL+"/account/1")
		say(201, m{"status": "valid"})
	case "/order":
		var asked struct{ Identifiers []struct{ Value string } }
		json.Unmarshal(payload, &asked)
		a.domain, a.proven, a.issued = asked.Identifiers[0].Value, false, nil
		a.orders++
		order["status"], order["identifiers"] = "pending", []m{{"type": "dns", "value": a.domain}}
		delete(order, "certificate")
		w.Header().Set("Location", a.URL+"/order/1")
		say(201, order)
	case "/order/1":
		say(200, order)
	case "/authz":
		say(200, m{"status": challenge["status"], "identifier": m{"type": "dns", "value": a.domain}, "challenges": []m{challenge}})
	case "/challenge":
		q, _ := http.NewRequest("GET", "http://"+a.plain+"/.well-known/acme-challenge/a-token", nil)
		q.Host = a.domain
		if res, err := http.DefaultClient.Do(q); err == nil {
			b, _ := io.ReadAll(res.Body)
			res.Body.Close()
			a.proven = strings.HasPrefix(string(b), "a-token.")
		}
		say(200, challenge)
	case "/finalize":
		var asked struct{ CSR string }
		json.Unmarshal(payload, &asked)
		der, _ := base64.RawURLEncoding.DecodeString(asked.CSR)
		csr, err := x509.ParseCertificateRequest(der)
		if err != nil || !a.proven {
			say(403, m{"type": "urn:ietf:params:acme:error:unauthorized"})
			return
		}
		leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: a.domain}, DNSNames: csr.DNSNames, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
		if a.issued, err = x509.CreateCertificate(rand.Reader, leaf, a.cert, csr.PublicKey, a.key); err != nil {
			a.t.Error(err)
		}
		order["status"], order["certificate"] = "valid", a.URL+"/cert"
		w.Header().Set("Location", a.URL+"/order/1")
		say(200, order)
	case "/cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: a.issued})
	default:
		a.t.Errorf("the authority was asked for %s", r.URL.Path)
	}
}

// tlsDesk runs a Deskbell that does TLS itself, and gives a browser that finds every host there.
func tlsDesk(t *testing.T, ca *authority, data string) (*http.Client, func()) {
	t.Helper()
	open := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l, secure, plain := open(), open(), open()
	ca.plain = plain.Addr().String()
	a, err := app.New(t.Context(), app.Options{Data: data, Addr: l.Addr().String(), TLS: app.TLS{Domains: []string{"Help.Shop.test", "docs.shop.test"}, Directory: ca.URL, Secure: secure, Plain: plain}})
	if err != nil {
		t.Fatal(err)
	}
	if a.URL != "https://help.shop.test" {
		t.Errorf("the public URL is %s", a.URL)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, l) }()
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	browser := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots}, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			to := secure.Addr().String()
			if strings.HasSuffix(addr, ":80") {
				to = plain.Addr().String()
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		}},
	}
	return browser, func() {
		browser.CloseIdleConnections()
		stop()
		if err := <-done; err != nil {
			t.Error("stopping:", err)
		}
	}
}

// With --tls-domain a certificate comes by itself on the first visit and is kept; what comes without TLS is sent to where
// it is, and nobody gets a certificate for another name.
func TestHTTPSComesByItself(t *testing.T) {
	ca, data := newAuthority(t), t.TempDir()
	browser, stop := tlsDesk(t, ca, data)
	get := func(method, address string) (*http.Response, error) {
		r, err := http.NewRequest(method, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := browser.Do(r)
		if err == nil {
			res.Body.Close()
		}
		return res, err
	}
	res, err := get("GET", "https://help.shop.test/healthz")
	if err != nil || res.StatusCode != 200 || res.ProtoMajor != 2 {
		t.Fatalf("%+v %v", res, err)
	}
	if got := res.Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("no Strict-Transport-Security over our own TLS")
	}
	if _, err := get("GET", "https://evil.test/healthz"); err == nil {
		t.Error("a certificate for a name that is not ours")
	}
	for _, c := range []struct {
		method, address, to string
		status              int
	}{
		{"GET", "http://help.shop.test/help?q=a%2Fb", "https://help.shop.test/help?q=a%2Fb", 308},
		{"GET", "http://HELP.shop.test//evil.test", "https://help.shop.test//evil.test", 308},
		{"GET", "http://docs.shop.test/help", "https://docs.shop.test/help", 308},
		{"GET", "http://evil.test/", "", 421},
		{"POST", "http://help.shop.test/api/auth.signIn", "", 403},
		{"GET", "http://help.shop.test/.well-known/acme-challenge/made-up", "", 404},
	} {
		res, err := get(c.method, c.address)
		if err != nil {
			t.Error(err)
			continue
		}
		if res.StatusCode != c.status || res.Header.Get("Location") != c.to || res.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s %s: %d to %q, want %d to %q", c.method, c.address, res.StatusCode, res.Header.Get("Location"), c.status, c.to)
		}
	}
	stop()
	filepath.WalkDir(filepath.Join(data, "certificates"), func(path string, d fs.DirEntry, err error) error {
		info, bad := os.Stat(path)
		if err = errors.Join(err, bad); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v: others can read it", path, info.Mode(), err)
		}
		return nil
	})
	before := ca.orders
	browser, stop = tlsDesk(t, ca, data)
	defer stop()
	if res, err := get("GET", "https://help.shop.test/healthz"); err != nil || res.StatusCode != 200 || ca.orders != before {
		t.Errorf("after a restart: %v, and %d new orders", err, ca.orders-before)
	}
}

// Browsers are told to come with TLS alone where they came with TLS: to us, or to a proxy that is trusted and says so. Whom
// nobody trusts cannot say it, and who came without is not told (RFC 6797, section 7.2).
func TestBehindATrustedProxyBrowsersAreToldToKeepToTLS(t *testing.T) {
	behind, open := apptest.Behind(t), apptest.New(t)
	for what, c := range map[string]struct {
		d    *apptest.Desk
		said []string
		want bool
	}{
		"a trusted proxy with TLS": {behind, []string{"https"}, true}, "one that shouts": {behind, []string{"HTTPS"}, true}, "one without TLS": {behind, []string{"http"}, false},
		"one that says nothing": {behind, nil, false}, "one that says something else": {behind, []string{"wss"}, false}, "somebody untrusted": {open, []string{"https"}, false}, "nobody": {open, nil, false},
	} {
		for _, path := range []string{"/healthz", "/", "/api/users.me", "/nothing"} {
			res, _ := c.d.Ask("", "GET", path, http.Header{"X-Forwarded-Proto": c.said})
			if got := res.Header.Values("Strict-Transport-Security"); (len(got) == 1 && got[0] == "max-age=31536000") != c.want || len(got) > 1 {
				t.Errorf("%s, %s: %q", what, path, got)
			}
		}
	}
}

// What cannot be the name of this host is refused at the start, in words, and nothing is made.
func TestWrongDomainsAreRefused(t *testing.T) {
	for what, o := range map[string]app.Options{
		"an address": {TLS: app.TLS{Domains: []string{"192.0.2.1"}}}, "a URL": {TLS: app.TLS{Domains: []string{"https://help.shop.test"}}}, "a port": {TLS: app.TLS{Domains: []string{"help.shop.test:443"}}},
		"a wildcard": {TLS: app.TLS{Domains: []string{"*.shop.test"}}}, "one word": {TLS: app.TLS{Domains: []string{"localhost"}}}, "nothing": {TLS: app.TLS{Domains: []string{""}}},
		"a wrong authority": {TLS: app.TLS{Domains: []string{"help.shop.test"}, Directory: "file:///etc/passwd"}},
		"another URL":       {URL: "https://else.test", TLS: app.TLS{Domains: []string{"help.shop.test"}}}, "a URL without TLS": {URL: "http://help.shop.test", TLS: app.TLS{Domains: []string{"help.shop.test"}}},
	} {
		o.Data, o.Addr = filepath.Join(t.TempDir(), "data"), "127.0.0.1:1"
		if a, err := app.New(t.Context(), o); err == nil || !strings.Contains(err.Error(), "--") {
			t.Errorf("%s: %v", what, err)
			if err == nil {
				a.DB.Close()
			}
		}
		if _, err := os.Stat(o.Data); err == nil {
			t.Errorf("%s: a data directory was made", what)
		}
	}
}
