-- +goose Up

-- What may stand in a column, said so that SQLite does not build a table for it: x IN (a, b, c) in a CHECK makes an
-- ephemeral B-tree of the list in every INSERT and UPDATE, three for each message. The rows stay as they are; this is
-- the way that SQLite describes for constraints (lang_altertable.html, section 8).

PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    'kind IN (''message'', ''note'', ''event'')',
    'kind = ''message'' OR kind = ''note'' OR kind = ''event'''),
    'sender_type IN (''visitor'', ''agent'', ''bot'', ''system'')',
    'sender_type = ''visitor'' OR sender_type = ''agent'' OR sender_type = ''bot'' OR sender_type = ''system'''),
    'delivery_status IN (''pending'', ''sent'', ''delivered'', ''bounced'', ''failed'')',
    'delivery_status = ''pending'' OR delivery_status = ''sent'' OR delivery_status = ''delivered'' OR delivery_status = ''bounced'' OR delivery_status = ''failed''')
WHERE type = 'table' AND name = 'messages';

UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    'status IN (''open'', ''snoozed'', ''closed'')',
    'status = ''open'' OR status = ''snoozed'' OR status = ''closed'''),
    'ai_state IN (''none'', ''ai_handled'', ''handoff'')',
    'ai_state = ''none'' OR ai_state = ''ai_handled'' OR ai_state = ''handoff'''),
    'priority IN (''none'', ''low'', ''normal'', ''high'', ''urgent'')',
    'priority = ''none'' OR priority = ''low'' OR priority = ''normal'' OR priority = ''high'' OR priority = ''urgent''')
WHERE type = 'table' AND name = 'conversations';

UPDATE sqlite_schema SET sql = replace(sql,
    'state IN (''ready'', ''running'', ''parked'')',
    'state = ''ready'' OR state = ''running'' OR state = ''parked''')
WHERE type = 'table' AND name = 'jobs';

PRAGMA writable_schema = RESET;
