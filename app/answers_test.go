package app_test

import (
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app"
	"deskbell/app/apptest"
	"deskbell/store"
)

// private is what a desk knows and must not tell, by who must not hear it.
type private struct {
	things  m
	clara   string // the visitor whose conversation it is
	visitor []string
	nobody  []string
}

// peopled fills a desk with everything that is somebody's own.
func peopled(d *apptest.Desk) (p private) {
	d.T.Helper()
	p.things = objects(d)
	c, tag := p.things["conversationId"], p.things["tagId"]
	paul := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": ("paul" + strings.Repeat("x", 43))[:43], "user": m{"name": "Paul Privat", "email": "paul@customer.test", "userId": "paul-7731", "customAttributes": m{"plan": "plan-7731"}}})
	d.Say(paul["sessionToken"].(string), "PAUL-7731 asks")
	d.OK(d.Owner, "conversations.addTag", m{"conversationId": c, "tagId": d.OK(d.Owner, "tags.create", m{"name": "TAG-7731"})["id"]})
	d.OK(d.Owner, "conversations.addTag", m{"conversationId": c, "tagId": tag})
	d.OK(d.Owner, "conversations.assign", m{"conversationId": c, "assigneeId": d.User().String()})
	d.OK(d.Owner, "conversations.setPriority", m{"conversationId": c, "priority": "urgent"})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "NOTE-7731", "internal": true})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "We look into it."})
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "LATER-7731", "sendAt": d.App.DB.Now().Add(time.Hour)})
	d.OK(d.Owner, "savedReplies.create", m{"shared": true, "name": "SAVED-7731", "content": "SAVED-7731"})
	d.Internal("INTERNAL-7731", "INTERNAL-7731 text")
	d.OK(d.Owner, "articles.create", m{"title": "DRAFT-7731", "content": "DRAFT-7731 text"})
	p.clara = d.Visitor("clara")
	p.nobody = []string{"PAUL-7731", "paul@customer.test", "Paul Privat", "paul-7731", "plan-7731", "TAG-7731", "NOTE-7731", "LATER-7731", "SAVED-7731", "INTERNAL-7731", "DRAFT-7731", "ann@shop.test", "Berg", "admin@shop.test", "new@shop.test", "vip", "urgent", "settings.billing"}
	p.visitor = p.nobody
	return p
}

// args are what a view takes, naming real things.
func (p private) args(d *apptest.Desk, e string, fields []string) m {
	in := d.Valid(e)
	for _, f := range fields {
		in[f] = p.things[f]
	}
	return in
}

// secretNames are fields that hold something to sign in or to compute with.
var secretNames = regexp.MustCompile(`(?i)^(.*(hash|secret|password|salt|otp|passwd).*|.*token|apiKey|key)$`)

// harmless are fields with such a name that hold no secret.
var harmless = map[string]bool{
	"aiAgent.listRuns promptHash": true, "aiAgent.getConversationResponses promptHash": true, // of our own instructions
}

// eachField walks the fields of an answer.
func eachField(v any, visit func(name string, v any)) {
	switch v := v.(type) {
	case m:
		for k, x := range v {
			visit(k, x)
			eachField(x, visit)
		}
	case []any:
		for _, x := range v {
			eachField(x, visit)
		}
	}
}

var secretValues = regexp.MustCompile(`\$argon2|dbs_|dbk_|wst_|BEGIN |xxxxxxxx`)

// S-12, S-13: what every view answers to everybody who may ask holds nothing that signs in, and to those outside the
// team nothing of the team's own or of another visitor; and a socket tells each of them what HTTP tells, no more.
func TestAnswersHoldNothingThatIsNotTheReaders(t *testing.T) {
	d := apptest.New(t)
	p := peopled(d)
	tokens := map[string]string{"nobody": "", "visitor": p.clara, "owner": d.Owner, "stranger": d.Stranger()}
	tokens["admin"] = d.Signed(func() store.ID { _, u := d.Colleague("admin"); return u }())
	for _, role := range []string{"agent", "viewer"} {
		tokens[role] = d.Member(role)
	}
	asked, same := 0, 0
	for _, who := range slices.Sorted(maps.Keys(tokens)) {
		token := tokens[who]
		var ws *websocket.Conn
		if token != "" {
			ws = d.Socket(token)
		}
		for id, e := range d.App.Doors.Entries() {
			if !e.View {
				continue
			}
			in := p.args(d, e.Name, fields(e.In))
			if e.Need.ForStaff() && who != "visitor" || e.Need.Public() {
				in["workspaceId"] = d.Workspace
			}
			if !e.Need.ForStaff() && !hasWorkspace(e.In) {
				delete(in, "workspaceId")
			}
			if e.Name == "conversations.listForVisitor" && who != "visitor" {
				in["visitorId"] = p.things["visitorId"]
			}
			status, out := d.Call(token, e.Name, in)
			if status == 422 && e.Name != "invitations.get" {
				t.Fatalf("%s as %s: %v", e.Name, who, out)
			}
			asked++
			text := apptest.JSON(out)
			if found := secretValues.FindString(text); found != "" {
				t.Errorf("%s tells %s of %q: %s", e.Name, who, found, text)
			}
			eachField(out, func(name string, v any) {
				if secretNames.MatchString(name) && !harmless[e.Name+" "+name] && v != false {
					t.Errorf("%s tells %s a %s: %v", e.Name, who, name, v)
				}
			})
			if who == "visitor" || who == "nobody" || who == "stranger" {
				for _, secret := range p.visitor {
					mine := who == "stranger" && (e.Name == "users.me" || e.Name == "sessions.list")
					if strings.Contains(text, secret) && !mine {
						t.Errorf("%s tells a %s of %s: %s", e.Name, who, secret, text)
					}
				}
			}
			if who == "nobody" {
				continue
			}
			ws.WriteJSON(m{"id": id + 1, "view": e.Name, "args": in})
			a := d.Hear(ws, func(a m) bool { return a["id"] == float64(id+1) })
			ws.WriteJSON(m{"id": id + 1})
			switch value, is := a["value"].(m); {
			case is != (status == 200):
				t.Errorf("%s as %s: %d by HTTP, and on the socket %v", e.Name, who, status, a)
			case is && !reflect.DeepEqual(timeless(value), timeless(out)):
				t.Errorf("%s as %s:\nby HTTP       %s\non the socket %s", e.Name, who, text, apptest.JSON(value))
			case is:
				same++
			}
		}
	}
	if asked < 250 || same < 150 {
		t.Errorf("%d answers were read, %d compared", asked, same)
	}
}

func hasWorkspace(in reflect.Type) bool {
	_, has := in.FieldByName("WorkspaceID")
	return has
}

// timeless leaves out what changes by itself from one moment to the next: when somebody was last seen, and whether a
// socket of theirs is open.
func timeless(v any) any {
	switch v := v.(type) {
	case m:
		out := m{}
		for k, x := range v {
			if k != "lastSeenAt" && k != "online" && k != "lastUsedAt" && k != "lastBackupAt" {
				out[k] = timeless(x)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = timeless(x)
		}
		return out
	}
	return v
}

// S-13: whatever the team does to a conversation, its visitor's open views hear of what is the visitor's alone.
func TestAVisitorsFramesHoldNothingOfTheTeam(t *testing.T) {
	d := apptest.New(t)
	p := peopled(d)
	c := p.things["conversationId"]
	ws := d.Socket(p.clara)
	id := 0
	for _, e := range d.App.Doors.Entries() {
		if e.View && (e.Need.ForVisitors() || e.Need.Public()) && e.Name != "invitations.get" {
			id++
			in := p.args(d, e.Name, fields(e.In))
			if e.Need.Public() && hasWorkspace(e.In) {
				in["workspaceId"] = d.Workspace
			}
			ws.WriteJSON(m{"id": id, "view": e.Name, "args": in, "patch": id%2 == 0})
		}
	}
	ws.WriteJSON(m{"id": 90, "view": "messages.list", "args": m{"conversationId": c}, "patch": true})
	ws.WriteJSON(m{"id": 91, "view": "messages.list", "args": m{"conversationId": c}})
	var frames []string
	record := func(a m) bool { frames = append(frames, apptest.JSON(a)); return false }
	hear := func(fits func(m) bool) { d.Hear(ws, func(a m) bool { record(a); return fits(a) }) }
	hear(func(a m) bool { return a["id"] == 91.0 && a["value"] != nil })
	me := d.User().String()
	for _, step := range []struct {
		door string
		in   m
	}{
		{"messages.send", m{"conversationId": c, "content": "NOTE-7731 again", "internal": true}}, {"conversations.setPriority", m{"conversationId": c, "priority": "high"}},
		{"conversations.snooze", m{"conversationId": c, "until": d.App.DB.Now().Add(time.Hour)}}, {"conversations.setStatus", m{"conversationId": c, "status": "open"}},
		{"conversations.assign", m{"conversationId": c, "assigneeId": nil}}, {"conversations.assign", m{"conversationId": c, "assigneeId": me}}, {"conversations.removeTag", m{"conversationId": c, "tagId": p.things["tagId"]}},
		{"conversations.look", m{"conversationId": c}}, {"messages.typing", m{"conversationId": c}}, {"savedReplies.create", m{"shared": true, "name": "SAVED-7731 two", "content": "SAVED-7731"}},
		{"messages.send", m{"conversationId": c, "content": "LATER-7731 two", "sendAt": d.App.DB.Now().Add(2 * time.Hour)}}, {"visitors.update", m{"visitorId": p.things["visitorId"], "customAttributes": m{"plan": "plan-7731"}}},
		{"messages.send", m{"conversationId": c, "content": "The end of it."}},
	} {
		d.OK(d.Owner, step.door, step.in)
	}
	hear(func(a m) bool { return a["id"] == 90.0 && strings.Contains(apptest.JSON(a), "The end of it.") })
	ws.WriteJSON(m{"fence": d.App.DB.Seq()})
	hear(func(a m) bool { return a["fence"] != nil })
	all := strings.Join(frames, "\n")
	for _, secret := range append(p.visitor, `"high"`, `"snoozed"`, "dbs_", "$argon2") {
		if i := strings.Index(all, secret); i >= 0 {
			t.Errorf("a frame tells of %s: …%s…", secret, all[max(0, i-200):min(len(all), i+100)])
		}
	}
	if strings.Contains(all, `"kind":"note"`) || strings.Contains(all, `"kind":"event"`) {
		t.Error("a frame holds a note or an event")
	}
	if len(frames) < 10 {
		t.Errorf("only %d frames were heard", len(frames))
	}
}

// S-17: what signs somebody in stands in no address, no page and no log, even where everything is logged and much
// fails. S-63: nor can a stranger write lines into the log.
func TestSecretsStandInNoLogPageOrAddress(t *testing.T) {
	var log apptest.Logged
	d := apptest.With(t, app.Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	p := peopled(d)
	_, invite := d.Invited(d.Owner, "log@shop.test", "agent")
	_, key := d.Key(d.Owner, "users.read")
	d.Refused("not_found", "", "invitations.get", m{"token": invite + "x"})
	d.OK("", "invitations.get", m{"token": invite})
	d.Refused("unauthenticated", "", "auth.signIn", m{"email": apptest.Ann, "password": "a wrong password"})
	d.Refused("unauthenticated", p.clara+"x", "conversations.listForVisitor", m{})
	ws := d.Socket(p.clara)
	ws.WriteJSON(m{"id": 1, "view": "conversations.listForVisitor", "args": m{}})
	d.Hear(ws, func(a m) bool { return a["id"] == 1.0 })
	link := d.OK(d.Owner, "helpCenter.updateSettings", m{"accessPolicy": "link"})["link"].(string)
	_, linkKey, _ := strings.Cut(link, "key=")
	d.Answered("", "GET", link, nil)
	secrets := map[string]string{"a visitor's session": p.clara, "a session": d.Owner, "an invitation": invite, "a key": key, "a link's key": linkKey, "a password": apptest.Right, "a wrong password": "a wrong password", "a client's secret": ("clara" + strings.Repeat("x", 43))[:43]}
	evil := "\nlevel=ERROR msg=forged \x1b]0;owned\x07<script>"
	for _, path := range []string{"/", "/app", "/app/inbox", "/setup?token=" + invite, "/help/shop/", "/widget/messenger.html?workspace=" + d.Workspace, "/api/docs", "/api/openapi.json", "/healthz", "/metrics", "/.well-known/deskbell.json", "/app/invite?token=" + invite, "/nothing%0alevel=ERROR%20msg=forged%1b"} {
		status, body := d.Answered(d.Owner, "GET", path, http.Header{"Referer": {"https://shop.test/?t=" + p.clara}, "User-Agent": {strings.Map(apptest.Printable, evil)}, "Cookie": {"deskbell=" + d.Owner}})
		for what, secret := range secrets {
			if strings.Contains(body, secret) {
				t.Errorf("%s (%d) holds %s", path, status, what)
			}
		}
	}
	for _, view := range []string{"conversations.listForInbox", "visitors.list", "sessions.list", "apiKeys.list", "invitations.list"} {
		eachField(d.OK(d.Owner, view, m{}), func(name string, v any) {
			if s, _ := v.(string); strings.Contains(strings.ToLower(name), "url") {
				for what, secret := range secrets {
					if strings.Contains(s, secret) {
						t.Errorf("%s: %s holds %s", view, name, what)
					}
				}
			}
		})
	}
	text := log.String()
	if strings.Count(text, "msg=http") < 40 {
		t.Fatalf("the log holds too little: %d lines", strings.Count(text, "\n"))
	}
	for what, secret := range secrets {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s stands in the log: %.300s", what, text[max(0, i-200):])
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if !strings.HasPrefix(line, "time=") || strings.ContainsAny(line, "\x1b\r\x00") {
			t.Errorf("a line that somebody else wrote: %q", line)
		}
	}
	// What leaves the page takes no address with it but the origin.
	res, _ := d.Ask("", "GET", "/app/invite?token="+invite, nil)
	if policy := res.Header.Get("Referrer-Policy"); policy != "strict-origin-when-cross-origin" && policy != "no-referrer" && policy != "same-origin" {
		t.Errorf("the page of an invitation tells others its address: %q", policy)
	}
	var doc m
	if _, body := d.Answered("", "GET", "/api/openapi.json", nil); json.Unmarshal([]byte(body), &doc) != nil {
		t.Error("the API's description is no JSON")
	}
}
