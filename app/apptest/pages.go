package apptest

import (
	"bufio"
	"bytes"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app"
)

// Logged gathers what a server writes into its log.
type Logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes a line.
func (l *Logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is all of it.
func (l *Logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// asIs passes requests on as they are: it follows nothing and unpacks nothing.
var asIs = func() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true
	return t
}()

// Fetch makes a request of any kind and gives the whole answer as it comes.
func (d *Desk) Fetch(r *http.Request) (*http.Response, []byte) {
	d.T.Helper()
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	res, err := asIs.RoundTrip(r)
	if err != nil {
		d.T.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		d.T.Fatal(err)
	}
	return res, b
}

// Ask is Fetch without a body: from one of our paths, or from a whole address. The token and the head may be empty.
func (d *Desk) Ask(token, method, path string, header http.Header) (*http.Response, []byte) {
	d.T.Helper()
	if !strings.HasPrefix(path, "http") {
		path = d.URL + path
	}
	r, err := http.NewRequest(method, path, nil)
	if err != nil {
		d.T.Fatal(err)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return d.Fetch(r)
}

// Page fetches a page as a stranger.
func (d *Desk) Page(path string, header http.Header) (int, http.Header, string) {
	d.T.Helper()
	res, b := d.Ask("", http.MethodGet, path, header)
	return res.StatusCode, res.Header, string(b)
}

// Answered is Ask for whom the text and its status are enough.
func (d *Desk) Answered(token, method, path string, header http.Header) (int, string) {
	d.T.Helper()
	res, b := d.Ask(token, method, path, header)
	return res.StatusCode, string(b)
}

// Download fetches the database as a backup.
func (d *Desk) Download(token, workspace string) (int, []byte) {
	d.T.Helper()
	res, b := d.Ask(token, http.MethodGet, "/api/backups.download?workspaceId="+workspace, nil)
	return res.StatusCode, b
}

// Printable makes text of bytes.
func Printable(r rune) rune {
	if r < ' ' || r > '~' {
		return '.'
	}
	return r
}

// Guarded are the plain pages that ask for a right.
var Guarded = map[string]string{
	"POST /api/files.upload":         "conversations.reply|OwnVisitor",
	"POST /api/articles.uploadAsset": "articles.create",
	"POST /api/helpCenter.import":    "articles.publish",
	"GET /api/helpCenter.export":     "data.export",
	"GET /api/backups.download":      "Owner",
}

// Knock asks for a plain page with what it takes: a small form where it wants one.
func (d *Desk) Knock(token, route, workspace string) (int, m) {
	d.T.Helper()
	method, path, _ := strings.Cut(route, " ")
	var body bytes.Buffer
	kind := ""
	if method == http.MethodPost {
		f := multipart.NewWriter(&body)
		name, content := "a.txt", []byte("Hello")
		switch {
		case strings.Contains(path, "Asset"):
			name, content = "a.png", PNG(2, 2)
		case strings.Contains(path, "import"):
			name, content = "a.zip", Zipped(d.T, map[string]string{"hello.md": "# Hello"})
		}
		w, _ := f.CreateFormFile("file", name)
		w.Write(content)
		f.Close()
		kind = f.FormDataContentType()
	}
	r, err := http.NewRequest(method, d.URL+path+"?workspaceId="+workspace, &body)
	if err != nil {
		d.T.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return d.Send(r)
}

// Untouched sends a request as it is written, byte by byte; status 0 is a connection that was closed without an answer.
func (d *Desk) Untouched(request string) (int, http.Header, string) {
	d.T.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(d.URL, "http://"))
	if err != nil {
		d.T.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(c, request)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, nil, ""
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(b)
}

// Behind is a desk whose callers come through a proxy, so that a test can come from many places.
func Behind(t *testing.T) *Desk {
	t.Helper()
	return With(t, app.Options{Proxies: []string{"127.0.0.0/8"}})
}
