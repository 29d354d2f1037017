-- +goose Up

-- What can be found by words and by meaning: articles, saved replies and conversations, cut into chunks.

CREATE TABLE recall_documents (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    source       TEXT NOT NULL CHECK (source IN ('article', 'internal_article', 'saved_reply', 'conversation')),
    source_id    INTEGER NOT NULL,
    language     TEXT NOT NULL DEFAULT '', -- '': of none in particular
    audience     TEXT NOT NULL DEFAULT '', -- '': everyone; else a group, of which 'staff' sees all
    published    INTEGER NOT NULL DEFAULT 0,
    title        TEXT NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, source, source_id, language),
    UNIQUE (workspace_id, id)
) STRICT;

-- A chunk never changes: an edit takes some away and adds others.
CREATE TABLE recall_chunks (
    workspace_id INTEGER NOT NULL,
    document_id  INTEGER NOT NULL,
    id           INTEGER PRIMARY KEY,
    ordinal      INTEGER NOT NULL,
    heading      TEXT NOT NULL,
    body         TEXT NOT NULL, -- Markdown
    plain        TEXT NOT NULL, -- what is compared
    hash         BLOB NOT NULL,
    model        TEXT NOT NULL DEFAULT '', -- of the newest vector; '': none yet
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, document_id) REFERENCES recall_documents (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX recall_chunks_document ON recall_chunks (workspace_id, document_id, ordinal);
CREATE INDEX recall_chunks_model ON recall_chunks (workspace_id, model);

CREATE TABLE recall_vectors (
    workspace_id INTEGER NOT NULL,
    document_id  INTEGER NOT NULL,
    chunk_id     INTEGER NOT NULL,
    model        TEXT NOT NULL,
    vector       BLOB NOT NULL, -- float32 scale, then int8s
    PRIMARY KEY (workspace_id, chunk_id, model),
    FOREIGN KEY (workspace_id, chunk_id) REFERENCES recall_chunks (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, document_id) REFERENCES recall_documents (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX recall_vectors_document ON recall_vectors (workspace_id, document_id);

-- How far a workspace's vectors are.
CREATE TABLE recall_indexes (
    workspace_id INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    wanted       TEXT NOT NULL DEFAULT '', -- the model that is being worked towards
    serving      TEXT NOT NULL DEFAULT '', -- the model that answers
    done         INTEGER NOT NULL DEFAULT 0,
    total        INTEGER NOT NULL DEFAULT 0,
    last_error   TEXT NOT NULL DEFAULT '',
    updated_at   INTEGER NOT NULL
) STRICT;

-- Written in the same transaction as the chunk. The workspace stands in the text as a token.
CREATE VIRTUAL TABLE recall_words USING fts5 (workspace, title, heading, body, content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2');
-- +goose StatementBegin
CREATE TRIGGER recall_chunks_gone AFTER DELETE ON recall_chunks BEGIN
    DELETE FROM recall_words WHERE rowid = old.id;
END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
