//go:build !unix

package store

import (
	"fmt"
	"os"
)

// lockFile holds a file that says: this data directory is in use. Where there is no flock, SQLite's own locks still
// keep two writers apart; this one only refuses early.
func lockFile(path string) (*os.File, error) {
	_ = os.Remove(path) // fails while another process holds it open
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, ErrLocked)
	}
	return f, nil
}
