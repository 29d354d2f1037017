// Package outside is the only way to hosts whose names somebody typed in: model servers, webhooks, sites to import.
//
// A connection is checked when it is made, on the address that was really resolved (so that a name cannot change its
// mind in between), and goes nowhere inside: not to this machine, its network, or a cloud's metadata. Redirects are
// not followed, and proxies from the environment are not asked.
package outside

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrPrivate says that a host is inside, where strangers' addresses must not lead.
var ErrPrivate = errors.New("the address is not on the public internet")

// Reach says how far a client may go.
type Reach int

// The reaches. An owner of the machine, not of a workspace, allows Private: for a model server beside this program.
const (
	Public  Reach = iota
	Private       // also this machine and its network, but never link-local addresses, where clouds keep credentials
)

// Client makes requests within a reach. The caller's context bounds their time.
func Client(reach Reach) *http.Client {
	return &http.Client{
		Transport:     Transport(reach),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Transport is what a Client stands on.
func Transport(reach Reach) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return reach.check(address)
	}}
	return &http.Transport{
		DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, MaxConnsPerHost: 16,
		IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10,
	}
}

func (r Reach) check(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !r.allows(at.Addr()) {
		return fmt.Errorf("%s: %w", at.Addr(), ErrPrivate)
	}
	return nil
}

// URL parses an address that somebody typed in: http or https, with a host, without credentials or fragment. To the
// public internet it must be https.
func URL(s string, reach Reach) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, err
	case u.Scheme != "https" && (u.Scheme != "http" || reach == Public):
		return nil, errors.New("the address must begin with https://")
	case u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "":
		return nil, errors.New("the address must be a host and a path")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !reach.allows(ip) {
		return nil, ErrPrivate
	}
	return u, nil
}

func (r Reach) allows(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsValid() || ip.Zone() != "" || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLinkLocalUnicast() {
		return false
	}
	if v6 := ip.As16(); ip.Is6() && !ip.IsLoopback() && [12]byte(v6[:12]) == ([12]byte{}) {
		return false // IPv4-compatible, long abandoned
	}
	for _, p := range never {
		if p.Contains(ip) {
			return false
		}
	}
	if r == Private {
		return true
	}
	if ip.IsLoopback() || ip.IsPrivate() {
		return false
	}
	return !shared.Contains(ip)
}

var shared = netip.MustParsePrefix("100.64.0.0/10")

// never are IANA's special-purpose blocks that lead nowhere, or to an IPv4 address in disguise.
var never = func() (list []netip.Prefix) {
	for _, s := range []string{
		"0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}()
