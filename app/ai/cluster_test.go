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
	found, right, all := together(t, vectors, subjects)
	t.Logf("%d questions: of %d pairs put together %d belong together, of %d that do", len(subjects), found, right, all)
	if float64(right) < 0.9*float64(found) || float64(right) < 0.7*float64(all) {
		t.Error("groups do not follow the subjects")
	}

	// Neither does it rest on which subjects there are, nor on how many questions: of fewer, fewer pairs are found, and as few
	// wrong ones.
	var names []string
	for _, s := range subjects {
		if s != "-" && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	for _, share := range []struct {
		most   int // of the subjects
		pairs  float64
		rights float64
	}{{11, 0.6, 0.88}, {8, 0.5, 0.9}, {5, 0.45, 0.9}} {
		found, right, all := 0, 0, 0
		for k := range names {
			var some []string
			var theirs [][]float32
			for i, s := range subjects {
				at := slices.Index(names, s)
				if at >= 0 && (at-k+len(names))%len(names) < share.most || at < 0 && i%len(names) < share.most {
					some, theirs = append(some, s), append(theirs, vectors[i])
				}
			}
			f, r, a := together(t, theirs, some)
			found, right, all = found+f, right+r, all+a
		}
		t.Logf("%d subjects at a time: %.2f of the pairs put together belong together, %.2f of those that do were found", share.most, float64(right)/float64(found), float64(right)/float64(all))
		if float64(right) < share.rights*float64(found) || float64(right) < share.pairs*float64(all) {
			t.Errorf("with %d subjects, groups do not follow them", share.most)
		}
	}
	if got := gather([][]float32{nil, {1, 0}, nil, {1, 0}}); len(got) != 3 || len(got[0]) != 2 {
		t.Errorf("what has no vector is like something: %v", got)
	}
	odd := make([][]float32, 90)
	for i := range odd {
		switch i % 3 {
		case 0:
			odd[i] = []float32{1, 0}
		case 1:
			odd[i] = []float32{0, 1, 0}
		}
	}
	seen := 0
	for _, g := range gather(odd) { // vectors of a model that is no more, none, and all the same: nothing breaks
		seen += len(g)
	}
	if seen != len(odd) {
		t.Errorf("%d of %d odd ones were gathered", seen, len(odd))
	}
}

// together counts the pairs that were put together, those of them that belong together, and those that do at all.
func together(t *testing.T, vectors [][]float32, subjects []string) (found, right, all int) {
	t.Helper()
	before := make([][]float32, len(vectors))
	for i := range vectors {
		before[i] = slices.Clone(vectors[i])
	}
	groups := gather(vectors)
	if again := gather(vectors); !slices.EqualFunc(groups, again, slices.Equal[[]int]) {
		t.Error("the same questions gave other groups")
	}
	if !slices.EqualFunc(vectors, before, slices.Equal[[]float32]) {
		t.Error("gathering changed the vectors")
	}
	same := func(i, j int) bool { return subjects[i] == subjects[j] && subjects[i] != "-" }
	seen := 0
	for k, g := range groups {
		if k > 0 && len(g) > len(groups[k-1]) {
			t.Error("a larger group stands behind a smaller one")
		}
		seen += len(g)
		for x := range g {
			for y := range x {
				found++
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
	if seen != len(subjects) {
		t.Errorf("%d of %d questions were gathered", seen, len(subjects))
	}
	return found, right, all
}
