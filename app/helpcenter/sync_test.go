package helpcenter_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

func TestAFolderOfMarkdownComesInChangesAndIsTakenBack(t *testing.T) {
	d := newDesk(t)
	files := apptest.Docs()
	files["docs/topic-0/broken.md"] = "---\ntitle: \"Broken: links\"\ntags: [one, Two]\nvisibility: internal\n---\n![x](nope.png) [y](gone.md) [out](https://shop.example) `![z](no.png)`\n"
	status, plan := d.Sync(d.Owner, apptest.Zipped(t, files), "&dryRun=true")
	if status != 200 || apptest.Counted(plan) != "61 created, 0 updated, 0 deleted, 0 unchanged" || len(plan["unresolved"].([]any)) < 2 {
		t.Fatalf("%d %s %v", status, apptest.Counted(plan), plan["unresolved"])
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("a trial left %v", list)
	}
	_, out := d.Sync(d.Owner, apptest.Zipped(t, files), "")
	if apptest.Counted(out) != apptest.Counted(plan) {
		t.Errorf("applied: %s, planned: %s", apptest.Counted(out), apptest.Counted(plan))
	}
	if hits := apptest.Titles(d.OK("", "helpCenter.search", m{"workspaceId": d.Workspace, "q": "thing17"})); len(hits) != 1 || hits[0] != "Page 17" {
		t.Errorf("found %v", hits)
	}
	page := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-17"})
	if html := page["contentHtml"].(string); !strings.Contains(html, "<img src=") || !strings.Contains(html, "/help/shop/a/page-18#more") || page["path"].([]any)[0].(m)["name"] != "Topic 5" {
		t.Errorf("page 17: %v", page)
	}
	d.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "broken-links"})
	if _, again := d.Sync(d.Owner, apptest.Zipped(t, files), ""); apptest.Counted(again) != "0 created, 0 updated, 0 deleted, 61 unchanged" {
		t.Errorf("the same again: %s %v", apptest.Counted(again), again["updated"])
	}
	files["docs/topic-0/page-00.md"] = "# Page 0\n\nNew words."
	files["docs/topic-1/page-01.md"] += "\nmore"
	delete(files, "docs/topic-2/page-02.md")
	_, changed := d.Sync(d.Owner, apptest.Zipped(t, files), "")
	if apptest.Counted(changed) != "0 created, 3 updated, 1 deleted, 57 unchanged" && apptest.Counted(changed) != "0 created, 2 updated, 1 deleted, 58 unchanged" {
		t.Errorf("three changed: %s %v", apptest.Counted(changed), changed["updated"])
	}
	d.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-2"})
	d.OK(d.Owner, "helpCenter.restoreImport", m{"importId": changed["importId"]})
	d.Refused("conflict", d.Owner, "helpCenter.restoreImport", m{"importId": changed["importId"]})
	if got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-0"}); strings.Contains(got["contentHtml"].(string), "New words") {
		t.Errorf("not taken back: %v", got)
	}
	d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-2"})
	if runs := d.OK(d.Owner, "helpCenter.listImports", m{})["items"].([]any); len(runs) != 2 || runs[0].(m)["restoredAt"] == nil {
		t.Errorf("runs: %v", runs)
	}
	if status, _ := d.Sync(d.Member("agent"), apptest.Zipped(t, files), ""); status != 403 {
		t.Errorf("an agent: %d", status)
	}
}

func TestWhatGoesOutComesInTheSame(t *testing.T) {
	d := newDesk(t)
	_, a := d.Picture(d.Owner, []byte(apptest.Dot(1)))
	top := d.shelf("Bulbs & dimmers", nil)
	first := d.Wrote("Say \"hello\"", "![dot]("+a["reference"].(string)+")\n\n> [!WARNING]\n> Fuse", m{"collectionId": d.shelf("Dimmers", top), "tags": []string{"a", "b"}, "description": "One: two"})
	d.Wrote("Second", "See [the first](article:"+first+"#x).", m{"visibility": "internal"})
	d.OK(d.Owner, "articles.create", m{"title": "A draft"})
	out := d.Exported()
	if _, same := d.Sync(d.Owner, out, ""); apptest.Counted(same) != "0 created, 0 updated, 0 deleted, 3 unchanged" || same["importId"] != nil {
		t.Errorf("into the same workspace: %s %v", apptest.Counted(same), same)
	}
	e := newDesk(t)
	if status, new := e.Sync(e.Owner, out, ""); status != 200 || apptest.Counted(new) != "3 created, 0 updated, 0 deleted, 0 unchanged" || len(new["unresolved"].([]any)) != 0 {
		t.Fatalf("into another: %d %s %v", status, apptest.Counted(new), new)
	}
	got := e.OK("", "helpCenter.getArticle", m{"workspaceId": e.Workspace, "slug": "say-hello"})
	if got["title"] != "Say \"hello\"" || got["description"] != "One: two" || !strings.Contains(got["contentHtml"].(string), "callout warning") || !strings.Contains(got["contentHtml"].(string), "<img") || got["path"].([]any)[0].(m)["name"] != "Bulbs & dimmers" {
		t.Errorf("got %v", got)
	}
	for _, i := range e.OK(e.Owner, "articles.list", m{})["items"].([]any) {
		l := i.(m)
		if l["title"] == "Second" && l["visibility"] != "internal" || l["title"] == "A draft" && l["status"] != "draft" {
			t.Errorf("%v", l)
		}
	}
}

func TestHarmfulZipsAreRefused(t *testing.T) {
	d := newDesk(t)
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		var packed bytes.Buffer // once: packing takes longest
		w, _ := flate.NewWriter(&packed, flate.BestSpeed)
		sum := crc32.NewIEEE()
		io.CopyN(io.MultiWriter(w, sum), zeros{}, 900<<10)
		w.Close()
		for i := range 200 {
			w, _ := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%d.md", i), Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(packed.Len()), UncompressedSize64: 900 << 10})
			w.Write(packed.Bytes())
		}
		z.Close()
		return b.Bytes()
	}
	link := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "link.md"}
		h.SetMode(0o777 | 1<<27) // a symbolic link
		w, _ := z.CreateHeader(h)
		w.Write([]byte("/etc/passwd"))
		z.Close()
		return b.Bytes()
	}
	many := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range 50001 {
			z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%d.md", i)})
		}
		z.Close()
		return b.Bytes()
	}
	for name, content := range map[string][]byte{
		"up": apptest.Zipped(t, map[string]string{"../x.md": "# x"}), "absolute": apptest.Zipped(t, map[string]string{"/x.md": "# x"}), "backslash": apptest.Zipped(t, map[string]string{`..\x.md`: "# x"}),
		"inside": apptest.Zipped(t, map[string]string{"a/../../x.md": "# x"}), "NUL": apptest.Zipped(t, map[string]string{"a\x00.md": "# x"}), "drive": apptest.Zipped(t, map[string]string{"c:x.md": "# x"}),
		"no zip": []byte("hello"), "empty": apptest.Zipped(t, map[string]string{}), "no Markdown": apptest.Zipped(t, map[string]string{"a.txt": "x"}), "bomb": bomb(), "link": link(), "many": many(),
		"one huge": apptest.Zipped(t, map[string]string{"a.md": strings.Repeat("x", 2<<20)}), "false picture": apptest.Zipped(t, map[string]string{"a.md": "![x](b.png)", "b.png": "<svg onload=alert(1)>"}),
	} {
		if status, out := d.Sync(d.Owner, content, ""); status != 422 && status != 413 {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("they left %v", list)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
