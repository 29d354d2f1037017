package minilm

import "math"

// Activations are multiplied as integers of 14 bits: with weights of 8 bits, 1536 products add up within an int32.
const full = 8191

// scratch is what one text needs while it runs; n is its number of tokens, made even.
type scratch struct {
	n     int
	x     []float32 // n x width: the tokens' vectors
	y     []float32 // n x width
	wide  []float32 // n x inner: queries, keys and values, then the inner layer
	whole []int16   // n x inner: what is multiplied
	scale []float32 // n
	odds  []float32 // n: one row of attention
	sums  [8]int32
}

func newScratch(tokens int) *scratch {
	n := (tokens + 1) &^ 1
	return &scratch{n: n, x: make([]float32, n*width), y: make([]float32, n*width), wide: make([]float32, n*inner),
		whole: make([]int16, n*inner), scale: make([]float32, n), odds: make([]float32, n)}
}

func (m *model) forward(ids []int32, between func()) []float32 {
	s := newScratch(len(ids))
	m.look(s, ids)
	for i := range m.layers {
		l := &m.layers[i]
		l.attend.multiply(s, s.x, s.wide)
		s.attention(len(ids))
		l.output.multiply(s, s.y, s.wide)
		l.attended.add(s.x, s.wide)
		l.widen.multiply(s, s.x, s.wide)
		gelu(s.wide)
		l.narrow.multiply(s, s.wide, s.y)
		l.done.add(s.x, s.y)
		between()
	}
	return mean(s.x[:len(ids)*width])
}

// look finds the vectors of the words and adds those of their positions.
func (m *model) look(s *scratch, ids []int32) {
	for i, id := range ids {
		x := s.y[i*width : (i+1)*width]
		word, position := m.words.rows[int(id)*width:], m.positions.rows[i*width:]
		a, b := float(m.words.scales, int(id)), float(m.positions.scales, i)
		for j := range x {
			x[j] = float32(int8(word[j]))*a + float32(int8(position[j]))*b
		}
	}
	m.start.add(s.x, s.y)
}

// multiply is out = in x rows, plus bias. Two tokens and four rows are done at a time.
func (l *linear) multiply(s *scratch, in, out []float32) {
	s.round(in, l.in)
	width := len(l.bias)
	for r := 0; r < width; r += 4 {
		rows := l.rows[r*l.in : (r+4)*l.in]
		b0, b1, b2, b3 := l.bias[r], l.bias[r+1], l.bias[r+2], l.bias[r+3]
		w0, w1, w2, w3 := l.scales[r], l.scales[r+1], l.scales[r+2], l.scales[r+3]
		for t := 0; t < s.n; t += 2 {
			Dots(rows, s.whole[t*l.in:(t+2)*l.in], &s.sums)
			o, a := out[t*width+r:t*width+r+4], s.scale[t]
			o[0], o[1], o[2], o[3] = float32(s.sums[0])*a*w0+b0, float32(s.sums[1])*a*w1+b1, float32(s.sums[2])*a*w2+b2, float32(s.sums[3])*a*w3+b3
			o, a = out[(t+1)*width+r:(t+1)*width+r+4], s.scale[t+1]
			o[0], o[1], o[2], o[3] = float32(s.sums[4])*a*w0+b0, float32(s.sums[5])*a*w1+b1, float32(s.sums[6])*a*w2+b2, float32(s.sums[7])*a*w3+b3
		}
	}
}

// round makes integers of each token's vector, with a scale a token.
func (s *scratch) round(in []float32, width int) {
	for t := range s.n {
		row, whole := in[t*width:(t+1)*width], s.whole[t*width:(t+1)*width]
		m := most(row)
		if m == 0 {
			clear(whole)
			continue
		}
		s.scale[t] = m / full
		round(row, full/m, whole)
	}
}

// attention lets each token look at all: y = softmax(queries x keys) x values, head by head.
func (s *scratch) attention(tokens int) {
	scale := float32(1 / math.Sqrt(each))
	odds := s.odds[:tokens]
	for t := range tokens {
		for h := range heads {
			query := s.wide[t*3*width+h*each:][:each]
			keys, values := s.wide[width+h*each:], s.wide[2*width+h*each:]
			closeness(query, keys, 3*width, odds)
			softmax(odds, scale)
			mix(odds, values, 3*width, s.y[t*width+h*each:][:each])
		}
	}
}

func softmax(v []float32, scale float32) {
	most := v[0]
	for _, f := range v {
		most = max(most, f)
	}
	sum := float32(0)
	for i, f := range v {
		v[i] = exp((f - most) * scale)
		sum += v[i]
	}
	for i := range v {
		v[i] /= sum
	}
}

// exp is e to the x for x not above 0, to 1e-7 of it: 2 to the whole part, by the bits of a float, times a polynomial.
func exp(x float32) float32 {
	x *= math.Log2E
	if x < -120 {
		return 0
	}
	whole := float32(int32(x - 0.5))
	f := (x - whole) * math.Ln2
	p := 1 + f*(1+f*(0.5+f*(1./6+f*(1./24+f*(1./120+f*(1./720))))))
	return p * math.Float32frombits(uint32(int32(whole)+127)<<23)
}

// add is x = normalised(x + y): mean 0 and variance 1, then gain and offset (Ba et al. 2016).
func (n *norm) add(x, y []float32) {
	for ; len(x) >= width; x, y = x[width:], y[width:] {
		x, y := x[:width], y[:width]
		sum := float32(0)
		for i := range x {
			x[i] += y[i]
			sum += x[i]
		}
		mean, squares := sum/width, float32(0)
		for _, v := range x {
			squares += (v - mean) * (v - mean)
		}
		by := float32(1 / math.Sqrt(float64(squares/width)+1e-12))
		for i, v := range x {
			x[i] = (v-mean)*by*n.gain[i] + n.offset[i]
		}
	}
}

// gelu is x times the share of a normal distribution below x (Hendrycks, Gimpel 2016), from a table, to 2e-6.
func gelu(x []float32) {
	for i, v := range x {
		switch {
		case v >= reach:
		case v <= -reach:
			x[i] = 0
		default:
			at := (v + reach) * steps
			k := int(at)
			x[i] = bent[k] + (bent[k+1]-bent[k])*(at-float32(k))
		}
	}
}

const (
	reach = 6
	steps = 256
)

var bent = func() (t [2*reach*steps + 2]float32) {
	for i := range t {
		v := float64(i)/steps - reach
		t[i] = float32(v / 2 * (1 + math.Erf(v/math.Sqrt2)))
	}
	return t
}()

func mean(x []float32) []float32 {
	out := make([]float32, width)
	for ; len(x) > 0; x = x[width:] {
		for i := range out {
			out[i] += x[i]
		}
	}
	sum := float64(0)
	for _, v := range out {
		sum += float64(v) * float64(v)
	}
	by := float32(1 / math.Sqrt(sum))
	for i := range out {
		out[i] *= by
	}
	return out
}
