package ai

import (
	"cmp"
	"slices"
)

// alike is the mean cosine from which two groups of questions count as one; TestQuestionsAreGatheredBySubject holds it to
// testdata/recall/unanswered.tsv.
const alike = 0.53

// gather puts questions together that mean the same: again and again the two groups that are nearest to each other on average,
// as long as they are near (UPGMA; Sokal, Michener 1958). Each group begins with the question that is nearest to its others,
// which stands for it. The largest come first; what is equal keeps its order, so that the same questions always give the same
// groups. A nil vector is like nothing.
func gather(vectors [][]float32) [][]int {
	n := len(vectors)
	groups, like := make([][]int, n), make([][]float64, n)
	for i := range n {
		groups[i], like[i] = []int{i}, make([]float64, n)
		for j := range i {
			like[i][j] = cosine(vectors[i], vectors[j])
			like[j][i] = like[i][j]
		}
	}
	between := make([][]float64, n) // of groups, by their first question
	for i := range n {
		between[i] = slices.Clone(like[i])
	}
	for {
		a, b := nearest(groups, between)
		if a < 0 {
			break
		}
		x, y := float64(len(groups[a])), float64(len(groups[b]))
		for k := range n {
			between[a][k] = (x*between[a][k] + y*between[b][k]) / (x + y)
			between[k][a] = between[a][k]
		}
		groups[a], groups[b] = append(groups[a], groups[b]...), nil
	}
	groups = slices.DeleteFunc(groups, func(g []int) bool { return g == nil })
	for _, g := range groups {
		stand(g, like)
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	return groups
}

// nearest are the two groups that are nearest to each other, or -1 where none are near.
func nearest(groups [][]int, between [][]float64) (int, int) {
	a, b, most := -1, -1, alike
	for i := range groups {
		if groups[i] == nil {
			continue
		}
		for j := i + 1; j < len(groups); j++ {
			if groups[j] != nil && between[i][j] > most {
				a, b, most = i, j, between[i][j]
			}
		}
	}
	return a, b
}

// stand puts the question that stands for a group first, and the others in order.
func stand(group []int, like [][]float64) {
	slices.Sort(group)
	best, most := 0, -1.0
	for k, i := range group {
		sum := 0.0
		for _, j := range group {
			sum += like[i][j]
		}
		if sum > most {
			best, most = k, sum
		}
	}
	first := group[best]
	copy(group[1:best+1], group[:best])
	group[0] = first
}

// cosine is of vectors of length 1.
func cosine(a, b []float32) (sum float64) {
	if len(a) != len(b) || len(a) == 0 {
		return 0
	}
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
