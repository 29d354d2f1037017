package door

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"deskbell/app/fault"
)

const deepest = 32 // levels of nesting that are read

var errJSON = errors.New("broken")

// parse reads one JSON value strictly: UTF-8, no duplicate keys, no trailing data, bounded depth.
func parse(body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	v, err := element(d, 0)
	if err == nil {
		if _, end := d.Token(); !errors.Is(end, io.EOF) {
			err = errJSON
		}
	}
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return nil, f
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "The request is not one well-formed JSON value.")
	}
	return v, nil
}

func element(d *json.Decoder, depth int) (any, error) {
	if depth > deepest {
		return nil, fault.New(fault.Invalid, "The request is nested too deeply.")
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		return object(d, depth)
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := element(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	return t, nil
}

func object(d *json.Decoder, depth int) (any, error) {
	m := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, ok := t.(string)
		if !ok {
			return nil, errJSON
		}
		if _, twice := m[key]; twice {
			return nil, fault.New(fault.Invalid, "A field is given twice.")
		}
		if m[key], err = element(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return m, err
}
