// Package site reads somebody's help center from the web: what its sitemap lists, and chosen pages as Markdown with
// their pictures.
//
// A site is a stranger: it may answer without end, point anywhere, or lie about what it sends. So nothing is fetched
// but by package outside, pages and sitemaps only from the host that was named, pictures only from hosts that were
// named, and everything within bounds of bytes, pages and time. A redirect is looked at like an address that was typed in.
package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"deskbell/app/fault"
	"deskbell/app/outside"
)

// The bounds.
const (
	MostPages    = 300
	mostMapped   = 5000     // addresses that a sitemap is believed
	mostMaps     = 30       // sitemaps that one leads to
	mapBytes     = 10 << 20 // of one sitemap
	pageBytes    = 2 << 20
	imageBytes   = 10 << 20
	allBytes     = 32 << 20 // of one reading
	mostElements = 50000    // of one page
	hops         = 5
	patience     = 20 * time.Second // for one request
)

// Site is a help center on one host.
type Site struct {
	start  *url.URL
	reach  outside.Reach
	client *http.Client
	hosts  map[string]bool // that pictures may come from
	left   int             // bytes that may still be read
}

// Open names a site by the address of any of its pages, or of its sitemap. pictureHosts are further hosts that pictures
// may come from.
func Open(address string, reach outside.Reach, pictureHosts []string) (*Site, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := outside.URL(strings.TrimSpace(address), reach)
	if err != nil {
		return nil, fault.New(fault.Invalid, "An address looks like https://help.example.com, on the public internet.").On("address").Because(err)
	}
	s := &Site{start: u, reach: reach, client: outside.Client(reach), hosts: map[string]bool{u.Host: true}, left: allBytes}
	for _, h := range pictureHosts {
		h = strings.ToLower(strings.TrimSpace(h))
		if p, err := outside.URL("https://"+h, reach); err != nil || p.Host != h || p.Path != "" || p.RawQuery != "" {
			return nil, fault.New(fault.Invalid, "A host of pictures looks like cdn.example.com.").On("pictureHosts").Because(err)
		}
		s.hosts[h] = true
	}
	return s, nil
}

// Host is the site's host, with its port where it has one.
func (s *Site) Host() string { return s.start.Host }

// Own parses the address of a page of this site.
func (s *Site) Own(address string) (*url.URL, error) {
	u, err := outside.URL(address, s.reach)
	if err != nil || u.Host != s.start.Host || len(address) > 2000 {
		return nil, fault.New(fault.Invalid, "A page stands on the host that was named: %s.", s.start.Host).On("urls").Because(err)
	}
	return u, nil
}

// Close lets the connections go.
func (s *Site) Close() { s.client.CloseIdleConnections() }

var (
	errStatus  = errors.New("the site answers with another status")
	errType    = errors.New("this is something else")
	errLarge   = errors.New("too large")
	errForeign = errors.New("the site leads to another host")
	errHops    = errors.New("the site leads from one address to the next")
)

// fetched is an answer that was read, with the address that it came from in the end.
type fetched struct {
	body []byte
	kind string // its media type
	head string // the whole Content-Type
	from *url.URL
}

// get reads an address of at most some bytes. Each redirect must lead where the first address might have.
func (s *Site) get(ctx context.Context, u *url.URL, allowed func(*url.URL) bool, most int, kinds ...string) (*fetched, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range hops {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, err
		}
		r.Header.Set("User-Agent", "Deskbell-Import/1.0")
		r.Header.Set("Accept", strings.Join(kinds, ", "))
		res, err := s.client.Do(r)
		if err != nil {
			return nil, err
		}
		if to := res.Header.Get("Location"); to != "" && res.StatusCode >= 300 && res.StatusCode < 400 {
			res.Body.Close()
			next, err := u.Parse(to)
			if err != nil {
				return nil, err
			}
			next.Fragment = ""
			if next, err = outside.URL(next.String(), s.reach); err != nil {
				return nil, err
			}
			if u.Scheme == "https" && next.Scheme != "https" || !allowed(next) {
				return nil, errForeign
			}
			u = next
			continue
		}
		f, err := s.read(res, most, kinds)
		if f != nil {
			f.from = u
		}
		return f, err
	}
	return nil, errHops
}

// read reads an answer, as far as it is what was asked for.
func (s *Site) read(res *http.Response, most int, kinds []string) (*fetched, error) {
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: %d", errStatus, res.StatusCode)
	}
	head := res.Header.Get("Content-Type")
	kind, _, _ := mime.ParseMediaType(head)
	fits := false
	for _, k := range kinds {
		fits = fits || kind == k || strings.HasSuffix(k, "/*") && strings.HasPrefix(kind, strings.TrimSuffix(k, "*"))
	}
	if !fits {
		return nil, errType
	}
	most = min(most, s.left)
	if res.ContentLength > int64(most) {
		return nil, errLarge
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(most)+1))
	s.left -= len(body)
	if err == nil && len(body) > most {
		err = errLarge
	}
	if err != nil {
		return nil, err
	}
	return &fetched{body: body, kind: kind, head: head}, nil
}

func (s *Site) own(u *url.URL) bool { return u.Host == s.start.Host }

// Why says in a sentence why an address could not be read.
func Why(err error) string {
	var f *fault.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &f):
		return f.Message
	case errors.Is(err, outside.ErrPrivate):
		return "It leads inside, not to the public internet."
	case errors.Is(err, errForeign):
		return "It leads to another host."
	case errors.Is(err, errHops):
		return "It leads from one address to the next."
	case errors.Is(err, errLarge):
		return "It is too large."
	case errors.Is(err, errType):
		return "It is something else than was looked for."
	case errors.Is(err, errStatus):
		return "The site answers with an error" + err.Error()[len(errStatus.Error()):] + "."
	case errors.Is(err, context.DeadlineExceeded):
		return "The site takes too long."
	}
	return "The site cannot be reached."
}
