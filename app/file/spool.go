package file

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"deskbell/app/fault"
	"deskbell/app/picture"
	"deskbell/store"
)

// spool is a file on its way in: on disk, so that many large ones at a time cost no memory. Its name is gone as soon as
// it is open; what is left of a process that died is removed when the next one starts.
type spool struct {
	*os.File
	size int64
	hash []byte
}

// Sweep makes the directory where files wait while they arrive, empty.
func Sweep(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o700)
}

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "upload-")
	if err != nil {
		return nil, full(err)
	}
	return &spool{File: f}, os.Remove(f.Name())
}

// full says so when a disk is full.
func full(err error) error {
	if store.Filled(err) {
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	}
	return err
}

// fill writes what comes, of at most a number of bytes, and hashes it.
func (s *spool) fill(r io.Reader, most int64) error {
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(writer{s.File}, h), io.LimitReader(r, most+1))
	if err == nil && n > most {
		err = fault.New(fault.TooLarge, "A file has at most %d MB.", most>>20)
	}
	s.size, s.hash = n, h.Sum(nil)
	return err
}

// writer tells a full disk from a broken upload.
type writer struct{ f *os.File }

func (w writer) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	return n, full(err)
}

func (s *spool) begin() error {
	_, err := s.Seek(0, io.SeekStart)
	return err
}

// made is a file that is fit to be kept.
type made struct {
	content, small *spool
	width, height  int
}

func (m made) close() {
	for _, s := range []*spool{m.content, m.small} {
		if s != nil {
			s.Close()
		}
	}
}

// through writes a new spool through fn and closes the old one.
func (f *Files) through(fn func(w io.Writer) error) (*spool, error) {
	s, err := newSpool(f.dir)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	c := &counter{w: io.MultiWriter(writer{s.File}, h)}
	if err := fn(c); err != nil {
		s.Close()
		return nil, err
	}
	s.size, s.hash = c.n, h.Sum(nil)
	return s, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

var errPicture = fault.New(fault.Invalid, "This picture is broken.").On("file")

// fit makes of what came what is kept: pictures without metadata, upright, and with a small form.
func (f *Files) fit(in *spool, kind string, wait func() (func(), error)) (m made, err error) {
	m.content = in
	if !picture.Cleans(kind) {
		if strings.HasPrefix(kind, "image/") {
			return m, errPicture
		}
		return m, nil
	}
	var facts picture.Facts
	clean, err := f.through(func(w io.Writer) (err error) {
		if err = in.begin(); err == nil {
			facts, err = picture.Clean(kind, w, in)
		}
		return err
	})
	if err != nil {
		return m, refused(err)
	}
	in.Close()
	m.content = clean
	if m.width, m.height = facts.Width, facts.Height; m.width > 0 { // nothing here decodes it
		return m, nil
	}
	done, err := wait()
	if err != nil {
		return m, err
	}
	defer done()
	var shape picture.Made
	var upright *spool
	m.small, err = f.through(func(small io.Writer) (err error) {
		upright, err = f.through(func(w io.Writer) (err error) {
			shape, err = picture.Make(facts, clean, w, small)
			return err
		})
		return err
	})
	if err != nil {
		return m, refused(err)
	}
	m.width, m.height = shape.Width, shape.Height
	if shape.Upright {
		clean.Close()
		m.content = upright
	} else {
		upright.Close()
	}
	if !shape.Small {
		m.small.Close()
		m.small = nil
	}
	return m, nil
}

func refused(err error) error {
	switch {
	case errors.Is(err, picture.ErrLarge):
		return fault.New(fault.TooLarge, "A picture has at most 40 megapixels, and 20,000 pixels a side.").On("file")
	case errors.Is(err, picture.ErrBroken):
		return errPicture
	}
	return err
}

// Dir is where files wait while they arrive.
func Dir(data string) string { return filepath.Join(data, "uploads") }
