//go:build linux || darwin || freebsd

package store

import "golang.org/x/sys/unix"

// room is how many bytes of the disk that holds a directory are left to us, and how many there are.
func room(dir string) (free, total int64) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, 0
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize)
}
