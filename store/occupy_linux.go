package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// occupy takes room on the disk for a file.
func occupy(f *os.File, size int64) error {
	if unix.Fallocate(int(f.Fd()), 0, 0, size) == nil {
		return nil
	}
	return occupyByWriting(f, size) // not every file system can
}
