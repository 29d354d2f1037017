package store

import (
	"path/filepath"
	"strings"
	"testing"
)

// Whatever somebody looks for, the index is asked a question that it understands.
func FuzzHunt(f *testing.F) {
	db, err := Open(f.Context(), Options{Path: filepath.Join(f.TempDir(), "d.db")})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	for _, s := range []string{"lamp", `"`, "NEAR(a b, 2)", "a*", "-a", "^a", "title:x", "{a b}", "AND", "a\x00b", "\xff", "電球", "🎉", "' OR 1=1", "ﷺ", "a-b c_d", ") OR (", strings.Repeat("a", 300)} {
		f.Add(s, s, "de")
	}
	f.Fuzz(func(t *testing.T, one, other, language string) {
		for _, team := range []bool{true, false} {
			h := Hunt{Words: [][]string{{one, other}, {other}}, Team: team, Language: strings.Join(strings.FieldsFunc(language, func(r rune) bool { return r < 'a' || r > 'z' }), ""), Limit: 5}
			err := db.Read(t.Context(), 1, func(tx *Tx) error {
				if _, err := tx.Finder.Find(h); err != nil {
					return err
				}
				h.Some = true
				_, err := tx.Finder.Find(h)
				return err
			})
			if err != nil {
				t.Errorf("%q or %q: %v", one, other, err)
			}
		}
	})
}
