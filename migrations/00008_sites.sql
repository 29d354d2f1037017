-- +goose Up

-- A help center may also be read by whoever has its link. The link is made of the machine's secret and this number.

CREATE TABLE help_centers_new (
    workspace_id INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    slug         TEXT NOT NULL UNIQUE,
    domain       TEXT UNIQUE, -- of the workspace's own; the Host header is held against it
    title        TEXT NOT NULL DEFAULT '',
    tagline      TEXT NOT NULL DEFAULT '',
    site_url     TEXT NOT NULL DEFAULT '',
    policy       TEXT NOT NULL DEFAULT 'public' CHECK (policy IN ('public', 'restricted', 'link')),
    link_number  INTEGER NOT NULL DEFAULT 1,
    language     TEXT NOT NULL DEFAULT 'en',
    languages    TEXT NOT NULL DEFAULT '', -- further ones, separated by spaces
    updated_at   INTEGER NOT NULL
) STRICT;
INSERT INTO help_centers_new (workspace_id, slug, domain, title, tagline, site_url, policy, language, languages, updated_at)
SELECT workspace_id, slug, domain, title, tagline, site_url, policy, language, languages, updated_at FROM help_centers;
DROP TABLE help_centers;
ALTER TABLE help_centers_new RENAME TO help_centers;

-- Pages of another help center that were chosen, and what was fetched of them, until somebody takes them over.

CREATE TABLE site_imports (
    workspace_id  INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id            INTEGER PRIMARY KEY,
    state         TEXT NOT NULL DEFAULT 'fetching' CHECK (state IN ('fetching', 'ready', 'failed', 'applied', 'discarded')),
    address       TEXT NOT NULL,
    urls          TEXT NOT NULL, -- a line each
    picture_hosts TEXT NOT NULL DEFAULT '', -- separated by spaces
    publish       INTEGER NOT NULL DEFAULT 0,
    total         INTEGER NOT NULL,
    done          INTEGER NOT NULL DEFAULT 0,
    report        TEXT NOT NULL DEFAULT '{}', -- JSON: what could not be fetched, what would change
    hash          BLOB REFERENCES blobs (hash), -- the zip of what was fetched, while it is needed
    author_id     INTEGER NOT NULL,
    author_name   TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;
CREATE INDEX site_imports_newest ON site_imports (workspace_id, id DESC);
CREATE INDEX site_imports_fetching ON site_imports (id) WHERE state = 'fetching';
CREATE INDEX site_imports_hash ON site_imports (hash) WHERE hash IS NOT NULL;

-- +goose Down
SELECT 1;
