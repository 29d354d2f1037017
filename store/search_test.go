package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// Whatever Go takes for part of a word, the index of words takes for one too: no query is a phrase to it.
func TestNoWordIsAPhraseToTheIndex(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"))
	tried, query := 0, strings.Builder{}
	ask := func() {
		if err := db.Searching(context.Background(), 1, func(tx *Tx) error {
			_, err := tx.Search.Conversations(query.String(), 20)
			return err
		}); err != nil {
			t.Errorf("%q: %v", query.String(), err)
		}
		query.Reset()
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if unicode.In(r, unicode.Han, unicode.Hangul) && r%64 != 0 {
			continue // a hundred thousand that are all alike
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			fmt.Fprintf(&query, "a%cb ", r)
			if tried++; tried%8 == 0 { // so many words are looked at
				ask()
			}
		}
	}
	ask()
	if tried < 25_000 {
		t.Errorf("only %d letters were tried", tried)
	}
}
