package recall

import (
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// last puts all threads of this process behind those of others: SCHED_IDLE (sched(7)), and where that is refused nice 19.
// Threads that begin later take after the one that begins them.
func last() {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		unix.Setpriority(unix.PRIO_PROCESS, 0, 19)
		return
	}
	for _, t := range threads {
		id, _ := strconv.Atoi(t.Name())
		if unix.SchedSetAttr(id, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0) != nil {
			unix.Setpriority(unix.PRIO_PROCESS, id, 19)
		}
	}
}

// alone keeps a process from what is typed where this one was started.
func alone() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
