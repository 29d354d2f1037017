-- +goose Up

-- The articles that an author put beside one, in their order. related_id refers to nothing, so that one which was deleted
-- can be named to the author; its title is kept then.
CREATE TABLE article_related (
    workspace_id INTEGER NOT NULL,
    article_id   INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    related_id   INTEGER NOT NULL,
    title        TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, article_id, position),
    FOREIGN KEY (workspace_id, article_id) REFERENCES articles (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX article_related_to ON article_related (workspace_id, related_id);

-- +goose Down
DROP TABLE article_related;
