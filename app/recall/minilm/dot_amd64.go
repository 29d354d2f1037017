package minilm

import "golang.org/x/sys/cpu"

var fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA

//go:noescape
func dotsAVX2(rows *int8, whole *int16, n int, sums *[8]int32)

//go:noescape
func roundAVX2(in *float32, n int, scale float32, out *int16)

//go:noescape
func mostAVX2(in *float32, n int) float32

//go:noescape
func closenessAVX2(query, keys *float32, stride, n int, out *float32)

//go:noescape
func mixAVX2(odds, values *float32, stride, n int, out *float32)

// Dots multiplies four rows of weights with two of activations: sums[4*t+r] = row r x token t. A row is a multiple of 16
// long, and activations are small enough for the sums to fit.
func Dots(rows []int8, whole []int16, sums *[8]int32) {
	if !fast {
		dotsGo(rows, whole, sums)
		return
	}
	dotsAVX2(&rows[0], &whole[0], len(rows)/4, sums)
}

// most is the largest of the numbers' sizes.
func most(in []float32) float32 {
	if !fast {
		return mostGo(in)
	}
	return mostAVX2(&in[0], len(in))
}

// round makes the nearest integer of each number times scale.
func round(in []float32, scale float32, out []int16) {
	if !fast {
		roundGo(in, scale, out)
		return
	}
	roundAVX2(&in[0], len(in), scale, &out[0])
}

func closeness(query, keys []float32, stride int, out []float32) {
	if !fast {
		closenessGo(query, keys, stride, out)
		return
	}
	closenessAVX2(&query[0], &keys[0], stride, len(out), &out[0])
}

func mix(odds, values []float32, stride int, out []float32) {
	if !fast {
		mixGo(odds, values, stride, out)
		return
	}
	mixAVX2(&odds[0], &values[0], stride, len(odds), &out[0])
}
