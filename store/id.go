package store

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"sync"
	"time"
)

// ID is the key of a row: 41 bits of milliseconds since 2020 and 22 bits of a counter, so that a larger ID
// was made later. It is 13 characters of Crockford base 32 in JSON. An ID is a name, never a credential.
type ID int64

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// epoch is 2020-01-01T00:00:00Z in milliseconds.
const epoch = 1577836800000

var crockfordValue = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i := range len(crockford) {
		c := crockford[i]
		table[c] = int8(i)
		if c >= 'A' {
			table[c+'a'-'A'] = int8(i)
		}
	}
	return table
}()

// ParseID reads the 13 characters that String wrote, in either case.
func ParseID(s string) (ID, error) {
	if len(s) != 13 {
		return 0, fmt.Errorf("an id has 13 characters")
	}
	var v uint64
	for i := range len(s) {
		d := crockfordValue[s[i]]
		if d < 0 || (i == 0 && d > 7) {
			return 0, fmt.Errorf("not an id")
		}
		v = v<<5 | uint64(d)
	}
	if v == 0 {
		return 0, fmt.Errorf("not an id")
	}
	return ID(v), nil
}

// String is the ID as 13 characters; no ID is the empty string.
func (id ID) String() string {
	if id == 0 {
		return ""
	}
	var b [13]byte
	v := uint64(id)
	for i := 12; i >= 0; i-- {
		b[i] = crockford[v&31]
		v >>= 5
	}
	return string(b[:])
}

// MarshalText writes the ID for JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads an ID strictly: an empty text is not one.
func (id *ID) UnmarshalText(text []byte) error {
	v, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = v
	return nil
}

// MarshalJSON writes a string, or null for no ID.
func (id ID) MarshalJSON() ([]byte, error) {
	if id == 0 {
		return []byte("null"), nil
	}
	return id.AppendJSON(make([]byte, 0, 15)), nil
}

// AppendJSON is MarshalJSON of an ID that is one, at the end of b.
func (id ID) AppendJSON(b []byte) []byte {
	b = append(b, '"')
	b = append(b, id.String()...)
	return append(b, '"')
}

// At is when the ID was made.
func (id ID) At() Time { return Time(int64(id)>>22 + epoch) }

// since is the smallest ID of those made at a time or later.
func since(t Time) ID { return ID(max(0, int64(t)-epoch) << 22) }

// minter makes IDs that never go backwards, even when the clock does.
type minter struct {
	mu   sync.Mutex
	last int64
}

// next draws an ID that is larger than every one before. A new millisecond begins at a random counter, in the
// lower half so that the counter has room.
func (m *minter) next(now time.Time) ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	var seed [4]byte
	rand.Read(seed[:])
	v := (now.UnixMilli()-epoch)<<22 | int64(binary.LittleEndian.Uint32(seed[:])&(1<<21-1))
	if v <= m.last {
		v = m.last + 1
	}
	m.last = v
	return ID(v)
}
