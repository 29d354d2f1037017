package helpcenter

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

type color [3]float64

func parse(hex string) (c color) {
	for i := range c {
		n, _ := strconv.ParseUint(hex[i*2:i*2+2], 16, 8)
		c[i] = float64(n)
	}
	return c
}

func (c color) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

func (c color) mix(o color, part float64) (out color) {
	for i := range c {
		out[i] = c[i]*(1-part) + o[i]*part
	}
	return out
}

// light is the relative luminance (WCAG 2).
func (c color) light() float64 {
	l := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := c[i] / 255
		if v <= 0.03928 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		l += v * weight
	}
	return l
}

func contrast(a, b color) float64 {
	x, y := a.light(), b.light()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// until mixes a colour towards another until it can be read on a ground.
func (c color) until(towards, ground color, ratio float64) color {
	for part := 0.0; part < 1; part += 0.04 {
		if m := c.mix(towards, part); contrast(m, ground) >= ratio {
			return m
		}
	}
	return towards
}

// dressed is the style sheet in a workspace's colour, so that everything can be read whatever the colour.
func dressed(style, hex string) string {
	c, black, white := parse(hex), color{}, color{255, 255, 255}
	deep := c.mix(black, 0.45).until(black, white, 8)
	return strings.NewReplacer("%BRAND%", c.String(), "%LIGHT%", c.until(black, color{228, 238, 235}, 4.6).String(), "%DARK%", c.until(white, color{38, 50, 46}, 4.6).String(), "%DEEP%", deep.String()).Replace(style)
}

// icons are the few (lucide, ISC) that collections and pages show.
var icons = map[string]string{
	"search":  `<circle cx="11" cy="11" r="8"/><path d="m21 21-4.3-4.3"/>`,
	"file":    `<path d="M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7Z"/><path d="M14 2v4a2 2 0 0 0 2 2h4M16 13H8M16 17H8M10 9H8"/>`,
	"lamp":    `<circle cx="12" cy="12" r="10"/><path d="M9.1 9a3 3 0 0 1 5.8 1c0 2-3 3-3 3M12 17h.01"/>`,
	"book":    `<path d="M2 3h6a4 4 0 0 1 4 4v14a3 3 0 0 0-3-3H2zM22 3h-6a4 4 0 0 0-4 4v14a3 3 0 0 1 3-3h7z"/>`,
	"bulb":    `<path d="M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5.7.7 1.3 1.5 1.5 2.5M9 18h6M10 22h4"/>`,
	"wrench":  `<path d="M14.7 6.3a1 1 0 0 0 0 1.4l1.6 1.6a1 1 0 0 0 1.4 0l3.8-3.8a6 6 0 0 1-8 8l-6.9 6.9a2.1 2.1 0 0 1-3-3l6.9-6.9a6 6 0 0 1 8-8z"/>`,
	"truck":   `<path d="M14 18V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v11a1 1 0 0 0 1 1h2M15 18H9M19 18h2a1 1 0 0 0 1-1v-3.7a1 1 0 0 0-.2-.6l-3.5-4.4A1 1 0 0 0 17.5 8H14"/><circle cx="17" cy="18" r="2"/><circle cx="7" cy="18" r="2"/>`,
	"undo":    `<path d="M9 14 4 9l5-5"/><path d="M4 9h10.5a5.5 5.5 0 0 1 0 11H11"/>`,
	"card":    `<rect width="20" height="14" x="2" y="5" rx="2"/><path d="M2 10h20"/>`,
	"user":    `<path d="M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"/><circle cx="12" cy="7" r="4"/>`,
	"shield":  `<path d="M20 13c0 5-3.5 7.5-7.7 9a1 1 0 0 1-.6 0C7.500 20.500 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.500-1.200 6.200-2.700a1.200 1.200 0 0 1 1.600 0C14.500 3.800 17 5 19 5a1 1 0 0 1 1 1z"/>`,
	"rocket":  `<path d="M4.500 16.500c-1.500 1.300-2 5-2 5s3.700-.5 5-2c.7-.8.7-2.100-.1-2.900a2.200 2.200 0 0 0-2.900-.1zM12 15l-3-3a22 22 0 0 1 2-4A12.900 12.900 0 0 1 22 2c0 2.700-.8 7.500-6 11a22.300 22.300 0 0 1-4 2z"/>`,
	"office":  `<path d="M6 22V4a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v18ZM6 12H4a2 2 0 0 0-2 2v6a2 2 0 0 0 2 2h2M18 9h2a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-2M10 6h4M10 10h4M10 14h4M10 18h4"/>`,
	"message": `<path d="M7.900 20A9 9 0 1 0 4 16.100L2 22Z"/>`,
}

// icon draws an icon by its name, which may be missing.
func icon(name any) template.HTML {
	key := ""
	switch n := name.(type) {
	case string:
		key = n
	case *string:
		if n != nil {
			key = *n
		}
	}
	body, known := icons[key]
	if !known {
		body = icons["book"]
	}
	return template.HTML(`<svg viewBox="0 0 24 24" aria-hidden="true">` + body + `</svg>`)
}
