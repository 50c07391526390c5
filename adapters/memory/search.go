package memory

import (
	"context"
	"slices"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
)

// Search implements expense.SearchStore. It looks at every expense.
func (s *expenseStore) Search(_ context.Context, in ledger.ID, query expense.SearchQuery) (found expense.Found, err error) {
	err = s.read(in, func(d *expenseData) error {
		all := d.matching(query.Filter)
		if found, err = expense.SumFound(monthsOf(all)); err != nil {
			return err
		}
		found.Expenses = stretchOf(all, query.ListQuery)
		return nil
	})
	return found, err
}

// EachFound implements expense.SearchStore.
func (s *expenseStore) EachFound(ctx context.Context, in ledger.ID, filter expense.Filter, visit func([]expense.Expense) error) error {
	query := expense.SearchQuery{Filter: filter, ListQuery: expense.ListQuery{Limit: expense.SearchBatch}}
	for {
		found, err := s.Search(ctx, in, query)
		if err != nil || len(found.Expenses) == 0 {
			return err
		}
		if err := visit(found.Expenses); err != nil {
			return err
		}
		last := expense.PositionOf(found.Expenses[len(found.Expenses)-1])
		query.Before = &last
	}
}

// monthsOf returns what each expense counts for.
func monthsOf(all []expense.Expense) []expense.MonthTotal {
	months := make([]expense.MonthTotal, 0, len(all))
	for _, e := range all {
		months = append(months, expense.MonthTotal{Month: e.Date.MonthOf(), Total: expense.Total{Count: 1, Amount: e.Spent()}})
	}
	return months
}

// stretchOf returns a page of expenses, which are newest first.
func stretchOf(all []expense.Expense, query expense.ListQuery) []expense.Expense {
	olderThan := func(p expense.Position) int {
		i, _ := slices.BinarySearchFunc(all, p, func(e expense.Expense, p expense.Position) int {
			if expense.PositionOf(e).Compare(p) >= 0 {
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
		if to > 0 && expense.PositionOf(all[to-1]) == *query.After {
			to--
		}
		from = max(0, to-query.Limit)
	}
	return slices.Clone(all[from:min(to, from+query.Limit)])
}

// matching returns all that a filter finds, newest first.
func (d *expenseData) matching(f expense.Filter) []expense.Expense {
	var rows []*row
	if f.Deleted {
		for _, r := range d.rows {
			if r.Deleted && !r.Gone {
				rows = append(rows, r)
			}
		}
		slices.SortFunc(rows, func(x, y *row) int { return expense.PositionOf(y.Expense).Compare(expense.PositionOf(x.Expense)) })
	} else {
		for _, position := range slices.Backward(d.list) {
			rows = append(rows, d.rows[position.ID])
		}
	}
	var found []expense.Expense
	for _, r := range rows {
		if e := d.shown(r); matches(f, e) {
			found = append(found, e)
		}
	}
	return found
}

func matches(f expense.Filter, e expense.Expense) bool {
	if len(f.Categories) > 0 && !slices.Contains(f.Categories, e.Category.ID) ||
		f.Currency != "" && e.Price.Currency().Code() != f.Currency || !within(f, e.Date) {
		return false
	}
	if f.Min != nil {
		if least, ok := expense.ScaledBound(*f.Min, e.Price.Currency(), ">="); !ok || e.Price.Minor() < least.Minor() {
			return false
		}
	}
	if f.Max != nil {
		if most, ok := expense.ScaledBound(*f.Max, e.Price.Currency(), "<="); !ok || e.Price.Minor() > most.Minor() {
			return false
		}
	}
	if f.Tag != "" && !slices.Contains(strings.Fields(text.Fold(string(e.Tags))), f.Tag) {
		return false
	}
	for _, term := range f.Terms {
		if !occurs(term, e) {
			return false
		}
	}
	return true
}

func within(f expense.Filter, day civil.Date) bool {
	return (f.From.IsZero() || day.Compare(f.From) >= 0) && (f.To.IsZero() || day.Compare(f.To) <= 0)
}

func occurs(term expense.Term, e expense.Expense) bool {
	if term.Amount != nil {
		if same, ok := expense.ScaledBound(*term.Amount, e.Price.Currency(), "="); ok && same == e.Price {
			return true
		}
	}
	for _, said := range []string{e.Note, e.Payee, string(e.Tags), string(e.Category.Name)} {
		if strings.Contains(text.Fold(said), term.Text) {
			return true
		}
	}
	return false
}
