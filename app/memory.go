package app

import (
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
)

// LimitMemory tells the collector how much memory the machine gives this process, where a container or a service has a limit:
// near it, garbage is collected more often rather than the process killed. GOMEMLIMIT in the environment overrides it.
func LimitMemory() {
	if most := memoryLimit("/proc/self/cgroup", "/sys/fs/cgroup"); most > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(most / 10 * 9) // the rest is what is not the collector's: SQLite's, stacks of the kernel
	}
}

// memoryLimit is the smallest limit of the control groups that a process is in (cgroups(7)); 0: none.
func memoryLimit(groups, mounted string) int64 {
	list, err := os.ReadFile(groups)
	if err != nil {
		return 0
	}
	least := int64(math.MaxInt64)
	for line := range strings.Lines(string(list)) {
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(part) != 3 {
			continue
		}
		root, file := mounted, "memory.max"
		if part[1] != "" {
			if !strings.Contains(","+part[1]+",", ",memory,") {
				continue
			}
			root, file = filepath.Join(mounted, "memory"), "memory.limit_in_bytes"
		}
		for dir := filepath.Join("/", part[2]); ; dir = filepath.Dir(dir) { // a group above may be narrower
			b, err := os.ReadFile(filepath.Join(root, dir, file))
			if n, bad := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && bad == nil && n > 0 && n < least {
				least = n
			}
			if dir == "/" {
				break
			}
		}
	}
	if least > 1<<50 { // how version 1 says that there is none
		return 0
	}
	return least
}
