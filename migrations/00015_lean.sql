-- +goose Up
-- What each message moved without need. A visitor has some dozens of conversations: they are sorted when they are asked
-- for, and a message need not move one in a third index.
DROP INDEX conversations_visitor;
CREATE INDEX conversations_visitor ON conversations (workspace_id, visitor_id);
-- The full-text index of messages is merged less often (https://sqlite.org/fts5.html#the_automerge_configuration_option):
-- each merge writes everything once more, and what is read are the newest rows.
INSERT INTO message_search (message_search, rank) VALUES ('automerge', 12);

-- +goose Down
DROP INDEX conversations_visitor;
CREATE INDEX conversations_visitor ON conversations (workspace_id, visitor_id, last_message_at DESC, id DESC);
INSERT INTO message_search (message_search, rank) VALUES ('automerge', 4);
