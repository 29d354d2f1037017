// Package strict reads JSON as it comes from strangers.
//
// What two readers could understand differently is refused (RFC 8259 leaves it open, RFC 7493 does not): text that is
// not UTF-8, NUL, fields given twice, numbers that would lose digits, anything behind the value, and nesting without end.
// Nothing of the input is ever repeated in an error. It is one pass over bytes that encoding/json has found well-formed:
// the library's own decoder takes several times as long.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
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
	if err := wellFormed(body); err != nil {
		return nil, err
	}
	v, err := (&parser{rest: body}).element(0)
	return v, said(err)
}

// Fields reads an object into its fields, whose own values are read later: with Parse, or by type.
func Fields(body []byte) (map[string]json.RawMessage, error) {
	if err := wellFormed(body); err != nil {
		return nil, err
	}
	p := &parser{rest: body}
	if p.next() != '{' {
		return nil, errJSON
	}
	fields := map[string]json.RawMessage{}
	err := p.members(func(name string) error {
		if _, twice := fields[name]; twice {
			return errTwice
		}
		fields[name] = p.skip()
		return nil
	})
	return fields, said(err)
}

func wellFormed(body []byte) error {
	switch {
	case !utf8.Valid(body):
		return errUTF8
	case !json.Valid(body):
		return errJSON
	}
	return nil
}

func said(err error) error {
	var e Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return errJSON // what the library says repeats the input
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
	if p.next() != end {
		return true
	}
	p.rest = p.rest[1:]
	return false
}

// more takes the comma after an item, or the end.
func (p *parser) more() bool {
	comma := p.next() == ','
	p.rest = p.rest[1:]
	return comma
}

func (p *parser) element(depth int) (any, error) {
	if depth > deepest {
		return nil, errDeep
	}
	switch p.next() {
	case '{':
		m := map[string]any{}
		return m, p.members(func(name string) (err error) {
			if _, twice := m[name]; twice {
				return errTwice
			}
			m[name], err = p.element(depth + 1)
			return err
		})
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
	return number(string(p.plain()))
}

func (p *parser) list(depth int) (any, error) {
	list := []any{}
	if !p.enter(']') {
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

// members hands each name of the object that begins here to fn, which takes the value.
func (p *parser) members(fn func(name string) error) error {
	if !p.enter('}') {
		return nil
	}
	for {
		p.next()
		name, err := p.text()
		if err != nil {
			return err
		}
		p.next()
		p.rest = p.rest[1:] // the colon
		if err := fn(name); err != nil {
			return err
		}
		if !p.more() {
			return nil
		}
	}
}

// skip passes over a value and gives its bytes.
func (p *parser) skip() []byte {
	c := p.next()
	whole := p.rest
	switch c {
	case '"':
		p.quoted()
	case '{', '[':
		for depth := 0; ; {
			switch p.rest[0] {
			case '"':
				p.quoted()
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			p.rest = p.rest[1:]
			if depth == 0 {
				return whole[:len(whole)-len(p.rest)]
			}
		}
	default:
		p.plain()
	}
	return whole[:len(whole)-len(p.rest)]
}

// plain takes a number or a word.
func (p *parser) plain() []byte {
	end := bytes.IndexAny(p.rest, ",]} \n\r\t")
	if end < 0 {
		end = len(p.rest)
	}
	out := p.rest[:end]
	p.rest = p.rest[end:]
	return out
}

// quoted takes a string with its quotes, and says whether it stands there as it is.
func (p *parser) quoted() (raw []byte, plain bool) {
	plain = true
	for i := 1; ; i++ {
		switch p.rest[i] {
		case '\\':
			plain = false
			i++
		case '"':
			raw = p.rest[:i+1]
			p.rest = p.rest[i+1:]
			return raw, plain
		}
	}
}

func (p *parser) text() (string, error) {
	raw, plain := p.quoted()
	if plain {
		return string(raw[1 : len(raw)-1]), nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	if err == nil && strings.IndexByte(s, 0) >= 0 {
		err = errNUL
	}
	return s, err
}

// number refuses what a float64 could not tell exactly, where the digits say that it has to be exact.
func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(v) >= exact && !strings.ContainsAny(s, ".eE") {
		return 0, errLarge
	}
	return v, nil
}
