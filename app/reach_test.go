package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

// twin is another workspace beside a desk's, with its owner and a conversation of its own.
type twin struct{ owner, workspace, visitor, conversation string }

func twinned(d *apptest.Desk, said string) (w twin) {
	d.T.Helper()
	w.owner = d.Stranger()
	w.workspace = d.OK(w.owner, "users.me", m{})["memberships"].([]any)[0].(m)["workspaceId"].(string)
	w.visitor = d.OK("", "widgetSessions.boot", m{"workspaceId": w.workspace, "sessionId": ("clara" + strings.Repeat("x", 43))[:43], "user": m{"name": "Thea Theirs", "email": "thea@theirs.test"}})["sessionToken"].(string)
	w.conversation = d.Say(w.visitor, said)
	return w
}

// S-02, S-15: what a visitor says of themselves when they begin to write makes nobody else theirs: no contact of another
// workspace, no address of another person, nothing that is not asked for.
func TestBeginningAConversationBindsNobodyElse(t *testing.T) {
	d := apptest.New(t)
	w := twinned(d, "Hello there")
	v := d.Visitor("clara")
	victim := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "user": m{"email": "victim@customer.test", "name": "Vic", "userId": "vic-1"}})
	before := apptest.JSON(timeless(d.OK(d.Owner, "visitors.get", m{"visitorId": victim["visitor"].(m)["id"]})))
	foreign := d.OK(w.owner, "visitors.list", m{})["items"].([]any)[0].(m)["id"]
	for field, value := range map[string]any{"visitorId": foreign, "visitor": m{"id": foreign}, "customerId": foreign, "email": "victim@customer.test", "to": []string{"victim@customer.test"}, "workspaceId": w.workspace, "assigneeId": d.User().String(), "conversationId": w.conversation, "status": "closed", "tags": []string{"vip"}, "links": []m{{"conversationId": w.conversation}}, "kind": "note", "internal": true, "senderType": "agent", "verified": true} {
		d.Refused("invalid", v, "conversations.start", m{"content": "Hi", field: value})
	}
	if list := d.OK(d.Owner, "conversations.listForInbox", m{})["items"].([]any); len(list) != 0 {
		t.Errorf("something began: %v", list)
	}
	c := d.Say(v, "Hi")
	for _, in := range []m{{"visitorId": foreign}, {"id": victim["visitor"].(m)["id"]}, {"verified": true}, {"workspaceId": w.workspace}, {"readableId": "x"}, {"customAttributes": m{"a": m{"b": 1}}}} {
		d.Refused("invalid", v, "visitors.identify", in)
	}
	d.OK(v, "visitors.identify", m{"email": "victim@customer.test", "name": "Vic", "userId": "vic-1"})
	if after := apptest.JSON(timeless(d.OK(d.Owner, "visitors.get", m{"visitorId": victim["visitor"].(m)["id"]}))); after != before {
		t.Errorf("the victim was %s and is %s", before, after)
	}
	if list := d.OK(victim["sessionToken"].(string), "conversations.listForVisitor", m{})["items"].([]any); len(list) != 0 {
		t.Errorf("the victim sees %v", list)
	}
	d.Refused("not_found", victim["sessionToken"].(string), "messages.list", m{"conversationId": c})
	// The team cannot give a conversation to somebody else's people or name things of another workspace in it.
	eve := d.OK(w.owner, "users.me", m{})["user"].(m)["id"]
	tag := d.OK(w.owner, "tags.create", m{"name": "theirs"})["id"]
	d.Refused("invalid", d.Owner, "conversations.assign", m{"conversationId": c, "assigneeId": eve})
	d.Refused("not_found", d.Owner, "conversations.addTag", m{"conversationId": c, "tagId": tag})
	d.Refused("not_found", d.Owner, "conversations.merge", m{"conversationId": c, "intoConversationId": w.conversation})
	d.Refused("not_found", d.Owner, "conversations.merge", m{"conversationId": w.conversation, "intoConversationId": c})
	shelf := d.OK(w.owner, "collections.create", m{"name": "Theirs"})["id"]
	for _, in := range []m{{"title": "x", "collectionId": shelf}, {"title": "x", "collectionId": "0SAZPVHNMQ3QW"}} {
		if status, out := d.Call(d.Owner, "articles.create", in); status != 404 && status != 422 {
			t.Errorf("an article on their shelf: %d %v", status, out)
		}
	}
	for _, parent := range []any{shelf, "0SAZPVHNMQ3QW"} {
		d.Refused("invalid", d.Owner, "collections.create", m{"name": "x", "parentId": parent})
	}
	got := d.OK(d.Owner, "conversations.get", m{"conversationId": c})
	if got["assignee"] != nil || len(got["tags"].([]any)) != 0 {
		t.Errorf("the conversation is %v", got)
	}
	if status, out := d.Call(w.owner, "conversations.get", m{"conversationId": w.conversation}); status != 200 || out["mergedInto"] != nil {
		t.Errorf("theirs is %d %v", status, out)
	}
}

// S-04: nothing that searches, counts, completes or sums up finds what is another workspace's, whatever it is called by.
func TestSearchesFindNothingOfAnotherWorkspace(t *testing.T) {
	d := apptest.New(t)
	w := twinned(d, "The zirconium lamp is broken, says thea@theirs.test")
	article := d.OK(w.owner, "articles.create", m{"title": "Zirconium lamps", "content": "Zirconium is a metal."})["id"].(string)
	d.OK(w.owner, "articles.publish", m{"articleId": article})
	d.OK(w.owner, "savedReplies.create", m{"shared": true, "name": "Zirconium", "content": "zirconium"})
	mine := d.Say(d.Visitor("clara"), "Hello")
	them := d.OK(w.owner, "visitors.list", m{})["items"].([]any)[0].(m)
	found := func(token, door string, in m) string {
		status, out := d.Call(token, door, in)
		if status == 404 || status == 422 {
			return ""
		}
		if status != 200 {
			t.Errorf("%s: %d %v", door, status, out)
		}
		return apptest.JSON(out)
	}
	d.Until("the words are indexed", func() bool {
		return strings.Contains(found(w.owner, "conversations.search", m{"q": "zirconium"}), w.conversation)
	})
	words := []string{"zirconium", "thea@theirs.test", "thea", "Theirs", w.conversation, them["readableId"].(string), them["id"].(string), article, w.workspace, "zirc", `"zirconium lamp"`, "zirconium OR hello*", "w" + w.workspace + " zirconium", "%", "*"}
	asked := map[string]func(q string) m{
		"conversations.search": func(q string) m { return m{"q": q} }, "conversations.listForInbox": func(q string) m { return m{"q": q} }, "visitors.list": func(q string) m { return m{"q": q} }, "articles.search": func(q string) m { return m{"q": q} },
		"articles.list": func(q string) m { return m{"q": q} }, "copilot.find": func(q string) m { return m{"conversationId": mine, "q": q} }, "copilot.suggest": func(string) m { return m{"conversationId": mine} },
		"helpCenter.search": func(q string) m { return m{"workspaceId": d.Workspace, "q": q} }, "aiAgent.ask": func(q string) m { return m{"question": q} },
	}
	secrets := []string{"irconium", "hea@theirs", "Thea", w.conversation, them["readableId"].(string), article}
	tried := 0
	for door, in := range asked {
		for _, q := range words {
			text := found(d.Owner, door, in(q))
			tried++
			for _, s := range secrets {
				if strings.Contains(text, s) && !strings.Contains(q, s) {
					t.Errorf("%s %q finds %s: %s", door, q, s, text)
				}
			}
			if door != "aiAgent.ask" && strings.Contains(text, w.conversation) {
				t.Errorf("%s %q finds the conversation", door, q)
			}
		}
	}
	for door, in := range map[string]m{"conversations.counts": {}, "conversations.unreadForMe": {}, "aiAgent.getReport": {}, "aiAgent.getSummary": {}, "aiAgent.listUnanswered": {}, "articles.listTags": {}, "tags.list": {}, "savedReplies.list": {}, "collections.list": {}, "conversations.listForInbox": {}, "visitors.list": {}} {
		for _, s := range secrets {
			if text := found(d.Owner, door, in); strings.Contains(text, s) {
				t.Errorf("%s tells of %s: %s", door, s, text)
			}
		}
	}
	if counts := d.OK(d.Owner, "conversations.counts", m{}); counts["all"] != 1.0 {
		t.Errorf("counted: %v", counts)
	}
	// Filters that name their things find nothing either.
	tag := d.OK(w.owner, "tags.create", m{"name": "theirs"})["id"]
	for _, in := range []m{{"tag": tag}, {"assignee": d.OK(w.owner, "users.me", m{})["user"].(m)["id"]}} {
		if text := found(d.Owner, "conversations.listForInbox", in); strings.Contains(text, w.conversation) {
			t.Errorf("by %v: %s", in, text)
		}
	}
	if text := found(d.Owner, "conversations.listForVisitor", m{"visitorId": them["id"]}); strings.Contains(text, w.conversation) {
		t.Errorf("by their visitor: %s", text)
	}
	if text := found(d.Owner, "messages.list", m{"conversationId": mine, "before": w.conversation}); strings.Contains(text, "irconium") {
		t.Errorf("before theirs: %s", text)
	}
	if zip := string(d.Exported()); strings.Contains(zip, "irconium") {
		t.Error("the export holds theirs")
	}
	if tried < 100 {
		t.Errorf("only %d searches", tried)
	}
}

// S-18: a name that begins like another is another: addresses of help centers, sites, sources of imports, ids.
func TestWhatBeginsAlikeIsNotTheSame(t *testing.T) {
	d := apptest.New(t)
	w := twinned(d, "Hello")
	d.OK(d.Owner, "helpCenter.updateSettings", m{"slug": "acme"})
	d.OK(w.owner, "helpCenter.updateSettings", m{"slug": "acme2"})
	d.Wrote("Ours", "Of acme.", nil)
	theirs := d.OK(w.owner, "articles.create", m{"title": "Theirs", "content": "Of acme2."})["id"]
	d.OK(w.owner, "articles.publish", m{"articleId": theirs})
	for path, want := range map[string]int{"/help/acme/a/ours": 200, "/help/acme2/a/theirs": 200, "/help/acme/a/theirs": 404, "/help/acme2/a/ours": 404, "/help/acm/": 404, "/help/acme22/": 404, "/help/acme/a/our": 404, "/help/acme/a/ours2": 404, "/help/acme%32/a/theirs": 200, "/help/acme/2/a/theirs": 404} {
		if status, _ := d.Answered("", "GET", path, nil); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	// A folder that came in from "docs" is not touched by one from "docs-2" or "doc", nor do they take each other's.
	sync := func(source string, files map[string]string) m {
		status, out := d.Sync(d.Owner, apptest.Zipped(t, files), "&source="+source)
		if status != 200 {
			t.Fatalf("%s: %d %v", source, status, out)
		}
		return out
	}
	sync("docs", map[string]string{"one.md": "# One", "two.md": "# Two"})
	for _, source := range []string{"docs-2", "doc", "docs-one"} {
		if out := sync(source, map[string]string{"own-" + source + ".md": "# Own " + source}); len(out["deleted"].([]any)) != 0 || len(out["updated"].([]any)) != 0 {
			t.Errorf("%s changed another source's: %v", source, out)
		}
	}
	if out := sync("docs", map[string]string{"one.md": "# One"}); len(out["deleted"].([]any)) != 1 || out["unchanged"] != 1.0 {
		t.Errorf("docs without two: %v", out)
	}
	file := d.File(d.Owner, "a.txt", []byte("Hello"))
	at := strings.TrimPrefix(file["url"].(string), d.URL)
	path, query, _ := strings.Cut(at, "?")
	for _, p := range []string{path[:len(path)-1], path + "0", path + "/", path + "/x", path + "%00", "/files/" + strings.ToLower(strings.TrimPrefix(path, "/files/")) + "x"} {
		if status, _ := d.Answered("", "GET", p+"?"+query, nil); status != 404 {
			t.Errorf("%s: %d", p, status)
		}
	}
}

// S-50: nobody becomes somebody by saying so: not by an address, an id, a proof that is none, or a proof of another
// kind. They are told nothing of the other, and the other's history stays theirs. S-51: nor does the same name in two
// workspaces, in whatever order they are asked, make one person.
func TestSayingWhoOneIsOpensNothing(t *testing.T) {
	d := apptest.New(t)
	w := twinned(d, "Of the other workspace")
	who := m{"email": "victim@customer.test", "userId": "7", "name": "Vic"}
	victim := d.OK("", "widgetSessions.boot", m{"workspaceId": d.Workspace, "sessionId": ("victim" + strings.Repeat("x", 43))[:43], "user": who})
	secret := d.Say(victim["sessionToken"].(string), "the number of my card")
	proofs := []m{{}, {"userHash": ""}, {"userHash": strings.Repeat("0", 64)}, {"userHash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, {"userHash": strings.Repeat("AB", 32)}, {"userHash": "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"}, {"userJwt": "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3IiwiZW1haWwiOiJ2aWN0aW1AY3VzdG9tZXIudGVzdCJ9."}, {"userJwt": "x"}}
	for i, proof := range proofs {
		user := m{}
		for k, v := range who {
			user[k] = v
		}
		for k, v := range proof {
			user[k] = v
		}
		for _, space := range []string{w.workspace, d.Workspace} {
			status, out := d.Call("", "widgetSessions.boot", m{"workspaceId": space, "sessionId": (fmt.Sprint("mallory", i, space) + strings.Repeat("x", 43))[:43], "user": user})
			if status >= 400 && status < 500 {
				continue // a proof that is none may be refused
			}
			if status != 200 {
				t.Fatalf("%v: %d %v", proof, status, out)
			}
			v := out["visitor"].(m)
			if v["id"] == victim["visitor"].(m)["id"] || v["verified"] != false {
				t.Errorf("with %v one is %v", proof, v)
			}
			token := out["sessionToken"].(string)
			if list := d.OK(token, "conversations.listForVisitor", m{})["items"].([]any); len(list) != 0 {
				t.Errorf("with %v one sees %v", proof, list)
			}
			for _, door := range []string{"messages.list", "conversations.get", "conversations.markAsRead", "messages.typing", "aiAgent.handoffToHuman", "conversations.presence"} {
				d.Refused("not_found", token, door, m{"conversationId": secret})
			}
			d.Refused("not_found", token, "messages.send", m{"conversationId": secret, "content": "I am Vic"})
			if status, out := d.Call(token, "visitors.identify", user); status == 200 && out["verified"] != false {
				t.Errorf("identified with %v: %v", proof, out)
			}
			if list := d.OK(token, "conversations.listForVisitor", m{})["items"].([]any); len(list) != 0 {
				t.Errorf("identified with %v one sees %v", proof, list)
			}
		}
	}
	for _, v := range d.OK(d.Owner, "visitors.list", m{"limit": 100})["items"].([]any) {
		if v.(m)["verified"] != false {
			t.Errorf("the team is told that this is certain: %v", v)
		}
	}
	// The client's secret finds them again, in their workspace alone.
	if list := d.OK(d.Visitor("victim"), "conversations.listForVisitor", m{})["items"].([]any); len(list) != 1 {
		t.Errorf("the victim sees %v", list)
	}
	other := d.OK("", "widgetSessions.boot", m{"workspaceId": w.workspace, "sessionId": ("victim" + strings.Repeat("x", 43))[:43], "user": who})
	if list := d.OK(other["sessionToken"].(string), "conversations.listForVisitor", m{})["items"].([]any); len(list) != 0 {
		t.Errorf("in the other workspace: %v", list)
	}
}

// S-11: what helps the team to write never opens another workspace's conversation, and no model hears of it.
func TestNoModelHearsOfAForeignConversation(t *testing.T) {
	d, model := apptest.WithModel(t)
	heard := make(chan string, 1000)
	model.Script(func(body string) llmtest.Reply { heard <- body; return llmtest.Reply{Text: "A summary."} })
	c := d.Say(d.Visitor("clara"), "the number of my card is 7731")
	d.OK(d.Owner, "messages.send", m{"conversationId": c, "content": "Thank you."})
	w := twinned(d, "Hello")
	asked := 0
	for _, e := range d.App.Doors.Entries() {
		in := d.Valid(e.Name)
		if _, named := in["conversationId"]; !named || !strings.HasPrefix(e.Name, "copilot.") && !strings.HasPrefix(e.Name, "aiAgent.") {
			continue
		}
		in["conversationId"] = c
		for _, space := range []string{"", w.workspace, d.Workspace} {
			if in["workspaceId"] = space; space == "" {
				delete(in, "workspaceId")
			}
			if e.Need.ForStaff() {
				asked++
				d.Refused("not_found", w.owner, e.Name, in)
			}
		}
		if e.Need.ForVisitors() {
			delete(in, "workspaceId")
			d.Refused("not_found", w.visitor, e.Name, in)
		}
	}
	if asked < 15 {
		t.Errorf("only %d doors were tried", asked)
	}
	select {
	case body := <-heard:
		t.Errorf("a model was asked: %.300s", body)
	default:
	}
	d.OK(d.Owner, "copilot.summarize", m{"conversationId": c}) // the team's own it does hear
	if len(heard) != 1 {
		t.Errorf("%d requests for the team's own", len(heard))
	}
}

// S-99: no address leads out of what is embedded, on any page or file.
func TestNoAddressLeadsOutside(t *testing.T) {
	d := apptest.New(t)
	d.Wrote("Bulbs", "x", nil)
	roots := []string{"/app/", "/app/assets/", "/widget/", "/widget/assets/", "/files/", "/help/", "/help/-/", "/help/-/asset/", "/help/shop/", "/help/shop/a/", "/help/shop/c/", "/api/", "/"}
	ways := []string{"../../secret.key", "..%2f..%2fsecret.key", "%2e%2e/%2e%2e/secret.key", "..%5c..%5csecret.key", "....//....//secret.key", "..;/secret.key", "%00", "a%00.js", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/etc/passwd", "//etc/passwd", "\\..\\secret.key", "%c0%ae%c0%ae/secret.key", "..%252f..%252fsecret.key", "deskbell.db", "index.html/../../secret.key", "CON", ".gitkeep", "assets/", "%", "%zz"}
	tried := 0
	for _, root := range roots {
		for _, way := range ways {
			status, head, body := d.Untouched("GET " + root + way + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
			tried++
			page := status == 200 && (strings.HasPrefix(root, "/app") || root == "/") // the dashboard answers all its addresses with its one page
			moved := status/100 == 3 && strings.HasPrefix(head.Get("Location"), "/") && !strings.HasPrefix(head.Get("Location"), "//") && !strings.Contains(head.Get("Location"), `\`)
			if status >= 500 || status == 200 && !page || status/100 == 3 && !moved {
				t.Errorf("%s%s: %d %v %.200s", root, way, status, head, body)
			}
			if strings.Contains(body, "root:x:0") || strings.Contains(body, "SQLite format") {
				t.Errorf("%s%s gives a file of the machine", root, way)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d addresses", tried)
	}
}

// S-92: what a request says before its body is bounded, and so is how many words there are in a body or a query.
func TestHeadsOfRequestsAreBounded(t *testing.T) {
	d := apptest.New(t)
	many := func(n int, one string) string { return strings.Repeat(one, n) }
	for what, c := range map[string]struct {
		request string
		want    []int
	}{
		"a long address":   {"GET /?" + many(20000, "a=1&") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", []int{431, 414, 0}},
		"a large header":   {"GET / HTTP/1.1\r\nHost: x\r\nX: " + many(70000, "x") + "\r\nConnection: close\r\n\r\n", []int{431, 0}},
		"many headers":     {"GET / HTTP/1.1\r\nHost: x\r\n" + many(20000, "X: y\r\n") + "Connection: close\r\n\r\n", []int{431, 0}},
		"many cookies":     {"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + many(20000, "a=1; ") + "\r\nConnection: close\r\n\r\n", []int{431, 0}},
		"cookies that fit": {"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + many(4000, "a=1; ") + "\r\nConnection: close\r\n\r\n", []int{200}},
		"words that fit":   {"GET /api/helpCenter.get?workspaceId=" + d.Workspace + "&" + many(2000, "a=1&") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", []int{422}},
		"two lengths":      {"POST /api/setup.status HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{}x", []int{400}},
		"length and parts": {"POST /api/setup.status HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", []int{400, 422, 200}}, // the parts count, and the length is forgotten (RFC 9112, 6.3)
		"no host":          {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", []int{400}},
		"two hosts":        {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n", []int{400}},
		"a bare line feed": {"GET / HTTP/1.1\nHost: x\nX-A: b\rc\nConnection: close\n\n", []int{400, 200}},
	} {
		status, _, body := d.Untouched(c.request)
		fits := false
		for _, w := range c.want {
			fits = fits || w == status
		}
		if !fits {
			t.Errorf("%s: %d %.200s, want %v", what, status, body, c.want)
		}
	}
	var b strings.Builder
	b.WriteString(`{"workspaceId":` + apptest.JSON(d.Workspace))
	for i := range 60000 {
		fmt.Fprintf(&b, `,"a%d":1`, i)
	}
	if status, out := d.Raw(d.Owner, "conversations.listForInbox", []byte(b.String()+"}"), nil); status != http.StatusUnprocessableEntity || len(apptest.JSON(out)) > 10000 {
		t.Errorf("a body of 60,000 words: %d, and %d bytes of answer", status, len(apptest.JSON(out)))
	}
	if status, _ := d.Raw(d.Owner, "conversations.listForInbox", []byte(`{"workspaceId":`+apptest.JSON(d.Workspace)+`,"q":["`+many(1000, `x","`)+`"]}`), nil); status != 422 {
		t.Errorf("a list for a word: %d", status)
	}
	d.OK(d.Owner, "conversations.listForInbox", m{})
}
