package helpcenter_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// related are the titles that a reader is shown beside an article, in order.
func (d *desk) related(id string) (titles []string) {
	d.T.Helper()
	for _, r := range d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "articleId": id})["related"].([]any) {
		titles = append(titles, r.(m)["title"].(string))
	}
	return titles
}

// besides is what the team is shown beside an article, as "title status".
func (d *desk) besides(id string) (list []string) {
	d.T.Helper()
	for _, r := range d.OK(d.Owner, "articles.get", m{"articleId": id})["related"].([]any) {
		list = append(list, fmt.Sprint(r.(m)["title"], " ", r.(m)["status"]))
	}
	return list
}

func TestAnAuthorChoosesWhatStandsBesideAnArticle(t *testing.T) {
	d := newDesk(t)
	id := d.Wrote("Dimmers", "Turn them.", m{"tags": []string{"led"}})
	bulbs := d.Wrote("Bulbs", "They shine.", m{"tags": []string{"led"}})
	returns, warranty := d.Wrote("Returns", "Within 30 days.", nil), d.Wrote("Warranty", "Two years.", nil)
	note := d.Wrote("What we never say", "Secret.", m{"visibility": "internal"})
	draft := d.OK(d.Owner, "articles.create", m{"title": "A draft"})["id"].(string)
	if got := d.related(id); !slices.Equal(got, []string{"Bulbs"}) {
		t.Fatalf("by the program alone: %v", got)
	}
	d.OK(d.Member("agent"), "articles.get", m{"articleId": id})
	out := d.OK(d.Owner, "articles.update", m{"articleId": id, "relatedIds": []string{warranty, note, draft, returns}})
	if len(out["related"].([]any)) != 4 || out["revision"] != 1.0 {
		t.Errorf("the answer: %v", out)
	}
	if got := d.related(id); !slices.Equal(got, []string{"Warranty", "Returns", "Bulbs"}) {
		t.Errorf("chosen: %v", got)
	}
	if got := d.besides(id); !slices.Equal(got, []string{"Warranty published", "What we never say published", "A draft draft", "Returns published"}) {
		t.Errorf("for the team: %v", got)
	}
	if _, _, page := d.Page("/help/shop/a/dimmers", nil); !regexp.MustCompile(`(?s)class="related".*>Warranty<.*>Returns<.*>Bulbs<`).MatchString(page) || strings.Contains(page, "never say") || strings.Contains(page, "A draft") {
		t.Errorf("the public page: %s", page)
	}
	d.OK(d.Owner, "articles.unpublish", m{"articleId": warranty})
	d.OK(d.Owner, "articles.remove", m{"articleId": returns})
	if got := d.related(id); !slices.Equal(got, []string{"Bulbs"}) {
		t.Errorf("after one was unpublished and one deleted: %v", got)
	}
	if got := d.besides(id); !slices.Equal(got, []string{"Warranty draft", "What we never say published", "A draft draft", "Returns deleted"}) {
		t.Errorf("for the team after that: %v", got)
	}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "relatedIds": []string{bulbs, returns}}) // what is deleted may stay, and be moved
	if got := d.besides(id); !slices.Equal(got, []string{"Bulbs published", "Returns deleted"}) {
		t.Errorf("in another order: %v", got)
	}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "relatedIds": []string{}})
	if got := d.besides(id); len(got) != 0 || !slices.Equal(d.related(id), []string{"Bulbs"}) {
		t.Errorf("nothing chosen any more: %v %v", got, d.related(id))
	}
	d.Refused("invalid", d.Owner, "articles.update", m{"articleId": id, "relatedIds": []string{returns}})
}

func TestWhatCannotStandBesideAnArticleIsRefused(t *testing.T) {
	d := newDesk(t)
	id, bulbs := d.Wrote("Dimmers", "Turn them.", nil), d.Wrote("Bulbs", "They shine.", nil)
	eve := d.Stranger()
	theirs := d.OK(eve, "articles.create", m{"title": "Elsewhere"})["id"].(string)
	d.OK(eve, "articles.publish", m{"articleId": theirs})
	many := []string{bulbs}
	for i := range 10 {
		many = append(many, d.Wrote(fmt.Sprint("Further ", i), "x", nil))
	}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "relatedIds": []string{bulbs}})
	for name, ids := range map[string]any{"another workspace's": []string{bulbs, theirs}, "itself": []string{id}, "twice": []string{bulbs, bulbs}, "none there": []string{"0SAZPVHNMQ3QW"}, "no id": []string{"bulbs"}, "eleven": many, "no list": bulbs} {
		if status, out := d.Call(d.Owner, "articles.update", m{"articleId": id, "title": "Changed", "relatedIds": ids}); status != 422 {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	for _, who := range []string{d.Member("viewer"), eve} {
		if status, out := d.Call(who, "articles.update", m{"articleId": id, "relatedIds": []string{}}); status != 403 && status != 404 {
			t.Errorf("somebody who may not: %d %v", status, out)
		}
	}
	if got := d.besides(id); !slices.Equal(got, []string{"Bulbs published"}) {
		t.Errorf("they left %v", got)
	}
	if got := d.OK(d.Owner, "articles.get", m{"articleId": id}); got["title"] != "Dimmers" {
		t.Errorf("they changed the article: %v", got)
	}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "relatedIds": many[1:]})
	if got := d.related(id); len(got) != 10 || got[9] != "Further 9" {
		t.Errorf("ten chosen: %v", got)
	}
}

// What stands beside an article is in the head of its file, goes along in a round trip, and is taken back with an import.
func TestWhatStandsBesideAnArticleGoesAlong(t *testing.T) {
	d := newDesk(t)
	shelf := d.shelf("Lamps", nil)
	id, first, second := d.Wrote("Dimmers", "Turn them.", m{"collectionId": shelf}), d.Wrote("Bulbs", "They shine.", m{"collectionId": shelf}), d.Wrote("Returns", "Within 30 days.", nil)
	gone := d.Wrote("Gone", "x", nil)
	d.OK(d.Owner, "articles.update", m{"articleId": id, "relatedIds": []string{second, gone, first}})
	d.OK(d.Owner, "articles.remove", m{"articleId": gone})
	out := d.Exported()
	if head := unpacked(t, out)["lamps/dimmers.md0"]; !strings.Contains(head, "\nrelated: [../returns.md, bulbs.md]\n") {
		t.Errorf("the file: %s", head)
	}
	if _, same := d.Sync(d.Owner, out, ""); apptest.Counted(same) != "0 created, 0 updated, 0 deleted, 3 unchanged" {
		t.Errorf("into the same workspace: %s", apptest.Counted(same))
	}
	e := newDesk(t)
	if _, came := e.Sync(e.Owner, out, ""); apptest.Counted(came) != "3 created, 0 updated, 0 deleted, 0 unchanged" || len(came["unresolved"].([]any)) != 0 {
		t.Fatalf("into another: %s %v", apptest.Counted(came), came["unresolved"])
	}
	there := e.OK("", "helpCenter.getArticle", m{"workspaceId": e.Workspace, "slug": "dimmers"})["id"].(string)
	if got := e.related(there); !slices.Equal(got, []string{"Returns", "Bulbs"}) {
		t.Errorf("in another workspace: %v", got)
	}
	files := map[string]string{"a.md": "---\nrelated: [c.md, \"b.md\", nope.md, a.md, b.md]\n---\n# A\n\nx", "b.md": "# B\n\nx", "c.md": "# C\n\nx"}
	_, came := e.Sync(e.Owner, apptest.Zipped(t, files), "&source=mine")
	if list := came["unresolved"].([]any); len(list) != 1 || list[0] != "a.md: nope.md" {
		t.Errorf("unresolved: %v", list)
	}
	a := e.OK("", "helpCenter.getArticle", m{"workspaceId": e.Workspace, "slug": "a"})["id"].(string)
	if got := e.related(a); !slices.Equal(got[:2], []string{"C", "B"}) {
		t.Errorf("from a folder: %v", got)
	}
	files["a.md"] = "---\nrelated: [b.md]\n---\n# A\n\nx"
	_, changed := e.Sync(e.Owner, apptest.Zipped(t, files), "&source=mine")
	if got := e.besides(a); apptest.Counted(changed) != "0 created, 1 updated, 0 deleted, 2 unchanged" || !slices.Equal(got, []string{"B published"}) {
		t.Errorf("changed: %s %v", apptest.Counted(changed), got)
	}
	e.OK(e.Owner, "helpCenter.restoreImport", m{"importId": changed["importId"]})
	if got := e.besides(a); !slices.Equal(got, []string{"C published", "B published"}) {
		t.Errorf("taken back: %v", got)
	}
}
