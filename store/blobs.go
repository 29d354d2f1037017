package store

import "database/sql/driver"

// chunk is how much of a file stands in one row: large rows would hold up the writer.
const chunk = 256 << 10

// Blobs are the contents of files, once per hash.
type Blobs struct{ *session }

// Has reports whether a content is there.
func (b Blobs) Has(hash []byte) (bool, error) {
	var n int
	err := pick(b.session, []any{&n}, `SELECT EXISTS (SELECT 1 FROM blobs WHERE hash = ?)`, hash)
	return n == 1, err
}

// Put keeps a content under its hash. It is called outside a message's own write.
func (b Blobs) Put(hash, content []byte) error {
	n, err := exec(b.session, `INSERT INTO blobs (hash, size, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, hash, len(content), b.Now())
	if err != nil || n == 0 {
		return err
	}
	for i := 0; i*chunk < len(content); i++ {
		part := content[i*chunk : min(len(content), (i+1)*chunk)]
		if _, err := exec(b.session, `INSERT INTO blob_chunks (hash, position, content) VALUES (?, ?, ?)`, hash, i, part); err != nil {
			return err
		}
	}
	return nil
}

// Content reads a whole content, of at most 25 MB.
func (b Blobs) Content(hash []byte) ([]byte, error) {
	var size int64
	if err := pick(b.session, []any{&size}, `SELECT size FROM blobs WHERE hash = ?`, hash); err != nil {
		return nil, err
	}
	out := make([]byte, 0, size)
	err := b.conn.query(b.ctx, func(v []driver.Value) error {
		var part []byte
		err := assign(&part, v[0])
		out = append(out, part...)
		return err
	}, `SELECT content FROM blob_chunks WHERE hash = ? ORDER BY position`, hash)
	return out, err
}

// Purge removes contents that nothing refers to and that are older than an hour.
func (b Blobs) Purge(before Time) (int64, error) {
	return exec(b.session, `DELETE FROM blobs WHERE hash IN (SELECT b.hash FROM blobs b WHERE b.created_at < ?
		AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.hash = b.hash) AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.thumbnail_hash = b.hash)
		AND NOT EXISTS (SELECT 1 FROM article_assets a WHERE a.hash = b.hash) AND NOT EXISTS (SELECT 1 FROM site_imports s WHERE s.hash = b.hash) LIMIT 100)`, before)
}
