package door

import (
	"cmp"
	"slices"
	"strings"
)

// Reference is all doors and the types they speak of, for people to read.
type Reference struct {
	Groups []Group
	Types  []Named
}

// Group is the doors of one noun.
type Group struct {
	Noun  string
	Doors []Described
}

// Described is a door in words: In and Out are in TypeScript's notation.
type Described struct {
	Name, Kind, Need, In, Out string
	Envelope                  bool // takes workspaceId besides
}

// Named is a type by name.
type Named struct{ Name, Type string }

// Reference describes all doors.
func (d *Doors) Reference() (r Reference) {
	names := map[string]bool{}
	for _, e := range d.Entries() {
		noun, _, _ := strings.Cut(e.Name, ".")
		if len(r.Groups) == 0 || r.Groups[len(r.Groups)-1].Noun != noun {
			r.Groups = append(r.Groups, Group{Noun: noun})
		}
		kind := "verb"
		if e.View {
			kind = "view"
		}
		d.walk(d.registry.Schema(e.Out, true, e.Name+"Output"), names)
		in := d.ts(d.resolved(e.schema), "")
		d.inner(e, names)
		g := &r.Groups[len(r.Groups)-1]
		g.Doors = append(g.Doors, Described{e.Name, kind, e.Need.String(), in, d.ts(d.registry.Schema(e.Out, true, e.Name+"Output"), ""), e.envelope})
	}
	all := d.registry.Map()
	for n := range names {
		r.Types = append(r.Types, Named{n, d.ts(all[n], "")})
	}
	slices.SortFunc(r.Types, func(a, b Named) int { return cmp.Compare(a.Name, b.Name) })
	return r
}

// inner gathers the types that a door's input holds; the input itself is shown in place.
func (d *Doors) inner(e *Entry, names map[string]bool) {
	for _, p := range d.resolved(e.schema).Properties {
		d.walk(p, names)
	}
}
