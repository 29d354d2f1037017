-- +goose Up
-- Failed attempts to sign in that have come near the limit: a restart must not forget them. The key holds a network and a
-- keyed hash of the address that was tried, never the address: people type passwords into the wrong field.
CREATE TABLE sign_in_failures (
	key     TEXT PRIMARY KEY,
	n       INTEGER NOT NULL CHECK (n > 0),
	last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_at);

-- +goose Down
DROP TABLE sign_in_failures;
