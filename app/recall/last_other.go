//go:build !linux

package recall

import "syscall"

func last() {}

func alone() *syscall.SysProcAttr { return nil }
