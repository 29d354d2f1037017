package helpcenter_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
)

func (d *desk) shelf(name string, parent any) string {
	d.T.Helper()
	in := m{"name": name}
	if parent != nil {
		in["parentId"] = parent
	}
	return d.OK(d.Owner, "collections.create", in)["id"].(string)
}

func TestCollectionsNestAndNeverContainThemselves(t *testing.T) {
	d := newDesk(t)
	top, other := d.shelf("Bulbs & dimmers", nil), d.shelf("Repairs", nil)
	below := d.shelf("Dimmers", top)
	deep := d.shelf("Wall dimmers", below)
	d.Refused("invalid", d.Owner, "collections.move", m{"collectionId": top, "parentId": deep})
	d.Refused("invalid", d.Owner, "collections.move", m{"collectionId": top, "parentId": top})
	d.Refused("conflict", d.Owner, "collections.remove", m{"collectionId": top})
	d.OK(d.Owner, "collections.move", m{"collectionId": other, "parentId": nil, "beforeId": top})
	list := d.OK(d.Owner, "collections.list", m{})["items"].([]any)
	if first := list[0].(m); first["id"] != other || first["slug"] != "repairs" {
		t.Errorf("the moved one does not come first: %v", list)
	}
	d.OK(d.Owner, "collections.update", m{"collectionId": below, "slug": "dim"})
	d.Wrote("Fuses", "x", m{"collectionId": deep})
	if got := d.OK("", "helpCenter.getCollection", m{"workspaceId": d.Workspace, "slug": "dimmers"})["collection"].(m)["slug"]; got != "dim" {
		t.Errorf("the old address leads to %v", got)
	}
	if home := d.OK("", "helpCenter.get", m{"workspaceId": d.Workspace}); len(home["collections"].([]any)) != 3 {
		t.Errorf("a shelf whose articles stand further down must show, an empty one must not: %v", home)
	}
	d.Refused("not_found", d.Owner, "collections.update", m{"collectionId": "0SAZPVHNMQ3QW", "name": "x"})
	d.Refused("invalid", d.Owner, "collections.create", m{"name": "  "})
	d.OK(d.Owner, "articles.move", m{"articleId": d.Wrote("Loose", "x", nil), "collectionId": deep})
	d.Refused("conflict", d.Owner, "collections.remove", m{"collectionId": deep})
}

func TestArticlesStandInTheOrderTheyWereGiven(t *testing.T) {
	d := newDesk(t)
	shelf := d.shelf("Bulbs", nil)
	ids := map[string]string{}
	for _, title := range []string{"First", "Second", "Third"} {
		ids[title] = d.Wrote(title, "x", m{"collectionId": shelf})
	}
	order := func() string {
		list := d.OK("", "helpCenter.getCollection", m{"workspaceId": d.Workspace, "collectionId": shelf})["articles"]
		return strings.Join(apptest.Titles(m{"items": list}), " ")
	}
	for _, step := range []struct {
		move   string
		before any
		want   string
	}{{"Third", ids["First"], "Third First Second"}, {"Third", nil, "First Second Third"}, {"First", ids["Third"], "Second First Third"}} {
		d.OK(d.Owner, "articles.move", m{"articleId": ids[step.move], "collectionId": shelf, "beforeId": step.before})
		if got := order(); got != step.want {
			t.Errorf("%s before %v: %s, want %s", step.move, step.before, got, step.want)
		}
	}
	d.Refused("forbidden", d.Member("viewer"), "articles.move", m{"articleId": ids["First"], "collectionId": shelf})
	if got := order(); got != "Second First Third" {
		t.Errorf("after a refusal: %s", got)
	}
}

func TestWritingDoesNotDisturbWhatIsPublished(t *testing.T) {
	d := newDesk(t)
	a := d.OK(d.Owner, "articles.create", m{"title": "Which dimmers work", "content": "All of them."})
	id := a["id"].(string)
	if a["status"] != "draft" || a["slug"] != "which-dimmers-work" || a["url"] != nil {
		t.Errorf("a new article: %v", a)
	}
	d.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "articleId": id})
	d.OK(d.Owner, "articles.publish", m{"articleId": id, "revision": a["revision"]})
	changed := d.OK(d.Owner, "articles.update", m{"articleId": id, "revision": a["revision"], "content": "All but **one**.", "title": "Which dimmers fit"})
	if changed["changed"] != true || changed["slug"] != "which-dimmers-work" || changed["status"] != "published" {
		t.Errorf("after a change: %v", changed)
	}
	read := m{"workspaceId": d.Workspace, "slug": "which-dimmers-work"}
	if got := d.OK("", "helpCenter.getArticle", read); got["contentHtml"] != "<p>All of them.</p>" || got["title"] != "Which dimmers work" {
		t.Errorf("readers see the draft: %v", got)
	}
	status, out := d.Call(d.Owner, "articles.publish", m{"articleId": id, "revision": a["revision"]})
	if status != 409 || out["current"].(m)["content"] != "All but **one**." {
		t.Errorf("publishing what one has not seen: %d %v", status, out)
	}
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	if got := d.OK("", "helpCenter.getArticle", read); got["contentHtml"] != "<p>All but <strong>one</strong>.</p>" {
		t.Errorf("readers do not see what was published: %v", got)
	}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "content": "thrown away"})
	if back := d.OK(d.Owner, "articles.discardChanges", m{"articleId": id}); back["content"] != "All but **one**." || back["changed"] != false {
		t.Errorf("discarded: %v", back)
	}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "visibility": "internal"})
	d.Refused("not_found", "", "helpCenter.getArticle", read)
	d.OK(d.Owner, "articles.update", m{"articleId": id, "visibility": "public"})
	d.OK(d.Owner, "articles.unpublish", m{"articleId": id})
	d.Refused("not_found", "", "helpCenter.getArticle", read)
	d.OK(d.Owner, "articles.archive", m{"articleId": id})
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("an archived article is listed: %v", list)
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{"status": "archived"})); len(list) != 1 {
		t.Errorf("archived: %v", list)
	}
	d.OK(d.Owner, "articles.remove", m{"articleId": id})
	d.Refused("not_found", d.Owner, "articles.get", m{"articleId": id})
}

func TestTwoWritersNeverLoseText(t *testing.T) {
	d := newDesk(t)
	admin := d.Member("admin")
	a := d.OK(d.Owner, "articles.create", m{"title": "Bulbs", "content": "one"})
	id, r := a["id"], a["revision"]
	d.OK(d.Owner, "articles.update", m{"articleId": id, "revision": r, "content": "the owner's words"})
	status, out := d.Call(admin, "articles.update", m{"articleId": id, "revision": r, "content": "the admin's words"})
	theirs, _ := out["current"].(m)
	if status != 409 || theirs["content"] != "the owner's words" {
		t.Fatalf("the second writer: %d %v", status, out)
	}
	d.OK(admin, "articles.update", m{"articleId": id, "revision": theirs["revision"], "content": "the admin's words"})
	versions := d.OK(d.Owner, "articles.listVersions", m{"articleId": id})["items"].([]any)
	found := ""
	for _, v := range versions {
		full := d.OK(d.Owner, "articles.getVersion", m{"articleId": id, "versionId": v.(m)["id"]})
		if full["content"] == "the owner's words" {
			found = full["id"].(string)
		}
	}
	if found == "" {
		t.Fatalf("what the admin wrote over is lost: %v", versions)
	}
	if back := d.OK(d.Owner, "articles.restoreVersion", m{"articleId": id, "versionId": found}); back["content"] != "the owner's words" {
		t.Errorf("restored: %v", back)
	}
	again := d.OK(d.Owner, "articles.listVersions", m{"articleId": id})["items"].([]any)
	if newest := d.OK(d.Owner, "articles.getVersion", m{"articleId": id, "versionId": again[0].(m)["id"]}); newest["content"] != "the admin's words" {
		t.Errorf("restoring lost what stood there: %v", newest)
	}
}

func TestAddressesOfAnyScriptAndRedirects(t *testing.T) {
	d := newDesk(t)
	for title, want := range map[string]string{"Größe wählen": "groesse-waehlen", "日本語": "日本語", "🎉🎉": "article"} {
		if got := d.OK(d.Owner, "articles.create", m{"title": title})["slug"]; got != want {
			t.Errorf("%s is at %v, want %s", title, got, want)
		}
	}
	first := d.Wrote("Returns", "x", nil)
	if got := d.OK(d.Owner, "articles.create", m{"title": "Returns"})["slug"]; got != "returns-2" {
		t.Errorf("the second is at %v", got)
	}
	d.OK(d.Owner, "articles.update", m{"articleId": first, "slug": "Send it back"})
	if got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "returns"}); got["slug"] != "send-it-back" {
		t.Errorf("the old address leads to %v", got)
	}
	d.Refused("conflict", d.Owner, "articles.update", m{"articleId": first, "slug": "returns-2"})
	if got := d.OK(d.Owner, "articles.create", m{"title": "Returns"})["slug"]; got == "returns" {
		t.Error("a new article took an address that leads to another")
	}
	d.OK(d.Owner, "articles.update", m{"articleId": first, "slug": "returns"})
	if got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "send-it-back"}); got["slug"] != "returns" {
		t.Errorf("back again: %v", got)
	}
}

func TestScheduledArticlesComeOutByThemselves(t *testing.T) {
	d := newDesk(t)
	id := d.OK(d.Owner, "articles.create", m{"title": "New in May", "content": "x"})["id"]
	d.Refused("invalid", d.Owner, "articles.schedule", m{"articleId": id, "at": 1})
	d.Stop()
	d.OK(d.Owner, "articles.schedule", m{"articleId": id, "at": d.App.DB.Now().Add(time.Minute)})
	for after, want := range []string{"draft", "draft", "published"} {
		if err := d.App.Help.PublishDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := d.OK(d.Owner, "articles.get", m{"articleId": id}); got["status"] != want || (got["publishAt"] == nil) != (want == "published") {
			t.Errorf("after %d half minutes: %v, to come out %v", after, got["status"], got["publishAt"])
		}
		d.Later(30 * time.Second)
	}
}

func TestLanguagesFallBackToTheHelpCentersOwn(t *testing.T) {
	d := newDesk(t)
	d.OK(d.Owner, "helpCenter.updateSettings", m{"languages": []string{"de"}})
	id := d.Wrote("Bulbs", "English words", nil)
	read := m{"workspaceId": d.Workspace, "articleId": id, "language": "de"}
	if got := d.OK("", "helpCenter.getArticle", read); got["title"] != "Bulbs" || got["language"] != "en" {
		t.Errorf("without a German text: %v", got)
	}
	d.Refused("invalid", d.Owner, "articles.update", m{"articleId": id, "language": "fr", "title": "Ampoules"})
	d.OK(d.Owner, "articles.update", m{"articleId": id, "language": "de", "title": "Leuchtmittel", "content": "Deutsche Wörter"})
	d.OK(d.Owner, "articles.publish", m{"articleId": id, "language": "de"})
	if got := d.OK("", "helpCenter.getArticle", read); got["title"] != "Leuchtmittel" || !strings.Contains(got["url"].(string), "/de/a/leuchtmittel") {
		t.Errorf("with a German text: %v", got)
	}
	if hits := apptest.Titles(d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": "worter", "language": "de"})); len(hits) != 1 || hits[0] != "Leuchtmittel" {
		t.Errorf("search in German: %v", hits)
	}
}

func TestReadersVoteOnceEach(t *testing.T) {
	d := newDesk(t)
	d.Stop()
	id, v := d.Wrote("Bulbs", "x", nil), d.Visitor("clara")
	d.OK(v, "helpCenter.submitFeedback", m{"articleId": id, "helpful": true})
	d.OK(v, "helpCenter.submitFeedback", m{"articleId": id, "helpful": false, "comment": "Which socket?"})
	for range 3 {
		d.OK("", "helpCenter.submitFeedback", m{"workspaceId": d.Workspace, "articleId": id, "helpful": true})
	}
	a := d.OK(d.Owner, "articles.get", m{"articleId": id})
	if a["helpful"] != 1.0 || a["notHelpful"] != 1.0 {
		t.Errorf("counted %v and %v", a["helpful"], a["notHelpful"])
	}
	list := d.OK(d.Owner, "articles.listFeedback", m{"articleId": id})["items"].([]any)
	if len(list) != 2 || list[1].(m)["comment"] != "Which socket?" {
		t.Errorf("feedback: %v", list)
	}
	hidden := d.OK(d.Owner, "articles.create", m{"title": "Secret"})["id"]
	d.Refused("not_found", "", "helpCenter.submitFeedback", m{"workspaceId": d.Workspace, "articleId": hidden, "helpful": true})
	limited := false
	for range 15 {
		_, out := d.Call("", "helpCenter.submitFeedback", m{"workspaceId": d.Workspace, "articleId": id, "helpful": true})
		limited = limited || out["code"] == "rate_limited"
	}
	if !limited {
		t.Error("nobody stops a stranger who votes without end")
	}
}

func TestRestrictedHelpCentersAreForVisitorsAndTheTeam(t *testing.T) {
	d := newDesk(t)
	id := d.Wrote("Bulbs", "x", nil)
	d.OK(d.Owner, "helpCenter.updateSettings", m{"accessPolicy": "restricted"})
	in := m{"workspaceId": d.Workspace, "articleId": id}
	d.Refused("not_found", "", "helpCenter.getArticle", in)
	d.Refused("not_found", "", "helpCenter.search", m{"workspaceId": d.Workspace, "q": "bulbs"})
	d.Refused("not_found", d.Stranger(), "helpCenter.getArticle", in)
	d.OK(d.Visitor("clara"), "helpCenter.getArticle", in)
	d.OK(d.Owner, "helpCenter.getArticle", in)
}

func TestSearchFindsWordsBeginningsErrorsAndSynonyms(t *testing.T) {
	d := newDesk(t)
	d.Wrote("Which dimmers work with our lamps", "LED lamps flicker when the dimmer expects more load.", nil)
	d.Wrote("Shipping", "A dimmer weighs 200 g, and a parcel takes two days to Flensburg.", nil)
	d.Wrote("Only for us", "The margin of every dimmer", m{"visibility": "internal"})
	d.Wrote("電球の交換", "電球を交換する方法", nil)
	d.OK(d.Owner, "articles.create", m{"title": "Draft about dimmers"})
	find := func(q string) []string {
		return apptest.Titles(d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": q}))
	}
	for q, want := range map[string]string{
		"dimmer": "Which dimmers work with our lamps,Shipping", "dimm": "Which dimmers work with our lamps,Shipping", "dimmer flick": "Which dimmers work with our lamps",
		"how can I dimm the lamp": "Which dimmers work with our lamps", "dimmmer": "Which dimmers work with our lamps,Shipping", "flikcer": "Which dimmers work with our lamps",
		"flensburk parcel": "Shipping", "weigh": "Shipping", "flikcers": "Which dimmers work with our lamps", "dimmmers": "Which dimmers work with our lamps,Shipping", "parcles": "Shipping", "margin": "", `"; DROP TABLE x -- *`: "", "c++ (": "", "交換": "電球の交換", "": "", "luminaire": "",
	} {
		if got := strings.Join(find(q), ","); got != want {
			t.Errorf("%q found %q, want %q", q, got, want)
		}
	}
	d.OK(d.Owner, "helpCenter.updateSettings", m{"synonyms": []string{"Luminaire, lamp"}})
	if got := find("luminaires"); len(got) > 0 {
		t.Logf("plural found %v", got)
	}
	if got := find("luminaire"); len(got) != 1 {
		t.Errorf("synonym found %v", got)
	}
	hit := d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": "flicker"})["items"].([]any)[0].(m)
	if !strings.Contains(hit["excerptMarked"].(string), "lamps <mark>flicker</mark> when") {
		t.Errorf("marked: %v", hit)
	}
	if team := apptest.Titles(d.OK(d.Owner, "articles.search", m{"q": "dimmer"})); len(team) != 4 {
		t.Errorf("the team finds %v", team)
	}
	d.Wrote("Tagged", "One more dimmer", m{"tags": []string{"wall"}})
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{"q": "dimmer", "tag": "Wall"})); len(list) != 1 || list[0] != "Tagged" {
		t.Errorf("of one tag: %v", list)
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{"q": "dimmer", "status": "draft"})); len(list) != 1 {
		t.Errorf("filtered: %v", list)
	}
	other := d.Stranger()
	if got := d.OK(other, "articles.search", m{"q": "dimmer"})["items"].([]any); len(got) != 0 {
		t.Errorf("another workspace finds %v", got)
	}
}

func TestArticlesArePaged(t *testing.T) {
	d := newDesk(t)
	for i := range 25 {
		d.OK(d.Owner, "articles.create", m{"title": fmt.Sprintf("Article %d", i), "tags": []string{"Odd", "odd "}[i%2 : i%2+1]})
	}
	seen, cursor := map[string]bool{}, any(nil)
	for range 5 {
		in := m{"limit": 10}
		if cursor != nil {
			in["cursor"] = cursor
		}
		out := d.OK(d.Owner, "articles.list", in)
		for _, title := range apptest.Titles(out) {
			seen[title] = true
		}
		if cursor = out["nextCursor"]; cursor == nil {
			break
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d of 25 seen", len(seen))
	}
	if tags := d.OK(d.Owner, "articles.listTags", m{})["tags"].([]any); len(tags) != 1 || tags[0] != "odd" {
		t.Errorf("tags: %v", tags)
	}
}
