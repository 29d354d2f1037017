package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"deskbell/app"
	"deskbell/app/apptest"
)

// S-36: the set-up works once, for the holder of the newest link, and is gone afterwards.
func TestTheSetUpWorksOnceForTheHolderOfTheLink(t *testing.T) {
	d := apptest.Bare(t, app.Options{Data: t.TempDir()})
	link := func() string {
		line, err := d.App.SetupLine(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, token, _ := strings.Cut(line, "/setup?token=")
		return token
	}
	old, token := link(), link()
	in := func(token string) m {
		return m{"token": token, "name": "Ann Berg", "email": "ann@shop.test", "password": "correct horse", "workspaceName": "Shop"}
	}
	greeted := func(token string) m {
		v := in(token)
		v["welcomeMessage"] = "Hallo! Wie können wir helfen?"
		return v
	}
	if len(token) < 43 {
		t.Fatalf("the link holds %d characters", len(token))
	}
	for what, bad := range map[string]string{"an older link's token": old, "no token": "", "a part of it": token[:20], "a space": token + " "} {
		d.Refused("forbidden", "", "setup.complete", in(bad))
		if s := d.OK("", "setup.status", m{"token": bad}); s["tokenValid"] == true || s["needed"] != true {
			t.Errorf("%s: %v", what, s)
		}
	}
	short := in(token)
	short["password"] = "short"
	d.Refused("invalid", "", "setup.complete", short)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if status, _ := d.Call("", "setup.complete", greeted(token)); status == 200 {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of four set-ups at once worked, want 1", won.Load())
	}
	if status, _ := d.Call("", "setup.complete", in(token)); status == 200 {
		t.Error("the link works a second time")
	}
	if s := d.OK("", "setup.status", m{"token": token}); s["needed"] != false || s["tokenValid"] != false {
		t.Errorf("after it: %v", s)
	}
	if again := link(); again != "" {
		t.Error("a link is made although somebody is there")
	}
}

// S-66: nobody else on the machine reads what is kept, whatever the umask says.
func TestOnlyTheOwnerReadsTheData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d := apptest.Bare(t, app.Options{Data: dir})
	if err := d.App.Backups.Now(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
