package expense

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
)

// CategorySpending is what was spent on a category: its totals, and a page of its expenses.
type CategorySpending struct {
	CategorySummary
	Page
	Months []MonthTotal // newest month first, then by currency code; months without expenses are left out
}

// InMonth returns what was spent on the category in a month, one total per currency.
func (s CategorySpending) InMonth(month civil.Month) []Total {
	var totals []Total
	for _, m := range s.Months {
		if m.Month == month {
			totals = append(totals, m.Total)
		}
	}
	return totals
}

// CategorySpending returns a category with what was spent on it month by month, and a page of its expenses. A category that is not there
// is NotFound, and so is a place where no expense can stand. The totals are maintained ones: no row is counted.
func (s *Service) CategorySpending(ctx context.Context, actor ledger.Actor, id CategoryID, place SearchPlace) (CategorySpending, error) {
	const op = "expense.CategorySpending"
	if err := actor.Require(ledger.Viewer, op); err != nil {
		return CategorySpending{}, err
	}
	if !mayBePlace(place.Before) || !mayBePlace(place.After) {
		return CategorySpending{}, errNoPlace(op)
	}
	summary, err := s.store.GetCategory(ctx, actor.Ledger.ID, id)
	if err != nil {
		return CategorySpending{}, err
	}
	query := SearchQuery{
		Filter:    Filter{Categories: []CategoryID{id}},
		ListQuery: ListQuery{Before: place.Before, After: place.After, Limit: s.settings.PageSize + 1},
	}
	found, err := s.store.Search(ctx, actor.Ledger.ID, query)
	if err != nil {
		return CategorySpending{}, asShown(op, err)
	}
	return CategorySpending{CategorySummary: summary, Page: s.cut(query.ListQuery, found.Expenses), Months: found.Months}, nil
}
