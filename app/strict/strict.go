// Package strict reads JSON as it comes from strangers.
//
// What two readers could understand differently is refused (RFC 8259 leaves it open, RFC 7493 does not): text that is
// not UTF-8, NUL, fields given twice, numbers that would lose digits, anything behind the value, and nesting without end.
// Nothing of the input is ever repeated in an error.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	deepest = 32      // levels of nesting that are read
	exact   = 1 << 53 // below which every integer has a float64 of its own
)

// Error is a sentence for a person, of what is wrong with the input.
type Error string

// Error is the sentence.
func (e Error) Error() string { return string(e) }

const (
	errJSON  Error = "The request is not one well-formed JSON value."
	errUTF8  Error = "The request is not UTF-8."
	errTwice Error = "A field is given twice."
	errDeep  Error = "The request is nested too deeply."
	errNUL   Error = "Text must not hold the character NUL."
	errLarge Error = "A number is too large."
)

// Parse reads one JSON value: maps, lists, strings, float64, bool, nil. Nothing at all is an empty object.
func Parse(body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	var v any
	d, err := begin(body)
	if err == nil {
		v, err = element(d, 0)
	}
	return v, said(end(d, err))
}

// Fields reads an object into its fields, whose own values are read later: with Parse, or by type.
func Fields(body []byte) (map[string]json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	d, err := begin(body)
	if err == nil {
		err = names(d, func(name string) error {
			var raw json.RawMessage
			if _, twice := fields[name]; twice {
				return errTwice
			}
			err := d.Decode(&raw)
			fields[name] = raw
			return err
		})
	}
	return fields, said(end(d, err))
}

func begin(body []byte) (*json.Decoder, error) {
	if !utf8.Valid(body) {
		return nil, errUTF8
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return d, nil
}

func end(d *json.Decoder, err error) error {
	if err != nil {
		return err
	}
	if _, more := d.Token(); !errors.Is(more, io.EOF) {
		return errJSON
	}
	return nil
}

func said(err error) error {
	var e Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return errJSON // what the decoder says repeats the input
}

func element(d *json.Decoder, depth int) (any, error) {
	if depth > deepest {
		return nil, errDeep
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return list(d, depth)
		}
		m := map[string]any{}
		err := members(d, func(name string) (err error) {
			if _, twice := m[name]; twice {
				return errTwice
			}
			m[name], err = element(d, depth+1)
			return err
		})
		return m, err
	case json.Number:
		return number(string(t))
	case string:
		return t, text(t)
	}
	return t, nil
}

func list(d *json.Decoder, depth int) (any, error) {
	out := []any{}
	for d.More() {
		v, err := element(d, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := d.Token()
	return out, err
}

// names reads an object from its beginning.
func names(d *json.Decoder, each func(name string) error) error {
	t, err := d.Token()
	if err == nil && t != json.Delim('{') {
		err = errJSON
	}
	if err != nil {
		return err
	}
	return members(d, each)
}

func members(d *json.Decoder, each func(name string) error) error {
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return errJSON
		}
		if err := text(name); err != nil {
			return err
		}
		if err := each(name); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func text(s string) error {
	if strings.IndexByte(s, 0) >= 0 {
		return errNUL
	}
	return nil
}

// number refuses what a float64 could not tell exactly, where the digits say that it has to be exact.
func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(v) >= exact && !strings.ContainsAny(s, ".eE") {
		return 0, errLarge
	}
	return v, nil
}
