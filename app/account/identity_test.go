package account_test

import (
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskbell/app"
	"deskbell/app/apptest"
	"deskbell/store"
)

// S-28: a session's token is chance and nothing else. Whoever has the file and the machine's key has none that works.
func TestSessionsCannotBePredictedFromWhatIsKept(t *testing.T) {
	d := apptest.New(t)
	seen := map[string]bool{}
	for range 5 {
		token := d.Signed(d.User())
		raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, "dbs_"))
		if err != nil || len(raw) != 32 || seen[token[:12]] || seen[token[len(token)-12:]] {
			t.Errorf("%q is not 256 bits of chance: %v", token, err)
		}
		seen[token[:12]], seen[token[len(token)-12:]] = true, true
	}
	first, second := d.Visitor("clara"), d.Visitor("clara")
	if first == second || len(first) != len("wst_")+64 {
		t.Errorf("a visitor's tokens: %q %q", first, second)
	}
	secret, err := os.ReadFile(filepath.Join(d.App.Data, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	var kept []store.Session
	if err := d.App.DB.Read(t.Context(), 0, func(tx *store.Tx) (err error) { kept, err = tx.Sessions.List(d.User()); return err }); err != nil || len(kept) < 5 {
		t.Fatalf("%d sessions, %v", len(kept), err)
	}
	b64 := base64.RawURLEncoding
	for _, s := range kept {
		for _, guess := range []string{string(s.TokenHash), hex.EncodeToString(s.TokenHash), b64.EncodeToString(s.TokenHash), s.ID.String(), b64.EncodeToString(secret), hex.EncodeToString(secret)} {
			for _, prefix := range []string{"", "dbs_", "dbk_", "wst_"} {
				r, _ := http.NewRequest("POST", d.URL+"/api/users.me", strings.NewReader("{}"))
				r.Header["Authorization"] = []string{"Bearer " + strings.Map(apptest.Printable, prefix+guess)}
				r.Header.Set("Content-Type", "application/json")
				if status, _ := d.Send(r); status != http.StatusUnauthorized {
					t.Errorf("%q: %d", prefix+guess, status)
				}
			}
		}
	}
}

// S-30: what opens one thing opens no other. Every secret there is is tried at every door there is for one.
func TestASecretOpensOnlyWhatItWasMadeFor(t *testing.T) {
	d := apptest.Behind(t)
	_, _, cookies := tried(d, "198.51.100.1", apptest.Ann, apptest.Right)
	d.Wrote("Bulbs", "Lumen tells how bright.", nil)
	link := d.OK(d.Owner, "helpCenter.updateSettings", m{"accessPolicy": "link"})["link"].(string)
	_, linkKey, _ := strings.Cut(link, "key=")
	_, invite := d.Invited(d.Owner, "new@shop.test", "admin")
	_, key := d.Key(d.Owner, "conversations.read")
	sessionID := ("clara" + strings.Repeat("x", 43))[:43]
	v := d.Visitor("clara")
	file := d.File(v, "a.txt", []byte("Hello"))
	at, err := url.Parse(file["url"].(string))
	if err != nil {
		t.Fatal(err)
	}
	_, asset := d.Picture(d.Owner, apptest.PNG(2, 2))
	signature := asset["url"].(string)[strings.LastIndexByte(asset["url"].(string), '/')+1:]
	secrets := map[string]string{
		"a session": d.Owner, "a cookie": cookies[0].Value, "a browser's note": cookies[1].Value, "a key": key, "a visitor's session": v, "a client's secret": sessionID,
		"an invitation": invite, "a help center's link": linkKey, "a file's signature": at.Query().Get("s"), "a picture's signature": signature,
	}
	staff := func(token string) bool {
		for _, door := range []string{"users.me", "conversations.listForInbox"} {
			if status, _ := d.Call(token, door, m{}); status == 200 {
				return true
			}
		}
		r, _ := http.NewRequest("GET", d.URL+"/api/helpCenter.export", nil)
		r.AddCookie(&http.Cookie{Name: "deskbell", Value: token})
		status, _ := d.Send(r)
		return status == 200
	}
	purposes := map[string]struct {
		opens func(secret string) bool
		fits  []string
	}{
		"the team's doors": {staff, []string{"a session", "a cookie", "a key"}},
		"a visitor's doors": {func(s string) bool {
			status, _ := d.Call(s, "conversations.getTotalUnreadForVisitor", m{})
			return status == 200
		}, []string{"a visitor's session"}},
		"the socket": {func(s string) bool {
			ws := d.Socket(s)
			defer ws.Close()
			ws.WriteJSON(m{"id": 1, "view": "setup.status", "args": m{}})
			_, _, err = ws.ReadMessage()
			return err == nil
		}, []string{"a session", "a cookie", "a key", "a visitor's session"}},
		"an invitation": {func(s string) bool { status, _ := d.Call("", "invitations.get", m{"token": s}); return status == 200 }, []string{"an invitation"}},
		"the set-up":    {func(s string) bool { return d.OK("", "setup.status", m{"token": s})["tokenValid"] == true }, nil},
		"the help center": {func(s string) bool {
			status, _ := d.Answered("", "GET", "/help/shop/?key="+url.QueryEscape(s), nil)
			with, _ := d.Answered("", "GET", "/help/shop/", http.Header{"Cookie": {"deskbell_reader=" + s}})
			return status == 303 || with == 200
		}, []string{"a help center's link"}},
		"a file": {func(s string) bool {
			q := at.Query()
			q.Set("s", s)
			status, _ := d.Answered("", "GET", at.Path+"?"+q.Encode(), nil)
			return status == 200
		}, []string{"a file's signature"}},
		"a picture": {func(s string) bool {
			status, _ := d.Answered("", "GET", "/help/-/asset/"+asset["id"].(string)+"/"+url.PathEscape(s), nil)
			return status == 200
		}, []string{"a picture's signature"}},
	}
	for purpose, p := range purposes {
		for name, secret := range secrets {
			fits := false
			for _, f := range p.fits {
				fits = fits || f == name
			}
			bare := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(secret, "dbs_"), "dbk_"), "wst_")
			for _, form := range []string{secret, bare, "dbs_" + bare, "dbk_" + bare, "wst_" + bare} {
				if got := p.opens(form); got != (fits && form == secret) {
					t.Errorf("%s at %s as %q: open %v", name, purpose, form, got)
				}
			}
		}
	}
	// A client's secret is not a session, and a session is not a client's secret: it finds somebody new.
	for _, s := range []string{v, d.Owner, key, invite} {
		if s = strings.Map(apptest.Printable, s); len(s) < 43 {
			continue
		}
		out := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": s})
		if list := d.OK(out["sessionToken"].(string), "conversations.listForVisitor", m{})["items"].([]any); len(list) != 0 {
			t.Errorf("a session taken for a secret finds %v", list)
		}
	}
}

// S-32: a session that was there before signing in is not taken over, and one that was stolen cannot change the
// password without knowing it.
func TestSigningInBeginsASessionOfItsOwn(t *testing.T) {
	d := apptest.Behind(t)
	planted := &http.Cookie{Name: "deskbell", Value: "dbs_" + strings.Repeat("A", 43)}
	status, _, set := tried(d, "198.51.100.1", apptest.Ann, apptest.Right, planted)
	if status != 200 || set[0].Value == planted.Value || len(set[0].Value) < 40 {
		t.Fatalf("%d %v", status, set)
	}
	// Nor does the session of another member become hers.
	agent := d.Member("agent")
	status, _, again := tried(d, "198.51.100.1", apptest.Ann, apptest.Right, &http.Cookie{Name: "deskbell", Value: agent})
	if status != 200 || again[0].Value == agent || again[0].Value == set[0].Value {
		t.Fatalf("%d %v", status, again)
	}
	if me := d.OK(agent, "users.me", m{})["user"].(m)["email"]; me != "agent@shop.test" {
		t.Errorf("the agent is %v now", me)
	}
	d.Refused("unauthenticated", planted.Value, "users.me", m{})
	stolen := set[0].Value
	for _, in := range []m{{"currentPassword": "", "newPassword": "mallory's horse"}, {"currentPassword": "mallory's horse", "newPassword": "mallory's horse"}} {
		d.Refused("invalid", stolen, "auth.changePassword", in)
	}
	for what, in := range map[string]m{"no current one": {"newPassword": "mallory's horse"}, "null": {"currentPassword": nil, "newPassword": "mallory's horse"}, "an address": {"currentPassword": "x", "newPassword": "mallory's horse", "email": "eve@else.test"}} {
		if status, out := d.Call(stolen, "auth.changePassword", in); status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	for _, field := range []string{"email", "password", "passwordHash", "role", "id", "emailVerified", "isOwner", "createdAt"} { // S-15
		d.Refused("invalid", stolen, "users.updateProfile", m{"name": "Ann", field: "mallory@else.test"})
	}
	if status, _, _ := tried(d, "198.51.100.1", apptest.Ann, apptest.Right); status != 200 {
		t.Errorf("her password: %d", status)
	}
	// Changing it ends the stolen one.
	d.OK(again[0].Value, "auth.changePassword", m{"currentPassword": apptest.Right, "newPassword": "ann's new horse"})
	d.Refused("unauthenticated", stolen, "users.me", m{})
	d.OK(again[0].Value, "users.me", m{})
}

// S-33: somebody is whom they are exactly: no beginning of a name, no look-alike, no letter that only folds to one.
func TestNamesAreComparedExactly(t *testing.T) {
	d := apptest.Behind(t)
	n := 0
	sign := func(email string) int {
		n++
		status, _, _ := tried(d, "10.1."+apptest.JSON(n)+".1", email, apptest.Right)
		return status
	}
	for _, email := range []string{"ann@shop.test", "ANN@SHOP.TEST", " ann@shop.test\t"} {
		if status := sign(email); status != 200 {
			t.Errorf("%q: %d", email, status)
		}
	}
	for _, email := range []string{"ann@shop.test\x00", "ann\x00@shop.test", "ann@shop.tes", "ann@shop.test2", "xann@shop.test", "nn@shop.test", "\u0430nn@shop.test", "ann@shop.test.", "ann@shop\u3002test", "\uff41nn@shop.test", "ann@shop.te\u017ft", "ann@shop.test' OR '1'='1", "%", "ann@shop._est", "ann@shop.test\u200b"} {
		if status := sign(email); status == 200 {
			t.Errorf("%q signs in", email)
		}
	}
	tried(d, "10.2.0.1", "x@y.zz", "x")
	_, token := d.Invited(d.Owner, "kim@shop.test", "agent")
	joins(d, token)
	_, other := d.Invited(d.Owner, "\u212aim@shop.test", "agent") // the sign of the kelvin folds to k
	if offer := d.OK("", "invitations.get", m{"token": other}); offer["userExists"] != false {
		t.Errorf("it is taken for kim's: %v", offer)
	}
	// Visitors whose names begin alike are others.
	for _, id := range []string{"bob", "bob2", "Bob", "bob ", "b\u03bfb"} {
		v := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "user": m{"userId": id}})
		if list := d.OK(v["sessionToken"].(string), "conversations.listForVisitor", m{})["items"].([]any); len(list) != 0 {
			t.Errorf("%q finds %v", id, list)
		}
		d.Say(v["sessionToken"].(string), "I am "+id)
	}
}

// S-35: who somebody is and where they come from is in no header that anybody can send; only a proxy that the owner
// named is believed, and of it only the nearest address that is not a proxy's.
func TestHeadersAreBelievedOfProxiesAlone(t *testing.T) {
	all := http.Header{}
	for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP", "Forwarded", "X-Original-Forwarded-For"} {
		all.Set(name, "203.0.113.9")
	}
	all.Set("Forwarded", "for=203.0.113.9")
	for _, name := range []string{"X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Auth-Request-Email", "X-Webauth-User"} {
		all.Set(name, apptest.Ann)
	}
	seen := func(d *apptest.Desk, h http.Header) string {
		status, out := d.Raw("", "auth.signIn", []byte(`{"email":"ann@shop.test","password":"correct horse","token":true}`), h)
		if status != 200 {
			t.Fatalf("%d %v", status, out)
		}
		token := out["token"].(string)
		for _, v := range d.OK(token, "sessions.list", m{})["items"].([]any) {
			if v.(m)["current"] == true {
				return v.(m)["ip"].(string)
			}
		}
		return ""
	}
	d := apptest.New(t)
	if status, _ := d.Raw("", "users.me", []byte(`{}`), all); status != 401 {
		t.Errorf("a header signs in: %d", status)
	}
	if ip := seen(d, all); ip != "127.0.0.1" {
		t.Errorf("a stranger's header makes them come from %q", ip)
	}
	var log apptest.Logged
	d = apptest.With(t, app.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	seen(d, all)
	seen(d, all)
	if n := strings.Count(log.String(), "--trusted-proxies"); n != 1 {
		t.Errorf("the owner is told %d times that the proxy is not named, want once", n)
	}
	d = apptest.With(t, app.Options{Log: slog.New(slog.NewTextHandler(&log, nil)), Proxies: []string{"127.0.0.0/8", "10.0.0.0/8"}})
	if status, _ := d.Raw("", "users.me", []byte(`{}`), all); status != 401 {
		t.Errorf("a header signs in by a proxy: %d", status)
	}
	for said, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "1.2.3.4, 203.0.113.9": "203.0.113.9", "1.2.3.4, 203.0.113.9, 10.0.0.7": "203.0.113.9", "1.2.3.4,203.0.113.9 , 10.1.1.1": "203.0.113.9", "unknown": "127.0.0.1", "1.2.3.4, unknown": "127.0.0.1",
		"203.0.113.9:1234": "127.0.0.1", "": "127.0.0.1", "10.0.0.5": "10.0.0.5", "2001:db8::7": "2001:db8::7", "::ffff:203.0.113.9": "203.0.113.9", "fe80::1%eth0": "fe80::1%eth0", "<script>": "127.0.0.1", strings.Repeat("1.2.3.4, ", 500) + "203.0.113.9": "203.0.113.9",
	} {
		if ip := seen(d, http.Header{"X-Forwarded-For": {said}}); ip != want {
			t.Errorf("of %.60q the address is %q, want %q", said, ip, want)
		}
	}
	if ip := seen(d, http.Header{"X-Real-Ip": {"203.0.113.9"}, "Cf-Connecting-Ip": {"203.0.113.9"}, "Forwarded": {"for=203.0.113.9"}}); ip != "127.0.0.1" {
		t.Errorf("another header is believed: %q", ip)
	}
	if ip := seen(d, http.Header{"X-Forwarded-For": {"1.2.3.4", "203.0.113.9"}}); ip != "203.0.113.9" {
		t.Errorf("two headers: %q", ip)
	}
	if n := strings.Count(log.String(), "--trusted-proxies"); n != 1 {
		t.Errorf("it is said of a proxy that is named")
	}
}
