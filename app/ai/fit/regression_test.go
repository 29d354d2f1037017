package fit_test

import (
	"hash/fnv"
	"math"
	"slices"
	"testing"
)

// sample is one answer: what its confidence rests on, what it was, and whether it was right.
type sample struct {
	features []float64
	said     float64
	right    bool
	weight   float64
	who      string
}

// marks say how well numbers mean what they say: the mean square error (Brier, 1950), that of one who always says the share of right
// ones, and the mean distance between what was said and what was so in tenths (expected calibration error; Naeini et al., 2015).
func marks(list []sample) (brier, without, calibration float64) {
	var n, right float64
	said, was := [10]float64{}, [10]float64{}
	for _, s := range list {
		y := 0.0
		if s.right {
			y = 1
		}
		n, right = n+s.weight, right+s.weight*y
		brier += s.weight * (s.said - y) * (s.said - y)
		k := min(9, int(s.said*10))
		said[k], was[k] = said[k]+s.weight*s.said, was[k]+s.weight*y
	}
	for k := range said {
		calibration += math.Abs(said[k] - was[k])
	}
	return brier / n, right / n * (1 - right/n), calibration / n
}

// table shows the reliability by fifths.
func table(t *testing.T, what string, list []sample) {
	t.Helper()
	brier, without, calibration := marks(list)
	t.Logf("%s: %d answers; Brier score %.3f (%.3f without), calibration error %.3f", what, len(list), brier, without, calibration)
	for k := range 5 {
		var n, said, right float64
		count := 0
		for _, s := range list {
			if min(4, int(s.said*5)) != k {
				continue
			}
			count++
			n, said = n+s.weight, said+s.weight*s.said
			if s.right {
				right += s.weight
			}
		}
		if count > 0 {
			t.Logf("  %.1f–%.1f: %3d answers, said %.2f, right %.2f", float64(k)/5, float64(k+1)/5, count, said/n, right/n)
		}
	}
}

// fit is the logistic regression of whether answers are right on their features, by Newton's method.
func fit(list []sample) []float64 {
	k := len(list[0].features)
	b := make([]float64, k)
	for range 40 {
		h, g := make([][]float64, k), make([]float64, k)
		for i := range k {
			h[i] = make([]float64, k+1)
			h[i][i], g[i] = 1e-3, -1e-3*b[i]
		}
		for _, s := range list {
			p := predict(b, s.features)
			y := 0.0
			if s.right {
				y = 1
			}
			for i := range k {
				g[i] += s.weight * (y - p) * s.features[i]
				for j := range k {
					h[i][j] += s.weight * p * (1 - p) * s.features[i] * s.features[j]
				}
			}
		}
		for i := range k {
			h[i][k] = g[i]
		}
		for i := range k { // elimination; h is positive definite
			for r := range k {
				if r == i {
					continue
				}
				f := h[r][i] / h[i][i]
				for c := i; c <= k; c++ {
					h[r][c] -= f * h[i][c]
				}
			}
		}
		for i := range k {
			b[i] += h[i][k] / h[i][i]
		}
	}
	return b
}

func predict(b, features []float64) float64 {
	z := 0.0
	for i := range b {
		z += b[i] * features[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// unseen says of each sample what a fit to the others says, which had no question in common with it.
func unseen(list []sample, question []string) []sample {
	out := slices.Clone(list)
	for fold := range uint64(10) {
		in := func(i int) bool {
			f := fnv.New64a()
			f.Write([]byte(question[i]))
			return f.Sum64()%10 == fold
		}
		var others []sample
		for i := range list {
			if !in(i) {
				others = append(others, list[i])
			}
		}
		b := fit(others)
		for i := range list {
			if in(i) {
				out[i].said = predict(b, list[i].features)
			}
		}
	}
	return out
}
