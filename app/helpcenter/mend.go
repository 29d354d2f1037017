package helpcenter

import (
	"slices"
	"unicode/utf8"

	"deskbell/store"
)

// mend replaces words that no article has by the nearest that one has.
func mend(tx *store.Tx, terms []string) (out []string, changed bool, err error) {
	for _, t := range terms {
		known := utf8.RuneCountInString(t) < 4
		if !known {
			if known, err = tx.Finder.Known(t); err != nil {
				return nil, false, err
			}
		}
		for _, form := range slices.Compact([]string{t, stem(t), t + "s"}) { // for the index all forms of a word are one, but it is spelled as in the articles
			if known {
				break
			}
			near, err := nearest(tx, form)
			if err != nil {
				return nil, false, err
			}
			if near != "" {
				t, changed, known = near, true, true
			}
		}
		out = append(out, t)
	}
	return out, changed, nil
}

// nearest is the word of an article that differs the least from a word, if by little.
func nearest(tx *store.Tx, word string) (best string, err error) {
	near, err := tx.Finder.Similar(word, 25)
	least := 1 + min(2, (utf8.RuneCountInString(word)-2)/2)
	for _, w := range near {
		if d := distance(word, w); d < least {
			best, least = w, d
		}
	}
	return best, err
}

// distance is how many letters must change to make one word of another (Damerau and Levenshtein: also two swapped ones).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
