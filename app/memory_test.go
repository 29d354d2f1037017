package app

import (
	"os"
	"path/filepath"
	"testing"
)

// The limit is the narrowest of the groups above a process, in both versions of control groups.
func TestTheNarrowestMemoryLimitCounts(t *testing.T) {
	for what, c := range map[string]struct {
		groups string
		files  map[string]string
		want   int64
	}{
		"version 2":              {"0::/system.slice/deskbell.service\n", map[string]string{"system.slice/deskbell.service/memory.max": "268435456\n", "system.slice/memory.max": "max\n"}, 268435456},
		"above":                  {"0::/a/b\n", map[string]string{"a/b/memory.max": "max\n", "a/memory.max": "1000000\n"}, 1000000},
		"a container's own root": {"0::/\n", map[string]string{"memory.max": "123456789\n"}, 123456789},
		"version 1":              {"4:memory:/docker/x\n3:cpu:/docker/x\n", map[string]string{"memory/docker/x/memory.limit_in_bytes": "200000000\n", "memory/memory.limit_in_bytes": "9223372036854771712\n"}, 200000000},
		"none":                   {"4:memory:/\n0::/\n", map[string]string{"memory/memory.limit_in_bytes": "9223372036854771712\n"}, 0},
		"nonsense":               {"what\n0::/a\n", map[string]string{"a/memory.max": "-5\n"}, 0},
	} {
		dir := t.TempDir()
		groups := filepath.Join(dir, "groups")
		c.files["../groups"] = c.groups
		for path, content := range c.files {
			path = filepath.Join(dir, "fs", path)
			os.MkdirAll(filepath.Dir(path), 0o755)
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := memoryLimit(groups, filepath.Join(dir, "fs")); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
	if got := memoryLimit("/there/is/none", "/"); got != 0 {
		t.Errorf("without groups: %d", got)
	}
}
