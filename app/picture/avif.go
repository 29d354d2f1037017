package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"slices"
)

// An AVIF file (ISO/IEC 23008-12 in boxes of ISO/IEC 14496-12) says in its meta box which stretches of the file hold
// which item, by position. Metadata are items too: they are blanked where they stand, so that all positions stay true.

const mostMeta = 1 << 20

// span is a stretch of the file: [from, to).
type span struct{ from, to uint64 }

// cleanAVIF blanks the items of EXIF and XMP, and every box that no picture needs. Moving pictures are refused.
func cleanAVIF(w *bufio.Writer, r *bufio.Reader, f *Facts) error {
	var spans []span
	for at := uint64(0); ; {
		head, kind, size, err := boxHead(r)
		if err == io.EOF && at > 0 {
			return bounded(f.Width, f.Height)
		}
		if err != nil {
			return err
		}
		at += uint64(len(head))
		switch kind {
		case "ftyp", "mdat", "free", "skip":
			w.Write(head)
			err = copyBut(w, r, at, size, spans)
		case "meta":
			if size > mostMeta || spans != nil {
				return broken("its description is too long")
			}
			body := make([]byte, size)
			if _, err := io.ReadFull(r, body); err != nil {
				return err
			}
			if spans, err = metadata(body, at); err != nil {
				return err
			}
			f.Width, f.Height = extent(body)
			for _, s := range spans { // items may stand within the box itself
				for i := max(s.from, at); i < min(s.to, at+size); i++ {
					body[i-at] = 0
				}
			}
			w.Write(head)
			_, err = w.Write(body)
		case "moov", "moof":
			return broken("moving pictures of this kind are not taken")
		default:
			copy(head[4:8], "free")
			w.Write(head)
			err = blank(w, r, int64(size))
		}
		if err != nil {
			return err
		}
		at += size
	}
}

func boxHead(r io.Reader) (head []byte, kind string, size uint64, err error) {
	head = make([]byte, 8, 16)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, "", 0, err
	}
	size, kind = uint64(binary.BigEndian.Uint32(head)), string(head[4:8])
	if size == 1 {
		head = head[:16]
		if _, err := io.ReadFull(r, head[8:]); err != nil {
			return nil, "", 0, err
		}
		size = binary.BigEndian.Uint64(head[8:])
	}
	if size < uint64(len(head)) || size > 1<<32 { // 0, to the end of the file, is not taken either
		return nil, "", 0, broken("a box of %d bytes", size)
	}
	return head, kind, size - uint64(len(head)), nil
}

// copyBut copies n bytes that stand at a position of the file, with zeros where spans say so.
func copyBut(w io.Writer, r io.Reader, at, n uint64, spans []span) error {
	end := at + n
	for _, s := range spans {
		from, to := min(max(s.from, at), end), min(max(s.to, at), end)
		if _, err := io.CopyN(w, r, int64(from-at)); err != nil {
			return err
		}
		if to > from {
			if err := blank(w, r, int64(to-from)); err != nil {
				return err
			}
			from = to
		}
		at = from
	}
	_, err := io.CopyN(w, r, int64(end-at))
	return err
}

// extent is the size that a meta box tells of its largest image (the ispe property).
func extent(meta []byte) (width, height int) {
	for rest := meta; ; {
		at := bytes.Index(rest, []byte("ispe"))
		if at < 0 || at+16 > len(rest) {
			return width, height
		}
		w, h := int(binary.BigEndian.Uint32(rest[at+8:])), int(binary.BigEndian.Uint32(rest[at+12:]))
		if w <= 1<<16 && h <= 1<<16 && w*h > width*height {
			width, height = w, h
		}
		rest = rest[at+16:]
	}
}

// fields reads numbers off a box; what is missing reads as 0 and is noted.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) next(n int) []byte {
	if n > len(f.b) {
		f.short, f.b = true, nil
		return make([]byte, n)
	}
	out := f.b[:n]
	f.b = f.b[n:]
	return out
}

func (f *fields) uint(n int) (v uint64) {
	for _, b := range f.next(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

// metadata lists where a meta box at a position of the file says that metadata stand, in order.
func metadata(meta []byte, at uint64) ([]span, error) {
	items := map[uint64]bool{}
	var place []byte
	var inside uint64
	f := fields{b: meta}
	f.next(4)
	for len(f.b) >= 8 && !f.short {
		size, kind := f.uint(4), string(f.next(4))
		if size < 8 {
			return nil, broken("a box of %d bytes", size)
		}
		start := at + uint64(len(meta)-len(f.b))
		body := f.next(int(size - 8))
		switch kind {
		case "iinf":
			if !described(body, items) {
				return nil, broken("its items are not described")
			}
		case "iloc":
			place = body
		case "idat":
			inside = start
		}
	}
	spans, ok := places(place, items, inside)
	if f.short || !ok {
		return nil, broken("its description breaks off")
	}
	slices.SortFunc(spans, func(a, b span) int {
		if a.from < b.from {
			return -1
		}
		return 1
	})
	return append([]span{}, spans...), nil
}

// described notes the items that are no pictures.
func described(iinf []byte, items map[uint64]bool) bool {
	f := fields{b: iinf}
	version := f.uint(4) >> 24
	if version == 0 {
		f.next(2)
	} else {
		f.next(4)
	}
	for len(f.b) >= 8 && !f.short {
		size, kind := f.uint(4), string(f.next(4))
		if size < 8 || size-8 > uint64(len(f.b)) {
			return false
		}
		e := fields{b: f.next(int(size - 8))}
		if kind != "infe" {
			continue
		}
		id := uint64(0)
		switch e.uint(4) >> 24 {
		case 2:
			id = e.uint(2)
		case 3:
			id = e.uint(4)
		default:
			continue
		}
		e.next(2)
		switch string(e.next(4)) {
		case "Exif", "mime", "uri ":
			items[id] = true
		}
		f.short = f.short || e.short
	}
	return !f.short
}

// places reads where the items stand (iloc).
func places(iloc []byte, items map[uint64]bool, inside uint64) (out []span, ok bool) {
	f := fields{b: iloc}
	version, sizes := f.uint(4)>>24, f.uint(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	wide := 2
	if version == 2 {
		wide = 4
	}
	for n := f.uint(wide); n > 0 && !f.short; n-- {
		id, method := f.uint(wide), uint64(0)
		if version > 0 {
			method = f.uint(2) & 15
		}
		f.next(2)
		start := f.uint(base)
		if method == 1 {
			start += inside
		}
		for m := f.uint(2); m > 0 && !f.short; m-- {
			if version > 0 {
				f.next(index)
			}
			from, size := start+f.uint(offset), f.uint(length)
			if from > 1<<33 || size > 1<<33 || size == 0 || method > 1 {
				return nil, false
			}
			if items[id] {
				out = append(out, span{from, from + size})
			}
		}
	}
	return out, !f.short
}
