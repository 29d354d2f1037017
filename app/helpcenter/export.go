package helpcenter

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbell/store"
)

// Export writes the workspace's articles as a zip of Markdown files with their pictures, such as SyncZip reads. It says
// how many articles there are.
func (h *HelpCenter) Export(ctx context.Context, workspace store.ID, w io.Writer) (n int, err error) {
	err = h.db.Slowly(ctx, workspace, func(tx *store.Tx) error {
		c, err := center(tx)
		if err != nil {
			return err
		}
		e := &exporting{tx: tx, center: c, zip: zip.NewWriter(w), paths: map[store.ID]string{}, leads: map[store.ID]string{}, taken: map[string]bool{}, pictures: map[store.ID]string{}}
		if n, err = e.run(); err != nil {
			return err
		}
		return e.zip.Close()
	})
	return n, err
}

type exporting struct {
	tx       *store.Tx
	center   *store.HelpCenter
	zip      *zip.Writer
	shelves  map[store.ID]store.Collection
	paths    map[store.ID]string // of articles, without the ending
	leads    map[store.ID]string // their files: those in the help center's own language, or else in the first that there is
	taken    map[string]bool
	pictures map[store.ID]string
}

// placed is a text without what it says.
type placed struct {
	article, collection store.ID
	language, slug      string
}

// run goes twice over all that is written, so that no more than some of it is ever held in memory: all files have their
// names before the first is written, for they name each other.
func (e *exporting) run() (int, error) {
	list, err := e.tx.Collections.List()
	if err != nil {
		return 0, err
	}
	e.shelves = map[store.ID]store.Collection{}
	for _, c := range list {
		e.shelves[c.ID] = c
	}
	var all []placed
	err = e.each(func(a *store.ListedArticle) error {
		all = append(all, placed{a.Article.ID, a.Article.Collection, a.Text.Language, strings.Clone(a.Slug)})
		return nil
	})
	if err != nil {
		return 0, err
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(e.later(a.language)-e.later(b.language), strings.Compare(a.language, b.language))
	})
	for _, p := range all {
		e.name(p)
	}
	if err := e.tell(list); err != nil {
		return 0, err
	}
	if err := e.each(e.article); err != nil {
		return 0, err
	}
	return len(e.paths), e.assets()
}

// each visits all that articles say, by id.
func (e *exporting) each(visit func(a *store.ListedArticle) error) error {
	const some = 20
	for last := store.ID(0); ; {
		part, err := e.tx.Articles.Whole(last, some)
		if err != nil {
			return err
		}
		for i := range part {
			if err := visit(&part[i]); err != nil {
				return err
			}
		}
		if len(part) < some {
			return nil
		}
		last = part[some-1].Text.ID
	}
}

// later is 0 for the help center's own language, and 1 for others.
func (e *exporting) later(language string) int {
	if language == e.center.Language {
		return 0
	}
	return 1
}

// file is where an article's text in a language stands.
func (e *exporting) file(article store.ID, language string) string {
	if language == e.center.Language {
		return e.paths[article] + ".md"
	}
	return e.paths[article] + "." + language + ".md"
}

// name gives an article its path: the collections' addresses as folders, its own as the file.
func (e *exporting) name(p placed) {
	if e.paths[p.article] != "" {
		return
	}
	dir := ""
	for id, n := p.collection, 0; id != 0 && n < 10; n++ {
		dir = e.shelves[id].Slug + "/" + dir
		id = e.shelves[id].Parent
	}
	name := dir + p.slug
	for n := 2; e.taken[name]; n++ {
		name = fmt.Sprintf("%s%s-%d", dir, p.slug, n)
	}
	e.taken[name] = true
	e.paths[p.article] = name
	e.leads[p.article] = e.file(p.article, p.language)
}

func (e *exporting) article(a *store.ListedArticle) error {
	name := e.file(a.Article.ID, a.Text.Language)
	tags, err := e.tx.Articles.Tags([]store.ID{a.Article.ID})
	if err != nil {
		return err
	}
	status, title, about, seo, said := a.Status, a.Title, a.Description, a.SEOTitle, a.Content
	switch {
	case status == "archived":
	case a.Live: // what readers see: an export must not publish what is still being written
		title, about, seo, said = a.LiveTitle, a.LiveExcerpt, a.LiveSEOTitle, a.LiveContent
	default:
		status = "draft"
	}
	var related []string
	planned := ""
	if name == e.leads[a.Article.ID] {
		if status != "archived" && a.PublishAt != 0 {
			planned = a.PublishAt.Std().Format(time.RFC3339Nano)
		}
		if related, err = e.related(a.Article.ID, path.Dir(name)); err != nil {
			return err
		}
	}
	head := headOf([][2]string{{"title", title}, {"slug", a.Slug}, {"description", about}, {"seoTitle", seo}, {"status", status}, {"publishAt", planned}, {"visibility", a.Visibility}, {"order", strconv.FormatInt(a.Position, 10)}, {"collection", joined(e.path(a.Article.Collection))}},
		[2]string{"tags", strings.Join(tags[a.Article.ID], ", ")}, [2]string{"related", strings.Join(related, ", ")})
	content, err := e.relinked(said, path.Dir(name))
	if err != nil {
		return err
	}
	f, err := e.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(f, head+content+"\n")
	}
	return err
}

// headOf is the head of a Markdown file, such as readLeaf reads. The collection is said even where there is none.
func headOf(lines [][2]string, lists ...[2]string) string {
	var b strings.Builder
	b.WriteString("---\n")
	for _, line := range lines {
		if line[1] != "" || line[0] == "collection" {
			b.WriteString(line[0] + ": " + quoted(line[1]) + "\n")
		}
	}
	for _, list := range lists {
		if list[1] != "" {
			b.WriteString(list[0] + ": [" + list[1] + "]\n")
		}
	}
	return b.String() + "---\n\n"
}

// quoted is a value of a head: in quotes, with its line breaks as spaces.
func quoted(s string) string {
	return `"` + strings.ReplaceAll(strings.Join(strings.Fields(s), " "), `"`, `\"`) + `"`
}

// related are the files of what an author put beside an article, as seen from dir.
func (e *exporting) related(id store.ID, dir string) (files []string, err error) {
	ids, err := standing(e.tx, id)
	for _, other := range ids {
		if rel, err := filepath.Rel(dir, e.leads[other]); err == nil && e.leads[other] != "" {
			files = append(files, filepath.ToSlash(rel))
		}
	}
	return files, err
}

// relinked turns our references into paths of the zip.
func (e *exporting) relinked(text, dir string) (string, error) {
	var failed error
	out := references.ReplaceAllStringFunc(text, func(ref string) string {
		kind, raw, _ := strings.Cut(ref, ":")
		id, err := store.ParseID(raw)
		if err != nil {
			return ref
		}
		to := ""
		if kind == "article" {
			to = e.leads[id]
		} else if to, err = e.picture(id); err != nil {
			failed = err
		}
		if to == "" {
			return ref
		}
		rel, err := filepath.Rel(dir, to)
		if err != nil {
			return ref
		}
		return filepath.ToSlash(rel)
	})
	return out, failed
}

func (e *exporting) picture(id store.ID) (string, error) {
	if name, there := e.pictures[id]; there {
		return name, nil
	}
	list, err := e.tx.Assets.ByIDs([]store.ID{id})
	if err != nil || len(list) == 0 {
		return "", err
	}
	ext := map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/avif": ".avif"}[list[0].ContentType]
	e.pictures[id] = "_assets/" + strings.ToLower(id.String()) + ext
	return e.pictures[id], nil
}

func (e *exporting) assets() error {
	for _, id := range slices.Sorted(maps.Keys(e.pictures)) {
		a, err := e.tx.Assets.ByID(id)
		if err != nil {
			return err
		}
		content, err := e.tx.Blobs.Content(a.Hash)
		if err != nil {
			return err
		}
		f, err := e.zip.CreateHeader(&zip.FileHeader{Name: e.pictures[id], Method: zip.Store})
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
