//go:build !amd64

package minilm

// Dots multiplies four rows of weights with two of activations: sums[4*t+r] = row r x token t. A row is a multiple of 16
// long, and activations are small enough for the sums to fit.
func Dots(rows []int8, whole []int16, sums *[8]int32) { dotsGo(rows, whole, sums) }

func most(in []float32) float32 { return mostGo(in) }

func round(in []float32, scale float32, out []int16) { roundGo(in, scale, out) }

func closeness(query, keys []float32, stride int, out []float32) {
	closenessGo(query, keys, stride, out)
}

func mix(odds, values []float32, stride int, out []float32) { mixGo(odds, values, stride, out) }
