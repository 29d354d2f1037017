-- +goose Up

-- The help center of a workspace: where it is, how it looks, who may read it.

CREATE TABLE help_centers (
    workspace_id INTEGER PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    slug         TEXT NOT NULL UNIQUE,
    domain       TEXT UNIQUE, -- of the workspace's own; the Host header is held against it
    title        TEXT NOT NULL DEFAULT '',
    tagline      TEXT NOT NULL DEFAULT '',
    site_url     TEXT NOT NULL DEFAULT '',
    policy       TEXT NOT NULL DEFAULT 'public' CHECK (policy IN ('public', 'restricted')),
    language     TEXT NOT NULL DEFAULT 'en',
    languages    TEXT NOT NULL DEFAULT '', -- further ones, separated by spaces
    updated_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE collections (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    parent_id    INTEGER,
    position     INTEGER NOT NULL,
    name         TEXT NOT NULL,
    slug         TEXT NOT NULL,
    description  TEXT NOT NULL DEFAULT '',
    icon         TEXT NOT NULL DEFAULT '',
    import_path  TEXT NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    UNIQUE (workspace_id, slug),
    FOREIGN KEY (workspace_id, parent_id) REFERENCES collections (workspace_id, id)
) STRICT;
CREATE INDEX collections_parent ON collections (workspace_id, parent_id, position, id);

-- An article is a place, a state and who may read it; what it says stands in article_texts, once per language.

CREATE TABLE articles (
    workspace_id  INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id            INTEGER PRIMARY KEY,
    collection_id INTEGER,
    position      INTEGER NOT NULL,
    status        TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')),
    visibility    TEXT NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal')),
    author_id     INTEGER NOT NULL DEFAULT 0,
    author_name   TEXT NOT NULL DEFAULT '',
    helpful       INTEGER NOT NULL DEFAULT 0,
    not_helpful   INTEGER NOT NULL DEFAULT 0,
    publish_at    INTEGER NOT NULL DEFAULT 0,
    published_at  INTEGER NOT NULL DEFAULT 0,
    import_path   TEXT NOT NULL DEFAULT '',
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, collection_id) REFERENCES collections (workspace_id, id)
) STRICT;
CREATE INDEX articles_updated ON articles (workspace_id, updated_at DESC, id DESC);
CREATE INDEX articles_collection ON articles (workspace_id, collection_id, position, id);
CREATE INDEX articles_scheduled ON articles (publish_at) WHERE publish_at > 0;

-- The working copy and what readers see, side by side: writing does not disturb what is published.
CREATE TABLE article_texts (
    workspace_id     INTEGER NOT NULL,
    article_id       INTEGER NOT NULL,
    id               INTEGER PRIMARY KEY,
    language         TEXT NOT NULL,
    slug             TEXT NOT NULL,
    revision         INTEGER NOT NULL DEFAULT 1,
    title            TEXT NOT NULL,
    description      TEXT NOT NULL DEFAULT '',
    seo_title        TEXT NOT NULL DEFAULT '',
    content          TEXT NOT NULL DEFAULT '',
    live             INTEGER NOT NULL DEFAULT 0,
    live_revision    INTEGER NOT NULL DEFAULT 0,
    live_title       TEXT NOT NULL DEFAULT '',
    live_description TEXT NOT NULL DEFAULT '',
    live_seo_title   TEXT NOT NULL DEFAULT '',
    live_content     TEXT NOT NULL DEFAULT '',
    live_plain       TEXT NOT NULL DEFAULT '', -- without markup, for search and excerpts
    live_at          INTEGER NOT NULL DEFAULT 0,
    editor_id        INTEGER NOT NULL DEFAULT 0,
    editor_name      TEXT NOT NULL DEFAULT '',
    updated_at       INTEGER NOT NULL,
    UNIQUE (workspace_id, article_id, language),
    UNIQUE (workspace_id, language, slug),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE article_versions (
    workspace_id INTEGER NOT NULL,
    article_id   INTEGER NOT NULL,
    id           INTEGER PRIMARY KEY,
    language     TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    published    INTEGER NOT NULL DEFAULT 0,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    content      TEXT NOT NULL,
    author_id    INTEGER NOT NULL,
    author_name  TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX article_versions_article ON article_versions (workspace_id, article_id, language, id DESC);

-- Addresses that articles and collections had before.
CREATE TABLE help_redirects (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL CHECK (kind IN ('article', 'collection')),
    language     TEXT NOT NULL DEFAULT '',
    slug         TEXT NOT NULL,
    target_id    INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, kind, language, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE article_tags (
    workspace_id INTEGER NOT NULL,
    article_id   INTEGER NOT NULL,
    tag          TEXT NOT NULL,
    PRIMARY KEY (workspace_id, article_id, tag),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX article_tags_tag ON article_tags (workspace_id, tag, article_id);

CREATE TABLE article_feedback (
    workspace_id INTEGER NOT NULL,
    article_id   INTEGER NOT NULL,
    id           INTEGER PRIMARY KEY,
    voter        TEXT NOT NULL, -- a visitor, or a hash of the address and the day
    visitor_id   INTEGER NOT NULL DEFAULT 0,
    language     TEXT NOT NULL DEFAULT '',
    helpful      INTEGER NOT NULL,
    comment      TEXT NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, article_id, voter),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX article_feedback_newest ON article_feedback (workspace_id, article_id, id DESC);

-- Pictures of articles; their content lies in blobs.
CREATE TABLE article_assets (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    hash         BLOB NOT NULL REFERENCES blobs (hash),
    filename     TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size         INTEGER NOT NULL,
    width        INTEGER NOT NULL DEFAULT 0,
    height       INTEGER NOT NULL DEFAULT 0,
    import_path  TEXT NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;
CREATE INDEX article_assets_hash ON article_assets (hash);
CREATE INDEX article_assets_path ON article_assets (workspace_id, import_path) WHERE import_path <> '';

-- Search: what readers may find, what the team may find, the words for typing errors, the synonyms, and what was asked
-- for in vain. Rows of both indices are those of article_texts.

CREATE VIRTUAL TABLE article_search USING fts5 (scope, title, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE draft_search USING fts5 (scope, title, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2');

CREATE TABLE article_words (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    word         TEXT NOT NULL,
    PRIMARY KEY (workspace_id, word)
) STRICT, WITHOUT ROWID;

-- A word and its spellings with one letter left out: similar words share one.
CREATE TABLE article_grams (
    workspace_id INTEGER NOT NULL,
    gram         TEXT NOT NULL,
    word         TEXT NOT NULL,
    PRIMARY KEY (workspace_id, gram, word),
    FOREIGN KEY (workspace_id, word) REFERENCES article_words (workspace_id, word) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX article_grams_word ON article_grams (workspace_id, word);

CREATE TABLE synonyms (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    words        TEXT NOT NULL, -- that mean the same, separated by commas
    PRIMARY KEY (workspace_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE failed_searches (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    query        TEXT NOT NULL,
    n            INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, query)
) STRICT, WITHOUT ROWID;
CREATE INDEX failed_searches_newest ON failed_searches (workspace_id, last_at DESC);

-- Folders of Markdown that came in, and what a run took away or wrote over, to be restored.
CREATE TABLE help_imports (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           INTEGER PRIMARY KEY,
    source       TEXT NOT NULL,
    author_name  TEXT NOT NULL,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    deleted      INTEGER NOT NULL,
    restored_at  INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    UNIQUE (workspace_id, id)
) STRICT;
CREATE INDEX help_imports_newest ON help_imports (workspace_id, id DESC);

CREATE TABLE help_import_entries (
    workspace_id INTEGER NOT NULL,
    import_id    INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    change       TEXT NOT NULL CHECK (change IN ('created', 'updated', 'deleted')),
    article_id   INTEGER NOT NULL,
    path         TEXT NOT NULL,
    before       TEXT NOT NULL DEFAULT '', -- JSON of the article as it was
    PRIMARY KEY (workspace_id, import_id, position),
    FOREIGN KEY (workspace_id, import_id) REFERENCES help_imports (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1;
