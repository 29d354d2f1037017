package ordeal_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/store"
)

// bring sends a zip and does not mind whether an answer comes.
func (v *victim) bring(token string, content []byte) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, _ := w.CreateFormFile("file", "docs.zip")
	part.Write(content)
	w.Close()
	r, _ := http.NewRequest("POST", "http://"+v.addr+"/api/helpCenter.import?workspaceId="+v.workspace, &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	if res, err := http.DefaultClient.Do(r); err == nil {
		res.Body.Close()
	}
}

// until asks for the newest import until it is as wanted.
func (v *victim) until(token string, is func(m) bool) m {
	v.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		list := v.ok(token, "helpCenter.listImports", m{"workspaceId": v.workspace})["items"].([]any)
		if len(list) > 0 && is(list[0].(m)) {
			return list[0].(m)
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("it never came: %v", list)
		}
	}
}

// An import is killed three times, and the taking back of it once: both go on after each start, and in the end each file
// is one published article, or none.
func TestAnImportThatIsKilledGoesOn(t *testing.T) {
	v := newVictim(t, t.TempDir())
	owner := v.ok("", "auth.signIn", m{"email": "a@b.test", "password": "correct horse", "token": true})["token"].(string)
	go v.bring(owner, apptest.Zipped(t, apptest.Docs())) // ends with the process that it talks to
	v.until(owner, func(i m) bool { return i["state"] == "applying" })
	for _, published := range []int{1, 20, 40} {
		for v.published(owner) < published {
			time.Sleep(2 * time.Millisecond)
		}
		v.kill()
		v.start()
	}
	done := v.until(owner, func(i m) bool { return i["state"] != "applying" })
	if done["state"] != "done" || done["created"] != 60.0 || done["updated"] != 0.0 || done["failure"] != nil {
		t.Errorf("after three kills: %v", done)
	}
	if n := v.published(owner); n != 60 {
		t.Errorf("%d of 60 are published", n)
	}
	page := v.ok("", "helpCenter.getArticle", m{"workspaceId": v.workspace, "slug": "page-17"})["contentHtml"].(string)
	if !strings.Contains(page, "<img src=") || !strings.Contains(page, "/a/page-18#more") {
		t.Errorf("page 17: %s", page)
	}

	go v.ask(owner, "helpCenter.restoreImport", m{"workspaceId": v.workspace, "importId": done["id"]})
	v.until(owner, func(i m) bool { return i["state"] == "restoring" })
	for v.published(owner) > 50 {
		time.Sleep(2 * time.Millisecond)
	}
	v.kill()
	v.start()
	if back := v.until(owner, func(i m) bool { return i["state"] != "restoring" }); back["state"] != "done" || back["restoredAt"] == nil {
		t.Errorf("taken back: %v", back)
	}
	if n := v.published(owner); n != 0 {
		t.Errorf("%d are left", n)
	}
}

// published counts what readers see, each address once.
func (v *victim) published(owner string) int {
	v.t.Helper()
	seen := map[string]bool{}
	for cursor := any(nil); ; {
		in := m{"workspaceId": v.workspace, "status": "published", "limit": 100}
		if cursor != nil {
			in["cursor"] = cursor
		}
		out := v.ok(owner, "articles.list", in)
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
	d := apptest.New(t)
	files := apptest.Docs()
	if _, out := d.Sync(d.Owner, apptest.Zipped(t, files), ""); apptest.Counted(out) != "60 created, 0 updated, 0 deleted, 0 unchanged" {
		t.Fatal(apptest.Counted(out))
	}
	for i := range 60 {
		files[fmt.Sprintf("docs/topic-%d/page-%02d.md", i%6, i)] += "\nSaid anew.\n"
	}
	files["docs/fresh/deep/added.md"] = "# Added\n\nNew words."
	files["docs/topic-5/page-59.md"] = "---\nslug: wanted-by-two\n---\n# Page 59\n\nSaid anew."
	taken := make(chan bool)
	go func() {
		defer close(taken)
		for { // somebody takes the address while the first files are written
			if got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "page-0"}); strings.Contains(got["contentHtml"].(string), "Said anew") {
				d.OK(d.Owner, "articles.create", m{"title": "Wanted by two"})
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	status, out := d.Sync(d.Owner, apptest.Zipped(t, files), "")
	<-taken
	if status != 409 || !strings.Contains(fmt.Sprint(out["detail"]), "address") {
		t.Errorf("%d %v", status, out)
	}
	for i := range 60 {
		got := d.OK("", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": fmt.Sprint("page-", i)})
		if html := got["contentHtml"].(string); strings.Contains(html, "Said anew") || !strings.Contains(html, fmt.Sprint("thing", i)) {
			t.Errorf("page %d: %s", i, html)
		}
	}
	d.Refused("not_found", "", "helpCenter.getArticle", m{"workspaceId": d.Workspace, "slug": "added"})
	if shelves := fmt.Sprint(d.OK(d.Owner, "collections.list", m{})); strings.Contains(shelves, "Fresh") || strings.Contains(shelves, "Deep") || !strings.Contains(shelves, "Topic") {
		t.Errorf("the collections that it began are left: %s", shelves)
	}
	if hits := apptest.Titles(d.OK(d.Owner, "articles.search", m{"q": "added new words"})); len(hits) > 0 && hits[0] == "Added" {
		t.Errorf("what it began is left: %v", hits)
	}
	newest := d.OK(d.Owner, "helpCenter.listImports", m{})["items"].([]any)[0].(m)
	if newest["state"] != "failed" || !strings.Contains(fmt.Sprint(newest["failure"]), "address") {
		t.Errorf("what is told: %v", newest)
	}
	d.Refused("conflict", d.Owner, "helpCenter.restoreImport", m{"importId": newest["id"]})
	files["docs/topic-5/page-59.md"] = "# Page 59\n\nSaid anew."
	if _, out := d.Sync(d.Owner, apptest.Zipped(t, files), ""); apptest.Counted(out) != "1 created, 60 updated, 0 deleted, 0 unchanged" {
		t.Errorf("the next one: %s", apptest.Counted(out))
	}
	err := d.App.DB.Read(t.Context(), 0, func(tx *store.Tx) error {
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
