package ai

import (
	"os"
	"slices"
	"strings"
	"testing"

	"deskbell/app/recall"
)

// Questions of one subject come together, others do not, and the order in which they were asked changes nothing but ties.
func TestQuestionsAreGatheredBySubject(t *testing.T) {
	table, err := os.ReadFile("../../testdata/recall/unanswered.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var subjects []string
	var vectors [][]float32
	for l := range strings.Lines(string(table)) {
		subject, question, two := strings.Cut(strings.TrimSpace(l), "\t")
		if !two || strings.HasPrefix(l, "#") {
			continue
		}
		v, err := recall.Builtin.Embed(t.Context(), []string{question})
		if err != nil {
			t.Fatal(err)
		}
		subjects, vectors = append(subjects, subject), append(vectors, v[0])
	}
	groups := gather(vectors)
	if again := gather(vectors); !slices.EqualFunc(groups, again, slices.Equal[[]int]) {
		t.Error("the same questions gave other groups")
	}
	seen, pairs, right, all := 0, 0, 0, 0
	same := func(i, j int) bool { return subjects[i] == subjects[j] && subjects[i] != "-" }
	for k, g := range groups {
		if k > 0 && len(g) > len(groups[k-1]) {
			t.Error("a larger group stands behind a smaller one")
		}
		seen += len(g)
		for x := range g {
			for y := range x {
				pairs++
				if same(g[x], g[y]) {
					right++
				}
			}
		}
	}
	for i := range subjects {
		for j := range i {
			if same(i, j) {
				all++
			}
		}
	}
	t.Logf("%d questions in %d groups; of %d pairs put together %d belong together, of %d that do", len(subjects), len(groups), pairs, right, all)
	if seen != len(subjects) {
		t.Errorf("%d of %d questions were gathered", seen, len(subjects))
	}
	if float64(right) < 0.85*float64(pairs) || float64(right) < 0.5*float64(all) {
		t.Error("groups do not follow the subjects")
	}
	if got := gather([][]float32{nil, {1, 0}, nil, {1, 0}}); len(got) != 3 || len(got[0]) != 2 {
		t.Errorf("what has no vector is like something: %v", got)
	}
}
