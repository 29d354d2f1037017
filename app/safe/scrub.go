package safe

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	mails = regexp.MustCompile(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	// An IBAN (ISO 13616): country, two check digits, and eleven to thirty characters, often in groups of four.
	ibans = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b`)
	// Digits as people write card and telephone numbers. A date or a price is too short to count.
	numbers = regexp.MustCompile(`\+?\(?\d[\d ()/.\-\x{00a0}]{5,}\d`)
	dates   = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}/\d{1,2}/\d{2,4})$`)
	secrets = regexp.MustCompile(`(https?://[^\s?#<>()\[\]]+)[?#][^\s<>()\[\]]*`)
	places  = regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b`)
)

// Scrub takes personal data out of a text: e-mail addresses, account, card and telephone numbers, network addresses, what
// links carry beside their path, and the names it is given. A label says what stood there.
func Scrub(text string, names ...string) string {
	text = secrets.ReplaceAllString(text, "$1")
	text = mails.ReplaceAllString(text, "[e-mail]")
	text = ibans.ReplaceAllString(text, "[account]")
	text = places.ReplaceAllString(text, "[address]")
	text = numbers.ReplaceAllStringFunc(text, number)
	for _, n := range names {
		text = unnamed(text, strings.TrimSpace(n))
		for _, part := range strings.Fields(n) {
			if utf8.RuneCountInString(part) > 2 {
				text = unnamed(text, part)
			}
		}
	}
	return text
}

// number labels what can be a card (ISO/IEC 7812, with its check digit) or a telephone number; other figures stay.
func number(s string) string {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
	switch {
	case len(digits) >= 13 && len(digits) <= 19 && checks(digits):
		return "[card]"
	case len(digits) < 7 || dates.MatchString(strings.TrimSpace(s)):
		return s
	case len(digits) <= 15 && (s[0] == '+' || s[0] == '0' || s[0] == '(' || len(digits) >= 9 || strings.ContainsAny(s, " -/.")):
		return "[phone]"
	case len(digits) > 15:
		return "[number]"
	}
	return s
}

// checks is the sum of digits by which cards are told from other numbers (Luhn, 1960).
func checks(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// unnamed takes a name out where it stands as a word, in whatever case.
func unnamed(text, name string) string {
	if utf8.RuneCountInString(name) < 2 {
		return text
	}
	re, err := regexp.Compile(`(?i)(^|[^\p{L}\p{N}])` + regexp.QuoteMeta(name) + `($|[^\p{L}\p{N}])`)
	if err != nil {
		return text
	}
	for range 2 { // neighbours share the mark between them
		text = re.ReplaceAllString(text, "${1}[name]${2}")
	}
	return text
}
