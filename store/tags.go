package store

// Tag labels conversations.
type Tag struct {
	ID    ID
	Name  string
	Color string
}

func (t *Tag) fields() []any { return []any{&t.ID, &t.Name, &t.Color} }

// Tags are the labels of conversations.
type Tags struct{ *session }

// List lists the workspace's tags by name.
func (t Tags) List() ([]Tag, error) {
	t.saw("tags", "workspace_id", t.ws())
	return many[Tag](t.session, `SELECT id, name, color FROM tags WHERE workspace_id = ? ORDER BY lower(name) LIMIT 1000`, t.ws())
}

// MostTags is how many tags a workspace may have: as many as are listed.
const MostTags = 1000

// Count counts all of the workspace's.
func (t Tags) Count() (n int, err error) {
	err = pick(t.session, []any{&n}, `SELECT count(*) FROM tags WHERE workspace_id = ?`, t.ws())
	return n, err
}

// ByID finds a tag.
func (t Tags) ByID(id ID) (*Tag, error) {
	t.saw("tags", "workspace_id", t.ws())
	return one[Tag](t.session, `SELECT id, name, color FROM tags WHERE workspace_id = ? AND id = ?`, t.ws(), id)
}

// Add keeps a new tag. A taken name is ErrConflict.
func (t Tags) Add(v *Tag) error {
	v.ID = t.NewID()
	_, err := exec(t.session, `INSERT INTO tags (workspace_id, id, name, color, created_at) VALUES (?, ?, ?, ?, ?)`, t.ws(), v.ID, v.Name, v.Color, t.Now())
	return err
}

// Update writes a tag's name and colour. A taken name is ErrConflict.
func (t Tags) Update(v *Tag) error {
	return must(t.session, `UPDATE tags SET name = ?, color = ? WHERE workspace_id = ? AND id = ?`, v.Name, v.Color, t.ws(), v.ID)
}

// Remove deletes a tag everywhere.
func (t Tags) Remove(id ID) error {
	return must(t.session, `DELETE FROM tags WHERE workspace_id = ? AND id = ?`, t.ws(), id)
}

// TaggedAs is a tag on a conversation.
type TaggedAs struct {
	Conversation ID
	Tag
}

func (t *TaggedAs) fields() []any { return append([]any{&t.Conversation}, t.Tag.fields()...) }

// Of lists the tags of conversations.
func (t Tags) Of(conversations []ID) (map[ID][]Tag, error) {
	for _, id := range conversations {
		t.saw("conversation_tags", "conversation_id", id)
	}
	t.saw("tags", "workspace_id", t.ws())
	list, err := many[TaggedAs](t.session, `SELECT ct.conversation_id, t.id, t.name, t.color FROM conversation_tags ct JOIN tags t ON t.workspace_id = ct.workspace_id AND t.id = ct.tag_id
		WHERE ct.workspace_id = ? AND ct.conversation_id IN (`+marks(len(conversations))+`) ORDER BY lower(t.name)`, append([]any{t.ws()}, anys(conversations)...)...)
	if len(list) > 0 {
		t.saw("tags", "workspace_id", t.ws())
	}
	out := map[ID][]Tag{}
	for _, v := range list {
		out[v.Conversation] = append(out[v.Conversation], v.Tag)
	}
	return out, err
}

// Put labels a conversation, and says whether it was not labelled so before.
func (t Tags) Put(conversation, tag ID) (bool, error) {
	n, err := exec(t.session, `INSERT INTO conversation_tags (workspace_id, conversation_id, tag_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, t.ws(), conversation, tag)
	return n > 0, err
}

// Take takes a label off.
func (t Tags) Take(conversation, tag ID) error {
	_, err := exec(t.session, `DELETE FROM conversation_tags WHERE workspace_id = ? AND conversation_id = ? AND tag_id = ?`, t.ws(), conversation, tag)
	return err
}
