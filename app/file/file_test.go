package file_test

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"deskbell/app/apptest"
	"deskbell/app/file"
	"deskbell/store"
)

// kept counts contents, and files that are on their way in.
func kept(d *apptest.Desk) (blobs, waiting int) {
	d.T.Helper()
	err := d.App.DB.Read(d.T.Context(), 0, func(tx *store.Tx) (err error) {
		blobs, err = tx.Blobs.Count()
		return err
	})
	if err != nil {
		d.T.Fatal(err)
	}
	list, err := os.ReadDir(file.Dir(d.App.Data))
	if err != nil {
		d.T.Fatal(err)
	}
	return blobs, len(list)
}

const home = "GPS 52.5163 N 13.3777 E"

// photo is a photograph as a phone makes it: held sideways, and telling where it was taken.
func photo() []byte {
	var b bytes.Buffer
	jpeg.Encode(&b, apptest.Drawing(60, 40), nil)
	tiff := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00" + home
	out := append([]byte{}, b.Next(2)...)
	out = append(binary.BigEndian.AppendUint16(append(out, 0xFF, 0xE1), uint16(len(tiff)+2)), tiff...)
	return append(append(out, b.Bytes()...), "PK\x03\x04 something behind the picture"...)
}

// S-54: a file is what its content is, and what a browser could run is not taken or not shown in place.
func TestFilesAreKnownByTheirContent(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	script := "alert(document.domain)"
	for name, content := range map[string]string{
		"a.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="` + script + `"/>`, "b.svg": `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>` + script + `</script></svg>`,
		"c.html": "<!doctype html><script>" + script + "</script>", "d.png": "<html><body onload=" + script + ">", "e.xhtml": `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>` + script + `</script></html>`,
		"f.xml": `<?xml version="1.0"?><?xml-stylesheet href="javascript:` + script + `"?><x/>`, "g": "<script>" + script + "</script>", "h.exe": "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8" + strings.Repeat("\x00", 80),
		"i.gif": "GIF89a=1;" + script + "//" + strings.Repeat(" ", 80), "j.jpg": "\xff\xd8\xff\xe0/*\x00*/=" + script, "k.png": "\x89PNG\r\n\x1a\n<script>" + script + "</script>", "l.swf": "CWS\x09" + strings.Repeat("\x01", 40), "m.txt": "",
	} {
		if status, out := d.Uploaded(v, name, strings.NewReader(content)); status != 422 || strings.Contains(apptest.JSON(out), script) {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	if n, waiting := kept(d); n != 0 || waiting != 0 {
		t.Errorf("%d contents and %d waiting files are left of what was refused", n, waiting)
	}
	var moving bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 9, 9), color.Palette{color.Black, color.White})
	gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{5, 5}})
	for name, c := range map[string]struct{ content, kind, how string }{
		"picture.html": {string(apptest.PNG(20, 10)), "image/png", "inline"}, "picture": {string(photo()), "image/jpeg", "inline"}, "moving.svg": {moving.String(), "image/gif", "inline"},
		"paper.pdf":  {"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\ntrailer<<>>\n%%EOF", "application/pdf", "attachment"},
		"notes.html": {"just words, <b>not</b> a page", "text/plain", "attachment"}, "data.json": {`{"a": "<script>"}`, "application/json", "attachment"},
		"film.mp4": {"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video/mp4", "attachment"},
	} {
		out := d.File(v, name, []byte(c.content))
		if out["contentType"] != c.kind || out["filename"] != name {
			t.Errorf("%s is %v", name, out)
		}
		status, h, body := d.Page(out["url"].(string), nil)
		how, _, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
		if status != 200 || h.Get("Content-Type") != c.kind || how != c.how || h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "allow-scripts") {
			t.Errorf("%s is answered with %d %v", name, status, h)
		}
		if int64(len(body)) != int64(out["size"].(float64)) {
			t.Errorf("%s: %d bytes of %v", name, len(body), out["size"])
		}
	}
}

// S-56: what a stranger calls a file is data, and cleaned.
func TestNamesOfFilesAreOnlyNames(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	long := strings.Repeat("ä", 300) + ".txt"
	for name, want := range map[string]string{
		".htaccess": ".htaccess", "a.php.": "a.php.", "../../etc/passwd": "passwd", `C:\temp\x.txt`: "x.txt", "CON": "CON", "a\tb.txt": "ab.txt", "evil\u202Etxt.exe": "eviltxt.exe", "evil\u2067txt.exe\u2069": "eviltxt.exe", "..": "attachment", " . ": "attachment",
		`quo"te;x=1.txt`: `quo"te;x=1.txt`, "größe 1€.txt": "größe 1€.txt", long: strings.Repeat("ä", 100) + strings.Repeat("ä", 46) + ".txt", "a/b/": "b",
	} {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		part, _ := form.CreatePart(map[string][]string{"Content-Disposition": {mime.FormatMediaType("form-data", map[string]string{"name": "file", "filename": name})}})
		part.Write([]byte("words of " + name))
		form.Close()
		r, _ := http.NewRequest("POST", d.URL+"/api/files.upload", &b)
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Authorization", "Bearer "+v)
		status, out := d.Send(r)
		if status != 200 || out["filename"] != want {
			t.Errorf("%q became %d %v, want %q", name, status, out["filename"], want)
			continue
		}
		_, h, _ := d.Page(out["url"].(string), nil)
		how, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
		if err != nil || how != "attachment" || params["filename"] != want || len(params) != 1 || strings.Contains(out["url"].(string), "txt") {
			t.Errorf("%q is answered as %q at %v", name, h.Get("Content-Disposition"), out["url"])
		}
	}
}

// A photograph is shown upright, small and large, and does not say any longer where it was taken.
func TestPhotographsTellNothingAndStandUpright(t *testing.T) {
	d := apptest.New(t)
	out := d.File(d.Visitor("clara"), "IMG_0001.jpg", photo())
	if out["width"] != 40.0 || out["height"] != 60.0 {
		t.Errorf("it measures %v × %v, want 40 × 60", out["width"], out["height"])
	}
	for _, form := range []string{"url", "thumbnailUrl"} {
		_, _, body := d.Page(out[form].(string), nil)
		img, err := jpeg.Decode(strings.NewReader(body))
		if err != nil || img.Bounds().Dx() != 40 || img.Bounds().Dy() != 60 {
			t.Errorf("%s: %v %v", form, img.Bounds(), err)
		}
		for _, word := range []string{"GPS", "Exif", "PK\x03\x04"} {
			if strings.Contains(body, word) {
				t.Errorf("%s still holds %q", form, word)
			}
		}
	}
	ref := d.OK(d.Owner, "articles.create", m{"title": "x"})
	if ref == nil {
		t.Fatal("no article")
	}
	_, a := d.Picture(d.Owner, photo())
	if _, _, body := d.Page(a["url"].(string), nil); strings.Contains(body, "GPS") || a["width"] != 40.0 {
		t.Errorf("a picture of an article tells where it was taken, or lies on its side: %v", a)
	}
}

// S-74: a picture of more pixels than anybody looks at is refused before one of them is decoded.
func TestBombsAreRefused(t *testing.T) {
	d := apptest.New(t)
	chunk := func(kind string, body []byte) []byte {
		b := append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind...), body...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	for size, want := range map[[2]uint32]int{{65500, 65500}: 413, {1 << 30, 1}: 413, {10, 0}: 422} {
		head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, size[0]), size[1])
		bomb := append([]byte("\x89PNG\r\n\x1a\n"), append(chunk("IHDR", append(head, 8, 6, 0, 0, 0)), append(chunk("IDAT", make([]byte, 100)), chunk("IEND", nil)...)...)...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		status, out := d.Uploaded(d.Owner, "x.png", bytes.NewReader(bomb))
		runtime.ReadMemStats(&after)
		if status != want {
			t.Errorf("%v: %d %v", size, status, out)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 32<<20 {
			t.Errorf("%v took %d MB", size, took>>20)
		}
		if status, _ := d.Picture(d.Owner, bomb); status != want {
			t.Errorf("%v as a picture of an article: %d", size, status)
		}
	}
}

// S-07: a link opens one form of one file until it expires, and nothing else does.
func TestLinksToFilesCannotBeMadeUp(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	one, two := d.File(v, "one.png", apptest.PNG(600, 20)), d.File(v, "two.txt", []byte("two"))
	url, small, other := one["url"].(string), one["thumbnailUrl"].(string), two["url"].(string)
	if status, _, _ := d.Page(url, nil); status != 200 {
		t.Fatalf("the link itself: %d", status)
	}
	signature := func(url string) string { _, s, _ := strings.Cut(url, "&s="); return s }
	base, _, _ := strings.Cut(url, "?")
	missing := strings.Replace(url, one["id"].(string), "0SAZPVHNMQ3QW", 1)
	_, _, want := d.Page(missing, nil)
	for what, bad := range map[string]string{
		"no signature": base, "an empty one": strings.Replace(url, signature(url), "", 1), "a cut one": url[:len(url)-1], "another file's": strings.Replace(url, signature(url), signature(other), 1),
		"a later end": strings.Replace(url, "?e=", "?e=9", 1), "no end": strings.Replace(url, "e=", "x=", 1), "the small form's for the whole": strings.TrimSuffix(small, "&t=1"), "the whole one's for the small form": url + "&t=1",
		"upper case": strings.Replace(url, signature(url), strings.ToUpper(signature(url)), 1), "a longer id": strings.Replace(url, "?", "0?", 1), "a file that is not there": missing,
	} {
		status, h, body := d.Page(bad, nil)
		if status != 404 || h.Get("Content-Type") != "application/problem+json" || len(body) != len(want) {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	d.Later(48*3600e9 - 1e9)
	if status, _, _ := d.Page(url, nil); status == 404 {
		t.Error("a link ends within two days")
	}
	d.Later(24*3600e9 + 1e9)
	if status, _, _ := d.Page(url, nil); status != 404 {
		t.Errorf("a link opens after three days: %d", status)
	}
}

// S-03: nobody attaches what somebody else has uploaded, of whatever workspace, and nothing twice.
func TestOnlyOnesOwnFilesCanBeAttached(t *testing.T) {
	d := apptest.New(t)
	v, mallory := d.Visitor("clara"), d.Visitor("mallory")
	c, hers := d.Say(v, "Hello"), d.Say(mallory, "Hello")
	f := d.File(v, "a.txt", []byte("mine"))["id"]
	d.Refused("not_found", mallory, "messages.send", m{"conversationId": hers, "content": "x", "attachmentIds": []any{f}})
	d.Refused("not_found", mallory, "conversations.start", m{"content": "x", "attachmentIds": []any{f}})
	d.Refused("not_found", d.Owner, "messages.send", m{"conversationId": c, "content": "x", "attachmentIds": []any{f}})
	eve := d.Stranger()
	space := d.OK(eve, "users.me", m{})["memberships"].([]any)[0].(m)["workspaceId"]
	other := d.OK("", "widgetSessions.boot", m{"workspaceId": space, "sessionId": strings.Repeat("e", 43)})["sessionToken"].(string)
	d.Refused("not_found", other, "conversations.start", m{"content": "x", "attachmentIds": []any{f}})
	if list := d.OK(other, "conversations.listForVisitor", m{})["items"].([]any); len(list) != 0 {
		t.Errorf("a refused start left %v", list)
	}
	sent := d.OK(v, "messages.send", m{"conversationId": c, "content": "", "attachmentIds": []any{f}})
	if list := sent["attachments"].([]any); len(list) != 1 || list[0].(m)["id"] != f {
		t.Errorf("the sender's own: %v", sent)
	}
	d.Refused("not_found", v, "messages.send", m{"conversationId": c, "content": "again", "attachmentIds": []any{f}})
	late := d.File(v, "b.txt", []byte("late"))["id"]
	d.Later(61 * 60e9)
	d.Refused("not_found", v, "messages.send", m{"conversationId": c, "content": "late", "attachmentIds": []any{late}})
}

// A message carries ten files at most; with one more it is not sent, and each of them can still be.
func TestAMessageCarriesTenFilesAtMost(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	c := d.Say(v, "Hello")
	ids := []any{}
	for n := range 11 {
		ids = append(ids, d.File(v, "a.txt", []byte(fmt.Sprint("file ", n)))["id"])
	}
	d.Refused("invalid", v, "messages.send", m{"conversationId": c, "content": "x", "attachmentIds": ids})
	d.Refused("invalid", v, "conversations.start", m{"content": "x", "attachmentIds": ids})
	if n := len(d.OK(v, "conversations.listForVisitor", m{})["items"].([]any)); n != 1 {
		t.Errorf("%d conversations, want 1", n)
	}
	sent := d.OK(v, "messages.send", m{"conversationId": c, "content": "x", "attachmentIds": ids[1:]})
	if n := len(sent["attachments"].([]any)); n != 10 {
		t.Errorf("%d files came along, want 10", n)
	}
	d.OK(v, "messages.send", m{"conversationId": c, "content": "x", "attachmentIds": ids[:1]})
}

// Large files pass through in pieces: many at a time take little memory, and come out as they went in.
func TestUploadsAreNeverHeldWhole(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	const size = 24 << 20
	noise := make([]byte, size/2)
	rand.Read(noise)
	content := []byte(hex.EncodeToString(noise)) // text, as far as anybody can tell
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var wg sync.WaitGroup
	urls := make([]string, 4)
	for i := range urls {
		wg.Go(func() {
			status, out := d.Uploaded(v, fmt.Sprint(i, ".txt"), io.MultiReader(strings.NewReader(fmt.Sprint(i/2)), bytes.NewReader(content))) // each content twice, at the same time
			if status != 200 {
				t.Errorf("%d: %d %v", i, status, out)
				return
			}
			urls[i] = out["url"].(string)
		})
	}
	wg.Wait()
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / uint64(len(urls)); each > size/2 {
		t.Errorf("an upload of %d MB allocated %d MB", size>>20, each>>20)
	}
	if n, waiting := kept(d); n != 2 || waiting != 0 {
		t.Errorf("%d contents and %d waiting files, want 2 and none", n, waiting)
	}
	for i, url := range urls {
		if _, _, body := d.Page(url, nil); string(body) != fmt.Sprint(i/2)+string(content) {
			t.Errorf("%d came out as %d other bytes", i, len(body))
		}
	}
	if res, part := d.Ask("", "GET", urls[0], http.Header{"Range": {"bytes=300000-300009,"}}); res.StatusCode != 206 || string(part) != string(content[299999:300009]) {
		t.Errorf("a part of it: %d %q", res.StatusCode, part)
	}
}

// What breaks off, or is too large, or comes from somebody who has sent enough, leaves nothing behind.
func TestUploadsThatFailLeaveNothing(t *testing.T) {
	d := apptest.New(t)
	v := d.Visitor("clara")
	if status, out := d.Uploaded(v, "large.txt", io.LimitReader(letters{}, 25<<20+1)); status != 413 {
		t.Errorf("25 MB and one byte: %d %v", status, out)
	}
	r, w := io.Pipe()
	req, _ := http.NewRequest("POST", d.URL+"/api/files.upload", r)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	req.Header.Set("Authorization", "Bearer "+v)
	go func() {
		io.WriteString(w, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n")
		io.CopyN(w, letters{}, 3<<20)
		w.CloseWithError(io.ErrUnexpectedEOF)
	}()
	if res, err := http.DefaultClient.Do(req); err == nil {
		res.Body.Close()
	}
	for what, form := range map[string]string{"no file": "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n", "no form": "hello", "nothing": ""} {
		req, _ := http.NewRequest("POST", d.URL+"/api/files.upload", strings.NewReader(form))
		req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		req.Header.Set("Authorization", "Bearer "+v)
		if status, out := d.Send(req); status != 422 {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	id, _ := store.ParseID(d.Workspace)
	seed := d.File(v, "a.txt", []byte("a small one"))
	err := func() error {
		_, err := d.App.DB.Write(t.Context(), id, func(tx *store.Tx) error {
			fid, _ := store.ParseID(seed["id"].(string))
			a, err := tx.Attachments.ByID(fid)
			if err != nil {
				return err
			}
			who, err := d.App.Visitors.Who(t.Context(), v)
			if err != nil {
				return err
			}
			a.Size = 499 << 20
			return tx.Attachments.Stage(a, store.ByVisitor, who.Visitor)
		})
		return err
	}()
	if err != nil {
		t.Fatal(err)
	}
	if status, out := d.Uploaded(v, "more.txt", io.LimitReader(letters{}, 2<<20)); status != 429 {
		t.Errorf("after 499 MB in a day: %d %v", status, out)
	}
	d.Until("what broke off is gone", func() bool { _, waiting := kept(d); return waiting == 0 })
	if n, _ := kept(d); n != 1 {
		t.Errorf("%d contents, want 1", n)
	}
	d.Later(25 * 3600e9)
	v = d.Visitor("clara")
	d.File(v, "tomorrow.txt", []byte("tomorrow"))
	if err := file.Sweep(filepath.Join(t.TempDir(), "uploads")); err != nil {
		t.Error(err)
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "words and so on "[i%16]
	}
	return len(p), nil
}
