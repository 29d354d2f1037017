package helpcenter

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// page is a Markdown file as it was read: what stands at its head, and what it says.
type leaf struct {
	path, language                  string
	title, slug, description, seo   string
	status, visibility, content     string
	shelves                         []string // names of collections, from the top
	tags                            []string
	related                         []string // files of articles that stand beside it, as the head names them
	hasTags, hasSlug, hasVisibility bool
	hasRelated                      bool
	order                           int64  // among the articles of its collection; 0: not said
	begins, due                     bool   // it begins an article; it says something new
	leads                           bool   // it says where its article stands, and for whom: in the help center's own language, or the first of an article that says nothing in that
	also                            string // path under which other files mean its article
	planned                         string // when it is to be published, as the head says it
}

var headLine = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_-]*)\s*:\s*(.*)$`)

// readLeaf reads a Markdown file. Its head (between lines of ---) may say title, slug, description, seoTitle, status,
// visibility, tags, publishAt (when it is to be published: RFC 3339, or a date), collection, order (of a new article among those
// of its collection, from 1), and related (files of articles, seen from its own); what it does not say comes from the file's name
// and place.
func readLeaf(name, text string) leaf {
	p := leaf{path: name, status: "published"}
	head := map[string]string{}
	if rest, ok := strings.CutPrefix(text, "---\n"); ok {
		if block, body, closed := strings.Cut(rest, "\n---"); closed && (body == "" || body[0] == '\n') {
			text = body
			last := ""
			for _, line := range strings.Split(block, "\n") {
				if item, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok && last != "" {
					head[last] = strings.Trim(head[last]+", "+unquote(item), ", ")
				} else if m := headLine.FindStringSubmatch(line); m != nil {
					last = strings.ToLower(m[1])
					head[last] = unquote(m[2])
				}
			}
		}
	}
	p.content = strings.TrimSpace(text)
	p.title, p.description, p.seo = head["title"], head["description"], head["seotitle"]
	p.slug, p.hasSlug = head["slug"], head["slug"] != ""
	if s := head["status"]; s == "draft" || s == "archived" {
		p.status = s
	}
	if head["draft"] == "true" {
		p.status = "draft"
	}
	if v := head["visibility"]; v == "internal" || v == "public" {
		p.visibility, p.hasVisibility = v, true
	}
	if n, err := strconv.ParseInt(head["order"], 10, 32); err == nil && n > 0 {
		p.order = n
	}
	p.tags, p.hasTags = listOf(head, "tags")
	p.related, p.hasRelated = listOf(head, "related")
	p.planned = head["publishat"]
	if p.title == "" {
		first, rest, _ := strings.Cut(p.content, "\n")
		if h, ok := strings.CutPrefix(first, "# "); ok {
			p.title, p.content = strings.TrimSpace(strings.TrimRight(h, "# ")), strings.TrimSpace(rest)
		} else {
			p.title = human(strings.TrimSuffix(path.Base(name), path.Ext(name)))
		}
	}
	p.shelves = shelvesOf(head, path.Dir(name))
	return p
}

// light is a file without what it says, of which nothing is held in memory.
func (p leaf) light() leaf {
	p.content = ""
	for _, s := range []*string{&p.title, &p.slug, &p.description, &p.seo, &p.planned} {
		*s = strings.Clone(*s)
	}
	for _, list := range [][]string{p.shelves, p.tags, p.related} {
		for i := range list {
			list[i] = strings.Clone(list[i])
		}
	}
	return p
}

// listOf is a line of the head that says several things.
func listOf(head map[string]string, line string) (list []string, said bool) {
	s, said := head[line]
	for _, v := range strings.Split(strings.Trim(s, "[]"), ",") {
		if v = unquote(v); v != "" {
			list = append(list, v)
		}
	}
	return list, said
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return strings.ReplaceAll(s[1:len(s)-1], `\"`, `"`)
	}
	return s
}

// shelvesOf are the collections that the head names, or that the folders stand for.
func shelvesOf(head map[string]string, dir string) (out []string) {
	if names, ok := head["collection"]; ok {
		for _, n := range strings.Split(names, " / ") {
			if n = strings.ReplaceAll(strings.TrimSpace(n), ` \/ `, " / "); n != "" {
				out = append(out, n)
			}
		}
		return out
	}
	if p, ok := head["collectionpath"]; ok {
		dir = p
	}
	if l := strings.ToLower(dir); dir == "." || l == "" || l == "uncategorized" || l == "uncategorised" {
		return nil
	}
	for _, part := range strings.Split(strings.Trim(dir, "/"), "/") {
		out = append(out, human(part))
	}
	return out
}

// human makes words of a file's name: getting-started is Getting started.
func human(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' || r == ' ' }), " ")
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return "Untitled"
}

// referring are the references of a text to files beside it: pictures, and other articles.
var referring = regexp.MustCompile(`(!?\[[^\]\n]*\]\()<?([^)\s>]+)>?((?:\s+"[^"\n]*")?\))|(<img\s[^>]*?src=")([^"]+)("[^>]*>)`)

var fenced = regexp.MustCompile("(?ms)^(```|~~~).*?^(```|~~~)[ \t]*$")

// relink replaces references by what to says; those that lead elsewhere stay as they are. Code is left alone.
func relink(text, dir string, to func(target string) (string, bool)) string {
	var b strings.Builder
	last := 0
	for _, code := range append(fenced.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		b.WriteString(referring.ReplaceAllStringFunc(text[last:code[0]], func(whole string) string {
			m := referring.FindStringSubmatch(whole)
			target, open, end := m[2], m[1], m[3]
			if m[5] != "" {
				target, open, end = m[5], "![](", ")"
			}
			if strings.HasPrefix(target, "#") || strings.HasPrefix(target, "//") || schemed.MatchString(target) {
				return whole
			}
			file, place, _ := strings.Cut(target, "#")
			file, _, _ = strings.Cut(file, "?")
			found, ok := to(beside(dir, file))
			if !ok {
				return whole
			}
			if place != "" && !strings.HasPrefix(open, "!") {
				found += "#" + place
			}
			return open + found + end
		}))
		b.WriteString(text[code[0]:code[1]])
		last = code[1]
	}
	return b.String()
}

// beside is the path of a file that another one names, which stands in dir.
func beside(dir, name string) string {
	if strings.HasPrefix(name, "/") {
		return strings.TrimPrefix(path.Clean(name), "/")
	}
	return path.Join(dir, name)
}

var schemed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
