package helpcenter

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"deskbell/app/fault"
)

// What a folder or zip may hold. Sizes are those of what was really read, never what a header claims.
const (
	mostFiles = 5000
	mostBytes = 64 << 20 // of all files together
	mostText  = 1 << 20  // of one Markdown file
	mostZip   = 64 << 20 // of the zip itself
)

// folder is what was brought in: Markdown and pictures by their paths.
type folder struct {
	texts    map[string]string
	pictures map[string][]byte
	ignored  int
	bytes    int
}

func kindOf(name string) string {
	if path.Base(name) == shelfFile {
		return "text"
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".mdown", ".markdown", ".mdx":
		return "text"
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif":
		return "picture"
	}
	return ""
}

// clean is a path as it may be used as a name; nothing is ever written under it.
func clean(name string) (string, error) {
	bad := fault.New(fault.Invalid, "The zip has a path that leads outside of it, or cannot be read.").On("file")
	if name == "" || !utf8.ValidString(name) || strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/") || len(name) > 500 {
		return "", bad
	}
	for _, part := range strings.Split(strings.TrimSuffix(name, "/"), "/") {
		if part == "" || part == "." || part == ".." {
			return "", bad
		}
	}
	return name, nil
}

// markdown is how many Markdown files there are.
func (f *folder) markdown() (n int) {
	for name := range f.texts {
		if path.Base(name) != shelfFile {
			n++
		}
	}
	return n
}

func hidden(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || part == "node_modules" {
			return true
		}
	}
	return false
}

var errTooMuch = fault.New(fault.TooLarge, "A file is too large: at most 1 MB of Markdown, 10 MB a picture, 64 MB in all.")

// take reads a file that claims a size. One that has more is a lie, and is not read to its end.
func (f *folder) take(name string, r io.Reader, claimed int64) error {
	kind := kindOf(name)
	if kind == "" || hidden(name) {
		f.ignored++
		return nil
	}
	if _, twice := f.texts[name]; twice || f.pictures[name] != nil {
		return fault.New(fault.Invalid, "The zip has two files of one name.").On("file")
	}
	if len(f.texts)+len(f.pictures) >= mostFiles {
		return fault.New(fault.TooLarge, "At most %d files at once.", mostFiles)
	}
	most := int64(mostText)
	if kind == "picture" {
		most = largestPicture
	}
	if claimed > min(most, int64(mostBytes-f.bytes)) {
		return errTooMuch
	}
	content := make([]byte, claimed+1)
	switch n, err := io.ReadFull(r, content); {
	case err == nil:
		return brokenZip(nil)
	case int64(n) != claimed || !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return brokenZip(err)
	}
	content = content[:claimed]
	f.bytes += len(content)
	if kind == "picture" {
		f.pictures[name] = content
	} else {
		f.texts[name] = strings.ReplaceAll(strings.TrimPrefix(strings.ToValidUTF8(string(content), "\uFFFD"), "\uFEFF"), "\r\n", "\n")
	}
	return nil
}

func newFolder() *folder { return &folder{texts: map[string]string{}, pictures: map[string][]byte{}} }

func brokenZip(err error) error {
	return fault.New(fault.Invalid, "The zip is broken.").On("file").Because(err)
}

// openZip reads a zip. Paths that lead outside, links, bombs, lies about sizes and zips of endless entries are refused
// before, or as soon as, they cost anything.
func openZip(r io.ReaderAt, size int64) (*folder, error) {
	if size > mostZip {
		return nil, fault.New(fault.TooLarge, "A zip has at most 64 MB.")
	}
	// The directory is parsed as a whole: look how long it is before.
	if n, err := entries(io.NewSectionReader(r, 0, size)); err != nil || n > 2*mostFiles {
		return nil, fault.New(fault.TooLarge, "At most %d files at once.", mostFiles).Because(err)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault.New(fault.Invalid, "This is not a zip.").On("file").Because(err)
	}
	wanted, ignored, total := []*zip.File{}, 0, uint64(0)
	for _, e := range z.File {
		name, err := clean(e.Name)
		if err != nil {
			return nil, err
		}
		if e.FileInfo().IsDir() {
			continue
		}
		if !e.Mode().IsRegular() {
			return nil, fault.New(fault.Invalid, "The zip has links in it.").On("file")
		}
		if kindOf(name) == "" || hidden(name) {
			ignored++
			continue
		}
		if total += min(e.UncompressedSize64, mostBytes+1); total > mostBytes {
			return nil, errTooMuch
		}
		wanted = append(wanted, e)
	}
	f := newFolder()
	f.ignored = ignored
	for _, e := range wanted {
		r, err := e.Open()
		if err != nil {
			return nil, brokenZip(err)
		}
		err = f.take(e.Name, r, int64(e.UncompressedSize64))
		r.Close()
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

// entries counts what may be entries of a zip's directory, without keeping any.
func entries(r io.Reader) (n int, err error) {
	const mark = "PK\x01\x02"
	b := make([]byte, 64<<10)
	kept := 0
	for {
		got, err := io.ReadFull(r, b[kept:])
		n += bytes.Count(b[:kept+got], []byte(mark))
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = nil
			}
			return n, err
		}
		kept = copy(b, b[len(b)-len(mark)+1:])
	}
}

// openPath reads a folder, or a zip, of this machine. Links are not followed.
func openPath(name string) (*folder, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return openZip(file, info.Size())
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f := newFolder()
	err = fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != "." && hidden(p) {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		r, err := root.Open(p)
		if err != nil {
			return err
		}
		defer r.Close()
		info, err := r.Stat()
		if err != nil {
			return err
		}
		return f.take(p, r, info.Size())
	})
	return f, err
}

// strip takes away the one folder that everything lies in.
func (f *folder) strip() {
	top := ""
	for _, m := range []map[string]struct{}{keys(f.texts), keys(f.pictures)} {
		for name := range m {
			first, _, deep := strings.Cut(name, "/")
			if !deep || top != "" && top != first {
				return
			}
			top = first
		}
	}
	if top == "" {
		return
	}
	texts, pictures := f.texts, f.pictures
	f.texts, f.pictures = map[string]string{}, map[string][]byte{}
	for name, v := range texts {
		f.texts[strings.TrimPrefix(name, top+"/")] = v
	}
	for name, v := range pictures {
		f.pictures[strings.TrimPrefix(name, top+"/")] = v
	}
}

func keys[V any](m map[string]V) map[string]struct{} {
	out := make(map[string]struct{}, len(m))
	for k := range m {
		out[k] = struct{}{}
	}
	return out
}
