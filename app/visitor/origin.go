package visitor

import (
	"net/url"
	"strings"

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

// NormalOrigin writes an entry of the list in its one form, or says what is wrong with it.
func NormalOrigin(s string) (string, error) {
	s = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s), "/"))
	probe := strings.Replace(s, "://*.", "://any.", 1)
	if h, any := strings.CutSuffix(probe, ":*"); any {
		probe = h
	}
	u, err := parseOrigin(probe)
	bad := fault.New(fault.Invalid, "Write https://shop.example, https://*.shop.example or http://localhost:*.").On("allowedOrigins")
	if err != nil || len(s) > 255 || strings.Contains(probe, "*") || !strings.Contains(strings.TrimPrefix(u.Host, "any."), ".") && u.Hostname() != "localhost" && strings.Contains(s, "*.") {
		return "", bad
	}
	if probe == s {
		return u.Scheme + "://" + u.Host, nil
	}
	return s, nil
}
