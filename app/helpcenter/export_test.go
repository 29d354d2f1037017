package helpcenter_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

// unpacked are the files of a zip, with our own ids, which no two workspaces share, taken out.
func unpacked(t *testing.T, content []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ids := regexp.MustCompile(`_assets/[0-9a-z]{13}`)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(r)
		r.Close()
		out[ids.ReplaceAllString(f.Name, "_assets/x")+fmt.Sprint(len(b)*len(ids.FindString(f.Name)))] = ids.ReplaceAllString(string(b), "_assets/x")
	}
	return out
}

// Whatever stands in a help center: what goes out and comes in again changes nothing, and in an empty workspace it makes
// the same help center.
func TestExportAndImportAreInverse(t *testing.T) {
	d, random := newDesk(t), rand.New(rand.NewPCG(7, 9))
	d.OK(d.Owner, "helpCenter.updateSettings", m{"languages": []string{"de", "pt-BR"}})
	pieces := []string{"Plain words", "Größe & \"Maß\"", "日本語 ガイド", "a: b", "- dash", "# hash", "It's 'quoted'", "back\\slash", "[brackets](x)", "{{braces}}", "émoji 🎉", "tags: [a]", "---", "a / b", "100 %"}
	pick := func() string { return pieces[random.IntN(len(pieces))] }
	var shelves, articles []string
	for i := range 6 {
		in := m{"name": fmt.Sprint(pick(), " ", i), "description": pick(), "icon": []string{"", "book", "bulb"}[i%3]}
		if len(shelves) > 0 && random.IntN(2) == 0 {
			in["parentId"] = shelves[random.IntN(len(shelves))]
		}
		shelves = append(shelves, d.OK(d.Owner, "collections.create", in)["id"].(string))
		if i%2 == 0 {
			d.OK(d.Owner, "collections.update", m{"collectionId": shelves[i], "language": "de", "name": pick(), "description": pick()})
		}
	}
	_, asset := d.Picture(d.Owner, []byte(apptest.Dot(3)))
	for i := range 40 {
		var body strings.Builder
		for range random.IntN(6) {
			switch random.IntN(7) {
			case 0:
				fmt.Fprintf(&body, "![%s](%s)\n\n", "alt", asset["reference"])
			case 1:
				if len(articles) > 0 {
					fmt.Fprintf(&body, "See [it](article:%s#part).\n\n", articles[random.IntN(len(articles))])
				}
			case 2:
				body.WriteString("```yaml\ntitle: [x](y.md)\n---\n```\n\n")
			case 3:
				body.WriteString("> [!TIP]\n> " + pick() + "\n\n")
			case 4:
				body.WriteString("| a | b |\n|-|-|\n| " + strings.ReplaceAll(pick(), "|", "") + " | d |\n\n")
			default:
				body.WriteString("## " + pick() + "\n\n" + pick() + "\n\n")
			}
		}
		in := m{"title": fmt.Sprint(pick(), " ", i), "content": body.String(), "tags": []string{"one", "two", "größe"}[:random.IntN(4)]}
		if random.IntN(3) > 0 {
			in["collectionId"] = shelves[random.IntN(len(shelves))]
		}
		if random.IntN(2) == 0 {
			in["description"] = pick()
		}
		if random.IntN(4) == 0 {
			in["visibility"] = "internal"
		}
		if i%8 == 5 { // it says nothing in the help center's own language
			in["language"] = "de"
		}
		id := d.OK(d.Owner, "articles.create", in)["id"].(string)
		if len(articles) > 2 && i%4 == 1 {
			d.OK(d.Owner, "articles.update", m{"articleId": id, "language": in["language"], "relatedIds": []string{articles[i-2], articles[random.IntN(i-2)]}})
		}
		articles = append(articles, id)
		if in["language"] != nil {
			d.OK(d.Owner, "articles.publish", m{"articleId": id, "language": "de"})
			d.OK(d.Owner, "articles.update", m{"articleId": id, "language": "pt-BR", "title": fmt.Sprint("Em português ", i), "content": pick()})
			d.OK(d.Owner, "articles.publish", m{"articleId": id, "language": "pt-BR"})
		} else if random.IntN(4) > 0 {
			d.OK(d.Owner, "articles.publish", m{"articleId": id})
			if random.IntN(3) == 0 {
				d.OK(d.Owner, "articles.update", m{"articleId": id, "language": "de", "title": fmt.Sprint("Auf Deutsch ", i), "content": pick(), "seoTitle": pick()})
				d.OK(d.Owner, "articles.publish", m{"articleId": id, "language": "de"})
			}
		}
	}
	for i := 0; i < len(articles); i += 7 {
		d.OK(d.Owner, "articles.archive", m{"articleId": articles[i]})
	}
	empty := d.shelf("Nothing / here", nil)
	d.OK(d.Owner, "collections.create", m{"name": "Nor here", "parentId": empty, "icon": "box"})
	out := d.Exported()
	before := apptest.JSON(d.OK(d.Owner, "articles.list", m{"limit": 100}))
	_, same := d.Sync(d.Owner, out, "")
	if n := same["unchanged"]; len(same["created"].([]any))+len(same["updated"].([]any))+len(same["deleted"].([]any))+len(same["unresolved"].([]any)) != 0 || n != float64(len(unpacked(t, out))-2) { // all but the picture and the file of collections
		t.Errorf("into the same workspace: %s, updated %v, unresolved %v", apptest.Counted(same), same["updated"], same["unresolved"])
	}
	if after := apptest.JSON(d.OK(d.Owner, "articles.list", m{"limit": 100})); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
	e := newDesk(t)
	e.OK(e.Owner, "helpCenter.updateSettings", m{"languages": []string{"de", "pt-BR"}})
	if status, came := e.Sync(e.Owner, out, ""); status != 200 || len(came["unresolved"].([]any)) != 0 {
		t.Fatalf("into another: %d %v", status, came)
	}
	want, got := unpacked(t, out), unpacked(t, e.Exported())
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s was\n%s\nand is\n%s", name, text, got[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files became %d", len(want), len(got))
	}
}

// What has nothing to read is of a backup too: articles that are put away, and collections without any. A trial names the
// collections, and taking the import back takes those away that stay empty.
func TestABackupCarriesWhatNobodyReads(t *testing.T) {
	d := newDesk(t)
	lamps := d.shelf("Lamps", nil)
	old := d.Wrote("Old bulbs", "What they *were*.", m{"collectionId": lamps, "tags": []string{"old"}})
	d.OK(d.Owner, "articles.archive", m{"articleId": old})
	d.OK(d.Owner, "articles.update", m{"articleId": old, "content": "What they **are**."})
	d.OK(d.Owner, "collections.create", m{"name": "Later", "parentId": lamps, "description": "To come", "icon": "box"})
	d.shelf("This / that", nil)
	out := d.Exported()
	e := newDesk(t)
	_, plan := e.Sync(e.Owner, out, "&dryRun=true")
	if got := apptest.JSON(plan["collections"]); apptest.Counted(plan) != "1 created, 0 updated, 0 deleted, 0 unchanged" || got != `["Lamps","Lamps / Later","This / that"]` {
		t.Errorf("a trial: %s %s", apptest.Counted(plan), got)
	}
	if list := e.OK(e.Owner, "collections.list", m{})["items"].([]any); len(list) != 0 {
		t.Errorf("a trial left %v", list)
	}
	_, came := e.Sync(e.Owner, out, "")
	e.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": e.Workspace, "slug": "old-bulbs"})
	list := e.OK(e.Owner, "articles.list", m{"status": "archived"})["items"].([]any)
	if len(list) != 1 || len(e.OK(e.Owner, "articles.list", m{})["items"].([]any)) != 0 {
		t.Fatalf("put away: %v", list)
	}
	if got := e.OK(e.Owner, "articles.get", m{"articleId": list[0].(m)["id"]}); got["content"] != "What they **are**." || got["status"] != "archived" || got["collectionId"] == nil || got["live"] != nil || got["tags"].([]any)[0] != "old" {
		t.Errorf("came back as %v", got)
	}
	names := func() (list []string) {
		for _, c := range e.OK(e.Owner, "collections.list", m{})["items"].([]any) {
			list = append(list, fmt.Sprintf("%v, %v, %v, %v", c.(m)["name"], c.(m)["description"], c.(m)["icon"], c.(m)["parentId"] != nil))
		}
		slices.Sort(list)
		return list
	}
	if got := names(); !slices.Equal(got, []string{"Lamps, <nil>, <nil>, false", "Later, To come, box, true", "This / that, <nil>, <nil>, false"}) {
		t.Errorf("collections: %q", got)
	}
	if _, again := e.Sync(e.Owner, out, ""); again["importId"] != nil || len(again["collections"].([]any)) != 0 {
		t.Errorf("once more: %v", again)
	}
	e.OK(e.Owner, "helpCenter.restoreImport", m{"importId": came["importId"]})
	if got := names(); !slices.Equal(got, []string{"Lamps, <nil>, <nil>, false"}) {
		t.Errorf("after it was taken back: %q", got)
	}
	only := apptest.Zipped(t, map[string]string{"_collections.json": `[{"path":["Alone"]}]`})
	if _, out := e.Sync(e.Owner, only, "&source=other"); out["importId"] == nil || !slices.Contains(names(), "Alone, <nil>, <nil>, false") {
		t.Errorf("collections and no article: %v, %q", out, names())
	}
	for name, bad := range map[string]string{"no name": `[{"path":[""]}]`, "a long one": `[{"path":["` + strings.Repeat("x", 101) + `"]}]`, "no list": `{}`, "too deep": `[{"path":["1","2","3","4","5","6","7"]}]`} {
		if status, out := e.Sync(e.Owner, apptest.Zipped(t, map[string]string{"_collections.json": bad, "a.md": "# A"}), "&source=bad"); status != 422 {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
}
