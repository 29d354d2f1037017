package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// pngChunks are what pixels, their colours and their movement need (PNG, third edition, 5.6).
var pngChunks = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true,
	"sRGB": true, "cICP": true, "bKGD": true, "pHYs": true, "acTL": true, "fcTL": true, "fdAT": true,
}

func cleanPNG(w *bufio.Writer, r *bufio.Reader, _ *Facts) error {
	const signature = "\x89PNG\r\n\x1a\n"
	start := make([]byte, len(signature))
	if _, err := io.ReadFull(r, start); err != nil || string(start) != signature {
		return broken("it does not begin as a PNG")
	}
	w.Write(start)
	for first := true; ; first = false {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		n, kind := int64(binary.BigEndian.Uint32(head[:]))+4, string(head[4:]) // with its checksum
		switch {
		case n > 1<<31 || first != (kind == "IHDR"):
			return broken("chunk %q", kind)
		case pngChunks[kind]:
			w.Write(head[:])
			if _, err := io.CopyN(w, r, n); err != nil {
				return err
			}
		case kind[0]&0x20 == 0:
			return broken("chunk %q is not known, and needed", kind)
		default:
			if _, err := io.CopyN(io.Discard, r, n); err != nil {
				return err
			}
		}
		if kind == "IEND" {
			return nil
		}
	}
}

// cleanGIF keeps the frames, their timing and how often they repeat (GIF89a; comments, texts and applications' own
// data go).
func cleanGIF(w *bufio.Writer, r *bufio.Reader, _ *Facts) error {
	head := make([]byte, 13)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:6]) != "GIF87a" && string(head[:6]) != "GIF89a" {
		return broken("it does not begin as a GIF")
	}
	w.Write(head)
	if err := table(w, r, head[10]); err != nil {
		return err
	}
	for {
		b, err := r.ReadByte()
		if err != nil {
			return err
		}
		switch b {
		case 0x3B:
			return w.WriteByte(b)
		case 0x2C:
			desc := make([]byte, 9)
			if _, err := io.ReadFull(r, desc); err != nil {
				return err
			}
			w.WriteByte(b)
			w.Write(desc)
			if err := table(w, r, desc[8]); err != nil {
				return err
			}
			size, err := r.ReadByte()
			if err != nil {
				return err
			}
			w.WriteByte(size)
			if err := blocks(w, r); err != nil {
				return err
			}
		case 0x21:
			if err := extension(w, r); err != nil {
				return err
			}
		default:
			return broken("block %02x", b)
		}
	}
}

func table(w *bufio.Writer, r *bufio.Reader, flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	_, err := io.CopyN(w, r, 3<<(flags&7+1))
	return err
}

func blocks(w io.Writer, r *bufio.Reader) error {
	for {
		n, err := r.ReadByte()
		if err != nil {
			return err
		}
		if _, err := w.Write([]byte{n}); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		if _, err := io.CopyN(w, r, int64(n)); err != nil {
			return err
		}
	}
}

func extension(w *bufio.Writer, r *bufio.Reader) error {
	label, err := r.ReadByte()
	if err != nil {
		return err
	}
	keep := label == 0xF9 // timing and transparency
	if label == 0xFF {
		name, err := r.Peek(12)
		if err != nil {
			return err
		}
		keep = bytes.Equal(name[1:], []byte("NETSCAPE2.0")) || bytes.Equal(name[1:], []byte("ANIMEXTS1.0"))
	}
	if !keep {
		return blocks(io.Discard, r)
	}
	w.Write([]byte{0x21, label})
	return blocks(w, r)
}

// webpChunks are what pixels and movement need (RFC 9649).
var webpChunks = map[string]bool{"VP8 ": true, "VP8L": true, "VP8X": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true}

// cleanWebP blanks what is not needed where it stands, so that all lengths stay true.
func cleanWebP(w *bufio.Writer, r *bufio.Reader, _ *Facts) error {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" {
		return broken("it does not begin as a WebP")
	}
	w.Write(head[:])
	left := int64(binary.LittleEndian.Uint32(head[4:])) - 4
	for left >= 8 {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return err
		}
		kind, size := string(chunk[:4]), int64(binary.LittleEndian.Uint32(chunk[4:]))
		size += size & 1
		if left -= 8 + size; left < 0 {
			return broken("chunk %q is longer than the file says", kind)
		}
		if !webpChunks[kind] {
			w.WriteString("JUNK")
			w.Write(chunk[4:])
			if err := blank(w, r, size); err != nil {
				return err
			}
			continue
		}
		w.Write(chunk[:])
		if kind == "VP8X" && size > 0 {
			flags, err := r.ReadByte()
			if err != nil {
				return err
			}
			w.WriteByte(flags &^ 0x0C) // it has no EXIF and no XMP any longer
			size--
		}
		if _, err := io.CopyN(w, r, size); err != nil {
			return err
		}
	}
	if left < 0 {
		return broken("it says it is smaller than it is")
	}
	return blank(w, r, left)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// blank writes n zeros in place of what is read.
func blank(w io.Writer, r io.Reader, n int64) error {
	if _, err := io.CopyN(io.Discard, r, n); err != nil {
		return err
	}
	_, err := io.CopyN(w, zeros{}, n)
	return err
}
