package door

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

var bodies = []string{
	`{}`, ` {"a" : [1, -2.5e3, true , false,null, "x"] , "b":{"c":"\u00e4\n\"\ud83d\ude00"}} `, `[]`, `[ ]`, `{ }`, `"x"`, `12`, `0`, `-0.0`, `1e2`, `true`, `null`,
	`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"a":{"b":1,"b":1}}`, `{"a":1}x`, `{"a":1}{}`, `{"a"`, `{"a":}`, `[1,]`, `{,}`, `01`, `1.`, `+1`, `.5`, `tru`, `nul`, `NaN`,
	"{\"a\":\"\xff\"}", `"\ud800"`, `"\x"`, "\"a\tb\"", `1e999`, `{"":""}`, strings.Repeat("[", 40) + strings.Repeat("]", 40), `[[],{},[{}]]`, "\ufeff{}", `{"a":1 "b":2}`, `"`, `\`,
}

// FuzzParse holds the parser against the library's: what is well-formed and has no field twice is read as there.
func FuzzParse(f *testing.F) {
	for _, b := range bodies {
		f.Add([]byte(b))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := parse(body)
		if len(strings.TrimSpace(string(body))) == 0 {
			return
		}
		var want any
		wrong := json.Unmarshal(body, &want)
		if err == nil && (wrong != nil || !reflect.DeepEqual(got, want)) {
			t.Errorf("%q: got %v, the library %v, %v", body, got, want, wrong)
		}
		if err != nil && wrong == nil && !strings.Contains(err.Error(), "twice") && !strings.Contains(err.Error(), "deeply") {
			t.Errorf("%q was refused: %v", body, err)
		}
	})
}

func TestFieldsGivenTwiceAndDepthAreRefused(t *testing.T) {
	for _, b := range []string{`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"a":{"b":1,"b":1}}`, `[{"a":1,"a":1}]`, strings.Repeat("[", 40) + strings.Repeat("]", 40), `1e999`} {
		if v, err := parse([]byte(b)); err == nil {
			t.Errorf("%s was read as %v", b, v)
		}
	}
}
