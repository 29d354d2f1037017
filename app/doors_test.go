package app_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"

	"deskbell/app/actor"
	"deskbell/app/may"
)

var update = flag.Bool("update", false, "write the generated files anew")

// held compares a generated file with what stands in the tree, or writes it with -update.
func held(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale (%v): go test ./app -run TestGenerated -update", path, err)
	}
}

// The surface of the program is a line a door: a change of it is seen in review.
func TestGeneratedFilesAreFresh(t *testing.T) {
	d := newDesk(t)
	var list, types bytes.Buffer
	d.app.Doors.List(&list)
	d.app.Doors.TypeScript(&types)
	held(t, "../testdata/doors.txt", list.Bytes())
	held(t, "../widget/sdk/core/src/api.gen.ts", types.Bytes())
}

// Every door refuses everybody whom its rule does not let pass, whatever is asked, and a workspace that one does not
// belong to is not found.
func TestEveryDoorRefusesWhomItMust(t *testing.T) {
	d := newDesk(t)
	tokens := map[string]string{"nobody": "", "visitor": d.visitor("clara"), "owner": d.owner}
	for _, role := range []string{"admin", "agent", "viewer"} {
		tokens[role] = d.member(role)
	}
	stranger := d.stranger()
	for _, e := range d.app.Doors.Entries() {
		for name, token := range tokens {
			who := actor.Actor{Kind: actor.Staff, Workspace: 1, Role: name, Permissions: may.Effective(name, nil)}
			switch name {
			case "nobody":
				who = actor.Actor{Kind: actor.Anonymous}
			case "visitor":
				who = actor.Actor{Kind: actor.Visitor, Workspace: 1, Visitor: 1}
			}
			if e.Need.Allows(who) {
				continue
			}
			status, out := d.call(token, e.Name, d.valid(e.Name))
			want := 403
			if name == "nobody" {
				want = 401
			}
			if status != want {
				t.Errorf("%s as %s: %d %v, want %d", e.Name, name, status, out, want)
			}
		}
		if e.Need.ForStaff() && !e.Need.Public() {
			in := d.valid(e.Name)
			in["workspaceId"] = d.workspace
			if status, out := d.call(stranger, e.Name, in); status != 404 {
				t.Errorf("%s in a stranger's workspace: %d %v, want 404", e.Name, status, out)
			}
		}
	}
}

// Wrong input is refused at every door, says nothing of the value, and is no 5xx.
func TestEveryDoorRefusesWrongInput(t *testing.T) {
	d := newDesk(t)
	v := d.visitor("clara")
	for _, e := range d.app.Doors.Entries() {
		token := d.owner
		if !e.Need.ForStaff() && e.Need.ForVisitors() && !e.Need.Public() {
			token = v
		}
		for what, body := range map[string]string{
			"unknown field": `{"zzz": "SECRET"}`, "broken": `{"a": "SECRET"`, "a list": `["SECRET"]`, "twice": `{"a":"SECRET","a":"SECRET"}`,
			"deep": strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60), "two values": `{} {"a":"SECRET"}`,
		} {
			status, out := d.raw(token, e.Name, []byte(body), nil)
			if status != 422 || strings.Contains(jsonOf(out), "SECRET") {
				t.Errorf("%s with %s: %d %v", e.Name, what, status, out)
			}
		}
		if status, _ := d.raw(token, e.Name, []byte(`{}`), http.Header{"Content-Type": {"text/plain"}}); status != 415 {
			t.Errorf("%s with text/plain: %d, want 415", e.Name, status)
		}
		if status, _ := d.raw(token, e.Name, []byte(`{"a":"`+strings.Repeat("x", 2<<20)+`"}`), nil); status != 413 {
			t.Errorf("%s with 2 MB: %d, want 413", e.Name, status)
		}
	}
}

// member invites somebody as a role and gives their token.
func (d *desk) member(role string) string {
	d.t.Helper()
	email := role + "@shop.test"
	url := d.ok(d.owner, "workspaceMembers.invite", m{"email": email, "role": role})["url"].(string)
	_, token, _ := strings.Cut(url, "token=")
	d.ok("", "invitations.accept", m{"token": token, "name": role + " person", "password": "correct horse"})
	return d.ok("", "auth.signIn", m{"email": email, "password": "correct horse", "token": true})["token"].(string)
}

// stranger is somebody with a workspace of their own and no part in the desk's.
func (d *desk) stranger() string {
	d.t.Helper()
	url := d.ok(d.owner, "workspaceMembers.invite", m{"email": "eve@else.test", "role": "viewer"})["url"].(string)
	_, token, _ := strings.Cut(url, "token=")
	d.ok("", "invitations.accept", m{"token": token, "name": "Eve Else", "password": "correct horse"})
	eve := d.ok("", "auth.signIn", m{"email": "eve@else.test", "password": "correct horse", "token": true})["token"].(string)
	d.ok(eve, "workspaceMembers.leave", m{})
	d.ok(eve, "workspaces.create", m{"name": "Else"})
	return eve
}

// valid is an input that passes a door's validation; its ids name nothing.
func (d *desk) valid(door string) m {
	id := "0SAZPVHNMQ3QW"
	in := map[string]m{
		"auth.changePassword": {"currentPassword": "x", "newPassword": "yyyyyyyy"}, "sessions.revoke": {"sessionId": id}, "workspaces.create": {"name": "x"},
		"workspaceMembers.updateRole": {"memberId": id, "role": "agent"}, "workspaceMembers.setPermissions": {"memberId": id, "permissions": nil},
		"workspaceMembers.remove": {"memberId": id}, "workspaceMembers.transferOwnership": {"memberId": id}, "workspaceMembers.invite": {"email": "a@b.cd", "role": "agent"},
		"apiKeys.create": {"name": "x", "scopes": []string{"users.read"}}, "apiKeys.revoke": {"keyId": id}, "invitations.cancel": {"invitationId": id}, "invitations.resend": {"invitationId": id}, "visitors.get": {"visitorId": id}, "visitors.update": {"visitorId": id},
		"conversations.start": {"content": "x"}, "conversations.get": {"conversationId": id}, "conversations.search": {"q": "x"}, "conversations.assign": {"conversationId": id, "assigneeId": nil},
		"conversations.setStatus": {"conversationId": id, "status": "closed"}, "conversations.snooze": {"conversationId": id, "until": 1}, "conversations.setPriority": {"conversationId": id, "priority": "high"},
		"conversations.addTag": {"conversationId": id, "tagId": id}, "conversations.removeTag": {"conversationId": id, "tagId": id}, "conversations.markAsRead": {"conversationId": id},
		"conversations.merge": {"conversationId": id, "intoConversationId": id}, "conversations.look": {"conversationId": id}, "conversations.presence": {"conversationId": id}, "messages.list": {"conversationId": id}, "messages.send": {"conversationId": id, "content": "x"},
		"messages.scheduled": {"conversationId": id}, "messages.cancelScheduled": {"messageId": id}, "messages.sendScheduled": {"messageId": id}, "messages.typing": {"conversationId": id}, "aiAgent.judge": {"runId": id, "verdict": "right"}, "aiAgent.settleQuestions": {"runIds": []string{id}},
		"copilot.find": {"conversationId": id}, "copilot.suggest": {"conversationId": id}, "copilot.draft": {"conversationId": id}, "copilot.summarize": {"conversationId": id}, "copilot.draftArticle": {"conversationId": id}, "copilot.draftFromQuestions": {"runIds": []string{id}}, "copilot.rewrite": {"text": "x", "style": "fix"}, "copilot.translate": {"text": "x", "to": "de"}, "copilot.getTranslations": {"conversationId": id, "to": "de"}, "copilot.translateMessage": {"conversationId": id, "messageId": id, "to": "de"},
		"savedReplies.create": {"name": "x", "content": "x"}, "savedReplies.update": {"savedReplyId": id}, "savedReplies.remove": {"savedReplyId": id},
		"aiAgent.getConversationResponses": {"conversationId": id}, "aiAgent.ask": {"question": "x"}, "aiAgent.updateEmbedder": {"protocol": ""}, "aiAgent.handoffToHuman": {"conversationId": id}, "aiAgent.handBack": {"conversationId": id}, "aiAgent.submitFeedback": {"conversationId": id, "messageId": id, "helpful": true}, "tags.create": {"name": "x"}, "tags.update": {"tagId": id}, "tags.remove": {"tagId": id},
		"collections.create": {"name": "x"}, "collections.update": {"collectionId": id}, "collections.move": {"collectionId": id, "parentId": nil}, "collections.remove": {"collectionId": id},
		"articles.get": {"articleId": id}, "articles.create": {"title": "x"}, "articles.update": {"articleId": id}, "articles.move": {"articleId": id, "collectionId": nil}, "articles.publish": {"articleId": id},
		"articles.unpublish": {"articleId": id}, "articles.archive": {"articleId": id}, "articles.schedule": {"articleId": id, "at": nil}, "articles.discardChanges": {"articleId": id}, "articles.remove": {"articleId": id},
		"articles.listVersions": {"articleId": id}, "articles.getVersion": {"articleId": id, "versionId": id}, "articles.restoreVersion": {"articleId": id, "versionId": id}, "articles.listFeedback": {"articleId": id},
		"articles.preview": {"content": "x"}, "articles.search": {"q": "x"}, "helpCenter.search": {"q": "x"}, "helpCenter.restoreImport": {"importId": id}, "helpCenter.submitFeedback": {"articleId": id, "helpful": true},
		"helpCenter.mapSite": {"address": "https://localhost"}, "helpCenter.fetchSite": {"address": "https://localhost", "urls": []string{"https://localhost/a"}}, "helpCenter.applySite": {"siteImportId": id}, "helpCenter.discardSite": {"siteImportId": id},
	}[door]
	out := m{}
	for k, v := range in {
		out[k] = v
	}
	return out
}
