// Package minilm is the sentence model inside the binary: it turns a text of up to 256 word pieces into a point on the
// unit sphere of 384 dimensions, near the points of texts that mean the same.
//
// The model is all-MiniLM-L6-v2 of the Sentence Transformers project (Apache-2.0, see NOTICE): six layers of BERT
// (Devlin et al. 2018), distilled (Wang et al. 2020), whose token vectors are averaged. Its weights are kept as int8
// with a scale a row; convert.py made them. It reads English best.
package minilm

import (
	_ "embed"
	"encoding/binary"
	"math"
	"sync"
	"unsafe"
)

const (
	// Name says which model made a vector; vectors of different names cannot be compared.
	Name = "builtin/all-MiniLM-L6-v2/int8"
	// Dims is the length of a vector.
	Dims = width
	// Checksum is the SHA-256 of minilm.bin.
	Checksum = "879ab806a459c527988cd7d65b3bd0831966a040bea0155be818f0f22b258755"
)

const (
	width   = 384
	inner   = 1536
	layers  = 6
	heads   = 12
	each    = width / heads
	words   = 30522
	longest = 256 // word pieces of a text, with the two marks at its ends
)

// A string is never copied: the weights stay where the kernel mapped the binary, and cost memory only when used.
//
//go:embed minilm.bin
var weights string

type model struct {
	vocabulary map[string]int32
	words      table
	positions  table
	start      norm
	layers     [layers]layer
}

type layer struct {
	attend, output linear
	attended       norm
	widen, narrow  linear
	done           norm
}

// table is a matrix whose rows are looked up, not multiplied.
type table struct{ rows, scales string }

type linear struct {
	in     int
	rows   []int8 // out x in
	scales []float32
	bias   []float32
}

type norm struct{ gain, offset []float32 }

// load reads the weights when the first text comes: 4 ms and 2 MB.
var load = sync.OnceValue(func() *model {
	r := &reader{rest: weights}
	if r.take(8) != "MINILM1\n" {
		panic("minilm: these are not the weights")
	}
	m := &model{vocabulary: vocabulary(r.take(int(binary.LittleEndian.Uint32([]byte(r.take(4))))))}
	m.words = r.table(words)
	m.positions = r.table(longest)
	m.start = r.norm()
	for i := range m.layers {
		m.layers[i] = layer{
			attend: r.linear(3*width, width), output: r.linear(width, width), attended: r.norm(),
			widen: r.linear(inner, width), narrow: r.linear(width, inner), done: r.norm(),
		}
	}
	return m
})

type reader struct{ rest string }

func (r *reader) take(n int) string {
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) floats(n int) []float32 {
	raw := r.take(4 * n)
	out := make([]float32, n)
	for i := range out {
		out[i] = float(raw, i)
	}
	return out
}

func (r *reader) table(rows int) table {
	return table{rows: r.take(rows * width), scales: r.take(4 * rows)}
}

func (r *reader) linear(out, in int) linear {
	raw := r.take(out * in)
	return linear{in: in, rows: unsafe.Slice((*int8)(unsafe.Pointer(unsafe.StringData(raw))), len(raw)), scales: r.floats(out), bias: r.floats(out)}
}

func (r *reader) norm() norm { return norm{gain: r.floats(width), offset: r.floats(width)} }

func float(raw string, i int) float32 {
	b := raw[4*i : 4*i+4]
	return math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
}

// Embed is the vector of a text, of length 1. What is beyond 256 word pieces is not read. It runs on the caller's
// goroutine and holds nothing afterwards.
func Embed(text string) []float32 { return EmbedGently(text, func() {}) }

// EmbedGently is Embed for work that can wait: it calls between after each of the six layers.
func EmbedGently(text string, between func()) []float32 {
	m := load()
	return m.forward(m.tokens(text), between)
}
