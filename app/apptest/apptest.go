// Package apptest is for tests that run the program as it is installed.
package apptest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Build makes the program in a directory; top is the way to its source.
func Build(dir, top string) (string, error) {
	path := filepath.Join(dir, "deskbell")
	c := exec.Command("go", "build", "-o", path, ".")
	c.Dir = top
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
}

// Needed skips a test whose tools are missing, or fails where they are required (CI).
func Needed(t *testing.T, ok bool, what string) {
	t.Helper()
	if ok {
		return
	}
	if os.Getenv("DESKBELL_REQUIRE_JOURNEYS") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}
