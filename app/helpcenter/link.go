package helpcenter

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"deskbell/app/actor"
	"deskbell/store"
)

// Where a help center is read by link, the link carries a key. It is made of the machine's secret and the number of the
// link, so that no copy of the database tells it, and a new number makes all earlier links worthless. A browser that
// came by the link keeps the key in a cookie of the help center's own path; the address itself loses it at once, so that
// it is neither bookmarked nor passed on by accident.

const linkCookie = "deskbell_reader"

func (h *HelpCenter) linkKey(c *store.HelpCenter) string {
	mac := hmac.New(sha256.New, h.key)
	fmt.Fprintf(mac, "link %d %d", c.Workspace, c.Link)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// opened lets whoever came by the link read, and says whether it answered already.
func (h *HelpCenter) opened(v *visit) (bool, error) {
	if v.center.Policy != "link" {
		return false, nil
	}
	want := []byte(h.linkKey(v.center))
	q := v.r.URL.Query()
	if given := q.Get("key"); given != "" && v.r.Method == http.MethodGet {
		if !hmac.Equal([]byte(given), want) {
			return false, store.ErrNotFound
		}
		http.SetCookie(v.w, &http.Cookie{Name: linkCookie, Value: given, Path: v.base, HttpOnly: true, Secure: strings.HasPrefix(h.base(v.center), "https:"), SameSite: http.SameSiteLaxMode, MaxAge: 90 * 24 * 3600})
		q.Del("key")
		to := *v.r.URL
		to.RawQuery = q.Encode()
		v.w.Header().Set("Cache-Control", "private, no-store")
		v.w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(v.w, v.r, to.RequestURI(), http.StatusSeeOther)
		return true, nil
	}
	for _, c := range v.r.CookiesNamed(linkCookie) {
		if hmac.Equal([]byte(c.Value), want) {
			v.who = actor.Actor{Kind: actor.System, Workspace: v.center.Workspace, IP: v.who.IP}
		}
	}
	return false, nil
}
