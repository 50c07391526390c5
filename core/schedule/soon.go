package schedule

import (
	"context"
	"slices"

	"expense-tracker/core/ledger"
)

// Payment is a date of a schedule, with its price.
type Payment struct {
	Of Schedule
	Occurrence
}

// Soon returns the next date of each schedule that falls due within some days, today among them: the earliest first, and limit at most.
// What is in arrears is on its way to the expenses, and is left out.
func (s *Service) Soon(ctx context.Context, actor ledger.Actor, days, limit int) ([]Payment, error) {
	if err := actor.Require(ledger.Viewer, "schedule.Soon"); err != nil {
		return nil, err
	}
	today := s.Today(actor)
	until := today.AddDays(days - 1)
	due, err := s.store.List(ctx, actor.Ledger.ID, Query{DueBy: until, Limit: MaxLive})
	if err != nil {
		return nil, err
	}
	var soon []Payment
	for _, one := range due {
		if next := one.Coming(today, until); len(next) > 0 {
			soon = append(soon, Payment{one, next[0]})
		}
	}
	slices.SortStableFunc(soon, func(x, y Payment) int { return x.Date.Compare(y.Date) })
	return soon[:min(limit, len(soon))], nil
}
