//go:build !linux

package store

import "errors"

// descriptor is -1: the log is synced by SQLite.
func descriptor(uintptr) int { return -1 }

func syncData(int) error { return errors.ErrUnsupported }
