package web_test

import (
	"testing"

	"deskbell/app/apptest"
)

type m = map[string]any

func TestMain(m *testing.M) { apptest.Main(m) }
