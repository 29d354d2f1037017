package app_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/actor"
	"deskbell/app/may"
	"deskbell/store"
)

// asked opens a view on a socket and gives the code of its refusal, or "" for a value.
func (d *desk) asked(ws *websocket.Conn, id int, view string, args m) string {
	d.t.Helper()
	ws.WriteJSON(m{"id": id, "view": view, "args": args})
	a := d.hear(ws, func(a m) bool { return a["id"] == float64(id) })
	ws.WriteJSON(m{"id": id})
	if e, ok := a["error"].(m); ok {
		return e["code"].(string)
	}
	return ""
}

// holders are a token of each role, and who that is to the rules.
func (d *desk) holders() map[string]struct {
	token string
	who   actor.Actor
} {
	out := map[string]struct {
		token string
		who   actor.Actor
	}{"visitor": {d.visitor("clara"), actor.Actor{Kind: actor.Visitor, Workspace: 1, Visitor: 1}}}
	for _, role := range []string{"owner", "admin", "agent", "viewer"} {
		token := d.owner
		if role != "owner" {
			token = d.member(role)
		}
		out[role] = struct {
			token string
			who   actor.Actor
		}{token, actor.Actor{Kind: actor.Staff, Workspace: 1, Role: role, Permissions: may.Effective(role, nil)}}
	}
	return out
}

// The socket holds every view against the same rules as HTTP, for every role, and opens no verb at all.
func TestTheSocketRefusesWhomItMust(t *testing.T) {
	d := newDesk(t)
	roles := d.holders()
	stranger := d.socket(d.stranger())
	id := 0
	for name, h := range roles {
		ws := d.socket(h.token)
		for _, e := range d.app.Doors.Entries() {
			id++
			code := d.asked(ws, id, e.Name, d.valid(e.Name))
			switch allowed := e.Need.Allows(h.who); {
			case !e.View && code != "not_found":
				t.Errorf("verb %s on the socket as %s: %q, want not_found", e.Name, name, code)
			case e.View && !allowed && code != "forbidden":
				t.Errorf("%s as %s: %q, want forbidden", e.Name, name, code)
			case e.View && allowed && (code == "forbidden" || code == "unauthenticated"):
				t.Errorf("%s as %s: %q, though the rule lets them pass", e.Name, name, code)
			}
		}
	}
	for _, e := range d.app.Doors.Entries() {
		if !e.View || !e.Need.ForStaff() || e.Need.Public() {
			continue
		}
		id++
		args := d.valid(e.Name)
		args["workspaceId"] = d.workspace
		if code := d.asked(stranger, id, e.Name, args); code != "not_found" {
			t.Errorf("%s in a stranger's workspace: %q, want not_found", e.Name, code)
		}
	}
}

func TestASocketWithoutASessionIsClosed(t *testing.T) {
	d := newDesk(t)
	for what, first := range map[string]m{"no token": {"id": 1, "view": "users.me"}, "a wrong token": {"auth": "wst_nobody"}, "a made-up one": {"auth": "x"}} {
		ws, _, err := websocket.DefaultDialer.Dial("ws"+d.url[len("http"):]+"/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		ws.WriteJSON(first)
		if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
			t.Errorf("%s: %v, want 1008", what, err)
		}
		ws.Close()
	}
}

// objects are ids of real things of the desk's workspace, by the field that names them.
func (d *desk) objects() m {
	d.t.Helper()
	v := d.visitor("clara")
	c := d.say(v, "Hello")
	d.member("admin")
	d.ok(d.owner, "workspaceMembers.invite", m{"email": "new@shop.test", "role": "agent"})
	shelf := d.ok(d.owner, "collections.create", m{"name": "Orders"})["id"]
	article := d.ok(d.owner, "articles.create", m{"title": "Where is my order?", "content": "On its way.", "collectionId": shelf})["id"]
	d.ok(d.owner, "articles.publish", m{"articleId": article})
	_, brought := d.sync(d.owner, zipped(d.t, map[string]string{"returns.md": "# Returns"}), "")
	run := &store.AIRun{Question: 1, Asked: "Where is my order?", Candidate: "On its way.", Decision: "answered", Confidence: 0.7, Threshold: 0.6}
	space, err := store.ParseID(d.workspace)
	if err == nil {
		run.Conversation, err = store.ParseID(c)
	}
	if err == nil {
		_, err = d.app.DB.Write(d.t.Context(), space, func(tx *store.Tx) error { return tx.AI.AddRun(run, nil) })
	}
	if err != nil {
		d.t.Fatal(err)
	}
	first := func(view, token string) any {
		return d.ok(token, view, m{})["items"].([]any)[0].(m)["id"]
	}
	return m{
		"conversationId": c, "intoConversationId": c, "runId": run.ID.String(),
		"messageId": d.ok(d.owner, "messages.send", m{"conversationId": c, "content": "later", "sendAt": d.app.DB.Now().Add(time.Hour)})["id"], "tagId": d.ok(d.owner, "tags.create", m{"name": "vip"})["id"],
		"savedReplyId": d.ok(d.owner, "savedReplies.create", m{"shared": true, "name": "Hello", "content": "Hello {{visitor.name|there}}"})["id"],
		"collectionId": shelf, "articleId": article, "versionId": d.ok(d.owner, "articles.listVersions", m{"articleId": article})["items"].([]any)[0].(m)["id"],
		"keyId": d.ok(d.owner, "apiKeys.create", m{"name": "Shop", "scopes": []string{"users.read"}})["key"].(m)["id"], "importId": brought["importId"], "siteImportId": d.ok(d.owner, "helpCenter.fetchSite", d.valid("helpCenter.fetchSite"))["id"],
		"visitorId": first("visitors.list", d.owner), "memberId": first("workspaceMembers.list", d.owner),
		"invitationId": first("invitations.list", d.owner), "sessionId": first("sessions.list", d.owner),
	}
}

// fields lists the fields of a door's input that name an object.
func fields(in reflect.Type) (out []string) {
	if in.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(in) {
		name := f.Tag.Get("json")
		for i := range name {
			if name[i] == ',' {
				name = name[:i]
				break
			}
		}
		if f.Type == reflect.TypeFor[store.ID]() && len(f.Tag.Get("json")) == len(name) && name != "workspaceId" { // not the optional ones
			out = append(out, name)
		}
	}
	return out
}

// What belongs to somebody else is answered byte for byte like what does not exist: to a member of another workspace
// and to another visitor of the same one, over HTTP and on the socket, and nothing changes.
func TestForeignThingsLookMissing(t *testing.T) {
	d := newDesk(t)
	real := d.objects()
	stranger, mallory := d.stranger(), d.visitor("mallory")
	sockets := map[string]*websocket.Conn{stranger: d.socket(stranger), mallory: d.socket(mallory)}
	before := d.app.DB.Seq()
	id, tried := 0, 0
	for _, e := range d.app.Doors.Entries() {
		named := fields(e.In)
		if len(named) == 0 || e.Need.Public() {
			continue
		}
		foreign := d.valid(e.Name)
		for _, f := range named {
			v, known := real[f]
			if !known {
				t.Errorf("%s names a %s: objects() needs one", e.Name, f)
				continue
			}
			foreign[f] = v
		}
		for _, token := range []string{stranger, mallory} {
			if token == stranger && !e.Need.ForStaff() && e.Name != "sessions.revoke" || token == mallory && !e.Need.ForVisitors() {
				continue
			}
			tried++
			missing, gone := d.call(token, e.Name, d.valid(e.Name))
			status, out := d.call(token, e.Name, foreign)
			delete(gone, "requestId")
			delete(out, "requestId")
			if status != 404 || status != missing || jsonOf(out) != jsonOf(gone) {
				t.Errorf("%s on a foreign object: %d %v; on a missing one: %d %v", e.Name, status, out, missing, gone)
			}
			if id++; e.View {
				if code := d.asked(sockets[token], id, e.Name, foreign); code != "not_found" {
					t.Errorf("%s on a foreign object, on the socket: %q", e.Name, code)
				}
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d doors were tried", tried)
	}
	var sent int
	d.app.DB.Read(t.Context(), 0, func(tx *store.Tx) error { list, err := tx.Messages.Feed(0, 100); sent = len(list); return err })
	if sent != 1 {
		t.Errorf("%d messages after foreign requests (seq %d), want the 1 of before", sent, before)
	}
}
