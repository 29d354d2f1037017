// Package picture makes strangers' pictures fit to be kept and shown.
//
// A photograph tells more than it shows: where it was taken, when, with which device, sometimes a whole second picture.
// Clean copies a picture without any of that, and without whatever stands behind its end, so that a file cannot be a
// picture and something else at once. Nothing here decodes more pixels than a bound allows, and whatever is no sound
// picture is refused rather than passed on.
package picture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the decoders of what is measured and made small
	"image/jpeg"
	_ "image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

const (
	// Pixels is how many a picture may have that is decoded: more is a bomb.
	Pixels = 40 << 20
	Side   = 20_000 // pixels of a side
	// memory is how many bytes decoding one picture may take; larger ones have no small form.
	memory = 192 << 20
	// Edge is the longer edge of a small picture.
	Edge = 480
)

// ErrBroken says that something is not a sound picture of its kind.
var ErrBroken = errors.New("not a sound picture")

// ErrLarge says that a picture has more than Pixels.
var ErrLarge = errors.New("a picture of too many pixels")

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

var cleaners = map[string]func(*bufio.Writer, *bufio.Reader, *Facts) error{
	"image/jpeg": cleanJPEG, "image/png": cleanPNG, "image/gif": cleanGIF, "image/webp": cleanWebP, "image/avif": cleanAVIF,
}

// Cleans reports whether Clean knows a media type.
func Cleans(kind string) bool { return cleaners[kind] != nil }

// Facts are what Clean learned on the way.
type Facts struct {
	Orientation   int      // of EXIF: 1 is upright, up to 8
	Width, Height int      // of what nothing here decodes (AVIF); 0 otherwise
	profile       [][]byte // JPEG segments of the colour profile
	progressive   bool
}

// Clean copies a picture of a kind without its metadata: only what its pixels and their colours need.
func Clean(kind string, w io.Writer, r io.Reader) (Facts, error) {
	f := Facts{Orientation: 1}
	clean := cleaners[kind]
	if clean == nil {
		return f, broken("%s is not known", kind)
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if err := clean(out, bufio.NewReaderSize(r, 64<<10), &f); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = broken("it ends early")
		}
		return f, err
	}
	return f, out.Flush()
}

// Size is what a picture measures: ErrLarge where it has too many pixels, ErrBroken where it has none.
func Size(r io.ReadSeeker) (image.Config, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return image.Config{}, err
	}
	c, _, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil {
		return c, broken("%v", err)
	}
	return c, bounded(c.Width, c.Height)
}

func bounded(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return broken("it has no pixels")
	case width > Pixels/height, width > Side, height > Side:
		return ErrLarge
	}
	return nil
}

// fits reports whether decoding stays within memory.
func (f Facts) fits(c image.Config) bool {
	each := 4
	switch c.ColorModel {
	case color.YCbCrModel:
		each = 3
		if f.progressive {
			each = 15 // the decoder keeps all coefficients, four bytes each, until the last scan
		}
	case color.GrayModel:
		each = 1
		if f.progressive {
			each = 5
		}
	case color.RGBA64Model, color.NRGBA64Model:
		each = 8
	case color.Gray16Model:
		each = 2
	default:
		if _, indexed := c.ColorModel.(color.Palette); indexed {
			each = 1
		}
	}
	return each*c.Width*c.Height <= memory
}

// Made are the forms of a picture that were made of it.
type Made struct {
	Width, Height int
	Upright       bool // whether an upright form was written, which is to be kept instead
	Small         bool // whether there is a small form
}

// Make measures a cleaned picture, writes it upright where it is not, and makes a small JPEG of it. What cannot be
// decoded (any longer, or within bounds) simply has no small form.
func Make(f Facts, r io.ReadSeeker, upright, small io.Writer) (m Made, err error) {
	c, err := Size(r)
	if err != nil {
		return m, err
	}
	if m.Width, m.Height = c.Width, c.Height; !f.fits(c) {
		return m, nil
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return m, err
	}
	img, _, err := image.Decode(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		return m, nil
	}
	if f.Orientation > 1 {
		img = turn(img, f.Orientation)
		m.Width, m.Height, m.Upright = img.Bounds().Dx(), img.Bounds().Dy(), true
		if err := writeJPEG(upright, img, f.profile); err != nil {
			return m, err
		}
	}
	m.Small = true
	return m, jpeg.Encode(small, shrink(img), &jpeg.Options{Quality: 80})
}

func shrink(img image.Image) image.Image {
	b := img.Bounds()
	scale := min(1, float64(Edge)/float64(max(b.Dx(), b.Dy())))
	to := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(b.Dx())*scale)), max(1, int(float64(b.Dy())*scale))))
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(to, to.Bounds(), img, b, draw.Over, nil)
	return to
}

// Fit is Clean and Make for a picture that is in memory, without a small form.
func Fit(kind string, content []byte) (out []byte, m Made, err error) {
	var clean, upright bytes.Buffer
	f, err := Clean(kind, &clean, bytes.NewReader(content))
	if err != nil || f.Width > 0 {
		return clean.Bytes(), Made{Width: f.Width, Height: f.Height}, err
	}
	c, err := Size(bytes.NewReader(clean.Bytes()))
	if err != nil || f.Orientation == 1 {
		return clean.Bytes(), Made{Width: c.Width, Height: c.Height}, err
	}
	if m, err = Make(f, bytes.NewReader(clean.Bytes()), &upright, io.Discard); m.Upright {
		return upright.Bytes(), m, err
	}
	return clean.Bytes(), m, err
}
