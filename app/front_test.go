package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// run runs a command of a front end and shows what it printed when it fails.
func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// needed skips a test whose tools are missing, or fails where they are required (CI).
func needed(t *testing.T, ok bool, what string) {
	t.Helper()
	if ok {
		return
	}
	if os.Getenv("DESKBELL_REQUIRE_JOURNEYS") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func TestFrontEnds(t *testing.T) {
	for _, dir := range []string{"../widget", "../ui"} {
		_, err := os.Stat(filepath.Join(dir, "node_modules"))
		needed(t, err == nil, "run go generate ./... first: "+dir+" is not installed")
		run(t, dir, "npm", "run", "check")
		run(t, dir, "npm", "test")
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

func TestJourney(t *testing.T) { journey(t, "journey.mjs") }

func TestKeysJourney(t *testing.T) { journey(t, "keys.mjs") }

func TestADayAtTheDesk(t *testing.T) { journey(t, "desk.mjs") }

func TestCopilotJourney(t *testing.T) { journey(t, "copilot.mjs") }

func TestHelpJourney(t *testing.T) { journey(t, "help.mjs") }

func TestAHelpCenterMoves(t *testing.T) { journey(t, "sites.mjs") }

func TestEverythingWorksByKeyboard(t *testing.T) { journey(t, "keyboard.mjs") }

func TestTheAgentsJourney(t *testing.T) { journey(t, "ai.mjs") }

// journey runs a script of ui/test against a fresh binary.
func journey(t *testing.T, script string) {
	t.Helper()
	browser := chromium()
	needed(t, browser != "", "there is no Chromium")
	_, err := os.Stat("../ui/node_modules/playwright-core")
	needed(t, err == nil, "run go generate ./... first")
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"test/" + script, binary, browser}
	if shots := os.Getenv("DESKBELL_SCREENSHOTS"); shots != "" {
		args = append(args, shots)
	}
	run(t, "../ui", "node", args...)
}
