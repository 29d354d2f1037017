-- +goose Up
-- The token that a refresh replaced works for a moment longer: whoever asked at the same time, in another tab or with an
-- answer that was lost, is not sent away.
ALTER TABLE widget_sessions ADD COLUMN previous_hash BLOB;
ALTER TABLE widget_sessions ADD COLUMN previous_until INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX widget_sessions_previous ON widget_sessions (previous_hash) WHERE previous_hash IS NOT NULL;

-- +goose Down
DROP INDEX widget_sessions_previous;
ALTER TABLE widget_sessions DROP COLUMN previous_until;
ALTER TABLE widget_sessions DROP COLUMN previous_hash;
