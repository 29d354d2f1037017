package store

import (
	"slices"
	"strconv"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Topic names something that can change: a table ("messages"), the rows of a table that share a value
// ("messages/conversation_id=7"), one row ("messages#7"), or the identity of one ("messages!7"). What is not in the file has topics of its own
// words ("typing/7"); see DB.Touch.
type Topic string

// Op is what happened to a row.
type Op uint8

// The ways a row changes.
const (
	Insert Op = iota + 1
	Update
	Delete
)

// Change is one row that a commit changed. Topics are those of the row as it was and as it is.
type Change struct {
	Table  string
	Row    int64 // rowid; without meaning for tables WITHOUT ROWID
	Op     Op
	Topics []Topic
}

// Commit tells watchers what one durable batch changed, in order.
type Commit struct {
	Seq     uint64
	Topics  []Topic
	Changes []Change
}

// watched lists, per table, the leading columns (in the schema's order) whose values become topics. A name of
// "" is a column without a topic. Every table is here or in quiet, or Open fails.
var watched = map[string][]string{
	"users":              {"id"},
	"workspaces":         {"id"},
	"workspace_origins":  {"workspace_id"},
	"members":            {"workspace_id", "user_id"},
	"invitations":        {"workspace_id"},
	"sessions":           {"user_id", "id"},
	"api_keys":           {"workspace_id", "id"},
	"visitors":           {"workspace_id", "id"},
	"widget_sessions":    {"", "visitor_id", "id"},
	"messenger_settings": {"workspace_id"},
	"conversations":      {"workspace_id", "id", "visitor_id"},
	"messages":           {"", "conversation_id"},
	"scheduled_messages": {"", "conversation_id"},
	"conversation_reads": {"", "user_id", "conversation_id"},
	"inbox_counters":     {"workspace_id"},
	"tags":               {"workspace_id"},
	"conversation_tags":  {"workspace_id", "conversation_id"},
	"attachments":        {"", "conversation_id", "message_id"},
	"recall_documents":   {"workspace_id", "id"},
	"recall_vectors":     {"workspace_id", "document_id"},
	"recall_indexes":     {"workspace_id"},
	"ai_settings":        {"workspace_id"},
	"ai_runs":            {"workspace_id", "", "conversation_id"},
	"jobs":               {"kind"},

	"help_centers":     {"workspace_id"},
	"collections":      {"workspace_id", "id"},
	"articles":         {"workspace_id", "id", "collection_id"},
	"article_texts":    {"workspace_id", "article_id"},
	"article_versions": {"", "article_id"},
	"article_tags":     {"workspace_id", "article_id"},
	"article_feedback": {"workspace_id", "article_id"},
	"synonyms":         {"workspace_id"},
	"failed_searches":  {"workspace_id"},
	"help_imports":     {"workspace_id"},
}

// quiet lists the tables whose changes nobody watches.
var quiet = map[string]bool{
	"meta": true, "blobs": true, "blob_chunks": true, "idempotency_keys": true, "goose_db_version": true,
	"message_search": true, "message_search_data": true, "message_search_idx": true, "message_search_content": true,
	"message_search_docsize": true, "message_search_config": true,
	"ai_run_chunks": true, "recall_chunks": true, "recall_words": true, "recall_words_data": true, "recall_words_idx": true, "recall_words_content": true,
	"recall_words_docsize": true, "recall_words_config": true,
	"help_redirects": true, "article_assets": true, "article_words": true, "article_grams": true, "help_import_entries": true,
	"article_search": true, "article_search_data": true, "article_search_idx": true, "article_search_content": true,
	"article_search_docsize": true, "article_search_config": true,
	"draft_search": true, "draft_search_data": true, "draft_search_idx": true, "draft_search_content": true,
	"draft_search_docsize": true, "draft_search_config": true,
	"sqlite_sequence": true, "sqlite_stat1": true, "sqlite_stat4": true,
}

// topicOf names the rows of a table whose column has this value.
func topicOf(table, column string, value int64) Topic {
	return Topic(table + "/" + column + "=" + strconv.FormatInt(value, 10))
}

// rowTopic names one row.
func rowTopic(table string, row int64) Topic {
	return Topic(table + "#" + strconv.FormatInt(row, 10))
}

// keyTopic names the identity of one row: it changes when the row comes, goes, or has another value in a watched
// column; what else the row holds does not matter.
func keyTopic(table string, row int64) Topic {
	return Topic(table + "!" + strconv.FormatInt(row, 10))
}

// observer collects what the writer's connection changes, through SQLite's pre-update hook: it sees cascades,
// upserts and triggers too, so that nobody can forget to announce.
type observer struct{ changes []Change }

func (o *observer) attach(c *conn) {
	c.raw.(sqlite.HookRegisterer).RegisterPreUpdateHook(o.saw)
}

func (o *observer) saw(d sqlite.SQLitePreUpdateData) {
	columns, ok := watched[d.TableName]
	if !ok {
		return
	}
	ch := Change{Table: d.TableName, Row: d.NewRowID, Topics: make([]Topic, 0, 3+len(columns))}
	vals := make([]any, len(columns))
	switch d.Op {
	case sqlite3.SQLITE_INSERT:
		ch.Op = Insert
		d.New(vals...)
		ch.add(columns, vals)
	case sqlite3.SQLITE_UPDATE:
		ch.Op = Update
		d.Old(vals...)
		ch.add(columns, vals)
		old := slices.Clone(vals)
		d.New(vals...)
		ch.add(columns, vals)
		if slices.Equal(old, vals) {
			o.changes = append(o.changes, ch)
			return
		}
	default:
		ch.Op, ch.Row = Delete, d.OldRowID
		d.Old(vals...)
		ch.add(columns, vals)
	}
	ch.Topics = append(ch.Topics, keyTopic(ch.Table, ch.Row))
	o.changes = append(o.changes, ch)
}

func (ch *Change) add(columns []string, vals []any) {
	if len(ch.Topics) == 0 {
		ch.Topics = append(ch.Topics, Topic(ch.Table), rowTopic(ch.Table, ch.Row))
	}
	for i, column := range columns {
		if column == "" {
			continue
		}
		var t Topic
		switch v := vals[i].(type) {
		case int64:
			t = topicOf(ch.Table, column, v)
		case string:
			t = Topic(ch.Table + "/" + column + "=" + v)
		default:
			continue
		}
		if !ch.has(t) {
			ch.Topics = append(ch.Topics, t)
		}
	}
}

func (ch *Change) has(t Topic) bool {
	for _, u := range ch.Topics {
		if u == t {
			return true
		}
	}
	return false
}
