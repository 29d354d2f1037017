package app_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/validation"
)

// complaints are what validation says of a field, where a form of the dashboard or the messenger can meet it.
var complaints = []string{
	validation.MsgExpectedMinLength, validation.MsgExpectedMaxLength, validation.MsgExpectedMinItems, validation.MsgExpectedMaxItems,
	validation.MsgExpectedMinimumNumber, validation.MsgExpectedMaximumNumber, validation.MsgExpectedMatchPattern,
	validation.MsgExpectedInteger, validation.MsgExpectedNumber, validation.MsgExpectedString, validation.MsgExpectedOneOf,
	validation.MsgExpectedRequiredProperty, validation.MsgExpectedArrayItemsUnique,
}

// tellers are functions that give sentences to faults and reports which others make.
var tellers = []string{"Why", "complaint"}

var (
	blank = regexp.MustCompile(`%[a-z]`)
	whole = regexp.MustCompile(`(?s)^[A-Z{e].* `) // begins as a sentence does; a command's own lines begin with a flag
)

// Every sentence that a refusal may say stands in a list, with a number for each of its blanks; the dashboard and the
// messenger are held to it by their own tests: they say each in every language they speak.
func TestGeneratedSentencesAreFresh(t *testing.T) {
	said := map[string]string{}
	say := func(pkg, format string) {
		n := 0
		s := blank.ReplaceAllStringFunc(format, func(string) string {
			n++
			return fmt.Sprintf("{%d}", n)
		})
		if whole.MatchString(s) && said[s] == "" {
			said[s] = pkg
		}
	}
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(src, []byte("fault")) {
			return err
		}
		file, err := parser.ParseFile(fset, path, src, 0)
		if err != nil {
			return err
		}
		pkg := file.Name.Name
		consts := map[string]string{}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, v := range n.Values {
					if s, ok := literal(v); ok {
						consts[n.Names[i].Name] = s
					}
				}
			case *ast.FuncDecl:
				if slices.Contains(tellers, n.Name.Name) {
					ast.Inspect(n, func(n ast.Node) bool {
						sum, ok := n.(*ast.BinaryExpr) // what is known at its beginning alone
						if ok && sum.Op == token.ADD {
							if s, begins := literal(leftmost(sum)); begins {
								say(pkg, s+"%s.")
							}
							return false
						}
						if s, ok := literal(n); ok && strings.HasSuffix(s, ".") && len(s) > 1 {
							say(pkg, s)
						}
						return true
					})
				}
			case *ast.CallExpr:
				if !faults(n, pkg) {
					return true
				}
				s, ok := literal(n.Args[1])
				if !ok {
					t.Errorf("%s: the sentence of a fault is a literal", fset.Position(n.Pos()))
				}
				say(pkg, s)
				for _, arg := range n.Args[2:] {
					if id, ok := arg.(*ast.Ident); ok && consts[id.Name] != "" {
						say(pkg, consts[id.Name])
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range complaints {
		say("validation", s)
	}
	var list strings.Builder
	for _, s := range slices.Sorted(maps.Keys(said)) {
		fmt.Fprintf(&list, "%s\t%s\n", said[s], s)
	}
	if len(said) < 150 {
		t.Errorf("only %d sentences were found", len(said))
	}
	held(t, "../testdata/sentences.txt", []byte(list.String()))
}

func literal(n ast.Node) (string, bool) {
	l, ok := n.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

func leftmost(e ast.Expr) ast.Expr {
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			return e
		}
		e = sum.X
	}
}

// faults says whether a call makes a fault.
func faults(c *ast.CallExpr, pkg string) bool {
	if len(c.Args) < 2 {
		return false
	}
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		return ok && x.Name == "fault" && f.Sel.Name == "New"
	case *ast.Ident:
		return pkg == "fault" && f.Name == "New"
	}
	return false
}
