package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
)

const secret = "GPS 52.5163 N 13.3777 E"

// corners is a picture of four coloured quarters, 32 × 16.
func corners() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			img.Set(x, y, []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}[x/16+y/8*2])
		}
	}
	return img
}

// seen names the colour of a point.
func seen(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return map[[3]bool]string{{true, false, false}: "red", {false, true, false}: "green", {false, false, true}: "blue", {true, true, true}: "white"}[[3]bool{r > 0x7FFF, g > 0x7FFF, b > 0x7FFF}]
}

// exif is a block of metadata that says how the picture is held, and tells a secret.
func exif(order binary.AppendByteOrder, how uint16) []byte {
	b := []byte("Exif\x00\x00II*\x00")
	if order == binary.BigEndian {
		b = []byte("Exif\x00\x00MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, how)
	return append(b, "\x00\x00\x00\x00\x00\x00"+secret...)
}

func segmentOf(mark byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, mark}, uint16(len(body)+2)), body...)
}

func photo(t testing.TB, order binary.AppendByteOrder, how uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, corners(), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	out := append([]byte{}, b.Next(2)...)
	out = append(out, segmentOf(markAPP0, append([]byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x01"), secret[:3]...))...)
	out = append(out, segmentOf(markAPP1, exif(order, how))...)
	out = append(out, segmentOf(markAPP1, []byte("http://ns.adobe.com/xap/1.0/\x00<x>"+secret+"</x>"))...)
	out = append(out, segmentOf(markAPP2, []byte("MPF\x00"+secret))...)
	out = append(out, segmentOf(markAPP2, []byte("ICC_PROFILE\x00\x01\x01not really a profile"))...)
	out = append(out, segmentOf(markAPP14-1, []byte("Photoshop 3.0\x00"+secret))...)
	out = append(out, segmentOf(markCOM, []byte(secret))...)
	out = append(out, b.Bytes()...)
	return append(out, "<script>"+secret+"</script>"...)
}

func chunkOf(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func pngOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, corners()); err != nil {
		t.Fatal(err)
	}
	out := append([]byte{}, b.Next(33)...) // signature and IHDR
	out = append(out, chunkOf("tEXt", []byte("Comment\x00"+secret))...)
	out = append(out, chunkOf("eXIf", exif(binary.LittleEndian, 1))...)
	out = append(out, chunkOf("gAMA", []byte{0, 0, 0xB1, 0x8F})...)
	out = append(out, b.Bytes()...)
	return append(out, secret...)
}

func gifOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 32, 16), color.Palette{color.Black, color.White, color.RGBA{255, 0, 0, 255}})
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{5, 5}}); err != nil {
		t.Fatal(err)
	}
	all := b.Bytes()
	out := append([]byte{}, all[:len(all)-1]...)
	out = append(out, 0x21, 0xFE, byte(len(secret)))
	out = append(out, secret+"\x00"...)
	out = append(out, "\x21\xFF\x0BXMP DataXMP"...)
	out = append(out, byte(len(secret)))
	out = append(out, secret+"\x00"...)
	return append(out, "\x3B/*"+secret+"*/=alert(1)"...)
}

func webpOf(t testing.TB) []byte {
	t.Helper()
	plain, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	body := "WEBPVP8X\x0A\x00\x00\x00\x0C\x00\x00\x00\x00\x00\x00\x00\x00\x00" + string(plain[12:])
	body += "EXIF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(secret)))) + secret + "\x00"[:len(secret)&1]
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body + secret)
}

func boxOf(kind, body string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))) + kind + body
}

// avifOf is the frame of an AVIF file: one picture and one block of metadata, at places that iloc tells.
func avifOf(testing.TB) []byte {
	const pixels = "the pixels"
	head := boxOf("ftyp", "avif\x00\x00\x00\x00avifmif1")
	iinf := boxOf("iinf", "\x00\x00\x00\x00\x00\x02"+boxOf("infe", "\x02\x00\x00\x00\x00\x01\x00\x00av01\x00")+boxOf("infe", "\x02\x00\x00\x00\x00\x02\x00\x00Exif\x00"))
	build := func(at int) string {
		item := func(id byte, from, n int) string {
			return "\x00" + string([]byte{id}) + "\x00\x00\x00\x01" + string(binary.BigEndian.AppendUint32(nil, uint32(from))) + string(binary.BigEndian.AppendUint32(nil, uint32(n)))
		}
		iloc := boxOf("iloc", "\x00\x00\x00\x00\x44\x00\x00\x02"+item(1, at, len(pixels))+item(2, at+len(pixels), len(secret)))
		return head + boxOf("meta", "\x00\x00\x00\x00"+iinf+iloc+boxOf("iprp", boxOf("ipco", boxOf("ispe", "\x00\x00\x00\x00\x00\x00\x00\x20\x00\x00\x00\x10"))))
	}
	at := len(build(0)) + 8
	return []byte(build(at) + boxOf("mdat", pixels+secret) + boxOf("uuid", secret))
}

func samples(t testing.TB) map[string][]byte {
	return map[string][]byte{"image/jpeg": photo(t, binary.LittleEndian, 1), "image/png": pngOf(t), "image/gif": gifOf(t), "image/webp": webpOf(t), "image/avif": avifOf(t)}
}

func cleaned(t testing.TB, kind string, content []byte) ([]byte, Facts) {
	t.Helper()
	var out bytes.Buffer
	f, err := Clean(kind, &out, bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return out.Bytes(), f
}

func TestNothingIsToldButThePixels(t *testing.T) {
	for kind, content := range samples(t) {
		if !bytes.Contains(content, []byte(secret)) {
			t.Fatalf("%s: the sample tells nothing", kind)
		}
		out, _ := cleaned(t, kind, content)
		if bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("GPS")) || bytes.Contains(out, []byte("script")) {
			t.Errorf("%s still tells: %q", kind, out)
		}
		again, _ := cleaned(t, kind, out)
		if !bytes.Equal(again, out) {
			t.Errorf("%s: cleaning twice is not cleaning once", kind)
		}
		if kind == "image/avif" {
			if _, f := cleaned(t, kind, content); !bytes.Contains(out, []byte("the pixels")) || len(out) != len(content) || f.Width != 32 || f.Height != 16 {
				t.Errorf("%s: places no longer hold: %q", kind, out)
			}
			continue
		}
		want, _, err := image.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(kind, err)
		}
		got, _, err := image.Decode(bytes.NewReader(out))
		if err != nil || got.Bounds() != want.Bounds() {
			t.Fatalf("%s: %v", kind, err)
		}
		for y := range want.Bounds().Dy() {
			for x := range want.Bounds().Dx() {
				if got.At(x, y) != want.At(x, y) {
					t.Fatalf("%s: the pixel at %d,%d changed", kind, x, y)
				}
			}
		}
	}
	out, _ := cleaned(t, "image/jpeg", photo(t, binary.LittleEndian, 1))
	if !bytes.Contains(out, []byte("ICC_PROFILE")) {
		t.Error("the colours' meaning is gone")
	}
	moving, _ := cleaned(t, "image/gif", gifOf(t))
	if g, err := gif.DecodeAll(bytes.NewReader(moving)); err != nil || len(g.Image) != 2 || g.Delay[0] != 5 || g.LoopCount != 0 {
		t.Errorf("it does not move any longer: %v", err)
	}
}

func TestPhotographsComeToStandUpright(t *testing.T) {
	// where the red quarter of the picture as it is kept is to be seen
	for how, want := range map[uint16]string{1: "red green", 2: "green red", 3: "white blue", 4: "blue white", 5: "red blue", 6: "blue red", 7: "white green", 8: "green white"} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			clean, f := cleaned(t, "image/jpeg", photo(t, order, how))
			if f.Orientation != int(how) {
				t.Fatalf("%d was read as %d", how, f.Orientation)
			}
			var upright, small bytes.Buffer
			m, err := Make(f, bytes.NewReader(clean), &upright, &small)
			if err != nil || m.Upright != (how > 1) || !m.Small {
				t.Fatalf("%d: %+v %v", how, m, err)
			}
			for what, b := range map[string][]byte{"it": upright.Bytes(), "its small form": small.Bytes()} {
				if how == 1 && what == "it" {
					continue
				}
				img, err := jpeg.Decode(bytes.NewReader(b))
				if err != nil {
					t.Fatal(err)
				}
				w, h := img.Bounds().Dx(), img.Bounds().Dy()
				if got := seen(img.At(w/4, h/4)) + " " + seen(img.At(w*3/4, h/4)); got != want || w != m.Width || h != m.Height || (w < h) != (how >= 5) {
					t.Errorf("held as %d, %s is %d × %d with %s on top, want %s", how, what, w, h, got, want)
				}
			}
			if how > 1 && (!bytes.Contains(upright.Bytes(), []byte("ICC_PROFILE")) || bytes.Contains(upright.Bytes(), []byte("Exif"))) {
				t.Errorf("%d: the upright form has lost its colours or kept metadata", how)
			}
		}
	}
}

// S-74: what a header promises is looked at before any pixel is decoded.
func TestBombsAreNotDecoded(t *testing.T) {
	ihdr := func(w, h uint32) []byte {
		b := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
		return append([]byte("\x89PNG\r\n\x1a\n"), append(chunkOf("IHDR", append(b, 8, 6, 0, 0, 0)), chunkOf("IEND", nil)...)...)
	}
	sof := func(w, h uint16) []byte {
		b := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, h), w)
		b = append([]byte{0xFF, markSOI}, segmentOf(0xC0, append(b, 1, 1, 0x11, 0))...)
		return append(b, segmentOf(markSOS, []byte{1, 1, 0, 0, 63, 0})...)
	}
	for what, c := range map[string]struct {
		content []byte
		want    error
	}{
		"a PNG of 65,500 × 65,500": {ihdr(65500, 65500), ErrLarge}, "a PNG without height": {ihdr(10, 0), ErrBroken}, "a PNG of 2^31": {ihdr(1<<31, 1), ErrBroken},
		"a long PNG": {ihdr(1<<30, 1), ErrLarge}, "a JPEG of 65,500 × 65,500": {sof(65500, 65500), ErrLarge}, "a JPEG without height": {sof(10, 0), ErrBroken},
		"a TIFF": {[]byte("II*\x00\x08\x00\x00\x00\xFF\xFF"), ErrBroken}, "nothing": {nil, ErrBroken},
	} {
		if _, err := Size(bytes.NewReader(c.content)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	deep := Facts{Orientation: 1, progressive: true}
	if deep.fits(image.Config{ColorModel: color.YCbCrModel, Width: 6000, Height: 6000}) || !deep.fits(image.Config{ColorModel: color.YCbCrModel, Width: 4000, Height: 3000}) {
		t.Error("what a progressive JPEG takes is not known")
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	for kind, content := range samples(t) {
		for what, bad := range map[string][]byte{"empty": nil, "cut": content[:20], "another": []byte("GIF89a=1;alert(1)//" + strings.Repeat(" ", 40)), "html": []byte("<!doctype html><script>alert(1)</script>")} {
			if _, err := Clean(kind, io.Discard, bytes.NewReader(bad)); !errors.Is(err, ErrBroken) {
				t.Errorf("%s, %s: %v", kind, what, err)
			}
		}
	}
	if _, err := Clean("image/svg+xml", io.Discard, strings.NewReader("<svg/>")); !errors.Is(err, ErrBroken) {
		t.Errorf("a kind that is not known: %v", err)
	}
}

func FuzzClean(f *testing.F) {
	kinds := []string{"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"}
	for i, kind := range kinds {
		content := samples(f)[kind]
		f.Add(byte(i), content)
		f.Add(byte(i), content[:len(content)/2])
		f.Add(byte(i), append(bytes.Clone(content), content...))
	}
	f.Fuzz(func(t *testing.T, which byte, content []byte) {
		kind := kinds[int(which)%len(kinds)]
		var once, twice bytes.Buffer
		if _, err := Clean(kind, &once, bytes.NewReader(content)); err != nil {
			if !errors.Is(err, ErrBroken) && !errors.Is(err, ErrLarge) {
				t.Fatalf("an error that is none of a picture: %v", err)
			}
			return
		}
		if once.Len() > len(content)+16 {
			t.Fatalf("%d bytes became %d", len(content), once.Len())
		}
		if _, err := Clean(kind, &twice, bytes.NewReader(once.Bytes())); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Fatalf("cleaning twice is not cleaning once: %v", err)
		}
		c, _, err := image.DecodeConfig(bytes.NewReader(content))
		if err != nil || c.Width == 0 || c.Height == 0 || kind == "image/avif" {
			return
		}
		if d, _, err := image.DecodeConfig(bytes.NewReader(once.Bytes())); err != nil || d.Width != c.Width || d.Height != c.Height {
			t.Fatalf("a picture of %d × %d is one of %d × %d now: %v", c.Width, c.Height, d.Width, d.Height, err)
		}
	})
}
