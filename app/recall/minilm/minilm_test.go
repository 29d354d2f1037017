package minilm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

type reference struct {
	Text   string
	Tokens []int32
	Vector []float32
}

func references(t testing.TB) (list []reference) {
	t.Helper()
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func cosine(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestTheWeightsAreThoseOfTheChecksum(t *testing.T) {
	sum := sha256.Sum256([]byte(weights))
	if got := hex.EncodeToString(sum[:]); got != Checksum {
		t.Errorf("got %s, want %s", got, Checksum)
	}
}

func TestTokensAreThoseOfTheOriginal(t *testing.T) {
	for _, r := range references(t) {
		if got := load().tokens(r.Text); !slices.Equal(got, r.Tokens) {
			t.Errorf("%.40q: got %v, want %v", r.Text, got, r.Tokens)
		}
	}
}

func TestVectorsAreThoseOfTheOriginal(t *testing.T) {
	least := 1.0
	for _, r := range references(t) {
		got := cosine(Embed(r.Text), r.Vector)
		least = min(least, got)
		if got < 0.99 {
			t.Errorf("%.40q: cosine %.4f, want at least 0.99", r.Text, got)
		}
	}
	t.Logf("least cosine %.5f", least)
}

func TestAllProcessorsCountAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rows, whole := make([]int8, 4*inner), make([]int16, 2*inner)
	for i := range rows {
		rows[i] = int8(r.IntN(255) - 127)
	}
	for i := range whole {
		whole[i] = int16(r.IntN(2*full+1) - full)
	}
	for i := range inner { // the largest sum there can be
		rows[i], whole[i] = -127, -full
	}
	var a, b [8]int32
	Dots(rows, whole, &a)
	dotsGo(rows, whole, &b)
	if a != b || a[0] != 127*full*inner {
		t.Errorf("got %v and %v", a, b)
	}
	row := make([]float32, 96)
	for i := range row {
		row[i] = (r.Float32() - 0.5) * 3
	}
	row[50] = -1.6
	if m := most(row); m != mostGo(row) || m != 1.6 {
		t.Errorf("the most of all is %v, want %v", m, mostGo(row))
	}
	g, h := make([]int16, len(row)), make([]int16, len(row))
	round(row, full/1.6, g)
	roundGo(row, full/1.6, h)
	for i := range g {
		if d := g[i] - h[i]; d > 1 || d < -1 {
			t.Errorf("%v becomes %d, want %d", row[i], g[i], h[i])
		}
	}
	query, keys := make([]float32, each), make([]float32, 7*96)
	for i := range keys {
		keys[i] = r.Float32() - 0.5
	}
	copy(query, keys[64:])
	c, d := make([]float32, 7), make([]float32, 7)
	closeness(query, keys, 96, c)
	closenessGo(query, keys, 96, d)
	for i := range c {
		if e := c[i] - d[i]; e > 1e-5 || e < -1e-5 {
			t.Errorf("closeness %d: got %v, want %v", i, c[i], d[i])
		}
	}
	e, f := make([]float32, each), make([]float32, each)
	mix(c, keys, 96, e)
	mixGo(c, keys, 96, f)
	for i := range e {
		if d := e[i] - f[i]; d > 1e-5 || d < -1e-5 {
			t.Errorf("mix %d: got %v, want %v", i, e[i], f[i])
		}
	}
}

func FuzzAnyTextHasAVector(f *testing.F) {
	for _, r := range references(f) {
		f.Add(r.Text)
	}
	f.Add("\xff\xfe\x00 \u0301\u0301" + strings.Repeat("é", 300))
	f.Fuzz(func(t *testing.T, text string) {
		ids := load().tokens(text)
		if len(ids) < 2 || len(ids) > longest || ids[0] != opening || ids[len(ids)-1] != ending {
			t.Fatalf("%q: %v", text, ids)
		}
		if len(ids) > 16 {
			ids = append(ids[:15], ending)
		}
		v := load().forward(ids, func() {})
		if c := cosine(v, v); c < 0.999 || c > 1.001 {
			t.Fatalf("%q: length %v", text, c)
		}
	})
}

func BenchmarkEmbed(b *testing.B) {
	text := strings.Repeat("the parcel has not arrived and the shop does not answer me ", 40)
	for name, n := range map[string]int{"question12": 12, "chunk128": 128, "chunk256": 256} {
		b.Run(name, func(b *testing.B) {
			ids := load().tokens(text)[:n]
			for b.Loop() {
				load().forward(ids, func() {})
			}
		})
	}
	b.Run("tokens256", func(b *testing.B) {
		for b.Loop() {
			load().tokens(text)
		}
	})
}
