-- +goose Up
-- The full-text index of messages is merged sixteen pieces at a time, as many as SQLite takes: each word is then written again
-- about a third less often (https://sqlite.org/fts5.html#the_usermerge_configuration_option).
INSERT INTO message_search (message_search, rank) VALUES ('usermerge', 16);

-- +goose Down
INSERT INTO message_search (message_search, rank) VALUES ('usermerge', 12);
