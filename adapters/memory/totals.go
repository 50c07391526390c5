package memory

import (
	"cmp"
	"context"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// State implements expense.TotalStore.
func (s *Store) State(_ context.Context, in ledger.ID) (state expense.State, err error) {
	err = s.read(in, func(b *book) error {
		state = b.state
		return nil
	})
	return state, err
}

// Entries implements expense.TotalStore.
func (s *Store) Entries(context.Context) (int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var entries int64
	for _, b := range s.books {
		entries += int64(len(b.list))
	}
	return entries, nil
}

// Overview implements expense.TotalStore.
func (s *Store) Overview(_ context.Context, in ledger.ID, query expense.OverviewQuery) (overview expense.Overview, err error) {
	err = s.read(in, func(b *book) error {
		overview = expense.Overview{
			State:       b.state,
			Newest:      b.stretch(expense.ListQuery{Limit: query.Newest}),
			AllTime:     b.totalsOf(civil.Month{}),
			Month:       b.totalsOf(query.Month),
			Categories:  b.categoriesOf(query.Month, query.Categories),
			Trend:       b.trend(query.Month, query.Months),
			Suggestions: b.suggestions(query.Suggestions),
		}
		return nil
	})
	return overview, err
}

// totalsOf returns a month's totals over all categories; the zero Month stands for all time.
func (b *book) totalsOf(month civil.Month) []expense.Total {
	var totals []expense.Total
	for key, sum := range b.totals {
		if key.Month == month && key.Category == 0 && sum.Entries > 0 {
			totals = append(totals, totalOf(key, sum))
		}
	}
	slices.SortFunc(totals, byCurrency)
	return totals
}

// categoriesOf returns a month's largest categories of each currency, at most limit of each.
func (b *book) categoriesOf(month civil.Month, limit int) []expense.CategoryTotal {
	var totals []expense.CategoryTotal
	for _, key := range b.totals.Keys() {
		sum := b.totals[key]
		if key.Month != month || key.Category == 0 || sum.Entries == 0 {
			continue
		}
		category := b.canonical(key.Category)
		same := slices.IndexFunc(totals, func(t expense.CategoryTotal) bool {
			return t.Category.ID == category.ID && t.Amount.Currency() == key.Currency
		})
		if same < 0 {
			totals = append(totals, expense.CategoryTotal{Category: category, Total: totalOf(key, sum)})
			continue
		}
		totals[same].Total = addTotal(totals[same].Total, sum)
	}
	slices.SortFunc(totals, func(x, y expense.CategoryTotal) int {
		return cmp.Or(byCurrency(x.Total, y.Total), cmp.Compare(y.Amount.Minor(), x.Amount.Minor()), cmp.Compare(x.Category.Name.Key(), y.Category.Name.Key()))
	})
	seen := make(map[money.Currency]int)
	return slices.DeleteFunc(totals, func(t expense.CategoryTotal) bool {
		seen[t.Amount.Currency()]++
		return seen[t.Amount.Currency()] > limit
	})
}

// trend returns the totals of the months up to last.
func (b *book) trend(last civil.Month, months int) []expense.MonthTotal {
	first := civil.DateOf(last.First().UTC().AddDate(0, 1-months, 0)).MonthOf()
	var totals []expense.MonthTotal
	for _, key := range b.totals.Keys() {
		sum := b.totals[key]
		if n := key.Month.Number(); n >= first.Number() && n <= last.Number() && key.Category == 0 && sum.Entries > 0 {
			totals = append(totals, expense.MonthTotal{Month: key.Month, Total: totalOf(key, sum)})
		}
	}
	slices.SortStableFunc(totals, func(x, y expense.MonthTotal) int { return byCurrency(x.Total, y.Total) })
	return totals
}

func (b *book) suggestions(limit int) []expense.CategoryName {
	names := make([]expense.CategoryName, 0, min(limit, len(b.byName)))
	for _, id := range b.byName {
		names = append(names, b.categories[id].name)
	}
	slices.SortFunc(names, func(x, y expense.CategoryName) int { return cmp.Compare(x.Key(), y.Key()) })
	return names[:min(limit, len(names))]
}

func totalOf(key expense.TotalKey, sum expense.Sum) expense.Total {
	return expense.Total{Entries: sum.Entries, Amount: money.FromMinor(sum.Minor, key.Currency)}
}

// addTotal adds a part of a month's total to another part. It cannot overflow: their sum is kept as well.
func addTotal(t expense.Total, sum expense.Sum) expense.Total {
	return expense.Total{Entries: t.Entries + sum.Entries, Amount: money.FromMinor(t.Amount.Minor()+sum.Minor, t.Amount.Currency())}
}

func byCurrency(x, y expense.Total) int {
	return cmp.Compare(x.Amount.Currency().Code(), y.Amount.Currency().Code())
}
