package app_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/actor"
	"deskbell/app/apptest"
	"deskbell/app/may"
	"deskbell/store"
)

// asked opens a view on a socket and gives the code of its refusal, or "" for a value.
func asked(d *apptest.Desk, ws *websocket.Conn, id int, view string, args m) string {
	d.T.Helper()
	ws.WriteJSON(m{"id": id, "view": view, "args": args})
	a := d.Hear(ws, func(a m) bool { return a["id"] == float64(id) })
	ws.WriteJSON(m{"id": id})
	if e, ok := a["error"].(m); ok {
		return e["code"].(string)
	}
	return ""
}

// holders are a token of each role, and who that is to the rules.
func holders(d *apptest.Desk) map[string]struct {
	token string
	who   actor.Actor
} {
	out := map[string]struct {
		token string
		who   actor.Actor
	}{"visitor": {d.Visitor("clara"), actor.Actor{Kind: actor.Visitor, Workspace: 1, Visitor: 1}}}
	for _, role := range []string{"owner", "admin", "agent", "viewer"} {
		token := d.Owner
		if role != "owner" {
			token = d.Member(role)
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
	d := apptest.New(t)
	roles := holders(d)
	stranger := d.Socket(d.Stranger())
	id := 0
	for name, h := range roles {
		ws := d.Socket(h.token)
		for _, e := range d.App.Doors.Entries() {
			id++
			code := asked(d, ws, id, e.Name, d.Valid(e.Name))
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
	for _, e := range d.App.Doors.Entries() {
		if !e.View || !e.Need.ForStaff() || e.Need.Public() {
			continue
		}
		id++
		args := d.Valid(e.Name)
		args["workspaceId"] = d.Workspace
		if code := asked(d, stranger, id, e.Name, args); code != "not_found" {
			t.Errorf("%s in a stranger's workspace: %q, want not_found", e.Name, code)
		}
	}
}

func TestASocketWithoutASessionIsClosed(t *testing.T) {
	d := apptest.New(t)
	for what, first := range map[string]m{"no token": {"id": 1, "view": "users.me"}, "a wrong token": {"auth": "wst_nobody"}, "a made-up one": {"auth": "x"}} {
		ws, _, err := websocket.DefaultDialer.Dial("ws"+d.URL[len("http"):]+"/live", nil)
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
func objects(d *apptest.Desk) m {
	d.T.Helper()
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	d.Member("admin")
	d.OK(d.Owner, "workspaceMembers.invite", m{"email": "new@shop.test", "role": "agent"})
	shelf := d.OK(d.Owner, "collections.create", m{"name": "Orders"})["id"]
	article := d.OK(d.Owner, "articles.create", m{"title": "Where is my order?", "content": "On its way.", "collectionId": shelf})["id"]
	d.OK(d.Owner, "articles.publish", m{"articleId": article})
	_, brought := d.Sync(d.Owner, apptest.Zipped(d.T, map[string]string{"returns.md": "# Returns"}), "")
	run := &store.AIRun{Question: 1, Asked: "Where is my order?", Candidate: "On its way.", Decision: "answered", Confidence: 0.7, Threshold: 0.6}
	space, err := store.ParseID(d.Workspace)
	if err == nil {
		run.Conversation, err = store.ParseID(c)
	}
	if err == nil {
		_, err = d.App.DB.Write(d.T.Context(), space, func(tx *store.Tx) error { return tx.AI.AddRun(run, nil) })
	}
	if err != nil {
		d.T.Fatal(err)
	}
	first := func(view, token string) any {
		return d.OK(token, view, m{})["items"].([]any)[0].(m)["id"]
	}
	return m{
		"conversationId": c, "intoConversationId": c, "runId": run.ID.String(),
		"messageId": d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "later", "sendAt": d.App.DB.Now().Add(time.Hour)})["id"], "tagId": d.OK(d.Owner, "tags.create", m{"name": "vip"})["id"],
		"savedReplyId": d.OK(d.Owner, "savedReplies.create", m{"shared": true, "name": "Hello", "content": "Hello {{visitor.name|there}}"})["id"],
		"collectionId": shelf, "articleId": article, "versionId": d.OK(d.Owner, "articles.listVersions", m{"articleId": article})["items"].([]any)[0].(m)["id"],
		"keyId": d.OK(d.Owner, "apiKeys.create", m{"name": "Shop", "scopes": []string{"users.read"}})["key"].(m)["id"], "importId": brought["importId"], "siteImportId": d.OK(d.Owner, "helpCenter.fetchSite", d.Valid("helpCenter.fetchSite"))["id"],
		"visitorId": first("visitors.list", d.Owner), "memberId": first("workspaceMembers.list", d.Owner),
		"invitationId": first("invitations.list", d.Owner), "sessionId": first("sessions.list", d.Owner),
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
	d := apptest.New(t)
	real := objects(d)
	stranger, mallory := d.Stranger(), d.Visitor("mallory")
	sockets := map[string]*websocket.Conn{stranger: d.Socket(stranger), mallory: d.Socket(mallory)}
	before := d.App.DB.Seq()
	id, tried := 0, 0
	for _, e := range d.App.Doors.Entries() {
		named := fields(e.In)
		if len(named) == 0 || e.Need.Public() {
			continue
		}
		foreign := d.Valid(e.Name)
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
			missing, gone := d.Call(token, e.Name, d.Valid(e.Name))
			status, out := d.Call(token, e.Name, foreign)
			delete(gone, "requestId")
			delete(out, "requestId")
			if status != 404 || status != missing || apptest.JSON(out) != apptest.JSON(gone) {
				t.Errorf("%s on a foreign object: %d %v; on a missing one: %d %v", e.Name, status, out, missing, gone)
			}
			if id++; e.View {
				if code := asked(d, sockets[token], id, e.Name, foreign); code != "not_found" {
					t.Errorf("%s on a foreign object, on the socket: %q", e.Name, code)
				}
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d doors were tried", tried)
	}
	var sent int
	d.App.DB.Read(t.Context(), 0, func(tx *store.Tx) error { list, err := tx.Messages.Feed(0, 100); sent = len(list); return err })
	if sent != 1 {
		t.Errorf("%d messages after foreign requests (seq %d), want the 1 of before", sent, before)
	}
}
