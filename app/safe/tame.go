package safe

import (
	"regexp"
	"strings"
)

// What a parser of Markdown does takes time in the square of how many marks may still belong together: nested quotes and
// lists, emphasis, brackets. Nobody writes that many; who does is shown what they wrote.
const (
	deepest = 24   // quotes and lists within each other
	marked  = 1500 // marks in one paragraph
)

var nested = regexp.MustCompile(`^(?:[ \t]*(?:>|[-*+][ \t]|[0-9]{1,9}[.)][ \t]))+`)

var nest = regexp.MustCompile(`>|[-*+][ \t]|[.)][ \t]`)

// tame reports whether a text can be parsed in reasonable time.
func tame(s string) bool {
	marks, fence := 0, ""
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
		case strings.TrimSpace(line) == "":
			marks = 0
		}
		if len(nest.FindAllStringIndex(nested.FindString(line), deepest+1)) > deepest {
			return false
		}
		for i := range len(line) {
			switch line[i] {
			case '*', '_', '~', '[', ']':
				marks++
			}
		}
		if marks > marked {
			return false
		}
	}
	return true
}

// plain shows a text as it was written.
func plain(s string) string {
	return "<p>" + strings.ReplaceAll(escape(strings.TrimSpace(s)), "\n", "<br>\n") + "</p>"
}
