-- +goose Up
-- The full-text indices of articles are made anew: their rows are the texts' ids below zero, so that the newest come first where
-- FTS5 walks forwards, and the workspace stands in them as a word alone and with the language (store.Finder). The texts are fed
-- in the background, from the one on that help_fed names; where there are none, there is nothing to do.
DROP TABLE article_search;
DROP TABLE draft_search;
CREATE VIRTUAL TABLE article_search USING fts5 (scope, title, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE draft_search USING fts5 (scope, title, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO meta (key, value) SELECT 'help_fed', '0' WHERE EXISTS (SELECT 1 FROM article_texts);

-- +goose Down
DROP TABLE article_search;
DROP TABLE draft_search;
CREATE VIRTUAL TABLE article_search USING fts5 (scope, title, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE draft_search USING fts5 (scope, title, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2');
DELETE FROM meta WHERE key = 'help_fed';
