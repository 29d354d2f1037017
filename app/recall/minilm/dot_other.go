//go:build !amd64

package minilm

func dots(rows []int8, whole []int16, sums *[8]int32) { dotsGo(rows, whole, sums) }

func closeness(query, keys []float32, stride int, out []float32) {
	closenessGo(query, keys, stride, out)
}

func mix(odds, values []float32, stride int, out []float32) { mixGo(odds, values, stride, out) }
