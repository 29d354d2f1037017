package store

import (
	"path/filepath"
	"testing"
)

// Whatever deletes a conversation takes along what was learned from it: its chunks, words and vectors, and nothing else.
func TestADeletedConversationIsUnlearned(t *testing.T) {
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
	v, gone, kept := &Visitor{}, &Conversation{}, &Conversation{}
	step(func(tx *Tx) error {
		if err := tx.Visitors.Add(v, []byte("secret"), func(ID) string { return "quiet-heron" }); err != nil {
			return err
		}
		for _, c := range []*Conversation{gone, kept} {
			c.Visitor = v.ID
			if err := tx.Conversations.Add(c, ""); err != nil {
				return err
			}
			if err := tx.Chunks.Put(&ChunkDocument{Source: FromConversation, SourceID: c.ID, Audience: AudienceStaff, Published: true, Title: "Chandelier"}, []Chunk{{Body: "ring", Plain: "ring", Hash: []byte{1}}}); err != nil {
				return err
			}
		}
		return tx.Chunks.Put(&ChunkDocument{Source: FromSavedReply, SourceID: gone.ID, Published: true, Title: "Chandelier"}, []Chunk{{Body: "ring", Plain: "ring", Hash: []byte{2}}})
	})
	step(func(tx *Tx) error {
		_, err := exec(tx.session, `DELETE FROM conversations WHERE workspace_id = ? AND id = ?`, ws, gone.ID)
		return err
	})
	err := db.Read(t.Context(), ws, func(tx *Tx) error {
		found, err := tx.Chunks.Match([]string{"ring"}, ChunkFilter{Sources: []ChunkSource{FromConversation, FromSavedReply}, Staff: true}, 10)
		if err != nil || len(found) != 2 {
			t.Errorf("found %v, %v", found, err)
		}
		if n, err := tx.Copilot.Learned(); n != 1 || err != nil {
			t.Errorf("learned from %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
