-- +goose Up

-- Which document a chunk is of, without reading the chunk: a question asks that of hundreds.
CREATE INDEX recall_chunks_place ON recall_chunks (workspace_id, id, document_id);

-- +goose Down
SELECT 1;
