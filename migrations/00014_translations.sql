-- +goose Up

-- What was said, in a language that a member of the team reads. A message never changes, and so its translation stays.
CREATE TABLE message_translations (
    workspace_id    INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    message_id      INTEGER NOT NULL,
    language        TEXT NOT NULL, -- BCP 47, in lower case
    content         TEXT NOT NULL, -- Markdown
    model           TEXT NOT NULL, -- which made it
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, message_id, language),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (conversation_id, message_id) REFERENCES messages (conversation_id, id) ON DELETE CASCADE ON UPDATE CASCADE -- it moves along
) STRICT, WITHOUT ROWID;
CREATE INDEX message_translations_conversation ON message_translations (workspace_id, conversation_id);

-- What went to a person because the model failed or had no budget left had no answer either.
INSERT INTO ai_questions (workspace_id, run_id) SELECT workspace_id, id FROM ai_runs WHERE decision = 'handed_over' AND reason IN ('budget', 'failure')
    ON CONFLICT DO NOTHING;

-- +goose Down
SELECT 1;
