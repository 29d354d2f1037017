-- +goose Up

-- What helps the team to answer: saved replies, what may be learned from, and what was said of the AI agent's work.

CREATE TABLE saved_replies (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    owner_id     INTEGER,               -- whose it is alone; NULL: the team's
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    shortcut     TEXT NOT NULL DEFAULT '',
    folder       TEXT NOT NULL DEFAULT '',
    content      TEXT NOT NULL,         -- Markdown with {{placeholders}}
    for_ai       INTEGER NOT NULL DEFAULT 0 CHECK (for_ai = 0 OR owner_id IS NULL), -- the AI agent may say it to visitors
    author_name  TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, owner_id) REFERENCES members (workspace_id, user_id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX saved_replies_shared ON saved_replies (workspace_id, shortcut) WHERE owner_id IS NULL AND shortcut <> '';
CREATE UNIQUE INDEX saved_replies_own ON saved_replies (workspace_id, owner_id, shortcut) WHERE shortcut <> '';

CREATE TABLE copilot_settings (
    workspace_id        INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    learn_conversations INTEGER NOT NULL DEFAULT 0, -- solved conversations are a source for the team
    updated_at          INTEGER NOT NULL
) STRICT;

-- Whatever deletes a conversation takes what was learned from it along.
-- +goose StatementBegin
CREATE TRIGGER conversations_unlearned AFTER DELETE ON conversations BEGIN
    DELETE FROM recall_documents WHERE workspace_id = old.workspace_id AND source = 'conversation' AND source_id = old.id;
END;
-- +goose StatementEnd

-- Questions that the AI agent had no answer to, and what they mean.
CREATE TABLE ai_questions (
    workspace_id INTEGER NOT NULL,
    run_id       INTEGER NOT NULL,
    settled_at   INTEGER NOT NULL DEFAULT 0, -- somebody has dealt with it
    model        TEXT NOT NULL DEFAULT '',   -- of the vector; '': none yet
    vector       BLOB,
    PRIMARY KEY (workspace_id, run_id),
    FOREIGN KEY (workspace_id, run_id) REFERENCES ai_runs (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX ai_questions_new ON ai_questions (workspace_id, run_id) WHERE model = '';
INSERT INTO ai_questions (workspace_id, run_id) SELECT workspace_id, id FROM ai_runs WHERE decision = 'handed_over' AND reason = 'low_confidence';

-- What the team says of a run.
CREATE TABLE ai_reviews (
    workspace_id INTEGER NOT NULL,
    run_id       INTEGER NOT NULL,
    verdict      TEXT NOT NULL CHECK (verdict IN ('right', 'partly', 'wrong')),
    note         TEXT NOT NULL,
    user_id      INTEGER NOT NULL,
    user_name    TEXT NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, run_id),
    FOREIGN KEY (workspace_id, run_id) REFERENCES ai_runs (workspace_id, id) ON DELETE CASCADE
) STRICT;

-- +goose Down
SELECT 1;
