package app

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"

	"deskbell/app/fault"
	"deskbell/app/web"
)

// TLS is how the public comes in when Deskbell does TLS itself; without domains somebody in front of it does.
type TLS struct {
	Domains   []string
	Directory string       // of the authority; empty is Let's Encrypt
	Secure    net.Listener // with TLS, port 443
	Plain     net.Listener // the authority's questions, and the way to TLS; port 80
}

// certificates are those of the domains, kept in the data directory; nil without domains. The public URL must be one of
// them.
func certificates(o *Options) (*web.Certificates, error) {
	if len(o.TLS.Domains) == 0 {
		return nil, nil
	}
	c, err := web.NewCertificates(o.TLS.Domains, o.TLS.Directory, filepath.Join(o.Data, "certificates"))
	if err != nil {
		return nil, err
	}
	if o.URL == "" {
		o.URL = "https://" + c.Domains()[0]
	}
	if host, ok := strings.CutPrefix(strings.TrimSuffix(o.URL, "/"), "https://"); !ok || !c.For(hostOf(host)) {
		return nil, fault.New(fault.Invalid, "--url must be https:// and one of the names of --tls-domain")
	}
	return c, nil
}

func hostOf(s string) string {
	if host, _, err := net.SplitHostPort(s); err == nil {
		return host
	}
	return s
}

// listen serves on all listeners until ctx ends, or one of them fails.
func (a *App) listen(ctx context.Context, l net.Listener) error {
	serve := []func(context.Context) error{func(ctx context.Context) error { return a.Web.Listen(ctx, l) }}
	if a.certs != nil {
		serve = append(serve,
			func(ctx context.Context) error { return a.Web.ListenTLS(ctx, a.TLS.Secure, a.certs) },
			func(ctx context.Context) error { return a.Web.Redirect(ctx, a.TLS.Plain, a.certs) })
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(serve))
	for _, run := range serve {
		go func() { ended <- run(ctx) }() // waited for below
	}
	var err error
	for range serve {
		err = errors.Join(err, <-ended)
		stop()
	}
	return err
}
