package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// refused reports whether an error is one of our sentences.
func refused(err error) bool {
	var e Error
	return errors.As(err, &e)
}

// S-09 and more: what could be understood in two ways is refused, and nothing of it repeated.
func TestOnlyOneMeaningIsRead(t *testing.T) {
	for what, bad := range map[string]string{
		"a field twice": `{"a":1,"a":1}`, "a field twice, once escaped": `{"a":1,"\u0061":2}`, "twice, deeper": `{"x":[{"a":1,"a":1}]}`, "deep": strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33),
		"deep lists": strings.Repeat("[", 100000), "two values": `{} {}`, "rubbish behind": `{}x`, "a comma behind": `{"a":1,}`, "NUL": "{\"a\":\"\x00\"}", "NUL, escaped": `{"a":"x\u0000y"}`, "NUL in a name": `{"a\u0000":1}`,
		"Latin-1": "{\"a\":\"\xe4\"}", "a surrogate in UTF-8": "{\"a\":\"\xed\xa0\x80\"}", "UTF-16": "\xff\xfe{\x00}\x00", "a mark of byte order": "\xef\xbb\xbf{}", "infinite": `{"a":1e400}`, "more digits than count": `{"a":9007199254740993}`,
		"hexadecimal": `{"a":0x10}`, "NaN": `{"a":NaN}`, "a leading zero": `{"a":01}`, "single quotes": `{'a':1}`, "a comment": `{/**/"a":1}`, "cut": `{"a":`, "only a brace": `{`, "a form": `a=1&b=2`,
	} {
		if v, err := Parse([]byte(bad)); !refused(err) {
			t.Errorf("%s: %v, %v", what, v, err)
		}
	}
	for in, want := range map[string]any{
		"": map[string]any{}, " \n": map[string]any{}, `{"a":[1,-2.5e3,null,true,"ä😀"]}`: map[string]any{"a": []any{1.0, -2500.0, nil, true, "ä😀"}}, "9007199254740991": 9007199254740991.0, `"x"`: "x", "[]": []any{},
	} {
		if got, err := Parse([]byte(in)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is %v, %v", in, got, err)
		}
	}
	for _, bad := range []string{"", "[]", `{"a":1,"a":2}`, `{"a":1}{`, `"a"`, `{"a":}`} {
		if f, err := Fields([]byte(bad)); !refused(err) {
			t.Errorf("%q has fields %v, %v", bad, f, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":{"b":[1,2.5,"x",null,true]}}`, `{"a":1,"a":2}`, `[[[[1e5]]]]`, `{"a":9007199254740993}`, `{"\u0061":"\ud800"}`, "{\"a\":\"\xff\"}", `{}{}`, `-0`, `1E400`, `"\u0000"`, strings.Repeat("[", 50), ` {"a" : [1, -2.5e3, true , false,null, "x"] , "b":{"c":"\u00e4\n\"\ud83d\ude00"}} `, `[ ]`, `{ }`, `[1,]`, `{,}`, `01`, `1.`, `+1`, `tru`, `NaN`, `"\ud800"`, `"\x"`, "\"a\tb\"", `{"":""}`, `[[],{},[{}]]`, "\ufeff{}", `{"a":1 "b":2}`, `"`, `\`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := Parse(body)
		if err != nil {
			if !refused(err) {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		if len(bytes.TrimSpace(body)) == 0 {
			return
		}
		var want any
		if !utf8.Valid(body) || !json.Valid(body) || json.Unmarshal(body, &want) != nil || !reflect.DeepEqual(v, want) {
			t.Fatalf("%q was read as %v, want %v", body, v, want)
		}
		again, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Parse(again); err != errLarge && (err != nil || !reflect.DeepEqual(back, v)) { // 1e20 is written with all its digits
			t.Fatalf("%q came back as %v, %v", again, back, err)
		}
		if m, ok := v.(map[string]any); ok {
			fields, err := Fields(body)
			if err != nil || len(fields) != len(m) {
				t.Fatalf("%q has fields %v, %v", body, fields, err)
			}
			for name, raw := range fields {
				if one, err := Parse(raw); err != nil || !reflect.DeepEqual(one, m[name]) {
					t.Fatalf("the field %q of %q is %v, %v", name, body, one, err)
				}
			}
		}
	})
}
