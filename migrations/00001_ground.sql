-- +goose Up

-- Conventions: ids are 63-bit integers made by store.ID; times are milliseconds; tables are STRICT. A row of a
-- workspace is referenced by (workspace_id, id), so that a reference across workspaces cannot exist. The columns
-- that a table's topics are made of (store.watch) come first.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People of the team. A user may belong to several workspaces.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) <= 254),
    name          TEXT NOT NULL,
    avatar_url    TEXT NOT NULL DEFAULT '',
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE workspaces (
    id                  INTEGER PRIMARY KEY,
    name                TEXT NOT NULL,
    accent_color        TEXT NOT NULL DEFAULT '#0b7262',
    session_lifetime_ms INTEGER NOT NULL DEFAULT 86400000 CHECK (session_lifetime_ms BETWEEN 3600000 AND 604800000),
    widget_seen_at      INTEGER NOT NULL DEFAULT 0,
    widget_seen_url     TEXT NOT NULL DEFAULT '',
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;

CREATE TABLE workspace_origins (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    origin       TEXT NOT NULL,
    PRIMARY KEY (workspace_id, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    role         TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
    permissions  TEXT, -- a JSON list that replaces the role's rights; NULL: the role's
    online       INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, user_id)
) STRICT;
CREATE INDEX members_user ON members (user_id, workspace_id);
CREATE UNIQUE INDEX members_owner ON members (workspace_id) WHERE role = 'owner';

CREATE TABLE invitations (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    email        TEXT NOT NULL CHECK (email = lower(email)),
    role         TEXT NOT NULL CHECK (role IN ('admin', 'agent', 'viewer')),
    token_hash   BLOB NOT NULL UNIQUE,
    invited_by   INTEGER REFERENCES users (id) ON DELETE SET NULL,
    status       TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'cancelled')),
    expires_at   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX invitations_pending ON invitations (workspace_id, email) WHERE status = 'pending';
CREATE INDEX invitations_list ON invitations (workspace_id, id);

CREATE TABLE sessions (
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    token_hash   BLOB NOT NULL UNIQUE,
    user_agent   TEXT NOT NULL,
    ip           TEXT NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Visitors and their widget sessions.

CREATE TABLE visitors (
    workspace_id      INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id                INTEGER PRIMARY KEY,
    readable_id       TEXT NOT NULL,
    secret_hash       BLOB, -- of the client's sessionId; NULL once an identity is proven elsewhere
    name              TEXT NOT NULL DEFAULT '',
    email             TEXT NOT NULL DEFAULT '',
    external_user_id  TEXT NOT NULL DEFAULT '',
    verified          INTEGER NOT NULL DEFAULT 0,
    avatar_url        TEXT NOT NULL DEFAULT '',
    online            INTEGER NOT NULL DEFAULT 0,
    current_url       TEXT NOT NULL DEFAULT '',
    current_title     TEXT NOT NULL DEFAULT '',
    referrer          TEXT NOT NULL DEFAULT '',
    os                TEXT NOT NULL DEFAULT '',
    browser           TEXT NOT NULL DEFAULT '',
    device_type       TEXT NOT NULL DEFAULT '',
    language          TEXT NOT NULL DEFAULT '',
    timezone          TEXT NOT NULL DEFAULT '',
    custom_attributes TEXT NOT NULL DEFAULT '{}',
    first_seen_at     INTEGER NOT NULL,
    last_seen_at      INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX visitors_secret ON visitors (workspace_id, secret_hash) WHERE secret_hash IS NOT NULL;
CREATE UNIQUE INDEX visitors_proven ON visitors (workspace_id, external_user_id) WHERE verified = 1 AND external_user_id <> '';
CREATE INDEX visitors_seen ON visitors (workspace_id, last_seen_at DESC, id DESC);
CREATE INDEX visitors_online ON visitors (workspace_id, last_seen_at DESC, id DESC) WHERE online = 1;
CREATE INDEX visitors_email ON visitors (workspace_id, email) WHERE email <> '';

CREATE TABLE widget_sessions (
    workspace_id INTEGER NOT NULL,
    visitor_id   INTEGER NOT NULL,
    id           INTEGER PRIMARY KEY,
    token_hash   BLOB NOT NULL UNIQUE,
    client_type  TEXT NOT NULL DEFAULT '',
    client_version TEXT NOT NULL DEFAULT '',
    origin       TEXT NOT NULL DEFAULT '',
    lifetime_ms  INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, visitor_id) REFERENCES visitors (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX widget_sessions_visitor ON widget_sessions (workspace_id, visitor_id);
CREATE INDEX widget_sessions_expiry ON widget_sessions (expires_at);

CREATE TABLE messenger_settings (
    workspace_id        INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    accent_color        TEXT NOT NULL DEFAULT '', -- empty: the workspace's
    background_color    TEXT NOT NULL DEFAULT '',
    theme_mode          TEXT NOT NULL DEFAULT 'system' CHECK (theme_mode IN ('light', 'dark', 'system')),
    launcher_position   TEXT NOT NULL DEFAULT 'right' CHECK (launcher_position IN ('right', 'left')),
    side_spacing        INTEGER NOT NULL DEFAULT 20 CHECK (side_spacing BETWEEN 0 AND 100),
    bottom_spacing      INTEGER NOT NULL DEFAULT 20 CHECK (bottom_spacing BETWEEN 0 AND 100),
    launcher_icon_url   TEXT NOT NULL DEFAULT '',
    show_launcher       INTEGER NOT NULL DEFAULT 1,
    welcome_message     TEXT NOT NULL DEFAULT 'Hi there! How can we help you today?',
    team_introduction   TEXT NOT NULL DEFAULT '',
    show_avatars        INTEGER NOT NULL DEFAULT 1,
    privacy_policy_url  TEXT NOT NULL DEFAULT '',
    mobile_enabled      INTEGER NOT NULL DEFAULT 1,
    language            TEXT NOT NULL DEFAULT '',
    home                TEXT NOT NULL DEFAULT '', -- JSON; empty: the default home
    updated_at          INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Conversations and messages. Everything a list shows stands on the conversation's own row.

CREATE TABLE conversations (
    workspace_id       INTEGER NOT NULL,
    id                 INTEGER PRIMARY KEY,
    visitor_id         INTEGER NOT NULL,
    assignee_id        INTEGER,
    status             TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'snoozed', 'closed')),
    ai_state           TEXT NOT NULL DEFAULT 'none' CHECK (ai_state IN ('none', 'ai_handled', 'handoff')),
    channel            TEXT NOT NULL DEFAULT 'chat',
    subject            TEXT NOT NULL DEFAULT '',
    priority           TEXT NOT NULL DEFAULT 'none' CHECK (priority IN ('none', 'low', 'normal', 'high', 'urgent')),
    client_id          TEXT NOT NULL DEFAULT '',
    last_message_id    INTEGER NOT NULL DEFAULT 0,
    last_message_at    INTEGER NOT NULL,
    last_preview       TEXT NOT NULL DEFAULT '',
    last_sender_type   TEXT NOT NULL DEFAULT 'visitor',
    last_sender_name   TEXT NOT NULL DEFAULT '',
    last_internal      INTEGER NOT NULL DEFAULT 0,
    visitor_preview    TEXT NOT NULL DEFAULT '', -- as the visitor may see it: notes never show here
    visitor_sender_type TEXT NOT NULL DEFAULT 'visitor',
    visitor_sender_name TEXT NOT NULL DEFAULT '',
    visitor_message_at INTEGER NOT NULL DEFAULT 0,
    message_count      INTEGER NOT NULL DEFAULT 0,
    unread_by_agent    INTEGER NOT NULL DEFAULT 0,
    unread_by_visitor  INTEGER NOT NULL DEFAULT 0,
    agent_read_id      INTEGER NOT NULL DEFAULT 0,
    visitor_read_id    INTEGER NOT NULL DEFAULT 0,
    snoozed_until      INTEGER NOT NULL DEFAULT 0,
    first_response_at  INTEGER NOT NULL DEFAULT 0,
    resolved_at        INTEGER NOT NULL DEFAULT 0,
    merged_into        INTEGER,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, visitor_id) REFERENCES visitors (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, assignee_id) REFERENCES members (workspace_id, user_id)
) STRICT;
CREATE INDEX conversations_inbox ON conversations (workspace_id, status, last_message_at DESC, id DESC);
CREATE INDEX conversations_assignee ON conversations (workspace_id, assignee_id, status, last_message_at DESC, id DESC);
CREATE INDEX conversations_visitor ON conversations (workspace_id, visitor_id, last_message_at DESC, id DESC);
CREATE INDEX conversations_ai ON conversations (workspace_id, ai_state, last_message_at DESC, id DESC) WHERE ai_state <> 'none';
CREATE INDEX conversations_snoozed ON conversations (snoozed_until) WHERE status = 'snoozed';
CREATE UNIQUE INDEX conversations_client ON conversations (workspace_id, visitor_id, client_id) WHERE client_id <> '';

CREATE TABLE messages (
    workspace_id    INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL DEFAULT 'message' CHECK (kind IN ('message', 'note', 'event')),
    sender_type     TEXT NOT NULL CHECK (sender_type IN ('visitor', 'agent', 'bot', 'system')),
    sender_id       INTEGER NOT NULL DEFAULT 0, -- a visitor or a user, by sender_type
    sender_name     TEXT NOT NULL DEFAULT '',
    content         TEXT NOT NULL,
    content_html    TEXT NOT NULL,
    event           TEXT, -- JSON of an event message
    channel         TEXT NOT NULL DEFAULT 'chat',
    delivery_status TEXT NOT NULL DEFAULT 'sent' CHECK (delivery_status IN ('pending', 'sent', 'delivered', 'bounced', 'failed')),
    attachment_count INTEGER NOT NULL DEFAULT 0,
    client_id       TEXT,
    seen_at         INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    UNIQUE (conversation_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX messages_client ON messages (conversation_id, sender_id, client_id) WHERE client_id IS NOT NULL;

-- What one agent has read of one conversation.
CREATE TABLE conversation_reads (
    workspace_id    INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    read_id         INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_reads_conversation ON conversation_reads (workspace_id, conversation_id);

-- Counters behind the inbox's views, kept in the write that moves a conversation: nothing counts in a listing.
CREATE TABLE inbox_counters (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    bucket       TEXT NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    color        TEXT NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX tags_name ON tags (workspace_id, lower(name));

CREATE TABLE conversation_tags (
    workspace_id    INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    tag_id          INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, tag_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, tag_id) REFERENCES tags (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_tags_tag ON conversation_tags (workspace_id, tag_id, conversation_id);

-- Full text of messages, fed in batches about a second behind. The workspace stands in the text as a token.
CREATE VIRTUAL TABLE message_search USING fts5 (body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');

-- Files: content lives once per hash, in chunks, in this same file.

CREATE TABLE blobs (
    hash       BLOB PRIMARY KEY, -- SHA-256 of the content
    size       INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE blob_chunks (
    hash     BLOB NOT NULL REFERENCES blobs (hash) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    content  BLOB NOT NULL,
    PRIMARY KEY (hash, position)
) STRICT;

CREATE TABLE attachments (
    workspace_id    INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    conversation_id INTEGER,
    message_id      INTEGER,
    id              INTEGER PRIMARY KEY,
    hash            BLOB NOT NULL REFERENCES blobs (hash),
    thumbnail_hash  BLOB REFERENCES blobs (hash),
    filename        TEXT NOT NULL,
    content_type    TEXT NOT NULL,
    size            INTEGER NOT NULL,
    width           INTEGER NOT NULL DEFAULT 0,
    height          INTEGER NOT NULL DEFAULT 0,
    uploader_type   TEXT NOT NULL CHECK (uploader_type IN ('visitor', 'agent', 'bot', 'system')),
    uploader_id     INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL DEFAULT 0, -- of a staged file; 0 once it is attached
    created_at      INTEGER NOT NULL,
    FOREIGN KEY (conversation_id, message_id) REFERENCES messages (conversation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX attachments_message ON attachments (conversation_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX attachments_staged ON attachments (expires_at) WHERE expires_at > 0;
CREATE INDEX attachments_hash ON attachments (hash);
CREATE INDEX attachments_thumbnail ON attachments (thumbnail_hash) WHERE thumbnail_hash IS NOT NULL;

-- Machinery.

CREATE TABLE jobs (
    kind         TEXT NOT NULL,
    id           INTEGER PRIMARY KEY,
    workspace_id INTEGER NOT NULL DEFAULT 0,
    unique_key   TEXT,
    payload      TEXT NOT NULL DEFAULT '{}',
    state        TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'parked')),
    run_at       INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL DEFAULT 8,
    last_error   TEXT NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'ready';
CREATE INDEX jobs_state ON jobs (state, id);
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key) WHERE unique_key IS NOT NULL;

CREATE TABLE idempotency_keys (
    scope      TEXT NOT NULL, -- actor and door
    key        TEXT NOT NULL,
    body_hash  BLOB NOT NULL,
    status     INTEGER NOT NULL DEFAULT 0, -- 0 while the first call runs
    answer     BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- +goose Down
SELECT 1;
