package recall_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"deskbell/app/recall"
	"deskbell/store"
)

// TestMain lets this program be the process that learns: it notes its number, and does as it is told.
func TestMain(m *testing.M) {
	if len(os.Args) != 4 || os.Args[1] != "embed" {
		os.Exit(m.Run())
	}
	if f, err := os.OpenFile(os.Args[3], os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
		fmt.Fprintln(f, os.Getpid())
		f.Close()
	}
	switch os.Args[2] {
	case "well":
		recall.Passages(os.Stdin, os.Stdout)
	case "babbling":
		fmt.Println(`["what", {}]`)
	case "short":
		fmt.Println(`[0.6, 0.8]`)
	case "hanging":
		select {}
	}
}

// learnsApart has more to learn than what somebody has just written, and says which processes helped.
func learnsApart(t *testing.T, how string) (h *house, ws store.ID, helpers []string) {
	t.Helper()
	noted := filepath.Join(t.TempDir(), "helpers")
	h = build(t, nil, func(x *recall.Index) { x.Apart(os.Args[0], "embed", how, noted) })
	ws = h.workspace("shop")
	list := []recall.Document{article(1000, "Returns", "Send it back within thirty days and your money comes back.")} // what is oldest is learned last
	for i := range 60 {
		list = append(list, article(i, "Lamp "+strconv.Itoa(i), "It takes a bulb of "+strconv.Itoa(i)+" watts."))
	}
	h.put(ws, list...)
	h.settled(ws, complete(len(list)))
	raw, _ := os.ReadFile(noted)
	return h, ws, strings.Fields(string(raw))
}

// refunds looks for what only its meaning finds.
func (h *house) refunds(ws store.ID) {
	h.t.Helper()
	_, found := h.find(recall.Query{Workspace: ws, Text: "how do I get a refund", Sources: []store.ChunkSource{store.FromArticle}})
	if len(found) == 0 || found[0].Document.SourceID != 1000 || found[0].Meaning < 0.3 {
		h.t.Errorf("not found by what it means: %v", found)
	}
}

func TestWhatCanWaitIsLearnedInAProcessOfItsOwn(t *testing.T) {
	h, ws, helpers := learnsApart(t, "well")
	if len(helpers) != 1 {
		t.Fatalf("%d processes learned, not one", len(helpers))
	}
	h.refunds(ws)
	h.stop()
	if _, err := os.Stat("/proc/" + helpers[0]); err == nil {
		t.Error("the process outlives the index")
	}
}

func TestAProcessThatDoesNotLearnHoldsUpNothing(t *testing.T) {
	for _, how := range []string{"ending", "babbling", "short", "hanging"} {
		h, ws, helpers := learnsApart(t, how)
		if len(helpers) != 1 {
			t.Errorf("%s: %d processes were tried, not one", how, len(helpers))
		}
		h.refunds(ws)
		h.stop()
	}
	h := build(t, nil, func(x *recall.Index) { x.Apart(filepath.Join(t.TempDir(), "missing")) })
	ws := h.workspace("shop")
	for i := range 50 {
		h.put(ws, article(i, "Lamp "+strconv.Itoa(i), "It shines."))
	}
	h.settled(ws, complete(50))
}
