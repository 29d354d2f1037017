//go:build unix

package web

import (
	"math"

	"golang.org/x/sys/unix"
)

// descriptors are how many files and connections this process may have open; 0: no limit.
func descriptors() int {
	var r unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &r) != nil || uint64(r.Cur) > math.MaxInt32 {
		return 0
	}
	return int(r.Cur)
}
