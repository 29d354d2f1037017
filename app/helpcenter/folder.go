package helpcenter

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"deskbell/app/fault"
)

// What a folder or zip may hold: more than the largest help center is likely to export. No file may have another size than it
// claims.
const (
	mostFiles     = 50000
	mostBytes     = 2 << 30  // of all files together
	mostText      = 1 << 20  // of one Markdown file
	mostShelves   = 32 << 20 // of the file of collections
	mostZip       = 2 << 30  // of the zip itself
	mostDirectory = 64 << 20 // of the zip's list of its files
	modest        = 64 << 20 // of all files of a zip, however well it is packed
	swelling      = 20       // times the zip itself may they have in all, beyond that
)

// folder is what was brought in: where Markdown and pictures stand, by their paths. What they say is read when it is
// needed, a file at a time; it must not be closed before.
type folder struct {
	texts    map[string]source
	pictures map[string]source
	ignored  int
	bytes    int64
	from     io.Closer
}

// source is a file that claims a size.
type source struct {
	size int64
	open func() (io.ReadCloser, error)
}

// read reads a whole file. One that has more than it claims is a lie, and is not read to its end.
func (s source) read() ([]byte, error) {
	r, err := s.open()
	if err != nil {
		return nil, brokenZip(err)
	}
	defer r.Close()
	content := make([]byte, s.size+1)
	switch n, err := io.ReadFull(r, content); {
	case err == nil:
		return nil, brokenZip(nil)
	case int64(n) != s.size || !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, brokenZip(err)
	}
	return content[:s.size], nil
}

// text is what a Markdown file says; where there is none it says nothing.
func (f *folder) text(name string) (string, error) {
	s, there := f.texts[name]
	if !there {
		return "", nil
	}
	content, err := s.read()
	return strings.ReplaceAll(strings.TrimPrefix(strings.ToValidUTF8(string(content), "\uFFFD"), "\uFEFF"), "\r\n", "\n"), err
}

func (f *folder) close() error {
	if f.from == nil {
		return nil
	}
	return f.from.Close()
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

// longestPath is what a path may have, in bytes: as many addresses as collections stand deep, with an article's.
const longestPath = (deepest + 1) * 4 * 90

// clean is a path as it may be used as a name; nothing is ever written under it.
func clean(name string) (string, error) {
	bad := fault.New(fault.Invalid, "The zip has a path that leads outside of it, or cannot be read.").On("file")
	if name == "" || !utf8.ValidString(name) || strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/") || len(name) > longestPath {
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

var errTooMuch = fault.New(fault.TooLarge, "A file is too large: at most 1 MB of Markdown, 10 MB a picture, 2 GB in all.")

// take notes a file that claims a size.
func (f *folder) take(name string, claimed int64, open func() (io.ReadCloser, error)) error {
	kind := kindOf(name)
	if kind == "" || hidden(name) {
		f.ignored++
		return nil
	}
	_, text := f.texts[name]
	if _, picture := f.pictures[name]; text || picture {
		return fault.New(fault.Invalid, "The zip has two files of one name.").On("file")
	}
	if len(f.texts)+len(f.pictures) >= mostFiles {
		return errTooMany
	}
	most, among := int64(mostText), f.texts
	switch {
	case kind == "picture":
		most, among = largestPicture, f.pictures
	case path.Base(name) == shelfFile:
		most = mostShelves
	}
	if claimed < 0 || claimed > min(most, mostBytes-f.bytes) {
		return errTooMuch
	}
	f.bytes += claimed
	among[name] = source{claimed, open}
	return nil
}

var errTooMany = fault.New(fault.TooLarge, "At most 50,000 files at once.")

func newFolder() *folder { return &folder{texts: map[string]source{}, pictures: map[string]source{}} }

func brokenZip(err error) error {
	return fault.New(fault.Invalid, "The zip is broken.").On("file").Because(err)
}

// openZip reads the directory of a zip. Paths that lead outside, links, lies about sizes and zips of endless entries are
// refused before, or as soon as, they cost anything.
func openZip(r io.ReaderAt, size int64) (*folder, error) {
	if size > mostZip {
		return nil, fault.New(fault.TooLarge, "A zip has at most 2 GB.")
	}
	// The directory is parsed as a whole: look how long it is before.
	if n, err := entries(io.NewSectionReader(r, 0, size)); err != nil || n > 2*mostFiles {
		return nil, errTooMany.Because(err)
	}
	bounded := &rationed{r, mostDirectory}
	z, err := zip.NewReader(bounded, size)
	if bounded.left < 0 {
		return nil, errTooMany.Because(err)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "This is not a zip.").On("file").Because(err)
	}
	bounded.left = math.MaxInt64
	f := newFolder()
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
		if err := f.take(name, int64(min(e.UncompressedSize64, mostBytes+1)), e.Open); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// rationed reads so many bytes of a file and no more.
type rationed struct {
	r    io.ReaderAt
	left int64
}

func (r *rationed) ReadAt(p []byte, at int64) (int, error) {
	if r.left < math.MaxInt64 { // or several may read
		if r.left -= int64(len(p)); r.left < 0 {
			return 0, io.ErrUnexpectedEOF
		}
	}
	return r.r.ReadAt(p, at)
}

// foreignZip reads a zip of a stranger, which is no bomb either: what unpacks to much has about as much itself.
func foreignZip(r io.ReaderAt, size int64) (*folder, error) {
	f, err := openZip(r, size)
	if err == nil && f.bytes > modest && f.bytes/swelling > size {
		return nil, fault.New(fault.TooLarge, "The zip unpacks to more than %d times its own size.", swelling).On("file")
	}
	return f, err
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
		f, err := foreignZip(file, info.Size())
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		f.from = file
		return f, nil
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	f := newFolder()
	f.from = root
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
		info, err := root.Lstat(p)
		if err != nil {
			return err
		}
		return f.take(p, info.Size(), func() (io.ReadCloser, error) { return root.Open(p) })
	})
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// strip takes away the one folder that everything lies in.
func (f *folder) strip() {
	top := ""
	for _, m := range []map[string]source{f.texts, f.pictures} {
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
	under := func(m map[string]source) map[string]source {
		out := make(map[string]source, len(m))
		for name, v := range m {
			out[strings.TrimPrefix(name, top+"/")] = v
		}
		return out
	}
	f.texts, f.pictures = under(f.texts), under(f.pictures)
}
