package model

import (
	"context"
	"errors"
	"time"

	"deskbell/app/llm"
	"deskbell/app/safe"
	"deskbell/store"
)

const (
	tolerated = 3 // failures in a row, then the model is left alone
	rest      = 30 * time.Second
	longest   = 10 * time.Minute
	trial     = 90 * time.Second // one call at a time tries whether it works again
	keptCalls = 400 * 24 * time.Hour
)

// day is the day since 1970 of a time, in UTC.
func day(t store.Time) int64 { return int64(t) / (24 * 3600 * 1000) }

// month is the first day of the month of a time.
func month(t store.Time) int64 {
	s := t.Std().UTC()
	return day(store.At(time.Date(s.Year(), s.Month(), 1, 0, 0, 0, 0, time.UTC)))
}

// tokens estimates how many tokens some bytes of text are: about four bytes each, rather more than less.
func tokens(bytes int) int { return (bytes + 2) / 3 }

// size is how many bytes a prompt has.
func size(p llm.Prompt) int {
	n := len(p.System)
	for _, m := range p.Messages {
		n += len(m.Text) + 16
		for _, c := range m.Calls {
			n += len(c.Arguments) + len(c.Name)
		}
		for _, r := range m.Results {
			n += len(r.Text)
		}
	}
	for _, t := range p.Tools {
		n += len(t.Description) + len(t.Parameters)
	}
	return n
}

// spent is what tokens cost: cents for a million are millionths of a cent for one.
func spent(s *store.AIModel, in, out int) store.AISpent {
	return store.AISpent{Tokens: int64(in) + int64(out), Cost: int64(in)*s.PriceIn + int64(out)*s.PriceOut}
}

// usage is what a call took: as the provider says, and where it does not, as much as it must have been. What never
// reached the model took nothing.
func usage(c *call, a *llm.Answer, heard int, failed error) (in, out int, estimated bool) {
	if a != nil && a.TokensIn+a.TokensOut > 0 {
		return a.TokensIn, a.TokensOut, false
	}
	switch llm.KindOf(failed) {
	case llm.RateLimited, llm.Auth, llm.Refused, llm.Unreachable, llm.Forbidden, llm.Overloaded:
		if heard == 0 {
			return 0, 0, false
		}
	case "":
		if failed != nil {
			return 0, 0, false
		}
	}
	if a != nil {
		heard = max(heard, len(a.Text))
	}
	return c.in, tokens(heard), true
}

// affordable fails where a budget does not hold what a call may take.
func affordable(tx *store.Tx, s *store.AIModel, c *call) error {
	budgets := []struct {
		most    int64
		from    int64
		visitor store.ID
	}{{s.DayBudget, c.day, 0}, {s.MonthBudget, month(tx.Now()), 0}}
	if c.row.Visitor != 0 {
		budgets = append(budgets, struct {
			most    int64
			from    int64
			visitor store.ID
		}{s.VisitorBudget, c.day, c.row.Visitor})
	}
	for _, b := range budgets {
		if b.most == 0 {
			continue
		}
		used, err := tx.Models.Spent(b.from, c.day, b.visitor)
		if err != nil {
			return err
		}
		if s.BudgetUnit == "tokens" && used.Tokens+c.held.Tokens > b.most || s.BudgetUnit == "cents" && used.Cost+c.held.Cost > b.most*1e6 {
			return ErrSpent
		}
	}
	return nil
}

// spend counts for all, and for the visitor.
func spend(tx *store.Tx, c *call, by store.AISpent) error {
	err := tx.Models.Spend(c.day, 0, by)
	if err == nil && c.row.Visitor != 0 {
		err = tx.Models.Spend(c.day, c.row.Visitor, by)
	}
	return err
}

// fared notes how the model did: after a few failures in a row it is left alone, longer each time, and where its server
// says how long it wants to be left alone, that long. A caller who gave up says nothing about it.
func fared(tx *store.Tx, c *call, failed error) error {
	s, err := tx.Models.Model()
	if errors.Is(err, store.ErrNotFound) || err == nil && llm.KindOf(failed) == llm.Cancelled {
		return nil
	}
	if err != nil || s.Provider != c.settings.Provider || s.BaseURL != c.settings.BaseURL || s.Model != c.settings.Model {
		return err
	}
	if failed == nil {
		if s.Failures == 0 && s.PausedUntil == 0 {
			return nil
		}
		s.Failures, s.PausedUntil = 0, 0
		return tx.Models.Fared(s)
	}
	s.Failures, s.FailedAt, s.Failure, s.Complaint = s.Failures+1, tx.Now(), c.row.Outcome, safe.Clip(failed.Error(), 300)
	if s.Failures >= tolerated {
		s.PausedUntil = tx.Now().Add(min(longest, rest<<min(s.Failures-tolerated, 10)))
	}
	var e *llm.Error
	if errors.As(failed, &e) && e.RetryAfter > 0 {
		s.PausedUntil = max(s.PausedUntil, tx.Now().Add(min(longest, e.RetryAfter)))
	}
	return tx.Models.Fared(s)
}

// Purge forgets calls of more than a year ago, and what single visitors spent before yesterday.
func (m *Models) Purge(ctx context.Context) error {
	_, err := m.db.Write(ctx, 0, func(tx *store.Tx) error { return tx.Models.Purge(tx.Now().Add(-keptCalls), day(tx.Now())-1) })
	return err
}
