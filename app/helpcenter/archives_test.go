package helpcenter_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"mime/multipart"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/app/apptest"
)

// peak is how much the heap grew at most while something ran, and how long that took.
func peak(run func()) (int64, time.Duration) {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Int64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			most.Store(max(most.Load(), int64(now.HeapInuse)-int64(before.HeapInuse)))
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	start := time.Now()
	run()
	took := time.Since(start)
	close(stop)
	<-done
	return most.Load(), took
}

// entry writes a zip's local head, and its entry in the directory, with whatever sizes it shall claim.
func entry(name string, packed []byte, method uint16, sum uint32, claimed uint32, at int) (local, directory []byte) {
	head := make([]byte, 26)
	for i, v := range []uint16{20, 0, method, 0, 0} {
		binary.LittleEndian.PutUint16(head[i*2:], v)
	}
	binary.LittleEndian.PutUint32(head[10:], sum)
	binary.LittleEndian.PutUint32(head[14:], uint32(len(packed)))
	binary.LittleEndian.PutUint32(head[18:], claimed)
	binary.LittleEndian.PutUint16(head[22:], uint16(len(name)))
	local = append(append(append([]byte("PK\x03\x04"), head...), name...), packed...)
	tail := make([]byte, 14)
	binary.LittleEndian.PutUint32(tail[10:], uint32(at))
	return local, append(append(append([]byte("PK\x01\x02\x14\x00"), head...), tail...), name...)
}

func ended(body, directory []byte, n int) []byte {
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], uint16(n))
	binary.LittleEndian.PutUint16(end[10:], uint16(n))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(directory)))
	binary.LittleEndian.PutUint32(end[16:], uint32(len(body)))
	return append(append(body, directory...), end...)
}

// deflated is so many megabytes of zeros, packed: one of them, again and again, for packing takes longest.
func deflated(t *testing.T, megabytes int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err == nil {
		_, err = io.CopyN(w, zeros{}, 1<<20)
	}
	if err = errors.Join(err, w.Flush()); err != nil {
		t.Fatal(err)
	}
	one := b.Len()
	w.Close()
	packed := append(bytes.Repeat(b.Bytes()[:one], megabytes), b.Bytes()[one:]...)
	if n, err := io.Copy(io.Discard, flate.NewReader(bytes.NewReader(packed))); err != nil || n != int64(megabytes)<<20 {
		t.Fatalf("they unpack to %d bytes, %v", n, err)
	}
	return packed
}

// S-73: archives that unpack to far more than they are cost next to nothing, and never 64 MB.
func TestS73ArchiveBombs(t *testing.T) {
	d := newDesk(t)
	zeroed := deflated(t, 100)
	one := func(claimed uint32, sum uint32, name string) []byte {
		local, directory := entry(name, zeroed, 8, sum, claimed, 0)
		return ended(local, directory, 1)
	}
	overlapping := func() []byte { // many names for one gigabyte, as in 42.zip's descendants
		local, directory := entry("0.md", zeroed, 8, 0, 900<<10, 0)
		for i := range 4000 {
			_, more := entry(fmt.Sprintf("%d.md", i), zeroed, 8, 0, 10<<10, 0)
			directory = append(directory, more...)
		}
		return ended(local, directory, 4001)
	}
	million := func() []byte {
		var directory []byte
		_, one := entry("a.md", nil, 0, 0, 0, 0)
		for range 1000000 {
			directory = append(directory, one...)
		}
		return ended(nil, directory, 65535)
	}
	nested := func() []byte {
		inner := apptest.Zipped(t, map[string]string{"a.md": "# x"})
		for range 5 {
			inner = apptest.Zipped(t, map[string]string{"a.zip": string(inner), "b.zip": string(inner)})
		}
		return inner
	}
	for name, content := range map[string][]byte{
		"a gigabyte": one(1<<30, 0, "a.md"), "a gigabyte that claims a kilobyte": one(1000, crc32.ChecksumIEEE(make([]byte, 1000)), "a.md"), "a picture of a gigabyte": one(1<<20, 0, "a.png"), "a gigabyte that claims nothing": one(0, 0, "a.md"),
		"42": overlapping(), "a million entries": million(), "nested": nested(), "cut off": one(1<<20, 0, "a.md")[:4000], "claims more than there is": func() []byte {
			local, directory := entry("a.md", []byte("# x"), 0, crc32.ChecksumIEEE([]byte("# x")), 900<<10, 0)
			return ended(local, directory, 1)
		}(),
	} {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, _ := w.CreateFormFile("file", "docs.zip")
		part.Write(content)
		w.Close()
		var status int
		var out m
		grown, took := peak(func() {
			status, out = d.Posted(d.Owner, "/api/helpCenter.import?workspaceId="+d.Workspace, w.FormDataContentType(), &form)
		})
		if status != 422 && status != 413 {
			t.Errorf("%s: %d %v", name, status, out)
		}
		t.Logf("%-34s %8d bytes: %d in %4d ms, %3d MB", name, len(content), status, took.Milliseconds(), grown>>20)
		if grown > 64<<20 {
			t.Errorf("%s took %d MB", name, grown>>20)
		}
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("they left %v", list)
	}
}

// S-72: names in archives lead nowhere, and nothing is written under them.
func TestS72ArchivesStayInside(t *testing.T) {
	d := newDesk(t)
	mode := func(perm uint32, name string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: name, CreatorVersion: 3 << 8, ExternalAttrs: perm << 16}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte("/etc/passwd"))
		}
		if err != nil {
			t.Fatal(err)
		}
		z.Close()
		return b.Bytes()
	}
	twice := func(a, b string) []byte {
		la, da := entry(a, []byte("# x"), 0, crc32.ChecksumIEEE([]byte("# x")), 3, 0)
		lb, db := entry(b, []byte("# x"), 0, crc32.ChecksumIEEE([]byte("# x")), 3, len(la))
		return ended(append(la, lb...), append(da, db...), 2)
	}
	for name, content := range map[string][]byte{
		"up": apptest.Zipped(t, map[string]string{"../../x.md": "# x"}), "up within": apptest.Zipped(t, map[string]string{"a/../../x.md": "# x"}), "absolute": apptest.Zipped(t, map[string]string{"/etc/x.md": "# x"}), "backslashes": apptest.Zipped(t, map[string]string{`..\..\x.md`: "# x"}),
		"a share": apptest.Zipped(t, map[string]string{`\\host\x.md`: "# x"}), "a drive": apptest.Zipped(t, map[string]string{`C:\x.md`: "# x"}), "a stream": apptest.Zipped(t, map[string]string{"x.md:y": "# x"}), "NUL": apptest.Zipped(t, map[string]string{"a\x00.md": "# x"}),
		"a dot": apptest.Zipped(t, map[string]string{"./x.md": "# x"}), "twice a slash": apptest.Zipped(t, map[string]string{"a//x.md": "# x"}), "no UTF-8": apptest.Zipped(t, map[string]string{"\xff.md": "# x"}), "the same twice": twice("a.md", "a.md"),
		"a symbolic link": mode(0o120777, "x.md"), "a device": mode(0o060666, "x.md"), "a pipe": mode(0o010666, "x.md"), "a socket": mode(0o140777, "x.md"),
	} {
		if status, out := d.Sync(d.Owner, content, ""); status != 422 {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	if list := apptest.Titles(d.OK(d.Owner, "articles.list", m{})); len(list) != 0 {
		t.Errorf("they left %v", list)
	}
}
