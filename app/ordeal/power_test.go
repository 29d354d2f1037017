package ordeal_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"deskbell/app/apptest"
	"deskbell/store"
)

// powered is a disk whose power can be cut: a file system in a file, which then forgets whatever it was not told to keep.
type powered struct {
	t          *testing.T
	image, dir string
}

// newPowered makes a disk of so many megabytes. Where the machine lends no block device to anybody, the test is left out.
func newPowered(t *testing.T, megabytes int64) *powered {
	t.Helper()
	p := &powered{t: t, image: filepath.Join(t.TempDir(), "disk"), dir: t.TempDir()}
	f, err := os.Create(p.image)
	if err == nil {
		err = f.Truncate(megabytes << 20)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("mkfs.ext4", "-q", "-F", p.image).CombinedOutput()
	apptest.Needed(t, err == nil, fmt.Sprint("no file system can be made: ", err, string(out)))
	if out, err := exec.Command("mount", "-o", "loop", p.image, p.dir).CombinedOutput(); err != nil {
		apptest.LeftOut(t, fmt.Sprint("no file system can be mounted: ", err, ": ", string(out)))
	}
	t.Cleanup(func() { syscall.Unmount(p.dir, syscall.MNT_DETACH) })
	return p
}

// cut takes the power away, and with it what the journal had not yet written (EXT4_IOC_SHUTDOWN without a flush).
func (p *powered) cut() {
	p.t.Helper()
	f, err := os.Open(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	if err := unix.IoctlSetPointerInt(int(f.Fd()), 0x8004587d, 2); err != nil {
		p.t.Fatal("the power cannot be cut: ", err)
	}
}

// back gives the power back: the file system goes through its journal.
func (p *powered) back() {
	p.t.Helper()
	if err := syscall.Unmount(p.dir, 0); err != nil {
		p.t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-o", "loop", p.image, p.dir).CombinedOutput(); err != nil {
		p.t.Fatal(err, string(out))
	}
}

// F-06, F-07: when the power goes under load and in the middle of a backup, nothing that was acknowledged is lost, the file is
// sound, and the backup is the one from before or the new one, whole. DESKBELL_KILLS sets how often.
func TestAPowerCutLosesNothingThatWasAcknowledged(t *testing.T) {
	disk := newPowered(t, 160)
	v, l := newVictim(t, filepath.Join(disk.dir, "data")), newLedger()
	backup := filepath.Join(v.data, "backup.db")
	if out, err := v.command("backup", backup); err != nil {
		t.Fatal(err, out)
	}
	for n := range often(3) {
		owner := v.owner() // a session may send so much
		before, _ := l.counts()
		stop := v.load(l, owner, 8, fmt.Sprint(n), "a message")
		backing := make(chan struct{})
		go func() { // ends with the process that it talks to
			defer close(backing)
			v.command("backup", backup)
		}()
		most := before + 10 + rand.IntN(60)
		within(t, "messages", func() bool { acked, _ := l.counts(); return acked > most })
		unkept := filepath.Join(disk.dir, fmt.Sprint("unkept ", n))
		os.WriteFile(unkept, make([]byte, 64<<10), 0o600)
		sure := l.all() // what is answered while the power goes would reach nobody
		disk.cut()
		stop()
		l.acked = sure
		v.kill() // unless it has ended by itself
		<-backing
		disk.back()
		if b, _ := os.ReadFile(unkept); len(b) == 64<<10 {
			t.Error("the disk kept what it was not told to keep: no power was cut")
		}
		clear(l.refused) // what was not acknowledged may be there: a client sends it again under the same id
		whole(t, backup)
		v.start()
	}
	v.settle(l, 0)
}

// whole opens a copy of a backup.
func whole(t *testing.T, backup string) {
	t.Helper()
	b, err := os.ReadFile(backup)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Path: path})
	if err != nil {
		t.Error("the backup:", err)
		return
	}
	defer db.Close()
	if err := db.Check(t.Context()); err != nil {
		t.Error("the backup:", err)
	}
}
