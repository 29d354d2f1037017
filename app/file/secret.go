package file

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"deskbell/store"
)

// Secret reads the 32 bytes that wrap all other secrets, and makes them when there are none.
func Secret(dir string) ([]byte, error) {
	path := filepath.Join(dir, "secret.key")
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return newSecret(path)
	case err != nil:
		return nil, err
	case len(b) != 32:
		return nil, fmt.Errorf("%s is not a key of 32 bytes: put the one you kept in its place, or remove it, and what was sealed with it must be entered again", path)
	}
	return b, nil
}

// newSecret makes a secret that is there whole after a power cut, or not at all.
func newSecret(path string) ([]byte, error) {
	b := make([]byte, 32)
	rand.Read(b)
	temp := path + ".tmp"
	if err := errors.Join(os.WriteFile(temp, b, 0o600), store.Replace(temp, path)); err != nil {
		return nil, errors.Join(err, os.Remove(temp))
	}
	return b, nil
}
