package visitor

import (
	"net/url"
	"strings"

	"github.com/mileusna/useragent"

	"deskbell/app/safe"
)

// device reads the operating system, the browser and the kind of device from a User-Agent. What a stranger made up is
// as short as a name, and has nothing in it that is not to be seen.
func device(ua string) (os, browser, kind string) {
	if len(ua) > 400 {
		ua = ua[:400]
	}
	ua = safe.Text(ua)
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
	case u.Tablet || strings.Contains(ua, "iPad") || strings.Contains(ua, "Android") && !strings.Contains(ua, "Mobile"): // so Chrome tells them apart
		kind = "tablet"
	case u.Mobile:
		kind = "mobile"
	default:
		kind = "desktop"
	}
	return brief(os), brief(browser), kind
}

func brief(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40])
	}
	return s
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
