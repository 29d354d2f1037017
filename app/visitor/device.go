package visitor

import (
	"net/url"
	"strings"

	"github.com/mileusna/useragent"
)

// device reads the operating system, the browser and the kind of device from a User-Agent.
func device(ua string) (os, browser, kind string) {
	u := useragent.Parse(ua)
	os, browser = u.OS, u.Name
	switch {
	case strings.Contains(ua, "Edg/") || strings.Contains(ua, "EdgA/") || strings.Contains(ua, "EdgiOS/"):
		browser = "Edge"
	case strings.Contains(ua, "OPR/") || strings.Contains(ua, "OPT/"):
		browser = "Opera"
	case strings.Contains(ua, "SamsungBrowser/"):
		browser = "Samsung Internet"
	case strings.Contains(ua, "CriOS/"):
		browser = "Chrome"
	case strings.Contains(ua, "FxiOS/"):
		browser = "Firefox"
	}
	if strings.Contains(ua, "iPad") {
		os = "iPadOS"
	}
	switch {
	case u.Tablet || strings.Contains(ua, "iPad"):
		kind = "tablet"
	case u.Mobile:
		kind = "mobile"
	default:
		kind = "desktop"
	}
	return os, browser, kind
}

// pageURL keeps the address of a page: http or https, without credentials, of bounded length; else nothing.
func pageURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(s) > 2048 {
		return ""
	}
	u.User = nil
	return u.String()
}
