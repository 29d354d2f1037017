package app

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"deskbell/app/visitor"
	"deskbell/store"
)

// Options are what an owner sets.
type Options struct {
	Data       string // directory of everything remembered
	URL        string // public base URL; empty: http://<address>
	Addr       string
	Durability store.Durability
	Proxies    []string // CIDRs whose X-Forwarded-For is believed
	Apps       []string // further origins that staff may sign in from
	Demo       bool
	TLS        TLS
	PrivateAI  bool // model servers may be on this machine and in its network
	PrivateIn  bool // help centers to import may be there too
	// MetricsToken opens /metrics from other machines; empty opens it to nobody there.
	MetricsToken string
	Version      string
	Log          *slog.Logger
	Now          func() store.Time // for tests; nil is the machine's clock
}

// Database is the live file of a data directory.
func Database(data string) string { return filepath.Join(data, "deskbell.db") }

// reached is where a browser on this machine finds a listener: one that listens everywhere has no address that is a page's.
func reached(addr string) string {
	at, err := netip.ParseAddrPort(addr)
	if err != nil || !at.Addr().IsUnspecified() {
		return addr
	}
	return fmt.Sprintf("localhost:%d", at.Port())
}

// public reads an address of a flag in the one form in which browsers name an origin: what differs from that by a letter, a
// port that is understood or a slash would never be met.
func public(flag, s string) (*url.URL, error) {
	origin, err := visitor.NormalOrigin(s)
	if err != nil || strings.Contains(origin, "*") {
		return nil, fmt.Errorf("%s must look like https://help.example.com", flag)
	}
	return url.Parse(origin)
}

func listed(origins []string) (list []string, err error) {
	for _, s := range origins {
		u, err := public("--app-origins", s)
		if err != nil {
			return nil, err
		}
		list = append(list, u.String())
	}
	return list, nil
}

func prefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %q is not a network such as 10.0.0.0/8", s)
		}
		out = append(out, p)
	}
	return out, nil
}
