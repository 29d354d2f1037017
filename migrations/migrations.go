// Package migrations carries the schema's history: goose SQL files that are applied in order when a file is
// opened. A migration that has landed is never edited; a change is the next file.
package migrations

import "embed"

// FS holds the files.
//
//go:embed *.sql
var FS embed.FS
