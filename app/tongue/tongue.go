// Package tongue knows what language somebody writes, and what the program itself says in each.
//
// A language is its two-letter code of ISO 639-1. The program speaks those of Spoken; a text may be in others, some of
// which are known by their script.
package tongue

import (
	"strings"
	"unicode"
)

// Tokens are the words of a text, in lower case, without marks.
func Tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// common are frequent words by which a language is told from the others in a sentence or two.
var common = map[string]string{
	"en": "the is are my how do i to of and you can what where a please with want talk", "de": "der die das ich ist und nicht wie mein meine ein eine mit zu bitte möchte wo kann einem",
	"fr": "le la les je est et pas comment mon ma un une avec pour de voudrais où vous des", "es": "el la los yo es y no cómo mi un una con para quiero dónde por favor puedo de hablar",
	"it": "il lo la io è e non come mio un una con per vorrei dove che di posso", "pt": "o a os eu é e não como meu um uma com para quero onde por favor que posso",
	"nl": "de het een ik is en niet hoe mijn met naar wil waar graag kan van", "pl": "i w na nie jak mój się z do chcę gdzie jest proszę mogę",
	"sv": "och jag är inte hur min med en ett till vill var kan att det", "da": "og jeg er ikke hvordan min med en et til vil hvor kan det at", "tr": "bir ve ben bu nasıl ile için istiyorum nerede mı değil",
}

// scripts are those that one language is mostly written in, with its code.
var scripts = []struct {
	table    *unicode.RangeTable
	language string
}{{unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Hangul, "ko"}, {unicode.Han, "zh"}, {unicode.Arabic, "ar"}, {unicode.Hebrew, "he"}, {unicode.Greek, "el"}, {unicode.Thai, "th"}, {unicode.Devanagari, "hi"}}

// Guess says what language a text is in; empty where it cannot tell.
func Guess(text string) string {
	text = cut(text)
	if l := byScript(text); l != "" {
		return l
	}
	var count [16]int // by place in Spoken
	for _, w := range Tokens(text) {
		for _, at := range words[w] {
			count[at]++
		}
	}
	best, most := "", 0
	for at, n := range count {
		if n > most {
			best, most = Spoken[at], n
		}
	}
	return best
}

// words are those of common, with the places in Spoken of the languages that have them.
var words = func() map[string][]int {
	m := map[string][]int{}
	for at, l := range Spoken {
		for w := range strings.FieldsSeq(common[l]) {
			m[w] = append(m[w], at)
		}
	}
	return m
}()

// enough is how much of a text tells its language, in bytes.
const enough = 1000

func cut(text string) string {
	if len(text) > enough {
		return strings.ToValidUTF8(text[:enough], "")
	}
	return text
}

// byScript says what language a text is in by the letters that most of it has; empty for Latin ones. Japanese mixes Han with
// letters of its own, and Cyrillic is Ukrainian where it has letters that Russian does not.
func byScript(text string) string {
	count, all, cyrillic, own := map[string]int{}, 0, 0, false
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		all++
		if unicode.Is(unicode.Cyrillic, r) {
			cyrillic++
			own = own || strings.ContainsRune("іїєґІЇЄҐ", r)
			continue
		}
		for _, s := range scripts {
			if unicode.Is(s.table, r) {
				count[s.language]++
				break
			}
		}
	}
	if count["ja"] > 0 {
		count["ja"] += count["zh"]
	}
	for _, s := range scripts {
		if n := count[s.language]; n*2 > all {
			return s.language
		}
	}
	switch {
	case cyrillic*2 <= all:
		return ""
	case own:
		return "uk"
	}
	return "ru"
}

// Of is the language a text is in; where that cannot be told, the first that is known of those who else may tell, such as a
// browser's; and English at last.
func Of(text string, otherwise ...string) string {
	if l := Guess(text); l != "" {
		return l
	}
	for _, l := range otherwise {
		if l = Base(l); l != "" {
			return l
		}
	}
	return "en"
}

// Base is the language of a BCP 47 tag: "de" of "de-AT".
func Base(tag string) string {
	l, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return l
}
