package memory

import (
	"context"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Search implements expense.SearchStore. It looks at every expense, unless maintained totals say what there is: then at those before the
// page and on it.
func (s *expenseStore) Search(_ context.Context, in ledger.ID, query expense.SearchQuery) (found expense.Found, err error) {
	err = s.read(in, func(d *expenseData) error {
		m := newMatcher(d, query.Filter)
		if query.IsSummed() {
			if found, err = expense.SumFound(d.maintained(query.Filter)); err == nil && found.Count() > 0 {
				found.Expenses = m.walk(query.ListQuery)
			}
			return err
		}
		all := m.all()
		if found, err = expense.SumFound(monthsOf(all)); err != nil {
			return err
		}
		for _, r := range stretchOf(all, query.ListQuery) {
			found.Expenses = append(found.Expenses, d.shown(r))
		}
		return nil
	})
	return found, err
}

// EachFound implements expense.SearchStore.
func (s *expenseStore) EachFound(_ context.Context, in ledger.ID, filter expense.Filter, visit func([]expense.Expense) error) error {
	query := expense.SearchQuery{Filter: filter, ListQuery: expense.ListQuery{Limit: expense.SearchBatch}}
	for {
		var batch []expense.Expense
		err := s.read(in, func(d *expenseData) error {
			batch = nil
			for _, r := range stretchOf(newMatcher(d, filter).all(), query.ListQuery) {
				batch = append(batch, d.shown(r))
			}
			return nil
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := visit(batch); err != nil {
			return err
		}
		last := expense.PositionOf(batch[len(batch)-1])
		query.Before = &last
	}
}

// monthsOf returns what each expense counts for.
func monthsOf(all []*row) []expense.MonthTotal {
	months := make([]expense.MonthTotal, 0, len(all))
	for _, e := range all {
		months = append(months, expense.MonthTotal{Month: e.Date.MonthOf(), Total: expense.Total{Count: 1, Amount: e.Spent()}})
	}
	return months
}

// stretchOf returns a page of expenses, which are newest first.
func stretchOf(all []*row, query expense.ListQuery) []*row {
	olderThan := func(p expense.Position) int {
		i, _ := slices.BinarySearchFunc(all, p, func(r *row, p expense.Position) int {
			if expense.PositionOf(r.Expense).Compare(p) >= 0 {
				return -1
			}
			return 1
		})
		return i
	}
	from, to := 0, len(all)
	switch {
	case query.Before != nil:
		from = olderThan(*query.Before)
	case query.After != nil:
		to = olderThan(*query.After)
		if to > 0 && expense.PositionOf(all[to-1].Expense) == *query.After {
			to--
		}
		from = max(0, to-query.Limit)
	}
	return all[from:min(to, from+query.Limit)]
}
