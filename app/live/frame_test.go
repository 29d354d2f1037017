package live

import (
	"encoding/json"
	"strings"
	"testing"

	"deskbell/app/strict"
)

func TestFramesAreReadStrictly(t *testing.T) {
	for what, bad := range map[string]string{
		"nothing": "", "null": "null", "a list": `[{"id":1}]`, "text": `"x"`, "a field twice": `{"id":1,"id":2}`, "another case": `{"ID":1,"view":"x"}`, "unknown": `{"id":1,"vieww":"x"}`, "a fraction": `{"id":1.5}`, "text for a number": `{"id":"1"}`,
		"a huge number": `{"id":1e30}`, "two values": `{"id":1}{}`, "a list as view": `{"id":1,"view":["x"]}`, "a negative fence": `{"fence":-1}`, "cut": `{"id":`, "deep": strings.Repeat(`{"args":`, 200000),
	} {
		if f, ok := parseFrame([]byte(bad)); ok {
			t.Errorf("%s was read as %+v", what, f)
		}
	}
	f, ok := parseFrame([]byte(` {"id":3,"view":"messages.list","args":{"a":[1]},"patch":true} `))
	if !ok || *f.ID != 3 || f.View != "messages.list" || string(f.Args) != `{"a":[1]}` || !f.Patch || f.Auth != nil {
		t.Errorf("got %+v", f)
	}
}

func FuzzFrame(f *testing.F) {
	for _, s := range []string{`{"auth":"wst_1"}`, `{"id":1,"view":"messages.list","args":{"conversationId":"0SAZPVHNMQ3QW"},"patch":true}`, `{"id":1}`, `{"fence":1700000000004711}`, `{"ping":1}`, `{"pong":-1}`, `{"ID":1}`, `{"id":1,"id":1}`, `{"args":null,"id":0,"view":""}`, "{\"auth\":\"\xff\"}", `{"auth":null}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := parseFrame(b)
		if !ok {
			return
		}
		fields, err := strict.Fields(b)
		if err != nil {
			t.Fatalf("%q was read, though it is not strict: %v", b, err)
		}
		if got.ID != nil && string(fields["id"]) != jsonText(t, got.ID) || got.Fence != nil && string(fields["fence"]) != jsonText(t, got.Fence) || string(got.Args) != string(fields["args"]) {
			t.Fatalf("%q was read as %+v", b, got)
		}
		var view string
		if raw := fields["view"]; raw != nil && json.Unmarshal(raw, &view) == nil && got.View != view {
			t.Fatalf("%q opens %q", b, got.View)
		}
	})
}

func jsonText(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
