package helpcenter_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/store"
)

// noise is a picture that does not pack.
func noise(random *rand.Rand) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1600))
	for i := range img.Pix {
		img.Pix[i] = uint8(random.Uint32())
	}
	var b bytes.Buffer
	(&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, img)
	return b.Bytes()
}

// A help center of thousands of articles and many megabytes of pictures goes out, and comes in again: where it is, nothing
// changes; where nothing is, all of it would be made. Neither holds it in memory.
func TestALargeHelpCenterGoesOutAndComesIn(t *testing.T) {
	d, random := newDesk(t), rand.New(rand.NewPCG(3, 4))
	const articles, pictures = 5200, 8
	var shown []string
	for range pictures {
		_, asset := d.Picture(d.Owner, noise(random))
		shown = append(shown, asset["reference"].(string))
	}
	_, err := d.App.DB.Write(t.Context(), d.Space(), func(tx *store.Tx) error {
		for i := range articles {
			a := &store.Article{Status: "draft", Visibility: "public", Position: int64(i + 1)}
			if err := tx.Articles.Add(a); err != nil {
				return err
			}
			var words strings.Builder
			fmt.Fprintf(&words, "![it](%s)\n", shown[i%pictures])
			for range 12 {
				fmt.Fprintf(&words, "w%x ", random.Uint32())
			}
			text := &store.Text{Article: a.ID, Language: "en", Slug: fmt.Sprint("page-", i), Title: fmt.Sprint("Page ", i), Content: strings.TrimSpace(words.String())}
			if err := tx.Articles.AddText(text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	grown, took := peak(func() { out = d.Exported() })
	t.Logf("out: %d MB in %s, the heap grew by %d MB with the zip in it", len(out)>>20, took.Round(time.Millisecond), grown>>20)
	if len(out) < 65<<20 {
		t.Fatalf("it has only %d bytes", len(out))
	}
	var same m
	grown, took = peak(func() { _, same = d.Sync(d.Owner, out, "") })
	t.Logf("in: in %s, the heap grew by %d MB with two copies of the zip in it", took.Round(time.Millisecond), grown>>20)
	if apptest.Counted(same) != fmt.Sprintf("0 created, 0 updated, 0 deleted, %d unchanged", articles) || same["importId"] != nil {
		t.Errorf("into the same workspace: %s", apptest.Counted(same))
	}
	e := newDesk(t)
	status, plan := e.Sync(e.Owner, out, "&dryRun=true")
	if status != 200 || apptest.Counted(plan) != fmt.Sprintf("%d created, 0 updated, 0 deleted, 0 unchanged", articles) || len(plan["unresolved"].([]any)) != 0 || plan["pictures"] != float64(pictures) {
		t.Errorf("into another: %d %s, %v pictures", status, apptest.Counted(plan), plan["pictures"])
	}
}

// What is not a help center's own export is still bounded: in files, in what a zip unpacks to, and in the length of its
// directory; and nothing is left of what was refused.
func TestLimitsOfAnImport(t *testing.T) {
	d := newDesk(t)
	one := strings.Repeat("lamp ", 300<<10)[:1<<20]
	packed := deflated(t, 1)
	repeated := func(n int) []byte { // n files of a megabyte each
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range n {
			w, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%d.md", i), Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(make([]byte, 1<<20)), CompressedSize64: uint64(len(packed)), UncompressedSize64: 1 << 20})
			if err != nil {
				t.Fatal(err)
			}
			w.Write(packed)
		}
		z.Close()
		return b.Bytes()
	}
	longNames := func() []byte { // a directory of many megabytes, of few files
		local, one := entry(strings.Repeat("n", 60000)+".md", []byte("# x"), 0, crc32.ChecksumIEEE([]byte("# x")), 3, 0)
		return ended(local, bytes.Repeat(one, 1150), 1150)
	}
	for name, content := range map[string][]byte{"a bomb of modest files": repeated(65), "long names": longNames(), "a text of more than a megabyte": apptest.Zipped(t, map[string]string{"a.md": one + "x"})} {
		var status int
		var out m
		grown, _ := peak(func() { status, out = d.Sync(d.Owner, content, "&dryRun=true") })
		if status != 413 {
			t.Errorf("%s: %d %v", name, status, out)
		}
		if grown > 128<<20+3*int64(len(content)) { // the longest directory, and what this test sends
			t.Errorf("%s took %d MB", name, grown>>20)
		}
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("they left %v", list)
	}
}

// What is planned goes along: an article that was to be published is published where it came, at its time, also where it is
// read already in one of its languages. What was planned for a time that is over stays a draft, and so does what is put away.
func TestPlannedTimesGoAlong(t *testing.T) {
	d := newDesk(t)
	d.Stop()
	d.OK(d.Owner, "helpCenter.updateSettings", m{"languages": []string{"de"}})
	at := func(d *desk, id string) any { return d.OK(d.Owner, "articles.get", m{"articleId": id})["publishAt"] }
	soon := d.OK(d.Owner, "articles.create", m{"title": "Soon", "content": "It comes.", "tags": []string{"one", "two"}})["id"].(string)
	d.OK(d.Owner, "articles.schedule", m{"articleId": soon, "at": d.App.DB.Now().Add(time.Hour)})
	half := d.Wrote("Half", "It is here.", nil)
	d.OK(d.Owner, "articles.update", m{"articleId": half, "language": "de", "title": "Halb", "content": "Es kommt."})
	d.OK(d.Owner, "articles.schedule", m{"articleId": half, "at": d.App.DB.Now().Add(2 * time.Hour)})
	d.OK(d.Owner, "articles.create", m{"title": "Unplanned"})
	out := d.Exported()
	if _, same := d.Sync(d.Owner, out, ""); same["importId"] != nil {
		t.Errorf("into the same workspace: %s, %v", apptest.Counted(same), same["updated"])
	}
	e := newDesk(t)
	e.Stop()
	e.OK(e.Owner, "helpCenter.updateSettings", m{"languages": []string{"de"}})
	e.Sync(e.Owner, out, "")
	ids := map[string]string{}
	for _, i := range e.OK(e.Owner, "articles.list", m{})["items"].([]any) {
		ids[i.(m)["title"].(string)] = i.(m)["id"].(string)
	}
	for title, id := range map[string]string{"Soon": soon, "Half": half} {
		if got, want := at(e, ids[title]), at(d, id); got != want || got == nil {
			t.Errorf("%s is planned for %v, it was for %v", title, got, want)
		}
	}
	if got := at(e, ids["Unplanned"]); got != nil {
		t.Errorf("what nobody planned is planned for %v", got)
	}
	if got := e.OK(e.Owner, "articles.get", m{"articleId": ids["Soon"]})["tags"]; apptest.JSON(got) != `["one","two"]` {
		t.Errorf("tags: %v", got)
	}
	want, got := unpacked(t, out), unpacked(t, e.Exported())
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s was\n%s\nand is\n%s", name, text, got[name])
		}
	}
	e.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": e.Workspace, "slug": "soon"})
	e.Later(61 * time.Minute)
	if err := e.App.Help.PublishDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.OK("", "helpCenter.getArticle", m{"workspaceId": e.Workspace, "slug": "soon"})
	f := newDesk(t)
	f.Stop()
	f.Later(3 * time.Hour)
	_, came := f.Sync(f.Owner, out, "")
	f.App.Help.PublishDue(t.Context())
	f.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": f.Workspace, "slug": "soon"})
	f.OK(f.Owner, "helpCenter.restoreImport", m{"importId": came["importId"]})
	for name, head := range map[string]string{"no time": "soon", "far": "2099-01-01T00:00:00Z", "no year": "12-24"} {
		if status, out := f.Sync(f.Owner, apptest.Zipped(t, map[string]string{"a.md": "---\npublishAt: " + head + "\nstatus: draft\n---\n# A"}), "&source=bad"); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	// An import that is taken back publishes nothing later.
	g := newDesk(t)
	g.Stop()
	_, came = g.Sync(g.Owner, out, "")
	g.OK(g.Owner, "helpCenter.restoreImport", m{"importId": came["importId"]})
	g.Later(3 * time.Hour)
	g.App.Help.PublishDue(t.Context())
	if list := apptest.Titles(g.OK(g.Owner, "articles.list", m{"status": "published"})); slices.Contains(list, "Soon") {
		t.Errorf("it published %v", list)
	}
}

// What came from folders comes back from an export too, and stays those folders': another sync of them changes what they say.
func TestAnExportOfWhatWasImportedComesBack(t *testing.T) {
	d := newDesk(t)
	lamps, vases := map[string]string{"lamp.md": "# Lamp\n\nIt glows."}, map[string]string{"vase.md": "# Vase\n\nIt stands."}
	d.Sync(d.Owner, apptest.Zipped(t, lamps), "&source=lamps")
	d.Sync(d.Owner, apptest.Zipped(t, vases), "&source=vases")
	out := d.Exported()
	if _, same := d.Sync(d.Owner, out, "&source=backup"); apptest.Counted(same) != "0 created, 0 updated, 0 deleted, 2 unchanged" {
		t.Errorf("at once: %s", apptest.Counted(same))
	}
	lamps["lamp.md"] = "# Lamp\n\nIt glows no more."
	d.Sync(d.Owner, apptest.Zipped(t, lamps), "&source=lamps")
	if _, back := d.Sync(d.Owner, out, "&source=backup"); apptest.Counted(back) != "0 created, 1 updated, 0 deleted, 1 unchanged" {
		t.Errorf("back: %s", apptest.Counted(back))
	}
	if page := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "lamp"}); !strings.Contains(page["contentHtml"].(string), "It glows.") {
		t.Errorf("it says %v", page["contentHtml"])
	}
	if _, again := d.Sync(d.Owner, apptest.Zipped(t, lamps), "&source=lamps"); apptest.Counted(again) != "0 created, 1 updated, 0 deleted, 0 unchanged" {
		t.Errorf("the folder again: %s", apptest.Counted(again))
	}
	// A folder that is no export takes no other's article.
	if status, out := d.Sync(d.Owner, apptest.Zipped(t, map[string]string{"x.md": "---\nslug: vase\n---\n# Mine\n"}), "&source=other"); status != 409 {
		t.Errorf("a foreign address: %d %v", status, out)
	}
}
