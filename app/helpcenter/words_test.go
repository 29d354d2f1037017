package helpcenter

import (
	"strings"
	"testing"
	"time"

	said "deskbell/app/tongue"
)

// The public pages speak what the program speaks: every word, with a place for what the English one has a place for.
func TestPublicPagesSpeakEveryLanguage(t *testing.T) {
	for _, l := range said.Spoken {
		for key, english := range words["en"] {
			word := words[l][key]
			if strings.TrimSpace(word) == "" || strings.Count(word, "%s") != strings.Count(english, "%s") || strings.Count(word, "%d") != strings.Count(english, "%d") {
				t.Errorf("%s says %q for %q (%s)", l, word, english, key)
			}
		}
		if len(words[l]) != len(words["en"]) {
			t.Errorf("%s has %d words, English %d", l, len(words[l]), len(words["en"]))
		}
		seen := map[string]bool{}
		for month := time.January; month <= time.December; month++ {
			day := sayDay(l, time.Date(2026, month, 9, 0, 0, 0, 0, time.UTC))
			if seen[day] || !strings.HasPrefix(day, "9") || !strings.HasSuffix(day, "2026") || strings.Contains(day, "%") {
				t.Errorf("%s writes the 9th of %s 2026 as %q", l, month, day)
			}
			seen[day] = true
		}
		if autonym(l) == l {
			t.Errorf("%s has no name of its own", l)
		}
	}
}
