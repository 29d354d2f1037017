package live

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"deskbell/store"
)

type inner struct {
	Name string
	Seen *store.Time
}

type sample struct {
	ID    store.ID
	Text  string
	On    bool
	Score float64
	Raw   json.RawMessage
	Tags  []inner
	Face  *inner
	Any   any
	At    time.Duration
}

func TestADigestTellsEveryFieldApart(t *testing.T) {
	now := store.Time(5)
	whole := sample{1, "a", true, 0.5, json.RawMessage(`{}`), []inner{{"b", &now}}, &inner{Name: "c"}, "d", 3}
	other := store.Time(6)
	changes := map[string]func(*sample){
		"ID": func(s *sample) { s.ID = 2 }, "Text": func(s *sample) { s.Text = "" }, "On": func(s *sample) { s.On = false },
		"Score": func(s *sample) { s.Score = 0.25 }, "Raw": func(s *sample) { s.Raw = json.RawMessage(`[]`) }, "no Raw": func(s *sample) { s.Raw = nil },
		"a name": func(s *sample) { s.Tags = []inner{{"c", &now}} }, "a time": func(s *sample) { s.Tags = []inner{{"b", &other}} },
		"no time": func(s *sample) { s.Tags = []inner{{"b", nil}} }, "fewer": func(s *sample) { s.Tags = []inner{} }, "none": func(s *sample) { s.Tags = nil },
		"nobody": func(s *sample) { s.Face = nil }, "Any": func(s *sample) { s.Any = 4 }, "At": func(s *sample) { s.At = 4 },
	}
	seen := map[uint64]string{digest(&whole): "whole"}
	for name, change := range changes {
		s := whole
		change(&s)
		sum := digest(&s)
		if before, twice := seen[sum]; twice || sum == 0 {
			t.Errorf("%s looks like %s", name, before)
		}
		seen[sum] = name
	}
	again := whole
	again.Tags = append([]inner(nil), whole.Tags...)
	if digest(&again) != digest(&whole) {
		t.Error("equal rows look different")
	}
	if n := reflect.TypeFor[sample]().NumField(); n != 9 {
		t.Errorf("%d fields; add what changes the new one", n)
	}
	if digest(map[string]int{}) != 0 {
		t.Error("a map was summed up, though its order is not its own")
	}
}
