package store

import (
	"golang.org/x/sys/unix"
	sqlite3 "modernc.org/sqlite/lib"
)

// descriptor is the machine's number of a file that SQLite has open.
func descriptor(file uintptr) int { return int(structAt[sqlite3.TunixFile](file).Fh) }

// syncData has the disk keep what was written to a file.
func syncData(fd int) error {
	for {
		if err := unix.Fdatasync(fd); err != unix.EINTR {
			return err
		}
	}
}
