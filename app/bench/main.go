// Bench measures what Deskbell promises of speed and size, and prints one table.
//
//	go run ./app/bench                    all cells, about fifteen minutes
//	go run ./app/bench -cells post,idle   some of them
//
// Machines are noisy and shared, so figures are ratios of things that ran in the same call, in turns: the bare writer
// (one prepared INSERT and UPDATE a message, group commit, FULL), a prototype that does nothing but take a message,
// commit it and push it, and the product. Quote the ratios.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"text/tabwriter"
	"time"

	"deskbell/app/recall"
)

// settings are how much is measured.
type settings struct {
	past     int
	cells    string
	length   time.Duration
	rounds   int
	sockets  int
	messages int
	profile  string
	versus   string
	keep     string
}

// row is one line of the table.
type row struct{ what, figure, target string }

type table []row

func (t *table) add(what, target, format string, args ...any) {
	r := row{what, fmt.Sprintf(format, args...), target}
	*t = append(*t, r)
	fmt.Fprintf(os.Stderr, "%s: %s (%s)\n", r.what, r.figure, r.target)
}

func (t table) print() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tmeasured\ttarget")
	for _, r := range t {
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.what, r.figure, r.target)
	}
	w.Flush()
}

// cells are what can be measured, in this order.
var cells = []struct {
	name string
	run  func(context.Context, settings, *table) error
}{
	{"post", post}, {"lone", lone}, {"idle", idle}, {"inbox", inboxPage}, {"backup", duringBackup}, {"start", start},
	{"search", search}, {"recall", recalling}, {"chunks", startKnowing}, {"import", importing}, {"learning", learning}, {"reindex", reindex},
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "embed" { // a process that learns beside the measured one
		if err := recall.Passages(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "serve" { // a process that is measured
		if err := serve(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	var s settings
	flag.StringVar(&s.cells, "cells", "post,lone,idle,inbox,backup,start,search,recall,chunks,import,learning,reindex", "what to measure")
	flag.DurationVar(&s.length, "length", 4*time.Second, "of one turn")
	flag.IntVar(&s.rounds, "rounds", 3, "turns of each party; the median counts")
	flag.IntVar(&s.past, "past", 20_000, "conversations of 15 messages that stand in the file before anybody posts")
	flag.IntVar(&s.sockets, "sockets", 10000, "idle visitor sockets")
	flag.IntVar(&s.messages, "messages", 1_000_000, "conversations and messages of the large inbox")
	flag.StringVar(&s.versus, "versus", "", "other builds of this program whose product takes turns with this one's (post): paths, with spaces between")
	flag.StringVar(&s.keep, "keep", "", "a directory for the articles of search: filled by the first call, searched by all")
	flag.StringVar(&s.profile, "profile", "", "where the product writes a profile: of its processor time (post, search) or of its heap with the idle sockets (idle)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var t table
	for _, c := range cells {
		if !strings.Contains(","+s.cells+",", ","+c.name+",") {
			continue
		}
		if err := c.run(ctx, s, &t); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", c.name, err)
			stop()
			t.print()
			os.Exit(1)
		}
	}
	t.print()
}
