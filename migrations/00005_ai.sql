-- +goose Up

-- The AI agent: how a workspace wants it, and what it did.

ALTER TABLE messages ADD COLUMN sources TEXT; -- JSON of what an AI answer rests on

CREATE TABLE ai_settings (
    workspace_id   INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    enabled        INTEGER NOT NULL DEFAULT 0,
    enabled_at     INTEGER NOT NULL DEFAULT 0, -- what was asked before is not the agent's
    name           TEXT NOT NULL DEFAULT 'Assistant',
    threshold      REAL NOT NULL DEFAULT 0.6 CHECK (threshold BETWEEN 0 AND 1),
    max_turns      INTEGER NOT NULL DEFAULT 5 CHECK (max_turns BETWEEN 1 AND 50),
    handoff_notice TEXT NOT NULL DEFAULT '',
    topics         TEXT NOT NULL DEFAULT '[]', -- JSON: words that always go to a person
    updated_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE ai_runs (
    workspace_id    INTEGER NOT NULL,
    id              INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL,
    question_id     INTEGER NOT NULL,           -- the visitor's message
    answer_id       INTEGER NOT NULL DEFAULT 0, -- the message that was sent; 0: none
    question        TEXT NOT NULL,
    candidate       TEXT NOT NULL,              -- what would have been or was sent
    decision        TEXT NOT NULL CHECK (decision IN ('answered', 'handed_over')),
    reason          TEXT NOT NULL,              -- of a hand-over
    confidence      REAL NOT NULL,
    threshold       REAL NOT NULL,
    model           TEXT NOT NULL,              -- '' without one
    took_ms         INTEGER NOT NULL,
    helpful         INTEGER,                    -- what the visitor said of it: 0, 1, NULL
    created_at      INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX ai_runs_question ON ai_runs (workspace_id, question_id);
CREATE INDEX ai_runs_conversation ON ai_runs (workspace_id, conversation_id, id);
CREATE INDEX ai_runs_decision ON ai_runs (workspace_id, decision, id);

-- What was found for a question, best first.
CREATE TABLE ai_run_chunks (
    workspace_id INTEGER NOT NULL,
    run_id       INTEGER NOT NULL,
    ordinal      INTEGER NOT NULL,
    source       TEXT NOT NULL,
    source_id    INTEGER NOT NULL,
    title        TEXT NOT NULL,
    heading      TEXT NOT NULL,
    words        REAL NOT NULL,
    meaning      REAL NOT NULL,
    score        REAL NOT NULL,
    cited        INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, run_id, ordinal),
    FOREIGN KEY (workspace_id, run_id) REFERENCES ai_runs (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1;
