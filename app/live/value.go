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
	list bool
	keys []store.ID
	rows []json.RawMessage
	rest json.RawMessage // what is beside the rows; of a value that is no list, the value
}

func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// newValue encodes a view's result, the rows of a list one by one into a single block.
func newValue(v any) (val value, err error) {
	l, ok := v.(Lister)
	if !ok {
		val.rest, err = encode(v)
		return val, err
	}
	val.list = true
	block := blocks.Get().(*bytes.Buffer)
	defer blocks.Put(block)
	block.Reset()
	enc := json.NewEncoder(block)
	enc.SetEscapeHTML(false)
	var ends []int
	l.Each(func(key store.ID, row any) {
		if err == nil {
			err = enc.Encode(row)
			val.keys, ends = append(val.keys, key), append(ends, block.Len())
		}
	})
	if err != nil {
		return val, err
	}
	all, start := bytes.Clone(block.Bytes()), 0
	val.rows = make([]json.RawMessage, len(ends))
	for i, end := range ends {
		val.rows[i], start = all[start:end-1:end-1], end // without the newline that the encoder adds
	}
	if rest := l.Rest(); rest != nil {
		val.rest, err = encode(rest)
	}
	return val, err
}

var blocks = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// bytes is the value as one JSON document. Rest's members stand beside "items".
func (v *value) bytes() json.RawMessage {
	if !v.list {
		return v.rest
	}
	b := make([]byte, 0, v.size()+len(v.rows)+16)
	b = append(b, `{"items":[`...)
	for i, r := range v.rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, r...)
	}
	b = append(b, ']')
	if len(v.rest) > 2 { // more than {}
		return append(append(b, ','), v.rest[1:]...)
	}
	return append(b, '}')
}

func (v *value) size() int {
	n := len(v.rest)
	for _, r := range v.rows {
		n += len(r)
	}
	return n
}

// diff compares two values. Changed reports whether there is a difference at all; the patch is nil when the new
// value had better be sent whole.
func diff(old, now *value) (p json.RawMessage, changed bool) {
	if !now.list || !old.list {
		return nil, !bytes.Equal(old.bytes(), now.bytes())
	}
	d := patch{Upsert: []json.RawMessage{}, Remove: []store.ID{}}
	at := make(map[store.ID]int, len(old.keys))
	for i, k := range old.keys {
		at[k] = i
	}
	weight := 0
	var fresh []store.ID
	for i, k := range now.keys {
		j, ok := at[k]
		delete(at, k)
		if !ok {
			fresh = append(fresh, k)
		}
		if !ok || !bytes.Equal(old.rows[j], now.rows[i]) {
			d.Upsert = append(d.Upsert, now.rows[i])
			weight += len(now.rows[i])
		}
	}
	for _, k := range old.keys {
		if _, left := at[k]; left {
			d.Remove = append(d.Remove, k)
		}
	}
	if !slices.Equal(d.natural(old.keys, fresh), now.keys) {
		d.Order = now.keys
	}
	if !bytes.Equal(old.rest, now.rest) {
		d.Fields = now.rest
	}
	if len(d.Upsert) == 0 && len(d.Remove) == 0 && d.Order == nil && d.Fields == nil {
		return nil, false
	}
	if 2*weight > now.size() {
		return nil, true
	}
	p, err := json.Marshal(d)
	if err != nil {
		return nil, true
	}
	return p, true
}

// natural is the order of rows that a patch without one leads to.
func (d *patch) natural(old, fresh []store.ID) []store.ID {
	keys := make([]store.ID, 0, len(old)+len(fresh))
	for _, k := range old {
		if !slices.Contains(d.Remove, k) {
			keys = append(keys, k)
		}
	}
	return append(keys, fresh...)
}

// with is the list with some rows read anew. It is not possible (false) where a row left a full list: the one that
// takes its place is not known.
func (v *value) with(rows map[store.ID]json.RawMessage, limit int, cut func(store.ID) any) (value, bool) {
	now := value{list: true, rest: v.rest, keys: slices.Clone(v.keys), rows: slices.Clone(v.rows)}
	for key, raw := range rows {
		i, found := slices.BinarySearch(now.keys, key)
		switch {
		case raw == nil && found:
			if len(v.keys) >= limit {
				return value{}, false
			}
			now.keys, now.rows = slices.Delete(now.keys, i, i+1), slices.Delete(now.rows, i, i+1)
		case raw == nil:
		case found:
			now.rows[i] = raw
		case i == 0 && len(v.keys) >= limit: // older than the window
		default:
			now.keys, now.rows = slices.Insert(now.keys, i, key), slices.Insert(now.rows, i, raw)
		}
	}
	if over := len(now.keys) - limit; over > 0 {
		now.keys, now.rows = slices.Delete(now.keys, 0, over), slices.Delete(now.rows, 0, over)
		rest, err := encode(cut(now.keys[0]))
		if err != nil {
			return value{}, false
		}
		now.rest = rest
	}
	return now, true
}
