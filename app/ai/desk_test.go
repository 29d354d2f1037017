package ai_test

import (
	"testing"

	"deskbell/app/apptest"
	"deskbell/app/llm/llmtest"
)

type m = map[string]any

func TestMain(m *testing.M) { apptest.Main(m) }

// desk is a Deskbell that runs, with what the tests of this package do to it.
type desk struct{ *apptest.Desk }

func newDesk(t testing.TB) *desk {
	t.Helper()
	return &desk{apptest.New(t)}
}

func newDeskWithModel(t testing.TB) (*desk, *llmtest.Server) {
	t.Helper()
	d, s := apptest.WithModel(t)
	return &desk{d}, s
}
