-- +goose Up

-- A content arrives in pieces; until the last one is there nothing may refer to it.
ALTER TABLE blobs ADD COLUMN ready INTEGER NOT NULL DEFAULT 1;

-- How much somebody has sent today.
CREATE INDEX attachments_uploader ON attachments (workspace_id, uploader_id, created_at);

-- Keys for programs. A key acts as the member who made it, within its scopes, and ends with the membership.
CREATE TABLE api_keys (
    workspace_id INTEGER NOT NULL,
    id           INTEGER PRIMARY KEY,
    user_id      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    token_hash   BLOB NOT NULL UNIQUE,
    hint         TEXT NOT NULL, -- the last characters, to tell keys apart
    scopes       TEXT NOT NULL, -- a JSON list of permissions
    last_used_at INTEGER NOT NULL DEFAULT 0,
    expires_at   INTEGER NOT NULL DEFAULT 0, -- 0: never
    created_at   INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX api_keys_list ON api_keys (workspace_id, id);
CREATE INDEX api_keys_member ON api_keys (workspace_id, user_id);

-- +goose Down
SELECT 1;
