// Package widget carries what customers embed in their sites: `go generate` builds it from widget/src, and the binary
// embeds what came of it.
package widget

import (
	"embed"
	"io/fs"
)

//go:generate npm ci --no-audit --no-fund
//go:generate npm run build

//go:embed all:dist
var dist embed.FS

// FS is the built widget; without `go generate` it is empty but for .gitkeep.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
