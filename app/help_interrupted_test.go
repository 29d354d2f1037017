package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"deskbell/store"
)

// bring sends a zip and does not mind whether an answer comes.
func (v *victim) bring(token, workspace string, content []byte) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, _ := w.CreateFormFile("file", "docs.zip")
	part.Write(content)
	w.Close()
	r, _ := http.NewRequest("POST", "http://"+v.addr+"/api/helpCenter.import?workspaceId="+workspace, &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	if res, err := http.DefaultClient.Do(r); err == nil {
		res.Body.Close()
	}
}

// until asks for the newest import until it is as wanted.
func (v *victim) until(token, workspace string, is func(m) bool) m {
	v.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		out, err := v.post(token, "helpCenter.listImports", m{"workspaceId": workspace})
		if err == nil && len(out["items"].([]any)) > 0 {
			if one := out["items"].([]any)[0].(m); is(one) {
				return one
			}
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("it never came: %v %v", out, err)
		}
	}
}

// An import is killed three times, and the taking back of it once: both go on after each start, and in the end each file
// is one published article, or none.
func TestAnImportThatIsKilledGoesOn(t *testing.T) {
	v := newVictim(t)
	p, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(v.data, os.DirFS(p.dir)); err != nil {
		t.Fatal(err)
	}
	files := docs()
	v.start()
	go v.bring(p.owner, p.workspace, zipped(t, files)) // ends with the process that it talks to
	v.until(p.owner, p.workspace, func(i m) bool { return i["state"] == "applying" })
	for _, published := range []int{1, 20, 40} {
		for v.published(p) < published {
			time.Sleep(2 * time.Millisecond)
		}
		v.kill()
		v.start()
	}
	done := v.until(p.owner, p.workspace, func(i m) bool { return i["state"] != "applying" })
	if done["state"] != "done" || done["created"] != 60.0 || done["updated"] != 0.0 || done["failure"] != nil {
		t.Errorf("after three kills: %v", done)
	}
	if n := v.published(p); n != 60 {
		t.Errorf("%d of 60 are published", n)
	}
	page, err := v.post("", "helpCenter.getArticle", m{"workspaceId": p.workspace, "slug": "page-17"})
	if err != nil || !strings.Contains(page["contentHtml"].(string), "<img src=") || !strings.Contains(page["contentHtml"].(string), "/a/page-18#more") {
		t.Errorf("page 17: %v %v", page, err)
	}

	go v.post(p.owner, "helpCenter.restoreImport", m{"workspaceId": p.workspace, "importId": done["id"]})
	v.until(p.owner, p.workspace, func(i m) bool { return i["state"] == "restoring" })
	for v.published(p) > 50 {
		time.Sleep(2 * time.Millisecond)
	}
	v.kill()
	v.start()
	if back := v.until(p.owner, p.workspace, func(i m) bool { return i["state"] != "restoring" }); back["state"] != "done" || back["restoredAt"] == nil {
		t.Errorf("taken back: %v", back)
	}
	if n := v.published(p); n != 0 {
		t.Errorf("%d are left", n)
	}
	v.kill()
}

// published counts what readers see, each address once.
func (v *victim) published(p pattern) int {
	v.t.Helper()
	seen := map[string]bool{}
	for cursor := any(nil); ; {
		in := m{"workspaceId": p.workspace, "status": "published", "limit": 100}
		if cursor != nil {
			in["cursor"] = cursor
		}
		out, err := v.post(p.owner, "articles.list", in)
		if err != nil {
			v.t.Fatal(err)
		}
		for _, a := range out["items"].([]any) {
			title := a.(m)["title"].(string)
			if seen[title] {
				v.t.Errorf("%s is there twice", title)
			}
			seen[title] = true
		}
		if cursor = out["nextCursor"]; cursor == nil {
			return len(seen)
		}
	}
}

// An import that fails on its way leaves everything as it was, says why, and keeps nobody from the next one.
func TestAnImportThatFailsIsUndone(t *testing.T) {
	d := newDesk(t)
	files := docs()
	if _, out := d.sync(d.owner, zipped(t, files), ""); counted(out) != "60 created, 0 updated, 0 deleted, 0 unchanged" {
		t.Fatal(counted(out))
	}
	for i := range 60 {
		files[fmt.Sprintf("docs/topic-%d/page-%02d.md", i%6, i)] += "\nSaid anew.\n"
	}
	files["docs/topic-0/added.md"] = "# Added\n\nNew words."
	files["docs/topic-5/page-59.md"] = "---\nslug: wanted-by-two\n---\n# Page 59\n\nSaid anew."
	taken := make(chan bool)
	go func() {
		defer close(taken)
		for { // somebody takes the address while the first files are written
			if got := d.ok("", "helpCenter.getArticle", m{"workspaceId": d.workspace, "slug": "page-0"}); strings.Contains(got["contentHtml"].(string), "Said anew") {
				d.ok(d.owner, "articles.create", m{"title": "Wanted by two"})
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	status, out := d.sync(d.owner, zipped(t, files), "")
	<-taken
	if status != 409 || !strings.Contains(fmt.Sprint(out["detail"]), "address") {
		t.Errorf("%d %v", status, out)
	}
	for i := range 60 {
		got := d.ok("", "helpCenter.getArticle", m{"workspaceId": d.workspace, "slug": fmt.Sprint("page-", i)})
		if html := got["contentHtml"].(string); strings.Contains(html, "Said anew") || !strings.Contains(html, fmt.Sprint("thing", i)) {
			t.Errorf("page %d: %s", i, html)
		}
	}
	d.refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": d.workspace, "slug": "added"})
	if hits := titles(d.ok(d.owner, "articles.search", m{"q": "added new words"})); len(hits) > 0 && hits[0] == "Added" {
		t.Errorf("what it began is left: %v", hits)
	}
	newest := d.ok(d.owner, "helpCenter.listImports", m{})["items"].([]any)[0].(m)
	if newest["state"] != "failed" || !strings.Contains(fmt.Sprint(newest["failure"]), "address") {
		t.Errorf("what is told: %v", newest)
	}
	d.refused("conflict", d.owner, "helpCenter.restoreImport", m{"importId": newest["id"]})
	files["docs/topic-5/page-59.md"] = "# Page 59\n\nSaid anew."
	if _, out := d.sync(d.owner, zipped(t, files), ""); counted(out) != "1 created, 60 updated, 0 deleted, 0 unchanged" {
		t.Errorf("the next one: %s", counted(out))
	}
	err := d.app.DB.Read(t.Context(), 0, func(tx *store.Tx) error {
		left, err := tx.Imports.AllUnfinished()
		if len(left) > 0 {
			t.Errorf("under way: %v", left)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
