package file_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/app/file"
)

// dribble begins to send a file of two megabytes from a place, and leaves it there.
func dribble(d *apptest.Desk, place, token string) net.Conn {
	d.T.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(d.URL, "http://"))
	if err != nil {
		d.T.Fatal(err)
	}
	d.T.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "POST /api/files.upload HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 2000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello", place, token)
	return c
}

// Files that strangers send slowly are few at a time, from one network and in all: each is a descriptor that the database may
// need. The team sends on, and what breaks off makes room.
func TestFilesThatComeSlowlyAreFew(t *testing.T) {
	d := apptest.Behind(t)
	d.Stop()
	sends := func(place, token string) int {
		kind, body := apptest.Form(`form-data; name="file"; filename="a.txt"`, []byte("hello"))
		r, err := http.NewRequest("POST", d.URL+"/api/files.upload", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		r.Header.Set("X-Forwarded-For", place)
		r.Header.Set("Authorization", "Bearer "+token)
		res, _ := d.Fetch(r)
		if (res.StatusCode == http.StatusTooManyRequests) != (res.Header.Get("Retry-After") != "") {
			t.Errorf("%d with Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
		}
		return res.StatusCode
	}
	v := func(name string) string { return d.Visitor(name) }
	var open []net.Conn
	waiting := func(n int) {
		t.Helper()
		d.Until(fmt.Sprint(n, " files are on their way"), func() bool {
			list, err := os.ReadDir("/proc/self/fd")
			apptest.Needed(t, err == nil, fmt.Sprint("what is on its way can only be seen where there is /proc: ", err))
			got := 0
			for _, e := range list {
				if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(to, file.Dir(d.App.Data)+"/") {
					got++
				}
			}
			return got == n
		})
	}
	for place := range 6 {
		for i := range 16 {
			open = append(open, dribble(d, fmt.Sprintf("203.0.%d.7", place), v(fmt.Sprint("m", place, "x", i))))
		}
		waiting(len(open))
		if got := sends(fmt.Sprintf("203.0.%d.7", place), v("clara")); got != http.StatusTooManyRequests {
			t.Errorf("one more from place %d: %d", place, got)
		}
	}
	if got := sends("198.51.100.1", v("paul")); got != http.StatusTooManyRequests {
		t.Errorf("one more in all: %d", got)
	}
	if got := sends("203.0.0.7", d.Owner); got != 200 {
		t.Errorf("the team: %d", got)
	}
	open[0].Close()
	d.Until("there is room", func() bool { return sends("198.51.100.1", v("zoe")) == 200 })
}

// patience is a connection that tells how long it would wait.
type patience struct {
	*httptest.ResponseRecorder
	read, write time.Time
}

func (p *patience) SetReadDeadline(t time.Time) error  { p.read = t; return nil }
func (p *patience) SetWriteDeadline(t time.Time) error { p.write = t; return nil }

// A large file has the time that it takes on a slow line, in either direction; what is small has no more than everything.
func TestLargeFilesHaveTheTimeTheyTake(t *testing.T) {
	d := apptest.New(t)
	ask := func(method, path, kind string, length int64, body io.Reader) (read, write time.Duration) {
		r := httptest.NewRequest(method, path, body)
		r.ContentLength = length
		r.Header.Set("Authorization", "Bearer "+d.Owner)
		r.Header.Set("Content-Type", kind)
		p, now := &patience{ResponseRecorder: httptest.NewRecorder()}, time.Now()
		d.App.Web.Handler().ServeHTTP(p, r)
		return p.read.Sub(now), p.write.Sub(now)
	}
	const form = "multipart/form-data; boundary=b"
	if read, _ := ask("POST", "/api/files.upload", form, 20<<20, strings.NewReader("--b--")); read < 7*time.Minute || read > 8*time.Minute {
		t.Errorf("20 MB may take %v to come", read)
	}
	if read, _ := ask("POST", "/api/files.upload", form, 100, strings.NewReader("--b--")); read < 2*time.Minute || read > 2*time.Minute+10*time.Second {
		t.Errorf("100 bytes may take %v to come", read)
	}
	text := strings.Repeat("twenty bytes of text", 1<<18)
	url := strings.TrimPrefix(d.File(d.Owner, "large.txt", []byte(text))["url"].(string), d.URL)
	if _, write := ask("GET", url, "", 0, nil); write < 6*time.Minute || write > 7*time.Minute {
		t.Errorf("5 MB may take %v to go", write)
	}
	if _, write := ask("GET", "/api/backups.download?workspaceId="+d.Workspace, "", 0, nil); write < 6*time.Minute || write > 8*time.Minute {
		t.Errorf("a backup of some MB may take %v to go", write)
	}
}

// F-07: the machine's key is made whole and for its owner alone; one that is not whole is refused in words, and left as it is.
func TestAKeyThatIsNotWholeIsRefused(t *testing.T) {
	dir := t.TempDir()
	made, err := file.Secret(dir)
	if err != nil || len(made) != 32 {
		t.Fatalf("%d bytes, %v", len(made), err)
	}
	if again, err := file.Secret(dir); err != nil || string(again) != string(made) {
		t.Errorf("it is another one the second time: %v", err)
	}
	path := filepath.Join(dir, "secret.key")
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("something else is left: %v", list)
	}
	for _, n := range []int{0, 31, 33} {
		if err := os.WriteFile(path, made[:min(n, 32)], 0o600); err != nil {
			t.Fatal(err)
		}
		if n == 33 {
			os.WriteFile(path, append(made, 1), 0o600)
		}
		_, err := file.Secret(dir)
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "%!") {
			t.Errorf("%d bytes: %v", n, err)
		}
		if b, _ := os.ReadFile(path); len(b) != n {
			t.Errorf("of %d bytes there are %d now", n, len(b))
		}
	}
	if _, err := file.Secret(filepath.Join(dir, "none")); err == nil {
		t.Error("a key in a directory that is not there")
	}
}
