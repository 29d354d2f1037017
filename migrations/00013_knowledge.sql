-- +goose Up

-- What a search ranks and shows of a text, beside the indices that it is of: reading whole texts for it would cost more
-- than the search. The rows are those of article_search and draft_search.

CREATE TABLE article_glances (
    id           INTEGER PRIMARY KEY, -- of the text
    workspace_id INTEGER NOT NULL,
    article_id   INTEGER NOT NULL,
    language     TEXT NOT NULL,
    slug         TEXT NOT NULL,
    live         INTEGER NOT NULL,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    plain        TEXT NOT NULL, -- the beginning, without markup
    UNIQUE (workspace_id, article_id, language),
    FOREIGN KEY (workspace_id, article_id, language) REFERENCES article_texts (workspace_id, article_id, language) ON DELETE CASCADE
) STRICT;

CREATE TABLE draft_glances (
    id           INTEGER PRIMARY KEY, -- of the text
    workspace_id INTEGER NOT NULL,
    article_id   INTEGER NOT NULL,
    language     TEXT NOT NULL,
    slug         TEXT NOT NULL,
    live         INTEGER NOT NULL,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    plain        TEXT NOT NULL,
    UNIQUE (workspace_id, article_id, language),
    FOREIGN KEY (workspace_id, article_id, language) REFERENCES article_texts (workspace_id, article_id, language) ON DELETE CASCADE
) STRICT;

INSERT INTO article_glances (id, workspace_id, article_id, language, slug, live, title, description, plain)
SELECT t.id, t.workspace_id, t.article_id, t.language, t.slug, 1, t.live_title, t.live_description, substr(t.live_plain, 1, 3000)
FROM article_texts t JOIN articles a ON a.workspace_id = t.workspace_id AND a.id = t.article_id
WHERE t.live = 1 AND a.status = 'published' AND a.visibility = 'public';

INSERT INTO draft_glances (id, workspace_id, article_id, language, slug, live, title, description, plain)
SELECT t.id, t.workspace_id, t.article_id, t.language, t.slug, t.live, t.title, t.description,
    substr(CASE WHEN t.live = 1 AND t.live_revision = t.revision THEN t.live_plain ELSE t.content END, 1, 3000)
FROM article_texts t JOIN articles a ON a.workspace_id = t.workspace_id AND a.id = t.article_id
WHERE a.status <> 'archived';

-- An import is taken over in small writes. Until it is done it says what is under way, so that it goes on after a stop,
-- and keeps the zip that it is of; an entry says whether its article has been written.

ALTER TABLE help_imports ADD COLUMN state TEXT NOT NULL DEFAULT 'done' CHECK (state IN ('applying', 'undoing', 'failed', 'restoring', 'done'));
ALTER TABLE help_imports ADD COLUMN failure TEXT NOT NULL DEFAULT '';
ALTER TABLE help_imports ADD COLUMN author_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE help_imports ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
ALTER TABLE help_imports ADD COLUMN site_import_id INTEGER NOT NULL DEFAULT 0; -- the pages that are taken over
ALTER TABLE help_imports ADD COLUMN hash BLOB REFERENCES blobs (hash);
ALTER TABLE help_import_entries ADD COLUMN done INTEGER NOT NULL DEFAULT 1;
CREATE INDEX help_imports_unfinished ON help_imports (workspace_id, id) WHERE state IN ('applying', 'undoing', 'restoring');
CREATE INDEX help_imports_hash ON help_imports (hash) WHERE hash IS NOT NULL;

-- Cents for a million tokens that a model server embeds; 0: not told.
ALTER TABLE ai_embedders ADD COLUMN price INTEGER NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
