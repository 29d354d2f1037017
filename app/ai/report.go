package ai

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"deskbell/app/actor"
	"deskbell/app/fault"
	"deskbell/app/safe"
	"deskbell/store"
)

const (
	looked  = 10000 // runs that a report looks at
	tried   = 200   // conversations that another threshold is tried on
	buckets = 10    // of confidence
)

// Judge is what a member says of a run: whether what the agent said, or would have said, is right.
type Judge struct {
	RunID   store.ID `json:"runId"`
	Verdict *string  `json:"verdict" nullable:"true" enum:"right,partly,wrong" doc:"null takes it back"`
	Note    string   `json:"note,omitempty" maxLength:"8000" doc:"what would have been right"`
}

// Review is what a member said of a run.
type Review struct {
	Verdict string     `json:"verdict" enum:"right,partly,wrong"`
	Note    *string    `json:"note"`
	By      string     `json:"by"`
	At      store.Time `json:"at"`
}

func review(r store.AIReview) *Review {
	out := &Review{Verdict: r.Verdict, By: r.UserName, At: r.UpdatedAt}
	if r.Note != "" {
		out.Note = &r.Note
	}
	return out
}

// Judge keeps what a member says of a run.
func (a *Agent) Judge(ctx context.Context, who actor.Actor, in Judge) (out Run, err error) {
	note := safe.Text(in.Note)
	if len([]rune(note)) > 2000 {
		return out, fault.New(fault.Invalid, "A note has at most 2000 characters.").On("note")
	}
	_, err = a.db.Write(ctx, who.Workspace, func(tx *store.Tx) error {
		r, err := tx.AI.Run(in.RunID)
		if err != nil {
			return err
		}
		if in.Verdict == nil {
			err = tx.AI.Unreview(r.ID)
		} else {
			if r.Candidate == "" {
				return fault.New(fault.Conflict, "There was no answer to judge.")
			}
			err = tx.AI.Review(&store.AIReview{Run: r.ID, Verdict: *in.Verdict, Note: note, User: who.User, UserName: who.Name})
		}
		if err != nil {
			return err
		}
		list, err := a.runs(tx, []store.AIRun{*r})
		if err == nil {
			out = list[0]
		}
		return err
	})
	return out, err
}

// ReportIn says how far back to look.
type ReportIn struct {
	Days int `json:"days,omitempty" minimum:"1" maximum:"366"`
}

// Report is how the agent did.
type Report struct {
	Conversations int          `json:"conversations"` // in which it was asked
	Resolved      int          `json:"resolved"`      // of them, those it answered without a person, and without a complaint
	HandedOver    int          `json:"handedOver"`    // of them, those that went to a person
	Questions     int          `json:"questions"`
	Answered      int          `json:"answered"` // of the questions
	Reasons       []Reason     `json:"reasons"`  // of hand-overs
	Helpful       int          `json:"helpful"`  // visitors said so
	NotHelpful    int          `json:"notHelpful"`
	Right         int          `json:"right"` // the team said so
	Partly        int          `json:"partly"`
	Wrong         int          `json:"wrong"`
	Judged        int          `json:"judged"`   // by either; where both did, the team counts
	Buckets       []Bucket     `json:"buckets"`  // of the judged ones, by how sure the agent was
	Outcomes      []Outcome    `json:"outcomes"` // of the last conversations, newest first
	Complete      bool         `json:"complete"` // nothing within the time was left out
	Spent         []SpentByUse `json:"spent"`
}

// Reason is why conversations were handed over, and how often.
type Reason struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Bucket is judged answers of like confidence. Low and High are the bounds within which the true share of right ones lies nineteen
// times out of twenty (Wilson, 1927). An answer that is right in part does not count as right.
type Bucket struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int     `json:"count"`
	Right int     `json:"right"`
	Said  float64 `json:"said"` // the mean confidence
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Outcome is what another threshold would have meant for a conversation: it would have gone to a person if Least is below the
// threshold, or in any case if it is Forced.
type Outcome struct {
	ConversationID store.ID `json:"conversationId"`
	Least          float64  `json:"least"`  // the least confidence of what could be said
	Forced         bool     `json:"forced"` // a person was asked for, or nothing could be said
	Right          *bool    `json:"right"`  // all that was judged; null where nothing was
}

// SpentByUse is what calls of the model took for one use.
type SpentByUse struct {
	Purpose string  `json:"purpose"`
	Calls   int     `json:"calls"`
	Failed  int     `json:"failed"`
	Tokens  int64   `json:"tokens"`
	Cents   float64 `json:"cents"`
}

// Report tells how the agent did in the last days, up to midnight (UTC) of the first.
func (a *Agent) Report(tx *store.Tx, _ actor.Actor, in ReportIn) (out Report, err error) {
	if in.Days == 0 {
		in.Days = 30
	}
	since := store.At(tx.Now().Std().UTC().Truncate(24*time.Hour).AddDate(0, 0, -in.Days))
	list, err := tx.AI.Outcomes(since, looked+1)
	if err != nil {
		return out, err
	}
	out = Report{Reasons: []Reason{}, Buckets: make([]Bucket, buckets), Outcomes: []Outcome{}, Spent: []SpentByUse{}, Complete: len(list) <= looked}
	list = slices.DeleteFunc(list[:min(len(list), looked)], func(o store.AIOutcome) bool { return o.Reason == chatting }) // a greeting is no question
	out.count(list)
	out.byConversation(list)
	spent, err := tx.AI.Spent(since)
	for _, s := range spent {
		out.Spent = append(out.Spent, SpentByUse{Purpose: s.Purpose, Calls: s.Calls, Failed: s.Failed, Tokens: s.Tokens, Cents: float64(s.Cost) / 1e6})
	}
	return out, err
}

// right says whether a run's answer was judged right; by the team where it was.
func right(o store.AIOutcome) (yes, judged bool) {
	switch {
	case o.Verdict != "":
		return o.Verdict == "right", true
	case o.Helpful >= 0:
		return o.Helpful == 1, true
	}
	return false, false
}

func (r *Report) count(list []store.AIOutcome) {
	reasons := map[string]int{}
	for _, o := range list {
		r.Questions++
		if o.Decision == "answered" {
			r.Answered++
		} else {
			reasons[o.Reason]++
		}
		switch o.Helpful {
		case 1:
			r.Helpful++
		case 0:
			r.NotHelpful++
		}
		switch o.Verdict {
		case "right":
			r.Right++
		case "partly":
			r.Partly++
		case "wrong":
			r.Wrong++
		}
		yes, judged := right(o)
		if !judged || !o.HasCandidate {
			continue
		}
		r.Judged++
		b := &r.Buckets[min(buckets-1, max(0, int(o.Confidence*buckets)))]
		b.Count++
		b.Said += o.Confidence
		if yes {
			b.Right++
		}
	}
	for i := range r.Buckets {
		b := &r.Buckets[i]
		b.From, b.To = float64(i)/buckets, float64(i+1)/buckets
		if b.Count > 0 {
			b.Said /= float64(b.Count)
			b.Low, b.High = wilson(b.Right, b.Count)
		}
	}
	for why, n := range reasons {
		r.Reasons = append(r.Reasons, Reason{why, n})
	}
	slices.SortFunc(r.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
}

// byConversation counts conversations, and says what another threshold would have meant for the last of them.
func (r *Report) byConversation(list []store.AIOutcome) {
	at := map[store.ID]int{}
	var all []Outcome
	var state []store.AIOutcome // the newest of each
	complained := map[store.ID]bool{}
	answered := map[store.ID]bool{}
	for _, o := range list {
		k, known := at[o.Conversation]
		if !known {
			k = len(all)
			at[o.Conversation] = k
			all, state = append(all, Outcome{ConversationID: o.Conversation, Least: 1}), append(state, o)
		}
		c := &all[k]
		if !o.HasCandidate || o.Decision != "answered" && o.Reason != lowConfidence {
			c.Forced = true
		} else {
			c.Least = min(c.Least, o.Confidence)
		}
		answered[o.Conversation] = answered[o.Conversation] || o.Decision == "answered"
		if yes, judged := right(o); judged {
			if !yes {
				complained[o.Conversation] = true
			}
			all := yes && (c.Right == nil || *c.Right)
			c.Right = &all
		}
	}
	for k, o := range state {
		r.Conversations++
		switch {
		case o.AIState == "handoff" || o.Decision != "answered":
			r.HandedOver++
		case answered[o.Conversation] && !o.ByPerson && !complained[o.Conversation]:
			r.Resolved++
		}
		if k < tried {
			r.Outcomes = append(r.Outcomes, all[k])
		}
	}
}

// wilson are the bounds of the share of right ones among n, with 95 % confidence.
func wilson(right, n int) (low, high float64) {
	const z = 1.959964
	p, m := float64(right)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}
