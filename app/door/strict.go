package door

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"

	"deskbell/app/fault"
)

const deepest = 32 // levels of nesting that are read

var errJSON = errors.New("broken")

// parse reads one JSON value strictly: UTF-8, no duplicate keys, no trailing data, bounded depth.
func parse(body []byte) (any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	var v any
	err := errJSON
	if json.Valid(body) { // from here on only what JSON allows twice can be wrong
		p := parser{rest: body}
		v, err = p.element(0)
	}
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return nil, f
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "The request is not one well-formed JSON value.")
	}
	return v, nil
}

// parser walks over well-formed JSON.
type parser struct{ rest []byte }

// next skips space, and shows the byte that comes.
func (p *parser) next() byte {
	for i, c := range p.rest {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			p.rest = p.rest[i:]
			return c
		}
	}
	return 0
}

// enter reports whether the list or object that begins here holds anything.
func (p *parser) enter(end byte) bool {
	p.rest = p.rest[1:]
	return p.next() != end
}

// more takes the comma after an item, or the end.
func (p *parser) more() bool {
	comma := p.next() == ','
	p.rest = p.rest[1:]
	return comma
}

func (p *parser) element(depth int) (any, error) {
	if depth > deepest {
		return nil, fault.New(fault.Invalid, "The request is nested too deeply.")
	}
	switch p.next() {
	case '{':
		return p.object(depth)
	case '[':
		return p.list(depth)
	case '"':
		return p.text()
	case 't':
		p.rest = p.rest[len("true"):]
		return true, nil
	case 'f':
		p.rest = p.rest[len("false"):]
		return false, nil
	case 'n':
		p.rest = p.rest[len("null"):]
		return nil, nil
	}
	end := bytes.IndexAny(p.rest, ",]} \n\r\t")
	if end < 0 {
		end = len(p.rest)
	}
	f, err := strconv.ParseFloat(string(p.rest[:end]), 64)
	p.rest = p.rest[end:]
	return f, err
}

func (p *parser) list(depth int) (any, error) {
	list := []any{}
	if !p.enter(']') {
		p.rest = p.rest[1:]
		return list, nil
	}
	for {
		v, err := p.element(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if !p.more() {
			return list, nil
		}
	}
}

func (p *parser) object(depth int) (any, error) {
	m := map[string]any{}
	if !p.enter('}') {
		p.rest = p.rest[1:]
		return m, nil
	}
	for {
		p.next()
		key, err := p.text()
		if err != nil {
			return nil, err
		}
		if _, twice := m[key]; twice {
			return nil, fault.New(fault.Invalid, "A field is given twice.")
		}
		p.next()
		p.rest = p.rest[1:] // the colon
		if m[key], err = p.element(depth + 1); err != nil {
			return nil, err
		}
		if !p.more() {
			return m, nil
		}
	}
}

// text reads a string. Bytes that are no UTF-8 become U+FFFD, as in encoding/json.
func (p *parser) text() (string, error) {
	plain := true
	for i := 1; ; i++ {
		switch c := p.rest[i]; {
		case c == '\\':
			plain = false
			i++
		case c == '"':
			raw := p.rest[:i+1]
			p.rest = p.rest[i+1:]
			if plain && utf8.Valid(raw) {
				return string(raw[1:i]), nil
			}
			var s string
			err := json.Unmarshal(raw, &s)
			return s, err
		}
	}
}
