package apptest

import (
	"bufio"
	"bytes"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/app"
)

// Logged gathers what the server writes into its log.
type Logged struct {
	mu sync.Mutex
	bytes.Buffer
}

// Write takes a line.
func (l *Logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

// Text is all of it.
func (l *Logged) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.String()
}

// Download fetches the database as a backup.
func (d *Desk) Download(token, workspace string) (int, []byte) {
	d.T.Helper()
	r, _ := http.NewRequest("GET", d.URL+"/api/backups.download?workspaceId="+workspace, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		d.T.Fatal(err)
	}
	defer res.Body.Close()
	path := filepath.Join(d.T.TempDir(), "download.db")
	f, err := os.Create(path)
	if err != nil {
		d.T.Fatal(err)
	}
	defer f.Close()
	if _, err := f.ReadFrom(res.Body); err != nil {
		d.T.Fatal(err)
	}
	b, _ := os.ReadFile(path)
	return res.StatusCode, b
}

// Page fetches a page as a stranger who follows no redirects.
func (d *Desk) Page(path string, header http.Header) (int, http.Header, string) {
	d.T.Helper()
	r, err := http.NewRequest("GET", d.URL+path, nil)
	if err != nil {
		d.T.Fatal(err)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		d.T.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(body)
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

// Answered asks for a page as it stands, without following where it leads.
func (d *Desk) Answered(token, method, path string, header http.Header) (int, string) {
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
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		d.T.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		d.T.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// Untouched sends a request as it is written, byte by byte; status 0 is a connection that was closed without an answer.
func (d *Desk) Untouched(request string) (int, http.Header, string) {
	d.T.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(d.URL, "http://"))
	if err != nil {
		d.T.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
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
