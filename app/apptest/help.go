package apptest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
)

// Sync sends a zip and gives the answer.
func (d *Desk) Sync(token string, content []byte, query string) (int, m) {
	d.T.Helper()
	kind, body := Form(`form-data; name="file"; filename="docs.zip"`, content)
	return d.Posted(token, "/api/helpCenter.import?workspaceId="+d.Workspace+query, kind, body)
}

// Counted says what an import did.
func Counted(out m) string {
	n := func(k string) int { l, _ := out[k].([]any); return len(l) }
	return fmt.Sprintf("%d created, %d updated, %d deleted, %v unchanged", n("created"), n("updated"), n("deleted"), out["unchanged"])
}

// Dot is a small picture, another for each number.
func Dot(n int) string {
	img := image.NewRGBA(image.Rect(0, 0, 3, 3))
	img.Set(1, 1, color.RGBA{uint8(n), 9, 9, 255})
	var b bytes.Buffer
	png.Encode(&b, img)
	return b.String()
}

// Docs is a folder of 60 articles in 6 collections with pictures.
func Docs() map[string]string {
	files := map[string]string{"docs/readme.txt": "not ours", "docs/.git/x.md": "hidden"}
	for i := range 60 {
		files[fmt.Sprintf("docs/topic-%d/page-%02d.md", i%6, i)] = fmt.Sprintf("# Page %d\n\nAbout **thing%d**.\n\n![dot](../img/%d.png) and [the next](../topic-%d/page-%02d.md#more)\n", i, i, i%5, (i+1)%60%6, (i+1)%60)
	}
	for i := range 5 {
		files[fmt.Sprintf("docs/img/%d.png", i)] = Dot(i)
	}
	return files
}

// Exported is the zip of all articles.
func (d *Desk) Exported() []byte {
	d.T.Helper()
	res, out := d.Ask(d.Owner, http.MethodGet, "/api/helpCenter.export?workspaceId="+d.Workspace, nil)
	if res.StatusCode != 200 {
		d.T.Fatal(res.Status)
	}
	return out
}

// Wrote makes an article and publishes it, and gives its id.
func (d *Desk) Wrote(title, content string, more m) string {
	d.T.Helper()
	in := m{"workspaceId": d.Workspace, "title": title, "content": content}
	for k, v := range more {
		in[k] = v
	}
	id := d.OK(d.Owner, "articles.create", in)["id"].(string)
	d.OK(d.Owner, "articles.publish", m{"articleId": id})
	return id
}

// Titles are those of a list of articles.
func Titles(out m) (list []string) {
	for _, i := range out["items"].([]any) {
		list = append(list, i.(m)["title"].(string))
	}
	return list
}
