-- +goose Up

-- The language model of a workspace: where it is, what it may cost, what it did. What the AI agent does with it.

CREATE TABLE ai_models (
    workspace_id   INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    provider       TEXT NOT NULL CHECK (provider IN ('openai', 'anthropic', 'ollama')),
    base_url       TEXT NOT NULL, -- '': the provider's own
    model          TEXT NOT NULL,
    key_sealed     BLOB,          -- NULL: none
    key_end        TEXT NOT NULL DEFAULT '', -- its last characters, to tell keys apart
    enabled        INTEGER NOT NULL DEFAULT 1,
    price_in       INTEGER NOT NULL DEFAULT 0, -- cents for a million tokens; 0: not told
    price_out      INTEGER NOT NULL DEFAULT 0,
    budget_unit    TEXT NOT NULL DEFAULT 'tokens' CHECK (budget_unit IN ('tokens', 'cents')),
    visitor_budget INTEGER NOT NULL DEFAULT 100000, -- of one visitor a day; 0: no bound
    day_budget     INTEGER NOT NULL DEFAULT 0,
    month_budget   INTEGER NOT NULL DEFAULT 0,
    failures       INTEGER NOT NULL DEFAULT 0, -- in a row
    paused_until   INTEGER NOT NULL DEFAULT 0, -- after failures nobody asks it until then
    failed_at      INTEGER NOT NULL DEFAULT 0,
    failure        TEXT NOT NULL DEFAULT '',   -- the kind of the last one
    complaint      TEXT NOT NULL DEFAULT '',   -- in the provider's words
    updated_at     INTEGER NOT NULL
) STRICT;

-- Every call of a model.
CREATE TABLE ai_calls (
    workspace_id    INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id              INTEGER PRIMARY KEY,
    purpose         TEXT NOT NULL, -- answer, check, draft, translate …
    provider        TEXT NOT NULL,
    model           TEXT NOT NULL,
    user_id         INTEGER NOT NULL, -- for whom: a member of staff, or 0
    visitor_id      INTEGER NOT NULL, -- or a visitor, or 0
    tokens_in       INTEGER NOT NULL,
    tokens_out      INTEGER NOT NULL,
    estimated       INTEGER NOT NULL, -- 1: the provider did not say how many tokens there were
    cost            INTEGER NOT NULL, -- millionths of a cent
    took_ms         INTEGER NOT NULL,
    outcome         TEXT NOT NULL, -- ok, or the kind of error
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX ai_calls_workspace ON ai_calls (workspace_id, id);

-- What was spent on a day (since 1970, UTC), by one visitor and (visitor 0) by all.
CREATE TABLE ai_spent (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    day          INTEGER NOT NULL,
    visitor_id   INTEGER NOT NULL,
    tokens       INTEGER NOT NULL,
    cost         INTEGER NOT NULL, -- millionths of a cent
    PRIMARY KEY (workspace_id, day, visitor_id)
) STRICT, WITHOUT ROWID;

-- Whose vectors a workspace's knowledge is found by, where it is not the program's own.
CREATE TABLE ai_embedders (
    workspace_id INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    protocol     TEXT NOT NULL CHECK (protocol IN ('openai', 'ollama')),
    base_url     TEXT NOT NULL,
    model        TEXT NOT NULL,
    dims         INTEGER NOT NULL, -- 0: the model's own
    key_sealed   BLOB,
    key_end      TEXT NOT NULL DEFAULT '',
    updated_at   INTEGER NOT NULL
) STRICT;

ALTER TABLE ai_settings ADD COLUMN use_model INTEGER NOT NULL DEFAULT 1; -- 0: the agent answers in the articles' words, though there is a model
ALTER TABLE ai_settings ADD COLUMN instructions TEXT NOT NULL DEFAULT ''; -- to the model, in the team's words
ALTER TABLE ai_settings ADD COLUMN tone TEXT NOT NULL DEFAULT 'friendly';
ALTER TABLE ai_settings ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- '': the visitor's
ALTER TABLE ai_settings ADD COLUMN guidance TEXT NOT NULL DEFAULT '[]'; -- JSON: rules, one sentence each
ALTER TABLE ai_settings ADD COLUMN never_say TEXT NOT NULL DEFAULT '[]'; -- JSON: words that no answer may hold
ALTER TABLE ai_settings ADD COLUMN link_origins TEXT NOT NULL DEFAULT '[]'; -- JSON: where links in answers may lead, beside the help center
ALTER TABLE ai_settings ADD COLUMN rules TEXT NOT NULL DEFAULT '[]'; -- JSON: attributes whose conversations always go to a person
ALTER TABLE ai_settings ADD COLUMN hours TEXT NOT NULL DEFAULT ''; -- JSON: when people are there; '': always
ALTER TABLE ai_settings ADD COLUMN away_notice TEXT NOT NULL DEFAULT '';

ALTER TABLE ai_runs ADD COLUMN draft TEXT NOT NULL DEFAULT ''; -- what the model wrote, before what could not be shown was taken out
ALTER TABLE ai_runs ADD COLUMN fallback TEXT NOT NULL DEFAULT ''; -- why the model's words were not used
ALTER TABLE ai_runs ADD COLUMN prompt_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE ai_runs ADD COLUMN tokens_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ai_runs ADD COLUMN tokens_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ai_runs ADD COLUMN cost INTEGER NOT NULL DEFAULT 0; -- millionths of a cent
ALTER TABLE ai_runs ADD COLUMN self_check REAL; -- how sure the model said it is, 0 to 1
ALTER TABLE ai_runs ADD COLUMN tools TEXT NOT NULL DEFAULT '[]'; -- JSON: what the model had done

-- +goose Down
SELECT 1;
