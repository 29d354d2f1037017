package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

// side is one of two workspaces on the same server: all that it holds has its canary, a word that stands nowhere else.
type side struct {
	*apptest.Desk
	canary  string
	visitor string
	ids     m // of its things, by the field that names them
}

// fill gives a workspace one of everything that help center, AI agent, copilot and saved replies know.
func (s *side) fill(model string) {
	word := func(text string) string { return text + " " + s.canary }
	s.OK(s.Owner, "aiAgent.updateModel", m{"provider": "openai", "baseUrl": model + "/v1", "model": "model-" + s.canary})
	s.OK(s.Owner, "aiAgent.updateSettings", m{"enabled": true, "name": word("Bell"), "instructions": word("We sell lamps."), "guidance": []string{word("Be kind.")}, "topics": []string{s.canary}, "handoffNotice": word("Wait.")})
	s.OK(s.Owner, "copilot.updateSettings", m{"learnConversations": true})
	s.OK(s.Owner, "helpCenter.updateSettings", m{"title": word("Help"), "tagline": word("All about lamps"), "synonyms": []string{"lamp, light, " + s.canary}})
	shelf := s.OK(s.Owner, "collections.create", m{"name": word("Lamps"), "description": word("Of lamps")})["id"]
	article := s.OK(s.Owner, "articles.create", m{"title": word("Returning a lamp"), "content": word("You can return a lamp within 30 days."), "collectionId": shelf, "tags": []string{s.canary}})["id"]
	s.OK(s.Owner, "articles.publish", m{"articleId": article})
	s.OK(s.Owner, "articles.update", m{"articleId": article, "content": word("You can return a lamp within 31 days.")})
	s.OK(s.Owner, "articles.create", m{"title": word("A draft about lamps"), "content": word("Lamps.")})
	s.Internal(word("Lamps for the team"), word("The code for lamps is 7."))
	reply := s.OK(s.Owner, "savedReplies.create", m{"shared": true, "forAi": true, "name": word("Return a lamp"), "folder": s.canary, "content": word("Return the lamp with the label.")})["id"]
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		s.T.Fatal(err)
	}
	if status, out := s.Named(`form-data; name="file"; filename="`+s.canary+`.png"`, picture.Bytes()); status != 200 {
		s.T.Fatalf("asset: %d %v", status, out)
	}
	_, brought := s.Sync(s.Owner, apptest.Zipped(s.T, map[string]string{s.canary + "/shades.md": word("# Shades of lamps\n\nEvery shade fits.")}), "")
	s.Learned(4)
	s.visitor = s.OK("", "widgetSessions.boot", m{"workspaceId": s.Workspace, "sessionId": (s.canary + strings.Repeat("x", 43))[:43], "user": m{"name": word("Clara"), "email": s.canary + "@example.test"}})["sessionToken"].(string)
	ask := func(text string) string {
		c := s.Say(s.visitor, text)
		s.Until("dealt with", func() bool {
			return len(s.OK(s.Owner, "aiAgent.getConversationResponses", m{"conversationId": c})["items"].([]any)) == 1
		})
		return c
	}
	answered := ask("How many days do I have to return a lamp?")
	run := apptest.First(s.OK(s.Owner, "aiAgent.getConversationResponses", m{"conversationId": answered}))
	if run["decision"] != "answered" {
		s.T.Fatalf("run: %v", run)
	}
	s.OK(s.Owner, "aiAgent.judge", m{"runId": run["id"], "verdict": "partly", "note": word("Say more of it.")})
	open := ask(word("Ist die Lampe aus dem Museum zu haben, und wo?")) // a topic of the team
	question := s.OK(s.visitor, "messages.list", m{"conversationId": open})["items"].([]any)[0].(m)["id"]
	s.OK(s.Owner, "copilot.translateMessage", m{"conversationId": open, "messageId": question, "to": "en"})
	lost := ask("Does the moon have its own postal code?")
	s.OK(s.Owner, "messages.send", m{"conversationId": lost, "content": word("It has none."), "close": true})
	s.OK(s.Owner, "copilot.updateSettings", m{"learnConversations": true})
	s.Until("a solved conversation is learned", func() bool { return s.OK(s.Owner, "copilot.getSettings", m{})["learned"] == 1.0 })
	s.Learned(5)
	s.OK("", "helpCenter.submitFeedback", m{"workspaceId": s.Workspace, "articleId": article, "helpful": false, "comment": word("Not helpful.")})
	s.OK("", "helpCenter.search", m{"workspaceId": s.Workspace, "q": "museum" + s.canary}) // it finds nothing, which is remembered
	s.ids = m{"conversationId": open, "intoConversationId": lost, "runId": run["id"], "runIds": []any{apptest.First(s.OK(s.Owner, "aiAgent.listUnanswered", m{}))["runIds"].([]any)[0]},
		"messageId": question, "savedReplyId": reply, "collectionId": shelf, "articleId": article, "importId": brought["importId"],
		"versionId": apptest.First(s.OK(s.Owner, "articles.listVersions", m{"articleId": article}))["id"], "visitorId": apptest.First(s.OK(s.Owner, "visitors.list", m{}))["id"]}
}

// walks are the doors that are walked: all of these subjects, and every view of any.
func walks(name string, view bool) bool {
	subject, _, _ := strings.Cut(name, ".")
	return view || slices.Contains([]string{"aiAgent", "articles", "collections", "copilot", "helpCenter", "savedReplies"}, subject)
}

// args are what a door is asked with: the things of a workspace, and words that fit both alike.
func (s *side) args(door string, ids m) m {
	in := s.Valid(door)
	for k := range in {
		if v, has := ids[k]; has {
			in[k] = v
		}
		if k == "q" || k == "text" || k == "question" {
			in[k] = "lamp"
		}
	}
	switch door {
	case "helpCenter.getArticle":
		in["articleId"] = ids["articleId"]
	case "helpCenter.getCollection":
		in["collectionId"] = ids["collectionId"]
	case "aiAgent.updateModel", "aiAgent.updateEmbedder", "helpCenter.mapSite", "helpCenter.fetchSite":
		return nil // they change where things come from; what they answer is seen at the views
	}
	return in
}

// walk asks every door, as the owner, the visitor and nobody, and gives what was answered; last those that take things away.
func (s *side) walk(ids m) (said map[string]string, fine int) {
	said = map[string]string{}
	last := func(name string) int {
		for _, w := range []string{"remove", "archive", "unpublish", "settle", "restore", "discard", "updateSettings"} {
			if strings.Contains(name, "."+w) {
				return 1
			}
		}
		return 0
	}
	type way struct{ name, token string }
	var list []way
	for _, e := range s.App.Doors.Entries() {
		if !walks(e.Name, e.View) {
			continue
		}
		switch {
		case e.Need.Public():
			list = append(list, way{e.Name, ""}, way{e.Name, s.visitor})
		case e.Need.ForVisitors():
			list = append(list, way{e.Name, s.visitor})
			if e.Need.ForStaff() {
				list = append(list, way{e.Name, s.Owner})
			}
		default:
			list = append(list, way{e.Name, s.Owner})
		}
	}
	slices.SortStableFunc(list, func(a, b way) int { return last(a.name) - last(b.name) })
	for _, w := range list {
		in := s.args(w.name, ids)
		if in == nil {
			continue
		}
		if w.token != s.visitor {
			in["workspaceId"] = s.Workspace
		}
		status, out := s.Call(w.token, w.name, in)
		if status == 422 && w.token != s.visitor { // a door of no workspace
			delete(in, "workspaceId")
			status, out = s.Call(w.token, w.name, in)
		}
		if status == 200 {
			fine++
		}
		said[fmt.Sprint(w.name, " as ", map[string]string{"": "nobody", s.Owner: "owner", s.visitor: "visitor"}[w.token])] += fmt.Sprint(status, " ", apptest.JSON(out))
	}
	return said, fine
}

// watch opens every view on a socket, and gives what comes until the server has told of all that was written.
func (s *side) watch(token string) (ws *websocket.Conn, open int) {
	ws = s.Socket(token)
	for i, e := range s.App.Doors.Entries() {
		if e.View && (token == s.Owner) == e.Need.ForStaff() || e.View && token == s.visitor && e.Need.ForVisitors() {
			in := s.args(e.Name, s.ids)
			if token == s.Owner && !strings.HasPrefix(e.Name, "users.") && !strings.HasPrefix(e.Name, "sessions.") {
				in["workspaceId"] = s.Workspace
			}
			ws.WriteJSON(m{"id": i + 1, "view": e.Name, "args": in, "patch": true})
			open++
		}
	}
	return ws, open
}

// frames reads all that comes until a fence behind everything that was written, and counts the answers: several come in one frame.
func (s *side) frames(ws *websocket.Conn) (raw string, answers int) {
	s.T.Helper()
	ws.WriteJSON(m{"fence": s.App.DB.Seq()})
	ws.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			s.T.Fatalf("socket: %v", err)
		}
		raw += string(b) + "\n"
		var many []m
		if json.Unmarshal(b, &many) != nil {
			many = make([]m, 1)
			json.Unmarshal(b, &many[0])
		}
		answers += len(many)
		if slices.ContainsFunc(many, func(a m) bool { return a["fence"] != nil }) {
			return raw, answers
		}
	}
}

// Two workspaces hold the same kinds of things about the same subject, each with a word of its own. Whatever is asked, with one's
// own ids or the other's, by the team, by a visitor or by nobody, at doors, pages and the socket, that word never crosses; no count
// of one moves when the other is filled; and no prompt holds anything of both.
func TestNothingCrossesFromOneWorkspaceToAnother(t *testing.T) {
	d, model := apptest.WithModel(t)
	model.Script(func(body string) llmtest.Reply {
		h := apptest.Read(t, body)
		if len(h.Passages) == 0 {
			return llmtest.Reply{Text: "A title of lamps\n\n" + h.Data()}
		}
		if id := h.ID("30 days"); id != "xxxxx" {
			return llmtest.Reply{Text: fmt.Sprintf("SURE: 99\nYou can return a lamp within 30 days [%s].", id)}
		}
		return llmtest.Reply{Text: "SURE: 0"}
	})
	stranger := d.Stranger()
	elsewhere := firstWorkspace(d, stranger)
	a := &side{Desk: d, canary: "zephyrquartz"}
	b := &side{Desk: d.In(elsewhere, stranger), canary: "obsidianfjord"}
	b.fill(model.URL)

	// What the other workspace sees of itself does not move when this one is filled, to the byte.
	counted := func() map[string]string {
		out := map[string]string{}
		for _, e := range d.App.Doors.Entries() {
			if e.View && walks(e.Name, false) && e.Need.ForStaff() && !e.Need.Public() {
				in := b.args(e.Name, b.ids)
				in["workspaceId"] = b.Workspace
				_, answer := b.Call(b.Owner, e.Name, in)
				delete(answer, "requestId")
				out[e.Name] = apptest.JSON(answer)
			}
		}
		return out
	}
	before := counted()
	ownerSide, _ := b.watch(b.Owner)
	visitorSide, _ := b.watch(b.visitor)
	a.fill(model.URL)
	for name, was := range before {
		if is := counted()[name]; is != was {
			t.Errorf("%s moved when another workspace was filled:\n%s\n%s", name, was, is)
		}
	}
	for who, ws := range map[string]*websocket.Conn{"owner": ownerSide, "visitor": visitorSide} {
		raw, n := b.frames(ws)
		if strings.Contains(raw, a.canary) || n < 3 {
			t.Errorf("%d answers to the other's %s; with our canary: %v", n, who, strings.Contains(raw, a.canary))
		}
		if !strings.Contains(raw, b.canary) {
			t.Errorf("the other's %s does not hear of their own workspace", who)
		}
	}

	for _, way := range []struct {
		who, other *side
		ids        m
		least      int
	}{{b, a, a.ids, 45}, {a, b, b.ids, 45}, {b, a, b.ids, 85}, {a, b, a.ids, 85}} {
		said, fine := way.who.walk(way.ids)
		own := 0
		for door, out := range said {
			if strings.Contains(out, way.other.canary) {
				t.Errorf("%s tells of the other workspace: %.600s", door, out)
			}
			if strings.Contains(out, way.who.canary) {
				own++
			}
		}
		t.Logf("%s: %d answers of %d ways were not refused, %d told of their own", way.who.canary, fine, len(said), own)
		if fine < way.least || own < way.least*2/5 {
			t.Errorf("only %d of %d ways were answered, %d with something of their own: the walk is blind", fine, len(said), own)
		}
	}

	// Pages, the export and the files behind them.
	for _, way := range []struct{ who, other *side }{{a, b}, {b, a}} {
		slug := way.who.OK(way.who.Owner, "helpCenter.getSettings", m{})["slug"].(string)
		seen := ""
		for _, path := range []string{"", "search?q=lamp", "sitemap.xml", "feed.xml", "llms.txt", "a/nothing-here"} {
			_, _, out := d.Page("/help/"+slug+"/"+path, nil)
			seen += out
		}
		_, _, out := d.Page("/api/helpCenter.export?workspaceId="+way.other.Workspace, http.Header{"Authorization": {"Bearer " + way.who.Owner}})
		seen += out
		if strings.Contains(seen, way.other.canary) || !strings.Contains(seen, way.who.canary) {
			t.Errorf("pages of %s: of the other %v, of their own %v", slug, strings.Contains(seen, way.other.canary), strings.Contains(seen, way.who.canary))
		}
	}
	prompts := 0
	for _, body := range model.Asked() {
		if strings.Contains(body, a.canary) && strings.Contains(body, b.canary) {
			t.Errorf("a prompt holds something of both: %.600s", body)
		}
		if strings.Contains(body, a.canary) || strings.Contains(body, b.canary) {
			prompts++
		}
	}
	if prompts < 10 {
		t.Errorf("only %d prompts held anything of a workspace", prompts)
	}
}

func firstWorkspace(d *apptest.Desk, token string) string {
	return d.OK(token, "users.me", m{})["memberships"].([]any)[0].(m)["workspaceId"].(string)
}
