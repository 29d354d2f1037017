-- +goose Up
-- What somebody of the team has begun to write in a conversation, and has not sent.
CREATE TABLE drafts (
    workspace_id    INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    revision        INTEGER NOT NULL, -- an id that grows with every change
    internal        INTEGER NOT NULL CHECK (internal IN (0, 1)), -- a note of the team
    content         TEXT NOT NULL,
    PRIMARY KEY (workspace_id, user_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_conversation ON drafts (workspace_id, conversation_id);

-- +goose Down
DROP TABLE drafts;
