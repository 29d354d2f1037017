package actor

import "net/netip"

// Network is what stands for one caller, by the address they come from: an IPv4 address, or the /64 that an IPv6
// subscriber owns.
func Network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.Is4() || addr.Is4In6() {
		return ip
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return ip
	}
	return p.String()
}
