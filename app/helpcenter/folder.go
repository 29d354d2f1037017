package helpcenter

import (
	"archive/zip"
	"bytes"
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

func hidden(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || part == "node_modules" {
			return true
		}
	}
	return false
}

func (f *folder) take(name string, r io.Reader) error {
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
	most := mostText
	if kind == "picture" {
		most = largestPicture
	}
	most = min(most, mostBytes-f.bytes)
	content, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return fault.New(fault.Invalid, "The zip is broken.").On("file").Because(err)
	}
	if len(content) > most {
		return fault.New(fault.TooLarge, "A file is too large: at most 1 MB of Markdown, 10 MB a picture, 64 MB in all.")
	}
	f.bytes += len(content)
	if kind == "picture" {
		f.pictures[name] = content
	} else {
		f.texts[name] = strings.ReplaceAll(strings.TrimPrefix(strings.ToValidUTF8(string(content), "\uFFFD"), "\uFEFF"), "\r\n", "\n")
	}
	return nil
}

func newFolder() *folder { return &folder{texts: map[string]string{}, pictures: map[string][]byte{}} }

// openZip reads a zip in memory. Paths that lead outside, links, bombs and zips of endless entries are refused.
func openZip(content []byte) (*folder, error) {
	if len(content) > mostZip {
		return nil, fault.New(fault.TooLarge, "A zip has at most 64 MB.")
	}
	// The directory is parsed as a whole: look how long it is before.
	if bytes.Count(content, []byte("PK\x01\x02")) > 2*mostFiles {
		return nil, fault.New(fault.TooLarge, "At most %d files at once.", mostFiles)
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fault.New(fault.Invalid, "This is not a zip.").On("file").Because(err)
	}
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
		if kindOf(name) == "" || hidden(name) {
			f.ignored++
			continue
		}
		r, err := e.Open()
		if err != nil {
			return nil, fault.New(fault.Invalid, "The zip is broken.").On("file").Because(err)
		}
		err = f.take(name, r)
		r.Close()
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

// openPath reads a folder, or a zip, of this machine. Links are not followed.
func openPath(name string) (*folder, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		if info.Size() > mostZip {
			return nil, fault.New(fault.TooLarge, "A zip has at most 64 MB.")
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		return openZip(content)
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
		return f.take(p, r)
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
