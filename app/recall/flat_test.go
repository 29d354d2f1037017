package recall

import (
	"math"
	"math/rand/v2"
	"testing"

	"deskbell/store"
)

func TestBothShelvesFindTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func() []float32 {
		v := make([]float32, 50)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		made, err := checked([][]float32{v}, 1, 50)
		if err != nil {
			t.Fatal(err)
		}
		return made[0]
	}
	a, err := newChromem()
	if err != nil {
		t.Fatal(err)
	}
	b := newFlat(50)
	for round := range 3 {
		for i := range 300 {
			v, id := random(), store.ID(round*1000+i+1)
			if err := a.add(id, v); err != nil {
				t.Fatal(err)
			}
			if err := b.add(id, v); err != nil {
				t.Fatal(err)
			}
			if i%3 == 0 {
				a.drop([]store.ID{id})
				b.drop([]store.ID{id, 999_999})
			}
		}
		if a.count() != b.count() {
			t.Fatalf("%d and %d", a.count(), b.count())
		}
		q := random()
		x, err := a.near(t.Context(), q, a.count())
		if err != nil {
			t.Fatal(err)
		}
		y, _ := b.near(t.Context(), q, 20)
		if len(y) != 20 {
			t.Fatalf("%d neighbours", len(y))
		}
		exact := map[store.ID]float64{}
		for _, n := range x {
			exact[n.id] = n.cosine
		}
		for i, n := range y {
			if math.Abs(exact[n.id]-n.cosine) > 0.01 || math.Abs(x[i].cosine-n.cosine) > 0.01 {
				t.Errorf("neighbour %d: %v, want %v with %v", i, n, x[i], exact[n.id])
			}
		}
	}
}
