// Package apptest is what tests share that go through the doors of a whole Deskbell: one that runs in the test's own
// process on a real file (Desk), or the program as it is installed (Program).
//
// S-07 or F-37 at a test is the number of the attack or fault that it is about, in the owner's list of them.
package apptest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"deskbell/app/recall"
)

// m is a JSON object.
type m = map[string]any

// scratch is a directory for all tests of a package.
var scratch = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "deskbell-test-") })

// Main runs the tests of a package and removes what they shared. Every package whose tests use a Desk or the Program has
// it as its TestMain.
func Main(m *testing.M) {
	recall.Builtin = &remembering{Embedder: recall.Builtin, known: map[string][]float32{}}
	code := m.Run()
	if dir, err := scratch(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// Program is Deskbell as it is installed: what DESKBELL_PROGRAM names, which the gate builds for all packages, or else built
// once for all tests of a package.
var Program = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("DESKBELL_PROGRAM"); path != "" {
		return path, nil
	}
	dir, err := scratch()
	if err != nil {
		return "", err
	}
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(dir, "deskbell")
	c := exec.Command("go", "build", "-o", path, ".")
	c.Dir = filepath.Join(filepath.Dir(here), "..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// Address is where a server may listen on this machine, also when it comes back after a while: its port lies below those that
// systems give to whoever asks for any.
func Address(t *testing.T) string {
	t.Helper()
	for range 1000 {
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", 20000+rand.IntN(12000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
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
	LeftOut(t, what)
}

// LeftOut skips a test that this machine cannot run, and notes it in the file that DESKBELL_LEFT_OUT names, which the gate shows.
func LeftOut(t *testing.T, why string) {
	t.Helper()
	if path := os.Getenv("DESKBELL_LEFT_OUT"); path != "" {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		fmt.Fprintf(f, "%s: %s\n", t.Name(), why)
	}
	t.Skip(why)
}
