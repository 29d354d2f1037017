package ai

import (
	"cmp"
	"math"
	"slices"
)

// The mean cosine from which two groups of questions count as one: as the vectors are, and of many without what they have in
// common. TestQuestionsAreGatheredBySubject holds them to testdata/recall/unanswered.tsv.
const (
	alike      = 0.53
	alikeApart = 0.28
)

// many questions show what all of a workspace's questions have in common; of fewer, that would be one of their subjects.
const many = 40

// apart takes out of vectors what they have in common: their mean, and the direction in which they differ most, which in a shop for
// lamps is how much somebody speaks of lamps (Mu, Viswanath: All-but-the-Top, 2018). Vectors of another length than the first are nil.
func apart(vectors [][]float32) [][]float32 {
	out := make([][]float32, len(vectors))
	var mean []float64
	n := 0.0
	for i, v := range vectors {
		if len(v) == 0 || mean != nil && len(v) != len(mean) {
			continue
		}
		if mean == nil {
			mean = make([]float64, len(v))
		}
		out[i] = slices.Clone(v)
		n++
		for k := range v {
			mean[k] += float64(v[k])
		}
	}
	for _, v := range out {
		for k := range v {
			v[k] -= float32(mean[k] / n)
		}
	}
	most := direction(out, len(mean))
	for _, v := range out {
		along := cosine(v, most)
		length := 0.0
		for k := range v {
			v[k] -= float32(along) * most[k]
			length += float64(v[k]) * float64(v[k])
		}
		for k := range v {
			v[k] /= float32(max(math.Sqrt(length), 1e-9))
		}
	}
	return out
}

// direction is the one in which vectors around 0 differ most, by the power method.
func direction(vectors [][]float32, dims int) []float32 {
	d := make([]float32, dims)
	for k := range d {
		d[k] = 1 / float32(k+1) // whatever is not across it
	}
	for range 60 {
		next, length := make([]float64, dims), 0.0
		for _, v := range vectors {
			along := cosine(v, d)
			for k := range v {
				next[k] += along * float64(v[k])
			}
		}
		for _, x := range next {
			length += x * x
		}
		for k := range d {
			d[k] = float32(next[k] / max(math.Sqrt(length), 1e-9))
		}
	}
	return d
}

// gather puts questions together that mean the same: again and again the two groups that are nearest to each other on average,
// as long as they are near (UPGMA; Sokal, Michener 1958). Each group begins with the question that is nearest to its others,
// which stands for it. The largest come first; what is equal keeps its order, so that the same questions always give the same
// groups. A nil vector is like nothing.
func gather(vectors [][]float32) [][]int {
	n, from := len(vectors), alike
	if n-missing(vectors) >= many {
		vectors, from = apart(vectors), alikeApart
	}
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
		a, b := nearest(groups, between, from)
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
func nearest(groups [][]int, between [][]float64, from float64) (int, int) {
	a, b, most := -1, -1, from
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

func missing(vectors [][]float32) (n int) {
	for _, v := range vectors {
		if v == nil {
			n++
		}
	}
	return n
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

// cosine is the inner product: of vectors of length 1, the cosine of their angle.
func cosine(a, b []float32) (sum float64) {
	if len(a) != len(b) || len(a) == 0 {
		return 0
	}
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
