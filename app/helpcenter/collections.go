package helpcenter

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"deskbell/app/account"
	"deskbell/app/actor"
	"deskbell/app/door"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

// Collection is a shelf as the team sees it.
type Collection struct {
	ID             store.ID   `json:"id"`
	ParentID       *store.ID  `json:"parentId"`
	Position       int64      `json:"position"`
	Name           string     `json:"name"`
	Slug           string     `json:"slug"`
	Description    *string    `json:"description"`
	Icon           *string    `json:"icon"`
	ArticleCount   int        `json:"articleCount"`
	PublishedCount int        `json:"publishedArticleCount"`
	UpdatedAt      store.Time `json:"updatedAt"`

	Translations []Translation `json:"translations"` // in further languages
}

// Translation is what a collection is called in a further language.
type Translation struct {
	Language    string  `json:"language"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
}

// Key is the collection's id.
func (c Collection) Key() store.ID { return c.ID }

func shelf(c *store.Collection, n store.InCollection, texts map[store.ID][]store.CollectionText) Collection {
	said := []Translation{}
	for _, t := range texts[c.ID] {
		said = append(said, Translation{t.Language, t.Name, door.Maybe(t.Description)})
	}
	return Collection{Translations: said, ID: c.ID, ParentID: door.Maybe(c.Parent), Position: c.Position, Name: c.Name, Slug: c.Slug, Description: door.Maybe(c.Description), Icon: door.Maybe(c.Icon),
		ArticleCount: n.All, PublishedCount: n.Public, UpdatedAt: c.UpdatedAt}
}

// Collections lists all collections, siblings in their order.
func (h *HelpCenter) Collections(tx *store.Tx, _ actor.Actor, _ Empty) (page door.Page[Collection], err error) {
	list, err := tx.Collections.List()
	if err != nil {
		return page, err
	}
	counts, err := tx.Collections.Counts()
	if err != nil {
		return page, err
	}
	texts, err := tx.Collections.Texts()
	out := make([]Collection, 0, len(list))
	for i := range list {
		out = append(out, shelf(&list[i], counts[list[i].ID], texts))
	}
	return door.NewPage(out, ""), err
}

// NewCollection is a collection to make; without a parent it stands at the top.
type NewCollection struct {
	Name        string   `json:"name" maxLength:"400"`
	ParentID    store.ID `json:"parentId,omitempty"`
	Description string   `json:"description,omitempty" maxLength:"2000"`
	Icon        string   `json:"icon,omitempty" maxLength:"40" pattern:"^[a-z0-9-]*$"`
}

var iconForm = regexp.MustCompile(`^[a-z0-9-]{0,40}$`)

// CreateCollection makes a collection, the last among its siblings.
func (h *HelpCenter) CreateCollection(ctx context.Context, who actor.Actor, in NewCollection) (out Collection, err error) {
	c := &store.Collection{Icon: in.Icon, Parent: in.ParentID}
	if c.Name, err = account.Named("name", in.Name); err != nil {
		return out, err
	}
	if c.Description, err = short("description", in.Description, 500); err != nil {
		return out, err
	}
	err = h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) error {
		if err := h.addCollection(tx, c); err != nil {
			return err
		}
		out = shelf(c, store.InCollection{}, nil)
		return nil
	})
	return out, err
}

func (h *HelpCenter) addCollection(tx *store.Tx, c *store.Collection) (err error) {
	list, err := tx.Collections.List()
	if err != nil {
		return err
	}
	if len(list) >= 2000 {
		return fault.New(fault.Invalid, "A help center has at most 2000 collections.")
	}
	if c.Parent != 0 {
		if depth(list, c.Parent) == 0 {
			return fault.New(fault.Invalid, "There is no such collection.").On("parentId")
		}
		if depth(list, c.Parent) >= deepest {
			return fault.New(fault.Invalid, "Collections stand at most %d deep.", deepest).On("parentId")
		}
	}
	if c.Slug, err = free(safe.Slug(c.Name), func(s string) (bool, error) { return tx.Collections.Taken(s, 0) }); err != nil {
		return err
	}
	if c.Position, err = tx.Collections.Last(c.Parent); err != nil {
		return err
	}
	c.Position++
	return tx.Collections.Add(c)
}

const deepest = 6

// depth is how deep a collection stands: 1 at the top, 0 where there is none.
func depth(list []store.Collection, id store.ID) int {
	parent := map[store.ID]store.ID{}
	for _, c := range list {
		parent[c.ID] = c.Parent
	}
	n := 0
	for id != 0 && n <= len(list) {
		up, there := parent[id]
		if !there {
			return 0
		}
		id = up
		n++
	}
	return n
}

// UpdateCollection is what may be changed of a collection. With a further language of the help center, name and description are
// those in it; an empty name takes them back.
type UpdateCollection struct {
	CollectionID store.ID           `json:"collectionId"`
	Language     string             `json:"language,omitempty" maxLength:"12"`
	Name         *string            `json:"name,omitempty" maxLength:"400"`
	Slug         *string            `json:"slug,omitempty" maxLength:"200"`
	Description  door.Patch[string] `json:"description,omitempty"`
	Icon         door.Patch[string] `json:"icon,omitempty"`
}

// UpdateCollection changes a collection. A changed address keeps leading to it.
func (h *HelpCenter) UpdateCollection(ctx context.Context, who actor.Actor, in UpdateCollection) (out Collection, err error) {
	err = h.write(ctx, who, func(tx *store.Tx, center *store.HelpCenter) error {
		c, err := tx.Collections.ByID(in.CollectionID)
		if err != nil {
			return err
		}
		l, err := language(center, in.Language)
		if err != nil {
			return err
		}
		if l != center.Language {
			if err := translateCollection(tx, c, l, in); err != nil {
				return err
			}
			out, err = h.collection(tx, c)
			return err
		}
		old := c.Slug
		if in.Name != nil {
			if c.Name, err = account.Named("name", *in.Name); err != nil {
				return err
			}
		}
		if c.Description, err = short("description", in.Description.Or(c.Description), 500); err != nil {
			return err
		}
		if c.Icon = in.Icon.Or(c.Icon); !iconForm.MatchString(c.Icon) {
			return fault.New(fault.Invalid, "This is not the name of an icon.").On("icon")
		}
		if in.Slug != nil && *in.Slug != old {
			c.Slug = safe.Slug(*in.Slug)
			if taken, err := tx.Collections.Taken(c.Slug, c.ID); err != nil || taken {
				return errors.Join(err, fault.New(fault.Conflict, "Another collection has this address.").On("slug"))
			}
		}
		if err := tx.Collections.Save(c, old); err != nil {
			return err
		}
		out, err = h.collection(tx, c)
		return err
	})
	return out, err
}

// collection is a shelf as the team sees it.
func (h *HelpCenter) collection(tx *store.Tx, c *store.Collection) (Collection, error) {
	counts, err := tx.Collections.Counts()
	if err != nil {
		return Collection{}, err
	}
	texts, err := tx.Collections.Texts()
	return shelf(c, counts[c.ID], texts), err
}

// translateCollection says what a collection is called in a further language.
func translateCollection(tx *store.Tx, c *store.Collection, l string, in UpdateCollection) error {
	if in.Slug != nil || in.Icon.Set {
		return fault.New(fault.Invalid, "A collection has one address and one icon in all languages.").On("language")
	}
	texts, err := tx.Collections.Texts()
	if err != nil {
		return err
	}
	t := store.CollectionText{Collection: c.ID, Language: l}
	for _, was := range texts[c.ID] {
		if was.Language == l {
			t = was
		}
	}
	if in.Name != nil && strings.TrimSpace(*in.Name) == "" {
		t.Name = ""
		return tx.Collections.SetText(t)
	}
	if in.Name == nil && t.Name == "" {
		return fault.New(fault.Invalid, "Give the collection a name in this language.").On("name")
	}
	if in.Name == nil {
		in.Name = &t.Name
	}
	if err := named(&t, *in.Name, in.Description.Or(t.Description)); err != nil {
		return err
	}
	return tx.Collections.SetText(t)
}

// named checks the words of a collection in a further language and puts them there.
func named(t *store.CollectionText, name, description string) (err error) {
	if t.Name, err = account.Named("name", name); err == nil {
		t.Description, err = short("description", description, 500)
	}
	return err
}

// MoveCollection names a collection, its new parent (null: none) and the sibling it is to stand before (null: last).
type MoveCollection struct {
	CollectionID store.ID  `json:"collectionId"`
	ParentID     *store.ID `json:"parentId" nullable:"true"`
	BeforeID     *store.ID `json:"beforeId,omitempty" nullable:"true"`
}

// MoveCollection puts a collection elsewhere, never into itself.
func (h *HelpCenter) MoveCollection(ctx context.Context, who actor.Actor, in MoveCollection) (Empty, error) {
	return Empty{}, h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) error {
		c, err := tx.Collections.ByID(in.CollectionID)
		if err != nil {
			return err
		}
		list, err := tx.Collections.List()
		if err != nil {
			return err
		}
		to := store.ID(0)
		if in.ParentID != nil {
			to = *in.ParentID
			if depth(list, to) == 0 {
				return fault.New(fault.Invalid, "There is no such collection.").On("parentId")
			}
			if within(list, to, c.ID) {
				return fault.New(fault.Invalid, "A collection cannot stand within itself.").On("parentId")
			}
			if depth(list, to)+height(list, c.ID) > deepest {
				return fault.New(fault.Invalid, "Collections stand at most %d deep.", deepest).On("parentId")
			}
		}
		c.Parent = to
		if err := tx.Collections.Save(c, c.Slug); err != nil {
			return err
		}
		var order []store.ID
		for _, s := range list {
			if s.Parent == to && s.ID != c.ID {
				order = append(order, s.ID)
			}
		}
		for i, id := range insert(order, c.ID, in.BeforeID) {
			if err := tx.Collections.Place(id, int64(i+1)); err != nil {
				return err
			}
		}
		return nil
	})
}

// insert puts an id before another, or at the end.
func insert(order []store.ID, id store.ID, before *store.ID) []store.ID {
	if before != nil {
		if i := slices.Index(order, *before); i >= 0 {
			return slices.Insert(order, i, id)
		}
	}
	return append(order, id)
}

// within reports whether a collection is another, or stands somewhere in it.
func within(list []store.Collection, id, of store.ID) bool {
	for n := 0; id != 0 && n <= len(list); n++ {
		if id == of {
			return true
		}
		i := slices.IndexFunc(list, func(c store.Collection) bool { return c.ID == id })
		if i < 0 {
			return false
		}
		id = list[i].Parent
	}
	return false
}

// height is how many levels a collection has, with itself.
func height(list []store.Collection, id store.ID) int {
	n := 0
	for _, c := range list {
		if c.Parent == id {
			n = max(n, height(list, c.ID))
		}
	}
	return n + 1
}

// WhichCollection names a collection.
type WhichCollection struct {
	CollectionID store.ID `json:"collectionId"`
}

// RemoveCollection deletes a collection that is empty.
func (h *HelpCenter) RemoveCollection(ctx context.Context, who actor.Actor, in WhichCollection) (Empty, error) {
	return Empty{}, h.write(ctx, who, func(tx *store.Tx, _ *store.HelpCenter) error {
		if _, err := tx.Collections.ByID(in.CollectionID); err != nil {
			return err
		}
		empty, err := tx.Collections.Empty(in.CollectionID)
		if err == nil && !empty {
			err = fault.New(fault.Conflict, "Move or delete what stands in this collection first.")
		}
		if err != nil {
			return err
		}
		return tx.Collections.Remove(in.CollectionID)
	})
}

// short cleans a text and bounds it.
func short(field, s string, most int) (string, error) {
	s = safe.Text(s)
	if utf8.RuneCountInString(s) > most {
		return "", fault.New(fault.Invalid, "At most %d characters.", most).On(field)
	}
	return s, nil
}
