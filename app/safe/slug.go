package safe

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func itoa(n int) string { return strconv.Itoa(n) }

var spelled = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "o", "å", "a", "œ", "oe", "ł", "l", "đ", "d", "þ", "th", "'", "", "’", "")

// Slug makes an address of a title, of at most 80 characters: lower case, accents off, words joined by hyphens. Letters of
// other scripts stay as they are. Where nothing is left it is "article".
func Slug(title string) string {
	s := norm.NFD.String(spelled.Replace(norm.NFC.String(strings.ToLower(title))))
	var b strings.Builder
	n, gap, latin := 0, false, false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && !latin && n > 0:
			if n >= 80 {
				return norm.NFC.String(b.String())
			}
			if gap && n > 0 {
				b.WriteByte('-')
				n++
			}
			latin, gap = unicode.Is(unicode.Latin, r), false
			b.WriteRune(r)
			n++
		case unicode.IsMark(r):
		default:
			gap = true
		}
	}
	if n == 0 {
		return "article"
	}
	return norm.NFC.String(b.String())
}
