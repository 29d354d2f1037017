package helpcenter

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// shelfFile is what an export says of collections, which no article's file can: a JSON list, in the order that they stand. An
// import makes those that are not there, also where no article stands in them; those that are there stay as they are. Each
// stands before those within it.
const shelfFile = "_collections.json"

// written is a collection in that file.
type written struct {
	Path        []string               `json:"path"` // names from the top, its own last
	Description string                 `json:"description,omitempty"`
	Icon        string                 `json:"icon,omitempty"`
	Languages   map[string]writtenText `json:"languages,omitempty"`
}

type writtenText struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// tell writes the file of collections.
func (e *exporting) tell(list []store.Collection) error {
	texts, err := e.tx.Collections.Texts()
	if err != nil {
		return err
	}
	out := []written{}
	var walk func(parent store.ID, path []string)
	walk = func(parent store.ID, path []string) {
		for _, c := range list {
			if c.Parent != parent || len(path) == deepest {
				continue
			}
			w := written{Path: append(slices.Clone(path), c.Name), Description: c.Description, Icon: c.Icon, Languages: map[string]writtenText{}}
			for _, t := range texts[c.ID] {
				w.Languages[t.Language] = writtenText{t.Name, t.Description}
			}
			out = append(out, w)
			walk(c.ID, w.Path)
		}
	}
	walk(0, nil)
	raw, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	f, err := e.zip.Create(shelfFile)
	if err == nil {
		_, err = f.Write(append(raw, '\n'))
	}
	return err
}

// path is the names of a collection and of those it stands in, from the top.
func (e *exporting) path(id store.ID) (names []string) {
	for n := 0; id != 0 && n < 10; n++ {
		names = append([]string{e.shelves[id].Name}, names...)
		id = e.shelves[id].Parent
	}
	return names
}

// joined are the names of collections, from the top, as the head of a file says them.
func joined(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ReplaceAll(n, " / ", ` \/ `)
	}
	return strings.Join(out, " / ")
}

// readShelves reads the file of collections; none is none.
func readShelves(raw string) (list []written, err error) {
	if raw == "" {
		return nil, nil
	}
	bad := fault.New(fault.Invalid, "%s cannot be read: it is a list of collections with path, description, icon and languages.", shelfFile).On("file")
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return nil, bad.Because(err)
	}
	if len(list) > 2000 {
		return nil, bad
	}
	for _, w := range list {
		if len(w.Path) == 0 || len(w.Path) > deepest {
			return nil, bad
		}
		for _, name := range w.Path {
			if named(&store.CollectionText{}, name, "") != nil {
				return nil, bad
			}
		}
		if _, err := short("description", w.Description, 500); err != nil || !iconForm.MatchString(w.Icon) || len(w.Languages) > 40 {
			return nil, bad
		}
		for l, t := range w.Languages {
			c := store.CollectionText{Language: l}
			if !languageForm.MatchString(l) || named(&c, t.Name, t.Description) != nil {
				return nil, bad
			}
		}
	}
	return list, nil
}

// described is what the file says of a collection that is to be made, and its place among those that stand beside it.
func (s *syncing) described(names []string) (w written, place int64) {
	for _, other := range s.told {
		if len(other.Path) != len(names) || !slices.Equal(other.Path[:len(names)-1], names[:len(names)-1]) {
			continue
		}
		place++
		if other.Path[len(names)-1] == names[len(names)-1] {
			return other, place
		}
	}
	return w, 0
}

// makeShelf makes a collection of a path of names, as the file of collections says.
func (s *syncing) makeShelf(names []string, parent store.ID) (*store.Collection, error) {
	w, place := s.described(names)
	c := &store.Collection{Name: clip(names[len(names)-1], 100), Parent: parent, Icon: w.Icon, ImportPath: s.run.ID.String()}
	var err error
	if c.Description, err = short("description", w.Description, 500); err != nil {
		return nil, err
	}
	if err := s.h.addCollection(s.tx, c); err != nil {
		return nil, err
	}
	if place > 0 { // among those that this run made; what was there comes first
		var last int64
		for _, o := range s.shelves {
			if o.Parent == parent && o.ID < s.run.ID {
				last = max(last, o.Position)
			}
		}
		c.Position = last + place
		if err := s.tx.Collections.Place(c.ID, c.Position); err != nil {
			return nil, err
		}
	}
	for l, t := range w.Languages {
		text := store.CollectionText{Collection: c.ID, Language: l}
		if err := named(&text, t.Name, t.Description); err != nil {
			return nil, err
		}
		if err := s.tx.Collections.SetText(text); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// missingShelves are the collections that are to be made, each once: those of files that say something new, and those of the
// file of collections.
func (s *syncing) missingShelves() (names [][]string) {
	seen := map[string]bool{}
	need := func(path []string) {
		for n := 1; n <= len(path); n++ {
			key := ""
			for _, name := range path[:n] {
				key += safe.Slug(name) + "/"
			}
			if _, there := s.shelfOf(path[:n]); !there && !seen[key] {
				seen[key] = true
				names = append(names, path[:n])
			}
		}
	}
	for _, w := range s.told {
		need(w.Path)
	}
	for i := range s.leaves {
		if p := &s.leaves[i]; p.due && p.leads {
			need(p.shelves)
		}
	}
	return names
}

// shelveAll makes the collections that are still missing because no article stands in them.
func (s *syncing) shelveAll(ctx context.Context) error {
	for _, w := range s.told {
		if _, there := s.shelfOf(w.Path); there {
			continue
		}
		if err := s.step(ctx, func() error { _, err := s.shelve(w.Path); return err }); err != nil {
			return err
		}
	}
	return nil
}

// unshelve takes away the collections that a run made and in which nothing stands.
func unshelve(tx *store.Tx, run store.ID) error {
	list, err := tx.Collections.List()
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b store.Collection) int { return cmp.Compare(b.ID, a.ID) }) // the deepest first
	for _, c := range list {
		if c.ImportPath != run.String() {
			continue
		}
		empty, err := tx.Collections.Empty(c.ID)
		if err == nil && empty {
			err = tx.Collections.Remove(c.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
