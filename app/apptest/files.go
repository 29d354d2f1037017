package apptest

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"testing"
)

// Uploaded sends a file and gives the status and the answer.
func (d *Desk) Uploaded(token, name string, content io.Reader) (int, m) {
	d.T.Helper()
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, content)
		}
		if err == nil {
			err = form.Close()
		}
		w.CloseWithError(err)
	}()
	req, err := http.NewRequest("POST", d.URL+"/api/files.upload", r)
	if err != nil {
		d.T.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+token)
	return d.Send(req)
}

// File uploads a file that must be taken.
func (d *Desk) File(token, name string, content []byte) m {
	d.T.Helper()
	status, out := d.Uploaded(token, name, bytes.NewReader(content))
	if status != 200 {
		d.T.Fatalf("%s: %d %v", name, status, out)
	}
	return out
}

// Drawing is a picture that does not pack well.
func Drawing(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, color.RGBA{uint8(i), uint8(i >> 3), 90, 255})
	}
	return img
}

// PNG is a drawing as a file.
func PNG(w, h int) []byte {
	var b bytes.Buffer
	png.Encode(&b, Drawing(w, h))
	return b.Bytes()
}

// Posted sends a body to a plain page and gives the status and the answer.
func (d *Desk) Posted(token, path, kind string, body io.Reader) (int, m) {
	d.T.Helper()
	r, err := http.NewRequest("POST", d.URL+path, body)
	if err != nil {
		d.T.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Authorization", "Bearer "+token)
	return d.Send(r)
}

// Form is a form with one file, under a header that is written as it is.
func Form(header string, content []byte) (kind string, body *bytes.Buffer) {
	body = new(bytes.Buffer)
	w := multipart.NewWriter(body)
	part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {header}, "Content-Type": {"text/html"}})
	part.Write(content)
	w.Close()
	return w.FormDataContentType(), body
}

// Named uploads a picture under a name that is written as it is into the form's header.
func (d *Desk) Named(header string, content []byte) (int, m) {
	d.T.Helper()
	kind, body := Form(header, content)
	return d.Posted(d.Owner, "/api/articles.uploadAsset?workspaceId="+d.Workspace, kind, body)
}

// Picture uploads a picture and gives its reference.
func (d *Desk) Picture(token string, content []byte) (int, m) {
	d.T.Helper()
	kind, body := Form(`form-data; name="file"; filename="../lamp.png"`, content)
	return d.Posted(token, "/api/articles.uploadAsset?workspaceId="+d.Workspace, kind, body)
}

// Zipped packs files, by their names.
func Zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	return b.Bytes()
}
