package visitor

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"deskbell/app/fault"
)

// Allowed reports whether a browser's Origin is on a list of allowed origins. An empty list is every site.
// An entry is an origin (https://shop.example), all hosts below one (https://*.shop.example), or a host with any
// port (http://localhost:*).
func Allowed(list []string, origin string) bool {
	if len(list) == 0 {
		return true
	}
	o, err := parseOrigin(origin)
	if err != nil {
		return false
	}
	for _, entry := range list {
		if matches(entry, o) {
			return true
		}
	}
	return false
}

func matches(entry string, o *url.URL) bool {
	scheme, host, ok := strings.Cut(entry, "://")
	if !ok || scheme != o.Scheme {
		return false
	}
	if h, any := strings.CutSuffix(host, ":*"); any {
		return h == o.Hostname()
	}
	if h, below := strings.CutPrefix(host, "*."); below {
		return strings.HasSuffix(o.Host, "."+h) && len(o.Host) > len(h)+1
	}
	return host == o.Host
}

func parseOrigin(s string) (*url.URL, error) {
	u, err := url.Parse(strings.ToLower(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return nil, fault.New(fault.Invalid, "An origin looks like https://shop.example.")
	}
	if u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443" {
		u.Host = u.Hostname()
	}
	u.Path = ""
	return u, nil
}

var errOrigin = fault.New(fault.Invalid, "Write https://shop.example, https://*.shop.example or http://localhost:*.").On("allowedOrigins")

// hosts are what stands behind the scheme: a name or an address, and perhaps a port. Nothing else may come into the
// header that tells browsers who may frame the messenger.
var hosts = regexp.MustCompile(`^(\*\.)?([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:([0-9]{1,5}|\*))?$`)

// NormalOrigin writes an entry of the list in its one form, as browsers write it, or says what is wrong with it.
func NormalOrigin(s string) (string, error) {
	scheme, host, ok := strings.Cut(strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s), "/")), "://")
	if !ok || scheme != "http" && scheme != "https" || len(s) > 255 {
		return "", errOrigin
	}
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.HasSuffix(host, "]") {
		name, port = host[:i], host[i:]
	}
	below := strings.HasPrefix(name, "*.")
	if !strings.HasPrefix(name, "[") {
		ascii, err := idna.Lookup.ToASCII(strings.TrimPrefix(name, "*."))
		if err != nil || ascii == "" {
			return "", errOrigin
		}
		name = ascii
	}
	if below {
		if !strings.Contains(name, ".") || strings.HasPrefix(name, "[") || net.ParseIP(name) != nil {
			return "", errOrigin
		}
		name = "*." + name
	}
	if scheme == "http" && port == ":80" || scheme == "https" && port == ":443" {
		port = ""
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(port, ":")); port != "" && port != ":*" && (err != nil || n < 1 || n > 65535 || strconv.Itoa(n) != port[1:]) || !hosts.MatchString(name+port) {
		return "", errOrigin
	}
	if strings.HasPrefix(name, "[") && net.ParseIP(strings.Trim(name, "[]")) == nil {
		return "", errOrigin
	}
	return scheme + "://" + name + port, nil
}
