package helpcenter_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// bilingual is a help center in English and German, with an article in a collection.
func bilingual(t *testing.T) (d *desk, shelf, article string) {
	d = newDesk(t)
	d.OK(d.Owner, "helpCenter.updateSettings", m{"languages": []string{"de", "fr"}})
	shelf = d.OK(d.Owner, "collections.create", m{"name": "Bulbs", "description": "All about them.", "icon": "bulb"})["id"].(string)
	return d, shelf, d.Wrote("Change a bulb", "Switch it off.", m{"collectionId": shelf})
}

func TestCollectionsHaveANameInEachLanguage(t *testing.T) {
	d, shelf, id := bilingual(t)
	named := d.OK(d.Owner, "collections.update", m{"collectionId": shelf, "language": "de", "name": "Leuchtmittel", "description": "Alles darüber."})
	if list := named["translations"].([]any); named["name"] != "Bulbs" || len(list) != 1 || list[0].(m)["name"] != "Leuchtmittel" {
		t.Errorf("named in German: %v", named)
	}
	for language, want := range map[string]string{"de": "Leuchtmittel", "en": "Bulbs", "fr": "Bulbs"} {
		in := m{"workspaceId": d.Workspace, "language": language}
		home := d.OK("", "helpCenter.get", in)["collections"].([]any)[0].(m)
		in["collectionId"] = shelf
		shown := d.OK("", "helpCenter.getCollection", in)["collection"].(m)
		in["articleId"] = id
		path := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "language": language, "articleId": id})["path"].([]any)[0].(m)
		if home["name"] != want || shown["name"] != want || path["name"] != want {
			t.Errorf("%s: %v, %v, %v", language, home["name"], shown["name"], path["name"])
		}
	}
	for path, want := range map[string]string{"de/": "Alles darüber.", "de/c/bulbs": "<h1>Leuchtmittel</h1>", "c/bulbs": "<h1>Bulbs</h1>", "de/a/change-a-bulb": "Leuchtmittel</a>", "de/llms.txt": "## Leuchtmittel", "de/search?q=switch": `lang="en"><svg`} {
		if status, _, out := d.Page("/help/shop/"+path, nil); status != 200 || !strings.Contains(out, want) {
			t.Errorf("%s: %d, no %s", path, status, want)
		}
	}
	_, _, out := d.Page("/help/shop/de/c/bulbs", nil)
	for _, want := range []string{`hreflang="en" href="` + d.URL + `/help/shop/c/bulbs"`, `hreflang="x-default" href="` + d.URL + `/help/shop/c/bulbs"`, `hreflang="fr" href="` + d.URL + `/help/shop/fr/c/bulbs"`, `<a href="/help/shop/c/bulbs" hreflang="en"`} {
		if !strings.Contains(out, want) {
			t.Errorf("the collection has no %s:\n%s", want, out)
		}
	}
	d.Refused("invalid", d.Owner, "collections.update", m{"collectionId": shelf, "language": "es", "name": "Bombillas"})
	d.Refused("invalid", d.Owner, "collections.update", m{"collectionId": shelf, "language": "fr", "description": "Tout."})
	d.Refused("invalid", d.Owner, "collections.update", m{"collectionId": shelf, "language": "de", "slug": "leuchtmittel"})
	d.Refused("forbidden", d.Member("viewer"), "collections.update", m{"collectionId": shelf, "language": "de", "name": "X"})
	if out := d.OK(d.Owner, "collections.update", m{"collectionId": shelf, "language": "de", "name": ""}); len(out["translations"].([]any)) != 0 {
		t.Errorf("taken back: %v", out)
	}
	if home := d.OK("", "helpCenter.get", m{"workspaceId": d.Workspace, "language": "de"})["collections"].([]any)[0].(m); home["name"] != "Bulbs" || home["description"] != "All about them." {
		t.Errorf("without a German name: %v", home)
	}
}

// Whoever begins a language that somebody else began meanwhile is told, as with any other save.
func TestTwoWritersBeginOneLanguage(t *testing.T) {
	d, _, id := bilingual(t)
	if empty := d.OK(d.Owner, "articles.get", m{"articleId": id, "language": "de"}); empty["revision"] != 0.0 || empty["title"] != "" || empty["live"] != nil || empty["url"] != nil {
		t.Errorf("nothing is said in German yet: %v", empty)
	}
	d.OK(d.Member("admin"), "articles.update", m{"articleId": id, "language": "de", "revision": 0, "title": "Birne wechseln", "content": "Ausschalten."})
	status, out := d.Call(d.Owner, "articles.update", m{"articleId": id, "language": "de", "revision": 0, "title": "Leuchtmittel tauschen", "content": "Sicherung raus."})
	if status != 409 || out["current"].(m)["title"] != "Birne wechseln" {
		t.Errorf("over what somebody else began: %d %v", status, out)
	}
	if kept := d.OK(d.Owner, "articles.get", m{"articleId": id, "language": "de"}); kept["title"] != "Birne wechseln" || kept["content"] != "Ausschalten." {
		t.Errorf("it says %v", kept)
	}
}

func TestALanguageIsWithdrawnAlone(t *testing.T) {
	d, _, id := bilingual(t)
	german := m{"articleId": id, "language": "de"}
	d.OK(d.Owner, "articles.update", m{"articleId": id, "language": "de", "title": "Birne wechseln", "content": "Zuerst ausschalten."})
	d.OK(d.Owner, "articles.publish", german)
	d.OK(d.Owner, "articles.update", m{"articleId": id, "language": "de", "slug": "birne"})
	find := func(q string) int {
		return len(apptest.Titles(d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": q, "language": "de"})))
	}
	if find("ausschalten") != 1 {
		t.Fatal("the German text is not found")
	}
	d.Refused("forbidden", d.Member("agent"), "articles.unpublish", german)
	if out := d.OK(d.Owner, "articles.unpublish", german); out["status"] != "published" || out["live"] != nil || out["title"] != "Birne wechseln" {
		t.Errorf("withdrawn in German: %v", out)
	}
	if got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "articleId": id, "language": "de"}); got["language"] != "en" || find("ausschalten") != 0 {
		t.Errorf("readers see %v, and find %d", got["language"], find("ausschalten"))
	}
	d.Refused("conflict", d.Owner, "articles.remove", m{"articleId": id, "language": "en"})
	d.Refused("not_found", d.Owner, "articles.remove", m{"articleId": id, "language": "fr"})
	d.OK(d.Owner, "articles.remove", german)
	if got := d.OK(d.Owner, "articles.get", german); got["revision"] != 0.0 || len(got["languages"].([]any)) != 1 || len(d.OK(d.Owner, "articles.listVersions", german)["items"].([]any)) != 0 {
		t.Errorf("after it was deleted: %v", got)
	}
	for _, gone := range []string{"birne", "birne-wechseln"} {
		if status, _, _ := d.Page("/help/shop/de/a/"+gone, nil); status != 404 {
			t.Errorf("%s: %d", gone, status)
		}
	}
	if got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "articleId": id}); got["title"] != "Change a bulb" {
		t.Errorf("the English text: %v", got)
	}
	// What is published in one further language only cannot lose that.
	d.OK(d.Owner, "articles.update", m{"articleId": id, "language": "de", "title": "Birne wechseln"})
	d.OK(d.Owner, "articles.publish", german)
	d.OK(d.Owner, "articles.unpublish", m{"articleId": id, "language": "en"})
	d.Refused("conflict", d.Owner, "articles.remove", german)
	if out := d.OK(d.Owner, "articles.unpublish", german); out["status"] != "draft" {
		t.Errorf("without a last language it is %v", out["status"])
	}
}

func TestMapsAndFeedsSpeakEachLanguage(t *testing.T) {
	d, _, id := bilingual(t)
	d.OK(d.Owner, "articles.update", m{"articleId": id, "language": "de", "title": "Birne wechseln", "content": "Zuerst ausschalten."})
	d.OK(d.Owner, "articles.publish", m{"articleId": id, "language": "de"})
	base := d.URL + "/help/shop"
	for path, want := range map[string]struct{ has, not []string }{
		"sitemap.xml": {[]string{base + "/</loc>", base + "/de/</loc>", base + "/fr/c/bulbs</loc>", base + "/a/change-a-bulb</loc>", base + "/de/a/birne-wechseln</loc>"}, []string{"/fr/a/"}},
		"feed.xml":    {[]string{"Change a bulb", "<language>en</language>"}, []string{"Birne"}},
		"de/feed.xml": {[]string{"Birne wechseln", "<language>de</language>", "<link>" + base + "/de/</link>"}, []string{"Change a bulb"}},
		"de/":         {[]string{`href="/help/shop/de/feed.xml"`}, []string{`href="/help/shop/feed.xml"`}},
		"fr/":         {[]string{"Comment pouvons-nous vous aider"}, []string{"How can we help"}},
	} {
		_, _, out := d.Page("/help/shop/"+path, nil)
		for _, w := range want.has {
			if !strings.Contains(out, w) {
				t.Errorf("%s has no %s:\n%s", path, w, out)
			}
		}
		for _, w := range want.not {
			if strings.Contains(out, w) {
				t.Errorf("%s has %s", path, w)
			}
		}
	}
}

// What only the file of collections can say goes out and comes in: words, icon, languages, order.
func TestCollectionsGoOutAndComeIn(t *testing.T) {
	d, bulbs, _ := bilingual(t)
	d.OK(d.Owner, "collections.update", m{"collectionId": bulbs, "language": "de", "name": "Leuchtmittel", "description": "Alles darüber."})
	about := d.shelf("About us", nil) // after Bulbs, though its name comes before
	d.Wrote("Zebra", "x", m{"collectionId": about})
	d.Wrote("Apple", "x", m{"collectionId": about}) // after Zebra
	d.shelf("Empty", nil)
	out := d.Exported()
	if _, same := d.Sync(d.Owner, out, ""); apptest.Counted(same) != "0 created, 0 updated, 0 deleted, 3 unchanged" {
		t.Errorf("into the same workspace: %s", apptest.Counted(same))
	}
	e := newDesk(t)
	e.OK(e.Owner, "helpCenter.updateSettings", m{"languages": []string{"de"}})
	there := e.shelf("Already here", nil)
	e.Wrote("Mine", "x", m{"collectionId": e.shelf("About us", nil)})
	if status, came := e.Sync(e.Owner, out, ""); status != 200 || apptest.Counted(came) != "3 created, 0 updated, 0 deleted, 0 unchanged" {
		t.Fatalf("into another: %d %v", status, came)
	}
	var names []string
	for _, c := range e.OK(e.Owner, "collections.list", m{})["items"].([]any) {
		c := c.(m)
		names = append(names, c["name"].(string))
		if c["name"] == "Bulbs" && (c["description"] != "All about them." || c["icon"] != "bulb" || c["translations"].([]any)[0].(m)["name"] != "Leuchtmittel" || c["translations"].([]any)[0].(m)["description"] != "Alles darüber.") {
			t.Errorf("came as %v", c)
		}
	}
	if got := strings.Join(names, ", "); got != "Already here, About us, Bulbs, Empty" || there == "" {
		t.Errorf("they stand as %s", got)
	}
	var titles []string
	for _, c := range e.OK("", "helpCenter.get", m{"workspaceId": e.Workspace})["collections"].([]any) {
		if c := c.(m); c["name"] == "About us" {
			titles = apptest.Titles(m{"items": e.OK("", "helpCenter.getCollection", m{"workspaceId": e.Workspace, "collectionId": c["id"]})["articles"]})
		}
	}
	if got := strings.Join(titles, ", "); got != "Mine, Zebra, Apple" {
		t.Errorf("articles stand as %s", got)
	}
}

func TestABrokenFileOfCollectionsChangesNothing(t *testing.T) {
	d := newDesk(t)
	for what, raw := range map[string]string{
		"no JSON": `[{"path":`, "no list": `{}`, "no path": `[{"description":"x"}]`, "too deep": `[{"path":["1","2","3","4","5","6","7"]}]`, "a wrong icon": `[{"path":["a"],"icon":"<svg>"}]`,
		"a wrong language": `[{"path":["a"],"languages":{"../x":{"name":"b"}}}]`, "no name": `[{"path":["a"],"languages":{"de":{"name":""}}}]`, "a long text": `[{"path":["a"],"description":"` + strings.Repeat("x", 501) + `"}]`,
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range map[string]string{"a/b.md": "# B\n\nwords", "_collections.json": raw} {
			f, _ := z.Create(name)
			f.Write([]byte(text))
		}
		z.Close()
		for _, dry := range []string{"&dryRun=true", ""} {
			if status, out := d.Sync(d.Owner, b.Bytes(), dry); status != 422 && status != 400 || !strings.Contains(out["detail"].(string), "_collections.json") {
				t.Errorf("%s%s: %d %v", what, dry, status, out)
			}
		}
	}
	if n := len(d.OK(d.Owner, "articles.list", m{})["items"].([]any)) + len(d.OK(d.Owner, "collections.list", m{})["items"].([]any)); n != 0 {
		t.Errorf("%d were made", n)
	}
}
