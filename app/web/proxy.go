package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// IP is the caller's address: the peer's, or what a trusted proxy says of it.
func (s *Server) IP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	s.warnProxy(r, host)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(host); i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = addr.Unmap().String()
	}
	return host
}

// secured reports whether a browser's connection has TLS: with us, or with a trusted proxy that says so. Only there
// Strict-Transport-Security may be said (RFC 6797, section 7.2). Where the proxy says it too, browsers heed the first
// (section 8.1).
func (s *Server) secured(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && s.trusted(host) && strings.EqualFold(strings.TrimSpace(r.Header.Get("X-Forwarded-Proto")), "https")
}

// Relayed reports whether a request came through a proxy that is not named.
func (s *Server) Relayed(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || s.trusted(host) {
		return err != nil
	}
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// warnProxy says once that a proxy on this machine or in its network is not named: then all its callers share one
// address, and the bounds of one.
func (s *Server) warnProxy(r *http.Request, host string) {
	if r.Header.Get("X-Forwarded-For") == "" || s.trusted(host) {
		return
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || !addr.IsLoopback() && !addr.IsPrivate() {
		return
	}
	s.warned.Do(func() {
		s.Log.Warn("requests come through a proxy that is not named, and so all from one address: set --trusted-proxies", "proxy", addr.String())
	})
}

func (s *Server) trusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	return s.proxy(addr.Unmap())
}

func (s *Server) proxy(addr netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
