package safe

import (
	"regexp"
	"strings"
)

// Nested quotes and lists cost the square of how many there are. Nobody writes that many; who does is shown what they
// wrote. What else costs too much is bounded where it is parsed (bounded).
const deepest = 24 // quotes and lists within each other

var nested = regexp.MustCompile(`^(?:[ \t]*(?:>|[-*+][ \t]|[0-9]{1,9}[.)][ \t]))+`)

var nest = regexp.MustCompile(`>|[-*+][ \t]|[.)][ \t]`)

// tame reports whether a text can be parsed in reasonable time.
func tame(s string) bool {
	fence := ""
	for line := range strings.Lines(s) {
		bare := strings.TrimLeft(line, " \t>")
		switch {
		case fence != "":
			if strings.HasPrefix(bare, fence) {
				fence = ""
			}
			continue
		case strings.HasPrefix(bare, "```"), strings.HasPrefix(bare, "~~~"):
			fence = bare[:3]
		}
		if len(nest.FindAllStringIndex(nested.FindString(line), deepest+1)) > deepest {
			return false
		}
	}
	return true
}

// plain shows a text as it was written.
func plain(s string) string {
	return "<p>" + strings.ReplaceAll(escape(strings.TrimSpace(s)), "\n", "<br>\n") + "</p>"
}
