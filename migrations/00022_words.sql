-- +goose Up
-- The full-text index of messages keeps in which message a word stands, and no longer where in it: nobody searches for
-- phrases, and what is not kept need not be written and merged (https://sqlite.org/fts5.html#the_detail_option). It is
-- merged in small steps by whoever feeds it, never by SQLite in the middle of a write, where it held up every message
-- behind it for 50 ms and more. The index is fed anew from the first message on, in the background.
DROP TABLE message_search;
CREATE VIRTUAL TABLE message_search USING fts5 (body, content = '', contentless_delete = 1, detail = 'none', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO message_search (message_search, rank) VALUES ('automerge', 0);
INSERT INTO message_search (message_search, rank) VALUES ('usermerge', 12);
INSERT INTO message_search (message_search, rank) VALUES ('crisismerge', 200);
DELETE FROM meta WHERE key = 'search_fed';

-- +goose Down
DROP TABLE message_search;
CREATE VIRTUAL TABLE message_search USING fts5 (body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO message_search (message_search, rank) VALUES ('automerge', 12);
DELETE FROM meta WHERE key = 'search_fed';
