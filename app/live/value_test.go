package live

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"deskbell/store"
)

// told is what a client has, which applies patches as the wire describes.
type told struct {
	Items []item `json:"items"`
	Next  *store.ID
}

type item struct {
	ID   store.ID `json:"id"`
	Text string   `json:"text"`
}

func (c *told) patch(t *testing.T, raw []byte) {
	var p struct {
		Upsert []item
		Remove []store.ID
		Order  []store.ID
		Fields *struct{ Next *store.ID }
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	c.Items = slices.DeleteFunc(c.Items, func(i item) bool { return slices.Contains(p.Remove, i.ID) })
	for _, u := range p.Upsert {
		if i := slices.IndexFunc(c.Items, func(i item) bool { return i.ID == u.ID }); i >= 0 {
			c.Items[i] = u
		} else {
			c.Items = append(c.Items, u)
		}
	}
	if p.Order != nil {
		var list []item
		for _, id := range p.Order {
			list = append(list, c.Items[slices.IndexFunc(c.Items, func(i item) bool { return i.ID == id })])
		}
		c.Items = list
	}
	if p.Fields != nil {
		c.Next = p.Fields.Next
	}
}

// page is the newest rows of a table, as a view would read them.
type page struct {
	rows []item
	next *store.ID
}

func (p page) Each(row func(store.ID, any)) {
	for i := range p.rows {
		row(p.rows[i].ID, &p.rows[i])
	}
}

func (p page) Rest() any { return map[string]*store.ID{"next": p.next} }

func newest(table map[store.ID]string, limit int) page {
	var p page
	for id, text := range table {
		p.rows = append(p.rows, item{id, text})
	}
	slices.SortFunc(p.rows, func(a, b item) int { return int(a.ID - b.ID) })
	if over := len(p.rows) - limit; over > 0 {
		p.rows = p.rows[over:]
		p.next = &p.rows[0].ID
	}
	return p
}

// However rows come, change and go, one by one or by running the view again, a client that applies the patches has
// what the view would say.
func TestPatchesLeadToTheValue(t *testing.T) {
	patches := 0
	for range 200 {
		table := map[store.ID]string{}
		k := &Keyed{Limit: 1 + rand.IntN(12), Cut: func(first store.ID) any { return map[string]store.ID{"next": first} }}
		now, _, err := newValue(newest(table, k.Limit), &value{})
		if err != nil {
			t.Fatal(err)
		}
		client := told{}
		for step := range 60 {
			var read []fresh
			again := rand.IntN(3) == 0
			for range 1 + rand.IntN(3) {
				id := store.ID(1 + rand.IntN(25))
				if _, there := table[id]; there && rand.IntN(3) == 0 {
					delete(table, id)
					read = append(read, fresh{key: id})
					continue
				}
				table[id] = fmt.Sprint("text ", rand.IntN(3))
				raw, _ := encode(item{id, table[id]})
				read = append(read, fresh{id, raw})
			}
			for i := range read { // each is read as it is in the end
				read[i].raw = nil
				if text, there := table[read[i].key]; there {
					read[i].raw, _ = encode(item{read[i].key, text})
				}
			}
			var p []byte
			var changed bool
			again = again || !now.takes(read, k)
			want := newest(table, k.Limit)
			if again {
				next, from, err := newValue(want, &now)
				if err != nil {
					t.Fatal(err)
				}
				p, changed = diff(&now, &next, from)
				now = next
			} else {
				p, changed = now.apply(read, k)
			}
			switch {
			case p != nil:
				patches++
				client.patch(t, p)
			case changed:
				client = told{}
				if err := json.Unmarshal(now.bytes(), &client); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(client.Items, want.rows) || (client.Next == nil) != (want.next == nil) || client.Next != nil && *client.Next != *want.next {
				t.Fatalf("step %d (again %v, patch %s): got %+v, want %+v", step, again, p, client, want)
			}
		}
	}
	if patches < 1000 {
		t.Errorf("only %d patches were tried", patches)
	}
}
