package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/net/idna"

	"deskbell/app/fault"
	"deskbell/app/outside"
)

// Certificates come by themselves, and renew themselves, from an authority that speaks ACME (RFC 8555). They are for the
// named domains alone: whoever connects under another name gets none.
type Certificates struct {
	domains []string
	manager *autocert.Manager
}

// NewCertificates keeps certificates and the account's key in a directory. The authority is named by the address of its
// directory; empty is Let's Encrypt. Asking for a certificate accepts the authority's terms.
func NewCertificates(domains []string, directory, cache string) (*Certificates, error) {
	c := &Certificates{}
	for _, d := range domains {
		name, err := idna.Lookup.ToASCII(strings.TrimSpace(d))
		if _, ip := netip.ParseAddr(name); err != nil || ip == nil || !strings.Contains(strings.Trim(name, "."), ".") || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") {
			return nil, fault.New(fault.Invalid, "--tls-domain: %q is not the name of a host, such as help.example.com", d)
		}
		c.domains = append(c.domains, name)
	}
	if directory != "" {
		if _, err := outside.URL(directory, outside.Private); err != nil {
			return nil, fault.New(fault.Invalid, "--acme-directory: %s", err)
		}
	}
	client := outside.Client(outside.Private) // the authority is the owner's choice, and may be inside
	client.Timeout = 30 * time.Second
	c.manager = &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(filepath.Clean(cache)), HostPolicy: autocert.HostWhitelist(c.domains...),
		Client: &acme.Client{DirectoryURL: directory, HTTPClient: client, UserAgent: "deskbell"},
	}
	c.manager.HTTPHandler(nil) // there is a plain listener: a first visitor may come before it has been opened
	return c, nil
}

// For reports whether a host is one of the domains.
func (c *Certificates) For(host string) bool {
	for _, d := range c.domains {
		if strings.EqualFold(d, host) {
			return true
		}
	}
	return false
}

// Domains are the domains, the first of them first.
func (c *Certificates) Domains() []string { return c.domains }

// ListenTLS is Listen with TLS.
func (s *Server) ListenTLS(ctx context.Context, l net.Listener, c *Certificates) error {
	return s.serve(ctx, l, s.Handler(), c.manager.TLSConfig())
}

// Redirect answers the authority's questions about our domains on a listener without TLS, and sends everybody else to
// where there is TLS. What was sent unprotected already is not sent on.
func (s *Server) Redirect(ctx context.Context, l net.Listener, c *Certificates) error {
	return s.serve(ctx, l, c.manager.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		to := "https://" + strings.ToLower(host)
		if strings.EqualFold(host, s.URL.Hostname()) {
			to = s.own
		}
		switch {
		case !c.For(host):
			http.Error(w, "There is no such host here.", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			http.Error(w, "Use "+to, http.StatusForbidden)
		default:
			http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusPermanentRedirect)
		}
	})), nil)
}
