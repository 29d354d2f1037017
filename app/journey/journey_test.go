// Package journey_test has browsers walk through what Deskbell does for people, and runs the front ends' own tests.
package journey_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"deskbell/app/apptest"
)

const top = "../.."

func TestMain(m *testing.M) { apptest.Main(m) }

// run runs a command of a front end and shows what it printed when it fails.
func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

func TestFrontEndsPassTheirOwnChecks(t *testing.T) {
	for _, name := range []string{"widget", "ui"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := top + "/" + name
			_, err := os.Stat(filepath.Join(dir, "node_modules"))
			apptest.Needed(t, err == nil, "run go generate ./... first: "+dir+" is not installed")
			run(t, dir, "npm", "run", "check")
			run(t, dir, "npm", "test")
		})
	}
}

// chromium finds a browser; as root it installs Debian's.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Geteuid() != 0 {
		return ""
	}
	exec.Command("apt-get", "update").Run()
	exec.Command("apt-get", "install", "-y", "--no-install-recommends", "chromium").Run()
	path, _ := exec.LookPath("chromium")
	return path
}

// others are scripts of ui/test that are no journeys: what they share, and a tour of screenshots.
var others = map[string]bool{"stage.mjs": true, "look.mjs": true}

func TestJourneys(t *testing.T) {
	browser := chromium()
	apptest.Needed(t, browser != "", "there is no Chromium")
	_, err := os.Stat(top + "/ui/node_modules/playwright-core")
	apptest.Needed(t, err == nil, "run go generate ./... first")
	binary, err := apptest.Program()
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(top + "/ui/test/*.mjs")
	if err != nil || len(scripts) <= len(others) {
		t.Fatalf("%d journeys (%v)", len(scripts), err)
	}
	for _, script := range scripts {
		name := filepath.Base(script)
		if others[name] {
			continue
		}
		t.Run(strings.TrimSuffix(name, ".mjs"), func(t *testing.T) {
			t.Parallel() // each has a server and a browser of its own, and waits for them most of the time
			args := []string{"test/" + name, binary, browser}
			if shots := os.Getenv("DESKBELL_SCREENSHOTS"); shots != "" {
				args = append(args, shots)
			}
			run(t, top+"/ui", "node", args...)
		})
	}
}
