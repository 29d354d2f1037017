package app_test

import (
	"slices"
	"sync"
	"testing"

	"deskbell/app/apptest"
)

// unwatched are tables whose rows a view may read without depending on them, and why.
var unwatched = map[string]string{
	"ai_run_chunks":          "written with their run, and never changed",
	"meta":                   "the setup token: it is asked for once",
	"message_search":         "search results are not live: a search is asked again",
	"message_search_data":    "as above",
	"message_search_idx":     "as above",
	"message_search_docsize": "as above",
	"message_search_content": "as above",
	"message_search_config":  "as above",
	"article_glances":        "what a search shows of article_texts, written with their rows",
	"draft_glances":          "as above",
}

// unwatchedBy are tables that one view alone need not watch.
var unwatchedBy = map[string][]string{
	"conversations.search":         {"messages"},
	"aiAgent.getReport":            {"conversations"},      // as it stood at the agent's last run or the team's last review
	"onboarding.get":               {"conversations"},      // once a visitor was answered it stays so
	"articles.list":                {"article_tags"},       // as above
	"conversations.unreadForMe":    {"visitors"},           // of the rows it finds, each is watched; here it finds none
	"conversations.listForVisitor": {"conversation_reads"}, // a visitor has no marks there
}

// Every view says it saw each table that it read: what it keeps to itself would never bring it up to date.
func TestViewsSayWhatTheyRead(t *testing.T) {
	d := apptest.New(t)
	var mu sync.Mutex
	current, missing, reads := "", map[string][]string{}, 0
	d.App.DB.Audit(func(read, saw []string) {
		mu.Lock()
		defer mu.Unlock()
		reads++
		for _, table := range read {
			if _, fine := unwatched[table]; !fine && !slices.Contains(unwatchedBy[current], table) && !slices.Contains(saw, table) && !slices.Contains(missing[current], table) {
				missing[current] = append(missing[current], table)
			}
		}
	})
	things := objects(d)
	d.OK(d.Owner, "conversations.addTag", m{"conversationId": things["conversationId"], "tagId": things["tagId"]})
	d.OK(d.Owner, "conversations.assign", m{"conversationId": things["conversationId"], "assigneeId": d.User().String()})
	d.OK(d.Owner, "messages.send", m{"conversationId": things["conversationId"], "content": "Hello"})
	staff, visitor := d.Socket(d.Owner), d.Socket(d.Visitor("clara"))
	id := 0
	for _, e := range d.App.Doors.Entries() {
		if !e.View {
			continue
		}
		args := d.Valid(e.Name)
		for _, f := range fields(e.In) {
			args[f] = things[f]
		}
		if _, named := e.In.FieldByName("WorkspaceID"); named && e.Need.Public() {
			args["workspaceId"] = d.Workspace
		}
		if f := map[string]string{"helpCenter.getArticle": "articleId", "helpCenter.getCollection": "collectionId"}[e.Name]; f != "" {
			args[f] = things[f]
		}
		ws := staff
		if !e.Need.ForStaff() && e.Need.ForVisitors() && !e.Need.Public() || e.Name == "conversations.listForVisitor" {
			ws = visitor
		}
		mu.Lock()
		current = e.Name
		mu.Unlock()
		id++
		if code := asked(d, ws, id, e.Name, args); code != "" && e.Name != "invitations.get" && e.Name != "setup.status" {
			t.Errorf("%s: %s", e.Name, code)
		}
		if e.Name == "messages.list" || e.Name == "conversations.get" || e.Name == "conversations.listForVisitor" {
			id++
			delete(args, "workspaceId")
			if code := asked(d, visitor, id, e.Name, args); code != "" {
				t.Errorf("%s as the visitor: %s", e.Name, code)
			}
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for view, tables := range missing {
		t.Errorf("%s reads %v without saying so", view, tables)
	}
	if reads < 20 {
		t.Errorf("only %d reads were looked at", reads)
	}
}
