package store

import (
	"fmt"
	"time"
)

// Attachment is a file: staged when it has been uploaded, attached once a message carries it.
type Attachment struct {
	ID            ID
	Workspace     ID
	Conversation  ID
	Message       ID
	Hash          []byte
	ThumbnailHash []byte
	Filename      string
	ContentType   string
	Size          int64
	Width, Height int
	ExpiresAt     Time
}

const attachmentColumns = `id, workspace_id, coalesce(conversation_id, 0), coalesce(message_id, 0), hash, thumbnail_hash, filename, content_type, size, width, height, expires_at`

func (a *Attachment) fields() []any {
	return []any{&a.ID, &a.Workspace, &a.Conversation, &a.Message, &a.Hash, &a.ThumbnailHash, &a.Filename, &a.ContentType, &a.Size, &a.Width, &a.Height, &a.ExpiresAt}
}

// SentSince is how many bytes a sender has uploaded since a time.
func (a Attachments) SentSince(by SenderType, uploader ID, since Time) (n int64, err error) {
	err = pick(a.session, []any{&n}, `SELECT coalesce(sum(size), 0) FROM attachments WHERE workspace_id = ? AND uploader_id = ? AND created_at >= ? AND uploader_type = ?`, a.ws(), uploader, since, by)
	return n, err
}

// staged is how long an uploaded file waits for its message.
const staged = time.Hour

// Attachments are the files of messages.
type Attachments struct{ *session }

// Stage keeps an uploaded file until a message carries it.
func (a Attachments) Stage(v *Attachment, by SenderType, uploader ID) error {
	v.ID, v.Workspace, v.ExpiresAt = a.NewID(), a.ws(), a.Now().Add(staged)
	var thumbnail any
	if v.ThumbnailHash != nil {
		thumbnail = v.ThumbnailHash
	}
	_, err := exec(a.session, `INSERT INTO attachments (workspace_id, id, hash, thumbnail_hash, filename, content_type, size, width, height, uploader_type, uploader_id, expires_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.ws(), v.ID, v.Hash, thumbnail, v.Filename, v.ContentType, v.Size, v.Width, v.Height, by, uploader, v.ExpiresAt, a.Now())
	return err
}

// ErrFile says that a file cannot be attached: it is not there, not the sender's, expired, or attached already.
var ErrFile = fmt.Errorf("file: %w", ErrNotFound)

// Bind attaches staged files of an uploader to a message: all of them or none.
func (a Attachments) Bind(ids []ID, conversation, message ID, by SenderType, uploader ID) ([]Attachment, error) {
	for _, id := range ids {
		n, err := exec(a.session, `UPDATE attachments SET conversation_id = ?, message_id = ?, expires_at = 0
			WHERE workspace_id = ? AND id = ? AND message_id IS NULL AND expires_at > ? AND uploader_type = ? AND uploader_id = ?`,
			conversation, message, a.ws(), id, a.Now(), by, uploader)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, ErrFile
		}
	}
	return a.ForMessages(conversation, []ID{message})
}

// Keep makes staged files of an uploader wait longer for their message.
func (a Attachments) Keep(ids []ID, by SenderType, uploader ID, until Time) error {
	for _, id := range ids {
		n, err := exec(a.session, `UPDATE attachments SET expires_at = max(expires_at, ?)
			WHERE workspace_id = ? AND id = ? AND message_id IS NULL AND expires_at > ? AND uploader_type = ? AND uploader_id = ?`, until, a.ws(), id, a.Now(), by, uploader)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrFile
		}
	}
	return nil
}

// Staged lists files that no message carries yet. Until one does they do not change.
func (a Attachments) Staged(ids []ID) ([]Attachment, error) {
	for _, id := range ids {
		a.sawRow("attachments", id)
	}
	return many[Attachment](a.session, `SELECT `+attachmentColumns+` FROM attachments WHERE id IN (`+marks(len(ids))+`) AND workspace_id = ? AND message_id IS NULL ORDER BY id`, append(anys(ids), a.ws())...)
}

// ForMessages lists the files of messages of one conversation.
func (a Attachments) ForMessages(conversation ID, messages []ID) ([]Attachment, error) {
	a.saw("attachments", "conversation_id", conversation)
	return many[Attachment](a.session, `SELECT `+attachmentColumns+` FROM attachments WHERE conversation_id = ? AND message_id IN (`+marks(len(messages))+`) AND workspace_id = ? ORDER BY id`,
		append(append([]any{conversation}, anys(messages)...), a.ws())...)
}

// ByID finds a file in whatever workspace: whoever asks has a signed link.
func (a Attachments) ByID(id ID) (*Attachment, error) {
	return one[Attachment](a.session, `SELECT `+attachmentColumns+` FROM attachments WHERE id = ?`, id)
}

// Purge removes staged files that no message came for.
func (a Attachments) Purge() error {
	_, err := exec(a.session, `DELETE FROM attachments WHERE expires_at > 0 AND expires_at <= ?`, a.Now())
	return err
}
