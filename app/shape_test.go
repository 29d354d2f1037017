package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// floors: a package may import only packages of lower floors; on the first rank (5) also its neighbours.
var floors = map[string]int{
	"app/recall/minilm": 0,
	"app/strict":        0,
	"app/tongue":        0,
	"migrations":        0,
	"ui":                0,
	"widget":            0,
	"app/outside":       1,
	"store":             1,
	"app/actor":         2,
	"app/event":         2,
	"app/fault":         2,
	"app/llm":           2,
	"app/llm/llmtest":   2,
	"app/picture":       2,
	"app/recall":        2,
	"app/safe":          2,
	"app/seal":          2,
	"app/job":           3,
	"app/live":          3,
	"app/may":           3,
	"app/site":          3,
	"app/door":          4,
	"app/account":       5,
	"app/inbox":         5,
	"app/model":         5,
	"app/saved":         5,
	"app/visitor":       5,
	"app/web":           5,
	"app/workspace":     5,
	"app/ai":            6,
	"app/backup":        6,
	"app/copilot":       6,
	"app/file":          6,
	"app/helpcenter":    6,
	"app":               7,
	"":                  8,
	"app/apptest":       8,
	"app/bench":         8,
}

// outward makes connections of its own. S-70: to the outside there is one way, app/outside; app/control speaks with this
// program alone, and app/bench, app/apptest and app/llm/llmtest are for tests.
var outward = regexp.MustCompile(`http\.(DefaultClient|DefaultTransport|Get\(|Post\(|Head\(|PostForm\(|Client\{|Transport\{)|net\.Dial|tls\.Dial`)

var statement = regexp.MustCompile(`"(SELECT|INSERT|UPDATE|DELETE) |` + "`(SELECT|INSERT|UPDATE|DELETE) ")

func TestImportsOnlyGoDown(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir := strings.TrimPrefix(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), ".."), "/")
		floor, known := floors[dir]
		if !known {
			t.Errorf("%s stands on no floor: add it to floors", dir)
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if dir != "store" && dir != "app/bench" && statement.Match(source) {
			t.Errorf("%s holds SQL: that belongs to store", path)
		}
		if dir != "app/outside" && dir != "app/bench" && dir != "app/apptest" && dir != "app/llm/llmtest" && filepath.ToSlash(path) != "../app/control.go" && outward.Match(source) {
			t.Errorf("%s goes outside on its own: that is app/outside's", path)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range file.Imports {
			to := strings.Trim(imp.Path.Value, `"`)
			if strings.Contains(to, "labstack/echo") && dir != "app/web" {
				t.Errorf("%s imports echo: only app/web knows it", path)
			}
			if up, ours := floors[strings.TrimPrefix(to, "deskbell/")]; ours && strings.HasPrefix(to, "deskbell/") && (up > floor || up == floor && floor != 5) {
				t.Errorf("%s (floor %d) imports %s (floor %d)", path, floor, to, up)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	allowed := map[string]bool{"main.go": true, "app": true, "store": true, "ui": true, "widget": true, "migrations": true, "testdata": true, "go.mod": true, "go.sum": true, "Dockerfile": true, "README.md": true, "data": true}
	list, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if !allowed[e.Name()] && !strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s does not belong to the top level", e.Name())
		}
	}
}
