-- +goose Up

-- What a collection is called in the help center's further languages; in its own it is on the collection's row.
CREATE TABLE collection_texts (
    workspace_id  INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    language      TEXT NOT NULL,
    name          TEXT NOT NULL,
    description   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, collection_id, language),
    FOREIGN KEY (workspace_id, collection_id) REFERENCES collections (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE collection_texts;
