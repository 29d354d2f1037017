package store

import (
	"slices"

	sqlite3 "modernc.org/sqlite/lib"
)

// Topic names something that can change: a table, the rows of a table that share a value, one row, the identity of one
// row, or what is not in the file (Aside). It is the hash of its words, so that naming costs no memory: two things of
// one topic only cost a run that changes nothing.
type Topic uint64

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
	Values []int64 // of the watched columns, as they are, or were of a row that is gone; 0 where one is no number
}

// Commit tells watchers what one durable batch changed, in order. Topics are what was touched outside the file.
type Commit struct {
	Seq     uint64
	Topics  []Topic
	Changes []Change
}

// In reports whether the commit changed rows of one of these tables.
func (c *Commit) In(tables ...string) bool {
	for i := range c.Changes {
		if slices.Contains(tables, c.Changes[i].Table) {
			return true
		}
	}
	return false
}

// watched lists, per table, the leading columns (in the schema's order) whose values become topics. A name of
// "" is a column without a topic. Every table is here or in quiet, or Open fails.
var watched = map[string][]string{
	"users":                {"id"},
	"workspaces":           {"id"},
	"workspace_origins":    {"workspace_id"},
	"members":              {"workspace_id", "user_id"},
	"invitations":          {"workspace_id"},
	"sessions":             {"user_id", "id"},
	"api_keys":             {"workspace_id", "id"},
	"visitors":             {"workspace_id", "id"},
	"widget_sessions":      {"", "visitor_id", "id"},
	"messenger_settings":   {"workspace_id"},
	"conversations":        {"workspace_id", "id", "visitor_id"},
	"messages":             {"", "conversation_id"},
	"scheduled_messages":   {"", "conversation_id"},
	"conversation_reads":   {"", "user_id", "conversation_id"},
	"drafts":               {"", "user_id"},
	"inbox_counters":       {"workspace_id"},
	"tags":                 {"workspace_id"},
	"conversation_tags":    {"workspace_id", "conversation_id"},
	"attachments":          {"", "conversation_id", "message_id"},
	"recall_documents":     {"workspace_id", "id"},
	"recall_vectors":       {"workspace_id", "document_id"},
	"recall_indexes":       {"workspace_id"},
	"ai_settings":          {"workspace_id"},
	"ai_runs":              {"workspace_id", "", "conversation_id"},
	"saved_replies":        {"workspace_id"},
	"copilot_settings":     {"workspace_id"},
	"message_translations": {"", "conversation_id"},
	"ai_questions":         {"workspace_id"},
	"ai_reviews":           {"workspace_id", "run_id"},
	"ai_models":            {"workspace_id"},
	"ai_calls":             {"workspace_id"},
	"ai_spent":             {"workspace_id"},
	"ai_embedders":         {"workspace_id"},
	"jobs":                 {"kind"},

	"help_centers":     {"workspace_id"},
	"collections":      {"workspace_id", "id"},
	"collection_texts": {"workspace_id"},
	"articles":         {"workspace_id", "id", "collection_id"},
	"article_texts":    {"workspace_id", "article_id"},
	"article_versions": {"", "article_id"},
	"article_tags":     {"workspace_id", "article_id"},
	"article_related":  {"workspace_id", "article_id"},
	"article_feedback": {"workspace_id", "article_id"},
	"synonyms":         {"workspace_id"},
	"failed_searches":  {"workspace_id"},
	"help_imports":     {"workspace_id"},
	"site_imports":     {"workspace_id"},
}

// quiet lists the tables whose changes nobody watches.
var quiet = map[string]bool{
	"sign_in_failures": true,
	"meta":             true, "blobs": true, "blob_chunks": true, "idempotency_keys": true, "goose_db_version": true,
	"message_search": true, "message_search_data": true, "message_search_idx": true, "message_search_content": true,
	"message_search_docsize": true, "message_search_config": true,
	"ai_run_chunks": true, "recall_chunks": true, "recall_learned": true, "recall_words": true, "recall_words_data": true, "recall_words_idx": true, "recall_words_content": true,
	"recall_words_docsize": true, "recall_words_config": true,
	"help_redirects": true, "article_assets": true, "article_words": true, "article_grams": true, "help_import_entries": true,
	"article_search": true, "article_search_data": true, "article_search_idx": true, "article_search_content": true,
	"article_search_docsize": true, "article_search_config": true,
	"draft_search": true, "draft_search_data": true, "draft_search_idx": true, "draft_search_content": true,
	"draft_search_docsize": true, "draft_search_config": true, "article_glances": true, "draft_glances": true,
	"sqlite_sequence": true, "sqlite_stat1": true, "sqlite_stat4": true,
}

// labels are the topics of one table, made beforehand.
type labels struct {
	name            string
	table, row, key Topic
	columns         []Topic
	watched         []bool
}

var labelled = func() map[string]*labels {
	all := make(map[string]*labels, len(watched))
	for table, columns := range watched {
		n := &labels{name: table, table: tableTopic(table), row: words(table, "#"), key: words(table, "!")}
		for _, c := range columns {
			n.columns, n.watched = append(n.columns, words(table, "/", c)), append(n.watched, c != "")
		}
		all[table] = n
	}
	return all
}()

// words hashes what a topic is made of (FNV-1a).
func words(list ...string) Topic {
	h := uint64(14695981039346656037)
	for _, s := range list {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
	}
	return Topic(h)
}

// of is a topic's part with this value (the finish of SplitMix64).
func (t Topic) of(value int64) Topic {
	h := uint64(t) + uint64(value)*0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return Topic(h ^ h>>31)
}

func tableTopic(table string) Topic { return words(table) }

// topicOf names the rows of a table whose column has this value.
func topicOf(table, column string, value int64) Topic { return words(table, "/", column).of(value) }

// rowTopic names one row.
func rowTopic(table string, row int64) Topic { return words(table, "#").of(row) }

// keyTopic names the identity of one row: it changes when the row comes, goes, or has another value in a watched
// column; what else the row holds does not matter.
func keyTopic(table string, row int64) Topic { return words(table, "!").of(row) }

// Aside names something outside the file that concerns one thing in it, such as who is typing in a conversation.
func Aside(word string, id ID) Topic { return words("~", word).of(int64(id)) }

// observer collects what the writer's connection changes, through SQLite's pre-update hook: it sees cascades,
// upserts and triggers too, so that nobody can forget to announce.
type observer struct {
	fresh   *fresh
	hot     hot
	changes []Change
	touched uint64  // rows of any table, so far
	topics  []Topic // of all changes, in one piece
	values  []int64
	was, is []watchedValue
}

func (o *observer) saw(d change) {
	o.touched++
	n := labelled[string(d.table())] // does not copy
	if n == nil {
		return
	}
	if d.op() != Insert {
		switch n.name {
		case "messages":
			o.fresh.changes(ID(d.oldRow))
		case "conversations":
			delete(o.hot, ID(d.oldRow))
		}
	}
	k := len(n.columns)
	if cap(o.was) < k {
		o.was, o.is = make([]watchedValue, k), make([]watchedValue, k)
	}
	was, is := o.was[:k], o.is[:k]
	ch := Change{Table: n.name, Row: d.newRow, Op: d.op()}
	start := len(o.topics)
	switch ch.Op {
	case Insert:
		d.now(is)
		o.topics = append(o.topics, n.table, n.row.of(ch.Row), n.key.of(ch.Row))
		o.add(n, is, nil)
	case Update:
		d.before(was)
		d.now(is)
		o.topics = append(o.topics, n.table, n.row.of(ch.Row))
		o.add(n, is, nil)
		if !slices.Equal(was, is) {
			o.topics = append(o.topics, n.key.of(ch.Row))
			o.add(n, was, is)
		}
	default:
		ch.Row = d.oldRow
		d.before(is)
		o.topics = append(o.topics, n.table, n.row.of(ch.Row), n.key.of(ch.Row))
		o.add(n, is, nil)
	}
	ch.Topics = o.topics[start:len(o.topics):len(o.topics)]
	first := len(o.values)
	for _, v := range is {
		i := v.number
		if v.kind != sqlite3.SQLITE_INTEGER {
			i = 0
		}
		o.values = append(o.values, i)
	}
	ch.Values = o.values[first:len(o.values):len(o.values)]
	o.changes = append(o.changes, ch)
}

// add names the watched columns' values, but for those that are as in except.
func (o *observer) add(n *labels, vals, except []watchedValue) {
	for i, t := range n.columns {
		if n.watched[i] && vals[i].kind != 0 && (except == nil || vals[i] != except[i]) {
			o.topics = append(o.topics, t.of(vals[i].number))
		}
	}
}

// taken are the changes of a commit; what comes next stands elsewhere.
func (o *observer) taken() []Change {
	if len(o.changes) == 0 {
		return nil
	}
	changes := o.changes // the next are about as many
	o.changes, o.topics, o.values = make([]Change, 0, len(changes)), make([]Topic, 0, len(o.topics)), make([]int64, 0, len(o.values))
	return changes
}

func (o *observer) reset() { o.changes, o.topics, o.values = o.changes[:0], o.topics[:0], o.values[:0] }

// back forgets the changes after a mark: they were undone.
func (o *observer) back(mark int) {
	if mark < len(o.changes) {
		o.changes = o.changes[:mark]
	}
}
