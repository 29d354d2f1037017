package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"time"
)

const (
	chunk = 256 << 10       // how much of a content stands in one row, and is written at once: more would hold up the writer
	lull  = time.Second / 5 // between two of them, at most
)

// Blobs are the contents of files, once per hash.
type Blobs struct{ *session }

// begin makes room for a content, unless it is there. What nobody refers to stays for another hour.
func (b Blobs) begin(hash []byte, size int64) (ready bool, err error) {
	_, err = exec(b.session, `INSERT INTO blobs (hash, size, ready, created_at) VALUES (?, ?, 0, ?) ON CONFLICT (hash) DO UPDATE SET created_at = excluded.created_at`, hash, size, b.Now())
	if err == nil {
		err = pick(b.session, []any{&ready}, `SELECT ready FROM blobs WHERE hash = ?`, hash)
	}
	return ready, err
}

// chunk keeps a part of a content. Somebody else may bring the same content at the same time: their part is the same.
func (b Blobs) chunk(hash []byte, position int64, part []byte) error {
	_, err := exec(b.session, `INSERT INTO blob_chunks (hash, position, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, hash, position, part)
	return err
}

func (b Blobs) finish(hash []byte) error {
	return must(b.session, `UPDATE blobs SET ready = 1 WHERE hash = ?`, hash)
}

// Size is the length of a content that is there whole.
func (b Blobs) Size(hash []byte) (size int64, err error) {
	err = pick(b.session, []any{&size}, `SELECT size FROM blobs WHERE hash = ? AND ready = 1`, hash)
	return size, err
}

func (b Blobs) part(hash []byte, position int64) (part []byte, err error) {
	err = pick(b.session, []any{&part}, `SELECT content FROM blob_chunks WHERE hash = ? AND position = ?`, hash, position)
	return part, err
}

// Content reads a whole content, of at most 25 MB.
func (b Blobs) Content(hash []byte) ([]byte, error) {
	size, err := b.Size(hash)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, size)
	err = b.conn.query(b.ctx, func(row *statement) error {
		var part []byte
		err := row.assign(&part, 0)
		out = append(out, part...)
		return err
	}, `SELECT content FROM blob_chunks WHERE hash = ? ORDER BY position`, hash)
	return out, err
}

// KeepBlob keeps a content under its SHA-256, in pieces: neither the memory nor the writer ever holds it whole. It is
// called before the write that refers to it, and may be called again for the same content.
func (db *DB) KeepBlob(ctx context.Context, hash []byte, size int64, r io.Reader) error {
	ready := false
	_, err := db.Write(ctx, 0, func(tx *Tx) (err error) {
		ready, err = tx.Blobs.begin(hash, size)
		return err
	})
	if err != nil || ready {
		return err
	}
	digest, piece := sha256.New(), make([]byte, chunk)
	for at := int64(0); at*chunk < size || at == 0; at++ {
		n, err := io.ReadFull(r, piece[:min(chunk, size-at*chunk)])
		if err != nil && n > 0 || err != nil && size > 0 {
			return err
		}
		digest.Write(piece[:n])
		begun := time.Now()
		_, err = db.Write(ctx, 0, func(tx *Tx) error { return tx.Blobs.chunk(hash, at, piece[:n]) })
		if err != nil {
			return err
		}
		if (at+1)*chunk < size { // the disk is for others, too
			time.Sleep(min(lull, time.Since(begun)))
		}
	}
	if !bytes.Equal(digest.Sum(nil), hash) {
		return errors.New("a blob is not what its hash says")
	}
	_, err = db.Write(ctx, 0, func(tx *Tx) error { return tx.Blobs.finish(hash) })
	return err
}

// Blob reads a content piece by piece.
type Blob struct {
	db       *DB
	ctx      context.Context
	hash     []byte
	size, at int64
	part     []byte
	position int64 // of part
}

// Blob opens a content for reading. Contents never change, so that each piece may be read on its own.
func (db *DB) Blob(ctx context.Context, hash []byte) (*Blob, error) {
	b := &Blob{db: db, ctx: ctx, hash: hash, position: -1}
	err := db.Read(ctx, 0, func(tx *Tx) (err error) {
		b.size, err = tx.Blobs.Size(hash)
		return err
	})
	return b, err
}

// Read reads on.
func (b *Blob) Read(p []byte) (int, error) {
	if b.at >= b.size {
		return 0, io.EOF
	}
	if want := b.at / chunk; want != b.position {
		err := b.db.Read(b.ctx, 0, func(tx *Tx) (err error) {
			b.part, err = tx.Blobs.part(b.hash, want)
			return err
		})
		if err != nil {
			b.position = -1
			return 0, err
		}
		b.position = want
	}
	within := b.at - b.position*chunk
	if within >= int64(len(b.part)) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, b.part[within:])
	b.at += int64(n)
	return n, nil
}

// Seek sets where to read on.
func (b *Blob) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.at
	case io.SeekEnd:
		offset += b.size
	}
	if offset < 0 {
		return 0, errors.New("before the beginning of a blob")
	}
	b.at = offset
	return offset, nil
}

// Purge removes some contents that nothing refers to and that are older than a time.
func (b Blobs) Purge(before Time) (int64, error) {
	return exec(b.session, `DELETE FROM blobs WHERE hash IN (SELECT b.hash FROM blobs b WHERE b.created_at < ?
		AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.hash = b.hash) AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.thumbnail_hash = b.hash)
		AND NOT EXISTS (SELECT 1 FROM article_assets a WHERE a.hash = b.hash) AND NOT EXISTS (SELECT 1 FROM site_imports s WHERE s.hash = b.hash)
		AND NOT EXISTS (SELECT 1 FROM help_imports i WHERE i.hash = b.hash) LIMIT 4)`, before)
}

// Count is how many contents there are, whole or on their way in.
func (b Blobs) Count() (n int, err error) {
	err = pick(b.session, []any{&n}, `SELECT count(*) FROM blobs`)
	return n, err
}
