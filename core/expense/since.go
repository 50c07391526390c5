package expense

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// SinceStore answers from the maintained totals for categories that are named.
type SinceStore interface {
	// SpentSince returns the totals of each category in each month from its own on until month to. Category 0 stands for all. A month
	// without expenses has one row without an amount. A category that was merged away has the totals of the one that is left; one
	// that the ledger does not have has no rows. The rows are in no order.
	SpentSince(ctx context.Context, in ledger.ID, since []Since, to civil.Month) ([]SpentIn, error)
	// CategoriesByID returns the categories of the IDs, each as what is left of it, in no order. Those that the ledger does not
	// have are left out.
	CategoriesByID(ctx context.Context, in ledger.ID, ids []CategoryID) (map[CategoryID]Category, error)
}

// Since is a category, and the first month that is asked for.
type Since struct {
	Category CategoryID // 0 for all
	From     civil.Month
}

// SpentIn is what was spent on a category in a month, in one currency.
type SpentIn struct {
	Asked  CategoryID
	Left   CategoryID // what is left of it, after merges
	Month  civil.Month
	Amount money.Amount // the zero Amount for a month without expenses
}

// SpentSince calls each for what was spent on each category in each month, from the month that stands beside the category until to: once
// for each currency, and once with the zero Amount for a month without expenses. Category 0 stands for all of them. A category that was
// merged away is called with the one that is left; one that does not exist is left out. It is in plain numbers for other modules, which
// do not know this one.
func (s *Service) SpentSince(ctx context.Context, actor ledger.Actor, since map[int64]civil.Month, to civil.Month,
	each func(asked, left int64, month civil.Month, spent money.Amount)) error {
	if err := actor.Require(ledger.Viewer, "expense.SpentSince"); err != nil {
		return err
	}
	if len(since) == 0 {
		return nil
	}
	asked := make([]Since, 0, len(since))
	for category, from := range since {
		asked = append(asked, Since{CategoryID(category), from})
	}
	found, err := s.store.SpentSince(ctx, actor.Ledger.ID, asked, to)
	if err != nil {
		return err
	}
	for _, spent := range found {
		each(int64(spent.Asked), int64(spent.Left), spent.Month, spent.Amount)
	}
	return nil
}

// CategoriesByID returns the categories of the IDs, each as what is left of it after merges. Those that the ledger does not have are
// left out.
func (s *Service) CategoriesByID(ctx context.Context, actor ledger.Actor, ids []CategoryID) (map[CategoryID]Category, error) {
	if err := actor.Require(ledger.Viewer, "expense.CategoriesByID"); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.store.CategoriesByID(ctx, actor.Ledger.ID, ids)
}
