package minilm

import (
	"strings"
	"unicode"

	nfd "golang.org/x/text/unicode/norm"
)

// The marks of BERT's vocabulary.
const (
	unknown = 100 // [UNK]
	opening = 101 // [CLS]
	ending  = 102 // [SEP]
)

// lettersMost is how long a word may be; longer ones are unknown.
const lettersMost = 100

// textMost is how many bytes of a text are looked at: 256 pieces are never more, but for odd scripts and white space.
const textMost = 16 << 10

func vocabulary(lines string) map[string]int32 {
	v := make(map[string]int32, words)
	for i := int32(0); ; i++ {
		word, rest, more := strings.Cut(lines, "\n")
		v[word] = i
		if !more {
			return v
		}
		lines = rest
	}
}

// tokens cuts a text into word pieces: lower case, without accents, words split at spaces and punctuation (BERT's
// basic tokenizer) and then into the longest pieces of the vocabulary (WordPiece, Wu et al. 2016).
func (m *model) tokens(text string) []int32 {
	if len(text) > textMost {
		text = strings.ToValidUTF8(text[:textMost], "")
	}
	ids := append(make([]int32, 0, 32), opening)
	for _, word := range split(text) {
		ids = m.pieces(ids, word)
		if len(ids) >= longest {
			ids = ids[:longest-1]
			break
		}
	}
	return append(ids, ending)
}

func split(text string) []string {
	var b strings.Builder
	for _, r := range nfd.NFD.String(text) {
		switch {
		case r == 0 || r == unicode.ReplacementChar || unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.C):
		case punctuation(r) || chinese(r):
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Fields(b.String())
}

func (m *model) pieces(ids []int32, word string) []int32 {
	if len([]rune(word)) > lettersMost {
		return append(ids, unknown)
	}
	mark := len(ids)
	for start := 0; start < len(word); {
		end, id := len(word), int32(-1)
		for ; end > start; end-- {
			piece := word[start:end]
			if start > 0 {
				piece = "##" + piece
			}
			if v, ok := m.vocabulary[piece]; ok {
				id = v
				break
			}
		}
		if id < 0 {
			return append(ids[:mark], unknown)
		}
		ids = append(ids, id)
		start = end
	}
	return ids
}

// punctuation is Unicode's, and all of ASCII that is neither letter, digit nor space.
func punctuation(r rune) bool {
	if r < 128 {
		return r > 32 && r < 127 && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	return unicode.IsPunct(r)
}

// chinese are the ideographs, each of which is a word of its own. Kana and Hangul are written in words.
func chinese(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x2A6DF || r >= 0x2A700 && r <= 0x2CEAF ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0x2F800 && r <= 0x2FA1F
}
