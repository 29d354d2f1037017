package door

import (
	"encoding/base64"
	"fmt"

	"deskbell/app/fault"
	"deskbell/store"
)

// Row is an item of a list, known by its key.
type Row interface{ Key() store.ID }

// Page is a list as the wire tells it: `{"items": […], "nextCursor": "…"|null}`. The live engine compares its rows one
// by one.
type Page[T Row] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"nextCursor"`
}

// NewPage makes a page whose list is never null. An empty cursor is the end.
func NewPage[T Row](items []T, next string) Page[T] {
	if items == nil {
		items = []T{}
	}
	p := Page[T]{Items: items}
	if next != "" {
		p.NextCursor = &next
	}
	return p
}

// Cut makes a page's rows of a list that was read with one more than limit, to see whether more follow: next is the cursor of
// what does, and empty at the end. place says where a row stands in the list's order.
func Cut[T any](list []T, limit int, place func(*T) (store.Time, store.ID)) (rows []T, next string) {
	if len(list) <= limit {
		return list, ""
	}
	return list[:limit], Cursor(place(&list[limit-1]))
}

// Each visits the rows.
func (p Page[T]) Each(row func(key store.ID, value any)) {
	for i := range p.Items {
		row(p.Items[i].Key(), &p.Items[i]) // a pointer: nothing is copied
	}
}

// Rest is the cursor.
func (p Page[T]) Rest() any {
	return struct {
		NextCursor *string `json:"nextCursor"`
	}{p.NextCursor}
}

// Cursor says where a list ordered by a time and an id goes on.
func Cursor(at store.Time, last store.ID) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d", at, last))
}

// ReadCursor reads what Cursor wrote; an empty one is the beginning.
func ReadCursor(s string) (at store.Time, last store.ID, err error) {
	if s == "" {
		return 0, 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%d.%d", &at, &last)
	}
	if err != nil || last <= 0 {
		return 0, 0, fault.New(fault.Invalid, "This cursor is not one of ours.").On("cursor")
	}
	return at, last, nil
}
