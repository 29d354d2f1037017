package minilm

// dotsGo multiplies four rows of weights with two of activations: sums[4*t+r] = row r x token t.
func dotsGo(rows []int8, whole []int16, sums *[8]int32) {
	n := len(rows) / 4
	r0, r1, r2, r3 := rows[:n], rows[n:2*n], rows[2*n:3*n], rows[3*n:4*n]
	a0, a1 := whole[:n], whole[n:2*n]
	var s0, s1, s2, s3, s4, s5, s6, s7 int32
	for i := range r0 {
		a, b := int32(a0[i]), int32(a1[i])
		w0, w1, w2, w3 := int32(r0[i]), int32(r1[i]), int32(r2[i]), int32(r3[i])
		s0, s1, s2, s3 = s0+a*w0, s1+a*w1, s2+a*w2, s3+a*w3
		s4, s5, s6, s7 = s4+b*w0, s5+b*w1, s6+b*w2, s7+b*w3
	}
	*sums = [8]int32{s0, s1, s2, s3, s4, s5, s6, s7}
}

func mostGo(in []float32) float32 {
	most := float32(0)
	for _, v := range in {
		most = max(most, v, -v)
	}
	return most
}

func roundGo(in []float32, scale float32, out []int16) {
	for i, v := range in {
		out[i] = int16(int32(v*scale+full+1.5) - full - 1)
	}
}

// closenessGo multiplies a query with the keys that lie stride apart.
func closenessGo(query, keys []float32, stride int, out []float32) {
	for i := range out {
		sum, key := float32(0), keys[i*stride:][:len(query)]
		for j, q := range query {
			sum += q * key[j]
		}
		out[i] = sum
	}
}

// mixGo adds up the values that lie stride apart, each in its share.
func mixGo(odds, values []float32, stride int, out []float32) {
	clear(out)
	for i, share := range odds {
		value := values[i*stride:][:len(out)]
		for j := range out {
			out[j] += share * value[j]
		}
	}
}
