package ai

import (
	"context"
	"errors"
	"strings"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/llm"
	"deskbell/app/model"
	"deskbell/app/recall"
	"deskbell/app/safe"
	"deskbell/store"
)

// Why a model's words were not used. Other reasons are kinds of package llm.
const (
	notSure   = "unsure"    // it would have been said, had it been surer
	uncited   = "uncited"   // what it said has no source
	neverWord = "never_say" // it said what must not be said
	overload  = "busy"      // too many are being answered just now
	spentAll  = "budget"
	leftAlone = "paused" // it failed too often
)

// atOnce is how many conversations with models go on at a time; more are answered without one.
const atOnce = 24

// Patience is how long a visitor waits for a model. Afterwards the articles answer in their own words, or a person does:
// nobody waits for more than 15 seconds, neither at the beginning nor for an answer that has stopped growing.
type Patience struct {
	First time.Duration // until something can be shown, and from then on until there is more
	Idle  time.Duration // without a byte
	Whole time.Duration // until the end of an answer that grows
}

// Usual is the patience of those who set no other.
var Usual = Patience{First: 11 * time.Second, Idle: 9 * time.Second, Whole: 40 * time.Second}

const rounds = 3 // times that a model is asked for one answer, with what its tools found

// talk is one conversation with a model about one question.
type talk struct {
	a     *Agent
	who   actor.Actor
	s     *store.AISettings
	q     asked
	th    *thought
	given []passage
	now   *reading
	stop  context.CancelCauseFunc
	first *time.Timer
}

// converse lets the workspace's model answer from what was found. What it says reaches the thought only where it may be
// sent; otherwise the thought tells why not.
func (a *Agent) converse(ctx context.Context, who actor.Actor, s *store.AISettings, q asked, th *thought) {
	select {
	case a.talking <- struct{}{}:
		defer func() { <-a.talking }()
	default:
		th.fallback = overload
		return
	}
	if q.show != nil && !q.show("") { // somebody writes, the visitor sees
		return
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	t := &talk{a: a, who: who, s: s, q: q, th: th, stop: stop}
	t.first = time.AfterFunc(a.Patience.First, func() { stop(context.DeadlineExceeded) })
	defer t.first.Stop()
	err := t.run(ctx)
	if t.now != nil {
		th.draft, th.selfCheck = safe.Clip(t.now.raw.String(), 8000), t.now.sure
	}
	th.fallback = t.verdict(err)
	if th.fallback == "" || th.fallback == notSure {
		th.answer, th.sources = t.now.text(), nil
		t.credit()
	}
	if th.selfCheck >= 0 && err == nil {
		th.confidence = Blend(th.confidence, th.selfCheck)
	}
}

// run asks, does what the model wants done, and asks again.
func (t *talk) run(ctx context.Context) error {
	list, shown := offer(t.th.found, 0)
	t.given = list
	p := ask(t.s, t.q.history, shown, t.q.question)
	p.Timeout, p.Idle = t.a.Patience.Whole, t.a.Patience.Idle
	t.th.promptHash = hashOf(p)
	for round := range rounds {
		p.Tools = nil
		if round < rounds-1 && t.q.conversation != 0 && !t.a.toolless(t.who.Workspace) {
			p.Tools = toolList
		}
		t.now = newReading(t.given, lines(t.s.NeverSay), t.allowed)
		p.Stream = t.heard
		answer, err := t.a.models.Complete(ctx, t.who, "answer", p)
		if llm.KindOf(err) == llm.Refused && p.Tools != nil && ctx.Err() == nil { // many small models know no tools
			p.Tools = nil
			if answer, err = t.a.models.Complete(ctx, t.who, "answer", p); err == nil { // it was not the question that was refused
				t.a.noTools(t.who.Workspace)
			}
		}
		if err != nil {
			return err
		}
		t.th.model = answer.Model
		t.th.tokensIn, t.th.tokensOut, t.th.cost = t.th.tokensIn+answer.TokensIn, t.th.tokensOut+answer.TokensOut, t.th.cost+answer.Cost
		if len(answer.Calls) == 0 || p.Tools == nil {
			t.now.end()
			t.show()
			return nil
		}
		did := t.use(ctx, answer.Calls)
		if t.th.reason != "" {
			return nil
		}
		p.Messages = append(p.Messages, llm.Message{Role: llm.Assistant, Calls: answer.Calls}, llm.Message{Role: llm.User, Results: did})
	}
	return nil
}

// heard takes what the model says as it comes.
func (t *talk) heard(text string) error {
	if t.now.hear(text) {
		t.show()
	}
	if t.now.said {
		t.stop(context.Canceled)
	}
	return nil
}

// show lets the visitor see what may be shown so far, as far as the agent is sure enough to answer at all.
func (t *talk) show() {
	if t.now.text() == "" || t.now.said || Blend(t.th.confidence, t.now.sure) < t.s.Threshold {
		return
	}
	t.first.Reset(t.a.Patience.First)
	if t.q.show != nil && !t.q.show(t.now.text()) {
		t.stop(context.Canceled) // it is not wanted any more
	}
}

// verdict is why what the model said is not sent; empty where it is.
func (t *talk) verdict(err error) string {
	switch {
	case t.now != nil && t.now.said:
		return neverWord
	case errors.Is(err, model.ErrNone), errors.Is(err, model.ErrOff):
		return "off"
	case errors.Is(err, model.ErrPaused):
		return leftAlone
	case errors.Is(err, model.ErrSpent):
		return spentAll
	case err != nil:
		if k := llm.KindOf(err); k != "" {
			return string(k)
		}
		t.a.log.Error("the model of a workspace", "workspace", t.who.Workspace, "error", err)
		return string(fault.Of(err).Kind)
	case t.th.reason != "":
		return ""
	case t.now.text() == "" && t.now.sure == 0:
		return notSure
	case t.now.text() == "" || t.now.dropped > t.now.count-t.now.dropped:
		return uncited
	case Blend(t.th.confidence, t.now.sure) < t.s.Threshold:
		return notSure
	}
	return ""
}

// credit names the articles that the answer cites.
func (t *talk) credit() {
	t.th.cited = map[int]bool{}
	var list []recall.Found
	for _, p := range t.given {
		if p.at >= 0 && t.now.cited[p.id] {
			t.th.cited[p.at] = true
			list = append(list, t.th.found[p.at])
		}
	}
	t.th.sources = t.a.sources(t.who.Workspace, list)
}

// allowed says where links in answers may lead: to the help center, and where the workspace said so.
func (t *talk) allowed(url string) bool {
	if t.q.home != "" && (url == t.q.home || strings.HasPrefix(url, strings.TrimRight(t.q.home, "/")+"/")) {
		return true
	}
	for _, origin := range lines(t.s.LinkOrigins) {
		if url == origin || strings.HasPrefix(url, origin+"/") {
			return true
		}
	}
	return false
}

// shownHTML is an answer as browsers get it, also while it grows.
func shownHTML(text string) string { return safe.HTML(text) }
