package store

import (
	"path/filepath"
	"testing"
)

func TestAnUnchangedChunkKeepsItsVector(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	var ws ID
	step := func(fn func(*Tx) error) {
		t.Helper()
		if _, err := db.Write(t.Context(), ws, fn); err != nil {
			t.Fatal(err)
		}
	}
	step(func(tx *Tx) (err error) {
		ws, err = insertWorkspace(tx, "shop")
		return err
	})
	d := ChunkDocument{Source: FromArticle, SourceID: 7, Published: true, Title: "Returns"}
	a, b, c := Chunk{Body: "one", Plain: "one", Hash: []byte{1}}, Chunk{Body: "two", Plain: "two", Hash: []byte{2}}, Chunk{Body: "three", Plain: "three", Hash: []byte{3}}
	step(func(tx *Tx) error { return tx.Chunks.Put(&d, []Chunk{a, b}) })
	step(func(tx *Tx) error {
		pending, err := tx.Chunks.Pending("m", 10)
		for _, p := range pending {
			err = tx.Chunks.Keep(p.ID, "m", []float32{0.6, -0.8})
		}
		return err
	})
	step(func(tx *Tx) error { return tx.Chunks.Put(&d, []Chunk{c, b}) })
	filter := ChunkFilter{Sources: []ChunkSource{FromArticle}}
	err := db.Read(t.Context(), ws, func(tx *Tx) error {
		pending, err := tx.Chunks.Pending("m", 10)
		if err != nil || len(pending) != 1 || pending[0].Body != "three" {
			t.Errorf("pending %v, %v", pending, err)
		}
		vectors, err := tx.Chunks.Vectors("m")
		if err != nil || len(vectors) != 1 || vectors[0].Vector()[1] > -0.79 {
			t.Errorf("vectors %v, %v", vectors, err)
		}
		for word, want := range map[string]int{"one": 0, "two": 1, "three": 1, "returns": 2} {
			found, err := tx.Chunks.Match([]string{word}, filter, 10)
			if err != nil || len(found) != want {
				t.Errorf("%q: %v, %v", word, found, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	step(func(tx *Tx) error { return tx.Chunks.Drop(FromArticle, 7) })
	err = db.Read(t.Context(), ws, func(tx *Tx) error {
		for _, table := range []string{"recall_documents", "recall_chunks", "recall_vectors"} {
			var n int
			if err := pick(tx.session, []any{&n}, `SELECT count(*) FROM `+table); err != nil || n != 0 {
				t.Errorf("%s: %d rows are left, %v", table, n, err)
			}
		}
		var n int
		err := pick(tx.session, []any{&n}, `SELECT count(*) FROM recall_words WHERE recall_words MATCH 'two'`)
		if n != 0 {
			t.Errorf("%d words are left", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAQuestionCannotBecomeSyntax(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "d.db"))
	var ws ID
	if _, err := db.Write(t.Context(), 0, func(tx *Tx) (err error) {
		ws, err = insertWorkspace(tx, "shop")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{`"`, `a"b`, `NEAR(`, `*`, `title:x`, `-`, "\x00", "パス", `OR`, `^a`, "a\xffb"} {
		err := db.Read(t.Context(), ws, func(tx *Tx) error {
			_, err := tx.Chunks.Match([]string{word}, ChunkFilter{Sources: []ChunkSource{FromArticle}, Languages: []string{`'`}, Audiences: []string{`"`}}, 5)
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", word, err)
		}
	}
}
