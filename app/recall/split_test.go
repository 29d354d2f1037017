package recall_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"deskbell/app/recall"
)

func TestAPartKnowsItsHeadings(t *testing.T) {
	parts := recall.Split("Hello.\n\n# Returns\n\nSend it back.\n\n## Costs ##\nFree in **Europe**.\n\nOther places\n===\nNot free.\n\n### Deep\nx\n")
	want := []recall.Part{{"", "Hello."}, {"Returns", "Send it back."}, {"Returns › Costs", "Free in **Europe**."}, {"Other places", "Not free."}, {"Other places › Deep", "x"}}
	if len(parts) != len(want) {
		t.Fatalf("got %q", parts)
	}
	for i := range want {
		if parts[i] != want[i] {
			t.Errorf("part %d: got %q, want %q", i, parts[i], want[i])
		}
	}
}

func TestCodeAndTablesStayWhole(t *testing.T) {
	code := "```sh\n# not a heading\ncurl -X POST \\\n\n  https://example.com\n```"
	table := "| Country | Days |\n|---|---|\n| France | 3 |\n| Japan | 9 |"
	parts := recall.Split("# API\n\n" + strings.Repeat("Words before it. ", 50) + "\n\n" + code + "\n\n" + table)
	whole := func(s string) (n int) {
		for _, p := range parts {
			n += strings.Count(p.Body, s)
		}
		return n
	}
	if whole(code) != 1 || whole(table) != 1 {
		t.Errorf("got %q", parts)
	}
}

func TestPiecesOfALongTableHaveItsHead(t *testing.T) {
	head := "| Country | Days |\n|---|---|\n"
	parts := recall.Split(head + strings.Repeat("| Somewhere far away | 12 |\n", 200))
	if len(parts) < 3 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, p := range parts {
		if !strings.HasPrefix(p.Body, head) {
			t.Errorf("part %d: %q", i, p.Body[:60])
		}
	}
}

func TestPlainTextHasNoMarks(t *testing.T) {
	got := recall.Plain("> **Press** [the `Save` button](https://x.example/a?b) ![a shot](/f.png) and <b class=\"x\">wait</b>\n- 1 \\* 2\n\n| a | b |\n|---|---|\n| c | snake_case |")
	if want := "Press the Save button a shot and wait 1 * 2 a b c snake_case"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "# a\nb", "```\nx", "a|b\n-|-\nc|d", "a\n---\nb", "~~~~\n```\n~~~~\nz", "#\n#######\n", strings.Repeat("ä", 3000), strings.Repeat("| x ", 900) + "\n|---|---|\ny|z", "\xff\xfe\n\r\n===="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		letters := func(s string) int {
			n := 0
			for _, r := range s {
				if r == 'q' {
					n++
				}
			}
			return n
		}
		got := 0
		for _, p := range recall.Split(s) {
			if len(p.Body) > 1400 || strings.TrimSpace(p.Body) == "" || !utf8.ValidString(p.Body) || !utf8.ValidString(p.Heading) || len(p.Heading) > 6*205 {
				t.Fatalf("part of %d bytes: %q", len(p.Body), p)
			}
			got += letters(p.Body) + letters(p.Heading)*6
			recall.Plain(p.Body)
		}
		// Nothing of the text is lost, but for heads that are too long and headings without a body.
		if len(s) < 100 && !strings.Contains(s, "#") && !strings.Contains(s, "=") && !strings.Contains(s, "--") && !strings.Contains(s, "`") && !strings.Contains(s, "~") && got < letters(s) {
			t.Fatalf("%q lost letters", s)
		}
	})
}
