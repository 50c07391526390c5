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

// State implements ledger.StateStore.
func (s *Store) State(_ context.Context, in ledger.ID) (state ledger.State, err error) {
	err = s.read(in, func(b *book) error {
		state = b.state
		return nil
	})
	return state, err
}

// Entries implements expense.Counter.
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
			AllTime:     b.totals.totals(civil.Month{}),
			Month:       b.totals.totals(query.Month),
			Categories:  b.categoriesOf(query.Month, query.Charted(b.totals.totals(query.Month)), query.Categories),
			Trend:       b.trend(query.Month, query.Months),
			Suggestions: b.suggestions(query.Suggestions),
		}
		return nil
	})
	return overview, err
}

// categoriesOf returns a month's largest categories of each currency that is charted, at most limit of each.
func (b *book) categoriesOf(month civil.Month, charted []money.Currency, limit int) []expense.CategoryTotal {
	var all []expense.CategoryTotal
	for _, currency := range charted {
		var largest []expense.CategoryTotal
		found := b.totals[month][currency] // there is one: its total is what got it charted
		for _, c := range found.top(limit) {
			largest = append(largest, expense.CategoryTotal{Category: b.canonical(c.category), Total: totalOf(currency, found.of[c.category])})
		}
		slices.SortFunc(largest, b.byAmount)
		largest = largest[:min(limit, len(largest))]
		all = append(all, largest...)
	}
	return all
}

// byAmount puts the larger category first, of equal ones the first by name.
func (b *book) byAmount(x, y expense.CategoryTotal) int {
	return cmp.Or(cmp.Compare(y.Amount.Minor(), x.Amount.Minor()), cmp.Compare(b.categories[x.Category.ID].key, b.categories[y.Category.ID].key))
}

// trend returns the totals of the months up to last.
func (b *book) trend(last civil.Month, months int) []expense.MonthTotal {
	var totals []expense.MonthTotal
	for n := range months {
		month := civil.DateOf(last.First().UTC().AddDate(0, n+1-months, 0)).MonthOf()
		for _, total := range b.totals.totals(month) {
			totals = append(totals, expense.MonthTotal{Month: month, Total: total})
		}
	}
	slices.SortStableFunc(totals, func(x, y expense.MonthTotal) int { return byCurrency(x.Total, y.Total) })
	return totals
}

func (b *book) suggestions(limit int) []expense.CategoryName {
	names := make([]expense.CategoryName, 0, min(limit, len(b.names)))
	for _, id := range b.categoriesAfter("", limit) {
		names = append(names, b.categories[id].name)
	}
	return names
}
