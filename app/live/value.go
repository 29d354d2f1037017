package live

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"

	"deskbell/store"
)

// value is the newest answer of an entry, kept so that the next one can be compared with it.
type value struct {
	*table                 // of a list
	rest   json.RawMessage // what is beside the rows; of a value that is no list, the value
}

// table is the rows of a list. It stands apart because most entries of idle sockets have none.
type table struct {
	keys []store.ID
	sums []uint64 // of the rows as they were before they were encoded; 0: not known
	rows []json.RawMessage
}

var empty = new(table) // of all lists without rows; never changed

func (v *value) list() bool { return v.table != nil }

// encoder writes JSON without HTML escapes.
type encoder struct {
	bytes.Buffer
	json *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.json = json.NewEncoder(&e.Buffer)
	e.json.SetEscapeHTML(false)
	return e
}}

// borrow gives an empty encoder; what is returned with give must not be used any more.
func borrow() *encoder {
	e := encoders.Get().(*encoder)
	e.Reset()
	return e
}

func (e *encoder) give() {
	if e.Cap() <= 1<<20 {
		encoders.Put(e)
	}
}

func encode(v any) (json.RawMessage, error) {
	e := borrow()
	defer e.give()
	if err := e.json.Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(e.Bytes(), []byte("\n"))), nil
}

// newValue encodes a view's result, the rows of a list one by one into a single block. Rows that are as before are
// taken from before; from says where each row stood then, -1 for a new one.
func newValue(v any, before *value) (val value, from []int, err error) {
	l, ok := v.(Lister)
	if !ok {
		val.rest, err = encode(v)
		return val, nil, err
	}
	if !before.list() {
		before = &value{table: empty}
	}
	n := len(before.keys)
	val.table = new(table)
	val.keys, val.sums, from = make([]store.ID, 0, n+1), make([]uint64, 0, n+1), make([]int, 0, n+1)
	block := borrow()
	defer block.give()
	var ends []int // of each row in the block; -1: taken from before
	hint := 0
	l.Each(func(key store.ID, row any) {
		if err != nil {
			return
		}
		i, sum, end := before.find(key, hint), digest(row), -1
		if hint = i + 1; i < 0 || sum == 0 || before.sums[i] != sum {
			err = block.json.Encode(row)
			end = block.Len()
		}
		val.keys, val.sums, from, ends = append(val.keys, key), append(val.sums, sum), append(from, i), append(ends, end)
	})
	if err != nil {
		return val, nil, err
	}
	all, start := bytes.Clone(block.Bytes()), 0
	val.rows = make([]json.RawMessage, len(ends))
	for i, end := range ends {
		if end < 0 {
			val.rows[i] = before.rows[from[i]]
			continue
		}
		val.rows[i], start = all[start:end-1:end-1], end // without the newline that the encoder adds
	}
	if len(val.keys) == 0 {
		val.table = empty
	}
	if rest := l.Rest(); rest != nil {
		val.rest, err = encode(rest)
	}
	return val, from, err
}

// find is where a key stands, or -1; it looks from hint on first.
func (v *table) find(key store.ID, hint int) int {
	for i := hint; i < len(v.keys); i++ {
		if v.keys[i] == key {
			return i
		}
	}
	return slices.Index(v.keys[:min(hint, len(v.keys))], key)
}

// bytes is the value as one JSON document. Rest's members stand beside "items".
func (v *value) bytes() json.RawMessage {
	if !v.list() {
		return v.rest
	}
	b := make([]byte, 0, v.size()+len(v.rows)+16)
	b = append(b, `{"items":`...)
	b = join(b, v.rows)
	if len(v.rest) > 2 { // more than {}
		return append(append(b, ','), v.rest[1:]...)
	}
	return append(b, '}')
}

func join(b []byte, rows []json.RawMessage) []byte {
	b = append(b, '[')
	for i, r := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, r...)
	}
	return append(b, ']')
}

func (v *value) size() int {
	n := len(v.rest)
	if !v.list() {
		return n
	}
	for _, r := range v.rows {
		n += len(r)
	}
	return n
}

// diff compares two values, of which now was made with from. Changed reports whether there is a difference at all; the
// patch is nil when the new value had better be sent whole.
func diff(old, now *value, from []int) (p []byte, changed bool) {
	if !now.list() || !old.list() {
		return nil, !bytes.Equal(old.bytes(), now.bytes())
	}
	var d patch
	left := make([]bool, len(old.keys))
	for i := range left {
		left[i] = true
	}
	last, added := -1, false
	for i, j := range from {
		if j < 0 {
			added = true
			d.upsert = append(d.upsert, now.rows[i])
			continue
		}
		left[j] = false
		if added || j < last {
			d.order = now.keys
		}
		last = j
		if !bytes.Equal(old.rows[j], now.rows[i]) {
			d.upsert = append(d.upsert, now.rows[i])
		}
	}
	for i, gone := range left {
		if gone {
			d.remove = append(d.remove, old.keys[i])
		}
	}
	if !bytes.Equal(old.rest, now.rest) {
		d.fields = now.rest
	}
	return d.bytes(now)
}

// takes reports whether rows that were read anew tell all there is to know: not so where one has left a full list, which
// knows neither the row that takes its place nor whether there are still older ones, and where rows come and go at once.
func (v *value) takes(read []fresh, k *Keyed) bool {
	gone, came := false, false
	for _, f := range read {
		i, shown := slices.BinarySearch(v.keys, f.key)
		if f.raw == nil && len(v.keys) >= k.Limit && (shown || i == 0) {
			return false
		}
		gone, came = gone || f.raw == nil && shown, came || f.raw != nil && !shown
	}
	return !gone || !came
}

// apply puts rows that were read anew into a list that takes them.
func (v *value) apply(read []fresh, k *Keyed) (p []byte, changed bool) {
	if v.table == empty {
		v.table = new(table)
	}
	var d patch
	var touched []store.ID
	older := false
	for _, f := range read {
		i, found := slices.BinarySearch(v.keys, f.key)
		switch {
		case f.raw == nil && found:
			v.keys, v.rows, v.sums = slices.Delete(v.keys, i, i+1), slices.Delete(v.rows, i, i+1), slices.Delete(v.sums, i, i+1)
			d.remove = append(d.remove, f.key)
		case f.raw == nil, found && bytes.Equal(v.rows[i], f.raw):
		case i == 0 && !found && len(v.keys) >= k.Limit: // before the window
			older = true
		case found:
			v.rows[i], v.sums[i] = f.raw, 0
			touched = append(touched, f.key)
		default:
			if i < len(v.keys) {
				d.ordered = true
			}
			v.keys, v.rows, v.sums = slices.Insert(v.keys, i, f.key), slices.Insert(v.rows, i, f.raw), slices.Insert(v.sums, i, 0)
			touched = append(touched, f.key)
		}
	}
	if over := len(v.keys) - k.Limit; over > 0 || older {
		d.remove = append(d.remove, v.keys[:over]...)
		v.keys, v.rows, v.sums = slices.Delete(v.keys, 0, over), slices.Delete(v.rows, 0, over), slices.Delete(v.sums, 0, over)
		if rest, err := encode(k.Cut(v.keys[0])); err == nil && !bytes.Equal(rest, v.rest) {
			v.rest, d.fields = rest, rest
		}
	}
	for _, key := range touched {
		if i, there := slices.BinarySearch(v.keys, key); there {
			d.upsert = append(d.upsert, v.rows[i])
		}
	}
	if d.ordered {
		d.order = v.keys
	}
	return d.bytes(v)
}

// patch is a difference: rows to take out, rows to put in, and where they stand; without an order, rows that are there
// keep their place and new ones follow in the order given. Fields replaces what is beside the rows, when that changed.
type patch struct {
	upsert  []json.RawMessage
	remove  []store.ID
	order   []store.ID
	ordered bool // rows came in between
	fields  json.RawMessage
}

// bytes is the patch that leads to a value as JSON; nil when the value had better be sent whole.
func (d *patch) bytes(now *value) (p []byte, changed bool) {
	if len(d.upsert) == 0 && len(d.remove) == 0 && d.order == nil && d.fields == nil {
		return nil, false
	}
	weight := 0
	for _, r := range d.upsert {
		weight += len(r)
	}
	if 2*weight > now.size() {
		return nil, true
	}
	b := make([]byte, 0, weight+len(d.fields)+16*(len(d.remove)+len(d.order))+len(d.upsert)+64)
	b = join(append(b, `{"upsert":`...), d.upsert)
	b = list(append(b, `,"remove":`...), d.remove)
	if d.order != nil {
		b = list(append(b, `,"order":`...), d.order)
	}
	if d.fields != nil {
		b = append(append(b, `,"fields":`...), d.fields...)
	}
	return append(b, '}'), true
}

func list(b []byte, ids []store.ID) []byte {
	b = append(b, '[')
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = id.AppendJSON(b)
	}
	return append(b, ']')
}
