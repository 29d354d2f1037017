package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"io"
)

// The markers of JPEG (ITU-T T.81, table B.1) that matter here.
const (
	markSOF2  = 0xC2
	markRST0  = 0xD0
	markSOI   = 0xD8
	markEOI   = 0xD9
	markSOS   = 0xDA
	markAPP0  = 0xE0
	markAPP1  = 0xE1
	markAPP2  = 0xE2
	markAPP14 = 0xEE
	markAPP15 = 0xEF
	markCOM   = 0xFE
)

// cleanJPEG keeps the segments that decoding needs, the colour profile and Adobe's colour transform. It stops at the end
// of the image: further pictures and films behind it are not kept.
func cleanJPEG(w *bufio.Writer, r *bufio.Reader, f *Facts) error {
	var start [2]byte
	if _, err := io.ReadFull(r, start[:]); err != nil || start != [2]byte{0xFF, markSOI} {
		return broken("it does not begin as a JPEG")
	}
	w.Write(start[:])
	mark, err := nextMark(r)
	for ; err == nil && mark != markEOI; mark, err = nextMark(r) {
		if mark >= markRST0 && mark <= markSOI || mark <= 0x01 {
			return broken("marker %02x out of place", mark)
		}
		if err := segment(w, r, mark, f); err != nil {
			return err
		}
		if mark == markSOS {
			if ended, err := scan(w, r); err != nil || ended {
				return err
			}
		}
	}
	if err != nil {
		return err
	}
	_, err = w.Write([]byte{0xFF, markEOI})
	return err
}

func nextMark(r *bufio.Reader) (byte, error) {
	b, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	if b != 0xFF {
		return 0, broken("no marker where one has to be")
	}
	for b == 0xFF && err == nil { // any number of fill bytes
		b, err = r.ReadByte()
	}
	return b, err
}

func segment(w *bufio.Writer, r *bufio.Reader, mark byte, f *Facts) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[2:]); err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(head[2:]))
	if n < 2 {
		return broken("a segment without length")
	}
	body := make([]byte, n-2)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	f.progressive = f.progressive || mark == markSOF2
	keep := mark < markAPP0 || mark > markAPP15 && mark != markCOM
	switch {
	case mark == markAPP0:
		keep = bytes.HasPrefix(body, []byte("JFIF\x00"))
		body = body[:min(len(body), 14)] // without the small picture that may follow
		if keep && len(body) == 14 {
			body[12], body[13] = 0, 0
		}
		keep = keep && len(body) == 14
		binary.BigEndian.PutUint16(head[2:], uint16(len(body)+2))
	case mark == markAPP1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
		f.Orientation = orientation(body[6:])
	case mark == markAPP2:
		if keep = bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")); keep && len(f.profile) < 255 {
			f.profile = append(f.profile, body)
		}
	case mark == markAPP14:
		keep = bytes.HasPrefix(body, []byte("Adobe")) && len(body) == 12
	}
	if keep {
		head[0], head[1] = 0xFF, mark
		w.Write(head[:])
		w.Write(body)
	}
	return nil
}

// scan copies entropy-coded data up to the next marker. A picture that breaks off within it is ended properly: viewers
// show what there is.
func scan(w *bufio.Writer, r *bufio.Reader) (ended bool, err error) {
	for {
		if _, err := r.Peek(1); err == io.EOF {
			_, err = w.Write([]byte{0xFF, markEOI})
			return true, err
		} else if err != nil {
			return false, err
		}
		data, _ := r.Peek(r.Buffered())
		if i := bytes.IndexByte(data, 0xFF); i != 0 {
			if i < 0 {
				i = len(data)
			}
			w.Write(data[:i])
			r.Discard(i)
			continue
		}
		pair, err := r.Peek(2)
		switch {
		case err == io.EOF:
			r.Discard(1)
		case err != nil:
			return false, err
		case pair[1] == 0 || pair[1] >= markRST0 && pair[1] < markSOI:
			w.Write(pair)
			r.Discard(2)
		case pair[1] == 0xFF:
			r.Discard(1)
		default:
			return false, nil
		}
	}
}

// orientation reads the one tag of EXIF (CIPA DC-008) that says how a picture is held; 1 where nothing sound does.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	n := uint64(order.Uint16(tiff[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > uint64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if v := int(order.Uint16(tiff[e+8:])); order.Uint16(tiff[e+2:]) == 3 && v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// turn makes a picture upright that EXIF says is held in another way. Photographs are turned plane by plane: as pixels
// of four bytes they would take twice the memory.
func turn(img image.Image, how int) image.Image {
	b := img.Bounds()
	size := image.Rect(0, 0, b.Dx(), b.Dy())
	if how >= 5 {
		size = image.Rect(0, 0, b.Dy(), b.Dx())
	}
	switch src := img.(type) {
	case *image.YCbCr:
		ratio := src.SubsampleRatio
		if how >= 5 {
			ratio = turned(ratio)
		}
		if ratio >= 0 {
			to := image.NewYCbCr(size, ratio)
			plane(to.Y, to.YStride, src.Y, src.YStride, b.Dx(), b.Dy(), how)
			cw, ch := chroma(src)
			plane(to.Cb, to.CStride, src.Cb, src.CStride, cw, ch, how)
			plane(to.Cr, to.CStride, src.Cr, src.CStride, cw, ch, how)
			return to
		}
	case *image.Gray:
		to := image.NewGray(size)
		plane(to.Pix, to.Stride, src.Pix, src.Stride, b.Dx(), b.Dy(), how)
		return to
	}
	to := image.NewRGBA(size)
	for y := range b.Dy() {
		for x := range b.Dx() {
			tx, ty := place(x, y, b.Dx(), b.Dy(), how)
			to.Set(tx, ty, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return to
}

// turned is the subsampling of a picture on its side, -1 where there is none.
func turned(r image.YCbCrSubsampleRatio) image.YCbCrSubsampleRatio {
	switch r {
	case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420:
		return r
	case image.YCbCrSubsampleRatio422:
		return image.YCbCrSubsampleRatio440
	case image.YCbCrSubsampleRatio440:
		return image.YCbCrSubsampleRatio422
	}
	return -1
}

func chroma(img *image.YCbCr) (w, h int) {
	w, h = img.Rect.Dx(), img.Rect.Dy()
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		return (w + 1) / 2, (h + 1) / 2
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	case image.YCbCrSubsampleRatio440:
		return w, (h + 1) / 2
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, (h + 1) / 2
	}
	return w, h
}

func plane(to []byte, toStride int, from []byte, fromStride, w, h, how int) {
	for y := range h {
		for x := range w {
			tx, ty := place(x, y, w, h, how)
			to[ty*toStride+tx] = from[y*fromStride+x]
		}
	}
}

// place is where a pixel comes to stand: the eight orientations of EXIF.
func place(x, y, w, h, how int) (int, int) {
	switch how {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// writeJPEG writes a picture with the colour profile that it had.
func writeJPEG(w io.Writer, img image.Image, profile [][]byte) error {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 92}); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	out.Write(b.Next(2))
	for _, p := range profile {
		out.Write([]byte{0xFF, markAPP2})
		out.Write(binary.BigEndian.AppendUint16(nil, uint16(len(p)+2)))
		out.Write(p)
	}
	out.Write(b.Bytes())
	return out.Flush()
}
