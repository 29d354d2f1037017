-- +goose Up

-- The newest message that is no note: what a visitor wrote last is unread for an agent until they have read up to it.
ALTER TABLE conversations ADD COLUMN last_public_id INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET last_public_id = coalesce((SELECT max(m.id) FROM messages m WHERE m.conversation_id = conversations.id AND m.kind = 'message'), 0);

-- When somebody first took a backup away, for the list of first steps.
ALTER TABLE workspaces ADD COLUMN backup_taken_at INTEGER NOT NULL DEFAULT 0;

-- Answers that wait for their time. Visitors never see this table; a delivered answer becomes a message and leaves it.
CREATE TABLE scheduled_messages (
    workspace_id    INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL,
    content         TEXT NOT NULL,
    attachment_ids  TEXT NOT NULL DEFAULT '[]', -- a JSON list; the files stay staged until then
    client_id       TEXT,
    closes          INTEGER NOT NULL DEFAULT 0, -- the conversation is closed with it
    send_at         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX scheduled_messages_conversation ON scheduled_messages (workspace_id, conversation_id, send_at, id);
CREATE INDEX scheduled_messages_member ON scheduled_messages (workspace_id, user_id);
CREATE UNIQUE INDEX scheduled_messages_client ON scheduled_messages (conversation_id, user_id, client_id) WHERE client_id IS NOT NULL;

-- +goose Down
SELECT 1;
