package expense

import (
	"context"

	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// Spent returns what was spent this month and of all time, one amount for each currency in use, all of one moment. Other modules ask
// for it through ports of their own.
func (s *Service) Spent(ctx context.Context, actor ledger.Actor) (month, allTime []money.Amount, err error) {
	if err := actor.Require(ledger.Viewer, "expense.Spent"); err != nil {
		return nil, nil, err
	}
	overview, err := s.store.Overview(ctx, actor.Ledger.ID, OverviewQuery{
		Month: s.Today(actor).MonthOf(), Newest: 1, Months: 1, Categories: 1, Suggestions: 1,
		Currency: actor.Ledger.Currency.Code(), Currencies: 1,
	})
	return amountsOf(overview.Month), amountsOf(overview.AllTime), err
}

func amountsOf(totals []Total) []money.Amount {
	amounts := make([]money.Amount, len(totals))
	for i, t := range totals {
		amounts[i] = t.Amount
	}
	return amounts
}
