package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// wrote makes an article and publishes it, and gives its id.
func (d *desk) wrote(title, content string, more m) string {
	d.t.Helper()
	in := m{"workspaceId": d.workspace, "title": title, "content": content}
	for k, v := range more {
		in[k] = v
	}
	id := d.ok(d.owner, "articles.create", in)["id"].(string)
	d.ok(d.owner, "articles.publish", m{"articleId": id})
	return id
}

func (d *desk) shelf(name string, parent any) string {
	d.t.Helper()
	in := m{"name": name}
	if parent != nil {
		in["parentId"] = parent
	}
	return d.ok(d.owner, "collections.create", in)["id"].(string)
}

func titles(out m) (list []string) {
	for _, i := range out["items"].([]any) {
		list = append(list, i.(m)["title"].(string))
	}
	return list
}

func TestCollectionsNestAndNeverContainThemselves(t *testing.T) {
	d := newDesk(t)
	top, other := d.shelf("Bulbs & dimmers", nil), d.shelf("Repairs", nil)
	below := d.shelf("Dimmers", top)
	deep := d.shelf("Wall dimmers", below)
	d.refused("invalid", d.owner, "collections.move", m{"collectionId": top, "parentId": deep})
	d.refused("invalid", d.owner, "collections.move", m{"collectionId": top, "parentId": top})
	d.refused("conflict", d.owner, "collections.remove", m{"collectionId": top})
	d.ok(d.owner, "collections.move", m{"collectionId": other, "parentId": nil, "beforeId": top})
	list := d.ok(d.owner, "collections.list", m{})["items"].([]any)
	if first := list[0].(m); first["id"] != other || first["slug"] != "repairs" {
		t.Errorf("the moved one does not come first: %v", list)
	}
	d.ok(d.owner, "collections.update", m{"collectionId": below, "slug": "dim"})
	d.wrote("Fuses", "x", m{"collectionId": deep})
	if got := d.ok("", "helpCenter.getCollection", m{"workspaceId": d.workspace, "slug": "dimmers"})["collection"].(m)["slug"]; got != "dim" {
		t.Errorf("the old address leads to %v", got)
	}
	if home := d.ok("", "helpCenter.get", m{"workspaceId": d.workspace}); len(home["collections"].([]any)) != 3 {
		t.Errorf("a shelf whose articles stand further down must show, an empty one must not: %v", home)
	}
	d.refused("not_found", d.owner, "collections.update", m{"collectionId": "0SAZPVHNMQ3QW", "name": "x"})
	d.refused("invalid", d.owner, "collections.create", m{"name": "  "})
	d.ok(d.owner, "articles.move", m{"articleId": d.wrote("Loose", "x", nil), "collectionId": deep})
	d.refused("conflict", d.owner, "collections.remove", m{"collectionId": deep})
}

func TestWritingDoesNotDisturbWhatIsPublished(t *testing.T) {
	d := newDesk(t)
	a := d.ok(d.owner, "articles.create", m{"title": "Which dimmers work", "content": "All of them."})
	id := a["id"].(string)
	if a["status"] != "draft" || a["slug"] != "which-dimmers-work" || a["url"] != nil {
		t.Errorf("a new article: %v", a)
	}
	d.refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": d.workspace, "articleId": id})
	d.ok(d.owner, "articles.publish", m{"articleId": id, "revision": a["revision"]})
	changed := d.ok(d.owner, "articles.update", m{"articleId": id, "revision": a["revision"], "content": "All but **one**.", "title": "Which dimmers fit"})
	if changed["changed"] != true || changed["slug"] != "which-dimmers-work" || changed["status"] != "published" {
		t.Errorf("after a change: %v", changed)
	}
	read := m{"workspaceId": d.workspace, "slug": "which-dimmers-work"}
	if got := d.ok("", "helpCenter.getArticle", read); got["contentHtml"] != "<p>All of them.</p>" || got["title"] != "Which dimmers work" {
		t.Errorf("readers see the draft: %v", got)
	}
	status, out := d.call(d.owner, "articles.publish", m{"articleId": id, "revision": a["revision"]})
	if status != 409 || out["current"].(m)["content"] != "All but **one**." {
		t.Errorf("publishing what one has not seen: %d %v", status, out)
	}
	d.ok(d.owner, "articles.publish", m{"articleId": id})
	if got := d.ok("", "helpCenter.getArticle", read); got["contentHtml"] != "<p>All but <strong>one</strong>.</p>" {
		t.Errorf("readers do not see what was published: %v", got)
	}
	d.ok(d.owner, "articles.update", m{"articleId": id, "content": "thrown away"})
	if back := d.ok(d.owner, "articles.discardChanges", m{"articleId": id}); back["content"] != "All but **one**." || back["changed"] != false {
		t.Errorf("discarded: %v", back)
	}
	d.ok(d.owner, "articles.update", m{"articleId": id, "visibility": "internal"})
	d.refused("not_found", "", "helpCenter.getArticle", read)
	d.ok(d.owner, "articles.update", m{"articleId": id, "visibility": "public"})
	d.ok(d.owner, "articles.unpublish", m{"articleId": id})
	d.refused("not_found", "", "helpCenter.getArticle", read)
	d.ok(d.owner, "articles.archive", m{"articleId": id})
	if list := titles(d.ok(d.owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("an archived article is listed: %v", list)
	}
	if list := titles(d.ok(d.owner, "articles.list", m{"status": "archived"})); len(list) != 1 {
		t.Errorf("archived: %v", list)
	}
	d.ok(d.owner, "articles.remove", m{"articleId": id})
	d.refused("not_found", d.owner, "articles.get", m{"articleId": id})
}

func TestTwoWritersNeverLoseText(t *testing.T) {
	d := newDesk(t)
	admin := d.member("admin")
	a := d.ok(d.owner, "articles.create", m{"title": "Bulbs", "content": "one"})
	id, r := a["id"], a["revision"]
	d.ok(d.owner, "articles.update", m{"articleId": id, "revision": r, "content": "the owner's words"})
	status, out := d.call(admin, "articles.update", m{"articleId": id, "revision": r, "content": "the admin's words"})
	theirs, _ := out["current"].(m)
	if status != 409 || theirs["content"] != "the owner's words" {
		t.Fatalf("the second writer: %d %v", status, out)
	}
	d.ok(admin, "articles.update", m{"articleId": id, "revision": theirs["revision"], "content": "the admin's words"})
	versions := d.ok(d.owner, "articles.listVersions", m{"articleId": id})["items"].([]any)
	found := ""
	for _, v := range versions {
		full := d.ok(d.owner, "articles.getVersion", m{"articleId": id, "versionId": v.(m)["id"]})
		if full["content"] == "the owner's words" {
			found = full["id"].(string)
		}
	}
	if found == "" {
		t.Fatalf("what the admin wrote over is lost: %v", versions)
	}
	if back := d.ok(d.owner, "articles.restoreVersion", m{"articleId": id, "versionId": found}); back["content"] != "the owner's words" {
		t.Errorf("restored: %v", back)
	}
	again := d.ok(d.owner, "articles.listVersions", m{"articleId": id})["items"].([]any)
	if newest := d.ok(d.owner, "articles.getVersion", m{"articleId": id, "versionId": again[0].(m)["id"]}); newest["content"] != "the admin's words" {
		t.Errorf("restoring lost what stood there: %v", newest)
	}
}

func TestAddressesOfAnyScriptAndRedirects(t *testing.T) {
	d := newDesk(t)
	for title, want := range map[string]string{"Größe wählen": "groesse-waehlen", "日本語": "日本語", "🎉🎉": "article"} {
		if got := d.ok(d.owner, "articles.create", m{"title": title})["slug"]; got != want {
			t.Errorf("%s is at %v, want %s", title, got, want)
		}
	}
	first := d.wrote("Returns", "x", nil)
	if got := d.ok(d.owner, "articles.create", m{"title": "Returns"})["slug"]; got != "returns-2" {
		t.Errorf("the second is at %v", got)
	}
	d.ok(d.owner, "articles.update", m{"articleId": first, "slug": "Send it back"})
	if got := d.ok("", "helpCenter.getArticle", m{"workspaceId": d.workspace, "slug": "returns"}); got["slug"] != "send-it-back" {
		t.Errorf("the old address leads to %v", got)
	}
	d.refused("conflict", d.owner, "articles.update", m{"articleId": first, "slug": "returns-2"})
	if got := d.ok(d.owner, "articles.create", m{"title": "Returns"})["slug"]; got == "returns" {
		t.Error("a new article took an address that leads to another")
	}
	d.ok(d.owner, "articles.update", m{"articleId": first, "slug": "returns"})
	if got := d.ok("", "helpCenter.getArticle", m{"workspaceId": d.workspace, "slug": "send-it-back"}); got["slug"] != "returns" {
		t.Errorf("back again: %v", got)
	}
}

func TestScheduledArticlesComeOutByThemselves(t *testing.T) {
	d := newDesk(t)
	id := d.ok(d.owner, "articles.create", m{"title": "New in May", "content": "x"})["id"]
	d.refused("invalid", d.owner, "articles.schedule", m{"articleId": id, "at": 1})
	d.ok(d.owner, "articles.schedule", m{"articleId": id, "at": time.Now().Add(50 * time.Millisecond).UnixMilli()})
	if err := d.app.Help.PublishDue(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := d.ok(d.owner, "articles.get", m{"articleId": id})["status"]; got != "draft" {
		t.Errorf("too early: %v", got)
	}
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		if err := d.app.Help.PublishDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := d.ok(d.owner, "articles.get", m{"articleId": id}); got["status"] == "published" && got["publishAt"] == nil {
			return
		}
	}
	t.Error("it never came out")
}

func TestLanguagesFallBackToTheHelpCentersOwn(t *testing.T) {
	d := newDesk(t)
	d.ok(d.owner, "helpCenter.updateSettings", m{"languages": []string{"de"}})
	id := d.wrote("Bulbs", "English words", nil)
	read := m{"workspaceId": d.workspace, "articleId": id, "language": "de"}
	if got := d.ok("", "helpCenter.getArticle", read); got["title"] != "Bulbs" || got["language"] != "en" {
		t.Errorf("without a German text: %v", got)
	}
	d.refused("invalid", d.owner, "articles.update", m{"articleId": id, "language": "fr", "title": "Ampoules"})
	d.ok(d.owner, "articles.update", m{"articleId": id, "language": "de", "title": "Leuchtmittel", "content": "Deutsche Wörter"})
	d.ok(d.owner, "articles.publish", m{"articleId": id, "language": "de"})
	if got := d.ok("", "helpCenter.getArticle", read); got["title"] != "Leuchtmittel" || !strings.Contains(got["url"].(string), "/de/a/leuchtmittel") {
		t.Errorf("with a German text: %v", got)
	}
	if hits := titles(d.ok("", "helpCenter.search", m{"workspaceId": d.workspace, "q": "worter", "language": "de"})); len(hits) != 1 || hits[0] != "Leuchtmittel" {
		t.Errorf("search in German: %v", hits)
	}
}

func TestReadersVoteOnceEach(t *testing.T) {
	d := newDesk(t)
	id, v := d.wrote("Bulbs", "x", nil), d.visitor("clara")
	d.ok(v, "helpCenter.submitFeedback", m{"articleId": id, "helpful": true})
	d.ok(v, "helpCenter.submitFeedback", m{"articleId": id, "helpful": false, "comment": "Which socket?"})
	for range 3 {
		d.ok("", "helpCenter.submitFeedback", m{"workspaceId": d.workspace, "articleId": id, "helpful": true})
	}
	a := d.ok(d.owner, "articles.get", m{"articleId": id})
	if a["helpful"] != 1.0 || a["notHelpful"] != 1.0 {
		t.Errorf("counted %v and %v", a["helpful"], a["notHelpful"])
	}
	list := d.ok(d.owner, "articles.listFeedback", m{"articleId": id})["items"].([]any)
	if len(list) != 2 || list[1].(m)["comment"] != "Which socket?" {
		t.Errorf("feedback: %v", list)
	}
	hidden := d.ok(d.owner, "articles.create", m{"title": "Secret"})["id"]
	d.refused("not_found", "", "helpCenter.submitFeedback", m{"workspaceId": d.workspace, "articleId": hidden, "helpful": true})
	limited := false
	for range 15 {
		_, out := d.call("", "helpCenter.submitFeedback", m{"workspaceId": d.workspace, "articleId": id, "helpful": true})
		limited = limited || out["code"] == "rate_limited"
	}
	if !limited {
		t.Error("nobody stops a stranger who votes without end")
	}
}

func TestRestrictedHelpCentersAreForVisitorsAndTheTeam(t *testing.T) {
	d := newDesk(t)
	id := d.wrote("Bulbs", "x", nil)
	d.ok(d.owner, "helpCenter.updateSettings", m{"accessPolicy": "restricted"})
	in := m{"workspaceId": d.workspace, "articleId": id}
	d.refused("not_found", "", "helpCenter.getArticle", in)
	d.refused("not_found", "", "helpCenter.search", m{"workspaceId": d.workspace, "q": "bulbs"})
	d.refused("not_found", d.stranger(), "helpCenter.getArticle", in)
	d.ok(d.visitor("clara"), "helpCenter.getArticle", in)
	d.ok(d.owner, "helpCenter.getArticle", in)
}

func TestSearchFindsWordsBeginningsErrorsAndSynonyms(t *testing.T) {
	d := newDesk(t)
	d.wrote("Which dimmers work with our lamps", "LED lamps flicker when the dimmer expects more load.", nil)
	d.wrote("Shipping", "A dimmer weighs 200 g, and a parcel takes two days to Flensburg.", nil)
	d.wrote("Only for us", "The margin of every dimmer", m{"visibility": "internal"})
	d.wrote("電球の交換", "電球を交換する方法", nil)
	d.ok(d.owner, "articles.create", m{"title": "Draft about dimmers"})
	find := func(q string) []string {
		return titles(d.ok("", "helpCenter.search", m{"workspaceId": d.workspace, "q": q}))
	}
	for q, want := range map[string]string{
		"dimmer": "Which dimmers work with our lamps,Shipping", "dimm": "Which dimmers work with our lamps,Shipping", "dimmer flick": "Which dimmers work with our lamps",
		"how can I dimm the lamp": "Which dimmers work with our lamps", "dimmmer": "Which dimmers work with our lamps,Shipping", "flikcer": "Which dimmers work with our lamps",
		"flensburk parcel": "Shipping", "margin": "", `"; DROP TABLE x -- *`: "", "c++ (": "", "交換": "電球の交換", "": "", "luminaire": "",
	} {
		if got := strings.Join(find(q), ","); got != want {
			t.Errorf("%q found %q, want %q", q, got, want)
		}
	}
	d.ok(d.owner, "helpCenter.updateSettings", m{"synonyms": []string{"Luminaire, lamp"}})
	if got := find("luminaires"); len(got) > 0 {
		t.Logf("plural found %v", got)
	}
	if got := find("luminaire"); len(got) != 1 {
		t.Errorf("synonym found %v", got)
	}
	hit := d.ok("", "helpCenter.search", m{"workspaceId": d.workspace, "q": "flicker"})["items"].([]any)[0].(m)
	if !strings.Contains(hit["excerptMarked"].(string), "lamps <mark>flicker</mark> when") {
		t.Errorf("marked: %v", hit)
	}
	if team := titles(d.ok(d.owner, "articles.search", m{"q": "dimmer"})); len(team) != 4 {
		t.Errorf("the team finds %v", team)
	}
	if list := titles(d.ok(d.owner, "articles.list", m{"q": "dimmer", "status": "draft"})); len(list) != 1 {
		t.Errorf("filtered: %v", list)
	}
	other := d.stranger()
	if got := d.ok(other, "articles.search", m{"q": "dimmer"})["items"].([]any); len(got) != 0 {
		t.Errorf("another workspace finds %v", got)
	}
}

func TestArticlesArePaged(t *testing.T) {
	d := newDesk(t)
	for i := range 25 {
		d.ok(d.owner, "articles.create", m{"title": fmt.Sprintf("Article %d", i), "tags": []string{"Odd", "odd "}[i%2 : i%2+1]})
	}
	seen, cursor := map[string]bool{}, any(nil)
	for range 5 {
		in := m{"limit": 10}
		if cursor != nil {
			in["cursor"] = cursor
		}
		out := d.ok(d.owner, "articles.list", in)
		for _, title := range titles(out) {
			seen[title] = true
		}
		if cursor = out["nextCursor"]; cursor == nil {
			break
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d of 25 seen", len(seen))
	}
	if tags := d.ok(d.owner, "articles.listTags", m{})["tags"].([]any); len(tags) != 1 || tags[0] != "odd" {
		t.Errorf("tags: %v", tags)
	}
}
