package store

// Meta is a small table of names and values about the file itself.
type Meta struct{ *session }

const setMeta = `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`

// Value is what is kept under a key, or ErrNotFound.
func (m Meta) Value(key string) (string, error) {
	var v string
	err := pick(m.session, []any{&v}, `SELECT value FROM meta WHERE key = ?`, key)
	return v, err
}

// Set keeps a value under a key.
func (m Meta) Set(key, value string) error {
	_, err := exec(m.session, setMeta, key, value)
	return err
}

// Remove forgets a key.
func (m Meta) Remove(key string) error {
	_, err := exec(m.session, `DELETE FROM meta WHERE key = ?`, key)
	return err
}
