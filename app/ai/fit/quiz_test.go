package fit_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/app/apptest"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/store"
)

// quiz is a question of testdata/recall, and the article that answers it; "" is none.
type quiz struct{ text, article string }

func quizzes(t testing.TB) (list []quiz) {
	t.Helper()
	for line := range strings.Lines(fixture(t, "questions.tsv")) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 && !strings.HasPrefix(line, "#") {
			list = append(list, quiz{f[2], f[1]})
		}
	}
	for line := range strings.Lines(fixture(t, "unanswerable.txt")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, quiz{line, ""})
		}
	}
	return list
}

// havn are the questions to Havn, a shop of testdata/recall that says nothing of what near misses ask, but something close.
func havn(t testing.TB) (answered, near []quiz) {
	t.Helper()
	for name, list := range map[string]*[]quiz{"havn.tsv": &answered, "near.tsv": &near} {
		for line := range strings.Lines(fixture(t, name)) {
			if article, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
				if name == "near.tsv" {
					article = ""
				}
				*list = append(*list, quiz{text, article})
			}
		}
	}
	return answered, near
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("../../../testdata/recall/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// shelf is a workspace that knows some articles, and what it is asked.
type shelf struct {
	workspace store.ID
	article   map[store.ID]string
	title     map[string]string
	asked     []quiz
}

// halved are the articles of testdata/recall, every second of them.
func halved(t testing.TB, half int) (files []string) {
	t.Helper()
	for i, f := range markdown(t, "") {
		if i%2 == half {
			files = append(files, f)
		}
	}
	return files
}

// markdown are the articles of a folder of testdata/recall.
func markdown(t testing.TB, folder string) []string {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/recall/" + folder + "*.md")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "README.md") })
	for i, f := range files {
		files[i] = folder + filepath.Base(f)
	}
	return files
}

// shelve fills a workspace with articles, and waits until they are found by meaning.
func shelve(d *apptest.Desk, workspace store.ID, files []string, asked []quiz) shelf {
	d.T.Helper()
	s := shelf{workspace, map[store.ID]string{}, map[string]string{}, asked}
	_, err := d.App.DB.Write(d.T.Context(), workspace, func(tx *store.Tx) error {
		for _, f := range files {
			name := strings.TrimSuffix(filepath.Base(f), ".md")
			title, body, _ := strings.Cut(strings.TrimPrefix(fixture(d.T, f), "# "), "\n")
			a := &store.Article{Status: "published", Visibility: "public"}
			if err := tx.Articles.Add(a); err != nil {
				return err
			}
			t := &store.Text{Article: a.ID, Language: "en", Slug: safe.Slug(name), Title: title}
			if err := tx.Articles.AddText(t); err != nil {
				return err
			}
			t.Live = true
			if err := tx.Articles.SaveText(t, t.Slug); err != nil {
				return err
			}
			s.article[a.ID], s.title[name] = name, title
			if err := recall.Put(tx, recall.Document{Source: store.FromArticle, ID: a.ID, Language: "en", Published: true, Title: title, Markdown: body}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.T.Fatal(err)
	}
	d.App.Recall.Changed(workspace)
	for deadline := time.Now().Add(4 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		var p store.ChunkIndex
		err := d.App.DB.Read(d.T.Context(), workspace, func(tx *store.Tx) (err error) { p, err = recall.Progress(tx); return err })
		if err == nil && p.Total > 0 && p.Done == p.Total {
			return s
		}
		if err != nil || time.Now().After(deadline) {
			d.T.Fatalf("not indexed: %+v, %v", p, err)
		}
	}
}
