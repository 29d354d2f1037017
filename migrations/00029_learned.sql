-- +goose Up
-- By which model a chunk was learned last stands apart from its text: to note it, SQLite wrote the whole text again.
CREATE TABLE recall_learned (
    workspace_id INTEGER NOT NULL,
    chunk_id     INTEGER PRIMARY KEY,
    model        TEXT NOT NULL DEFAULT '', -- '': none yet
    FOREIGN KEY (workspace_id, chunk_id) REFERENCES recall_chunks (workspace_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO recall_learned (workspace_id, chunk_id, model) SELECT workspace_id, id, model FROM recall_chunks ORDER BY id;
CREATE INDEX recall_learned_model ON recall_learned (workspace_id, model);
DROP INDEX recall_chunks_model;
ALTER TABLE recall_chunks DROP COLUMN model;

-- +goose Down
ALTER TABLE recall_chunks ADD COLUMN model TEXT NOT NULL DEFAULT '';
UPDATE recall_chunks SET model = (SELECT model FROM recall_learned WHERE chunk_id = recall_chunks.id);
CREATE INDEX recall_chunks_model ON recall_chunks (workspace_id, model);
DROP TABLE recall_learned;
