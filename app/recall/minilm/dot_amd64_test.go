package minilm

import "testing"

func TestOlderProcessorsCountAlike(t *testing.T) {
	if !faster {
		t.Skip("this one is an older one")
	}
	faster = false
	defer func() { faster = true }()
	TestAllProcessorsCountAlike(t)
}
